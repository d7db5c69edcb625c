#include "engine/fusion/ldpv2_projector.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/avg_pool2d.h>
#include <ATen/ops/conv2d.h>
#include <ATen/ops/gelu.h>

namespace auroraedge::engine {

Ldpv2Projector Ldpv2Projector::take(ParameterSource &source, const std::string &prefix, const Ldpv2Config &config)
{
    Ldpv2Projector projector;
    projector.m_config = config;
    projector.m_first = Linear::take(source, prefix + "mlp.mlp.0", config.visionWidth, config.width);
    projector.m_second = Linear::take(source, prefix + "mlp.mlp.2", config.width, config.width);
    projector.m_positionWeight = source.take(prefix + "peg.peg.0.weight", {config.width, 1, 3, 3});
    projector.m_positionBias = source.take(prefix + "peg.peg.0.bias", {config.width});
    return projector;
}

Ldpv2Projector::Output Ldpv2Projector::forward(const at::Tensor &features) const
{
    const std::int64_t side = m_config.gridSide;
    Output output;
    output.mlp = m_second(at::gelu(m_first(features.to(m_first.weight.scalar_type()))));
    const at::Tensor grid = output.mlp.transpose(1, 2).reshape({features.size(0), m_config.width, side, side});
    const at::Tensor pooled = at::avg_pool2d(grid, {2, 2});
    const at::Tensor placed = pooled + at::conv2d(pooled, m_positionWeight, m_positionBias, {1, 1}, {1, 1}, {1, 1}, m_config.width);
    output.pooled = pooled.flatten(2).transpose(1, 2);
    output.out = placed.flatten(2).transpose(1, 2);
    return output;
}

} // namespace auroraedge::engine

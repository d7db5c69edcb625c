#include "engine/fusion/projector.h"

#include <ATen/ops/gelu.h>

namespace auroraedge::engine {

Projector Projector::take(ParameterSource &source, const AuroraEdgeConfig &config)
{
    Projector projector;
    projector.m_first = Linear::take(source, "projector.0", config.vision.hiddenSize, config.text.hiddenSize);
    if (!config.projectorIsLinear)
        projector.m_second = Linear::take(source, "projector.2", config.text.hiddenSize, config.text.hiddenSize);
    return projector;
}

at::Tensor Projector::forward(const at::Tensor &visual) const
{
    const at::Tensor projected = m_first(visual);
    return m_second.weight.defined() ? m_second(at::gelu(projected)) : projected;
}

} // namespace auroraedge::engine

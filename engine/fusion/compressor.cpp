#include "engine/fusion/compressor.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/adaptive_avg_pool2d.h>
#include <ATen/ops/adaptive_max_pool2d.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/conv2d.h>
#include <ATen/ops/gelu.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/max_pool2d.h>

#include <cmath>

namespace auroraedge::engine {

namespace {

std::int64_t sideOf(std::int64_t slots)
{
    return static_cast<std::int64_t>(std::llround(std::sqrt(static_cast<double>(slots))));
}

} // namespace

Compressor Compressor::take(ParameterSource &source, const AuroraEdgeConfig &config)
{
    const std::int64_t width = config.text.hiddenSize, slots = config.maxPatches;
    Compressor compressor;
    compressor.m_config = config;
    switch (config.compressor) {
    case CompressorType::Mlp: {
        const bool isDeep = config.compressorHidden > 0;
        const std::int64_t middle = isDeep ? config.compressorHidden : config.compressorTokens;
        compressor.m_first = Linear::take(source, "compressor.mlp.0", slots, middle);
        if (isDeep)
            compressor.m_second = Linear::take(source, "compressor.mlp.2", middle, config.compressorTokens);
        break;
    }
    case CompressorType::Conv2d: {
        const bool isSequence = config.compressorGrid == CompressorGrid::Sequence4;
        compressor.m_convWeight = source.take("compressor.conv.weight",
                                              {width, config.compressorDepthwise ? 1 : width, isSequence ? 1 : 2, isSequence ? 4 : 2});
        compressor.m_convBias = source.take("compressor.conv.bias", {width});
        break;
    }
    case CompressorType::Concat4:
        compressor.m_first = Linear::take(source, "compressor.concat4", 4 * width, width);
        break;
    case CompressorType::MaxPool2d:
    case CompressorType::None:
        break;
    }
    return compressor;
}

bool Compressor::canOmitPadding() const
{
    return m_config.compressor == CompressorType::Mlp && m_config.compressorZeroPadded;
}

at::Tensor Compressor::forward(const at::Tensor &projected, const at::Tensor &validKeys,
                               const std::vector<PatchGrid> &grids) const
{
    const bool isZeroed = m_config.compressorZeroPadded && validKeys.defined();
    const at::Tensor x = isZeroed ? projected * validKeys.unsqueeze(-1).to(projected.scalar_type()) : projected;
    switch (m_config.compressor) {
    case CompressorType::Mlp: return alongSlots(x);
    case CompressorType::Conv2d:
    case CompressorType::MaxPool2d: return onGrid(x, grids);
    case CompressorType::Concat4: return concatenated(x);
    case CompressorType::None: return x;
    }
    return x;
}

at::Tensor Compressor::alongSlots(const at::Tensor &x) const
{
    const at::Tensor firstSlots = m_first.weight.narrow(1, 0, x.size(1));
    at::Tensor mixed = at::linear(x.transpose(1, 2), firstSlots, m_first.bias); // [B, D, h]
    if (m_second.weight.defined())
        mixed = m_second(at::gelu(mixed));
    return mixed.transpose(1, 2);
}

at::Tensor Compressor::onGrid(const at::Tensor &x, const std::vector<PatchGrid> &grids) const
{
    const std::int64_t batch = x.size(0), slots = x.size(1), width = x.size(2), side = sideOf(slots);
    const bool isConv = m_config.compressor == CompressorType::Conv2d;
    const at::Tensor channels = x.transpose(1, 2); // [B, D, S]

    at::Tensor map; // [B, D, h, w]
    const std::int64_t sequenceKernel[] = {1, 4}, squareKernel[] = {2, 2};
    at::IntArrayRef kernel = squareKernel;
    switch (m_config.compressorGrid) {
    case CompressorGrid::Square16:
        map = channels.reshape({batch, width, side, side});
        break;
    case CompressorGrid::Sequence4:
        map = channels.reshape({batch, width, 1, slots});
        kernel = sequenceKernel;
        break;
    case CompressorGrid::ValidGrid: {
        // Each picture has its own grid; bin i of n over m cells runs from floor(i m / n) to ceil((i + 1) m / n).
        std::vector<at::Tensor> pooled;
        for (std::int64_t i = 0; i < batch; ++i) {
            const PatchGrid grid = grids[static_cast<std::size_t>(i)];
            const at::Tensor cells = channels.narrow(0, i, 1)
                                         .narrow(2, 0, grid.height * grid.width)
                                         .reshape({1, width, grid.height, grid.width});
            const std::int64_t target = isConv ? side : side / 2;
            pooled.push_back(isConv ? at::adaptive_avg_pool2d(cells, {target, target})
                                    : std::get<0>(at::adaptive_max_pool2d(cells, {target, target})));
        }
        map = at::cat(pooled);
        if (!isConv)
            return map.flatten(2).transpose(1, 2);
        break;
    }
    }
    const at::Tensor reduced = isConv
        ? at::conv2d(map, m_convWeight, m_convBias, kernel, /*padding=*/at::IntArrayRef(0), /*dilation=*/at::IntArrayRef(1),
                     m_config.compressorDepthwise ? width : 1)
        : at::max_pool2d(map, kernel, kernel);
    return reduced.flatten(2).transpose(1, 2);
}

at::Tensor Compressor::concatenated(const at::Tensor &x) const
{
    const std::int64_t batch = x.size(0), slots = x.size(1), width = x.size(2), side = sideOf(slots);
    if (m_config.compressorGrid == CompressorGrid::Sequence4)
        return m_first(x.reshape({batch, slots / 4, 4 * width}));
    // [B, rows, 2, columns, 2, D] -> top-left, top-right, bottom-left, bottom-right beside each other
    const at::Tensor quads = x.reshape({batch, side / 2, 2, side / 2, 2, width}).permute({0, 1, 3, 2, 4, 5});
    return m_first(quads.reshape({batch, slots / 4, 4 * width}));
}

} // namespace auroraedge::engine

#include "engine/vision/vision_encoder.h"

#include "engine/core/guarded.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/_upsample_bilinear2d_aa.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/gelu.h>
#include <ATen/ops/sigmoid.h>
#include <ATen/ops/stack.h>

#include <cmath>

namespace auroraedge::engine {

namespace {

at::Tensor activated(const at::Tensor &x, Activation activation)
{
    switch (activation) {
    case Activation::GeluTanh: return at::gelu(x, "tanh");
    case Activation::Gelu: return at::gelu(x);
    case Activation::QuickGelu: break;
    }
    return x * at::sigmoid(1.702 * x);
}

} // namespace

VisionEncoder VisionEncoder::take(ParameterSource &source, const std::string &prefix, const VisionConfig &config)
{
    const std::int64_t width = config.hiddenSize;
    VisionEncoder encoder;
    encoder.m_config = config;
    const std::string patchName = prefix + "embeddings.patch_embedding";
    const std::int64_t patchValues = config.patchSize * config.patchSize * config.channels;
    if (config.imageSize == 0) {
        encoder.m_patchEmbedding = Linear::take(source, patchName, patchValues, width, config.hasPatchBias);
    } else { // a convolution whose stride is its kernel is one product over the pixels of a patch
        encoder.m_patchEmbedding.weight
            = source.take(patchName + ".weight", {width, config.channels, config.patchSize, config.patchSize}).reshape({width, patchValues});
        if (config.hasPatchBias)
            encoder.m_patchEmbedding.bias = source.take(patchName + ".bias", {width});
    }
    if (config.hasClassToken)
        encoder.m_classToken = source.take(prefix + "embeddings.class_embedding", {width});
    encoder.m_positions = source.take(prefix + "embeddings.position_embedding.weight", {config.positions, width});
    if (config.hasPreNorm)
        encoder.m_preNorm = LayerNorm::take(source, prefix + "pre_layrnorm", width, config.layerNormEps); // spelt so
    for (std::int64_t i = 0; i < config.layers; ++i) {
        const std::string name = prefix + "encoder.layers." + std::to_string(i) + ".";
        encoder.m_blocks.push_back({
            LayerNorm::take(source, name + "layer_norm1", width, config.layerNormEps),
            LayerNorm::take(source, name + "layer_norm2", width, config.layerNormEps),
            Linear::take(source, name + "self_attn.q_proj", width, width),
            Linear::take(source, name + "self_attn.k_proj", width, width),
            Linear::take(source, name + "self_attn.v_proj", width, width),
            Linear::take(source, name + "self_attn.out_proj", width, width),
            Linear::take(source, name + "mlp.fc1", width, config.intermediateSize),
            Linear::take(source, name + "mlp.fc2", config.intermediateSize, width),
        });
    }
    encoder.m_finalNorm = LayerNorm::take(source, prefix + "post_layernorm", width, config.layerNormEps);
    return encoder;
}

at::Tensor VisionEncoder::patchesOf(const at::Tensor &pixels) const
{
    const std::int64_t batch = pixels.size(0), patch = m_config.patchSize, side = m_config.gridSide();
    return pixels.narrow(2, 0, side * patch)
        .narrow(3, 0, side * patch)
        .reshape({batch, m_config.channels, side, patch, side, patch})
        .permute({0, 2, 4, 1, 3, 5})
        .reshape({batch, side * side, m_config.channels * patch * patch});
}

std::vector<PatchGrid> VisionEncoder::fixedGrids(std::int64_t count) const
{
    return std::vector<PatchGrid>(static_cast<std::size_t>(count), {m_config.gridSide(), m_config.gridSide()});
}

at::Tensor VisionEncoder::positionsFor(PatchGrid grid) const
{
    const auto side = static_cast<std::int64_t>(std::llround(std::sqrt(static_cast<double>(m_config.positions))));
    if (grid.height == side && grid.width == side)
        return m_positions;
    // In fp32: there is no half-precision antialias kernel on a CPU.
    const at::Tensor table = m_positions.to(at::kFloat).view({1, side, side, m_config.hiddenSize}).permute({0, 3, 1, 2});
    return at::_upsample_bilinear2d_aa(table, at::IntArrayRef({grid.height, grid.width}), /*align_corners=*/false)
        .squeeze(0)
        .flatten(1)
        .t()
        .to(m_positions.scalar_type());
}

at::Tensor VisionEncoder::embed(const at::Tensor &patches, const std::vector<PatchGrid> &grids) const
{
    const std::int64_t slots = patches.size(1);
    const at::Tensor embedded = m_patchEmbedding(patches.to(m_patchEmbedding.weight.scalar_type()));
    if (m_classToken.defined())
        return at::cat({m_classToken.expand({embedded.size(0), 1, -1}), embedded}, 1) + m_positions;
    if (m_config.imageSize > 0)
        return embedded + m_positions;
    const bool isOneGrid = std::all_of(grids.begin(), grids.end(), [&](const PatchGrid &g) { return g == grids.front(); });
    std::vector<at::Tensor> rows;
    for (std::size_t i = 0; i < (isOneGrid ? 1 : grids.size()); ++i) {
        at::Tensor positions = positionsFor(grids[i]);
        const std::int64_t padded = slots - positions.size(0);
        if (padded > 0)
            positions = at::cat({positions, positions.narrow(0, 0, 1).expand({padded, -1})});
        rows.push_back(positions);
    }
    return embedded + at::stack(rows);
}

at::Tensor VisionEncoder::forwardBlock(const Block &block, const at::Tensor &x, const at::Tensor &mask) const
{
    const std::int64_t heads = m_config.heads;
    const double scale = 1 / std::sqrt(static_cast<double>(m_config.hiddenSize / heads));
    const at::Tensor normed = block.norm1(x);
    const at::Tensor attended = attend(splitHeads(block.query(normed), heads), splitHeads(block.key(normed), heads),
                                       splitHeads(block.value(normed), heads), mask, scale);
    const at::Tensor middle = x + block.out(attended);
    return middle + block.fc2(activated(block.fc1(block.norm2(middle)), m_config.activation));
}

at::Tensor VisionEncoder::forward(const at::Tensor &patches, const std::vector<PatchGrid> &grids,
                                   const at::Tensor &validKeys, bool isFeatureBeforeLast, const std::stop_token &stop,
                                   const HiddenObserver &observer) const
{
    at::Tensor hidden = embed(patches, grids);
    if (m_preNorm.weight.defined())
        hidden = m_preNorm(hidden);
    if (observer)
        observer(-1, hidden);
    at::Tensor mask;
    if (validKeys.defined())
        mask = additiveMask(validKeys, hidden.scalar_type()).unsqueeze(1).unsqueeze(1); // [B, 1, 1, S]

    const std::size_t blocksNeeded = m_blocks.size() - (isFeatureBeforeLast && !observer ? 1 : 0);
    at::Tensor beforeLast = hidden; // of a single block: what goes into it
    for (std::size_t i = 0; i < blocksNeeded; ++i) {
        if (stop.stop_requested())
            throw StopRequested{};
        const auto block = [this, i, mask](const at::Tensor &x) { return forwardBlock(m_blocks[i], x, mask); };
        hidden = m_runLayer ? m_runLayer(block, hidden) : block(hidden);
        if (i + 2 == m_blocks.size())
            beforeLast = hidden;
        if (observer)
            observer(static_cast<std::int64_t>(i), hidden);
    }
    const at::Tensor features = isFeatureBeforeLast ? beforeLast : m_finalNorm(hidden);
    return m_classToken.defined() ? features.narrow(1, 1, features.size(1) - 1) : features;
}

} // namespace auroraedge::engine

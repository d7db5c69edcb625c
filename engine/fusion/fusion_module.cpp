#include "engine/fusion/fusion_module.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/gelu.h>
#include <ATen/ops/ones.h>

#include <cmath>

namespace auroraedge::engine {

FusionModule FusionModule::take(ParameterSource &source, const AuroraEdgeConfig &config)
{
    const std::int64_t width = config.text.hiddenSize;
    FusionModule fusion;
    fusion.m_config = config;
    if (config.fusion == FusionType::Cross || config.fusion == FusionType::Combined) {
        const std::string name = "fusion.cross.";
        const bool hasBias = !config.crossIsEquation;
        fusion.m_query = Linear::take(source, name + "q_proj", width, width, hasBias);
        fusion.m_key = Linear::take(source, name + "k_proj", width, width, hasBias);
        fusion.m_value = Linear::take(source, name + "v_proj", width, width, hasBias);
        if (!config.crossIsEquation) {
            fusion.m_out = Linear::take(source, name + "o_proj", width, width);
            fusion.m_normText = LayerNorm::take(source, name + "ln_q", width, config.crossLayerNormEps);
            fusion.m_normVisual = LayerNorm::take(source, name + "ln_kv", width, config.crossLayerNormEps);
            fusion.m_normFeedForward = LayerNorm::take(source, name + "ln_ffn", width, config.crossLayerNormEps);
            fusion.m_fc1 = Linear::take(source, name + "fc1", width, config.crossMlpRatio * width);
            fusion.m_fc2 = Linear::take(source, name + "fc2", config.crossMlpRatio * width, width);
        }
    }
    if (config.fusion == FusionType::Decoder || config.fusion == FusionType::Combined)
        fusion.m_decoder = DecoderLayer::take(source, "fusion.decoder.", config.text);
    return fusion;
}

at::Tensor FusionModule::crossBlock(const at::Tensor &text, const at::Tensor &projected, const at::Tensor &visualMask) const
{
    const std::int64_t width = text.size(2), heads = m_config.crossIsEquation ? 1 : m_config.crossHeads;
    const double scale = 1 / std::sqrt(static_cast<double>(width / heads));
    if (m_config.crossIsEquation)
        return attend(splitHeads(m_query(text), heads), splitHeads(m_key(projected), heads),
                      splitHeads(m_value(projected), heads), visualMask, scale);

    const at::Tensor visual = m_normVisual(projected);
    const at::Tensor attended = m_out(attend(splitHeads(m_query(m_normText(text)), heads), splitHeads(m_key(visual), heads),
                                             splitHeads(m_value(visual), heads), visualMask, scale));
    const at::Tensor middle = m_config.crossResidual ? text + attended : attended;
    return middle + m_fc2(at::gelu(m_fc1(m_normFeedForward(middle))));
}

at::Tensor FusionModule::decoderLayer(const at::Tensor &text, const at::Tensor &projected, const Layout &layout) const
{
    const std::int64_t batch = text.size(0), count = text.size(1), slots = projected.size(1);
    const auto options = at::TensorOptions().dtype(at::kLong).device(text.device());
    const at::Tensor index = at::arange(count, options).unsqueeze(0).expand({batch, count});
    const at::Tensor textPositions = layout.textPositions.defined() ? layout.textPositions : index;
    const at::Tensor allVisual = at::ones({batch, slots}, options.dtype(at::kBool));
    const at::Tensor visualKeys = m_config.maskPaddedVisual && layout.visualKeys.defined() ? layout.visualKeys : allVisual;
    const at::Tensor textKeys = layout.textKeys.defined() ? layout.textKeys : at::ones({batch, count}, options.dtype(at::kBool));

    at::Tensor positions; // [B, S + N]
    if (m_config.decoderPositionsCompact) {
        const at::Tensor validSlots = layout.visualKeys.defined() ? layout.visualKeys : allVisual;
        positions = (at::cat({validSlots, textKeys}, 1).to(at::kLong).cumsum(1) - 1).clamp_min(0);
    } else {
        // Text stands behind all slots of the model, also where padded ones were left out of the input.
        const at::Tensor slotIndex = at::arange(slots, options).unsqueeze(0).expand({batch, slots});
        positions = at::cat({slotIndex, textPositions + m_config.maxPatches}, 1);
    }

    // Row i reads every valid slot, and of the text what its mask allows. Visual rows are dropped after the one layer,
    // so it makes no difference whether they would see each other (`prefix` equals `causal`).
    at::Tensor textVisible = textKeys.unsqueeze(1).expand({batch, count, count});
    if (m_config.decoderMask != FusionMask::Full)
        textVisible = textVisible.logical_and(index.unsqueeze(1) <= index.unsqueeze(2));
    if (layout.textBlocks.defined())
        textVisible = textVisible.logical_and(layout.textBlocks.unsqueeze(1) == layout.textBlocks.unsqueeze(2));
    const at::Tensor visible = at::cat({visualKeys.unsqueeze(1).expand({batch, count, slots}), textVisible}, 2);

    const at::Tensor x = at::cat({projected, text}, 1);
    const RotaryTable rotary = RotaryTable::make(positions, m_config.text.headDim, m_config.text.ropeTheta, x.scalar_type());
    return m_decoder.forwardTail(x, count, rotary, additiveMask(visible, x.scalar_type()).unsqueeze(1));
}

FusionModule::Output FusionModule::forward(const at::Tensor &text, const at::Tensor &projected, const Layout &layout) const
{
    Output output;
    if (m_config.fusion == FusionType::None) {
        output.fused = text;
        return output;
    }
    at::Tensor visualMask;
    if (m_config.maskPaddedVisual && layout.visualKeys.defined())
        visualMask = additiveMask(layout.visualKeys, text.scalar_type()).unsqueeze(1).unsqueeze(1); // [B, 1, 1, S]
    if (m_config.fusion != FusionType::Decoder)
        output.cross = crossBlock(text, projected, visualMask);
    if (m_config.fusion != FusionType::Cross)
        output.decoder = decoderLayer(text, projected, layout);

    if (m_config.fusion == FusionType::Cross)
        output.fused = output.cross;
    else if (m_config.fusion == FusionType::Decoder)
        output.fused = output.decoder;
    else
        output.fused = output.cross + output.decoder;
    // Each part carries the question's residual; `shared_residual` keeps it once. The bare equation has none.
    if (m_config.fusion == FusionType::Combined && m_config.sharedResidual && !m_config.crossIsEquation)
        output.fused = output.fused - text;
    return output;
}

} // namespace auroraedge::engine

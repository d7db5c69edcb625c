#pragma once

#include "engine/decode/text_decoder.h"
#include "engine/fusion/compressor.h"
#include "engine/fusion/fusion_module.h"
#include "engine/fusion/projector.h"
#include "engine/io/model_config.h"
#include "engine/vision/vision_encoder.h"

#include <optional>

namespace auroraedge::engine {

/// The five modules of AuroraEdge-V-2B on one device, and the patch head of a model that has one. Who calls them in which
/// order: the inspector, the trainer and debug forward.
struct AuroraEdge
{
    AuroraEdgeConfig config;
    VisionEncoder tower;
    Projector projector;
    Compressor compressor;
    FusionModule fusion;
    TextDecoder decoder;
    std::optional<Linear> patchHead; ///< tower output to a logit a class; none where the config names no class

    static AuroraEdge take(ParameterSource &source, const AuroraEdgeConfig &config)
    {
        return {config,
                VisionEncoder::take(source, "vision_tower.vision_model.", config.vision),
                Projector::take(source, config),
                Compressor::take(source, config),
                FusionModule::take(source, config),
                TextDecoder::take(source, "language_model.", config.text),
                takePatchHead(source, config)};
    }
    static std::optional<Linear> takePatchHead(ParameterSource &source, const AuroraEdgeConfig &config)
    {
        if (config.patchClasses.empty())
            return std::nullopt;
        return Linear::take(source, "patch_head", config.vision.hiddenSize, static_cast<std::int64_t>(config.patchClasses.size()));
    }

    /// Whether a picture may be computed without its padded slots; every output is the same.
    [[nodiscard]] bool canOmitPadding() const { return compressor.canOmitPadding() && config.maskPaddedVisual && !config.decoderPositionsCompact; }
};

} // namespace auroraedge::engine

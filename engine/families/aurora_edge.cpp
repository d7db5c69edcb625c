#include "engine/families/family.h"

#include <algorithm>
#include <cmath>

namespace auroraedge::engine {

extern const Family kQwen2, kSiglip2;

namespace {

/// AuroraEdge-V: any NaFlex tower, any decoder of the known families, and our own connectors between them (the file
/// format of the parity README; model-reference 3).
bool isOwn(const ConfigKeys &keys)
{
    return keys.text("model_type") == "auroraedge";
}

/// Reads the nested config @p key with the family that it names, else with @p usual. @return false after a complaint.
template <typename Part>
bool readPart(ConfigKeys &root, const char *key, const Family &usual, const char *what, Part &part)
{
    if (!root.has(key)) {
        root.complain(std::string(key) + " is missing");
        return false;
    }
    ConfigKeys nested = root.under(key);
    const Family *family = nested.has("model_type") ? familyOf(nested) : &usual;
    if (!family)
        return false;
    const Architecture read = family->read(nested);
    const Part *found = std::get_if<Part>(&read);
    if (!found) {
        root.complain(std::string(key) + " is not " + what);
        return false;
    }
    part = *found;
    return true;
}

constexpr std::size_t kMaxPatchClasses = 64;

/// Each a map by its name, so every name is there once.
void readPatchHead(ConfigKeys &root, std::vector<std::string> &classes)
{
    if (!root.has("patch_head"))
        return;
    ConfigKeys head = root.under("patch_head");
    head.onlyKnown({"classes"});
    const nlohmann::json *listed = head.find("classes");
    if (!listed || !listed->is_array() || listed->empty() || listed->size() > kMaxPatchClasses)
        return head.complain("classes is not a list of 1.." + std::to_string(kMaxPatchClasses) + " names");
    for (const nlohmann::json &entry : *listed) {
        const std::string name = entry.is_string() ? entry.get<std::string>() : std::string();
        if (name.empty())
            return head.complain("classes holds " + ConfigKeys::textOf(entry) + ", which is no name");
        if (std::find(classes.begin(), classes.end(), name) != classes.end())
            return head.complain("classes holds " + ConfigKeys::textOf(entry) + " twice");
        classes.push_back(name);
    }
}

Architecture read(ConfigKeys root)
{
    AuroraEdgeConfig config;
    std::int64_t version = 1;
    root.integer("format_version", version, 1, 1);
    if (!readPart(root, "vision_config", kSiglip2, "a NaFlex tower", config.vision) || !readPart(root, "text_config", kQwen2, "a language model", config.text))
        return config;
    if (config.vision.imageSize > 0)
        root.complain("vision_config is not a NaFlex tower");

    bool unused = false;
    ConfigKeys vision = root.under("vision");
    vision.onlyKnown({"max_patches", "feature"});
    vision.integer("max_patches", config.maxPatches, 4, 65536);
    vision.choice("feature", config.featureBeforeLast, {{"post_ln", false}, {"-2", true}});
    ConfigKeys projector = root.under("projector");
    projector.onlyKnown({"type"});
    projector.choice("type", config.projectorIsLinear, {{"mlp2x_gelu", false}, {"linear", true}});

    ConfigKeys compressor = root.under("compressor");
    compressor.onlyKnown({"type", "tokens", "hidden", "zero_padded", "grid", "conv"});
    compressor.choice("type", config.compressor,
                      {{"mlp", CompressorType::Mlp}, {"conv2d", CompressorType::Conv2d}, {"maxpool2d", CompressorType::MaxPool2d},
                       {"concat4", CompressorType::Concat4}, {"none", CompressorType::None}});
    compressor.integer("tokens", config.compressorTokens, 1, 65536);
    compressor.integer("hidden", config.compressorHidden, 0, 65536);
    compressor.boolean("zero_padded", config.compressorZeroPadded);
    if (config.compressor == CompressorType::Concat4)
        config.compressorGrid = CompressorGrid::Sequence4;
    compressor.choice("grid", config.compressorGrid,
                      {{"square16", CompressorGrid::Square16}, {"sequence4", CompressorGrid::Sequence4}, {"valid_grid", CompressorGrid::ValidGrid}});
    compressor.choice("conv", config.compressorDepthwise, {{"full", false}, {"depthwise", true}});
    if (config.compressor == CompressorType::Concat4 && config.compressorGrid == CompressorGrid::ValidGrid)
        compressor.complain("grid valid_grid does not fit concat4");
    const bool isPooled = config.compressor != CompressorType::Mlp && config.compressor != CompressorType::None;
    if (isPooled && config.compressorGrid == CompressorGrid::Sequence4 && config.maxPatches % 4 != 0)
        compressor.complain("grid sequence4 needs vision.max_patches to be a multiple of 4");
    const auto side = static_cast<std::int64_t>(std::llround(std::sqrt(static_cast<double>(config.maxPatches))));
    if (isPooled && config.compressorGrid != CompressorGrid::Sequence4 && (side * side != config.maxPatches || side % 2 != 0))
        compressor.complain("grid needs vision.max_patches to be the square of an even number");

    ConfigKeys fusion = root.under("fusion");
    fusion.onlyKnown({"type", "cross", "decoder", "mask_padded_visual", "combine", "scope"});
    fusion.choice("type", config.fusion, {{"none", FusionType::None}, {"cross", FusionType::Cross}, {"decoder", FusionType::Decoder}, {"combined", FusionType::Combined}});
    ConfigKeys cross = fusion.under("cross");
    cross.onlyKnown({"block", "heads", "residual", "rope", "mlp_ratio", "layer_norm_eps"});
    cross.choice("block", config.crossIsEquation, {{"cat", false}, {"equation", true}});
    cross.integer("heads", config.crossHeads, 1, 1024);
    cross.boolean("residual", config.crossResidual);
    cross.choice("rope", unused, {{"none", false}});
    cross.integer("mlp_ratio", config.crossMlpRatio, 1, 64);
    cross.real("layer_norm_eps", config.crossLayerNormEps, 1e-12, 1);
    const bool hasCross = config.fusion == FusionType::Cross || config.fusion == FusionType::Combined;
    if (hasCross && !config.crossIsEquation && config.text.hiddenSize % config.crossHeads != 0)
        cross.complain("heads " + std::to_string(config.crossHeads) + " does not divide hidden_size " + std::to_string(config.text.hiddenSize));
    ConfigKeys decoder = fusion.under("decoder");
    decoder.onlyKnown({"mask", "positions"});
    decoder.choice("mask", config.decoderMask, {{"causal", FusionMask::Causal}, {"prefix", FusionMask::Prefix}, {"full", FusionMask::Full}});
    decoder.choice("positions", config.decoderPositionsCompact, {{"slot", false}, {"compact", true}});
    fusion.boolean("mask_padded_visual", config.maskPaddedVisual);
    fusion.choice("combine", config.sharedResidual, {{"sum", false}, {"shared_residual", true}});
    fusion.choice("scope", unused, {{"prompt", false}});
    root.under("merge").choice("order", unused, {{"visual_first", false}});
    root.under("llm").choice("positions", unused, {{"sequential", false}});
    root.choice("text_only", unused, {{"bypass", false}});
    root.boolean("connectors_trained", config.connectorsTrained);
    root.under("prompt").onlyKnown({"system"});
    if (const nlohmann::json *prompt = root.find("prompt"); prompt && prompt->contains("system")) {
        const nlohmann::json &system = (*prompt)["system"]; // null is a value here: no system turn
        config.hasSystemTurn = !system.is_null();
        if (system.is_string())
            config.systemPrompt = system.get<std::string>();
        else if (!system.is_null())
            root.complain("prompt.system is not a text");
    }
    ConfigKeys calibration = root.under("calibration");
    calibration.onlyKnown({"temperature"});
    calibration.real("temperature", config.answerTemperature, 0.05, 20);
    readPatchHead(root, config.patchClasses);
    return config;
}

} // namespace

extern const Family kAuroraEdge;
const Family kAuroraEdge = {.name = "auroraedge", .isOwn = isOwn, .read = read};

std::int64_t AuroraEdgeConfig::visualTokens() const
{
    switch (compressor) {
    case CompressorType::Mlp: return compressorTokens;
    case CompressorType::None: return maxPatches;
    default: return maxPatches / 4;
    }
}

} // namespace auroraedge::engine

#include "engine/io/model_config.h"

#include "engine/io/json_document.h"
#include "engine/io/mapped_file.h"
#include "engine/io/untrusted_text.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <optional>

namespace auroraedge::engine {

namespace {

using nlohmann::json;

/// Reads typed, ranged values of one JSON object and keeps the first complaint.
class Keys
{
public:
    Keys(const json &object, std::string prefix, std::optional<Error> &complaint)
        : m_object(object), m_prefix(std::move(prefix)), m_complaint(complaint)
    {
        if (!m_object.is_object())
            complain("is not an object");
    }

    [[nodiscard]] const json *find(const char *key) const
    {
        if (!m_object.is_object())
            return nullptr;
        const auto found = m_object.find(key);
        return found == m_object.end() || found->is_null() ? nullptr : &*found;
    }

    void integer(const char *key, std::int64_t &value, std::int64_t low, std::int64_t high)
    {
        const json *found = find(key);
        if (!found)
            return;
        const bool isFitting = found->is_number_integer() && (!found->is_number_unsigned() || found->get<std::uint64_t>() <= static_cast<std::uint64_t>(high));
        if (!isFitting || found->get<std::int64_t>() < low || found->get<std::int64_t>() > high)
            return complain(std::string(key) + " " + textOf(*found) + " is outside " + std::to_string(low) + ".." + std::to_string(high));
        value = found->get<std::int64_t>();
    }

    void real(const char *key, double &value, double low, double high)
    {
        const json *found = find(key);
        if (!found)
            return;
        if (!found->is_number() || !(found->get<double>() >= low && found->get<double>() <= high)) {
            char range[64];
            std::snprintf(range, sizeof range, " is outside %g..%g", low, high);
            return complain(std::string(key) + " " + textOf(*found) + range);
        }
        value = found->get<double>();
    }

    void boolean(const char *key, bool &value)
    {
        const json *found = find(key);
        if (!found)
            return;
        if (!found->is_boolean())
            return complain(std::string(key) + " " + textOf(*found) + " is not true or false");
        value = found->get<bool>();
    }

    template <typename T>
    void choice(const char *key, T &value, std::initializer_list<std::pair<const char *, T>> choices)
    {
        const json *found = find(key);
        if (!found)
            return;
        for (const auto &[name, meaning] : choices) {
            if (*found == name) {
                value = meaning;
                return;
            }
        }
        std::string known;
        for (const auto &[name, meaning] : choices)
            known += (known.empty() ? "" : ", ") + std::string(name);
        complain(std::string(key) + " " + textOf(*found) + " is not one of: " + known);
    }

    [[nodiscard]] Keys under(const char *key) const
    {
        static const json kEmpty = json::object();
        const json *found = find(key);
        return {found ? *found : kEmpty, m_prefix + key + ".", m_complaint};
    }

    /// A key nobody reads is a typing error that would silently leave a default in force.
    void onlyKnown(std::initializer_list<std::string_view> known)
    {
        if (!m_object.is_object())
            return;
        for (const auto &[key, value] : m_object.items()) {
            if (std::find(known.begin(), known.end(), key) == known.end())
                complain(shown(key) + " is an unknown key");
        }
    }

    void complain(const std::string &what, ErrorCode errorCode = code::ConfigValue)
    {
        if (!m_complaint)
            m_complaint = Error{errorCode, m_prefix + what, m_prefix};
    }

    /// A value as the file has it, for a message.
    static std::string textOf(const json &value)
    {
        if (value.is_string())
            return shown(value.get_ref<const std::string &>());
        return value.is_structured() ? (value.is_array() ? "[...]" : "{...}") : value.dump();
    }

private:
    const json &m_object;
    std::string m_prefix;
    std::optional<Error> &m_complaint;
};

void readVision(Keys keys, VisionConfig &vision)
{
    bool unused = false;
    keys.choice("model_type", unused, {{"siglip2_vision_model", false}, {"siglip2", false}});
    keys.choice("hidden_act", unused, {{"gelu_pytorch_tanh", false}});
    keys.integer("hidden_size", vision.hiddenSize, 1, 65536);
    keys.integer("intermediate_size", vision.intermediateSize, 1, 1 << 20);
    keys.integer("num_hidden_layers", vision.layers, 1, 512);
    keys.integer("num_attention_heads", vision.heads, 1, 1024);
    keys.integer("patch_size", vision.patchSize, 1, 256);
    keys.integer("num_channels", vision.channels, 3, 3); // pictures are RGB
    keys.integer("num_patches", vision.positions, 1, 65536);
    keys.real("layer_norm_eps", vision.layerNormEps, 1e-12, 1);
    if (vision.hiddenSize % vision.heads != 0)
        keys.complain("num_attention_heads " + std::to_string(vision.heads) + " does not divide hidden_size " + std::to_string(vision.hiddenSize));
    const auto side = static_cast<std::int64_t>(std::llround(std::sqrt(static_cast<double>(vision.positions))));
    if (side * side != vision.positions)
        keys.complain("num_patches " + std::to_string(vision.positions) + " is not a square number");
}

void readEndIds(const json *found, Keys &keys, std::int64_t vocabulary, std::vector<std::int64_t> &ids)
{
    if (!found)
        return;
    std::vector<std::int64_t> read;
    const json listed = found->is_array() ? *found : json::array({*found});
    for (const json &id : listed) {
        if (!id.is_number_unsigned() || id.get<std::uint64_t>() >= static_cast<std::uint64_t>(vocabulary))
            return keys.complain("eos_token_id " + Keys::textOf(id) + " is outside the vocabulary of " + std::to_string(vocabulary), code::TokenizerSpecial);
        read.push_back(id.get<std::int64_t>());
    }
    ids = std::move(read);
}

void readText(Keys keys, TextConfig &text)
{
    bool unused = false;
    keys.choice("model_type", unused, {{"qwen2", false}});
    keys.choice("hidden_act", unused, {{"silu", false}});
    // transformers leaves out of a nested config what equals its defaults, these:
    text.hiddenSize = 4096;
    text.intermediateSize = 22016;
    text.layers = 32;
    text.heads = 32;
    text.vocabSize = 151936;
    keys.integer("hidden_size", text.hiddenSize, 1, 65536);
    keys.integer("intermediate_size", text.intermediateSize, 1, 1 << 20);
    keys.integer("num_hidden_layers", text.layers, 1, 512);
    keys.integer("num_attention_heads", text.heads, 1, 1024);
    text.kvHeads = text.heads;
    keys.integer("num_key_value_heads", text.kvHeads, 1, 1024);
    keys.integer("vocab_size", text.vocabSize, 1, 1 << 24);
    keys.integer("max_position_embeddings", text.maxPositions, 1, 1 << 24);
    keys.real("rms_norm_eps", text.rmsNormEps, 1e-12, 1);
    keys.real("rope_theta", text.ropeTheta, 1, 1e12);
    Keys rope = keys.under("rope_parameters");
    rope.real("rope_theta", text.ropeTheta, 1, 1e12);
    rope.choice("rope_type", unused, {{"default", false}});
    if (keys.find("rope_scaling"))
        keys.complain("rope_scaling is not supported");
    keys.boolean("tie_word_embeddings", text.tieEmbeddings);
    if (text.hiddenSize % text.heads != 0 && !keys.find("head_dim"))
        return keys.complain("num_attention_heads " + std::to_string(text.heads) + " does not divide hidden_size " + std::to_string(text.hiddenSize));
    if (text.heads % text.kvHeads != 0)
        return keys.complain("num_key_value_heads " + std::to_string(text.kvHeads) + " does not divide num_attention_heads " + std::to_string(text.heads));
    text.headDim = text.hiddenSize / text.heads;
    keys.integer("head_dim", text.headDim, 2, 4096);
    if (text.headDim % 2 != 0)
        keys.complain("head_dim " + std::to_string(text.headDim) + " is odd");
    keys.boolean("use_sliding_window", unused);
    if (unused)
        keys.complain("use_sliding_window true is not supported");
    readEndIds(keys.find("eos_token_id"), keys, text.vocabSize, text.endIds);
}

void readAuroraEdge(Keys root, AuroraEdgeConfig &config)
{
    std::int64_t version = 1;
    root.integer("format_version", version, 1, 1);
    if (!root.find("vision_config") || !root.find("text_config"))
        return root.complain("vision_config or text_config is missing");
    readVision(root.under("vision_config"), config.vision);
    readText(root.under("text_config"), config.text);

    bool unused = false;
    Keys vision = root.under("vision");
    vision.onlyKnown({"max_patches", "feature"});
    vision.integer("max_patches", config.maxPatches, 4, 65536);
    vision.choice("feature", config.featureBeforeLast, {{"post_ln", false}, {"-2", true}});
    Keys projector = root.under("projector");
    projector.onlyKnown({"type"});
    projector.choice("type", config.projectorIsLinear, {{"mlp2x_gelu", false}, {"linear", true}});

    Keys compressor = root.under("compressor");
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

    Keys fusion = root.under("fusion");
    fusion.onlyKnown({"type", "cross", "decoder", "mask_padded_visual", "combine", "scope"});
    fusion.choice("type", config.fusion, {{"none", FusionType::None}, {"cross", FusionType::Cross}, {"decoder", FusionType::Decoder}, {"combined", FusionType::Combined}});
    Keys cross = fusion.under("cross");
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
    Keys decoder = fusion.under("decoder");
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
    if (const json *prompt = root.find("prompt"); prompt && prompt->contains("system")) {
        const json &system = (*prompt)["system"]; // null is a value here: no system turn
        config.hasSystemTurn = !system.is_null();
        if (system.is_string())
            config.systemPrompt = system.get<std::string>();
        else if (!system.is_null())
            root.complain("prompt.system is not a text");
    }
}

} // namespace

std::int64_t AuroraEdgeConfig::visualTokens() const
{
    switch (compressor) {
    case CompressorType::Mlp: return compressorTokens;
    case CompressorType::None: return maxPatches;
    default: return maxPatches / 4;
    }
}

Result<ModelConfig> parseModelConfig(std::string_view configText, std::optional<std::string_view> generationText)
{
    JsonLimits limits;
    limits.maxBytes = std::size_t{16} << 20;
    const Result<json> document = parseJson(configText, code::ConfigValue, "config.json", limits);
    if (!document)
        return failure(document.error());
    json generation;
    if (generationText) {
        Result<json> read = parseJson(*generationText, code::ConfigValue, "generation_config.json", limits);
        if (!read)
            return failure(read.error());
        generation = std::move(*read);
    }

    std::optional<Error> complaint;
    Keys root(*document, "config.json: ", complaint);
    const auto readEnds = [&](TextConfig &text) {
        // The whole model's own key, then generation_config.json: what people edit goes first.
        readEndIds(root.find("eos_token_id"), root, text.vocabSize, text.endIds);
        if (generationText) {
            Keys keys(generation, "generation_config.json: ", complaint);
            readEndIds(keys.find("eos_token_id"), keys, text.vocabSize, text.endIds);
        }
    };
    const json *typeKey = root.find("model_type");
    const std::string type = typeKey && typeKey->is_string() ? typeKey->get<std::string>() : "";
    ModelConfig config;
    if (type == "auroraedge") {
        AuroraEdgeConfig whole;
        readAuroraEdge(root, whole);
        readEnds(whole.text);
        config = whole;
    } else if (type == "siglip2_vision_model" || (type == "siglip2" && root.find("vision_config"))) {
        VisionConfig vision;
        readVision(type == "siglip2" ? root.under("vision_config") : root, vision);
        config = vision;
    } else if (type == "qwen2") {
        TextConfig text;
        readText(root, text);
        readEnds(text);
        config = text;
    } else {
        root.complain(type.empty() ? "model_type is missing" : "model_type " + shown(type) + " is not supported (auroraedge, siglip2_vision_model, qwen2)");
    }
    if (complaint)
        return failure(*complaint);
    return config;
}

Result<ModelConfig> readModelConfig(const std::filesystem::path &folder)
{
    const auto config = MappedFile::open(folder / "config.json");
    if (!config && config.error().code == code::FileNotFound)
        return failure(code::ModelFolder, folder.string() + " has no config.json", folder.string());
    if (!config)
        return failure(config.error());
    const auto generation = MappedFile::open(folder / "generation_config.json");
    if (!generation && generation.error().code != code::FileNotFound)
        return failure(generation.error());
    return parseModelConfig((*config)->text(), generation ? std::optional((*generation)->text()) : std::nullopt);
}

} // namespace auroraedge::engine

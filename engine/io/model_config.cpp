#include "engine/io/model_config.h"

#include "engine/io/json_document.h"

#include <cmath>

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
            return complain(std::string(key) + " " + found->dump() + " is outside " + std::to_string(low) + ".." + std::to_string(high));
        value = found->get<std::int64_t>();
    }

    void real(const char *key, double &value, double low, double high)
    {
        const json *found = find(key);
        if (!found)
            return;
        if (!found->is_number() || !(found->get<double>() >= low && found->get<double>() <= high))
            return complain(std::string(key) + " " + found->dump() + " is out of range");
        value = found->get<double>();
    }

    void boolean(const char *key, bool &value)
    {
        const json *found = find(key);
        if (!found)
            return;
        if (!found->is_boolean())
            return complain(std::string(key) + " " + found->dump() + " is not true or false");
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
        complain(std::string(key) + " " + found->dump(-1, ' ', true) + " is unknown");
    }

    [[nodiscard]] Keys under(const char *key) const
    {
        static const json kEmpty = json::object();
        const json *found = find(key);
        return {found ? *found : kEmpty, m_prefix + key + ".", m_complaint};
    }

    void complain(const std::string &what)
    {
        if (!m_complaint)
            m_complaint = Error{code::ConfigValue, m_prefix + what, m_prefix};
    }

private:
    const json &m_object;
    std::string m_prefix;
    std::optional<Error> &m_complaint;
};

void readVision(Keys keys, VisionConfig &vision)
{
    keys.integer("hidden_size", vision.hiddenSize, 1, 65536);
    keys.integer("intermediate_size", vision.intermediateSize, 1, 1 << 20);
    keys.integer("num_hidden_layers", vision.layers, 1, 512);
    keys.integer("num_attention_heads", vision.heads, 1, 1024);
    keys.integer("patch_size", vision.patchSize, 1, 256);
    keys.integer("num_channels", vision.channels, 1, 16);
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
    for (const json &id : found->is_array() ? *found : json::array({*found})) {
        if (!id.is_number_integer() || id.get<std::int64_t>() < 0 || id.get<std::int64_t>() >= vocabulary)
            return keys.complain("eos_token_id " + found->dump() + " is outside the vocabulary of " + std::to_string(vocabulary));
        read.push_back(id.get<std::int64_t>());
    }
    ids = std::move(read);
}

void readText(Keys keys, TextConfig &text)
{
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
    keys.under("rope_parameters").real("rope_theta", text.ropeTheta, 1, 1e12);
    keys.boolean("tie_word_embeddings", text.tieEmbeddings);
    for (const auto &[name, value] : {std::pair{"hidden_size", text.hiddenSize}, {"intermediate_size", text.intermediateSize},
                                      {"num_hidden_layers", text.layers}, {"num_attention_heads", text.heads}, {"vocab_size", text.vocabSize}})
        if (value == 0)
            return keys.complain(std::string(name) + " is missing");
    if (text.hiddenSize % text.heads != 0 && !keys.find("head_dim"))
        return keys.complain("num_attention_heads " + std::to_string(text.heads) + " does not divide hidden_size " + std::to_string(text.hiddenSize));
    if (text.heads % text.kvHeads != 0)
        return keys.complain("num_key_value_heads " + std::to_string(text.kvHeads) + " does not divide num_attention_heads " + std::to_string(text.heads));
    text.headDim = text.hiddenSize / text.heads;
    keys.integer("head_dim", text.headDim, 2, 4096);
    if (text.headDim % 2 != 0)
        keys.complain("head_dim " + std::to_string(text.headDim) + " is odd");
    bool usesWindow = false;
    keys.boolean("use_sliding_window", usesWindow);
    if (usesWindow)
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

    Keys vision = root.under("vision");
    vision.integer("max_patches", config.maxPatches, 4, 65536);
    vision.choice("feature", config.featureBeforeLast, {{"post_ln", false}, {"-2", true}});
    root.under("projector").choice("type", config.projectorIsLinear, {{"mlp2x_gelu", false}, {"linear", true}});

    Keys compressor = root.under("compressor");
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
    const auto side = static_cast<std::int64_t>(std::llround(std::sqrt(static_cast<double>(config.maxPatches))));
    if (config.compressor != CompressorType::Mlp && config.compressor != CompressorType::None && (side * side != config.maxPatches || side % 2 != 0))
        compressor.complain("type needs vision.max_patches to be the square of an even number");

    Keys fusion = root.under("fusion");
    fusion.choice("type", config.fusion, {{"none", FusionType::None}, {"cross", FusionType::Cross}, {"decoder", FusionType::Decoder}, {"combined", FusionType::Combined}});
    Keys cross = fusion.under("cross");
    cross.choice("block", config.crossIsEquation, {{"cat", false}, {"equation", true}});
    cross.integer("heads", config.crossHeads, 1, 1024);
    cross.boolean("residual", config.crossResidual);
    bool unused = false;
    cross.choice("rope", unused, {{"none", false}});
    cross.integer("mlp_ratio", config.crossMlpRatio, 1, 64);
    cross.real("layer_norm_eps", config.crossLayerNormEps, 1e-12, 1);
    const bool hasCross = config.fusion == FusionType::Cross || config.fusion == FusionType::Combined;
    if (hasCross && !config.crossIsEquation && config.text.hiddenSize % config.crossHeads != 0)
        cross.complain("heads " + std::to_string(config.crossHeads) + " does not divide hidden_size " + std::to_string(config.text.hiddenSize));
    Keys decoder = fusion.under("decoder");
    decoder.choice("mask", config.decoderMask, {{"causal", FusionMask::Causal}, {"prefix", FusionMask::Prefix}, {"full", FusionMask::Full}});
    decoder.choice("positions", config.decoderPositionsCompact, {{"slot", false}, {"compact", true}});
    fusion.boolean("mask_padded_visual", config.maskPaddedVisual);
    fusion.choice("combine", config.sharedResidual, {{"sum", false}, {"shared_residual", true}});
    fusion.choice("scope", unused, {{"prompt", false}});
    root.under("merge").choice("order", unused, {{"visual_first", false}});
    root.under("llm").choice("positions", unused, {{"sequential", false}});
    root.choice("text_only", unused, {{"bypass", false}});
    root.boolean("connectors_trained", config.connectorsTrained);
    if (const json *prompt = root.find("prompt"); prompt && prompt->is_object() && prompt->contains("system")) {
        const json &system = (*prompt)["system"];
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

Result<ModelConfig> readModelConfig(const std::filesystem::path &folder)
{
    const Result<json> document = readJsonFile(folder / "config.json", code::ConfigValue);
    if (!document)
        return failure(document.error());
    std::optional<Error> complaint;
    Keys root(*document, "config.json: ", complaint);
    std::optional<json> generation;
    if (std::filesystem::exists(folder / "generation_config.json")) {
        Result<json> read = readJsonFile(folder / "generation_config.json", code::ConfigValue);
        if (!read)
            return failure(read.error());
        generation = std::move(*read);
    }
    const auto addEndIds = [&](TextConfig &text) {
        if (generation && text.vocabSize > 0) {
            Keys keys(*generation, "generation_config.json: ", complaint);
            readEndIds(keys.find("eos_token_id"), keys, text.vocabSize, text.endIds);
        }
    };

    const json *typeKey = root.find("model_type");
    const std::string type = typeKey && typeKey->is_string() ? typeKey->get<std::string>() : "";
    ModelConfig config;
    if (type == "auroraedge") {
        AuroraEdgeConfig whole;
        readAuroraEdge(root, whole);
        addEndIds(whole.text);
        config = whole;
    } else if (type == "siglip2_vision_model" || (type == "siglip2" && root.find("vision_config"))) {
        VisionConfig vision;
        readVision(type == "siglip2" ? root.under("vision_config") : root, vision);
        config = vision;
    } else if (type == "qwen2") {
        TextConfig text;
        readText(root, text);
        addEndIds(text);
        config = text;
    } else {
        root.complain(type.empty() ? "model_type is missing" : "model_type '" + type + "' is not supported");
    }
    if (complaint)
        return failure(*complaint);
    return config;
}

} // namespace auroraedge::engine

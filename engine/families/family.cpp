#include "engine/families/family.h"

#include "engine/io/untrusted_text.h"

#include <array>

namespace auroraedge::engine {

using nlohmann::json;

extern const Family kAuroraEdge, kClip, kLdpv2, kLlama, kQwen2, kSiglip, kSiglip2;

std::span<const Family *const> families()
{
    static const std::array all = {&kAuroraEdge, &kSiglip2, &kSiglip, &kClip, &kQwen2, &kLlama, &kLdpv2};
    return all;
}

const Family *familyOf(ConfigKeys &keys)
{
    std::string known;
    for (const Family *family : families()) {
        if (family->isOwn(keys))
            return family;
        known += (known.empty() ? "" : ", ") + std::string(family->name);
    }
    if (keys.has("model_type"))
        keys.complain("model_type " + ConfigKeys::textOf(*keys.find("model_type")) + " is not supported (" + known + ")");
    else
        keys.complain("model_type is missing");
    return nullptr;
}

std::optional<ConfigKeys> towerKeys(const ConfigKeys &keys, const std::string &type)
{
    if (keys.text("model_type") == type + "_vision_model")
        return keys;
    if (keys.text("model_type") == type && keys.has("vision_config"))
        return keys.under("vision_config");
    return std::nullopt;
}

void readVisionKeys(ConfigKeys &keys, VisionConfig &vision)
{
    keys.integer("hidden_size", vision.hiddenSize, 1, 65536);
    keys.integer("intermediate_size", vision.intermediateSize, 1, 1 << 20);
    keys.integer("num_hidden_layers", vision.layers, 1, 512);
    keys.integer("num_attention_heads", vision.heads, 1, 1024);
    keys.integer("patch_size", vision.patchSize, 1, 256);
    keys.integer("num_channels", vision.channels, 3, 3); // pictures are RGB
    keys.real("layer_norm_eps", vision.layerNormEps, 1e-12, 1);
    keys.choice("hidden_act", vision.activation,
                {{"gelu_pytorch_tanh", Activation::GeluTanh}, {"gelu", Activation::Gelu}, {"quick_gelu", Activation::QuickGelu}});
    if (vision.hiddenSize % vision.heads != 0)
        keys.complain("num_attention_heads " + std::to_string(vision.heads) + " does not divide hidden_size " + std::to_string(vision.hiddenSize));
}

void readFixedSize(ConfigKeys &keys, VisionConfig &vision)
{
    keys.integer("image_size", vision.imageSize, 1, 16384);
    const std::int64_t side = vision.imageSize / vision.patchSize;
    if (side < 1)
        keys.complain("image_size " + std::to_string(vision.imageSize) + " is smaller than patch_size " + std::to_string(vision.patchSize));
    vision.positions = side * side + (vision.hasClassToken ? 1 : 0);
}

void readEndIds(ConfigKeys &keys, std::int64_t vocabulary, std::vector<std::int64_t> &ids)
{
    const json *found = keys.find("eos_token_id");
    if (!found)
        return;
    std::vector<std::int64_t> read;
    const json listed = found->is_array() ? *found : json::array({*found});
    for (const json &id : listed) {
        if (!id.is_number_unsigned() || id.get<std::uint64_t>() >= static_cast<std::uint64_t>(vocabulary))
            return keys.complain("eos_token_id " + ConfigKeys::textOf(id) + " is outside the vocabulary of " + std::to_string(vocabulary), code::TokenizerSpecial);
        read.push_back(id.get<std::int64_t>());
    }
    ids = std::move(read);
}

void readDecoderKeys(ConfigKeys &keys, TextConfig &text)
{
    bool unused = false;
    keys.choice("hidden_act", unused, {{"silu", false}});
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
    ConfigKeys rope = keys.under("rope_parameters");
    rope.real("rope_theta", text.ropeTheta, 1, 1e12);
    rope.choice("rope_type", unused, {{"default", false}});
    if (keys.has("rope_scaling"))
        keys.complain("rope_scaling is not supported");
    keys.boolean("tie_word_embeddings", text.tieEmbeddings);
    if (text.hiddenSize % text.heads != 0 && !keys.has("head_dim"))
        return keys.complain("num_attention_heads " + std::to_string(text.heads) + " does not divide hidden_size " + std::to_string(text.hiddenSize));
    if (text.heads % text.kvHeads != 0)
        return keys.complain("num_key_value_heads " + std::to_string(text.kvHeads) + " does not divide num_attention_heads " + std::to_string(text.heads));
    text.headDim = text.hiddenSize / text.heads;
    keys.integer("head_dim", text.headDim, 2, 4096);
    if (text.headDim % 2 != 0)
        keys.complain("head_dim " + std::to_string(text.headDim) + " is odd");
    readEndIds(keys, text.vocabSize, text.endIds);
}

} // namespace auroraedge::engine

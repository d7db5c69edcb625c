#include "engine/families/family.h"

namespace auroraedge::engine {

namespace {

/// Llama and what keeps to its config, MobileLLaMA among them (model-reference 2.2).
bool isOwn(const ConfigKeys &keys)
{
    return keys.text("model_type") == "llama";
}

Architecture read(ConfigKeys keys)
{
    TextConfig text;
    text.hiddenSize = 4096;
    text.intermediateSize = 11008;
    text.layers = text.heads = 32;
    text.vocabSize = 32000;
    text.maxPositions = 2048;
    readDecoderKeys(keys, text);
    keys.boolean("attention_bias", text.hasQkvBias);
    text.hasOutputBias = text.hasQkvBias;
    keys.require("mlp_bias", false);
    return text;
}

} // namespace

extern const Family kLlama;
const Family kLlama = {.name = "llama", .isOwn = isOwn, .read = read};

} // namespace auroraedge::engine

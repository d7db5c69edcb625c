#include "engine/families/family.h"

namespace auroraedge::engine {

namespace {

/// Qwen2 and Qwen2.5 (model-reference 2.1): biases on q, k and v alone.
bool isOwn(const ConfigKeys &keys)
{
    return keys.text("model_type") == "qwen2";
}

Architecture read(ConfigKeys keys)
{
    TextConfig text;
    // transformers leaves out of a nested config what equals its defaults, these:
    text.hiddenSize = 4096;
    text.intermediateSize = 22016;
    text.layers = text.heads = 32;
    text.vocabSize = 151936;
    text.hasQkvBias = true;
    readDecoderKeys(keys, text);
    keys.require("use_sliding_window", false);
    return text;
}

} // namespace

extern const Family kQwen2;
const Family kQwen2 = {.name = "qwen2", .isOwn = isOwn, .read = read};

} // namespace auroraedge::engine

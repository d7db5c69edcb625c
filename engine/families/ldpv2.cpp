#include "engine/families/family.h"

namespace auroraedge::engine {

namespace {

/// MobileVLM V2's projector alone (model-reference 4.1). Its checkpoints are Llama's with one more part.
bool isOwn(const ConfigKeys &keys)
{
    return keys.text("mm_projector_type") == "ldpnetv2" && !keys.has("model_type");
}

Architecture read(ConfigKeys keys)
{
    Ldpv2Config config;
    keys.integer("mm_hidden_size", config.visionWidth, 1, 65536);
    keys.integer("hidden_size", config.width, 1, 65536);
    keys.integer("grid_side", config.gridSide, 2, 1024);
    if (config.gridSide % 2 != 0)
        keys.complain("grid_side " + std::to_string(config.gridSide) + " is odd");
    return config;
}

} // namespace

extern const Family kLdpv2;
const Family kLdpv2 = {.name = "ldpv2", .isOwn = isOwn, .read = read, .prefixes = {"model.mm_projector.", "mm_projector.", ""}};

} // namespace auroraedge::engine

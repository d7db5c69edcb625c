#include "engine/families/family.h"

#include <cmath>

namespace auroraedge::engine {

namespace {

/// The NaFlex tower (model-reference 1.1). The SigLIP 2 checkpoints of one picture size are SigLIP's (siglip.cpp).
bool isOwn(const ConfigKeys &keys)
{
    return towerKeys(keys, "siglip2").has_value();
}

Architecture read(ConfigKeys keys)
{
    VisionConfig vision;
    ConfigKeys own = towerKeys(keys, "siglip2").value_or(keys); // AuroraEdge may leave the type out
    readVisionKeys(own, vision);
    own.integer("num_patches", vision.positions, 1, 65536);
    const auto side = static_cast<std::int64_t>(std::llround(std::sqrt(static_cast<double>(vision.positions))));
    if (side * side != vision.positions)
        own.complain("num_patches " + std::to_string(vision.positions) + " is not a square number");
    return vision;
}

} // namespace

extern const Family kSiglip2;
const Family kSiglip2 = {.name = "siglip2",
                         .isOwn = isOwn,
                         .read = read,
                         .prefixes = {"vision_model.", ""},
                         .ignoredTensors = {"vision_model.head.", "head.", "text_model.", "logit_scale", "logit_bias"}};

} // namespace auroraedge::engine

#include "engine/families/family.h"

#include <cmath>

namespace auroraedge::engine {

namespace {

/// The NaFlex tower (model-reference 1.1). The SigLIP 2 checkpoints of one picture size are SigLIP's (siglip.cpp).
bool isOwn(const ConfigKeys &keys)
{
    const std::string_view type = keys.text("model_type");
    return type == "siglip2_vision_model" || (type == "siglip2" && keys.has("vision_config"));
}

Architecture read(ConfigKeys keys)
{
    VisionConfig vision;
    ConfigKeys own = keys.text("model_type") == "siglip2" ? keys.under("vision_config") : keys;
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

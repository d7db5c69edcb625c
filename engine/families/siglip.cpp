#include "engine/families/family.h"

namespace auroraedge::engine {

namespace {

/// SigLIP for one picture size, and the SigLIP 2 checkpoints of its layout (model-reference 1.2).
bool isOwn(const ConfigKeys &keys)
{
    return towerKeys(keys, "siglip").has_value();
}

Architecture read(ConfigKeys keys)
{
    VisionConfig vision;
    vision.imageSize = 224;
    ConfigKeys own = *towerKeys(keys, "siglip");
    readVisionKeys(own, vision);
    readFixedSize(own, vision);
    return vision;
}

} // namespace

extern const Family kSiglip;
const Family kSiglip = {.name = "siglip",
                        .isOwn = isOwn,
                        .read = read,
                        .prefixes = {"vision_model.", ""},
                        .ignoredTensors = {"vision_model.head.", "head.", "text_model.", "logit_scale", "logit_bias"}};

} // namespace auroraedge::engine

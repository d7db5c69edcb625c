#include "engine/families/family.h"

namespace auroraedge::engine {

namespace {

/// CLIP's vision tower (model-reference 1.3); the defaults of its config are those of ViT-B/32.
bool isOwn(const ConfigKeys &keys)
{
    return towerKeys(keys, "clip").has_value();
}

Architecture read(ConfigKeys keys)
{
    VisionConfig vision;
    vision.patchSize = 32;
    vision.imageSize = 224;
    vision.layerNormEps = 1e-5;
    vision.activation = Activation::QuickGelu;
    vision.hasClassToken = vision.hasPreNorm = true;
    vision.hasPatchBias = false;
    ConfigKeys own = *towerKeys(keys, "clip");
    readVisionKeys(own, vision);
    readFixedSize(own, vision);
    return vision;
}

} // namespace

extern const Family kClip;
const Family kClip = {.name = "clip",
                      .isOwn = isOwn,
                      .read = read,
                      .prefixes = {"vision_model.", ""},
                      .ignoredTensors = {"text_model.", "text_projection.", "visual_projection.", "logit_scale",
                                         "vision_model.embeddings.position_ids", "embeddings.position_ids"}};

} // namespace auroraedge::engine

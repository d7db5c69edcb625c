#pragma once

#include "engine/io/config_keys.h"
#include "engine/io/model_config.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace auroraedge::engine {

/// A model family: which configs are its own, what they say, and where its tensors lie. One file each, over the shared
/// encoders, connectors and decoders; family.cpp lists them, and no other place knows them all.
struct Family
{
    std::string_view name;
    /// Of a whole config.json, or of the object in it that describes one part.
    bool (*isOwn)(const ConfigKeys &keys);
    /// Complaints stay in @p keys.
    Architecture (*read)(ConfigKeys keys);
    /// Beginnings of its tensor names, as different writers have them; the first that the files know counts.
    std::vector<std::string_view> prefixes = {""};
    /// Beginnings of tensors in public files that its architecture does not use (pooling heads, the text half).
    std::vector<std::string_view> ignoredTensors = {};
};

[[nodiscard]] std::span<const Family *const> families();

/// The family that @p keys belong to; null after a complaint that names the known ones.
const Family *familyOf(ConfigKeys &keys);

// What several families share.

/// The keys of a vision tower of @p type: a config of its own ("siglip_vision_model") or the half of a dual model
/// ("siglip"). Nothing for another model's.
[[nodiscard]] std::optional<ConfigKeys> towerKeys(const ConfigKeys &keys, const std::string &type);

/// A pre-norm vision transformer in the naming of the SigLIP and CLIP configs. @p vision holds the family's defaults.
void readVisionKeys(ConfigKeys &keys, VisionConfig &vision);
/// Tables of a tower for one picture size: positions from image_size and patch_size.
void readFixedSize(ConfigKeys &keys, VisionConfig &vision);
/// A Llama-like decoder. @p text holds the family's defaults.
void readDecoderKeys(ConfigKeys &keys, TextConfig &text);
/// eos_token_id, a number or a list. TOK-03 outside the vocabulary.
void readEndIds(ConfigKeys &keys, std::int64_t vocabulary, std::vector<std::int64_t> &ids);

} // namespace auroraedge::engine

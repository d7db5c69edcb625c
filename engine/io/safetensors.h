#pragma once

#include "engine/io/tensor_files.h"

#include <map>
#include <span>
#include <string>

namespace auroraedge::engine {

inline constexpr std::size_t kMaxTensors = 100'000; ///< of one model, shards together

/// The checked header of one safetensors file.
struct SafetensorsFile
{
    std::map<std::string, MappedTensor> tensors; ///< views into the given bytes
    std::map<std::string, std::string> metadata;
};

/// Parses @p file, the whole content. Rules of huggingface/safetensors: header length <= 100,000,000, JSON object from
/// its first byte, offsets contiguous from 0 without hole or overlap, shape x dtype equal to the range, last offset
/// the end of the file. Takes less than 64 MiB more than the file, whatever the header claims.
/// @param name for messages. @return MOD-01..MOD-11, MOD-19 for a file of another known format.
Result<SafetensorsFile> parseSafetensors(std::span<const std::byte> file, const std::string &name);

/// Reads `model.safetensors.index.json`: shard file by tensor name. Shard names are plain names ending in
/// .safetensors, so that no index reaches outside its folder. Takes less than 64 MiB more than @p text. @return MOD-18, MOD-11.
Result<std::map<std::string, std::string>> parseShardIndex(std::string_view text, const std::string &name);

} // namespace auroraedge::engine

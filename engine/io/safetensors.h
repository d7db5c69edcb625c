#pragma once

#include "engine/io/tensor_files.h"

#include <map>
#include <span>
#include <string>

namespace auroraedge::engine {

/// The checked header of one safetensors file.
struct SafetensorsFile
{
    std::map<std::string, MappedTensor> tensors; ///< views into the given bytes
    std::map<std::string, std::string> metadata;
};

/// Parses @p file, the whole content. Rules of huggingface/safetensors: header length <= 100,000,000, JSON object from
/// its first byte, offsets contiguous from 0 without hole or overlap, shape x dtype equal to the range, last offset
/// the end of the file.
/// @param name for messages. @return MOD-01..MOD-11.
Result<SafetensorsFile> parseSafetensors(std::span<const std::byte> file, const std::string &name);

} // namespace auroraedge::engine

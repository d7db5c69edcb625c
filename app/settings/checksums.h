#pragma once

#include "engine/api/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <stop_token>
#include <string>

namespace auroraedge::app {

/// SHA256SUMS of a model folder: SHA-256 by file name.
using Checksums = std::map<std::string, std::string>;
inline constexpr char kChecksumsFile[] = "SHA256SUMS";

/// Nothing where @p folder has no list. @return FS-01, RCP-01 (a line that names no plain file of this folder).
Result<std::optional<Checksums>> readChecksums(const std::filesystem::path &folder);

/// Called with the next bytes of a file, block by block; what it fails with ends the reading.
using BlockTaker = std::function<Result<void>(const char *bytes, std::size_t count)>;
/// Hands out the whole of @p file, a megabyte at a time. @return FS-01, code::Cancelled, or what @p take fails with.
Result<void> readBlocks(const std::filesystem::path &file, const std::stop_token &stop, const BlockTaker &take);

/// SHA-256 of a file of any size, as sha256Hex(). @param onRead told how many bytes more were read; may be empty.
/// @return as readBlocks().
Result<std::string> sha256OfFile(const std::filesystem::path &file, const std::stop_token &stop = {},
                                 const std::function<void(std::int64_t)> &onRead = {});

} // namespace auroraedge::app

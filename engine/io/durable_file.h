#pragma once

#include "engine/api/result.h"

#include <cstddef>
#include <filesystem>
#include <span>

namespace auroraedge::engine {

/// Writes @p parts one after the other through a temporary name beside @p path, fsync and rename: afterwards there is
/// the old file or the whole new one. The temporary ends in ".partial" and is removed on failure.
/// @return FS-07 (folder not writable), FS-09 (disk full) or FS-10 (storage fault).
Result<void> writeDurably(const std::filesystem::path &path, std::span<const std::span<const std::byte>> parts);

} // namespace auroraedge::engine

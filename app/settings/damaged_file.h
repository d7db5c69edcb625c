#pragma once

#include "engine/api/result.h"

#include <filesystem>

namespace auroraedge::app {

/// Moves @p file, which cannot be understood, beside itself to "<file>.damaged" (or "-2", "-3" ...: never over another).
/// @return its new place; FS-07, and it stands where it stood.
[[nodiscard]] Result<std::filesystem::path> keepDamaged(const std::filesystem::path &file);

} // namespace auroraedge::app

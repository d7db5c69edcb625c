#pragma once

#include "engine/api/frame.h"

#include <cstdint>
#include <filesystem>

namespace auroraedge::testing_support {

/// Writes a complete AuroraEdge folder of toy size with random weights: it answers at once, and nonsense.
void writeTinyModel(const std::filesystem::path &folder, std::uint64_t seed = 1);

/// A picture of coloured noise that differs from seed to seed.
Frame noiseFrame(int widthPx, int heightPx, unsigned seed);

} // namespace auroraedge::testing_support

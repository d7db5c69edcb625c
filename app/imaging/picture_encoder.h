#pragma once

#include "engine/api/frame.h"
#include "engine/api/result.h"

#include <cstdint>
#include <vector>

namespace auroraedge::app {

/// The frame as a JPEG file, 4:4:4, for evidence that needs little room. Safe from any thread.
/// @param quality 1..100. @return IMG-05 for an empty frame, ENG-01 without memory.
Result<std::vector<std::uint8_t>> encodeJpeg(const Frame &frame, int quality = 92);

/// The frame as a PNG file: every pixel as it was. @return as encodeJpeg().
Result<std::vector<std::uint8_t>> encodePng(const Frame &frame);

} // namespace auroraedge::app

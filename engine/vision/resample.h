#pragma once

#include "engine/api/frame.h"
#include "engine/vision/preprocessor.h"

namespace auroraedge::engine {

enum class Filter { Bilinear = 1, Bicubic };

/// Pillow's antialiased 8-bit resize, bit for bit: horizontal pass, then vertical, each rounded to 8 bits with 22-bit
/// integer weights (Pillow <= 12.2, src/libImaging/Resample.c; model-reference 1.1.1 step 3).
/// REQUIRES: a non-empty frame, positive target.
[[nodiscard]] ResizedPicture resample(const Frame &frame, PixelSize target, Filter filter);

} // namespace auroraedge::engine

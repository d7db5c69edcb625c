#pragma once

#include "engine/api/frame.h"

#include <array>
#include <cstdint>
#include <vector>

namespace auroraedge::engine {

struct PixelSize
{
    int heightPx = 0, widthPx = 0;
    friend bool operator==(const PixelSize &, const PixelSize &) = default;
};

/// An 8-bit RGB picture after the resize: what the model really sees.
struct ResizedPicture
{
    int widthPx = 0, heightPx = 0;
    std::vector<std::uint8_t> rgb; ///< [height, width, 3]
};

/// The plane of one colour that a frame lies on. It is never made: only its size and colour are reckoned with.
struct Canvas
{
    PixelSize size;
    int left = 0, top = 0; ///< where the frame lies, wholly inside
    std::array<std::uint8_t, 3> colour{};
};

enum class Filter { Bilinear = 1, Bicubic };

/// Pillow's antialiased 8-bit resize, bit for bit: horizontal pass, then vertical, each rounded to 8 bits with 22-bit
/// integer weights (Pillow <= 12.2, src/libImaging/Resample.c; model-reference 1.1.1 step 3).
/// REQUIRES: a non-empty frame, positive target.
[[nodiscard]] ResizedPicture resample(const Frame &frame, PixelSize target, Filter filter);

/// @p box of the canvas resized to @p target, with work and memory for the frame and the box alone.
/// REQUIRES: the box inside the target, with at least one pixel.
[[nodiscard]] ResizedPicture resample(const Frame &frame, const Canvas &canvas, PixelSize target, Filter filter, const PixelBox &box);

} // namespace auroraedge::engine

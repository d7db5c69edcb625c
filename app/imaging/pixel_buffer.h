#pragma once

#include "engine/api/frame.h"

#include <cstdint>
#include <memory>

namespace auroraedge::app {

/// RGB pixels while they are made; rows follow each other without a gap. Becomes a Frame when they are complete.
struct PixelBuffer
{
    std::shared_ptr<std::uint8_t[]> bytes;
    int widthPx = 0, heightPx = 0;

    /// Throws std::bad_alloc.
    PixelBuffer(int width, int height)
        : bytes(std::make_shared<std::uint8_t[]>(std::size_t{3} * static_cast<std::size_t>(width)
                                                 * static_cast<std::size_t>(height)))
        , widthPx(width)
        , heightPx(height)
    {
    }
    [[nodiscard]] std::uint8_t *pixel(int x, int y) const
    {
        return bytes.get() + 3 * (static_cast<std::ptrdiff_t>(y) * widthPx + x);
    }
    [[nodiscard]] Frame toFrame() const
    {
        Frame frame;
        frame.pixels = std::shared_ptr<const std::uint8_t>(bytes, bytes.get());
        frame.widthPx = widthPx;
        frame.heightPx = heightPx;
        frame.strideBytes = std::ptrdiff_t{3} * widthPx;
        return frame;
    }
};

/// The pixels of @p frame, to be written on. Throws std::bad_alloc.
[[nodiscard]] PixelBuffer copyOf(const Frame &frame);

/// The picture turned as EXIF @p orientation (1..8) asks, so that its first row is the top.
[[nodiscard]] PixelBuffer upright(PixelBuffer picture, int orientation);

/// One channel of a pixel over white; @p premultiplied says whether @p value already holds its share.
[[nodiscard]] constexpr std::uint8_t overWhite(int value, int alpha, bool premultiplied)
{
    const int share = premultiplied ? value : (value * alpha + 127) / 255;
    const int sum = share + 255 - alpha;
    return static_cast<std::uint8_t>(sum > 255 ? 255 : sum);
}

} // namespace auroraedge::app

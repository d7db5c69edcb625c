#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace auroraedge {

/// Half-open rectangle in picture pixels, origin at the top left.
struct PixelBox
{
    int x = 0, y = 0, width = 0, height = 0;
    friend bool operator==(const PixelBox &, const PixelBox &) = default;
};

/// One picture: 8-bit RGB, interleaved, row by row. A value; the pixels are shared and never written again.
struct Frame
{
    std::shared_ptr<const std::uint8_t> pixels; ///< first byte of row 0; null for an empty frame
    int widthPx = 0;
    int heightPx = 0;
    std::ptrdiff_t strideBytes = 0; ///< from one row to the next, at least 3 * widthPx

    std::uint64_t sequence = 0;                       ///< counts up within one source, never repeats
    std::chrono::steady_clock::time_point capturedAt; ///< monotonic: ages and deadlines are taken from this alone
    std::string source;                               ///< URI of the source, or the path of a file

    [[nodiscard]] bool isEmpty() const { return !pixels || widthPx <= 0 || heightPx <= 0; }
    [[nodiscard]] const std::uint8_t *row(int y) const { return pixels.get() + y * strideBytes; }
};

/// The part of @p frame inside @p box, at sensor resolution; shares the pixels, copies nothing.
/// REQUIRES: box inside the frame, with at least one pixel.
[[nodiscard]] inline Frame cropped(const Frame &frame, const PixelBox &box)
{
    Frame part = frame;
    part.pixels = {frame.pixels, frame.row(box.y) + std::ptrdiff_t{3} * box.x};
    part.widthPx = box.width;
    part.heightPx = box.height;
    return part;
}

} // namespace auroraedge

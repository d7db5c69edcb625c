#pragma once

#include "engine/api/frame.h"

#include <algorithm>
#include <cstdint>
#include <memory>

namespace auroraedge::testing {

/// A picture with no two equal quarters; @p seed gives different ones.
[[nodiscard]] inline Frame testFrame(int widthPx = 48, int heightPx = 32, int seed = 0)
{
    const std::shared_ptr<std::uint8_t[]> bytes(new std::uint8_t[static_cast<std::size_t>(3 * widthPx * heightPx)]);
    for (int y = 0; y < heightPx; ++y) {
        for (int x = 0; x < widthPx; ++x) {
            std::uint8_t *pixel = bytes.get() + 3 * (y * widthPx + x);
            pixel[0] = static_cast<std::uint8_t>(255 * x / widthPx);
            pixel[1] = static_cast<std::uint8_t>(255 * y / heightPx);
            pixel[2] = static_cast<std::uint8_t>((x < widthPx / 2 ? 40 : 200) + 7 * seed);
        }
    }
    Frame frame;
    frame.pixels = std::shared_ptr<const std::uint8_t>(bytes, bytes.get());
    frame.widthPx = widthPx;
    frame.heightPx = heightPx;
    frame.strideBytes = std::ptrdiff_t{3} * widthPx;
    frame.source = "test:";
    return frame;
}

/// A covered lens: every byte is @p value.
[[nodiscard]] inline Frame uniformFrame(std::uint8_t value, int widthPx = 48, int heightPx = 32)
{
    Frame frame = testFrame(widthPx, heightPx);
    const std::shared_ptr<std::uint8_t[]> bytes(new std::uint8_t[static_cast<std::size_t>(3 * widthPx * heightPx)]);
    std::fill_n(bytes.get(), 3 * widthPx * heightPx, value);
    frame.pixels = std::shared_ptr<const std::uint8_t>(bytes, bytes.get());
    return frame;
}

} // namespace auroraedge::testing

#pragma once

#include "engine/api/frame.h"

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace auroraedge::testing {

/// @p bytes as RGB, row by row. REQUIRES: 3 * widthPx * heightPx of them.
[[nodiscard]] inline Frame frameOf(std::vector<std::uint8_t> bytes, int widthPx, int heightPx)
{
    const auto kept = std::make_shared<const std::vector<std::uint8_t>>(std::move(bytes));
    Frame frame;
    frame.pixels = {kept, kept->data()};
    frame.widthPx = widthPx;
    frame.heightPx = heightPx;
    frame.strideBytes = std::ptrdiff_t{3} * widthPx;
    frame.source = "test:";
    return frame;
}

/// A picture with no two equal quarters; @p seed gives different ones.
[[nodiscard]] inline Frame testFrame(int widthPx = 48, int heightPx = 32, int seed = 0)
{
    std::vector<std::uint8_t> bytes(std::size_t{3} * static_cast<std::size_t>(widthPx) * static_cast<std::size_t>(heightPx));
    for (int y = 0; y < heightPx; ++y) {
        for (int x = 0; x < widthPx; ++x) {
            std::uint8_t *pixel = bytes.data() + 3 * (y * widthPx + x);
            pixel[0] = static_cast<std::uint8_t>(255 * x / widthPx);
            pixel[1] = static_cast<std::uint8_t>(255 * y / heightPx);
            pixel[2] = static_cast<std::uint8_t>((x < widthPx / 2 ? 40 : 200) + 7 * seed);
        }
    }
    return frameOf(std::move(bytes), widthPx, heightPx);
}

/// A covered lens: every byte is @p value.
[[nodiscard]] inline Frame uniformFrame(std::uint8_t value, int widthPx = 48, int heightPx = 32)
{
    return frameOf(std::vector<std::uint8_t>(std::size_t{3} * static_cast<std::size_t>(widthPx) * static_cast<std::size_t>(heightPx), value), widthPx,
                   heightPx);
}

} // namespace auroraedge::testing

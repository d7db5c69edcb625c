#include "app/inspection/frame_check.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

namespace auroraedge::app {

Result<void> checkFrame(const Frame &frame)
{
    if (frame.isEmpty())
        return failure(code::ImageNoPixels, "image has no pixels", frame.source);
    std::array<std::uint8_t, 3> least{255, 255, 255}, most{0, 0, 0};
    for (int y = 0; y < frame.heightPx; ++y) {
        const std::uint8_t *pixel = frame.row(y);
        for (int x = 0; x < frame.widthPx; ++x, pixel += 3) {
            for (std::size_t c = 0; c < 3; ++c) {
                least[c] = std::min(least[c], pixel[c]);
                most[c] = std::max(most[c], pixel[c]);
            }
        }
        for (std::size_t c = 0; c < 3; ++c) {
            if (most[c] - least[c] > 2)
                return {};
        }
    }
    return failure(code::ImageUniform, "frame is uniform: lens cap, light or cable?", frame.source);
}

bool isSamePicture(const Frame &a, const Frame &b)
{
    if (a.widthPx != b.widthPx || a.heightPx != b.heightPx)
        return false;
    for (int y = 0; y < a.heightPx; ++y) { // of a living sensor the first row differs
        if (std::memcmp(a.row(y), b.row(y), static_cast<std::size_t>(3 * a.widthPx)) != 0)
            return false;
    }
    return true;
}

} // namespace auroraedge::app

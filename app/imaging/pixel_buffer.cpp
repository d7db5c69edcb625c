#include "app/imaging/pixel_buffer.h"

#include <algorithm>

namespace auroraedge::app {

PixelBuffer copyOf(const Frame &frame)
{
    PixelBuffer copy(frame.widthPx, frame.heightPx);
    for (int y = 0; y < frame.heightPx; ++y)
        std::copy_n(frame.row(y), std::ptrdiff_t{3} * frame.widthPx, copy.pixel(0, y));
    return copy;
}

PixelBuffer upright(PixelBuffer picture, int orientation)
{
    if (orientation <= 1 || orientation > 8)
        return picture;
    const bool isTurned = orientation >= 5; // by 90 degrees, with or without a flip
    const int width = picture.widthPx, height = picture.heightPx;
    PixelBuffer result(isTurned ? height : width, isTurned ? width : height);
    for (int y = 0; y < result.heightPx; ++y) {
        for (int x = 0; x < result.widthPx; ++x) {
            int fromX = isTurned ? y : x;
            int fromY = isTurned ? x : y;
            if (orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8)
                fromX = width - 1 - fromX;
            if (orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7)
                fromY = height - 1 - fromY;
            std::copy_n(picture.pixel(fromX, fromY), 3, result.pixel(x, y));
        }
    }
    return result;
}

} // namespace auroraedge::app

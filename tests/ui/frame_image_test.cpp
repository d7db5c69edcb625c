#include "ui/models/frame_image.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <functional>

namespace auroraedge::ui::tests {
namespace {

using Milliseconds = std::chrono::duration<double, std::milli>;

/// Of three, so that what else runs on the machine tells nothing.
double leastMs(const std::function<void()> &work)
{
    double least = 1e9;
    for (int turn = 0; turn < 3; ++turn) {
        const auto begun = std::chrono::steady_clock::now();
        work();
        least = std::min(least, Milliseconds(std::chrono::steady_clock::now() - begun).count());
    }
    return least;
}

/// Dark at the left, bright at the right.
QImage sensorPicture(int widthPx, int heightPx)
{
    QImage picture(widthPx, heightPx, QImage::Format_RGB888);
    for (int y = 0; y < heightPx; ++y) {
        uchar *pixel = picture.scanLine(y);
        for (int x = 0; x < widthPx; ++x, pixel += 3)
            std::fill_n(pixel, 3, static_cast<uchar>(255LL * x / widthPx));
    }
    return picture;
}

TEST(ThumbnailOf, IsCheapAndTrueForAPictureOfFiftyMillionPixels)
{
    const QImage picture = sensorPicture(8'660, 5'774);
    QImage thumbnail, smooth;
    const double thumbnailMs = leastMs([&] { thumbnail = thumbnailOf(picture); });
    const double smoothMs = leastMs([&] { smooth = picture.scaled(320, 320, Qt::KeepAspectRatio, Qt::SmoothTransformation); });
    EXPECT_LT(4 * thumbnailMs, smoothMs);
    ASSERT_EQ(thumbnail.width(), 320);
    ASSERT_NEAR(thumbnail.height(), smooth.height(), 1);
    for (int x = 0; x < 320; ++x)
        ASSERT_NEAR(qRed(thumbnail.pixel(x, 100)), qRed(smooth.pixel(x, 100)), 3) << x;
}

TEST(ThumbnailOf, FitsIntoItsEdgesWhateverTheShapeIs)
{
    EXPECT_EQ(thumbnailOf(sensorPicture(640, 480)).size(), QSize(320, 240));
    EXPECT_EQ(thumbnailOf(sensorPicture(4'000, 4'000)).size(), QSize(320, 320));
    EXPECT_EQ(thumbnailOf(sensorPicture(9'000, 12)).size(), QSize(320, 1));
    EXPECT_EQ(thumbnailOf(sensorPicture(64, 48)).size(), QSize(64, 48));
}

} // namespace
} // namespace auroraedge::ui::tests

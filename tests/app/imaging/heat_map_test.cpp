#include "app/imaging/heat_map.h"
#include "tests/support/test_frame.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

namespace auroraedge::app {
namespace {

using Pixel = std::array<int, 3>;

Pixel pixelOf(const Frame &picture, int x, int y)
{
    const std::uint8_t *pixel = picture.row(y) + std::ptrdiff_t{3} * x;
    return {pixel[0], pixel[1], pixel[2]};
}

constexpr float kCold = 0.04F;

/// Cold but for one patch.
PatchMap mapOf(int columns, int rows, int hotColumn, int hotRow, float probability)
{
    PatchMap map{"defect", columns, rows, std::vector<float>(static_cast<std::size_t>(columns * rows), kCold)};
    map.probability[static_cast<std::size_t>(hotRow * columns + hotColumn)] = probability;
    return map;
}

PixelBox wholeOf(const Frame &picture)
{
    return {0, 0, picture.widthPx, picture.heightPx};
}

/// Nothing else is as light on the grey pictures of these tests.
int linePixels(const Frame &picture, const PixelBox &box)
{
    int count = 0;
    for (int y = box.y; y < box.y + box.height; ++y) {
        for (int x = box.x; x < box.x + box.width; ++x)
            count += pixelOf(picture, x, y)[2] > 200 ? 1 : 0;
    }
    return count;
}

TEST(HeatMap, AHotPlaceIsReddenedAndAColdOneIsAsItWas)
{
    const Frame picture = testing::testFrame(160, 120);
    const Result<Frame> drawn = withHeat(picture, wholeOf(picture), mapOf(8, 6, 5, 2, 0.45F));
    ASSERT_TRUE(drawn);
    EXPECT_EQ(drawn->widthPx, 160);
    EXPECT_EQ(drawn->heightPx, 120);
    const Pixel before = pixelOf(picture, 110, 50), hot = pixelOf(*drawn, 110, 50); // the middle of the patch
    EXPECT_GT(hot[0], before[0] + 15);
    EXPECT_LT(hot[2], before[2] - 15);
    for (int y = 0; y < 120; ++y)
        EXPECT_TRUE(std::equal(picture.row(y), picture.row(y) + std::ptrdiff_t{3} * 70, drawn->row(y))) << "row " << y;
    EXPECT_EQ(pixelOf(picture, 110, 50), before) << "the picture itself is never written";
}

TEST(HeatMap, TheLikelierTheRedder)
{
    const Frame picture = testing::uniformFrame(100, 40, 40);
    int least = 100, mostGreen = 255;
    for (const float probability : {0.2F, 0.4F, 0.7F, 1.0F}) {
        const Result<Frame> drawn = withHeat(picture, wholeOf(picture), mapOf(1, 1, 0, 0, probability));
        ASSERT_TRUE(drawn);
        const Pixel pixel = pixelOf(*drawn, 20, 20);
        EXPECT_GT(pixel[0], least) << probability;
        EXPECT_LT(pixel[1] - pixel[0], mostGreen) << probability;
        least = pixel[0];
        mostGreen = pixel[1] - pixel[0];
    }
}

TEST(HeatMap, AGridIsStretchedOverPicturesOfAnyShape)
{
    struct Shape
    {
        int width, height, columns, rows;
    };
    for (const Shape &shape : {Shape{301, 37, 45, 5}, Shape{37, 301, 5, 45}, Shape{7, 5, 19, 13},
                               Shape{1000, 1, 256, 1}, Shape{1, 1, 16, 16}}) {
        SCOPED_TRACE(std::to_string(shape.width) + " x " + std::to_string(shape.height));
        const Frame picture = testing::uniformFrame(100, shape.width, shape.height);
        PatchMap map = mapOf(shape.columns, shape.rows, 0, 0, kCold);
        for (int row = 0; row < shape.rows; ++row) // the right half is hot
            std::fill_n(map.probability.begin() + row * shape.columns + (shape.columns + 1) / 2, shape.columns / 2,
                        0.49F);
        const Result<Frame> drawn = withHeat(picture, wholeOf(picture), map);
        ASSERT_TRUE(drawn);
        EXPECT_EQ(drawn->widthPx, shape.width);
        EXPECT_EQ(drawn->heightPx, shape.height);
        if (shape.width == 1)
            continue;
        EXPECT_EQ(pixelOf(*drawn, 0, 0), (Pixel{100, 100, 100}));
        EXPECT_EQ(pixelOf(*drawn, 0, shape.height - 1), (Pixel{100, 100, 100}));
        EXPECT_GT(pixelOf(*drawn, shape.width - 1, 0)[0], 120);
        EXPECT_GT(pixelOf(*drawn, shape.width - 1, shape.height - 1)[0], 120);
    }
}

TEST(HeatMap, OnePatchColoursAllOrNothing)
{
    const Frame picture = testing::testFrame(31, 17);
    const Result<Frame> cold = withHeat(picture, wholeOf(picture), mapOf(1, 1, 0, 0, 0.05F));
    ASSERT_TRUE(cold);
    for (int y = 0; y < 17; ++y)
        EXPECT_TRUE(std::equal(picture.row(y), picture.row(y) + std::ptrdiff_t{3} * 31, cold->row(y)));
    const Result<Frame> hot = withHeat(testing::uniformFrame(100, 31, 17), {0, 0, 31, 17}, mapOf(1, 1, 0, 0, 1));
    ASSERT_TRUE(hot);
    EXPECT_EQ(pixelOf(*hot, 15, 8), (Pixel{193, 40, 40}));
    EXPECT_GT(linePixels(*hot, {0, 0, 31, 17}), 0);
}

TEST(HeatMap, LeavesEverythingOutsideThePartAlone)
{
    const Frame all = testing::testFrame(100, 80);
    const Frame picture = cropped(all, {10, 10, 80, 60}); // rows with a gap between them
    const PixelBox part{20, 10, 30, 40};
    const Result<Frame> drawn = withHeat(picture, part, mapOf(1, 1, 0, 0, 0.95F));
    ASSERT_TRUE(drawn);
    for (int y = 0; y < 60; ++y) {
        for (int x = 0; x < 80; ++x) {
            const bool isInside = x >= 20 && x < 50 && y >= 10 && y < 50;
            EXPECT_EQ(pixelOf(*drawn, x, y) != pixelOf(picture, x, y), isInside) << x << ", " << y;
        }
    }
}

TEST(HeatMap, ALineLiesAroundTheLikeliestRegionAlone)
{
    const Frame picture = testing::uniformFrame(100, 160, 160);
    PatchMap map = mapOf(8, 8, 6, 6, 0.9F);
    map.probability[8 * 1 + 1] = 0.8F;
    const Result<Frame> drawn = withHeat(picture, wholeOf(picture), map);
    ASSERT_TRUE(drawn);
    EXPECT_GT(linePixels(*drawn, {110, 110, 40, 40}), 20);
    EXPECT_LT(pixelOf(*drawn, 130, 130)[2], 60) << "around the place, not over it";
    EXPECT_EQ(linePixels(*drawn, {0, 0, 100, 100}), 0);
    const Result<Frame> unsure = withHeat(picture, wholeOf(picture), mapOf(8, 8, 6, 6, 0.5F));
    ASSERT_TRUE(unsure);
    EXPECT_EQ(linePixels(*unsure, wholeOf(picture)), 0);
}

} // namespace
} // namespace auroraedge::app

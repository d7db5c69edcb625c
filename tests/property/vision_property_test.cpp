#include "engine/vision/preprocessor.h"
#include "engine/vision/resample.h"
#include "tests/property/random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace auroraedge::engine {
namespace {

using testing::Random;

/// @p bytes as a picture; a row may be longer than its pixels.
Frame frameOf(std::string bytes, int widthPx, int heightPx, std::ptrdiff_t strideBytes)
{
    const auto kept = std::make_shared<const std::string>(std::move(bytes));
    Frame frame;
    frame.pixels = {kept, reinterpret_cast<const std::uint8_t *>(kept->data())};
    frame.widthPx = widthPx;
    frame.heightPx = heightPx;
    frame.strideBytes = strideBytes;
    return frame;
}

Frame noise(Random &random, int widthPx, int heightPx)
{
    const std::ptrdiff_t stride = std::ptrdiff_t{3} * widthPx + random.intIn(0, 9);
    return frameOf(random.bytes(static_cast<std::size_t>(stride * heightPx)), widthPx, heightPx, stride);
}

/// Mostly small, sometimes one pixel, sometimes very long.
int side(Random &random)
{
    const int limits[] = {1, 40, 700, 5000, 100'000};
    return random.intIn(1, limits[random.below(std::size(limits))]);
}

TEST(NaflexProperty, TheSizeIsInWholePatchesAndWithinTheBudget)
{
    Random random(/*seed=*/31);
    for (int round = 0; round < 20'000; ++round) {
        SCOPED_TRACE(round);
        const PixelSize picture{side(random), side(random)};
        const int patch = random.intIn(1, 32), budget = random.intIn(16, 1024);
        const PixelSize size = naflexSize(picture, patch, budget);
        ASSERT_GE(size.heightPx, patch);
        ASSERT_GE(size.widthPx, patch);
        ASSERT_EQ(size.heightPx % patch, 0);
        ASSERT_EQ(size.widthPx % patch, 0);
        ASSERT_LE((size.heightPx / patch) * (size.widthPx / patch), budget) << picture.heightPx << " x " << picture.widthPx << ", patch " << patch << ", budget " << budget;
    }
}

TEST(NaflexProperty, ATurnedPictureHasTheTurnedSize)
{
    Random random(/*seed=*/32);
    for (int round = 0; round < 2000; ++round) {
        SCOPED_TRACE(round);
        const PixelSize picture{side(random), side(random)};
        const PixelSize size = naflexSize(picture, 16, 256), turned = naflexSize({picture.widthPx, picture.heightPx}, 16, 256);
        ASSERT_EQ(turned, (PixelSize{size.widthPx, size.heightPx}));
    }
}

TEST(NaflexProperty, EveryFloatIsAPixelOfTheResizedPictureOrZeroPadding)
{
    Random random(/*seed=*/33);
    const NaflexConfig config;
    for (int round = 0; round < 30; ++round) {
        SCOPED_TRACE(round);
        const auto patches = preprocessNaflex(noise(random, random.intIn(1, 90), random.intIn(1, 90)), config);
        ASSERT_TRUE(patches);
        const std::size_t patch = 16, columns = static_cast<std::size_t>(patches->gridWidth), width = columns * patch;
        for (int probe = 0; probe < 200; ++probe) {
            const std::size_t slot = random.below(256), place = random.below(patch * patch * 3);
            const float value = patches->values[slot * patch * patch * 3 + place];
            if (slot >= static_cast<std::size_t>(patches->validPatches())) {
                ASSERT_EQ(value, 0.0F);
                continue;
            }
            const std::size_t y = slot / columns * patch + place / (patch * 3), x = slot % columns * patch + place / 3 % patch;
            const int pixel = patches->resized.rgb[(y * width + x) * 3 + place % 3];
            ASSERT_NEAR(value, pixel / 127.5 - 1, 1e-6);
        }
    }
}

TEST(ResampleProperty, AConstantPictureStaysConstant)
{
    Random random(/*seed=*/34);
    for (int round = 0; round < 200; ++round) {
        SCOPED_TRACE(round);
        const int width = random.intIn(1, 120), height = random.intIn(1, 120);
        const char grey = static_cast<char>(random.below(256));
        const Frame frame = frameOf(std::string(static_cast<std::size_t>(3 * width * height), grey), width, height, std::ptrdiff_t{3} * width);
        const PixelSize target{random.intIn(1, 120), random.intIn(1, 120)};
        for (const Filter filter : {Filter::Bilinear, Filter::Bicubic}) {
            const ResizedPicture made = resample(frame, target, filter);
            ASSERT_EQ(made.rgb.size(), static_cast<std::size_t>(3 * target.widthPx * target.heightPx));
            ASSERT_EQ(std::ranges::count(made.rgb, static_cast<std::uint8_t>(grey)), static_cast<std::ptrdiff_t>(made.rgb.size()));
        }
    }
}

TEST(ResampleProperty, ARowAloneIsTheRowWithin)
{
    Random random(/*seed=*/35);
    for (int round = 0; round < 100; ++round) {
        SCOPED_TRACE(round);
        const int width = random.intIn(1, 300), height = random.intIn(2, 6), target = random.intIn(1, 300);
        const Frame whole = noise(random, width, height);
        const ResizedPicture made = resample(whole, {height, target}, Filter::Bilinear);
        const int y = random.intIn(0, height - 1);
        const ResizedPicture alone = resample(cropped(whole, {0, y, width, 1}), {1, target}, Filter::Bilinear);
        const auto row = made.rgb.begin() + std::ptrdiff_t{3} * target * y;
        ASSERT_TRUE(std::equal(alone.rgb.begin(), alone.rgb.end(), row));
    }
}

TEST(ResampleProperty, IsWithinOneStepOfAWeightedMeanInFloats)
{
    Random random(/*seed=*/36);
    for (int round = 0; round < 60; ++round) {
        SCOPED_TRACE(round);
        const int in = random.intIn(1, 200), out = random.intIn(1, 200);
        const Frame row = noise(random, in, 1);
        const ResizedPicture made = resample(row, {1, out}, Filter::Bilinear);
        const double scale = static_cast<double>(in) / out, stretch = std::max(scale, 1.0);
        for (int x = 0; x < out; ++x) {
            double sum = 0, weights = 0;
            for (int j = 0; j < in; ++j) {
                const double weight = std::max(0.0, 1 - std::abs(j + 0.5 - (x + 0.5) * scale) / stretch);
                sum += weight * row.row(0)[3 * j];
                weights += weight;
            }
            ASSERT_NEAR(made.rgb[static_cast<std::size_t>(3 * x)], sum / weights, 0.51) << in << " -> " << out << " at " << x;
        }
    }
}

} // namespace
} // namespace auroraedge::engine

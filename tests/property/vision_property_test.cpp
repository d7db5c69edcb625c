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

TEST(ShortestEdgeProperty, TheShorterSideIsTheEdgeAndTheShapeIsKept)
{
    Random random(/*seed=*/37);
    for (int round = 0; round < 20'000; ++round) {
        SCOPED_TRACE(round);
        const PixelSize picture{side(random), side(random)};
        const int edge = random.intIn(1, 1024);
        const PixelSize size = shortestEdgeSize(picture, edge);
        ASSERT_EQ(std::min(size.heightPx, size.widthPx), edge);
        const double shorter = std::min(picture.heightPx, picture.widthPx), longer = std::max(picture.heightPx, picture.widthPx);
        const double exact = edge * longer / shorter;
        ASSERT_LE(std::max(size.heightPx, size.widthPx), exact * (1 + 1e-15));
        ASSERT_GT(std::max(size.heightPx, size.widthPx), exact - 1);
        ASSERT_EQ(shortestEdgeSize({picture.widthPx, picture.heightPx}, edge), (PixelSize{size.widthPx, size.heightPx}));
    }
}

TEST(FixedSizeProperty, EveryFloatIsAPixelOfThePictureInItsPlane)
{
    Random random(/*seed=*/38);
    for (int round = 0; round < 100; ++round) {
        SCOPED_TRACE(round);
        FixedSizeConfig config;
        config.filter = random.below(2) ? Filter::Bilinear : Filter::Bicubic;
        config.padsToSquare = random.below(2) == 0;
        for (int channel = 0; channel < 3; ++channel) {
            config.normalisation.mean[channel] = random.intIn(1, 99) / 100.0;
            config.normalisation.std[channel] = random.intIn(20, 100) / 100.0;
        }
        const PixelSize size{random.intIn(1, 60), random.intIn(1, 60)};
        if (random.below(2))
            config.resize = Stretch{size};
        else
            config.resize = ShortestEdge{std::max(size.heightPx, size.widthPx) + random.intIn(0, 9), size};
        const auto planes = preprocessFixedSize(noise(random, random.intIn(1, 90), random.intIn(1, 90)), config);
        ASSERT_TRUE(planes);
        ASSERT_EQ((PixelSize{planes->picture.heightPx, planes->picture.widthPx}), size);
        const std::size_t pixels = static_cast<std::size_t>(size.heightPx * size.widthPx);
        ASSERT_EQ(planes->picture.rgb.size(), 3 * pixels);
        ASSERT_EQ(planes->values.size(), 3 * pixels);
        for (std::size_t i = 0; i < 3 * pixels; ++i) {
            const std::size_t channel = i / pixels;
            const double pixel = planes->picture.rgb[i % pixels * 3 + channel];
            ASSERT_NEAR(planes->values[i], (pixel / 255 - config.normalisation.mean[channel]) / config.normalisation.std[channel], 1e-6);
        }
    }
}

/// A frame somewhere on a larger canvas, and the box of the target that is asked for.
struct Placed
{
    Frame frame;
    Canvas canvas;
    PixelSize target;
    PixelBox box;
};

Placed placed(Random &random)
{
    Placed made;
    made.frame = noise(random, random.intIn(1, 60), random.intIn(1, 60));
    const int left = random.intIn(0, 40), top = random.intIn(0, 40);
    made.canvas = {{made.frame.heightPx + top + random.intIn(0, 40), made.frame.widthPx + left + random.intIn(0, 40)}, left, top, {}};
    for (std::uint8_t &colour : made.canvas.colour)
        colour = static_cast<std::uint8_t>(random.below(256));
    made.target = {random.intIn(1, 150), random.intIn(1, 150)};
    made.box.x = random.intIn(0, made.target.widthPx - 1);
    made.box.y = random.intIn(0, made.target.heightPx - 1);
    made.box.width = random.intIn(1, made.target.widthPx - made.box.x);
    made.box.height = random.intIn(1, made.target.heightPx - made.box.y);
    return made;
}

TEST(ResampleProperty, ABoxOfACanvasIsCutFromTheWholeCanvasResized)
{
    Random random(/*seed=*/39);
    for (int round = 0; round < 400; ++round) {
        SCOPED_TRACE(round);
        const Placed given = placed(random);
        std::string canvas;
        for (int i = 0; i < given.canvas.size.heightPx * given.canvas.size.widthPx; ++i)
            canvas.append(reinterpret_cast<const char *>(given.canvas.colour.data()), 3);
        for (int y = 0; y < given.frame.heightPx; ++y)
            std::copy_n(given.frame.row(y), 3 * given.frame.widthPx, canvas.begin() + 3 * ((given.canvas.top + y) * given.canvas.size.widthPx + given.canvas.left));
        const Frame whole = frameOf(canvas, given.canvas.size.widthPx, given.canvas.size.heightPx, std::ptrdiff_t{3} * given.canvas.size.widthPx);
        for (const Filter filter : {Filter::Bilinear, Filter::Bicubic}) {
            const ResizedPicture part = resample(given.frame, given.canvas, given.target, filter, given.box);
            const ResizedPicture all = resample(whole, given.target, filter);
            ASSERT_EQ(part.widthPx, given.box.width);
            ASSERT_EQ(part.heightPx, given.box.height);
            for (int y = 0; y < part.heightPx; ++y) {
                const auto row = part.rgb.begin() + 3 * y * part.widthPx;
                ASSERT_TRUE(std::equal(row, row + 3 * part.widthPx, all.rgb.begin() + 3 * ((given.box.y + y) * all.widthPx + given.box.x))) << "row " << y;
            }
        }
    }
}

TEST(ResampleProperty, TheSameSizeIsTheSamePicture)
{
    Random random(/*seed=*/40);
    for (int round = 0; round < 100; ++round) {
        SCOPED_TRACE(round);
        const Frame frame = noise(random, random.intIn(1, 90), random.intIn(1, 90));
        for (const Filter filter : {Filter::Bilinear, Filter::Bicubic}) {
            const ResizedPicture made = resample(frame, {frame.heightPx, frame.widthPx}, filter);
            for (int y = 0; y < frame.heightPx; ++y)
                ASSERT_TRUE(std::equal(frame.row(y), frame.row(y) + 3 * frame.widthPx, made.rgb.begin() + 3 * y * frame.widthPx));
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

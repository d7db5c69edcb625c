#include "app/inspection/asked_scene.h"
#include "app/inspection/interval_trigger.h"
#include "app/inspection/motion_trigger.h"
#include "tests/support/test_frame.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>
#include <vector>

namespace auroraedge::app {
namespace {

using auroraedge::testing::frameOf;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

const Clock::time_point kStart = Clock::time_point() + 1h;

TEST(IntervalTrigger, IsDueOnceAPeriod)
{
    IntervalTrigger trigger(100ms, kStart);
    EXPECT_EQ(trigger.takeDue(kStart), 0U);
    EXPECT_EQ(trigger.takeDue(kStart + 99ms), 0U);
    EXPECT_EQ(trigger.takeDue(kStart + 100ms), 1U);
    EXPECT_EQ(trigger.takeDue(kStart + 100ms), 0U);
    EXPECT_EQ(trigger.takeDue(kStart + 199ms), 0U);
    EXPECT_EQ(trigger.takeDue(kStart + 200ms), 1U);
}

TEST(IntervalTrigger, KeepsItsMomentsWhenItIsLookedAtLate)
{
    IntervalTrigger trigger(100ms, kStart);
    EXPECT_EQ(trigger.takeDue(kStart + 130ms), 1U);
    EXPECT_EQ(trigger.next(), kStart + 200ms) << "lateness must not add up";
    EXPECT_EQ(trigger.takeDue(kStart + 200ms), 1U);
}

TEST(IntervalTrigger, TellsHowManyMomentsWereMissedAndQueuesNone)
{
    IntervalTrigger trigger(100ms, kStart);
    EXPECT_EQ(trigger.takeDue(kStart + 570ms), 5U);
    EXPECT_EQ(trigger.takeDue(kStart + 580ms), 0U);
    EXPECT_EQ(trigger.takeDue(kStart + 600ms), 1U);
}

/// A grey picture with a bright square of @p edgePx at (@p x, @p y); every pixel is off by a little noise.
Frame scene(int x, int y, int edgePx, unsigned noiseSeed = 1, int widthPx = 640, int heightPx = 480)
{
    std::vector<std::uint8_t> bytes(std::size_t{3} * static_cast<std::size_t>(widthPx) * static_cast<std::size_t>(heightPx));
    unsigned state = noiseSeed;
    for (int row = 0; row < heightPx; ++row) {
        for (int column = 0; column < widthPx; ++column) {
            const bool isPart = column >= x && column < x + edgePx && row >= y && row < y + edgePx;
            std::uint8_t *pixel = bytes.data() + std::size_t{3} * static_cast<std::size_t>(row * widthPx + column);
            for (int channel = 0; channel < 3; ++channel) {
                state = state * 1'664'525U + 1'013'904'223U;
                pixel[channel] = static_cast<std::uint8_t>((isPart ? 210 : 90) + static_cast<int>(state >> 28));
            }
        }
    }
    return frameOf(std::move(bytes), widthPx, heightPx);
}

TEST(MotionMeter, TellsNothingOfTheFirstPictureAndOfOneOfAnotherSize)
{
    MotionMeter meter;
    EXPECT_FALSE(meter.changeTo(scene(0, 0, 100)));
    EXPECT_EQ(meter.changeTo(scene(0, 0, 100)), 0.0);
    EXPECT_FALSE(meter.changeTo(scene(0, 0, 100, 1, 320, 240)));
    EXPECT_EQ(meter.changeTo(scene(0, 0, 100, 1, 320, 240)), 0.0);
    meter.forget();
    EXPECT_FALSE(meter.changeTo(scene(0, 0, 100, 1, 320, 240)));
}

TEST(MotionMeter, DoesNotTakeNoiseForMotion)
{
    MotionMeter meter;
    (void)meter.changeTo(scene(0, 0, 100, 1));
    for (unsigned seed = 2; seed < 12; ++seed)
        EXPECT_EQ(meter.changeTo(scene(0, 0, 100, seed)), 0.0) << seed;
}

TEST(MotionMeter, TellsTheShareOfThePictureThatChanged)
{
    MotionMeter meter;
    (void)meter.changeTo(scene(0, 0, 0));
    // A square of 160 x 160 comes into 640 x 480: one twelfth of the picture.
    EXPECT_NEAR(meter.changeTo(scene(160, 160, 160)).value_or(0), 1.0 / 12, 0.01);
    EXPECT_NEAR(meter.changeTo(scene(320, 160, 160)).value_or(0), 2.0 / 12, 0.01) << "it left one place and came to another";
}

TEST(MotionMeter, LooksAtTheGivenPartAlone)
{
    MotionMeter meter;
    const PixelBox watched{400, 300, 200, 150};
    (void)meter.changeTo(cropped(scene(0, 0, 100), watched));
    EXPECT_EQ(meter.changeTo(cropped(scene(100, 0, 100), watched)), 0.0);
    EXPECT_NEAR(meter.changeTo(cropped(scene(400, 300, 300), watched)).value_or(0), 1, 0.01);
}

TEST(MotionMeter, BearsPartsWithFewerPixelsThanCells)
{
    MotionMeter meter;
    (void)meter.changeTo(scene(0, 0, 0, 1, 16, 16));
    EXPECT_NEAR(meter.changeTo(scene(0, 0, 8, 1, 16, 16)).value_or(0), 0.25, 0.01);
}

/// A grey picture with a square of 30 x 30 of one colour.
Frame coloured(std::uint8_t red, std::uint8_t green, std::uint8_t blue)
{
    constexpr int kWidthPx = 640, kHeightPx = 480;
    std::vector<std::uint8_t> bytes(std::size_t{3} * kWidthPx * kHeightPx, 90);
    for (std::size_t row = 205; row < 235; ++row) {
        for (std::size_t column = 313; column < 343; ++column)
            std::ranges::copy(std::array{red, green, blue}, bytes.begin() + static_cast<std::ptrdiff_t>(3 * (row * kWidthPx + column)));
    }
    return frameOf(std::move(bytes), kWidthPx, kHeightPx);
}

Frame brighter(const Frame &frame, int by)
{
    std::vector<std::uint8_t> bytes;
    for (int row = 0; row < frame.heightPx; ++row)
        std::transform(frame.row(row), frame.row(row) + 3 * frame.widthPx, std::back_inserter(bytes),
                       [by](std::uint8_t value) { return static_cast<std::uint8_t>(value + by); });
    return frameOf(std::move(bytes), frame.widthPx, frame.heightPx);
}

class AskedSceneTest : public ::testing::Test
{
protected:
    static Frame at(Frame frame, std::chrono::milliseconds time)
    {
        frame.capturedAt = kStart + time;
        return frame;
    }

    AskedScene m_scene;
};

TEST_F(AskedSceneTest, IsShownAsLongAsNothingMovesWhateverTheNoise)
{
    m_scene.ask(at(scene(100, 100, 60, 1), 0ms), std::nullopt);
    for (unsigned seed = 2; seed < 40; ++seed)
        EXPECT_TRUE(m_scene.isShownBy(at(scene(100, 100, 60, seed), 40ms * static_cast<int>(seed)))) << seed;
}

TEST_F(AskedSceneTest, IsShownByASmallPartOfThePictureToo)
{
    const PixelBox region{90, 90, 40, 30}; // each pixel is compared for itself, with all its noise
    m_scene.ask(at(scene(100, 100, 60, 1), 0ms), region);
    for (unsigned seed = 2; seed < 40; ++seed)
        EXPECT_TRUE(m_scene.isShownBy(at(scene(100, 100, 60, seed), 40ms * static_cast<int>(seed)))) << seed;
}

TEST_F(AskedSceneTest, IsGoneWithASmallPartWhereverItLay)
{
    for (int offset = 0; offset < 10; ++offset) {
        m_scene.ask(at(scene(300 + offset, 203 + offset, 30, 1), 0ms), std::nullopt);
        EXPECT_FALSE(m_scene.isShownBy(at(scene(0, 0, 0, 2), 40ms))) << offset;
    }
}

TEST_F(AskedSceneTest, IsGoneWhenAPartOfTheSameGreyAndOfAnotherColourTakesItsPlace)
{
    m_scene.ask(at(coloured(200, 50, 50), 0ms), std::nullopt);
    EXPECT_TRUE(m_scene.isShownBy(at(coloured(200, 50, 50), 40ms)));
    EXPECT_FALSE(m_scene.isShownBy(at(coloured(50, 50, 200), 80ms)));
}

TEST_F(AskedSceneTest, IsShownInLightThatDriftsSlowlyButNotAfterASuddenChange)
{
    const Frame picture = scene(100, 100, 60, 1, 320, 240);
    m_scene.ask(at(picture, 0ms), std::nullopt);
    std::chrono::milliseconds time = 0ms;
    for (; time < 60s; time += 480ms)
        ASSERT_TRUE(m_scene.isShownBy(at(brighter(picture, static_cast<int>(time / 2s)), time))) << time.count();
    EXPECT_FALSE(m_scene.isShownBy(at(brighter(picture, 10), time))) << "a lamp went out";
}

TEST_F(AskedSceneTest, IsGoneForGoodOnceSomethingElseWasShown)
{
    const auto same = [](std::chrono::milliseconds time) { return at(scene(100, 100, 60), time); };
    m_scene.ask(same(0ms), std::nullopt);
    EXPECT_TRUE(m_scene.isShownBy(same(40ms)));
    EXPECT_FALSE(m_scene.isShownBy(at(scene(130, 100, 60), 80ms)));
    EXPECT_FALSE(m_scene.isShownBy(same(120ms))) << "it looks the same, and may be the next part";
    m_scene.ask(same(160ms), std::nullopt);
    EXPECT_TRUE(m_scene.isShownBy(same(200ms)));
}

TEST_F(AskedSceneTest, IsGoneAfterAGapInWhichAPartCouldHaveBeenExchanged)
{
    m_scene.ask(at(scene(100, 100, 60, 1), 0ms), std::nullopt);
    EXPECT_TRUE(m_scene.isShownBy(at(scene(100, 100, 60, 2), 500ms)));
    EXPECT_FALSE(m_scene.isShownBy(at(scene(100, 100, 60, 3), 1'001ms)));
}

TEST_F(AskedSceneTest, IsShownByTheVerySamePictureHoweverLongItTakesToComeAgain)
{
    m_scene.ask(at(scene(100, 100, 60, 1), 0ms), std::nullopt);
    EXPECT_TRUE(m_scene.isShownBy(at(scene(100, 100, 60, 1), 2s))) << "a file that is shown every two seconds";
    EXPECT_FALSE(m_scene.isShownBy(at(scene(101, 100, 60, 1), 4s)));
}

TEST_F(AskedSceneTest, IsThePartThatWasAskedAboutAlone)
{
    m_scene.ask(at(scene(100, 100, 60), 0ms), PixelBox{400, 300, 200, 150});
    EXPECT_TRUE(m_scene.isShownBy(at(scene(200, 100, 60), 40ms)));
    EXPECT_FALSE(m_scene.isShownBy(at(scene(420, 320, 30), 80ms)));
}

TEST_F(AskedSceneTest, IsNotShownByAPictureOfAnotherSizeOrBeforeAnyQuestion)
{
    EXPECT_FALSE(m_scene.isShownBy(at(scene(0, 0, 60), 0ms)));
    m_scene.ask(at(scene(0, 0, 60), 0ms), std::nullopt);
    EXPECT_FALSE(m_scene.isShownBy(at(scene(0, 0, 60, 1, 320, 240), 40ms)));
    m_scene.ask(at(scene(0, 0, 60), 0ms), std::nullopt);
    m_scene.forget(); // another source
    EXPECT_FALSE(m_scene.isShownBy(at(scene(0, 0, 60), 40ms)));
}

/// Feeds levels of motion, one every 100 ms.
std::vector<int> firedAt(MotionTrigger &trigger, const std::vector<double> &levels)
{
    std::vector<int> fired;
    for (int i = 0; i < static_cast<int>(levels.size()); ++i) {
        if (trigger.update(levels[static_cast<std::size_t>(i)], kStart + i * 100ms))
            fired.push_back(i);
    }
    return fired;
}

TEST(MotionTrigger, FiresOncePerPartWhenItHasComeToRest)
{
    MotionTrigger trigger(0.03, 300ms);
    //                                         0  1    2    3    4  5  6  7  8  9    10 11 12 13
    EXPECT_EQ(firedAt(trigger, {0, 0.2, 0.3, 0.1, 0, 0, 0, 0, 0, 0.2, 0, 0, 0, 0}), (std::vector{6, 12}));
}

TEST(MotionTrigger, DoesNotFireWhileThePartStillMoves)
{
    MotionTrigger trigger(0.03, 300ms);
    EXPECT_EQ(firedAt(trigger, {0.2, 0, 0, 0.2, 0, 0, 0.2, 0, 0, 0.2}), std::vector<int>{});
}

TEST(MotionTrigger, DoesNotFireBelowItsThresholdOrWithoutMotion)
{
    MotionTrigger trigger(0.03, 300ms);
    EXPECT_EQ(firedAt(trigger, {0, 0.02, 0.029, 0, 0, 0, 0, 0}), std::vector<int>{});
    EXPECT_EQ(firedAt(trigger, {0.03, 0, 0, 0}), (std::vector{3})) << "the threshold itself is motion";
}

TEST(MotionTrigger, ForgetsWhatMovedBeforeAPause)
{
    MotionTrigger trigger(0.03, 300ms);
    EXPECT_EQ(firedAt(trigger, {0.2, 0.2}), std::vector<int>{});
    trigger.forget();
    EXPECT_EQ(firedAt(trigger, {0, 0, 0, 0, 0, 0}), std::vector<int>{});
}

} // namespace
} // namespace auroraedge::app

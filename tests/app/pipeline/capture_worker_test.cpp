#include "app/pipeline/capture_worker.h"

#include "tests/app/pipeline/journal.h"
#include "tests/support/held_resources.h"
#include "tests/support/scripted_camera.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string>
#include <thread>
#include <vector>

namespace auroraedge::app {
namespace {

using auroraedge::testing::HeldResources;
using auroraedge::testing::heldResources;
using auroraedge::testing::Journal;
using auroraedge::testing::kMemoryTells;
using auroraedge::testing::Script;
using auroraedge::testing::ScriptedCamera;
using plugins::FrameSource;
using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;
using Condition = CaptureState::Condition;
namespace script = auroraedge::testing;

constexpr milliseconds kForever{600'000};

class CaptureWorkerTest : public ::testing::Test
{
protected:
    struct Delivered
    {
        std::uint64_t sequence;
        ScriptedCamera::Mark mark;
        int openings; ///< of the camera when the frame came
        Clock::time_point at;
    };

    ~CaptureWorkerTest() override
    {
        if (m_camera)
            m_camera->release();
        m_worker.reset();
    }

    void start(Script steps)
    {
        m_camera = ScriptedCamera::create(std::move(steps), m_description);
        m_worker.emplace(opener(), listener(), m_settings);
    }

    CaptureWorker::Opener opener()
    {
        return [camera = m_camera]() -> Result<std::unique_ptr<FrameSource>> {
            std::unique_ptr<FrameSource> source = camera->makeSource();
            if (const Result<void> opened = source->open("uvc:scripted", {.shownAs = "uvc:scripted"}); !opened)
                return failure(opened.error());
            return source;
        };
    }

    CaptureListener listener()
    {
        return {[this](const Frame &frame) {
                    m_frames.add({frame.sequence, ScriptedCamera::markOf(frame), m_camera->openings(), Clock::now()});
                },
                [this](const CaptureState &state) {
                    m_states.add(state);
                    m_toldAt.add(Clock::now());
                },
                [this](const plugins::ControlStates &controls) { m_controls.add(controls); }};
    }

    [[nodiscard]] bool waitForLost(ErrorCode code, std::ptrdiff_t times = 1)
    {
        return m_states.waitFor([=](const std::vector<CaptureState> &states) {
            return std::ranges::count_if(states, [code](const CaptureState &state) {
                return state.condition == Condition::Lost && state.error->code == code;
            }) >= times;
        });
    }
    [[nodiscard]] bool waitForLive(std::ptrdiff_t times)
    {
        return m_states.waitFor([times](const std::vector<CaptureState> &states) {
            return std::ranges::count(states, Condition::Live, &CaptureState::condition) >= times;
        });
    }
    [[nodiscard]] std::vector<CaptureState> lost() const
    {
        std::vector<CaptureState> found;
        for (const CaptureState &state : m_states.entries()) {
            if (state.condition == Condition::Lost)
                found.push_back(state);
        }
        return found;
    }

    CaptureSettings m_settings{.openLimit = milliseconds(300),
                               .abandonAfter = milliseconds(100),
                               .firstPause = milliseconds(5),
                               .lastPause = milliseconds(20)};
    plugins::SourceDescription m_description{.label = "scripted",
                                             .device = {},
                                             .isLive = true,
                                             .isSimulated = false,
                                             .longestGap = milliseconds(120),
                                             .longestFreeze = milliseconds(120)};
    std::shared_ptr<ScriptedCamera> m_camera;
    Journal<Delivered> m_frames;
    Journal<CaptureState> m_states;
    Journal<Clock::time_point> m_toldAt; ///< of each state
    Journal<plugins::ControlStates> m_controls;
    std::optional<CaptureWorker> m_worker; ///< last: tells the journals until it is gone
};

TEST_F(CaptureWorkerTest, DeliversFramesAndSaysWhatTheSourceIs)
{
    start({});
    ASSERT_TRUE(m_frames.waitForCount(10));
    ASSERT_TRUE(waitForLive(1));
    const std::vector<CaptureState> states = m_states.entries();
    EXPECT_EQ(states[0].condition, Condition::Opening);
    EXPECT_EQ(states[1].condition, Condition::Live);
    EXPECT_EQ(states[1].source.label, "scripted");
}

TEST_F(CaptureWorkerTest, TellsAStallWithinItsLimitAndOpensAgain)
{
    const Clock::time_point begun = Clock::now();
    start({script::frames(3), script::end()});
    ASSERT_TRUE(waitForLost(code::CameraNoFrame));
    EXPECT_GE(Clock::now() - begun, m_description.longestGap);
    ASSERT_TRUE(waitForLive(2));
    EXPECT_EQ(lost()[0].error->message, "no frame for 0.1 s");
    EXPECT_TRUE(lost()[0].wasLive);
}

TEST_F(CaptureWorkerTest, AStallOfACameraIsToldWithinTwoSecondsByItself)
{
    const plugins::SourceDescription asShipped;
    EXPECT_LT(asShipped.longestGap, milliseconds(2'000));
    EXPECT_LT(asShipped.longestFreeze, milliseconds(2'000));
    const CaptureSettings settings;
    EXPECT_EQ(settings.firstPause, milliseconds(500));
    EXPECT_EQ(settings.lastPause, milliseconds(10'000));
}

TEST_F(CaptureWorkerTest, ALossIsToldBeforeTheDriverThatHangsIsWaitedFor)
{
    m_settings.abandonAfter = milliseconds(3'000);
    start({script::frames(3), script::hangInRead(kForever)});
    ASSERT_TRUE(waitForLost(code::CameraNoFrame));
    // The driver still hangs: a worker that had waited for it would have told 3 s later.
    EXPECT_EQ(CaptureWorker::abandonedReaders(), 0);
    EXPECT_LT(Clock::now() - m_frames.entries().back().at, milliseconds(2'000));
}

TEST_F(CaptureWorkerTest, AStallThatEndsInTimeIsNoLoss)
{
    m_description.longestGap = milliseconds(3'000);
    start({script::frames(3), script::stall(milliseconds(40)), script::frames(20)});
    ASSERT_TRUE(m_frames.waitForCount(30));
    EXPECT_EQ(m_camera->openings(), 1);
}

TEST_F(CaptureWorkerTest, SequencesGoOnOverOpenings)
{
    m_settings.lastSequence = 100;
    start({script::frames(2), script::unplug({}), script::frames(2), script::unplug({}), script::frames(2)});
    ASSERT_TRUE(m_frames.waitForCount(6));
    const std::vector<Delivered> delivered = m_frames.entries();
    for (std::size_t i = 0; i < 6; ++i)
        EXPECT_EQ(delivered[i].sequence, 101 + i);
    EXPECT_EQ(m_camera->openings(), 3);
}

TEST_F(CaptureWorkerTest, ReportsWhyASourceCannotBeOpenedAndTriesAgain)
{
    start({script::refuseOpen(3), script::throwInOpen()});
    ASSERT_TRUE(waitForLive(1));
    const std::vector<CaptureState> told = lost();
    ASSERT_EQ(told.size(), 4U);
    EXPECT_EQ(told[0].error->code, code::CameraBusy);
    EXPECT_FALSE(told[0].wasLive);
    EXPECT_EQ(told[2].attempt, 3);
    EXPECT_EQ(told[3].error->code, code::PluginOff);
}

TEST_F(CaptureWorkerTest, ARefusedLoginIsNotTriedAgainUntilSomebodyOpensTheSourceAnew)
{
    start({script::frames(3), script::unplug({}), script::refuseLogin(1)});
    ASSERT_TRUE(waitForLost(code::CameraLogin));
    const std::size_t tries = m_camera->addresses().size();
    m_worker->openNow(); // a webcam was plugged in
    std::this_thread::sleep_for(20 * m_settings.lastPause);
    EXPECT_EQ(m_camera->addresses().size(), tries);
    EXPECT_EQ(m_states.entries().back().condition, Condition::Lost);
    const Clock::time_point ending = Clock::now();
    m_worker.reset();
    EXPECT_LT(Clock::now() - ending, m_settings.abandonAfter);
    m_worker.emplace(opener(), listener(), m_settings);
    EXPECT_TRUE(waitForLive(2));
}

TEST_F(CaptureWorkerTest, APictureThatStandsStillIsToldLongBeforeItCountsAsFrozenAndNoLongerOnceItChanges)
{
    m_settings.stillAfter = milliseconds(60);
    m_description.longestFreeze = milliseconds(60'000);
    start({script::frames(3), script::freeze(40), script::frames(3)});
    const auto told = [this](bool isStill) {
        return m_states.waitFor([=](const std::vector<CaptureState> &states) {
            return std::ranges::any_of(states, &CaptureState::isStill) && (isStill || !states.back().isStill);
        });
    };
    ASSERT_TRUE(told(true));
    ASSERT_TRUE(told(false));
    EXPECT_TRUE(lost().empty());
    EXPECT_EQ(m_camera->openings(), 1);
}

TEST_F(CaptureWorkerTest, PausesDoubleUpToTheLastAndAreShortAgainAfterFrames)
{
    m_settings.firstPause = milliseconds(20);
    m_settings.lastPause = milliseconds(80);
    start({script::refuseOpen(5), script::frames(1), script::unplug({}), script::refuseOpen(1)});
    ASSERT_TRUE(waitForLive(2));
    const std::vector<CaptureState> states = m_states.entries();
    const std::vector<Clock::time_point> times = m_toldAt.entries();
    std::vector<milliseconds> pauses;
    for (std::size_t i = 1; i < times.size(); ++i) {
        if (states[i].condition == Condition::Opening)
            pauses.push_back(std::chrono::ceil<milliseconds>(times[i] - times[i - 1]));
    }
    const std::array least = {20, 40, 80, 80, 80, 20, 40};
    ASSERT_EQ(pauses.size(), least.size());
    for (std::size_t i = 0; i < least.size(); ++i)
        EXPECT_GE(pauses[i], milliseconds(least[i])) << i;
}

TEST_F(CaptureWorkerTest, WhatWasPluggedInIsOpenedWithoutWaitingForThePause)
{
    m_settings.firstPause = kForever;
    m_settings.lastPause = kForever;
    start({script::refuseOpen(1)});
    ASSERT_TRUE(waitForLost(code::CameraBusy));
    m_worker->openNow();
    EXPECT_TRUE(waitForLive(1));
}

TEST_F(CaptureWorkerTest, EqualFramesOfALiveSourceCountAsFrozenByTheirTimeAndNotByTheirNumber)
{
    start({script::pace(milliseconds(1)), script::frames(3), script::freeze(10'000)});
    ASSERT_TRUE(waitForLost(code::CameraFrozen));
    EXPECT_TRUE(lost()[0].error->message.starts_with("picture is frozen (")) << lost()[0].error->message;
    ASSERT_TRUE(m_toldAt.waitForCount(3));
    const std::vector<Delivered> delivered = m_frames.entries();
    EXPECT_GE(m_toldAt.entries()[2] - delivered[2].at, m_description.longestFreeze);
}

TEST_F(CaptureWorkerTest, HowLongFramesMayBeEqualIsAskedWithEachOfThem)
{
    m_description.longestFreeze = kForever;
    start({script::pace(milliseconds(1)), script::frames(3), script::freeze(1'000'000)});
    ASSERT_TRUE(m_frames.waitForCount(300));
    EXPECT_TRUE(lost().empty());
    m_camera->setLongestFreeze(milliseconds(20)); // the stream has shown its noise
    EXPECT_TRUE(waitForLost(code::CameraFrozen));
}

TEST_F(CaptureWorkerTest, AFewEqualFramesAreNoHangingCamera)
{
    m_description.longestGap = m_description.longestFreeze = milliseconds(3'000);
    start({script::frames(3), script::freeze(5), script::frames(20)});
    ASSERT_TRUE(m_frames.waitForCount(30));
    EXPECT_EQ(m_camera->openings(), 1);
}

TEST_F(CaptureWorkerTest, AFrozenPictureIsNotDeliveredAgainAfterItsCameraWasOpenedAgain)
{
    m_description.longestFreeze = milliseconds(60);
    start({script::frames(3), script::freeze(120)}); // longer than two openings
    ASSERT_TRUE(waitForLost(code::CameraFrozen, 2));
    ASSERT_TRUE(waitForLive(2));
    const std::vector<Delivered> delivered = m_frames.entries();
    for (const Delivered &frame : delivered)
        EXPECT_TRUE(frame.openings == 1 || frame.mark != delivered[2].mark) << "picture 3 in opening " << frame.openings;
}

TEST_F(CaptureWorkerTest, ASourceThatSaidItselfThatItHangsIsTrustedAgainOnlyAfterItHasHadTheTimeToSayItAgain)
{
    m_settings.probation = milliseconds(300);
    start({script::pace(milliseconds(1)), script::frames(3), script::tellFrozen(), script::frames(20), script::tellFrozen()});
    ASSERT_TRUE(waitForLost(code::CameraFrozen, 2));
    ASSERT_TRUE(waitForLive(2));
    const std::vector<Delivered> delivered = m_frames.entries();
    for (const Delivered &frame : delivered)
        EXPECT_NE(frame.openings, 2) << "the 20 pictures between may be of a hanging camera";
    EXPECT_TRUE(std::any_of(delivered.begin(), delivered.end(), [](const Delivered &frame) { return frame.openings == 3; }));
}

TEST_F(CaptureWorkerTest, EqualFramesOfAVideoAreNotFrozen)
{
    m_description.isLive = false;
    start({script::frames(1), script::freeze(60)});
    ASSERT_TRUE(m_frames.waitForCount(61));
    EXPECT_EQ(m_camera->openings(), 1);
}

TEST_F(CaptureWorkerTest, PicturesThatTheSourceLeavesOutAreToldWhenThereAreMore)
{
    m_description.isLive = false;
    const auto isTold = [this](int pictures) {
        return m_states.waitFor([pictures](const std::vector<CaptureState> &states) { return states.back().source.leftOut.pictures == pictures; });
    };
    start({});
    ASSERT_TRUE(waitForLive(1));
    m_camera->setLeftOut({1, Error{code::ImageEmpty, "b.png is empty (0 bytes)", "/parts/b.png"}});
    ASSERT_TRUE(isTold(1));
    m_camera->setLeftOut({2, Error{code::ImageEmpty, "b.png is empty (0 bytes)", "/parts/b.png"}});
    ASSERT_TRUE(isTold(2));
    const std::size_t frames = m_frames.entries().size();
    ASSERT_TRUE(m_frames.waitForCount(frames + 10));
    EXPECT_EQ(m_states.entries().size(), 4U) << "opening, live, and one for each more";
    EXPECT_EQ(m_states.entries().back().condition, Condition::Live);
    EXPECT_EQ(m_states.entries().back().source.leftOut.first->code, code::ImageEmpty);
}

TEST_F(CaptureWorkerTest, AbandonsAReaderThatHangsAndNeverHearsOfItAgain)
{
    start({script::frames(1), script::hangInRead(kForever), script::frames(40)});
    ASSERT_TRUE(waitForLost(code::CameraNoFrame));
    ASSERT_TRUE(waitForLive(2));
    EXPECT_EQ(CaptureWorker::abandonedReaders(), 1);
    ASSERT_TRUE(m_frames.waitForCount(41));
    m_camera->release(); // the driver comes back with its old frame
    while (CaptureWorker::abandonedReaders() > 0)
        std::this_thread::yield();
    const std::vector<Delivered> delivered = m_frames.entries();
    EXPECT_EQ(std::ranges::count(delivered, delivered[0].mark, &Delivered::mark), 1);
}

TEST_F(CaptureWorkerTest, ADriverThatHangsEachTimeCostsAFewThreadsAndNotAll)
{
    m_settings.openLimit = milliseconds(5);
    m_settings.abandonAfter = milliseconds(1);
    Script hangs;
    for (int i = 0; i < 30; ++i)
        hangs.push_back(script::hangInOpen(kForever));
    start(std::move(hangs));
    ASSERT_TRUE(waitForLost(code::CameraNoFrame, 8));
    std::this_thread::sleep_for(10 * m_settings.lastPause);
    EXPECT_EQ(CaptureWorker::abandonedReaders(), 8);
    m_camera->release();
    EXPECT_TRUE(waitForLive(1));
}

TEST_F(CaptureWorkerTest, EndsPromptlyWhileADriverHangs)
{
    m_settings.openLimit = kForever;
    start({script::hangInOpen(kForever)});
    ASSERT_TRUE(m_states.waitForCount(1));
    while (m_camera->addresses().empty())
        std::this_thread::yield();
    const Clock::time_point begun = Clock::now();
    m_worker.reset();
    EXPECT_LT(Clock::now() - begun, milliseconds(2'000));
}

TEST_F(CaptureWorkerTest, SurvivesASourceThatThrowsOrGivesImpossibleFrames)
{
    start({script::throwing(), script::garbage(), script::shortBuffer(), script::frames(1)});
    ASSERT_TRUE(waitForLost(code::PluginOff));
    ASSERT_TRUE(waitForLost(code::CameraNoFrame, 2));
    ASSERT_TRUE(waitForLive(1));
    EXPECT_EQ(m_frames.entries()[0].openings, 4);
}

TEST_F(CaptureWorkerTest, AnUnpluggedCameraIsToldAtOnceAndComesBack)
{
    start({script::frames(3), script::unplug(milliseconds(60))});
    ASSERT_TRUE(waitForLost(code::CameraNotFound));
    EXPECT_EQ(lost()[0].error->message, "camera was unplugged");
    ASSERT_TRUE(waitForLive(2));
}

TEST_F(CaptureWorkerTest, AnotherCameraAtTheSameAddressIsRefusedUntilTheRightOneIsBack)
{
    m_description.device = "046d:0825 123";
    start({script::frames(3), script::unplug({}), script::swap("046d:0825 456"), script::swap("046d:0825 123")});
    ASSERT_TRUE(waitForLost(code::CameraOther));
    EXPECT_EQ(lost()[1].error->message, "camera 046d:0825 123 expected, 046d:0825 456 found");
    ASSERT_TRUE(waitForLive(2));
    ASSERT_TRUE(m_frames.waitForCount(4));
    EXPECT_EQ(m_frames.entries()[3].openings, 3); // none of the wrong one
}

TEST_F(CaptureWorkerTest, ACameraThatIsKnownFromBeforeIsExpectedFromTheStart)
{
    m_description.device = "046d:0825 456";
    m_settings.expectedDevice = "046d:0825 123";
    start({});
    ASSERT_TRUE(waitForLost(code::CameraOther, 2));
    EXPECT_TRUE(m_frames.entries().empty());
}

TEST_F(CaptureWorkerTest, CameraSettingsAreToldAfterEachOpeningAndWhenTheyChange)
{
    using plugins::CameraControl;
    m_settings.camera = {{CameraControl::Exposure, {false, 120}}};
    start({script::frames(3), script::unplug({}), script::frames(3)});
    m_camera->setControls({{CameraControl::Exposure, plugins::ControlState::Condition::Adjustable, {true, 0}, 1, 500, 1, true}});
    ASSERT_TRUE(waitForLive(2));
    ASSERT_TRUE(m_controls.waitForCount(2));
    const auto toldThreeTimes = m_settings.camera;
    EXPECT_EQ(m_camera->adjustments()[0], toldThreeTimes);
    EXPECT_EQ(m_camera->adjustments()[1], toldThreeTimes);

    m_worker->adjust({{CameraControl::Exposure, {false, 300}}});
    ASSERT_TRUE(m_controls.waitForCount(3));
    ASSERT_EQ(m_controls.entries()[2].size(), 1U);
    EXPECT_EQ(m_controls.entries()[2][0].setting, (plugins::ControlSetting{false, 300}));
    m_camera->then({script::unplug({}), script::frames(1)});
    ASSERT_TRUE(m_controls.waitForCount(4));
    EXPECT_EQ(m_camera->adjustments()[3].at(CameraControl::Exposure), (plugins::ControlSetting{false, 300}));
}

TEST_F(CaptureWorkerTest, FiveHundredUnplugCyclesLeaveNoThreadNoDescriptorAndNoMemoryBehind)
{
    constexpr int kCycles = 500, kWarmUp = 100;
    m_settings.firstPause = milliseconds(1);
    m_settings.lastPause = milliseconds(1);
    m_camera = ScriptedCamera::create({script::pace(milliseconds(1))}, m_description);
    std::atomic<int> losses = 0, returns = 0;
    HeldResources before;
    {
        Journal<int> cycles;
        CaptureWorker worker(opener(),
                             {[](const Frame &) {},
                              [&](const CaptureState &state) {
                                  losses += state.condition == Condition::Lost ? 1 : 0;
                                  if (state.condition == Condition::Live)
                                      cycles.add(++returns);
                              },
                              {}},
                             m_settings);
        for (int cycle = 1; cycle <= kCycles; ++cycle) {
            ASSERT_TRUE(cycles.waitForCount(static_cast<std::size_t>(cycle)));
            m_camera->then({script::frames(2), script::unplug({}), script::frames(2)});
            if (cycle == kWarmUp)
                before = heldResources();
        }
        ASSERT_TRUE(cycles.waitForCount(kCycles + 1));
        const HeldResources after = heldResources();
        EXPECT_LE(after.threads, before.threads + 1); // a reader may be ending while the next one begins
        EXPECT_LE(after.descriptors, before.descriptors);
        if (kMemoryTells) {
            EXPECT_LE(after.residentKb, before.residentKb + 2'048);
        }
    }
    EXPECT_GE(losses, kCycles);
    EXPECT_EQ(CaptureWorker::abandonedReaders(), 0);
}

} // namespace
} // namespace auroraedge::app

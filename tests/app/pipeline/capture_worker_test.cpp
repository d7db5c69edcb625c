#include "app/pipeline/capture_worker.h"

#include "tests/app/pipeline/journal.h"
#include "tests/app/pipeline/test_frames.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <latch>
#include <stdexcept>
#include <string>
#include <vector>

namespace auroraedge::app {
namespace {

using auroraedge::testing::Journal;
using auroraedge::testing::makeFrame;
using plugins::FrameSource;
using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

/// What the source does in one opening, read by read.
using ReadScript = std::function<Result<Frame>(int read, milliseconds timeout)>;

class ScriptedSource final : public FrameSource
{
public:
    ScriptedSource(ReadScript script, plugins::SourceDescription description)
        : m_script(std::move(script)), m_description(std::move(description))
    {
    }
    plugins::SourceDescription describe() const override { return m_description; }
    Result<void> open(const std::string &, const plugins::SourceOptions &) override { return {}; }
    Result<Frame> read(milliseconds timeout) override { return m_script(m_reads++, timeout); }
    void close() override {}

private:
    ReadScript m_script;
    plugins::SourceDescription m_description;
    int m_reads = 0;
};

Result<Frame> noFrame()
{
    return failure(code::CameraNoFrame, "nothing came");
}

/// Blocks as a driver does, until the test opens the gate; shared, as the thread inside may be abandoned.
struct Gate
{
    std::latch entered{1}, opened{1};
    Result<Frame> wait()
    {
        entered.count_down();
        opened.wait();
        return makeFrame(999);
    }
};

class CaptureWorkerTest : public ::testing::Test
{
protected:
    /// One script for each opening; the last one for all further ones.
    void start(std::vector<ReadScript> scripts)
    {
        const auto opening = std::make_shared<std::atomic<std::size_t>>(0);
        const plugins::SourceDescription description = m_description;
        m_worker.emplace(
            [opening, scripts, description]() -> Result<std::unique_ptr<FrameSource>> {
                const std::size_t index = std::min(opening->fetch_add(1), scripts.size() - 1);
                return std::unique_ptr<FrameSource>(std::make_unique<ScriptedSource>(scripts[index], description));
            },
            listener(), m_settings);
    }

    CaptureListener listener()
    {
        return {[this](const Frame &frame) { m_frames.add(frame.sequence); },
                [this](const CaptureState &state) { m_states.add(state); }};
    }

    /// Frames without end, a few at a time so that the test's journal stays small.
    static ReadScript healthy()
    {
        return [](int read, milliseconds) -> Result<Frame> {
            if (read >= 40)
                return noFrame();
            return makeFrame(static_cast<std::uint64_t>(read) + 1);
        };
    }

    [[nodiscard]] bool waitForLost(ErrorCode code)
    {
        return m_states.waitFor([code](const std::vector<CaptureState> &states) {
            return std::ranges::any_of(states, [code](const CaptureState &state) {
                return state.condition == CaptureState::Condition::Lost && state.error->code == code;
            });
        });
    }

    [[nodiscard]] bool waitForLive(std::ptrdiff_t times)
    {
        return m_states.waitFor([times](const std::vector<CaptureState> &states) {
            return std::ranges::count(states, CaptureState::Condition::Live, &CaptureState::condition) >= times;
        });
    }

    CaptureSettings m_settings{.openLimit = milliseconds(300),
                               .abandonAfter = milliseconds(100),
                               .firstPause = milliseconds(5),
                               .lastPause = milliseconds(20),
                               .frozenFrames = 25,
                               .lastSequence = 0};
    plugins::SourceDescription m_description{.label = "scripted", .isLive = true, .isSimulated = true,
                                             .longestGap = milliseconds(120)};
    Journal<std::uint64_t> m_frames;
    Journal<CaptureState> m_states;
    std::optional<CaptureWorker> m_worker; ///< last: tells the journals until it is gone
};

TEST_F(CaptureWorkerTest, DeliversFramesAndSaysWhatTheSourceIs)
{
    start({healthy()});
    ASSERT_TRUE(m_frames.waitForCount(10));
    ASSERT_TRUE(waitForLive(1));
    const std::vector<CaptureState> states = m_states.entries();
    EXPECT_EQ(states[0].condition, CaptureState::Condition::Opening);
    EXPECT_EQ(states[1].condition, CaptureState::Condition::Live);
    EXPECT_EQ(states[1].source.label, "scripted");
    EXPECT_TRUE(states[1].source.isSimulated);
}

TEST_F(CaptureWorkerTest, TellsAStallWithinItsLimitAndOpensAgain)
{
    const auto stalls = [](int read, milliseconds) -> Result<Frame> {
        return read < 3 ? Result<Frame>(makeFrame(static_cast<std::uint64_t>(read))) : noFrame();
    };
    const Clock::time_point begun = Clock::now();
    start({stalls, healthy()});
    ASSERT_TRUE(waitForLost(code::CameraNoFrame));
    EXPECT_GE(Clock::now() - begun, m_description.longestGap);
    ASSERT_TRUE(waitForLive(2));
    EXPECT_EQ(m_states.entries()[2].error->message, "no frame for 0.1 s");
    EXPECT_TRUE(m_states.entries()[2].wasLive);
}

TEST_F(CaptureWorkerTest, SequencesGoOnOverOpenings)
{
    m_settings.lastSequence = 100;
    const auto two = [](int read, milliseconds) -> Result<Frame> {
        if (read < 2)
            return makeFrame(static_cast<std::uint64_t>(read));
        return failure(code::ImageDamaged, "broken");
    };
    start({two});
    ASSERT_TRUE(m_frames.waitForCount(6));
    const std::vector<std::uint64_t> sequences = m_frames.entries();
    for (std::size_t i = 0; i < sequences.size(); ++i)
        EXPECT_EQ(sequences[i], 101 + i);
}

TEST_F(CaptureWorkerTest, ReportsWhyASourceCannotBeOpenedAndTriesAgain)
{
    const auto attempts = std::make_shared<std::atomic<int>>(0);
    m_worker.emplace(
        [attempts]() -> Result<std::unique_ptr<FrameSource>> {
            ++*attempts;
            return failure(code::CameraNotFound, "camera 'Cam 1' not found; check cable and power");
        },
        listener(), m_settings);
    ASSERT_TRUE(m_states.waitForCount(6));
    const std::vector<CaptureState> states = m_states.entries();
    EXPECT_EQ(states[1].condition, CaptureState::Condition::Lost);
    EXPECT_EQ(states[1].error->code, code::CameraNotFound);
    EXPECT_FALSE(states[1].wasLive);
    EXPECT_EQ(states[4].attempt, 3);
    EXPECT_TRUE(m_frames.entries().empty());
}

TEST_F(CaptureWorkerTest, EqualFramesOfALiveSourceCountAsFrozen)
{
    start({[](int, milliseconds) -> Result<Frame> { return makeFrame(7); }});
    ASSERT_TRUE(waitForLost(code::CameraFrozen));
    EXPECT_EQ(m_states.entries()[2].error->message, "picture is frozen (25 equal frames)");
}

TEST_F(CaptureWorkerTest, EqualFramesOfAVideoAreNotFrozen)
{
    m_description.isLive = false;
    start({[](int read, milliseconds) -> Result<Frame> {
        return read < 60 ? Result<Frame>(makeFrame(7)) : noFrame();
    }});
    ASSERT_TRUE(m_frames.waitForCount(60));
}

TEST_F(CaptureWorkerTest, AbandonsAReaderThatHangsAndNeverHearsOfItAgain)
{
    const auto gate = std::make_shared<Gate>();
    const auto hangs = [gate](int read, milliseconds) -> Result<Frame> {
        return read == 0 ? Result<Frame>(makeFrame(1)) : gate->wait();
    };
    start({hangs, healthy()});
    ASSERT_TRUE(waitForLost(code::CameraNoFrame));
    ASSERT_TRUE(waitForLive(2));
    ASSERT_TRUE(m_frames.waitForCount(41)); // 1 before, 40 after
    gate->opened.count_down();              // the driver comes back with its frame
    m_worker.reset();
    EXPECT_EQ(m_frames.entries().size(), 41U);
}

TEST_F(CaptureWorkerTest, EndsPromptlyWhileADriverHangs)
{
    const auto gate = std::make_shared<Gate>();
    m_settings.openLimit = milliseconds(60'000);
    m_worker.emplace(
        [gate]() -> Result<std::unique_ptr<FrameSource>> {
            (void)gate->wait();
            return failure(code::CameraNotFound, "too late");
        },
        listener(), m_settings);
    gate->entered.wait();
    const Clock::time_point begun = Clock::now();
    m_worker.reset();
    EXPECT_LT(Clock::now() - begun, milliseconds(2'000));
    gate->opened.count_down();
}

TEST_F(CaptureWorkerTest, SurvivesASourceThatThrowsOrGivesEmptyFrames)
{
    const auto throws = [](int, milliseconds) -> Result<Frame> { throw std::runtime_error("driver bug"); };
    const auto empty = [](int, milliseconds) -> Result<Frame> { return Frame{}; };
    start({throws, empty, healthy()});
    ASSERT_TRUE(waitForLost(code::PluginOff));
    ASSERT_TRUE(waitForLost(code::CameraNoFrame));
    ASSERT_TRUE(waitForLive(1));
}

} // namespace
} // namespace auroraedge::app

#include "app/window/trigger_desk.h"

#include "tests/support/test_frame.h"

#include <gtest/gtest.h>

#include <QSignalSpy>
#include <QTest>

#include <chrono>
#include <vector>

namespace auroraedge::app {
namespace {

using auroraedge::testing::uniformFrame;
using namespace std::chrono_literals;

class TriggerDeskTest : public ::testing::Test
{
protected:
    TriggerDeskTest()
    {
        QObject::connect(&m_desk, &TriggerDesk::stateChanged, [this](const ui::TriggerState &state) { m_state = state; });
    }

    void choose(ui::TriggerKind kind, double intervalSeconds = 0.1)
    {
        ui::TriggerSettings settings;
        settings.kind = kind;
        settings.presetIndex = 2;
        settings.intervalSeconds = intervalSeconds;
        m_desk.choose(settings);
    }
    /// One picture every 100 ms, each of one grey.
    void show(std::initializer_list<int> greys)
    {
        for (const int grey : greys) {
            Frame frame = uniformFrame(static_cast<std::uint8_t>(grey));
            frame.capturedAt = m_now += 100ms;
            m_desk.look(frame);
        }
    }

    bool m_canAsk = true;
    std::vector<int> m_asked;
    TriggerDesk m_desk{[this](int preset) {
        if (m_canAsk)
            m_asked.push_back(preset);
        return m_canAsk;
    }};
    ui::TriggerState m_state;
    std::chrono::steady_clock::time_point m_now = std::chrono::steady_clock::now();
};

TEST_F(TriggerDeskTest, IsOffAtTheStart)
{
    show({0, 200, 200, 200, 200, 200});
    EXPECT_FALSE(QTest::qWaitFor([this] { return !m_asked.empty(); }, 150));
}

TEST_F(TriggerDeskTest, AsksTheChosenQuestionAgainAndAgainAndCounts)
{
    choose(ui::TriggerKind::Interval);
    ASSERT_TRUE(QTest::qWaitFor([this] { return m_state.asked >= 2; }, 10'000));
    EXPECT_EQ(m_asked.at(0), 2);
    EXPECT_EQ(m_state.settings.presetIndex, 2);
    EXPECT_GE(m_asked.size(), m_state.asked);
}

TEST_F(TriggerDeskTest, SkipsAndCountsWhatCannotBeAskedAndQueuesNothing)
{
    m_canAsk = false;
    choose(ui::TriggerKind::Interval);
    ASSERT_TRUE(QTest::qWaitFor([this] { return m_state.skipped >= 3; }, 10'000));
    EXPECT_EQ(m_state.asked, 0U);
    m_canAsk = true;
    ASSERT_TRUE(QTest::qWaitFor([this] { return m_state.asked >= 1; }, 10'000));
    EXPECT_LE(m_asked.size(), m_state.asked + 4) << "skipped ones must not come back";
}

TEST_F(TriggerDeskTest, SwitchedOffItAsksNothingAndCountsAnewWhenItIsSwitchedOn)
{
    choose(ui::TriggerKind::Interval);
    ASSERT_TRUE(QTest::qWaitFor([this] { return m_state.asked >= 1; }, 10'000));
    choose(ui::TriggerKind::Off);
    EXPECT_EQ(m_state.settings.kind, ui::TriggerKind::Off);
    EXPECT_EQ(m_state.asked, 0U);
    const std::size_t before = m_asked.size();
    EXPECT_FALSE(QTest::qWaitFor([&] { return m_asked.size() > before; }, 250));
}

TEST_F(TriggerDeskTest, AsksOnceWhenAPartHasComeToRest)
{
    choose(ui::TriggerKind::Motion);
    show({0, 0, 100, 200, 200, 200});
    EXPECT_TRUE(m_asked.empty()) << "it has not settled yet";
    show({200, 200, 200, 200});
    EXPECT_EQ(m_asked, (std::vector{2}));
    ASSERT_TRUE(QTest::qWaitFor([this] { return m_state.asked == 1; }, 10'000));
    EXPECT_EQ(m_state.motion, 0);
}

TEST_F(TriggerDeskTest, TellsTheMotionThatItSees)
{
    choose(ui::TriggerKind::Motion);
    show({0, 200});
    EXPECT_TRUE(QTest::qWaitFor([this] { return m_state.motion == 1; }, 10'000));
}

TEST_F(TriggerDeskTest, DoesNotTakeAnotherSourceForMotion)
{
    choose(ui::TriggerKind::Motion);
    show({0, 0});
    m_desk.forgetPictures();
    show({200, 200, 200, 200, 200, 200});
    EXPECT_TRUE(m_asked.empty());
}

TEST_F(TriggerDeskTest, LooksOnlyAtSomeOfTheFramesOfAFastSource)
{
    choose(ui::TriggerKind::Motion);
    // Every second frame is dark: whoever looks at each of them sees nothing but motion.
    for (int i = 0; i < 40; ++i) {
        Frame frame = uniformFrame(static_cast<std::uint8_t>(i % 2 == 0 ? 200 : 0));
        frame.capturedAt = m_now += 34ms;
        m_desk.look(frame);
    }
    QSignalSpy told(&m_desk, &TriggerDesk::stateChanged);
    ASSERT_TRUE(told.wait(10'000));
    EXPECT_EQ(m_state.motion, 0);
}

TEST_F(TriggerDeskTest, MovesSettingsIntoTheirRange)
{
    ui::TriggerSettings settings;
    settings.kind = ui::TriggerKind::Interval;
    settings.intervalSeconds = 0;
    settings.motionThreshold = 7;
    m_desk.choose(settings);
    EXPECT_EQ(m_state.settings.intervalSeconds, 0.1);
    EXPECT_EQ(m_state.settings.motionThreshold, 1);
}

} // namespace
} // namespace auroraedge::app

#include "tests/ui/window_test.h"
#include "ui/widgets/review_bar.h"
#include "ui/widgets/trigger_bar.h"

#include <QAbstractButton>
#include <QLineEdit>
#include <QPlainTextEdit>

namespace auroraedge::ui::tests {
namespace {

/// Lets the station ask without a person.
class LiveTriggerTest : public WindowTest
{
protected:
    LiveTriggerTest() { m_scenes.makeLive(m_window); }

    [[nodiscard]] bool isChecked(const char *name) { return part<QAbstractButton>(name)->isChecked(); }
    void tell(TriggerKind kind, quint64 asked, quint64 skipped)
    {
        TriggerState state;
        state.settings.kind = kind;
        state.motion = 0.012;
        state.asked = asked;
        state.skipped = skipped;
        m_window.setTriggerState(state);
    }
};

TEST_F(LiveTriggerTest, ByKeysAloneItIsSwitchedOnSetAndSwitchedOff)
{
    key(Qt::Key_T);
    EXPECT_EQ(focused(), QStringLiteral("triggerOff"));
    EXPECT_FALSE(isShown("triggerSeconds"));
    key(Qt::Key_Tab);
    key(Qt::Key_Return);
    ASSERT_EQ(m_triggers.size(), 1);
    EXPECT_EQ(m_triggers.last().kind, TriggerKind::Interval);
    EXPECT_TRUE(isChecked("triggerInterval"));

    while (focused() != QLatin1String("triggerSeconds"))
        key(Qt::Key_Tab);
    key(Qt::Key_A, Qt::ControlModifier);
    type("2.5");
    key(Qt::Key_Return);
    EXPECT_DOUBLE_EQ(m_triggers.last().intervalSeconds, 2.5);
    EXPECT_EQ(part<QLineEdit>("triggerSeconds")->text(), QStringLiteral("2.5 s"));
    key(Qt::Key_Up);
    EXPECT_DOUBLE_EQ(m_triggers.last().intervalSeconds, 3);

    key(Qt::Key_Escape);
    key(Qt::Key_T);
    EXPECT_FALSE(isShown("triggerBar"));
    EXPECT_TRUE(isShown("presetBar"));
    key(Qt::Key_T);
    while (focused() != QLatin1String("triggerOff"))
        key(Qt::Key_Backtab, Qt::ShiftModifier);
    key(Qt::Key_Space);
    EXPECT_EQ(m_triggers.last().kind, TriggerKind::Off);
    EXPECT_TRUE(m_asked.isEmpty());
}

TEST_F(LiveTriggerTest, ItsQuestionIsOneOfThePresets)
{
    click("triggerButton");
    EXPECT_TRUE(part("triggerQuestion")->accessibleName().endsWith(Scenes::presets().at(0).question));
    click("triggerQuestion");
    EXPECT_EQ(m_triggers.last().presetIndex, 1);
    for (int press = 0; press < 3; ++press)
        click("triggerQuestion");
    EXPECT_EQ(m_triggers.last().presetIndex, 0) << "after the last comes the first";
    EXPECT_TRUE(m_asked.isEmpty());
}

TEST_F(LiveTriggerTest, ATriggerWhoseQuestionIsGoneIsSwitchedOffAndToldAndAsksNoOtherInItsPlace)
{
    const PresetQuestions presets = Scenes::presets();
    TriggerState running;
    running.settings.kind = TriggerKind::Interval;
    running.settings.presetIndex = 3;
    const auto offer = [&](const PresetQuestions &offered) {
        m_window.setTriggerState({});
        m_window.setPresets(presets);
        m_window.setTriggerState(running);
        m_triggers.clear();
        m_window.setPresets(offered);
    };
    offer({presets.at(1), presets.at(1), presets.at(2), presets.at(3)});
    EXPECT_TRUE(m_triggers.isEmpty()) << "its question is where it was";
    EXPECT_FALSE(isShown("faultBar"));
    for (const PresetQuestions &offered : {presets.mid(0, 3), PresetQuestions{presets.at(0), presets.at(1), presets.at(2), presets.at(0)}}) {
        offer(offered);
        ASSERT_EQ(m_triggers.size(), 1);
        EXPECT_EQ(m_triggers.last().kind, TriggerKind::Off);
        EXPECT_EQ(m_triggers.last().presetIndex, 0);
        ASSERT_TRUE(isShown("faultBar"));
        EXPECT_TRUE(text("faultCause").contains(QStringLiteral("The trigger was switched off")));
        m_window.setTriggerState({});
        if (!isShown("triggerBar"))
            click("triggerButton");
        click("triggerInterval");
        EXPECT_FALSE(isShown("faultBar"));
    }
}

TEST_F(LiveTriggerTest, ASwitchedOffTriggerForgetsAQuestionThatIsGoneWithoutAWord)
{
    TriggerState off;
    off.settings.presetIndex = 3;
    m_window.setTriggerState(off);
    m_window.setPresets(Scenes::presets().mid(0, 3));
    ASSERT_EQ(m_triggers.size(), 1);
    EXPECT_EQ(m_triggers.last().presetIndex, 0);
    EXPECT_FALSE(isShown("faultBar"));
}

TEST_F(LiveTriggerTest, MotionShowsItsMeterAndItsThreshold)
{
    click("triggerButton");
    click("triggerMotion");
    EXPECT_EQ(m_triggers.last().kind, TriggerKind::Motion);
    tell(TriggerKind::Motion, 0, 0);
    EXPECT_TRUE(isShown("motionMeter"));
    EXPECT_EQ(text("triggerMotionShare"), QStringLiteral("motion 1.2 %"));
    EXPECT_EQ(part("motionMeter")->accessibleDescription(), QStringLiteral("1.2 %, a part from 3.0 %"));
    click("triggerThresholdMore");
    EXPECT_DOUBLE_EQ(m_triggers.last().motionThreshold, 0.05);
    click("triggerThresholdLess");
    click("triggerThresholdLess");
    EXPECT_DOUBLE_EQ(m_triggers.last().motionThreshold, 0.02);
}

TEST_F(LiveTriggerTest, TheIntervalStaysWithinItsLimitsAndNonsenseChangesNothing)
{
    tell(TriggerKind::Interval, 0, 0);
    click("triggerButton");
    auto *seconds = part<QLineEdit>("triggerSeconds");
    const auto typed = [&](const char *value) {
        seconds->setFocus();
        seconds->selectAll();
        type(value);
        key(Qt::Key_Return);
        return seconds->text();
    };
    EXPECT_EQ(typed("99999"), QStringLiteral("3600 s"));
    EXPECT_FALSE(part("triggerSecondsMore")->isEnabled());
    EXPECT_EQ(typed("0"), QStringLiteral("0.1 s"));
    EXPECT_FALSE(part("triggerSecondsLess")->isEnabled());
    EXPECT_EQ(typed("soon"), QStringLiteral("0.1 s"));
    EXPECT_EQ(m_triggers.size(), 2);
}

TEST_F(LiveTriggerTest, WhatItDoesIsToldAlsoWhileItsBarIsClosed)
{
    TriggerState state;
    EXPECT_TRUE(TriggerBar::statusText(state).isEmpty());
    tell(TriggerKind::Interval, 412, 3);
    EXPECT_TRUE(isChecked("triggerButton"));
    EXPECT_FALSE(isShown("triggerBar"));
    click("triggerButton");
    EXPECT_EQ(text("triggerCounts"), QStringLiteral("412 asked, 3 skipped"));
    EXPECT_TRUE(QTest::qWaitFor([this] { return part("triggerCounts")->width() > 120; })) << "and not only in its tool tip";
    state.settings.kind = TriggerKind::Interval;
    state.asked = 412;
    state.skipped = 3;
    EXPECT_EQ(TriggerBar::statusText(state), QStringLiteral("every 5 s: 412 asked, 3 skipped"));
    click("triggerButton");
    tell(TriggerKind::Off, 412, 3);
    EXPECT_FALSE(isChecked("triggerButton"));
}

TEST_F(LiveTriggerTest, ReportsDoNotTakeAwayWhatIsBeingTyped)
{
    tell(TriggerKind::Interval, 0, 0);
    click("triggerButton");
    auto *seconds = part<QLineEdit>("triggerSeconds");
    seconds->setFocus();
    seconds->selectAll();
    type("1");
    tell(TriggerKind::Interval, 1, 0);
    EXPECT_EQ(seconds->text(), QStringLiteral("1"));
    EXPECT_EQ(text("triggerCounts"), QStringLiteral("1 asked, 0 skipped"));
}

TEST_F(LiveTriggerTest, ItAsksAboutThePictureOnTheScreenAndIsSkippedWhileBusy)
{
    showFrame(7, m_scenes.picture(1));
    EXPECT_TRUE(m_window.askByTrigger(1));
    ASSERT_EQ(m_asked.size(), 1);
    EXPECT_EQ(m_asked.last().presetIndex, 1);
    EXPECT_EQ(m_asked.last().question, Scenes::presets().at(1).question);
    EXPECT_EQ(m_asked.last().frameSequence, 7U);
    EXPECT_FALSE(m_window.askByTrigger(1));
    EXPECT_EQ(m_asked.size(), 1);
    m_window.answerFailed(0, QStringLiteral("RUN-01"), {}, {});
    EXPECT_FALSE(m_window.askByTrigger(4)) << "there are four presets";
    EXPECT_FALSE(m_window.askByTrigger(-1));
    SourceState lost = Scenes::liveSource();
    lost.condition = SourceCondition::Lost;
    m_window.setSourceState(lost);
    EXPECT_FALSE(m_window.askByTrigger(0));
    EXPECT_EQ(m_asked.size(), 1);
}

TEST_F(LiveTriggerTest, ItNeitherTakesTheFocusNorTheWordsOfAPerson)
{
    key(Qt::Key_Slash);
    type("is it clean");
    ASSERT_TRUE(m_window.askByTrigger(0));
    m_window.answerStarted(1, m_asked.last().question, m_scenes.picture(0));
    m_window.answerText(1, QStringLiteral("no"));
    m_window.answerFinished(answer(1, Verdict::Ng));
    EXPECT_EQ(focused(), QStringLiteral("questionField"));
    type("?");
    EXPECT_EQ(part<QLineEdit>("questionField")->text(), QStringLiteral("is it clean?"));
    key(Qt::Key_Return);
    EXPECT_EQ(m_asked.last().question, QStringLiteral("is it clean?"));
    EXPECT_TRUE(m_reviews.isEmpty()) << "Enter in the field asks and confirms nothing";
}

TEST_F(LiveTriggerTest, SpaceRepeatsThePersonsQuestionAndNotTheTriggers)
{
    key(Qt::Key_F2);
    m_window.answerFailed(0, QStringLiteral("RUN-01"), {}, {});
    ASSERT_TRUE(m_window.askByTrigger(0));
    m_window.answerFailed(0, QStringLiteral("RUN-01"), {}, {});
    key(Qt::Key_Space);
    EXPECT_EQ(m_asked.last().presetIndex, 1);
}

TEST_F(LiveTriggerTest, AReasonThatIsBeingChosenIsNotTakenAway)
{
    askAndAnswer(1, Verdict::Ng);
    key(Qt::Key_O);
    EXPECT_FALSE(m_window.askByTrigger(0));
    EXPECT_TRUE(isShown("reviewReason1"));
    key(Qt::Key_Escape);
    EXPECT_TRUE(m_window.askByTrigger(0));
}

TEST_F(LiveTriggerTest, ItDoesNotTakeTheRegionThatIsBeingDrawn)
{
    key(Qt::Key_D);
    ASSERT_TRUE(m_window.askByTrigger(0));
    EXPECT_TRUE(m_asked.last().region.isNull());
    EXPECT_TRUE(isShown("regionBar"));
}

TEST(LiveTrigger, WithoutPresetQuestionsItCannotBeSwitchedOn)
{
    Theme theme;
    MainWindow window(theme);
    EXPECT_FALSE(window.findChild<QAbstractButton *>(QStringLiteral("triggerInterval"))->isEnabled());
    EXPECT_FALSE(window.findChild<QAbstractButton *>(QStringLiteral("triggerMotion"))->isEnabled());
}

} // namespace
} // namespace auroraedge::ui::tests

#include "tests/ui/window_test.h"
#include "ui/widgets/latency_card.h"
#include "ui/widgets/painting.h"
#include "ui/widgets/picture_view.h"
#include "ui/widgets/recent_strip.h"
#include "ui/widgets/thumbnail.h"
#include "ui/widgets/verdict_tile.h"

#include <QClipboard>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QToolButton>

#include <algorithm>

namespace auroraedge::ui::tests {
namespace {

class LivePageTest : public WindowTest
{
protected:
    [[nodiscard]] QString shownAnswer() { return part<QPlainTextEdit>("answerText")->toPlainText(); }
    [[nodiscard]] std::optional<Verdict> shownVerdict()
    {
        const auto *tile = part<VerdictTile>("verdictTile");
        return tile->isVisible() ? tile->verdict() : std::nullopt;
    }
    [[nodiscard]] quint64 shownFrame() { return part<PictureView>("pictureView")->status().sequence; }
    [[nodiscard]] int recentCount() { return part<RecentStrip>("recentStrip")->answers().rowCount(); }
};

TEST_F(LivePageTest, AnEmptyStationSaysWhatIsMissing)
{
    EXPECT_EQ(text("stateWord"), QStringLiteral("NO MODEL"));
    EXPECT_EQ(text("hint"), QStringLiteral("No model is loaded: open the Models page."));
    EXPECT_EQ(text("emptyTitle"), QStringLiteral("No answer yet"));
    EXPECT_TRUE(isShown("emptyTitle"));
    EXPECT_TRUE(part("pictureView")->accessibleDescription().startsWith(QStringLiteral("No picture yet")));
    EXPECT_FALSE(isShown("faultBar"));
    EXPECT_FALSE(isShown("verdictTile"));
    EXPECT_EQ(recentCount(), 0);
}

TEST_F(LivePageTest, ALiveStationIsReadyAndShowsItsFigures)
{
    m_scenes.makeLive(m_window);
    EXPECT_EQ(text("stateWord"), QStringLiteral("READY"));
    EXPECT_TRUE(part<QPushButton>("askButton")->isEnabled());
    EXPECT_EQ(shownFrame(), 1U);
    EXPECT_EQ(text("sourceRate"), QStringLiteral("29.8 fps"));
    EXPECT_NE(text("frameAge"), QStringLiteral("age –")) << "from the first picture on";
}

TEST_F(LivePageTest, EveryPresetKeyAsksItsQuestionAboutTheFrameShown)
{
    m_scenes.makeLive(m_window);
    PresetQuestions presets;
    for (int number = 1; number <= 9; ++number)
        presets.append({QStringLiteral("Q%1").arg(number), QStringLiteral("Question %1?").arg(number), {}});
    m_window.setPresets(presets);
    for (int number = 1; number <= 8; ++number) {
        SCOPED_TRACE(number);
        const auto sequence = quint64(100 + number);
        showFrame(sequence, m_scenes.picture(number));
        key(Qt::Key(Qt::Key_F1 + number - 1));
        ASSERT_EQ(m_asked.size(), number);
        EXPECT_EQ(m_asked.last().question, QStringLiteral("Question %1?").arg(number));
        EXPECT_EQ(m_asked.last().presetIndex, number - 1);
        EXPECT_EQ(m_asked.last().frameSequence, sequence);
        m_window.answerFailed(0, QStringLiteral("RUN-01"), {}, {});
    }
    key(Qt::Key_F9);
    EXPECT_EQ(m_asked.size(), 8);
}

TEST_F(LivePageTest, APresetButtonAsksLikeItsKey)
{
    m_scenes.makeLive(m_window);
    click("preset2");
    ASSERT_EQ(m_asked.size(), 1);
    EXPECT_EQ(m_asked[0].question, Scenes::presets().at(1).question);
}

TEST_F(LivePageTest, ATypedQuestionIsAskedByEnterAndRepeatedBySpaceAboutTheNewFrame)
{
    m_scenes.makeLive(m_window);
    key(Qt::Key_Slash);
    ASSERT_EQ(focused(), QStringLiteral("questionField"));
    type("is it f?"); // in the field, F and Space are letters
    EXPECT_FALSE(m_window.live().isFrozen());
    key(Qt::Key_Return);
    ASSERT_EQ(m_asked.size(), 1);
    EXPECT_EQ(m_asked[0].question, QStringLiteral("is it f?"));
    EXPECT_EQ(m_asked[0].frameSequence, 1U);
    m_window.answerStarted(1, m_asked[0].question, {});
    m_window.answerFinished(answer(1, std::nullopt));

    part<QLineEdit>("questionField")->clear();
    key(Qt::Key_Escape); // leaves the field
    EXPECT_EQ(focused(), QStringLiteral("pictureView"));
    showFrame(2, m_scenes.picture(1));
    key(Qt::Key_Space);
    ASSERT_EQ(m_asked.size(), 2);
    EXPECT_EQ(m_asked[1].question, QStringLiteral("is it f?"));
    EXPECT_EQ(m_asked[1].frameSequence, 2U);
}

TEST_F(LivePageTest, AnEnterThatIsHeldDownInTheFieldAsksOnce)
{
    m_scenes.makeLive(m_window);
    key(Qt::Key_Slash);
    type("is it round?");
    key(Qt::Key_Return);
    ASSERT_EQ(m_asked.size(), 1);
    m_window.answerStarted(1, m_asked[0].question, {});
    m_window.answerFinished(answer(1, std::nullopt));
    QKeyEvent held(QEvent::KeyPress, Qt::Key_Return, Qt::NoModifier, QStringLiteral("\r"), true);
    QApplication::sendEvent(part("questionField"), &held);
    EXPECT_EQ(m_asked.size(), 1);
}

TEST_F(LivePageTest, SpaceWithoutAQuestionAsksForOne)
{
    m_scenes.makeLive(m_window);
    key(Qt::Key_Space);
    EXPECT_TRUE(m_asked.isEmpty());
    EXPECT_EQ(text("hint"), QStringLiteral("Type a question first."));
    EXPECT_EQ(focused(), QStringLiteral("questionField"));
}

TEST_F(LivePageTest, AQuestionThatIsPastedAndTooLongIsNeitherCutNorAsked)
{
    m_scenes.makeLive(m_window);
    const QString keys = text("hint");
    auto *field = part<QLineEdit>("questionField");
    QApplication::clipboard()->setText(QString(4'001, QLatin1Char('a')));
    key(Qt::Key_Slash);
    key(Qt::Key_V, Qt::ControlModifier);
    EXPECT_EQ(field->text().size(), 4'001);
    EXPECT_EQ(text("hint"), QStringLiteral("ASK-02: the question has 4001 characters; limit 4000"));
    EXPECT_FALSE(part("askButton")->isEnabled());
    key(Qt::Key_Return);
    key(Qt::Key_Escape); // leaves the field
    key(Qt::Key_Space);
    EXPECT_TRUE(m_asked.isEmpty());
    key(Qt::Key_F1); // another question can be asked
    ASSERT_EQ(m_asked.size(), 1);
    EXPECT_EQ(m_asked[0].presetIndex, 0);
    m_window.answerFailed(0, QStringLiteral("RUN-01"), {}, {});

    key(Qt::Key_Slash);
    key(Qt::Key_End);
    key(Qt::Key_Backspace);
    EXPECT_EQ(text("hint"), keys);
    key(Qt::Key_Return);
    ASSERT_EQ(m_asked.size(), 2);
    EXPECT_EQ(m_asked[1].question.size(), 4'000);
}

TEST_F(LivePageTest, UpAndDownStepThroughEarlierQuestionsAndBackToTheDraft)
{
    m_scenes.makeLive(m_window);
    auto *field = part<QLineEdit>("questionField");
    key(Qt::Key_Slash);
    for (const char *question : {"one", "two"}) {
        key(Qt::Key_A, Qt::ControlModifier);
        type(question);
        key(Qt::Key_Return);
        m_window.answerFailed(0, QStringLiteral("RUN-01"), {}, {});
    }
    key(Qt::Key_A, Qt::ControlModifier);
    type("three");
    const auto step = [&](Qt::Key direction) {
        key(direction);
        return field->text();
    };
    EXPECT_EQ(step(Qt::Key_Up), QStringLiteral("two"));
    EXPECT_EQ(step(Qt::Key_Up), QStringLiteral("one"));
    EXPECT_EQ(step(Qt::Key_Up), QStringLiteral("one"));
    EXPECT_EQ(step(Qt::Key_Down), QStringLiteral("two"));
    EXPECT_EQ(step(Qt::Key_Down), QStringLiteral("three"));
}

struct Obstacle
{
    const char *name, *sentence;
    ModelCondition model;
    SourceCondition source;
    bool hasPicture;
};

class ObstacleTest : public LivePageTest, public ::testing::WithParamInterface<Obstacle>
{
};

TEST_P(ObstacleTest, AskingIsOffAndSaysWhy)
{
    m_window.setPresets(Scenes::presets());
    ModelState model = Scenes::readyModel();
    model.condition = GetParam().model;
    m_window.setModelState(model);
    SourceState source = Scenes::liveSource();
    source.condition = GetParam().source;
    m_window.setSourceState(source);
    if (GetParam().hasPicture)
        showFrame(1, m_scenes.picture(0));

    const QString why = QLatin1String(GetParam().sentence);
    EXPECT_EQ(text("hint"), why);
    for (const char *name : {"askButton", "preset1"}) {
        EXPECT_FALSE(part(name)->isEnabled());
        EXPECT_EQ(part(name)->toolTip(), why);
    }
    key(Qt::Key_F1);
    key(Qt::Key_Space);
    key(Qt::Key_Slash);
    type("why?");
    key(Qt::Key_Return);
    EXPECT_TRUE(m_asked.isEmpty());
}

INSTANTIATE_TEST_SUITE_P(
    Station, ObstacleTest,
    ::testing::Values(
        Obstacle{"NoModel", "No model is loaded: open the Models page.", ModelCondition::NotLoaded, SourceCondition::Live, true},
        Obstacle{"Loading", "The model is loading. The picture can be watched meanwhile.", ModelCondition::Loading,
                 SourceCondition::Live, true},
        Obstacle{"ModelFailed", "The model could not be loaded: open the Models page.", ModelCondition::Failed,
                 SourceCondition::Live, true},
        Obstacle{"NoSource", "Choose a picture source first.", ModelCondition::Ready, SourceCondition::NotChosen, false},
        Obstacle{"NoPictureYet", "There is no picture to ask about yet.", ModelCondition::Ready, SourceCondition::Opening, false},
        Obstacle{"CameraLost", "The source gives no picture; an old one gets no answer.", ModelCondition::Ready,
                 SourceCondition::Lost, true}),
    [](const auto &given) { return std::string(given.param.name); });

TEST_F(LivePageTest, BusyShowsThePhaseTheClockAndTheWordsAsTheyCome)
{
    m_scenes.makeLive(m_window);
    ask(7);
    EXPECT_EQ(text("stateWord"), QStringLiteral("BUSY"));
    EXPECT_EQ(text("phase"), QStringLiteral("Waiting for the engine"));
    m_window.answerPhase(7, Stage::Encode);
    EXPECT_EQ(text("phase"), QStringLiteral("Looking at the picture"));
    m_window.answerText(7, QStringLiteral("A bo"));
    m_window.answerText(7, QStringLiteral("ttle"));
    EXPECT_EQ(shownAnswer(), QStringLiteral("A bottle"));
    const QString clock = text("clock");
    EXPECT_TRUE(QTest::qWaitFor([&] { return text("clock") != clock; }));
    EXPECT_EQ(part("askButton")->toolTip(), QStringLiteral("A question is being answered."));
    key(Qt::Key_F2); // one at a time
    EXPECT_EQ(m_asked.size(), 1);
}

TEST_F(LivePageTest, WordsOfAnEarlierAskingAreNotMixedIn)
{
    m_scenes.makeLive(m_window);
    ask(7);
    m_window.answerText(6, QStringLiteral("old"));
    m_window.answerPhase(6, Stage::Generate);
    EXPECT_EQ(shownAnswer(), QString());
    EXPECT_EQ(text("phase"), QStringLiteral("Waiting for the engine"));
    m_window.answerFinished(answer(6, Verdict::Ok));
    EXPECT_FALSE(isShown("verdictTile"));
    EXPECT_EQ(m_window.live().activity(), LivePanel::Activity::Busy);
}

TEST_F(LivePageTest, NoVerdictIsShownBeforeTheAnswerIsReportedAsFinished)
{
    m_scenes.makeLive(m_window);
    ask(1);
    m_window.answerPhase(1, Stage::Generate);
    m_window.answerText(1, QStringLiteral("yes"));
    EXPECT_EQ(shownAnswer(), QStringLiteral("yes"));
    EXPECT_FALSE(isShown("verdictTile"));
    m_window.answerFinished(answer(1, Verdict::Ok));
    EXPECT_EQ(shownVerdict(), Verdict::Ok);
}

TEST_F(LivePageTest, EachVerdictHasItsWordAndTheReasonsCode)
{
    m_scenes.makeLive(m_window);
    qint64 id = 0;
    for (const auto &[verdict, name] : {std::pair{Verdict::Ok, "Verdict OK"}, {Verdict::Ng, "Verdict NG"},
                                        {Verdict::Unsure, "Verdict UNSURE"}}) {
        ask(++id);
        AnswerView view = answer(id, verdict);
        view.code = QStringLiteral("ANS-03");
        m_window.answerFinished(view);
        EXPECT_EQ(part("verdictTile")->accessibleName(), QLatin1String(name));
        EXPECT_TRUE(part("verdictTile")->toolTip().startsWith(QStringLiteral("ANS-03")));
    }
    ask(++id);
    m_window.answerFinished(answer(id, std::nullopt));
    EXPECT_FALSE(isShown("verdictTile"));
}

TEST_F(LivePageTest, AVerdictWithoutAReasonStandsInTheMiddleOfItsTile)
{
    m_scenes.makeLive(m_window);
    ask(1);
    m_window.answerFinished(answer(1, Verdict::Ok));
    const QImage tile = part("verdictTile")->grab().toImage();
    const QRgb ink = verdictInk(m_theme.colours(), Verdict::Ok).rgb();
    int first = -1, last = -1; // rows of the word, which is beside the mark
    for (int y = 0; y < tile.height(); ++y)
        for (int x = tile.width() * 4 / 10; x < tile.width(); ++x)
            if (tile.pixel(x, y) == ink) {
                first = first < 0 ? y : first;
                last = y;
            }
    EXPECT_NEAR((first + last) / 2.0, tile.height() / 2.0, 4);
}

TEST_F(LivePageTest, ANewQuestionClearsTheVerdictAtOnce)
{
    m_scenes.makeLive(m_window);
    ask(1);
    m_window.answerFinished(answer(1, Verdict::Ok));
    ASSERT_EQ(shownVerdict(), Verdict::Ok);
    showFrame(2, m_scenes.picture(1));
    key(Qt::Key_F1);
    EXPECT_FALSE(isShown("verdictTile"));
    EXPECT_EQ(shownAnswer(), QString());
    EXPECT_EQ(part<Thumbnail>("thumbnail")->image(), m_scenes.picture(1));
}

TEST_F(LivePageTest, TheVerdictStaysBesideTheVeryPictureItIsAboutAndSaysWhenTheScreenHasMovedOn)
{
    const auto property = [this](const char *name) { return part("resultCard")->property(name).toString(); };
    m_scenes.makeLive(m_window);
    ask(1);
    AnswerView view = answer(1, Verdict::Ok);
    view.thumbnail = m_scenes.picture(0);
    m_window.answerFinished(view);
    m_window.showFrame(m_scenes.picture(0), {2, std::chrono::steady_clock::now(), {}, true});
    EXPECT_FALSE(text("resultCaption").contains(QStringLiteral("earlier"))) << "the line stands still";
    EXPECT_EQ(property("field"), QStringLiteral("OK"));
    showFrame(3, m_scenes.picture(1));
    EXPECT_EQ(part<Thumbnail>("thumbnail")->image(), m_scenes.picture(0));
    EXPECT_TRUE(text("resultCaption").endsWith(QStringLiteral("about this earlier picture")));
    EXPECT_EQ(shownVerdict(), Verdict::Ok);
    EXPECT_EQ(property("field"), QString()) << "no old OK is a field of colour beside another picture";
    EXPECT_EQ(property("outlined"), QStringLiteral("OK"));
    EXPECT_TRUE(part("verdictTile")->accessibleDescription().startsWith(QStringLiteral("earlier picture")));
}

TEST_F(LivePageTest, AnAnswerThatComesAfterItsPictureHasGoneIsNoFieldOfColour)
{
    m_scenes.makeLive(m_window);
    ask(1);
    showFrame(2, m_scenes.picture(1));
    AnswerView view = answer(1, Verdict::Ng);
    view.reason = QStringLiteral("expected: yes");
    m_window.answerFinished(view);
    EXPECT_EQ(part("resultCard")->property("outlined").toString(), QStringLiteral("NG"));
    EXPECT_EQ(part("verdictTile")->accessibleDescription(), QStringLiteral("earlier picture · expected: yes"));
    ask(2); // about the picture that is shown now
    m_window.answerFinished(answer(2, Verdict::Ng));
    EXPECT_EQ(part("resultCard")->property("field").toString(), QStringLiteral("NG"));
}

TEST_F(LivePageTest, AVerdictIsNoFieldOfColourOnceItsCameraIsLostOrStandsStill)
{
    const auto property = [this](const char *name) { return part("resultCard")->property(name).toString(); };
    m_scenes.makeLive(m_window);
    qint64 id = 0;
    for (const auto &[condition, isStill] : {std::pair{SourceCondition::Lost, false}, {SourceCondition::Failed, false},
                                             {SourceCondition::Opening, false}, {SourceCondition::Live, true}}) {
        SCOPED_TRACE(int(condition));
        ask(++id);
        m_window.answerFinished(answer(id, Verdict::Ok));
        ASSERT_EQ(property("field"), QStringLiteral("OK"));
        SourceState source = Scenes::liveSource();
        source.condition = condition;
        source.isStill = isStill;
        m_window.setSourceState(source);
        EXPECT_EQ(property("field"), QString());
        EXPECT_EQ(property("outlined"), QStringLiteral("OK"));
        EXPECT_TRUE(part("verdictTile")->accessibleDescription().startsWith(QStringLiteral("earlier picture")));
        m_window.setSourceState(Scenes::liveSource());
        m_window.showFrame(m_scenes.picture(0), {1, std::chrono::steady_clock::now(), {}, true});
        EXPECT_EQ(property("field"), QString()) << "what comes back may be another part";
    }
}

TEST_F(LivePageTest, AnAnswerThatComesAfterTheCameraWasLostIsNoFieldOfColour)
{
    m_scenes.makeLive(m_window);
    ask(1);
    SourceState lost = Scenes::liveSource();
    lost.condition = SourceCondition::Lost;
    m_window.setSourceState(lost);
    m_window.answerFinished(answer(1, Verdict::Ok));
    EXPECT_EQ(part("resultCard")->property("field").toString(), QString());
    EXPECT_EQ(part("resultCard")->property("outlined").toString(), QStringLiteral("OK"));
}

TEST_F(LivePageTest, AFrozenPictureKeepsItsVerdictWhenTheCameraIsLostButOnlyAsLongAsItIsFrozen)
{
    const auto field = [this] { return part("resultCard")->property("field").toString(); };
    m_scenes.makeLive(m_window);
    key(Qt::Key_F);
    ask(1);
    m_window.answerFinished(answer(1, Verdict::Ok));
    SourceState lost = Scenes::liveSource();
    lost.condition = SourceCondition::Lost;
    m_window.setSourceState(lost);
    EXPECT_EQ(field(), QStringLiteral("OK"));
    key(Qt::Key_F);
    EXPECT_EQ(field(), QString());
}

TEST_F(LivePageTest, AVerdictOfTheLastPictureOfARecordingStaysWithIt)
{
    m_scenes.makeLive(m_window);
    SourceState ended = Scenes::liveSource();
    ended.condition = SourceCondition::Ended;
    m_window.setSourceState(ended);
    ask(1);
    m_window.setSourceState(ended);
    m_window.answerFinished(answer(1, Verdict::Ok));
    EXPECT_EQ(part("resultCard")->property("field").toString(), QStringLiteral("OK"));
}

TEST_F(LivePageTest, AnotherSourceClearsPictureAndVerdict)
{
    m_scenes.makeLive(m_window);
    ask(1);
    m_window.answerFinished(answer(1, Verdict::Ok));
    SourceState other = Scenes::liveSource();
    other.uri = QStringLiteral("folder:/parts");
    other.condition = SourceCondition::Opening;
    m_window.setSourceState(other);
    EXPECT_FALSE(isShown("verdictTile"));
    EXPECT_TRUE(isShown("emptyTitle"));
    EXPECT_TRUE(part<PictureView>("pictureView")->picture().isNull());
}

TEST_F(LivePageTest, AnAnswerAboutTheSourceOfBeforeStandsInTheStripAlone)
{
    m_scenes.makeLive(m_window);
    ask(1);
    SourceState other = Scenes::liveSource();
    other.uri = QStringLiteral("folder:/parts");
    m_window.setSourceState(other);
    m_window.answerFinished(answer(1, Verdict::Ok));
    EXPECT_FALSE(isShown("verdictTile"));
    EXPECT_EQ(text("stateWord"), QStringLiteral("READY"));
    EXPECT_EQ(recentCount(), 1);
    showFrame(7, m_scenes.picture(1));
    ask(2);
    m_window.answerFinished(answer(2, Verdict::Ng));
    EXPECT_TRUE(isShown("verdictTile")) << "the next answer is this source's";
}

TEST_F(LivePageTest, FKeepsTheFrameOnTheScreenAndAsksAboutIt)
{
    m_scenes.makeLive(m_window);
    key(Qt::Key_F);
    EXPECT_TRUE(m_window.live().isFrozen());
    EXPECT_EQ(part<QToolButton>("freezeButton")->text(), QStringLiteral("Go live"));
    showFrame(2, m_scenes.picture(1));
    EXPECT_EQ(shownFrame(), 1U);
    key(Qt::Key_F1);
    EXPECT_EQ(m_asked.last().frameSequence, 1U);
    key(Qt::Key_F);
    showFrame(3, m_scenes.picture(1));
    EXPECT_EQ(shownFrame(), 3U);
}

TEST_F(LivePageTest, AFrozenPictureOfALostCameraCanStillBeAskedAbout)
{
    m_scenes.makeLive(m_window);
    click("freezeButton");
    SourceState lost = Scenes::liveSource();
    lost.condition = SourceCondition::Lost;
    m_window.setSourceState(lost);
    EXPECT_EQ(text("stateWord"), QStringLiteral("FAULT"));
    key(Qt::Key_F1);
    EXPECT_EQ(m_asked.size(), 1);
}

TEST_F(LivePageTest, APictureThatStandsStillIsNotReadyUntilItChanges)
{
    m_scenes.makeLive(m_window);
    SourceState source = Scenes::liveSource();
    source.isStill = true;
    m_window.setSourceState(source);
    EXPECT_EQ(text("stateWord"), QStringLiteral("PICTURE STANDS STILL"));
    EXPECT_FALSE(part("askButton")->isEnabled());
    source.isStill = false;
    m_window.setSourceState(source);
    EXPECT_EQ(text("stateWord"), QStringLiteral("READY"));
    EXPECT_TRUE(part("askButton")->isEnabled());
}

TEST_F(LivePageTest, FreezingNothingIsOffAndSaysWhy)
{
    EXPECT_FALSE(part("freezeButton")->isEnabled());
    EXPECT_EQ(part("freezeButton")->toolTip(), QStringLiteral("There is no picture to freeze."));
    key(Qt::Key_F);
    EXPECT_FALSE(m_window.live().isFrozen());
}

TEST_F(LivePageTest, EscCancelsTheRunningQuestionQuietly)
{
    m_scenes.makeLive(m_window);
    key(Qt::Key_Escape);
    EXPECT_EQ(m_cancelled, 0);
    ask(1);
    key(Qt::Key_Escape);
    EXPECT_EQ(m_cancelled, 1);
    EXPECT_EQ(text("phase"), QStringLiteral("Cancelling"));
    EXPECT_FALSE(part("cancelButton")->isEnabled());
    m_window.answerFailed(1, QStringLiteral("RUN-01"), QStringLiteral("stopped"), {});
    EXPECT_EQ(text("resultCaption"), QStringLiteral("Cancelled"));
    EXPECT_FALSE(isShown("failure"));
    EXPECT_EQ(text("stateWord"), QStringLiteral("READY"));
    EXPECT_TRUE(part("askButton")->isEnabled());
}

TEST_F(LivePageTest, EscCancelsFromTheQuestionFieldToo)
{
    m_scenes.makeLive(m_window);
    ask(1);
    key(Qt::Key_Slash);
    key(Qt::Key_Escape);
    EXPECT_EQ(m_cancelled, 1);
}

TEST_F(LivePageTest, TheCancelButtonCancels)
{
    m_scenes.makeLive(m_window);
    ask(1);
    click("cancelButton");
    EXPECT_EQ(m_cancelled, 1);
}

TEST_F(LivePageTest, AfterAPresetIsPressedByTheKeyboardEnterConfirmsItsNgAndAsksNothing)
{
    m_scenes.makeLive(m_window);
    while (focused() != QLatin1String("preset1"))
        key(Qt::Key_Tab);
    key(Qt::Key_Space);
    EXPECT_EQ(focused(), QStringLiteral("pictureView"));
    m_window.answerStarted(1, m_asked.last().question, {});
    AnswerView ng = answer(1, Verdict::Ng);
    ng.row = 1201;
    m_window.answerFinished(ng);
    key(Qt::Key_Return);
    ASSERT_EQ(m_reviews.size(), 1);
    EXPECT_EQ(m_reviews[0].row, 1201);
    EXPECT_EQ(m_asked.size(), 1);
}

TEST_F(LivePageTest, AfterAskIsPressedByTheKeyboardSpaceAsksAgainAndFreezesNothing)
{
    m_scenes.makeLive(m_window);
    key(Qt::Key_F1);
    m_window.answerFailed(0, QStringLiteral("RUN-01"), {}, {});
    while (focused() != QLatin1String("askButton"))
        key(Qt::Key_Tab);
    key(Qt::Key_Space);
    EXPECT_EQ(focused(), QStringLiteral("pictureView"));
    m_window.answerFailed(0, QStringLiteral("RUN-01"), {}, {});
    key(Qt::Key_Space);
    EXPECT_EQ(m_asked.size(), 3);
    EXPECT_FALSE(m_window.live().isFrozen());
}

TEST_F(LivePageTest, AButtonThatIsSwitchedOffHandsTheFocusToThePictureWhoeverAsksAndWhateverIsMissing)
{
    m_scenes.makeLive(m_window);
    part("preset1")->setFocus(Qt::TabFocusReason);
    ASSERT_TRUE(m_window.askByTrigger(0));
    EXPECT_EQ(focused(), QStringLiteral("pictureView"));
    m_window.answerFailed(0, QStringLiteral("RUN-01"), {}, {});
    part("askButton")->setFocus(Qt::TabFocusReason);
    SourceState lost = Scenes::liveSource();
    lost.condition = SourceCondition::Lost;
    m_window.setSourceState(lost);
    EXPECT_EQ(focused(), QStringLiteral("pictureView"));
    part("freezeButton")->setFocus(Qt::TabFocusReason);
    m_window.setSourceState(Scenes::liveSource());
    ASSERT_TRUE(m_window.askByTrigger(0));
    EXPECT_EQ(focused(), QStringLiteral("freezeButton")) << "it stays on: nobody takes the focus from it";
}

TEST_F(LivePageTest, CancelPressedByTheKeyboardHandsTheFocusToThePicture)
{
    m_scenes.makeLive(m_window);
    ask(1);
    part("cancelButton")->setFocus(Qt::TabFocusReason);
    key(Qt::Key_Space);
    EXPECT_EQ(m_cancelled, 1);
    EXPECT_EQ(focused(), QStringLiteral("pictureView"));
    m_window.answerFailed(1, QStringLiteral("RUN-01"), {}, {});
    ask(2);
    part("cancelButton")->setFocus(Qt::TabFocusReason);
    m_window.answerStoring(2); // too late to cancel
    EXPECT_EQ(focused(), QStringLiteral("pictureView"));
}

TEST_F(LivePageTest, AFailedQuestionShowsCodeAndSentenceAndKeepsTheCauseBehindDetails)
{
    m_scenes.makeLive(m_window);
    ask(1);
    m_window.answerFailed(1, QStringLiteral("ASK-02"), QStringLiteral("The question is too long."), QStringLiteral("900 > 512"));
    EXPECT_EQ(text("failure"), QStringLiteral("ASK-02: The question is too long."));
    EXPECT_EQ(text("resultQuestion"), Scenes::presets().first().question);
    EXPECT_FALSE(isShown("verdictTile"));
    EXPECT_FALSE(isShown("failureDetail"));
    click("failureDetails");
    EXPECT_TRUE(isShown("failureDetail"));
    click("failureCopy");
    EXPECT_EQ(QApplication::clipboard()->text(), QStringLiteral("ASK-02: The question is too long.\n900 > 512"));
    EXPECT_EQ(text("stateWord"), QStringLiteral("READY"));
}

TEST_F(LivePageTest, AVeryLongAnswerIsWholeAndStartsAtItsBeginning)
{
    m_scenes.play(m_window, QStringLiteral("very-long"));
    const auto *answer = part<QPlainTextEdit>("answerText");
    EXPECT_GT(answer->toPlainText().size(), 1000);
    EXPECT_GT(answer->verticalScrollBar()->maximum(), 0);
    EXPECT_EQ(answer->verticalScrollBar()->value(), 0);
    EXPECT_TRUE(text("resultCaption").contains(QStringLiteral("cut at the length limit")));
    EXPECT_TRUE(part("resultQuestion")->toolTip().contains(QStringLiteral("taken off the line before packing")));
}

TEST_F(LivePageTest, MarkupInQuestionAnswerAndReasonsIsShownAsText)
{
    const QString markup = QStringLiteral("<b>yes</b> <img src='file:///etc/passwd'>");
    m_scenes.makeLive(m_window);
    m_window.setPresets({{markup, markup, {}}});
    ask(1);
    AnswerView view = answer(1, Verdict::Unsure);
    view.question = view.answer = view.reason = markup;
    m_window.answerFinished(view);
    m_window.raiseFault({Fault::Severity::Error, QStringLiteral("ask"), QStringLiteral("ASK-03"), markup, markup, {}, {},
                         markup});
    EXPECT_EQ(shownAnswer(), markup);
    EXPECT_EQ(text("resultQuestion"), markup);
    EXPECT_TRUE(text("faultCause").endsWith(markup));
    for (const QLabel *label : m_window.findChildren<QLabel *>()) {
        const bool isPlain = label->textFormat() == Qt::PlainText || label->text().isEmpty(); // icons have no text
        EXPECT_TRUE(isPlain) << label->text().toStdString();
    }
    for (const QWidget *widget : m_window.findChildren<QWidget *>())
        EXPECT_FALSE(widget->toolTip().contains(QLatin1Char('<'))) << widget->objectName().toStdString();
}

TEST_F(LivePageTest, ALostCameraVeilsThePictureAndTellsTheReason)
{
    m_scenes.play(m_window, QStringLiteral("camera-lost"));
    EXPECT_EQ(text("stateWord"), QStringLiteral("FAULT"));
    EXPECT_EQ(part("pictureView")->accessibleDescription(), QStringLiteral("Camera lost no frame for 1.5 s; reconnecting (try 2)"));
    EXPECT_EQ(part("sourceButton")->accessibleDescription(), QStringLiteral("lost, trying again"));
}

TEST_F(LivePageTest, TheNewestFaultIsToldWithOneActionAndDismissingItBringsBackTheOneBefore)
{
    m_scenes.makeLive(m_window);
    QStringList actions;
    QObject::connect(&m_window, &MainWindow::faultActionChosen, &m_window, [&](const QString &id) { actions.append(id); });
    m_window.raiseFault({Fault::Severity::Error, QStringLiteral("source"), QStringLiteral("CAM-01"),
                         QStringLiteral("No camera."), {}, QStringLiteral("choose-source"), QStringLiteral("Choose source"), {}});
    m_window.raiseFault({Fault::Severity::Error, QStringLiteral("database"), QStringLiteral("FS-09"),
                         QStringLiteral("Disk full."), QStringLiteral("No OK."), {}, {}, QStringLiteral("errno 28")});
    EXPECT_EQ(text("faultCause"), QStringLiteral("FS-09  Disk full."));
    EXPECT_FALSE(isShown("faultAction"));
    EXPECT_FALSE(isShown("faultDetail"));
    click("faultDetails");
    EXPECT_EQ(text("faultDetail"), QStringLiteral("errno 28"));
    EXPECT_TRUE(isShown("faultDetail"));
    click("faultCopy");
    EXPECT_EQ(QApplication::clipboard()->text(), QStringLiteral("FS-09  Disk full.\nerrno 28"));
    click("faultDismiss");
    EXPECT_EQ(text("faultCause"), QStringLiteral("CAM-01  No camera."));
    click("faultAction");
    EXPECT_EQ(actions, QStringList{QStringLiteral("choose-source")});
    m_window.clearFault(QStringLiteral("source"));
    EXPECT_FALSE(isShown("faultBar"));
    EXPECT_EQ(QApplication::activeModalWidget(), nullptr);
}

TEST_F(LivePageTest, AnAlarmStandsUntilAPersonDismissesItAndIsToldOnEveryPage)
{
    m_scenes.makeLive(m_window);
    Fault alarm{Fault::Severity::Error, QStringLiteral("database"), QStringLiteral("FS-09"), QStringLiteral("Disk full."), {}, {}, {}, {}};
    alarm.isLatched = true;
    m_window.raiseFault(alarm);
    m_window.clearFault(QStringLiteral("database"));
    EXPECT_TRUE(isShown("faultBar"));
    m_window.showPage(MainWindow::Page::Review);
    EXPECT_EQ(text("stateWord"), QStringLiteral("FAULT"));
    m_window.showPage(MainWindow::Page::Live);
    click("faultDismiss");
    EXPECT_FALSE(isShown("faultBar"));
    EXPECT_NE(text("stateWord"), QStringLiteral("FAULT"));
}

TEST_F(LivePageTest, SeveralFaultsAreCountedAlarmsComeFirstAndAPressStepsThroughThem)
{
    const auto fault = [](const char *topic, const char *cause, bool isLatched) {
        Fault made;
        made.topic = QLatin1String(topic);
        made.cause = QLatin1String(cause);
        made.isLatched = isLatched;
        return made;
    };
    m_scenes.makeLive(m_window);
    m_window.raiseFault(fault("source", "No camera.", false));
    EXPECT_FALSE(isShown("faultMore"));
    m_window.raiseFault(fault("database", "Disk full.", true));
    m_window.raiseFault(fault("model", "No model.", false));
    EXPECT_EQ(text("faultCause"), QStringLiteral("Disk full.")) << "an alarm goes before what is newer";
    EXPECT_EQ(part<QPushButton>("faultMore")->text(), QStringLiteral("+2"));
    click("faultMore");
    EXPECT_EQ(text("faultCause"), QStringLiteral("No model."));
    m_window.raiseFault(fault("source", "No camera (try 2).", false)); // told anew every few seconds
    EXPECT_EQ(text("faultCause"), QStringLiteral("No model.")) << "it takes its own place and nobody else's";
    click("faultMore");
    EXPECT_EQ(text("faultCause"), QStringLiteral("No camera (try 2)."));
    click("faultMore");
    EXPECT_EQ(text("faultCause"), QStringLiteral("Disk full."));
    m_window.clearFault(QStringLiteral("model"));
    m_window.clearFault(QStringLiteral("source"));
    EXPECT_FALSE(isShown("faultMore"));
}

TEST_F(LivePageTest, APressOnAFaultActsOnNoOtherThatCameUnderTheFinger)
{
    m_scenes.makeLive(m_window);
    QStringList actions;
    QObject::connect(&m_window, &MainWindow::faultActionChosen, &m_window, [&](const QString &id) { actions.append(id); });
    const auto raise = [&](const char *topic) {
        Fault fault;
        fault.topic = fault.cause = QLatin1String(topic);
        fault.actionId = fault.actionText = QLatin1String(topic);
        m_window.raiseFault(fault);
    };
    raise("source");
    QTest::mousePress(part("faultAction"), Qt::LeftButton);
    raise("model");
    QTest::mouseRelease(part("faultAction"), Qt::LeftButton);
    EXPECT_EQ(actions, QStringList());
    QTest::mousePress(part("faultDismiss"), Qt::LeftButton);
    raise("database");
    QTest::mouseRelease(part("faultDismiss"), Qt::LeftButton);
    EXPECT_EQ(text("faultCause"), QStringLiteral("database"));
    EXPECT_EQ(part<QPushButton>("faultMore")->text(), QStringLiteral("+2"));
    click("faultAction");
    EXPECT_EQ(actions, QStringList{QStringLiteral("database")});
}

TEST_F(LivePageTest, AFaultThatStillStandsCannotBeDismissed)
{
    m_scenes.makeLive(m_window);
    Fault alarm;
    alarm.topic = QStringLiteral("database");
    alarm.cause = QStringLiteral("Disk full.");
    alarm.isLatched = alarm.isStanding = true;
    m_window.raiseFault(alarm);
    EXPECT_FALSE(part("faultDismiss")->isEnabled());
    click("faultDismiss");
    EXPECT_TRUE(isShown("faultBar"));
    alarm.isStanding = false; // storing works again
    m_window.raiseFault(alarm);
    click("faultDismiss");
    EXPECT_FALSE(isShown("faultBar"));
}

TEST_F(LivePageTest, AnAnswerThatGoesToTheDiskSaysSoAndCannotBeCancelledAnyMore)
{
    m_scenes.makeLive(m_window);
    ask(1);
    m_window.answerStoring(1);
    EXPECT_EQ(text("phase"), QStringLiteral("Storing the answer"));
    EXPECT_FALSE(part("cancelButton")->isEnabled());
    key(Qt::Key_Escape);
    EXPECT_EQ(m_cancelled, 0);
    EXPECT_EQ(text("phase"), QStringLiteral("Storing the answer"));
    m_window.answerFinished(answer(1, Verdict::Ok));
    ask(2);
    EXPECT_TRUE(part("cancelButton")->isEnabled());
    key(Qt::Key_Escape);
    EXPECT_EQ(m_cancelled, 1);
}

TEST_F(LivePageTest, ZoomKeysGoFromTheWholePictureToSinglePixelsAndBack)
{
    m_scenes.makeLive(m_window);
    showFrame(2, QImage(2000, 1500, QImage::Format_RGB888));
    const auto *picture = part<PictureView>("pictureView");
    const auto whole = [picture] { return std::min(picture->width() / 2000.0, picture->height() / 1500.0); };
    EXPECT_DOUBLE_EQ(picture->zoom(), whole());
    key(Qt::Key_End);
    EXPECT_DOUBLE_EQ(picture->zoom(), 1 / picture->devicePixelRatioF());
    key(Qt::Key_Plus);
    EXPECT_GT(picture->zoom(), 1 / picture->devicePixelRatioF());
    key(Qt::Key_Home);
    EXPECT_DOUBLE_EQ(picture->zoom(), whole());
}

TEST(LatencyCard, ItsPartsAddUpToTheWholeTime)
{
    StageLatencies latency;
    latency.preprocessMs = 1;
    latency.encodeMs = 20;
    latency.prefillMs = 4;
    latency.totalMs = 40;
    double sum = 0;
    for (const LatencyCard::Part &part : LatencyCard::parts(latency))
        sum += part.ms;
    EXPECT_DOUBLE_EQ(sum, 40);
}

} // namespace
} // namespace auroraedge::ui::tests

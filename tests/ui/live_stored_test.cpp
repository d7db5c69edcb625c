#include "tests/ui/window_test.h"
#include "ui/widgets/picture_view.h"
#include "ui/widgets/recent_strip.h"
#include "ui/widgets/stored_picture.h"
#include "ui/widgets/thumbnail.h"
#include "ui/widgets/verdict_tile.h"

#include <QLineEdit>
#include <QPlainTextEdit>
#include <QScrollBar>

namespace auroraedge::ui::tests {
namespace {

/// Looks back at stored answers and their pictures.
class LiveStoredTest : public WindowTest
{
protected:
    LiveStoredTest()
    {
        m_scenes.makeLive(m_window);
        AnswerView ng = m_scenes.answer(2, Verdict::Ng);
        ng.thumbnail = m_scenes.picture(1);
        ng.region = {0.25, 0.25, 0.5, 0.5};
        m_window.setRecent({m_scenes.answer(3, Verdict::Ok), ng, m_scenes.answer(1, std::nullopt)});
    }

    [[nodiscard]] StoredPicture &stored() { return *part<StoredPicture>("storedPicture"); }
    [[nodiscard]] bool isOpen() { return stored().isVisible(); }
    [[nodiscard]] QString shownAnswer() { return part<QPlainTextEdit>("stored.answerText")->toPlainText(); }
    void tap(int place)
    {
        auto *strip = part<RecentStrip>("recentStrip");
        QTest::mouseClick(strip->viewport(), Qt::LeftButton, {}, strip->visualRect(strip->model()->index(place, 0)).center());
    }
};

TEST_F(LiveStoredTest, ATapOpensTheAnswerWithItsOwnPictureVerdictAndFigures)
{
    QList<AnswerView> chosen;
    QObject::connect(&m_window, &MainWindow::recentChosen, &m_window, [&](const AnswerView &view) { chosen.append(view); });
    tap(0); // the NG is pinned
    ASSERT_TRUE(isOpen());
    ASSERT_EQ(chosen.size(), 1);
    EXPECT_EQ(m_wantedPictures, QList<qint64>{1202});
    EXPECT_TRUE(stored().isLoading());
    EXPECT_EQ(stored().accessibleDescription(), QStringLiteral("Loading the picture"));
    EXPECT_EQ(stored().picture(), m_scenes.picture(1)) << "the small one until the whole one is there";
    EXPECT_EQ(part<VerdictTile>("stored.verdictTile")->verdict(), Verdict::Ng);
    EXPECT_EQ(shownAnswer(), QStringLiteral("no"));
    EXPECT_EQ(part<Thumbnail>("stored.thumbnail")->region(), QRectF(0.25, 0.25, 0.5, 0.5));
    const QString caption = text("stored.resultCaption");
    EXPECT_TRUE(caption.startsWith(QStringLiteral("Earlier answer, 2026-03-09 14:02")));
    EXPECT_TRUE(caption.endsWith(QStringLiteral("Simulated line · nano")));
    EXPECT_TRUE(part("stored.latencyCard")->toolTip().contains(QStringLiteral("Encode 62 ms")));
    EXPECT_FALSE(isShown("pictureView"));

    const QImage whole(1280, 960, QImage::Format_RGB888);
    m_window.showStoredPicture(1203, whole); // of another answer
    EXPECT_TRUE(stored().isLoading());
    m_window.showStoredPicture(1202, whole);
    EXPECT_FALSE(stored().isLoading());
    EXPECT_EQ(stored().picture().size(), QSize(1280, 960));
    EXPECT_TRUE(stored().accessibleDescription().isEmpty());
}

TEST_F(LiveStoredTest, ALostOrAlteredPictureIsToldAndNothingStandsInForIt)
{
    tap(0);
    m_window.showStoredPicture(1202, {});
    EXPECT_TRUE(stored().picture().isNull());
    EXPECT_EQ(stored().accessibleDescription(), QStringLiteral("The picture is missing or altered"));
    EXPECT_EQ(shownAnswer(), QStringLiteral("no"));
}

TEST_F(LiveStoredTest, ACodeWithoutAReasonStandsAlone)
{
    AnswerView unsure = m_scenes.answer(2, Verdict::Unsure);
    unsure.code = QStringLiteral("ANS-03");
    for (const char *reason : {"", "not sure enough"}) {
        unsure.reason = QLatin1String(reason);
        m_window.setRecent({unsure});
        tap(0);
        EXPECT_EQ(part("stored.verdictTile")->accessibleDescription(),
                  unsure.reason.isEmpty() ? QStringLiteral("ANS-03") : QStringLiteral("ANS-03: not sure enough"));
        key(Qt::Key_Escape);
    }
}

TEST_F(LiveStoredTest, AnAnswerThatWasNeverStoredHasNoPictureToAskFor)
{
    AnswerView unstored = m_scenes.answer(9, Verdict::Ok);
    unstored.row = 0;
    m_window.setRecent({unstored});
    tap(0);
    EXPECT_TRUE(m_wantedPictures.isEmpty());
    EXPECT_FALSE(stored().isLoading());
}

TEST_F(LiveStoredTest, ByKeysAloneItIsOpenedSteppedThroughAndClosed)
{
    key(Qt::Key_J);
    ASSERT_TRUE(isOpen());
    EXPECT_EQ(focused(), QStringLiteral("storedPicture"));
    EXPECT_FALSE(part("storedNewer")->isEnabled());
    key(Qt::Key_J);
    key(Qt::Key_Right);
    key(Qt::Key_J); // there is no older one
    EXPECT_EQ(m_wantedPictures, (QList<qint64>{1202, 1203, 1201}));
    EXPECT_FALSE(part("storedOlder")->isEnabled());
    key(Qt::Key_K);
    key(Qt::Key_Left);
    EXPECT_EQ(m_wantedPictures.last(), 1202);
    key(Qt::Key_Escape);
    EXPECT_FALSE(isOpen());
    EXPECT_TRUE(isShown("pictureView"));
    EXPECT_EQ(focused(), QStringLiteral("pictureView"));
}

TEST_F(LiveStoredTest, ByKeysItIsSteppedThroughAndJudgedAlsoWhileNothingCanBeAsked)
{
    ask(1);
    key(Qt::Key_J);
    EXPECT_EQ(focused(), QStringLiteral("storedPicture"));
    key(Qt::Key_J);
    EXPECT_EQ(m_wantedPictures, (QList<qint64>{1202, 1203}));
    key(Qt::Key_K);
    key(Qt::Key_Return);
    ASSERT_EQ(m_reviews.size(), 1);
    EXPECT_EQ(m_reviews[0].row, 1202);
    key(Qt::Key_Escape);
    EXPECT_EQ(focused(), QStringLiteral("pictureView"));
}

TEST_F(LiveStoredTest, TheStripOpensItByEnterAndFollowsTheSteps)
{
    auto *strip = part<RecentStrip>("recentStrip");
    strip->setFocus(Qt::TabFocusReason);
    key(Qt::Key_Right);
    key(Qt::Key_Return);
    ASSERT_TRUE(isOpen());
    const int opened = strip->currentIndex().row();
    key(Qt::Key_J);
    EXPECT_EQ(strip->currentIndex().row(), opened + 1);
}

TEST_F(LiveStoredTest, ItsButtonsStepAndCloseToo)
{
    tap(0);
    click("storedOlder");
    EXPECT_EQ(m_wantedPictures.last(), 1203);
    click("storedNewer");
    EXPECT_EQ(m_wantedPictures.last(), 1202);
    click("storedClose");
    EXPECT_FALSE(isOpen());
    tap(0);
    click("liveCorner");
    EXPECT_FALSE(isOpen());
}

TEST_F(LiveStoredTest, ThePictureIsZoomedByTheSameKeysAndThenTheArrowsPan)
{
    tap(0);
    m_window.showStoredPicture(1202, QImage(2000, 1500, QImage::Format_RGB888));
    key(Qt::Key_End);
    EXPECT_DOUBLE_EQ(stored().zoom(), 1 / stored().devicePixelRatioF());
    key(Qt::Key_Right);
    EXPECT_EQ(m_wantedPictures.size(), 1);
    key(Qt::Key_Home);
    EXPECT_FALSE(stored().isZoomed());
}

TEST_F(LiveStoredTest, ThePictureInTheCornerSaysWhenItIsNoLiveOne)
{
    const auto told = [this] { return part("liveCorner")->accessibleDescription(); };
    const auto tell = [this](SourceCondition condition, bool isStill = false) {
        SourceState source = Scenes::liveSource();
        source.condition = condition;
        source.isStill = isStill;
        m_window.setSourceState(source);
    };
    tap(0);
    EXPECT_EQ(told(), QStringLiteral("LIVE"));
    const QImage live = part("liveCorner")->grab().toImage();
    tell(SourceCondition::Lost);
    EXPECT_EQ(told(), QStringLiteral("CAMERA LOST"));
    EXPECT_NE(part("liveCorner")->grab().toImage(), live);
    tell(SourceCondition::Failed);
    EXPECT_EQ(told(), QStringLiteral("NO PICTURE"));
    tell(SourceCondition::Live, true);
    EXPECT_EQ(told(), QStringLiteral("STANDS STILL"));
    tell(SourceCondition::Opening);
    EXPECT_EQ(told(), QString());
    tell(SourceCondition::Live);
    EXPECT_EQ(told(), QStringLiteral("LIVE"));
    key(Qt::Key_F);
    EXPECT_EQ(told(), QStringLiteral("FROZEN"));
    tell(SourceCondition::Lost);
    EXPECT_EQ(told(), QStringLiteral("FROZEN"));
}

TEST_F(LiveStoredTest, AskingGoesBackToTheLivePictureThatWentOnInTheCorner)
{
    tap(0);
    showFrame(9, m_scenes.picture(1));
    key(Qt::Key_F1);
    EXPECT_FALSE(isOpen());
    ASSERT_EQ(m_asked.size(), 1);
    EXPECT_EQ(m_asked.last().frameSequence, 9U);
    EXPECT_EQ(part<PictureView>("pictureView")->status().sequence, 9U);
}

TEST_F(LiveStoredTest, AskingFromTheFieldLeavesTheFocusInIt)
{
    tap(0);
    key(Qt::Key_Slash);
    type("is it clean?");
    key(Qt::Key_Return);
    EXPECT_FALSE(isOpen());
    EXPECT_EQ(focused(), QStringLiteral("questionField"));
}

TEST_F(LiveStoredTest, ATriggerDoesNotDisturbWhatIsLookedAt)
{
    tap(0);
    ASSERT_TRUE(m_window.askByTrigger(0));
    m_window.answerStarted(5, m_asked.last().question, m_scenes.picture(0));
    AnswerView view = answer(5, Verdict::Ok);
    view.row = 1205;
    m_window.answerFinished(view);
    ASSERT_TRUE(isOpen());
    EXPECT_EQ(focused(), QStringLiteral("storedPicture"));
    EXPECT_EQ(shownAnswer(), QStringLiteral("no"));
    key(Qt::Key_Escape);
    EXPECT_EQ(part<VerdictTile>("verdictTile")->verdict(), Verdict::Ok);
}

TEST_F(LiveStoredTest, LookingBackDoesNotDisturbARunningQuestion)
{
    ask(1);
    m_window.answerText(1, QStringLiteral("so far"));
    tap(1);
    ASSERT_TRUE(isOpen());
    key(Qt::Key_Escape); // closes what is on top; the next one cancels
    EXPECT_EQ(m_cancelled, 0);
    EXPECT_EQ(part<QPlainTextEdit>("answerText")->toPlainText(), QStringLiteral("so far"));
    EXPECT_FALSE(isShown("verdictTile"));
    key(Qt::Key_Escape);
    EXPECT_EQ(m_cancelled, 1);
}

TEST_F(LiveStoredTest, AnEarlierNgIsJudgedThereByKeys)
{
    askAndAnswer(7, Verdict::Ng);
    tap(1);
    key(Qt::Key_Return);
    ASSERT_EQ(m_reviews.size(), 1);
    EXPECT_EQ(m_reviews[0].row, 1202) << "the one that is shown, not the newest";
    m_window.setReview(1202, {Verdict::Ng, {}, QStringLiteral("anna"), {}});
    EXPECT_EQ(text("stored.reviewTold"), QStringLiteral("Confirmed · anna"));
    key(Qt::Key_K);
    EXPECT_EQ(m_wantedPictures.last(), 1203) << "judged, it has gone to its place in time";
    key(Qt::Key_Escape);
    EXPECT_TRUE(isShown("reviewConfirm")) << "the newest still waits";
}

TEST_F(LiveStoredTest, AnEarlierAnswerWhosePictureIsGoneStandsBesideNoPicture)
{
    AnswerView old = m_scenes.answer(3, Verdict::Ok);
    old.thumbnail = {};
    m_window.setRecent({old});
    askAndAnswer(1, Verdict::Unsure);
    tap(1);
    EXPECT_EQ(part<VerdictTile>("stored.verdictTile")->verdict(), Verdict::Ok);
    EXPECT_TRUE(part<Thumbnail>("stored.thumbnail")->image().isNull());
    EXPECT_TRUE(stored().picture().isNull());
}

TEST_F(LiveStoredTest, AnEarlierFailureIsShownAsOneAndNotAsAnAnswer)
{
    AnswerView failed = m_scenes.answer(3, std::nullopt);
    failed.isAnswered = false;
    failed.code = QStringLiteral("GPU-03");
    failed.answer = QStringLiteral("not enough memory");
    m_window.setRecent({failed});
    tap(0);
    EXPECT_TRUE(isShown("stored.failure"));
    EXPECT_EQ(text("stored.failure"), QStringLiteral("GPU-03: not enough memory"));
    EXPECT_FALSE(isShown("stored.probability"));
}

TEST_F(LiveStoredTest, AnotherSourceClosesIt)
{
    tap(0);
    SourceState other = Scenes::liveSource();
    other.uri = QStringLiteral("folder:/parts");
    m_window.setSourceState(other);
    EXPECT_FALSE(isOpen());
}

} // namespace
} // namespace auroraedge::ui::tests

#include "tests/ui/window_test.h"
#include "ui/panels/review_panel.h"
#include "ui/widgets/painting.h"
#include "ui/widgets/recent_strip.h"
#include "ui/widgets/review_bar.h"

#include <QAbstractButton>
#include <QLineEdit>
#include <QPainter>
#include <QTranslator>

namespace auroraedge::ui::tests {
namespace {

/// Judges what the model called NG, and reads the counters.
class LiveReviewTest : public WindowTest
{
protected:
    LiveReviewTest() { m_scenes.makeLive(m_window); }

    [[nodiscard]] ReviewBar::State state() { return part<ReviewBar>("reviewBar")->state(); }
    [[nodiscard]] static Review review(Verdict verdict, const QString &reason = {})
    {
        return {verdict, reason, QStringLiteral("anna"), QDateTime(QDate(2026, 3, 9), QTime(14, 5))};
    }
};

using State = ReviewBar::State;

TEST_F(LiveReviewTest, EnterConfirmsAnNgAndItIsGivenOnlyWhenItIsStored)
{
    askAndAnswer(1, Verdict::Ng);
    EXPECT_TRUE(text("hint").startsWith(QStringLiteral("Enter confirm NG")));
    key(Qt::Key_Return);
    ASSERT_EQ(m_reviews.size(), 1);
    EXPECT_EQ(m_reviews[0].row, 1201);
    EXPECT_EQ(m_reviews[0].verdict, Verdict::Ng);
    EXPECT_TRUE(m_reviews[0].reason.isEmpty());
    EXPECT_EQ(text("reviewTold"), QStringLiteral("Storing the review"));
    key(Qt::Key_Return); // once is enough
    EXPECT_EQ(m_reviews.size(), 1);
    m_window.setReview(1201, review(Verdict::Ng));
    EXPECT_EQ(text("reviewTold"), QStringLiteral("Confirmed · anna · 14:05"));
}

TEST_F(LiveReviewTest, ByKeysAloneAnNgIsOverruledWithAReason)
{
    askAndAnswer(1, Verdict::Ng);
    key(Qt::Key_O);
    EXPECT_EQ(state(), State::Choosing);
    EXPECT_EQ(focused(), QStringLiteral("reviewReason1"));
    EXPECT_EQ(text("hint"), QStringLiteral("1–5 reason · Esc back"));
    key(Qt::Key_2);
    ASSERT_EQ(m_reviews.size(), 1);
    EXPECT_EQ(m_reviews[0].verdict, Verdict::Ok);
    EXPECT_EQ(m_reviews[0].reason, QStringLiteral("Reflection or dirt"));
    m_window.setReview(1201, review(Verdict::Ok, m_reviews[0].reason));
    EXPECT_EQ(text("reviewTold"), QStringLiteral("Overruled to OK · Reflection or dirt · anna · 14:05"));
    EXPECT_EQ(part("verdictTile")->accessibleName(), QStringLiteral("Verdict NG")) << "the model said so, and that stays";
    EXPECT_EQ(focused(), QStringLiteral("pictureView"));
}

TEST_F(LiveReviewTest, APictureThatCannotTellMakesItUnsureAndNotOk)
{
    askAndAnswer(1, Verdict::Ng);
    click("reviewOverrule");
    EXPECT_EQ(part("reviewReason4")->accessibleDescription(), QStringLiteral("Records UNSURE"));
    click("reviewReason4");
    EXPECT_EQ(m_reviews.last().verdict, Verdict::Unsure);
    EXPECT_EQ(m_reviews.last().reason, QStringLiteral("Picture is bad"));
}

TEST_F(LiveReviewTest, EnterPressesTheButtonThatHasTheFocus)
{
    askAndAnswer(1, Verdict::Ng);
    part("reviewOverrule")->setFocus(Qt::TabFocusReason);
    key(Qt::Key_Return);
    EXPECT_EQ(state(), State::Choosing);
    EXPECT_TRUE(m_reviews.isEmpty());
    key(Qt::Key_Tab);
    key(Qt::Key_Tab);
    key(Qt::Key_Return);
    EXPECT_EQ(m_reviews.last().reason, QStringLiteral("Wrong part in view"));
}

TEST_F(LiveReviewTest, EnterOnAnotherButtonPressesItAndJudgesNothing)
{
    askAndAnswer(1, Verdict::Ng);
    part("freezeButton")->setFocus(Qt::TabFocusReason);
    key(Qt::Key_Return);
    EXPECT_TRUE(m_window.live().isFrozen());
    part("railModels")->setFocus(Qt::TabFocusReason);
    key(Qt::Key_Return);
    EXPECT_EQ(m_window.page(), MainWindow::Page::Models);
    EXPECT_TRUE(m_reviews.isEmpty());
    EXPECT_EQ(state(), State::Offered);
}

TEST_F(LiveReviewTest, AnEnterThatIsHeldDownPressesOnce)
{
    askAndAnswer(1, Verdict::Ng);
    part("reviewOverrule")->setFocus(Qt::TabFocusReason);
    key(Qt::Key_Return);
    ASSERT_EQ(focused(), QStringLiteral("reviewReason1"));
    QKeyEvent held(QEvent::KeyPress, Qt::Key_Return, Qt::NoModifier, QStringLiteral("\r"), true);
    QApplication::sendEvent(QApplication::focusWidget(), &held);
    EXPECT_TRUE(m_reviews.isEmpty()) << "nobody has chosen that reason";
    EXPECT_EQ(state(), State::Choosing);
}

TEST_F(LiveReviewTest, EscLeavesTheReasonsAndGivesNothing)
{
    askAndAnswer(1, Verdict::Ng);
    key(Qt::Key_O);
    key(Qt::Key_Escape);
    EXPECT_EQ(state(), State::Offered);
    click("reviewOverrule");
    click("reviewBack");
    EXPECT_EQ(state(), State::Offered);
    EXPECT_TRUE(m_reviews.isEmpty());
}

TEST_F(LiveReviewTest, OnlyAStoredNgIsOfferedForReview)
{
    qint64 id = 0;
    for (const std::optional<Verdict> verdict : {std::optional(Verdict::Ok), std::optional(Verdict::Unsure), std::optional<Verdict>()}) {
        askAndAnswer(++id, verdict);
        EXPECT_EQ(state(), State::Hidden);
    }
    ask(++id);
    AnswerView view = answer(id, Verdict::Ng);
    view.row = 0;
    m_window.answerFinished(view);
    EXPECT_EQ(state(), State::Hidden);
    key(Qt::Key_Return);
    key(Qt::Key_O);
    EXPECT_TRUE(m_reviews.isEmpty());
}

TEST_F(LiveReviewTest, AReviewCanBeChanged)
{
    askAndAnswer(1, Verdict::Ng);
    key(Qt::Key_Return);
    m_window.setReview(1201, review(Verdict::Ng));
    click("reviewChange");
    key(Qt::Key_O);
    key(Qt::Key_1);
    ASSERT_EQ(m_reviews.size(), 2);
    EXPECT_EQ(m_reviews[1].verdict, Verdict::Ok);
}

TEST_F(LiveReviewTest, OnlyAFailureOfItsOwnRowOffersAReviewAgain)
{
    askAndAnswer(1, Verdict::Ng);
    key(Qt::Key_Return);
    EXPECT_EQ(state(), State::Storing);
    m_window.raiseFault({Fault::Severity::Error, QStringLiteral("database"), QStringLiteral("FS-09"),
                         QStringLiteral("The disk is full."), {}, {}, {}, {}});
    m_window.reviewFailed(1200);
    m_window.setReview(1200, review(Verdict::Ng));
    EXPECT_EQ(state(), State::Storing) << "it may still be stored";
    key(Qt::Key_Return);
    EXPECT_EQ(m_reviews.size(), 1);
    m_window.reviewFailed(1201);
    EXPECT_EQ(state(), State::Offered);
    key(Qt::Key_Return);
    EXPECT_EQ(m_reviews.size(), 2);
}

TEST_F(LiveReviewTest, AReviewThatIsBeingStoredIsNotOfferedWhereTheSameAnswerIsOpenedAsAnEarlierOne)
{
    const auto earlier = [this] { return part<ReviewBar>("stored.reviewBar")->state(); };
    askAndAnswer(1, Verdict::Ng);
    key(Qt::Key_Return);
    key(Qt::Key_J); // the newest, opened as an earlier one
    ASSERT_TRUE(isShown("stored.resultCard"));
    EXPECT_EQ(earlier(), State::Storing);
    key(Qt::Key_Return);
    EXPECT_EQ(m_reviews.size(), 1);
    m_window.reviewFailed(1201);
    EXPECT_EQ(earlier(), State::Offered);
    EXPECT_EQ(state(), State::Offered);
    key(Qt::Key_Return); // judged here, it is held there
    EXPECT_EQ(state(), State::Storing);
    m_window.setReview(1201, review(Verdict::Ng));
    EXPECT_EQ(earlier(), State::Given);
    EXPECT_EQ(state(), State::Given);
}

TEST_F(LiveReviewTest, AReasonIsStoredInEnglishAndShownInTheLanguageOfTheWindow)
{
    class Chinese final : public QTranslator
    {
    public:
        [[nodiscard]] bool isEmpty() const override { return false; }
        QString translate(const char *context, const char *text, const char *, int) const override
        {
            const bool isReason = qstrcmp(context, "auroraedge::ui::ReviewBar") == 0 && qstrcmp(text, "Picture is bad") == 0;
            return isReason ? QStringLiteral("图像不好") : QString();
        }
    } chinese;
    askAndAnswer(1, Verdict::Ng);
    QCoreApplication::installTranslator(&chinese);
    key(Qt::Key_O);
    key(Qt::Key_4);
    ASSERT_EQ(m_reviews.size(), 1);
    EXPECT_EQ(m_reviews[0].reason, QStringLiteral("Picture is bad"));
    m_window.setReview(1201, review(Verdict::Unsure, m_reviews[0].reason));
    EXPECT_EQ(text("reviewTold"), QStringLiteral("Overruled to UNSURE · 图像不好 · anna · 14:05"));
    m_window.setReview(1201, review(Verdict::Unsure, QStringLiteral("Spiegelung"))); // of a database from before
    EXPECT_EQ(text("reviewTold"), QStringLiteral("Overruled to UNSURE · Spiegelung · anna · 14:05"));
    QCoreApplication::removeTranslator(&chinese);
}

TEST_F(LiveReviewTest, ANewQuestionTakesTheOfferWithItAndTheNgStaysPinned)
{
    askAndAnswer(1, Verdict::Ng);
    askAndAnswer(2, Verdict::Ok);
    key(Qt::Key_Return);
    EXPECT_TRUE(m_reviews.isEmpty());
    const RecentModel &recent = part<RecentStrip>("recentStrip")->answers();
    EXPECT_EQ(recent.at(0).row, 1201);
    m_window.setReview(1201, review(Verdict::Ng));
    EXPECT_EQ(recent.at(0).row, 1202);
}

TEST_F(LiveReviewTest, AKeyMeantForTheNgOfAMomentAgoDoesNotJudgeTheOneThatReplacedIt)
{
    askAndAnswer(1, Verdict::Ng);
    askAndAnswer(2, Verdict::Ng); // a trigger was quicker than the person
    EXPECT_EQ(state(), State::Settling);
    EXPECT_TRUE(isShown("reviewConfirm"));
    EXPECT_FALSE(part("reviewConfirm")->isEnabled()) << "it is seen that nothing is taken yet";
    EXPECT_TRUE(text("hint").startsWith(QStringLiteral("This is another NG")));
    key(Qt::Key_Return);
    key(Qt::Key_O);
    click("reviewConfirm");
    EXPECT_TRUE(m_reviews.isEmpty());
    EXPECT_EQ(state(), State::Settling);
    ASSERT_TRUE(QTest::qWaitFor([this] { return state() == State::Offered; }, 2'000));
    EXPECT_TRUE(part("reviewConfirm")->isEnabled());
    key(Qt::Key_Return);
    ASSERT_EQ(m_reviews.size(), 1);
    EXPECT_EQ(m_reviews[0].row, 1202);
}

TEST_F(LiveReviewTest, AnUnjudgedNgIsRememberedAcrossAnswersThatNobodyJudges)
{
    askAndAnswer(1, Verdict::Ng);
    askAndAnswer(2, Verdict::Ok);
    askAndAnswer(3, Verdict::Ng);
    EXPECT_EQ(state(), State::Settling);
}

TEST_F(LiveReviewTest, AnNgAfterAJudgedOneIsOfferedAtOnce)
{
    askAndAnswer(1, Verdict::Ng);
    key(Qt::Key_Return);
    m_window.setReview(1201, review(Verdict::Ng));
    askAndAnswer(2, Verdict::Ng);
    EXPECT_EQ(state(), State::Offered);
}

TEST_F(LiveReviewTest, TheNextQuestionEndsTheWaitOfTheOneBefore)
{
    askAndAnswer(1, Verdict::Ng);
    askAndAnswer(2, Verdict::Ng);
    ask(3);
    EXPECT_FALSE(QTest::qWaitFor([this] { return state() != State::Hidden; }, 700)) << "nothing is offered beside a running question";
}

TEST_F(LiveReviewTest, ZTakesTheLastJudgementBackOnceAndItIsOfferedAgain)
{
    key(Qt::Key_Z);
    EXPECT_TRUE(m_undone.isEmpty());
    EXPECT_EQ(text("hint"), QStringLiteral("There is no judgement to take back."));
    askAndAnswer(1, Verdict::Ng);
    key(Qt::Key_Return);
    key(Qt::Key_Z);
    EXPECT_TRUE(m_undone.isEmpty()) << "it is not on the disk yet";
    m_window.setReview(1201, review(Verdict::Ng));
    key(Qt::Key_Z);
    EXPECT_EQ(m_undone, QList<qint64>{1201});
    m_window.live().withdrawReview(1201);
    EXPECT_EQ(state(), State::Offered);
    key(Qt::Key_Z);
    EXPECT_EQ(m_undone.size(), 1);
}

TEST_F(LiveReviewTest, ZTellsWhoseJudgementIsTakenBackAndWhatFailedCanBeTakenBackAgain)
{
    QStringList reviewers;
    QObject::connect(&m_window, &MainWindow::reviewUndoRequested, &m_window, [&](qint64, const QString &name) { reviewers.append(name); });
    askAndAnswer(1, Verdict::Ng);
    key(Qt::Key_Return);
    m_window.setReview(1201, review(Verdict::Ng));
    Review later = review(Verdict::Ok);
    later.reviewer = QStringLiteral("ben");
    m_window.setReview(1201, later); // on the Review page
    key(Qt::Key_Z);
    EXPECT_EQ(reviewers, QStringList{QStringLiteral("anna")});
    m_window.live().undoFailed(1200); // another one
    key(Qt::Key_Z);
    EXPECT_EQ(m_undone.size(), 1);
    m_window.live().undoFailed(1201);
    key(Qt::Key_Z);
    EXPECT_EQ(m_undone, (QList<qint64>{1201, 1201}));
    EXPECT_EQ(reviewers, (QStringList{QStringLiteral("anna"), QStringLiteral("anna")}));
    m_window.live().withdrawReview(1201);
    m_window.live().undoFailed(1201); // of another judgement of it
    key(Qt::Key_Z);
    EXPECT_EQ(m_undone.size(), 2);
}

TEST_F(LiveReviewTest, WhatIsTakenBackIsOpenedWhereAnotherAnswerIsShown)
{
    askAndAnswer(1, Verdict::Ng);
    key(Qt::Key_Return);
    m_window.setReview(1201, review(Verdict::Ng));
    askAndAnswer(2, Verdict::Ok);
    key(Qt::Key_Z);
    EXPECT_EQ(m_undone, QList<qint64>{1201});
    ASSERT_TRUE(isShown("stored.resultCard"));
    m_window.live().withdrawReview(1201);
    EXPECT_EQ(part<ReviewBar>("stored.reviewBar")->state(), State::Offered);
}

TEST_F(LiveReviewTest, MoreThanTwentyThatWaitLeadToTheReviewPage)
{
    EXPECT_FALSE(isShown("moreWaiting"));
    AnswerViews waiting;
    for (qint64 row = 25; row >= 1; --row) {
        AnswerView view = answer(row, Verdict::Ng);
        view.row = row;
        waiting.append(view);
    }
    m_window.setRecent(waiting);
    ASSERT_TRUE(isShown("moreWaiting"));
    EXPECT_EQ(part<QAbstractButton>("moreWaiting")->text(), QStringLiteral("+5 more\nin Review"));
    click("moreWaiting");
    EXPECT_EQ(m_window.page(), MainWindow::Page::Review);
    EXPECT_TRUE(m_window.review().filter().unreviewedOnly);
    EXPECT_EQ(m_window.review().filter().verdicts, QList<Verdict>{Verdict::Ng});
}

TEST_F(LiveReviewTest, TheCountersShowTheShift)
{
    m_window.setShiftCounters(Scenes::counters());
    for (const auto &[name, figure] : {std::pair{"shiftTotal", "1204"}, {"shiftOk", "1187"}, {"shiftNg", "14"}, {"shiftUnsure", "2"},
                                       {"shiftFailed", "1"}, {"shiftYield", "98.6 %"}, {"shiftLastHour", "412"}, {"shiftSince", "06:00"}})
        EXPECT_EQ(text(name), QLatin1String(figure)) << name;
    ShiftCounters none;
    m_window.setShiftCounters(none);
    EXPECT_EQ(text("shiftYield"), QStringLiteral("–"));
    none.ok = 9'999;
    none.ng = 1;
    m_window.setShiftCounters(none);
    EXPECT_EQ(text("shiftYield"), QStringLiteral("99.9 %")) << "one NG is not 100 %";
    none.total = 1'412'000;
    m_window.setShiftCounters(none);
    EXPECT_EQ(text("shiftTotal"), QStringLiteral("1.41 M"));
    EXPECT_EQ(part("shiftTotal")->toolTip(), QStringLiteral("1412000"));
}

TEST_F(LiveReviewTest, ByKeysAloneTheCountersAreResetAfterBeingAskedBackInPlace)
{
    part("shiftReset")->setFocus(Qt::TabFocusReason);
    key(Qt::Key_Space);
    EXPECT_TRUE(isShown("shiftQuestion"));
    EXPECT_EQ(focused(), QStringLiteral("shiftKeep")) << "the safe one";
    EXPECT_EQ(QApplication::activeModalWidget(), nullptr);
    key(Qt::Key_Escape);
    EXPECT_FALSE(isShown("shiftQuestion"));
    EXPECT_EQ(m_resets, 0);
    part("shiftReset")->setFocus(Qt::TabFocusReason);
    key(Qt::Key_Space);
    key(Qt::Key_Backtab, Qt::ShiftModifier);
    EXPECT_EQ(focused(), QStringLiteral("shiftResetConfirm"));
    key(Qt::Key_Return);
    EXPECT_EQ(m_resets, 1);
    EXPECT_FALSE(isShown("shiftQuestion"));
}

TEST(VerdictMark, EachHasItsOwnShapeWithoutAnyColour)
{
    const auto drawn = [](Verdict verdict) {
        QImage image(64, 64, QImage::Format_Grayscale8);
        image.fill(Qt::white);
        QPainter painter(&image);
        paintVerdictMark(painter, QRectF(0, 0, 64, 64), verdict, Qt::black, Qt::white);
        return image;
    };
    const QImage marks[] = {drawn(Verdict::Ok), drawn(Verdict::Ng), drawn(Verdict::Unsure)};
    for (int first = 0; first < 3; ++first) {
        for (int second = first + 1; second < 3; ++second) {
            int different = 0;
            for (int at = 0; at < 64 * 64; ++at)
                different += std::abs(qGray(marks[first].pixel(at % 64, at / 64)) - qGray(marks[second].pixel(at % 64, at / 64))) > 128;
            EXPECT_GT(different, 64 * 64 / 20) << first << ' ' << second;
        }
    }
}

} // namespace
} // namespace auroraedge::ui::tests

#include "tests/ui/window_test.h"
#include "ui/dialogs/filter_card.h"
#include "ui/models/frame_image.h"
#include "ui/panels/review_panel.h"
#include "ui/widgets/filter_chip.h"
#include "ui/widgets/review_grid.h"
#include "ui/widgets/review_picture.h"

#include <QAbstractButton>
#include <QLineEdit>
#include <QLocale>

#include <algorithm>
#include <array>

namespace auroraedge::ui::tests {
namespace {

/// Finds and judges stored answers with the keyboard, on a station that answers when the test says so.
class ReviewPageTest : public WindowTest
{
protected:
    ReviewPageTest() : m_panel(m_window.review())
    {
        QObject::connect(&m_panel, &ReviewPanel::pageRequested, &m_window, [this](const ReviewFilter &f) { m_filters.append(f); });
        QObject::connect(&m_panel, &ReviewPanel::moreRequested, &m_window, [this](bool older) { m_more.append(older); });
        QObject::connect(&m_panel, &ReviewPanel::thumbnailsRequested, &m_window, [this](const QList<qint64> &rows) { m_thumbnails.append(rows); });
        QObject::connect(&m_panel, &ReviewPanel::decisionsGiven, &m_window, [this](const ReviewDecisions &d) { m_decisions.append(d); });
        QObject::connect(&m_panel, &ReviewPanel::undoRequested, &m_window, [this](const QList<qint64> &rows) { m_undone.append(rows); });
        QObject::connect(&m_panel, &ReviewPanel::undoRequested, &m_window,
                         [this](const QList<qint64> &, const QString &reviewer) { m_undoneBy.append(reviewer); });
        QObject::connect(&m_panel, &ReviewPanel::viewSaved, &m_window, [this](const SavedView &view) { m_saved.append(view); });
        QObject::connect(&m_panel, &ReviewPanel::viewDeleted, &m_window, [this](const QString &name) { m_deleted.append(name); });
        QObject::connect(&m_panel, &ReviewPanel::exportRequested, &m_window, [this](const ReviewExport &wanted) { m_exports.append(wanted); });
        QObject::connect(&m_panel, &ReviewPanel::exportCancelled, &m_window, [this] { ++m_cancelledExports; });
        key(Qt::Key_2, Qt::ControlModifier);
        m_panel.setDefectClasses({QStringLiteral("cap missing"), QStringLiteral("label")});
        m_panel.setPage({m_panel.filter(), unreviewed(60, 40), true, false});
    }

    [[nodiscard]] ReviewItems unreviewed(int first, int count) const
    {
        ReviewItems items = m_scenes.reviewItems(first, count);
        for (ReviewItem &item : items) {
            item.answer.review.reset();
            item.reviewers.clear();
            item.answer.thumbnail = {};
        }
        return items;
    }
    [[nodiscard]] static Review review(Verdict verdict) { return {verdict, {}, QStringLiteral("anna"), QDateTime::currentDateTime()}; }

    /// All answers get their pictures, and those in view are on the screen.
    void showPictures()
    {
        for (qint64 row = 1260; row > 1220; --row)
            m_panel.setThumbnail(row, thumbnailOf(m_scenes.picture(0)));
        QCoreApplication::processEvents();
        QCoreApplication::processEvents();
    }

    ReviewPanel &m_panel;
    QList<ReviewFilter> m_filters;
    QList<bool> m_more;
    QList<QList<qint64>> m_thumbnails, m_undone;
    QList<ReviewDecisions> m_decisions;
    QList<SavedView> m_saved;
    QStringList m_deleted, m_undoneBy;
    QList<ReviewExport> m_exports;
    int m_cancelledExports = 0;
};

TEST_F(ReviewPageTest, EachKeyGivesItsDecisionAndGoesOn)
{
    EXPECT_EQ(m_panel.currentRow(), 1260); // an NG
    for (const Qt::Key each : {Qt::Key_A, Qt::Key_O, Qt::Key_N, Qt::Key_U, Qt::Key_2})
        key(each);
    ASSERT_EQ(m_decisions.size(), 5);
    const Verdict expected[] = {Verdict::Ng, Verdict::Ok, Verdict::Ng, Verdict::Unsure, Verdict::Ng};
    for (int press = 0; press < 5; ++press) {
        ASSERT_EQ(m_decisions[press].size(), 1);
        EXPECT_EQ(m_decisions[press][0].row, 1260 - press);
        EXPECT_EQ(m_decisions[press][0].verdict, expected[press]);
    }
    EXPECT_EQ(m_decisions[4][0].defectClass, QStringLiteral("label"));
    key(Qt::Key_9); // no such class
    EXPECT_EQ(m_decisions.size(), 5);
}

TEST_F(ReviewPageTest, WithoutGoingOnTheItemStaysAndIsGivenOnlyWhenItIsStored)
{
    click("reviewAdvance");
    key(Qt::Key_N);
    EXPECT_EQ(m_panel.currentRow(), 1260);
    EXPECT_EQ(text("factsPerson"), QStringLiteral("Storing the decision"));
    m_panel.setReview(1260, review(Verdict::Ng));
    EXPECT_TRUE(text("factsPerson").startsWith(QStringLiteral("Person: NG · anna")));
}

TEST_F(ReviewPageTest, WhatWasNotStoredIsToldAndGivenAgain)
{
    key(Qt::Key_N);
    m_panel.decisionFailed(1260, QStringLiteral("The disk is full."));
    EXPECT_TRUE(isShown("reviewTrouble"));
    EXPECT_TRUE(text("reviewTroubleText").contains(QStringLiteral("The disk is full.")));
    key(Qt::Key_R);
    EXPECT_FALSE(isShown("reviewTrouble"));
    ASSERT_EQ(m_decisions.size(), 2);
    EXPECT_EQ(m_decisions[1][0].row, 1260);
    EXPECT_EQ(m_decisions[1][0].verdict, Verdict::Ng);
}

TEST_F(ReviewPageTest, AJudgementAndANoteOfOneAnswerAreBothGivenAgain)
{
    click("reviewAdvance");
    key(Qt::Key_N);
    key(Qt::Key_M);
    type("wet");
    key(Qt::Key_Return);
    m_panel.decisionFailed(1260, QStringLiteral("The disk is full."));
    m_panel.decisionFailed(1260, QStringLiteral("The disk is full."));
    EXPECT_EQ(text("reviewTroubleText"), QStringLiteral("Decisions not stored: 2. The disk is full."));
    m_decisions.clear();
    key(Qt::Key_O); // says the judgement anew; the note is still to be stored
    EXPECT_TRUE(text("reviewTroubleText").startsWith(QStringLiteral("Decisions not stored: 1.")));
    key(Qt::Key_R);
    ASSERT_EQ(m_decisions.size(), 2);
    EXPECT_EQ(m_decisions[0][0].verdict, Verdict::Ok);
    EXPECT_EQ(m_decisions[1][0].note, QStringLiteral("wet"));
    EXPECT_FALSE(isShown("reviewTrouble"));
}

TEST_F(ReviewPageTest, AJudgementThatWasTakenBackBeforeItFailedStaysTakenBack)
{
    click("reviewAdvance");
    key(Qt::Key_N);
    key(Qt::Key_Z);
    m_panel.decisionFailed(1260, QStringLiteral("The disk is full."));
    m_panel.decisionFailed(1260, QStringLiteral("The disk is full."));
    m_decisions.clear();
    m_undone.clear();
    key(Qt::Key_R);
    EXPECT_EQ(m_decisions.size(), 1) << "else an older judgement would be taken back";
    EXPECT_EQ(m_undone, (QList<QList<qint64>>{{1260}}));
}

TEST_F(ReviewPageTest, UndoTakesBackOnePressAfterTheOther)
{
    key(Qt::Key_N);
    key(Qt::Key_O);
    key(Qt::Key_Z);
    key(Qt::Key_Z);
    EXPECT_EQ(m_undone, (QList<QList<qint64>>{{1259}, {1260}}));
    EXPECT_EQ(m_panel.currentRow(), 1260);
    key(Qt::Key_Z);
    EXPECT_EQ(m_undone.size(), 2) << "nothing is left to take back";
}

TEST_F(ReviewPageTest, OkAgreesWithAnAnswerThatGotNoVerdict)
{
    ReviewItem item = unreviewed(60, 1).first();
    item.answer.verdict.reset();
    EXPECT_EQ(stateOf(item), ReviewState::Unreviewed);
    item.answer.review = review(Verdict::Ok);
    EXPECT_EQ(stateOf(item), ReviewState::Agreed);
    item.answer.review = review(Verdict::Ng);
    EXPECT_EQ(stateOf(item), ReviewState::Overridden);
}

TEST_F(ReviewPageTest, WhatIsTakenBackOutOfSightIsTold)
{
    key(Qt::Key_N);
    m_panel.setReview(1260, review(Verdict::Ng));
    m_panel.setPage({m_panel.filter(), unreviewed(20, 10), false, false});
    key(Qt::Key_Z);
    EXPECT_EQ(m_undone, (QList<QList<qint64>>{{1260}}));
    EXPECT_EQ(text("reviewNoticeText"), QStringLiteral("What is taken back is not among the answers that are shown."));
}

TEST_F(ReviewPageTest, ANoteIsWrittenInPlaceAndItsEnterAcceptsNothingElse)
{
    key(Qt::Key_M);
    EXPECT_EQ(focused(), QStringLiteral("entryField"));
    type("on a");
    key(Qt::Key_Return);
    ASSERT_EQ(m_decisions.size(), 1);
    EXPECT_EQ(m_decisions[0][0].note, QStringLiteral("on a"));
    EXPECT_FALSE(m_decisions[0][0].verdict.has_value());
    EXPECT_EQ(focused(), QStringLiteral("reviewGrid"));
    key(Qt::Key_M);
    type("x");
    key(Qt::Key_Escape);
    EXPECT_FALSE(isShown("entryField"));
    EXPECT_EQ(m_decisions.size(), 1);
}

TEST_F(ReviewPageTest, CellsLeaveNoRoomForAnotherColumnAtAnyWidth)
{
    const auto *grid = part<ReviewGrid>("reviewGrid");
    for (const char *size : {"sizeS", "sizeM", "sizeL"}) {
        click(size);
        for (int width = 1100; width < 1106; ++width) {
            m_window.resize(width, 800);
            QCoreApplication::processEvents();
            QCoreApplication::processEvents();
            const auto cell = [grid](int index) { return grid->visualRect(grid->model()->index(index, 0)); };
            int columns = 1;
            while (cell(columns).top() == cell(0).top())
                ++columns;
            EXPECT_LT(grid->viewport()->width() - columns * cell(0).width(), cell(0).width()) << size << " in a window of " << width;
        }
    }
}

TEST_F(ReviewPageTest, EnterAgreesWithAllInViewExceptWhatIsLeftOut)
{
    showPictures();
    const QList<int> shown = part<ReviewGrid>("reviewGrid")->shownWhole();
    ASSERT_GE(shown.size(), 3);
    key(Qt::Key_J);
    key(Qt::Key_X);
    key(Qt::Key_Return);
    ASSERT_EQ(m_decisions.size(), 1) << "one press is one decision";
    EXPECT_EQ(m_decisions[0].size(), shown.size() - 1);
    for (const ReviewDecision &decision : m_decisions[0])
        EXPECT_NE(decision.row, 1259);
    EXPECT_EQ(m_panel.currentRow(), 1259) << "it is judged by hand";
    key(Qt::Key_Z);
    EXPECT_EQ(m_undone[0].size(), shown.size() - 1);
}

TEST_F(ReviewPageTest, EnterAcceptsNothingWhosePictureIsNotOnTheScreen)
{
    QCoreApplication::processEvents();
    QList<int> shown = part<ReviewGrid>("reviewGrid")->shownWhole();
    ASSERT_GE(shown.size(), 5);
    for (qint64 row = 1260; row > 1220; --row)
        m_panel.setThumbnail(row, row == 1258 ? QImage() : thumbnailOf(m_scenes.picture(0))); // one is missing
    key(Qt::Key_Return);
    EXPECT_TRUE(m_decisions.isEmpty()) << "they are known, and not painted yet";
    EXPECT_TRUE(text("reviewNoticeText").startsWith(QStringLiteral("%1 not accepted: picture not shown").arg(shown.size())));

    QCoreApplication::processEvents();
    QCoreApplication::processEvents();
    EXPECT_TRUE(part<ReviewGrid>("reviewGrid")->hasPaintedPictures());
    shown = part<ReviewGrid>("reviewGrid")->shownWhole(); // less: what is told takes room
    ASSERT_GE(shown.size(), 3);
    EXPECT_TRUE(text("reviewHints").contains(QStringLiteral("agree with %1 in view").arg(shown.size() - 1)))
        << text("reviewHints").toStdString();
    key(Qt::Key_Return);
    ASSERT_EQ(m_decisions.size(), 1);
    EXPECT_EQ(m_decisions[0].size(), shown.size() - 1);
    for (const ReviewDecision &decision : m_decisions[0])
        EXPECT_NE(decision.row, 1258);
    EXPECT_EQ(text("reviewNoticeText"), QStringLiteral("1 not accepted: picture not shown."));
    EXPECT_EQ(m_panel.currentRow(), 1258) << "it is judged by hand, or left";
    click("reviewNoticeClose");
    EXPECT_FALSE(isShown("reviewNotice"));
}

TEST_F(ReviewPageTest, WhatIsScrolledIntoViewIsAcceptedWhenItIsPaintedNotBefore)
{
    showPictures();
    m_panel.setPage({m_panel.filter(), unreviewed(60, 40), true, false}); // the same rows, not painted again yet
    key(Qt::Key_Return);
    EXPECT_TRUE(m_decisions.isEmpty());
    QCoreApplication::processEvents();
    key(Qt::Key_Return);
    EXPECT_EQ(m_decisions.size(), 1);
}

TEST_F(ReviewPageTest, EachDecisionIsSignedByWhoJudgesAndTakenBackByThemAlone)
{
    m_panel.setReviewer(QStringLiteral(" anna "));
    EXPECT_EQ(part<QAbstractButton>("reviewerButton")->text(), QStringLiteral("You: anna"));
    key(Qt::Key_N);
    key(Qt::Key_H);
    key(Qt::Key_W);
    EXPECT_EQ(focused(), QStringLiteral("reviewerChoices"));
    key(Qt::Key_Tab);
    EXPECT_EQ(focused(), QStringLiteral("reviewerFirst"));
    type("ben");
    key(Qt::Key_Return);
    EXPECT_EQ(m_panel.reviewer(), QStringLiteral("ben"));
    EXPECT_EQ(focused(), QStringLiteral("reviewGrid"));
    key(Qt::Key_O);
    ASSERT_EQ(m_decisions.size(), 3);
    EXPECT_EQ(m_decisions[0][0].reviewer, QStringLiteral("anna"));
    EXPECT_EQ(m_decisions[1][0].reviewer, QStringLiteral("anna"));
    EXPECT_EQ(m_decisions[2][0].reviewer, QStringLiteral("ben"));
    key(Qt::Key_Z);
    key(Qt::Key_Z);
    EXPECT_EQ(m_undone, (QList<QList<qint64>>{{1259}})) << "what anna pressed is not ben's to take back";
    EXPECT_EQ(m_undoneBy, QStringList{QStringLiteral("ben")});
    EXPECT_EQ(m_decisions.size(), 3);

    key(Qt::Key_W); // both are offered, anna as the second
    key(Qt::Key_Down);
    key(Qt::Key_Return);
    EXPECT_EQ(m_panel.reviewer(), QStringLiteral("anna"));
    key(Qt::Key_Z);
    key(Qt::Key_Z);
    EXPECT_EQ(m_undone, (QList<QList<qint64>>{{1259}, {1260}}));
    EXPECT_EQ(m_undoneBy.last(), QStringLiteral("anna"));
}

TEST_F(ReviewPageTest, WhatWasNotStoredIsGivenAgainWithTheNameOfWhoGaveIt)
{
    m_panel.setReviewer(QStringLiteral("anna"));
    key(Qt::Key_N);
    m_panel.decisionFailed(1260, QStringLiteral("The disk is full."));
    m_panel.setReviewer(QStringLiteral("ben"));
    key(Qt::Key_R);
    ASSERT_EQ(m_decisions.size(), 2);
    EXPECT_EQ(m_decisions[1][0].reviewer, QStringLiteral("anna"));
}

TEST_F(ReviewPageTest, AReviewOfAnotherPersonIsNotTakenBack)
{
    m_panel.setReviewer(QStringLiteral("ben"));
    m_panel.setReview(1260, review(Verdict::Ng)); // anna's
    key(Qt::Key_Z);
    EXPECT_TRUE(m_undone.isEmpty());
    m_panel.setReviewer(QStringLiteral("anna"));
    key(Qt::Key_Z);
    EXPECT_EQ(m_undone, (QList<QList<qint64>>{{1260}}));
}

TEST_F(ReviewPageTest, ANoteOfAnotherPersonIsShownAsTheirsAndNotOfferedAsOnesOwn)
{
    m_panel.setReviewer(QStringLiteral("anna"));
    ReviewItem noted = unreviewed(60, 1).first();
    noted.notes = {{QStringLiteral("ben"), QStringLiteral("looks wet")}};
    m_panel.updateItem(noted);
    EXPECT_EQ(text("factsNote"), QStringLiteral("Note of ben: looks wet"));
    key(Qt::Key_M);
    EXPECT_EQ(part<QLineEdit>("entryField")->text(), QString());
    key(Qt::Key_Escape);
    noted.notes.prepend({QStringLiteral("anna"), QStringLiteral("it is dry")});
    m_panel.updateItem(noted);
    EXPECT_EQ(text("factsNote"), QStringLiteral("Note of anna: it is dry · Note of ben: looks wet"));
    key(Qt::Key_M);
    EXPECT_EQ(part<QLineEdit>("entryField")->text(), QStringLiteral("it is dry"));
}

TEST_F(ReviewPageTest, WhatJudgesIsInViewHoweverMuchThereIsToTell)
{
    const auto place = [this](const char *button) {
        EXPECT_EQ(part(button)->visibleRegion().boundingRect(), part(button)->rect()) << button;
        return part(button)->mapTo(&m_window, QPoint());
    };
    constexpr std::array kButtons{"decideAgree", "decideOk", "decideNg", "decideUnsure"};
    QCoreApplication::processEvents();
    std::array<QPoint, 4> before;
    std::ranges::transform(kButtons, before.begin(), place);
    ReviewItem item = m_scenes.reviewItems(60, 1).first();
    item.answer.question = item.answer.answer = item.answer.reason = QStringLiteral("All that anybody could ever say of it. ").repeated(40);
    item.notes = {{QStringLiteral("ben"), item.answer.question}};
    m_panel.updateItem(item);
    QCoreApplication::processEvents();
    std::array<QPoint, 4> after;
    std::ranges::transform(kButtons, after.begin(), place);
    EXPECT_EQ(after, before);
}

TEST_F(ReviewPageTest, KeysThatJudgeAreToldWhereThereIsSomethingToJudge)
{
    EXPECT_TRUE(text("reviewHints").startsWith(QStringLiteral("A agree")));
    m_panel.setPage({m_panel.filter(), {}, false, false});
    EXPECT_EQ(text("reviewHints"), QStringLiteral("/ find · ? keys"));
}

TEST_F(ReviewPageTest, WhatIsStoredButCannotBeReadAgainIsToldAsStored)
{
    key(Qt::Key_N);
    m_panel.storedUnread({1260}, QStringLiteral("DB-01: the database is in use"));
    EXPECT_EQ(text("reviewTroubleText"), QStringLiteral("What was decided is stored, but not shown: DB-01: the database is in use"));
    const auto asked = m_filters.size();
    key(Qt::Key_R);
    EXPECT_EQ(m_filters.size(), asked + 1) << "it is read again";
    EXPECT_EQ(m_decisions.size(), 1) << "and not given again";
    key(Qt::Key_K);
    EXPECT_EQ(m_panel.currentRow(), 1260);
    EXPECT_FALSE(text("factsPerson").contains(QStringLiteral("Storing")));
}

TEST_F(ReviewPageTest, ASpanThatMovesWithTheClockIsAskedForAndSavedAsSuch)
{
    const auto take = [this](int downs) {
        part("chipTime")->setFocus(Qt::TabFocusReason);
        key(Qt::Key_Return);
        for (int press = 0; press < downs; ++press)
            key(Qt::Key_Down);
        key(Qt::Key_Return);
    };
    take(1);
    EXPECT_EQ(m_filters.last().span, MovingSpan::Today);
    EXPECT_FALSE(m_filters.last().from.isValid());
    EXPECT_EQ(part<FilterChip>("chipTime")->value(), QStringLiteral("today"));
    take(1); // from what is chosen on
    EXPECT_EQ(m_filters.last().span, MovingSpan::Shift);
    part("filterViews")->setFocus(Qt::TabFocusReason);
    key(Qt::Key_Return);
    type("mine");
    key(Qt::Key_Return);
    ASSERT_EQ(m_saved.size(), 1);
    EXPECT_EQ(m_saved[0].filter.span, MovingSpan::Shift);
    EXPECT_FALSE(m_saved[0].filter.from.isValid() || m_saved[0].filter.until.isValid());
    part("chipTime")->setFocus(Qt::TabFocusReason);
    key(Qt::Key_Delete);
    EXPECT_TRUE(m_panel.filter().isEmpty());
}

TEST_F(ReviewPageTest, AnswersWithoutAClassAreAskedForByTheChipOfTheClasses)
{
    m_panel.setChoices({{}, {}, {}, {}, {{QStringLiteral("scratch"), 3}}});
    const auto take = [this](int downs) {
        part("chipClass")->setFocus(Qt::TabFocusReason);
        key(Qt::Key_Return);
        for (int press = 0; press < downs; ++press)
            key(Qt::Key_Down);
        key(Qt::Key_Return);
    };
    take(1);
    EXPECT_TRUE(m_filters.last().withoutClass);
    EXPECT_EQ(part<FilterChip>("chipClass")->value(), QStringLiteral("no class"));
    take(1);
    EXPECT_EQ(m_filters.last().defectClass, QStringLiteral("scratch"));
    EXPECT_FALSE(m_filters.last().withoutClass);
    m_panel.setFilter([] { ReviewFilter none; none.withoutClass = true; return none; }());
    part("chipClass")->setFocus(Qt::TabFocusReason);
    key(Qt::Key_Delete);
    EXPECT_TRUE(m_panel.filter().isEmpty());
}

TEST_F(ReviewPageTest, FiltersAreChosenByKeysAlone)
{
    part("chipVerdict")->setFocus(Qt::TabFocusReason);
    key(Qt::Key_Return);
    EXPECT_EQ(focused(), QStringLiteral("filterChoices"));
    key(Qt::Key_Down);
    key(Qt::Key_Return);
    EXPECT_EQ(m_filters.last().verdicts, QList<Verdict>{Verdict::Ng});
    key(Qt::Key_Escape);
    EXPECT_EQ(focused(), QStringLiteral("chipVerdict"));
    key(Qt::Key_Delete);
    EXPECT_TRUE(m_filters.last().isEmpty());
    key(Qt::Key_Slash);
    EXPECT_EQ(focused(), QStringLiteral("reviewWords"));
    type("cap");
    key(Qt::Key_Return);
    EXPECT_EQ(m_filters.last().text, QStringLiteral("cap"));
    EXPECT_TRUE(m_decisions.isEmpty());
    EXPECT_EQ(focused(), QStringLiteral("reviewGrid"));
}

TEST_F(ReviewPageTest, APageThatComesTakesNoLetterFromWhoWrites)
{
    key(Qt::Key_Slash);
    type("n");
    QTRY_COMPARE(m_filters.last().text, QStringLiteral("n"));
    m_panel.setPage({m_panel.filter(), unreviewed(20, 10), false, false});
    EXPECT_EQ(focused(), QStringLiteral("reviewWords"));
    type("oua");
    EXPECT_TRUE(m_decisions.isEmpty()) << "the rest of the word judges nothing";
    EXPECT_EQ(part<QLineEdit>("reviewWords")->text(), QStringLiteral("noua"));

    key(Qt::Key_Escape);
    key(Qt::Key_M);
    type("we");
    const qint64 row = m_panel.currentRow();
    m_panel.setFilter({});
    m_panel.setPage({m_panel.filter(), unreviewed(60, 10), false, false});
    EXPECT_NE(m_panel.currentRow(), row);
    type("t");
    key(Qt::Key_Return);
    ASSERT_EQ(m_decisions.size(), 1);
    EXPECT_EQ(m_decisions[0][0].row, row) << "a note stays with the item that it was begun for";
    EXPECT_EQ(m_decisions[0][0].note, QStringLiteral("wet"));
}

TEST_F(ReviewPageTest, EnterAcceptsNothingOfTheFilterBeforeWhileAnotherIsLookedFor)
{
    showPictures();
    key(Qt::Key_Slash);
    type("cap");
    key(Qt::Key_Return);
    key(Qt::Key_Return); // once too often
    EXPECT_TRUE(m_decisions.isEmpty());
    m_panel.setPage({m_panel.filter(), unreviewed(60, 40), true, false});
    showPictures();
    key(Qt::Key_Return);
    EXPECT_EQ(m_decisions.size(), 1);
}

TEST_F(ReviewPageTest, EnterInACardChoosesAndAcceptsNoPageAlsoWhenOneComes)
{
    showPictures();
    part("chipVerdict")->setFocus(Qt::TabFocusReason);
    key(Qt::Key_Return);
    key(Qt::Key_Return);
    m_panel.setPage({m_panel.filter(), unreviewed(60, 40), true, false});
    showPictures();
    key(Qt::Key_Down);
    key(Qt::Key_Return);
    EXPECT_EQ(m_filters.last().verdicts, (QList<Verdict>{Verdict::Ok, Verdict::Ng}));
    EXPECT_TRUE(m_decisions.isEmpty());
    key(Qt::Key_Escape);
    m_panel.setPage({m_panel.filter(), unreviewed(60, 40), true, false});
    EXPECT_EQ(focused(), QStringLiteral("reviewGrid")) << "with the card closed the keys are the answers' again";
}

TEST_F(ReviewPageTest, AViewIsSavedOpenedAndRemovedByKeysAlone)
{
    ReviewFilter open;
    open.unreviewedOnly = true;
    m_panel.setFilter(open);
    part("filterViews")->setFocus(Qt::TabFocusReason);
    key(Qt::Key_Return);
    EXPECT_EQ(focused(), QStringLiteral("filterFirst"));
    type("open");
    key(Qt::Key_Return);
    ASSERT_EQ(m_saved.size(), 1);
    EXPECT_EQ(m_saved[0].filter, open);
    m_panel.setSavedViews(m_saved);
    m_panel.setFilter({});
    part("filterViews")->setFocus(Qt::TabFocusReason);
    key(Qt::Key_Return);
    key(Qt::Key_Return);
    EXPECT_EQ(m_filters.last(), open);
    part("filterViews")->setFocus(Qt::TabFocusReason);
    key(Qt::Key_Return);
    key(Qt::Key_Delete);
    EXPECT_EQ(m_deleted, QStringList{QStringLiteral("open")});
}

TEST_F(ReviewPageTest, TwoPicturesAreComparedWithOneZoom)
{
    key(Qt::Key_C);
    EXPECT_EQ(m_panel.view(), ReviewPanel::View::Compare);
    EXPECT_EQ(m_panel.currentRow(), 1259);
    m_panel.showPicture(1260, m_scenes.picture(0));
    m_panel.showPicture(1259, m_scenes.picture(1));
    key(Qt::Key_Plus);
    key(Qt::Key_Plus);
    EXPECT_TRUE(part<ReviewPicture>("reviewCompared")->isZoomed());
    EXPECT_NEAR(part<ReviewPicture>("reviewCompared")->sight().factor, part<ReviewPicture>("reviewPicture")->sight().factor, 1e-6);
    key(Qt::Key_Escape);
    EXPECT_EQ(m_panel.view(), ReviewPanel::View::Browse);
}

TEST_F(ReviewPageTest, OnlyThumbnailsInViewAreWantedAndWhatLeftIsNot)
{
    QTRY_VERIFY(!m_thumbnails.isEmpty());
    const qsizetype inView = m_thumbnails.last().size();
    EXPECT_GE(inView, 3);
    EXPECT_LT(inView, 40);
    const QList<qint64> before = m_thumbnails.last();
    key(Qt::Key_End);
    QTRY_VERIFY(!m_thumbnails.last().contains(before.first()));
    EXPECT_LT(m_thumbnails.last().size(), 40);
}

TEST_F(ReviewPageTest, APictureThatComesLateNeverStandsBesideAnotherItem)
{
    key(Qt::Key_J);
    m_panel.showPicture(1260, m_scenes.picture(0));
    EXPECT_TRUE(part<ReviewPicture>("reviewPicture")->isLoading());
    EXPECT_TRUE(part<ReviewPicture>("reviewPicture")->picture().isNull());
    ReviewFilter other;
    other.unreviewedOnly = true;
    m_panel.setPage({other, unreviewed(9, 3), false, false});
    EXPECT_EQ(m_panel.currentRow(), 1259) << "nobody asks for that filter";
}

TEST_F(ReviewPageTest, NewAnswersAreToldWhereTheyGoOnFromWhatIsShownAndComeAtAPress)
{
    ReviewFilter other;
    other.heldOnly = true;
    m_panel.setNewer({other, 1260, 3});
    m_panel.setNewer({m_panel.filter(), 1259, 3});
    EXPECT_FALSE(isShown("reviewNewer")) << "of another filter, and of what was the newest before";
    m_panel.setNewer({m_panel.filter(), 1260, ReviewNewer::kMost});
    ASSERT_TRUE(isShown("reviewNewer"));
    EXPECT_EQ(part<QAbstractButton>("reviewNewer")->text(), QStringLiteral("New answers: 999+"));
    m_more.clear();
    click("reviewNewer");
    key(Qt::Key_F5);
    EXPECT_EQ(m_more, QList<bool>{false}) << "one request until it is answered";
    m_panel.addPage({m_panel.filter(), unreviewed(63, 3), true, false}, false);
    EXPECT_FALSE(isShown("reviewNewer"));
    EXPECT_EQ(m_panel.currentRow(), 1260);

    m_panel.setPage({m_panel.filter(), {}, false, false});
    m_panel.setNewer({m_panel.filter(), 0, 1});
    ASSERT_TRUE(isShown("reviewNewer"));
    m_filters.clear();
    key(Qt::Key_F5);
    EXPECT_EQ(m_filters.size(), 1) << "there is nothing to go on from";
}

TEST_F(ReviewPageTest, TenThousandItemsAreReadPageByPageWithOneRequestEach)
{
    int first = 60'000;
    m_panel.setPage({m_panel.filter(), unreviewed(first, 200), true, false});
    m_more.clear();
    for (int page = 1; page < 50; ++page) {
        key(Qt::Key_End);
        QTRY_COMPARE(m_more.count(true), page);
        first -= 200;
        m_panel.addPage({m_panel.filter(), unreviewed(first, 200), true, true}, true);
    }
    EXPECT_LE(part<ReviewGrid>("reviewGrid")->model()->rowCount(), ReviewModel::kMaxItems);
    QCoreApplication::processEvents();
    EXPECT_LE(m_thumbnails.size(), 3 * 50) << "a few for each stop of the view";
}

TEST_F(ReviewPageTest, HoldingAndTaggingAreGivenAtThePressAndTakenBackByTheirOpposite)
{
    key(Qt::Key_H);
    ASSERT_EQ(m_decisions.size(), 1);
    EXPECT_EQ(m_decisions[0][0].row, 1260);
    EXPECT_EQ(m_decisions[0][0].isHeld, true);
    EXPECT_FALSE(m_decisions[0][0].verdict.has_value()) << "it judges nothing";
    ReviewItem held = unreviewed(60, 1).first();
    held.isHeld = true;
    m_panel.updateItem(held);
    EXPECT_TRUE(text("factsMarks").startsWith(QStringLiteral("Held")));

    key(Qt::Key_T);
    EXPECT_EQ(focused(), QStringLiteral("entryField"));
    type("night shift,  h, night shift,");
    key(Qt::Key_Return);
    ASSERT_EQ(m_decisions.size(), 2) << "letters in a field are letters";
    EXPECT_EQ(m_decisions[1][0].tagsAdded, (QStringList{QStringLiteral("night shift"), QStringLiteral("h")}));
    EXPECT_TRUE(m_decisions[1][0].tagsRemoved.isEmpty());
    held.tags = m_decisions[1][0].tagsAdded;
    m_panel.updateItem(held);
    EXPECT_TRUE(text("factsMarks").contains(QStringLiteral("Tags: night shift, h")));

    key(Qt::Key_Z);
    ASSERT_EQ(m_decisions.size(), 3);
    EXPECT_EQ(m_decisions[2][0].tagsRemoved, m_decisions[1][0].tagsAdded);
    EXPECT_TRUE(m_decisions[2][0].tagsAdded.isEmpty());
    EXPECT_TRUE(m_decisions[2][0].isUndo);
    key(Qt::Key_Z);
    ASSERT_EQ(m_decisions.size(), 4);
    EXPECT_EQ(m_decisions[3][0].isHeld, false);
    EXPECT_TRUE(m_decisions[3][0].isUndo) << "this press alone is taken back, not what another person did since";
    EXPECT_TRUE(m_undone.isEmpty()) << "no judgement may be taken back in their place";
}

TEST_F(ReviewPageTest, AQuickSecondPressReleasesWhatIsBeingHeld)
{
    key(Qt::Key_H);
    key(Qt::Key_H);
    ASSERT_EQ(m_decisions.size(), 2);
    EXPECT_EQ(m_decisions[1][0].isHeld, false);
    key(Qt::Key_Z);
    ASSERT_EQ(m_decisions.size(), 3);
    EXPECT_EQ(m_decisions[2][0].isHeld, true) << "as it was before the second press";
}

TEST_F(ReviewPageTest, EmptyTagsAreRemovedAndUnchangedOnesAreNotGivenAgain)
{
    ReviewItem tagged = unreviewed(60, 1).first();
    tagged.tags = {QStringLiteral("cap")};
    m_panel.updateItem(tagged);
    key(Qt::Key_T);
    key(Qt::Key_Return);
    EXPECT_TRUE(m_decisions.isEmpty());
    key(Qt::Key_T);
    key(Qt::Key_Backspace); // all of it is selected
    key(Qt::Key_Return);
    ASSERT_EQ(m_decisions.size(), 1);
    EXPECT_EQ(m_decisions[0][0].tagsRemoved, QStringList{QStringLiteral("cap")});
    EXPECT_TRUE(m_decisions[0][0].tagsAdded.isEmpty());
}

TEST_F(ReviewPageTest, OnlyTheTagsThatWereChangedAreGivenAndTakenBack)
{
    ReviewItem tagged = unreviewed(60, 1).first();
    tagged.tags = {QStringLiteral("audit"), QStringLiteral("cap")};
    m_panel.updateItem(tagged);
    key(Qt::Key_T);
    type("cap, night");
    key(Qt::Key_Return);
    ASSERT_EQ(m_decisions.size(), 1);
    EXPECT_EQ(m_decisions[0][0].tagsAdded, QStringList{QStringLiteral("night")});
    EXPECT_EQ(m_decisions[0][0].tagsRemoved, QStringList{QStringLiteral("audit")});
    EXPECT_FALSE(m_decisions[0][0].isUndo);
    tagged.tags = {QStringLiteral("cap"), QStringLiteral("customer"), QStringLiteral("night")}; // one of them by another person
    m_panel.updateItem(tagged);
    key(Qt::Key_Z);
    ASSERT_EQ(m_decisions.size(), 2);
    EXPECT_EQ(m_decisions[1][0].tagsAdded, QStringList{QStringLiteral("audit")});
    EXPECT_EQ(m_decisions[1][0].tagsRemoved, QStringList{QStringLiteral("night")});
    EXPECT_TRUE(m_decisions[1][0].isUndo);
}

TEST_F(ReviewPageTest, AHoldThatWasNotStoredIsGivenAgain)
{
    key(Qt::Key_H);
    m_panel.decisionFailed(1260, QStringLiteral("The disk is full."));
    EXPECT_TRUE(isShown("reviewTrouble"));
    key(Qt::Key_R);
    ASSERT_EQ(m_decisions.size(), 2);
    EXPECT_EQ(m_decisions[1][0].isHeld, true);
    EXPECT_FALSE(m_decisions[1][0].isUndo);
    key(Qt::Key_Z);
    ASSERT_EQ(m_decisions.size(), 3) << "the press that failed is not counted twice";
    EXPECT_EQ(m_decisions[2][0].isHeld, false);
    key(Qt::Key_Z);
    EXPECT_EQ(m_decisions.size(), 3);
}

TEST_F(ReviewPageTest, AHoldThatCouldNotBeTakenBackIsTakenBackByTheNextUndo)
{
    key(Qt::Key_H);
    ReviewItem held = unreviewed(60, 1).first();
    held.isHeld = true;
    m_panel.updateItem(held);
    key(Qt::Key_Z);
    m_panel.decisionFailed(1260, QStringLiteral("The disk is full."));
    key(Qt::Key_Z);
    ASSERT_EQ(m_decisions.size(), 3);
    EXPECT_EQ(m_decisions[2][0].isHeld, false);
}

TEST_F(ReviewPageTest, WhatWasFoundIsExportedByKeysAloneAndCancelled)
{
    m_panel.setExportFolder(QStringLiteral("/data/exports"));
    m_panel.setTotals({m_panel.filter(), 1'234, 1'000, 48'211});
    key(Qt::Key_E);
    EXPECT_EQ(focused(), QStringLiteral("exportCsv"));
    EXPECT_TRUE(text("exportText").contains(QLocale().toString(1'234))) << text("exportText").toStdString();
    key(Qt::Key_Escape);
    EXPECT_FALSE(isShown("reviewExportBar"));
    EXPECT_EQ(focused(), QStringLiteral("reviewGrid"));

    key(Qt::Key_E);
    part<QLineEdit>("exportFolder")->setFocus();
    type("/tmp/here");
    key(Qt::Key_Return);
    EXPECT_TRUE(m_exports.isEmpty()) << "a folder alone is no wish";
    part("exportTraining")->setFocus();
    key(Qt::Key_Return);
    ASSERT_EQ(m_exports.size(), 1);
    EXPECT_EQ(m_exports[0].kind, ReviewExportKind::TrainingSet);
    EXPECT_EQ(m_exports[0].folder, QStringLiteral("/tmp/here"));
    EXPECT_EQ(m_exports[0].filter, m_panel.filter());

    m_panel.setExport({.rows = 300, .total = 1'200, .secondsLeft = 61});
    EXPECT_EQ(focused(), QStringLiteral("exportCancel"));
    EXPECT_TRUE(text("exportText").contains(QStringLiteral("2 min left"))) << text("exportText").toStdString();
    key(Qt::Key_Escape);
    EXPECT_TRUE(isShown("reviewExportBar")) << "what runs stays in sight";
    key(Qt::Key_E);
    key(Qt::Key_Return);
    EXPECT_EQ(m_cancelledExports, 1);
    EXPECT_EQ(m_exports.size(), 1) << "one at a time";
    m_panel.setExport({.condition = ReviewExportState::Condition::Cancelled});
    EXPECT_EQ(text("exportText"), QStringLiteral("Cancelled. Nothing was written."));
    key(Qt::Key_Return);
    EXPECT_FALSE(isShown("reviewExportBar"));
    EXPECT_TRUE(m_decisions.isEmpty());
}

TEST_F(ReviewPageTest, AnExportSaysWithWhatFilterItWasMade)
{
    ReviewFilter filter;
    filter.verdicts = {Verdict::Ng};
    filter.heldOnly = true;
    m_panel.setFilter(filter);
    key(Qt::Key_E);
    key(Qt::Key_Return);
    ASSERT_EQ(m_exports.size(), 1);
    EXPECT_EQ(m_exports[0].filterWords, QStringLiteral("Verdict: NG · Held"));
}

TEST_F(ReviewPageTest, WhateverAFilterAsksForHasAChipThatTakesItAway)
{
    ReviewFilter all;
    all.from = QDateTime(QDate(2026, 3, 9), QTime(6, 0));
    all.verdicts = {Verdict::Ng};
    all.withoutVerdict = true;
    all.judgements = {Verdict::Ok};
    all.counted = {Verdict::Unsure};
    all.countedNone = true;
    all.question = QStringLiteral("q");
    all.model = QStringLiteral("m");
    all.device = QStringLiteral("d");
    all.source = QStringLiteral("s");
    all.reviewer = QStringLiteral("anna");
    all.otherReviewer = QStringLiteral("ben");
    all.defectClass = QStringLiteral("c");
    all.tag = QStringLiteral("t");
    all.session = 7;
    all.unreviewedOnly = all.reviewedOnly = all.disagreeOnly = all.failedOnly = all.heldOnly = true;
    all.latencyAboveMs = 100;
    all.stage = {QStringLiteral("encode"), 10, 20};
    m_panel.setFilter(all);
    QCoreApplication::processEvents();
    qsizetype cleared = 0;
    for (FilterChip *chip : m_panel.findChildren<FilterChip *>()) {
        if (chip->value().isEmpty())
            continue;
        ASSERT_TRUE(chip->isVisible()) << chip->objectName().toStdString();
        const ReviewFilter before = m_panel.filter();
        chip->setFocus(Qt::TabFocusReason);
        key(Qt::Key_Delete);
        EXPECT_NE(m_panel.filter(), before) << chip->objectName().toStdString();
        ++cleared;
    }
    EXPECT_EQ(cleared, 20) << "the pair of reviewers is one of them";
    EXPECT_TRUE(m_panel.filter().isEmpty());
    EXPECT_FALSE(isShown("chipStage")) << "what only a chart asks for takes no room";
    EXPECT_TRUE(isShown("chipNoVerdict"));
    click("chipNoVerdict");
    EXPECT_TRUE(m_panel.filter().withoutVerdict);
}

TEST_F(ReviewPageTest, ChipsWrapAndNoneIsOutOfSight)
{
    for (const QSize size : {QSize(1280, 800), QSize(1920, 1080)}) {
        m_window.resize(size);
        QCoreApplication::processEvents();
        QCoreApplication::processEvents();
        const QWidget *room = part("chipScroll");
        for (const FilterChip *chip : m_panel.findChildren<FilterChip *>()) {
            if (chip->isVisible()) {
                EXPECT_TRUE(room->rect().contains(QRect(chip->mapTo(room, QPoint()), chip->size()))) << chip->objectName().toStdString();
            }
        }
    }
}

TEST_F(ReviewPageTest, AViewIsRemovedWithTheMouse)
{
    m_panel.setSavedViews({{QStringLiteral("open"), {}}, {QStringLiteral("night"), {}}});
    click("filterViews");
    QCoreApplication::processEvents();
    auto *list = m_panel.findChild<ChoiceList *>(QStringLiteral("filterChoices"));
    const QRect row = list->visualRect(list->model()->index(1, 0));
    QTest::mouseClick(list->viewport(), Qt::LeftButton, {}, ChoiceList::crossOf(row).center());
    EXPECT_EQ(m_deleted, QStringList{QStringLiteral("night")});
    EXPECT_TRUE(list->isVisible()) << "the next one may be removed, too";
}

TEST_F(ReviewPageTest, WhatIsToldStaysUntilItIsClosed)
{
    m_panel.tell(QStringLiteral("One thing."));
    m_panel.tell(QStringLiteral("Another thing."));
    EXPECT_EQ(text("reviewNoticeText"), QStringLiteral("One thing. Another thing."));
    m_panel.setPage({m_panel.filter(), unreviewed(60, 3), false, false});
    EXPECT_TRUE(isShown("reviewNotice"));
    click("reviewNoticeClose");
    EXPECT_FALSE(isShown("reviewNotice"));
}

} // namespace
} // namespace auroraedge::ui::tests

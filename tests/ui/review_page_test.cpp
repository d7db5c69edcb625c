#include "tests/ui/window_test.h"
#include "ui/panels/review_panel.h"
#include "ui/widgets/review_grid.h"
#include "ui/widgets/review_picture.h"

#include <QLineEdit>

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
        QObject::connect(&m_panel, &ReviewPanel::viewSaved, &m_window, [this](const SavedView &view) { m_saved.append(view); });
        QObject::connect(&m_panel, &ReviewPanel::viewDeleted, &m_window, [this](const QString &name) { m_deleted.append(name); });
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

    ReviewPanel &m_panel;
    QList<ReviewFilter> m_filters;
    QList<bool> m_more;
    QList<QList<qint64>> m_thumbnails, m_undone;
    QList<ReviewDecisions> m_decisions;
    QList<SavedView> m_saved;
    QStringList m_deleted;
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

TEST_F(ReviewPageTest, ANoteIsWrittenInPlaceAndItsEnterAcceptsNothingElse)
{
    key(Qt::Key_M);
    EXPECT_EQ(focused(), QStringLiteral("noteField"));
    type("on a");
    key(Qt::Key_Return);
    ASSERT_EQ(m_decisions.size(), 1);
    EXPECT_EQ(m_decisions[0][0].note, QStringLiteral("on a"));
    EXPECT_FALSE(m_decisions[0][0].verdict.has_value());
    EXPECT_EQ(focused(), QStringLiteral("reviewGrid"));
    key(Qt::Key_M);
    type("x");
    key(Qt::Key_Escape);
    EXPECT_FALSE(isShown("noteField"));
    EXPECT_EQ(m_decisions.size(), 1);
}

TEST_F(ReviewPageTest, EnterAgreesWithAllInViewExceptWhatIsLeftOut)
{
    QCoreApplication::processEvents();
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

} // namespace
} // namespace auroraedge::ui::tests

#include "ui/models/recent_model.h"

#include <gtest/gtest.h>

#include <QDateTime>

namespace auroraedge::ui::tests {
namespace {

AnswerView answerOf(qint64 row, Verdict verdict)
{
    AnswerView answer;
    answer.row = row;
    answer.verdict = verdict;
    answer.answeredAt = QDateTime(QDate(2026, 3, 9), QTime(14, 0)).addSecs(row);
    return answer;
}

class RecentModelTest : public ::testing::Test
{
protected:
    [[nodiscard]] QList<qint64> rows() const
    {
        QList<qint64> rows;
        for (int index = 0; index < m_model.rowCount(); ++index)
            rows.append(m_model.at(index).row);
        return rows;
    }

    RecentModel m_model;
};

TEST_F(RecentModelTest, AnNgThatNobodyHasJudgedStaysInFront)
{
    m_model.setAnswers({answerOf(5, Verdict::Ok), answerOf(4, Verdict::Ng), answerOf(3, Verdict::Unsure), answerOf(2, Verdict::Ng)});
    EXPECT_EQ(rows(), (QList<qint64>{4, 2, 5, 3}));
    m_model.add(answerOf(6, Verdict::Ok));
    m_model.add(answerOf(7, Verdict::Ng));
    EXPECT_EQ(rows(), (QList<qint64>{7, 4, 2, 6, 5, 3}));
}

TEST_F(RecentModelTest, AJudgedNgGoesToItsPlaceInTime)
{
    m_model.setAnswers({answerOf(5, Verdict::Ok), answerOf(4, Verdict::Ng), answerOf(3, Verdict::Unsure), answerOf(2, Verdict::Ng)});
    m_model.setReview(4, {Verdict::Ng, {}, {}, {}});
    EXPECT_EQ(rows(), (QList<qint64>{2, 5, 4, 3}));
    m_model.setReview(2, {Verdict::Ok, QStringLiteral("Part is good"), {}, {}});
    EXPECT_EQ(rows(), (QList<qint64>{5, 4, 3, 2}));
    EXPECT_EQ(m_model.at(3).review->reason, QStringLiteral("Part is good"));
    m_model.setReview(99, {}); // not among the last ones
    EXPECT_EQ(m_model.rowCount(), 4);
}

TEST_F(RecentModelTest, AnNgWhoseJudgementIsTakenBackWaitsInFrontAgain)
{
    m_model.setAnswers({answerOf(5, Verdict::Ng), answerOf(4, Verdict::Ok), answerOf(3, Verdict::Ng), answerOf(2, Verdict::Ok)});
    m_model.setReview(3, {Verdict::Ok, {}, {}, {}});
    EXPECT_EQ(rows(), (QList<qint64>{5, 4, 3, 2}));
    m_model.withdrawReview(3);
    EXPECT_EQ(rows(), (QList<qint64>{5, 3, 4, 2}));
    EXPECT_FALSE(m_model.at(1).review.has_value());
    m_model.setReview(2, {Verdict::Ng, {}, {}, {}});
    m_model.withdrawReview(2);
    EXPECT_FALSE(m_model.at(3).review.has_value());
    m_model.withdrawReview(99); // not among the last ones
    EXPECT_EQ(m_model.rowCount(), 4);
}

TEST_F(RecentModelTest, OnlyAStoredNgWaitsForAPerson)
{
    m_model.setAnswers({answerOf(2, Verdict::Ok), answerOf(0, Verdict::Ng)});
    EXPECT_EQ(rows(), (QList<qint64>{2, 0}));
}

TEST_F(RecentModelTest, OfMoreThanTwentyThatWaitTheOldestAreLeftToTheReviewPageAndCounted)
{
    for (qint64 row = 1; row <= 25; ++row)
        m_model.add(answerOf(row, Verdict::Ng));
    m_model.add(answerOf(26, Verdict::Ok));
    EXPECT_EQ(m_model.rowCount(), 21) << "the newest answer has its place, however many wait";
    EXPECT_EQ(m_model.at(0).row, 25);
    EXPECT_EQ(m_model.at(19).row, 6);
    EXPECT_EQ(m_model.at(20).row, 26);
    EXPECT_EQ(m_model.leftOut(), 5);
    m_model.setReview(3, {Verdict::Ng, {}, {}, {}}); // on the Review page
    EXPECT_EQ(m_model.leftOut(), 4);
    m_model.setReview(20, {Verdict::Ng, {}, {}, {}});
    EXPECT_EQ(m_model.leftOut(), 4);
    m_model.setAnswers({});
    EXPECT_EQ(m_model.leftOut(), 0);
}

TEST_F(RecentModelTest, OfMoreThanFiftyTheOldestThatDoesNotWaitGoes)
{
    m_model.add(answerOf(1, Verdict::Ng));
    for (qint64 row = 2; row <= 60; ++row)
        m_model.add(answerOf(row, Verdict::Ok));
    EXPECT_EQ(m_model.rowCount(), RecentModel::kMaxRows);
    EXPECT_EQ(m_model.at(0).row, 1);
    EXPECT_EQ(m_model.at(1).row, 60);
    EXPECT_EQ(m_model.at(49).row, 12);
}

TEST_F(RecentModelTest, OlderOnesThatWaitComeBackBesideTheNewest)
{
    AnswerViews newestFirst;
    for (qint64 row = 100; row > 50; --row)
        newestFirst.append(answerOf(row, Verdict::Ok));
    newestFirst.append(answerOf(20, Verdict::Ng));
    newestFirst.append(answerOf(10, Verdict::Ng));
    m_model.setAnswers(newestFirst);
    EXPECT_EQ(m_model.rowCount(), RecentModel::kMaxRows);
    EXPECT_EQ(m_model.at(0).row, 20);
    EXPECT_EQ(m_model.at(1).row, 10);
    EXPECT_EQ(m_model.at(2).row, 100);
    EXPECT_EQ(m_model.at(49).row, 53);
}

TEST_F(RecentModelTest, AnAnswerIsFoundByItsRowAndAnUnstoredOneByItsNumber)
{
    AnswerView unstored = answerOf(0, Verdict::Ok);
    unstored.id = 7;
    m_model.setAnswers({unstored, answerOf(5, Verdict::Ok)});
    EXPECT_EQ(m_model.indexOf(answerOf(5, Verdict::Ok)), 1);
    EXPECT_EQ(m_model.indexOf(unstored), 0);
    EXPECT_EQ(m_model.indexOf(answerOf(6, Verdict::Ok)), -1);
}

} // namespace
} // namespace auroraedge::ui::tests

#include "tests/trials/figures.h"

#include <gtest/gtest.h>

namespace auroraedge::trials {
namespace {

/// Every picture is a cluster of its own.
std::vector<Scored> scored(const std::vector<double> &good, const std::vector<double> &bad)
{
    std::vector<Scored> pictures;
    for (const double score : good)
        pictures.push_back({score, false, std::to_string(pictures.size())});
    for (const double score : bad)
        pictures.push_back({score, true, std::to_string(pictures.size())});
    return pictures;
}

TEST(Figures, AurocCountsPairsAndHalfOfTies)
{
    EXPECT_DOUBLE_EQ(auroc(scored({1, 2}, {3, 4})), 1);
    EXPECT_DOUBLE_EQ(auroc(scored({3, 4}, {1, 2})), 0);
    EXPECT_DOUBLE_EQ(auroc(scored({1, 3}, {2, 4})), 0.75);
    EXPECT_DOUBLE_EQ(auroc(scored({0, 0}, {0, 5})), 0.75);
}

TEST(Figures, RecallIsThatOfTheLowestThresholdWithinTheFalseAlarms)
{
    const std::vector<Scored> pictures = scored({0, 1, 2, 3, 9}, {2.5, 4, 10, 11});
    EXPECT_DOUBLE_EQ(recallAtFalseAlarms(pictures, 0), 0.5);
    EXPECT_DOUBLE_EQ(recallAtFalseAlarms(pictures, 0.2), 0.75);
    EXPECT_DOUBLE_EQ(recallAtFalseAlarms(pictures, 0.4), 1);
}

TEST(Figures, RecallAmongEqualScoresIsNotGuessed)
{
    EXPECT_DOUBLE_EQ(recallAtFalseAlarms(scored({0, 0, 5}, {0, 5, 5}), 0.1), 0);
}

TEST(Figures, ThresholdIsBetweenScoresAndTheMostAccurate)
{
    const std::vector<Scored> pictures = scored({1, 2, 6}, {4, 5, 7, 8});
    const double threshold = mostAccurateThreshold(pictures);
    EXPECT_DOUBLE_EQ(threshold, 3);
    EXPECT_DOUBLE_EQ(accuracyAt(pictures, threshold), 6.0 / 7);
}

TEST(Figures, OkIsAsWideAsItsPrecisionAllows)
{
    const std::vector<Scored> pictures = scored({1, 2, 3, 6}, {4, 7, 8});
    const Thresholds exact = thresholdsFor(pictures, 1, 1);
    EXPECT_EQ(exact.decide(3), Decision::Ok);
    EXPECT_EQ(exact.decide(4), Decision::Unsure);
    EXPECT_EQ(exact.decide(6), Decision::Unsure);
    EXPECT_EQ(exact.decide(7), Decision::Ng);
    const Outcome outcome = outcomeOf(decided(pictures, exact));
    EXPECT_DOUBLE_EQ(outcome.goodOk, 0.75);
    EXPECT_DOUBLE_EQ(outcome.goodUnsure, 0.25);
    EXPECT_DOUBLE_EQ(outcome.badOk, 0);
    EXPECT_DOUBLE_EQ(outcome.unsure, 2.0 / 7);
    EXPECT_DOUBLE_EQ(outcome.okPrecision.value(), 1);
    EXPECT_EQ(thresholdsFor(pictures, 0.8, 1).decide(6), Decision::Ok);
}

TEST(Figures, NothingIsOkWithoutAScoreThatKeepsThePromise)
{
    const std::vector<Scored> pictures = scored({5, 6}, {1, 7});
    const Outcome outcome = outcomeOf(decided(pictures, thresholdsFor(pictures, 0.99, 0.95)));
    EXPECT_DOUBLE_EQ(outcome.goodOk, 0);
    EXPECT_FALSE(outcome.okPrecision.has_value());
    EXPECT_DOUBLE_EQ(outcome.unsure, 0.75);
}

} // namespace
} // namespace auroraedge::trials

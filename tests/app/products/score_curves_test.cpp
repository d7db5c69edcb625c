#include "app/products/score_curves.h"

#include <gtest/gtest.h>

#include <random>

namespace auroraedge::app {
namespace {

/// Half of them bad; each score tells with its own sharpness.
std::vector<JudgedPicture> judged(double byAnswer, double byPatch, int count = 400)
{
    std::mt19937 random(3);
    std::normal_distribution<double> noise(0, 1);
    std::vector<JudgedPicture> pictures;
    for (int i = 0; i < count; ++i) {
        const double sign = i % 2 == 0 ? 1 : -1;
        pictures.push_back({{3 + byAnswer * sign + noise(random), 10 * (byPatch * sign + noise(random))}, i % 2 == 0});
    }
    return pictures;
}

TEST(ScoreCurvesTest, WhatTellsBestCounts)
{
    EXPECT_EQ(fitScoreCurves(judged(1, 1)).kind, ScoreKind::Combined) << "two looks are better than one";
    for (const auto &[byAnswer, byPatch] : {std::pair(2.0, 0.0), std::pair(0.0, 2.0), std::pair(1.0, -1.0), std::pair(0.3, 1.5)}) {
        const std::vector<JudgedPicture> pictures = judged(byAnswer, byPatch);
        const ScoreCurves curves = fitScoreCurves(pictures);
        const double chosen = auroc(scoresOf(curves.kind, pictures, curves)).value();
        for (const ScoreKind other : {ScoreKind::Answer, ScoreKind::Patch, ScoreKind::Combined})
            EXPECT_GE(chosen, auroc(scoresOf(other, pictures, curves)).value() - 1e-9) << byAnswer << ' ' << byPatch;
    }
    EXPECT_EQ(fitScoreCurves(judged(50, 50)).kind, ScoreKind::Combined) << "where all tell everything";
}

TEST(ScoreCurvesTest, TheMeanIsOfCalibratedScores)
{
    const ScoreCurves curves = fitScoreCurves(judged(1, 1));
    const RawScores raw{3.5, 12.0};
    const double mean = (curves.answer.logit(3.5) + curves.patch.logit(12)) / 2;
    EXPECT_NEAR(curves.logit(ScoreKind::Combined, raw).value(), curves.combined.logit(mean), 1e-12);
    EXPECT_NEAR(curves.probability(raw), 1 / (1 + std::exp(-curves.logit(raw))), 1e-12);
    EXPECT_GT(curves.probability({9, 40.0}), 0.95);
    EXPECT_LT(curves.probability({-3, -40.0}), 0.05);
}

TEST(ScoreCurvesTest, WithoutAPatchHeadTheAnswerCounts)
{
    std::vector<JudgedPicture> pictures = judged(1, 1);
    for (JudgedPicture &picture : pictures)
        picture.raw.patch.reset();
    const ScoreCurves curves = fitScoreCurves(pictures);
    EXPECT_EQ(curves.kind, ScoreKind::Answer);
    EXPECT_FALSE(curves.logit(ScoreKind::Patch, pictures[0].raw));
    const ScoreCurves both = fitScoreCurves(judged(1, 1));
    EXPECT_EQ(both.logit(RawScores{2, std::nullopt}), both.answer.logit(2));
}

} // namespace
} // namespace auroraedge::app

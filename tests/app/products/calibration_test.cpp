#include "app/products/calibration.h"

#include "app/products/held_out.h"

#include <gmock/gmock.h>

#include <cmath>
#include <random>

namespace auroraedge::app {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;

/// Scores of which the true odds are known: logit = 2 * score - 1.
std::vector<ScoredPicture> drawn(int count, unsigned seed = 1)
{
    std::mt19937 random(seed);
    std::normal_distribution<double> normal(0.5, 1.5);
    std::uniform_real_distribution<double> uniform(0, 1);
    std::vector<ScoredPicture> pictures;
    for (int i = 0; i < count; ++i) {
        const double score = normal(random);
        pictures.push_back({score, uniform(random) < 1 / (1 + std::exp(1 - 2 * score))});
    }
    return pictures;
}

/// @p good pictures at -1, -2, ... and @p bad ones at 1, 2, ...
std::vector<ScoredPicture> separated(int good, int bad)
{
    std::vector<ScoredPicture> pictures;
    for (int i = 1; i <= good; ++i)
        pictures.push_back({-1.0 * i, false});
    for (int i = 1; i <= bad; ++i)
        pictures.push_back({1.0 * i, true});
    return pictures;
}

TEST(CalibrationTest, TheCurveFindsTheTrueOdds)
{
    const PlattCurve curve = fitPlatt(drawn(20'000));
    EXPECT_NEAR(curve.slope, 2, 0.08);
    EXPECT_NEAR(curve.offset, -1, 0.08);
    EXPECT_NEAR(curve.probability(0.5), 0.5, 0.02);
}

TEST(CalibrationTest, AFewPicturesDoNotPromiseCertainty)
{
    const std::vector<ScoredPicture> pictures{{-5, false}, {-4, false}, {4, true}, {5, true}};
    const PlattCurve curve = fitPlatt(pictures);
    EXPECT_GT(curve.slope, 0);
    EXPECT_GT(curve.probability(5), 0.6);
    EXPECT_LT(curve.probability(5), 0.9) << "targets are 3/4 and 1/4";
    EXPECT_GT(curve.probability(-5), 0.1);
}

TEST(CalibrationTest, AScoreThatIsWorseThanChanceTellsNothing)
{
    const std::vector<ScoredPicture> pictures{{5, false}, {4, false}, {3, false}, {-4, true}};
    const PlattCurve curve = fitPlatt(pictures);
    EXPECT_EQ(curve.slope, 0);
    EXPECT_NEAR(curve.probability(100), 2.0 / 6, 1e-9);
    EXPECT_NEAR(fitPlatt({}).probability(1), 0.5, 1e-9);
    EXPECT_TRUE(std::isfinite(fitPlatt(separated(10, 0)).probability(3)));
}

TEST(CalibrationTest, ProbabilitiesOfUnseenPicturesAreThoseOfTheOthersCurve)
{
    const std::vector<ScoredPicture> pictures = drawn(2000, 2);
    const std::vector<double> probabilities = crossFitted(pictures);
    ASSERT_EQ(probabilities.size(), pictures.size());
    EXPECT_LT(calibrationError(pictures, probabilities), 0.03);
    const std::vector<double> wrong(pictures.size(), 0.99);
    EXPECT_GT(calibrationError(pictures, wrong), 0.3);
}

TEST(CalibrationTest, AurocIsTheShareOfPairsInOrder)
{
    EXPECT_EQ(auroc(separated(5, 5)), 1.0);
    EXPECT_EQ(auroc(std::vector<ScoredPicture>{{1, false}, {1, true}}), 0.5);
    EXPECT_EQ(auroc(std::vector<ScoredPicture>{{1, false}, {3, false}, {2, true}, {4, true}}), 0.75);
    EXPECT_FALSE(auroc(separated(5, 0)));
}

TEST(CalibrationTest, RecallCountsWhatLiesAboveTheAllowedFalseAlarms)
{
    std::vector<ScoredPicture> pictures;
    for (int i = 0; i < 100; ++i)
        pictures.push_back({1.0 * i, false});
    for (const double score : {50.0, 97.5, 98.5, 99.5})
        pictures.push_back({score, true});
    EXPECT_EQ(recallAt(0, pictures), 0.25);
    EXPECT_EQ(recallAt(0.01, pictures), 0.5);
    EXPECT_EQ(recallAt(0.05, pictures), 0.75);
    EXPECT_EQ(recallAt(1, pictures), 1.0);
    EXPECT_FALSE(recallAt(0.01, separated(0, 5)));
}

TEST(CalibrationTest, TheBoundIsClopperAndPearsons)
{
    EXPECT_NEAR(upperBound(0, 299), 1 - std::pow(0.05, 1.0 / 299), 1e-9);
    EXPECT_LT(upperBound(0, 299), 0.01);
    EXPECT_GT(upperBound(0, 298), 0.01);
    EXPECT_NEAR(upperBound(0, 10), 0.2589, 1e-4);
    EXPECT_NEAR(upperBound(2, 20), 0.2826, 1e-4); // R: binom.test(2, 20, alternative = "less")
    EXPECT_NEAR(upperBound(5, 1000), 0.01049, 1e-5);
    EXPECT_NEAR(upperBound(0, 10, 0.01), 1 - std::pow(0.01, 1.0 / 10), 1e-9) << "a smaller risk, a wider bound";
    EXPECT_EQ(upperBound(3, 3), 1);
    EXPECT_EQ(upperBound(0, 0), 1);
}

TEST(CalibrationTest, OkNeedsThreeHundredGoodPicturesAndNgSixtyBadOnes)
{
    const Thresholds few = chooseThresholds(separated(298, 58));
    EXPECT_FALSE(few.ok.score);
    EXPECT_FALSE(few.ng.score);
    EXPECT_THAT(okSentence(few.ok), HasSubstr("OK is never said"));
    EXPECT_THAT(okSentence(few.ok), HasSubstr("0 of 298"));
    EXPECT_THAT(okSentence(few.ok), HasSubstr("it takes 299 good pictures"));
    EXPECT_THAT(ngSentence(few.ng), HasSubstr("it takes 59 bad pictures"));

    const Thresholds enough = chooseThresholds(separated(299, 59));
    EXPECT_EQ(enough.ok.score, -1);
    EXPECT_EQ(enough.ok.count, 299);
    EXPECT_EQ(enough.ng.score, 1);
    EXPECT_THAT(okSentence(enough.ok), HasSubstr("0 of 299 held-out pictures called so are bad"));
    EXPECT_THAT(okSentence(enough.ok), EndsWith("for pictures taken one by one and bad as often as these")) << "and of others nothing";
    EXPECT_FALSE(chooseThresholds(separated(299, 59), 0.01).ok.score) << "a smaller risk takes more pictures";
    EXPECT_THAT(okSentence(chooseThresholds(separated(299, 59), kRisk / 3).ok), HasSubstr("it takes 408 good pictures"));
    EXPECT_THAT(ngSentence(chooseThresholds(separated(299, 59), kRisk / 3).ng), HasSubstr("it takes 80 bad pictures"));
    EXPECT_TRUE(chooseThresholds(separated(408, 80), kRisk / 3).ok.score && chooseThresholds(separated(408, 80), kRisk / 3).ng.score);
    EXPECT_FALSE(chooseThresholds(separated(407, 79), kRisk / 3).ok.score || chooseThresholds(separated(407, 79), kRisk / 3).ng.score);
}

TEST(CalibrationTest, OkEndsBeforeABadPictureThatWouldBreakThePromise)
{
    std::vector<ScoredPicture> pictures = separated(400, 80);
    pictures.push_back({-50.5, true}); // 350 good ones below it
    const Thresholds thresholds = chooseThresholds(pictures);
    ASSERT_TRUE(thresholds.ok.score);
    EXPECT_EQ(*thresholds.ok.score, -51);
    EXPECT_EQ(thresholds.ok.wrong, 0);

    for (int i = 401; i <= 1000; ++i) // with more good ones a miss is allowed
        pictures.push_back({-1.0 * i, false});
    const Thresholds more = chooseThresholds(pictures);
    EXPECT_EQ(*more.ok.score, -1);
    EXPECT_EQ(more.ok.wrong, 1);
    EXPECT_LT(more.ok.bound, 0.01);
}

TEST(CalibrationTest, WhatIsMoreLikelyBadIsNeverOkHoweverRareItIs)
{
    std::vector<ScoredPicture> pictures = separated(5000, 3);
    const Thresholds thresholds = chooseThresholds(pictures);
    EXPECT_EQ(thresholds.ok.score, -1) << "three bad ones more would not break the promise";
    EXPECT_FALSE(thresholds.ng.score);
    const VerdictShares shares = verdictShares(pictures, thresholds);
    EXPECT_EQ(shares.okOfGood, 1);
    EXPECT_EQ(shares.ngOfBad, 0);
    EXPECT_NEAR(shares.unsure, 3.0 / 5003, 1e-12);
}

constexpr double kAlike = 0.95; ///< correlation of both scores of a picture, so that the best of three kinds is so by chance

/// @p good and @p bad pictures of which either score is normal with a spread of 1, the means @p apart, 0 midway.
std::vector<JudgedPicture> judged(int good, int bad, double apart, std::mt19937_64 &random)
{
    std::normal_distribution<double> normal;
    std::vector<JudgedPicture> pictures;
    for (int i = 0; i < good + bad; ++i) {
        const double middle = (i < good ? -apart : apart) / 2, both = std::sqrt(kAlike) * normal(random), own = std::sqrt(1 - kAlike);
        const double answer = middle + both + own * normal(random), patch = middle + both + own * normal(random);
        pictures.push_back({{answer, patch}, i >= good});
    }
    return pictures;
}

/// How many of the pictures called OK are bad in truth. A logit is a sum of both scores, so it is normal, too.
double shareBadAmongOk(const ScoreCurves &curves, double okUpTo, int good, int bad, double apart)
{
    const double offset = curves.logit(RawScores{0, 0.0}), byAnswer = curves.logit(RawScores{1, 0.0}) - offset,
                 byPatch = curves.logit(RawScores{0, 1.0}) - offset;
    const double spread = std::sqrt(byAnswer * byAnswer + byPatch * byPatch + 2 * kAlike * byAnswer * byPatch);
    const double middle = (byAnswer + byPatch) * apart / 2;
    const auto below = [&](double mean) { return std::erfc(-(okUpTo - offset - mean) / spread / std::sqrt(2.0)) / 2; };
    const double goodOnes = good * below(-middle), badOnes = bad * below(middle);
    return badOnes / (goodOnes + badOnes);
}

TEST(CalibrationTest, WhatIsPromisedHoldsOfNewPicturesNineteenTimesOfTwenty)
{
    struct Line
    {
        int good, bad;
        double apart;
        bool isWatched; ///< other pictures tell which of the three scores counts
    };
    std::mt19937_64 random(1);
    for (const auto &[good, bad, apart, isWatched] : {Line{1000, 1000, 3.5, true}, Line{2000, 500, 3, true}, Line{600, 200, 4, true},
                                                      Line{600, 200, 4, false}}) {
        SCOPED_TRACE(::testing::Message() << good << " good, " << bad << " bad, " << (isWatched ? "" : "none ") << "watched");
        constexpr double kDraws = 120;
        int given = 0, broken = 0, combined = 0;
        for (int draw = 0; draw < kDraws; ++draw) {
            HeldOutJudgement judgement;
            judgement.pictures = judged(good, bad, apart, random);
            const std::vector<JudgedPicture> watched = isWatched ? judged(good / 10, bad / 10, apart, random) : std::vector<JudgedPicture>();
            const HeldOutReport report = reportOn(judgement, watched);
            combined += report.curves.kind == ScoreKind::Combined ? 1 : 0;
            const std::optional<double> &okUpTo = report.thresholds.ok.score;
            if (!okUpTo)
                continue;
            ++given;
            broken += shareBadAmongOk(report.curves, *okUpTo, good, bad, apart) >= Thresholds::kMostBadAmongOk ? 1 : 0;
        }
        EXPECT_GT(given, kDraws / 2);
        EXPECT_LT(combined, kDraws) << "there is a choice";
        EXPECT_LE(broken, kDraws * 0.05 + 3 * std::sqrt(kDraws * 0.05 * 0.95));
    }
}

TEST(CalibrationTest, WhatIsSeenIsMoreThanWhatIsPromised)
{
    const std::vector<ScoredPicture> pictures = separated(50, 20);
    EXPECT_EQ(verdictShares(pictures, chooseThresholds(pictures)).unsure, 1);
    const VerdictShares seen = verdictShares(pictures, seenThresholds(pictures));
    EXPECT_EQ(seen.unsure, 0);
    EXPECT_EQ(seen.okOfGood, 1);
    EXPECT_EQ(seen.ngOfBad, 1);
}

TEST(CalibrationTest, RareDefectsDoNotMakeAModelThatSeesNoneOfThemSayOk)
{
    std::vector<ScoredPicture> blind(900, ScoredPicture{-5, false});
    blind.push_back({-5, true});
    ASSERT_LT(upperBound(1, 901), Thresholds::kMostBadAmongOk) << "by their rarity alone";
    EXPECT_FALSE(chooseThresholds(blind).ok.score);
    EXPECT_FALSE(seenThresholds(blind).ok.score);
    std::vector<ScoredPicture> wrong = separated(900, 0);
    wrong.push_back({-950, true}); // surer of it than of any good one
    EXPECT_FALSE(chooseThresholds(wrong).ok.score);
}

TEST(CalibrationTest, PicturesOfOneScoreGetOneVerdict)
{
    std::vector<ScoredPicture> pictures(400, ScoredPicture{-1, false});
    pictures.insert(pictures.end(), 20, ScoredPicture{-1, true});
    EXPECT_FALSE(chooseThresholds(pictures).ok.score);
}

} // namespace
} // namespace auroraedge::app

#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace auroraedge::app {

/// How bad a picture (or tile) looked to a model, and how it is.
struct ScoredPicture
{
    double score = 0; ///< any scale, the higher the worse
    bool isBad = false;
};

/// A score as a probability of being bad: 1 / (1 + exp(-logit)).
struct PlattCurve
{
    double slope = 1, offset = 0;

    [[nodiscard]] double logit(double score) const { return slope * score + offset; }
    [[nodiscard]] double probability(double score) const;
};

/// Platt's curve: logistic regression on one score by Newton's method, with his smoothed targets, so that a few pictures
/// that are told apart without a miss do not promise certainty. A score that is worse than chance gets slope 0: it tells
/// nothing. (Lin, Lin, Weng: A note on Platt's probabilistic outputs, 2007.)
[[nodiscard]] PlattCurve fitPlatt(std::span<const ScoredPicture> pictures);

/// The probability of each picture by a curve that was fitted to the others (five parts): what a curve promises of
/// pictures that it has not seen.
[[nodiscard]] std::vector<double> crossFitted(std::span<const ScoredPicture> pictures);

/// How likely a bad picture has the higher score than a good one; nothing when one kind is missing.
[[nodiscard]] std::optional<double> auroc(std::span<const ScoredPicture> pictures);
/// Mean distance of @p probabilities from how often the pictures are bad, in ten bins.
[[nodiscard]] double calibrationError(std::span<const ScoredPicture> pictures, std::span<const double> probabilities);
/// Mean logarithmic loss of a curve.
[[nodiscard]] double logLoss(std::span<const ScoredPicture> pictures, const PlattCurve &curve);
/// Share of the bad pictures above a score that at most @p falseAlarms of the good ones exceed; nothing when one kind is
/// missing.
[[nodiscard]] std::optional<double> recallAt(double falseAlarms, std::span<const ScoredPicture> pictures);

inline constexpr double kRisk = 0.05; ///< that a promise does not hold

/// Clopper and Pearson's one-sided bound: with @p wrong of @p count the true share is below it, but for a share @p risk of
/// the times. 1 for no count.
[[nodiscard]] double upperBound(int wrong, int count, double risk = kRisk);

/// How far a verdict goes.
struct Threshold
{
    std::optional<double> score; ///< of the last picture that still gets the verdict; none: nobody gets it
    int count = 0, wrong = 0;    ///< held-out pictures with the verdict, and those of them it is wrong about. Without a
                                 ///< score: of the cut that came nearest to the promise
    double bound = 1;            ///< upperBound() of them
    double risk = kRisk;         ///< that the bound does not hold
};

struct Thresholds
{
    static constexpr double kMostBadAmongOk = 0.01, kMostGoodAmongNg = 0.05;

    Threshold ok; ///< at most this score is OK; below 0
    Threshold ng; ///< at least this score is NG; above 0
};

/// As many verdicts as the promises allow: with 95 % confidence fewer than 1 % of the pictures called OK are bad, and fewer
/// than 5 % of those called NG good. It takes 299 good pictures, or 59 bad ones, without a miss to promise that, and it is
/// promised for pictures that are bad as often as these, each seen by itself: a board shown ten times is no ten pictures.
/// Of several cuts that would do the farthest is taken. That it is chosen on the pictures that it is promised by leaves the
/// promise whole: of drawn scores that overlap it was broken in 1 to 4 of 100 draws, where 5 are allowed. A cut that leaves none of
/// the bad pictures out is not taken, however rare they are.
/// @param pictures with calibrated logarithms of odds: what is more likely bad than good is never OK, however rare it is.
/// @param risk a part of kRisk where the score is the best of several on these pictures.
[[nodiscard]] Thresholds chooseThresholds(std::span<const ScoredPicture> pictures, double risk = kRisk);

/// The same by what is seen alone, without a promise: at most 1 % of those called OK are bad, 5 % of those called NG good.
[[nodiscard]] Thresholds seenThresholds(std::span<const ScoredPicture> pictures);

/// How a cut deals with pictures, as shares.
struct VerdictShares
{
    double unsure = 1;         ///< of all
    double okOfGood = 0, ngOfBad = 0;
};
[[nodiscard]] VerdictShares verdictShares(std::span<const ScoredPicture> pictures, const Thresholds &thresholds);

/// One sentence with the figures: what is promised, or why nothing is.
[[nodiscard]] std::string okSentence(const Threshold &ok);
[[nodiscard]] std::string ngSentence(const Threshold &ng);

} // namespace auroraedge::app

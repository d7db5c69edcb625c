#pragma once

#include "app/products/calibration.h"

#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace auroraedge::app {

/// What a model makes of a picture or tile, as it comes: logarithms of odds of a defect.
struct RawScores
{
    double answer = 0;           ///< yes against no
    std::optional<double> patch; ///< of the likeliest patch; nothing from a model without a patch head
};

/// Which of the two counts. Combined is the mean of both, each behind its own curve.
enum class ScoreKind { Answer = 1, Patch, Combined };
inline constexpr int kScoreKinds = 3;

[[nodiscard]] std::string_view scoreKindName(ScoreKind kind); ///< "answer", "patch", "combined"
[[nodiscard]] std::optional<ScoreKind> scoreKindNamed(std::string_view name);

/// From raw scores to a probability.
struct ScoreCurves
{
    ScoreKind kind = ScoreKind::Answer; ///< that verdicts go by
    PlattCurve answer, patch, combined; ///< the last one: of the mean of the other two's logits

    /// Calibrated logarithm of the odds; nothing of a kind that there is no score of.
    [[nodiscard]] std::optional<double> logit(ScoreKind asked, const RawScores &raw) const;
    /// Of the kind that counts; without a patch score the answer counts.
    [[nodiscard]] double logit(const RawScores &raw) const;
    [[nodiscard]] double probability(const RawScores &raw) const;
};

struct JudgedPicture
{
    RawScores raw;
    bool isBad = false;
};

/// The pictures with their scores of one kind, as they come before the last curve.
[[nodiscard]] std::vector<ScoredPicture> scoresOf(ScoreKind kind, std::span<const JudgedPicture> pictures, const ScoreCurves &curves);

/// Curves of all kinds, and the kind that tells bad from good best: by AUROC, then by the loss of its probabilities; where
/// they are equal, both scores together.
[[nodiscard]] ScoreCurves fitScoreCurves(std::span<const JudgedPicture> pictures);

} // namespace auroraedge::app

#include "app/products/score_curves.h"

#include <algorithm>
#include <array>
#include <utility>

namespace auroraedge::app {
namespace {

constexpr std::array kNames{std::pair("answer", ScoreKind::Answer), std::pair("patch", ScoreKind::Patch), std::pair("combined", ScoreKind::Combined)};

double meanLogit(const ScoreCurves &curves, const RawScores &raw)
{
    return (curves.answer.logit(raw.answer) + curves.patch.logit(*raw.patch)) / 2;
}

} // namespace

std::string_view scoreKindName(ScoreKind kind)
{
    return std::ranges::find(kNames, kind, &std::pair<const char *, ScoreKind>::second)->first;
}

std::optional<ScoreKind> scoreKindNamed(std::string_view name)
{
    for (const auto &[text, kind] : kNames) {
        if (name == text)
            return kind;
    }
    return std::nullopt;
}

std::optional<double> ScoreCurves::logit(ScoreKind asked, const RawScores &raw) const
{
    if (asked == ScoreKind::Answer)
        return answer.logit(raw.answer);
    if (!raw.patch)
        return std::nullopt;
    return asked == ScoreKind::Patch ? patch.logit(*raw.patch) : combined.logit(meanLogit(*this, raw));
}

double ScoreCurves::logit(const RawScores &raw) const
{
    return logit(raw.patch ? kind : ScoreKind::Answer, raw).value_or(0);
}

double ScoreCurves::probability(const RawScores &raw) const { return PlattCurve().probability(logit(raw)); }

std::vector<ScoredPicture> scoresOf(ScoreKind kind, std::span<const JudgedPicture> pictures, const ScoreCurves &curves)
{
    std::vector<ScoredPicture> scores;
    for (const auto &[raw, isBad] : pictures) {
        if (kind == ScoreKind::Answer)
            scores.push_back({raw.answer, isBad});
        else if (raw.patch)
            scores.push_back({kind == ScoreKind::Patch ? *raw.patch : meanLogit(curves, raw), isBad});
    }
    return scores;
}

ScoreCurves fitScoreCurves(std::span<const JudgedPicture> pictures)
{
    ScoreCurves curves;
    double bestAuroc = -1, bestLoss = 0;
    // In this order: the mean of two needs the curves of both.
    for (auto [kind, curve] : {std::pair(ScoreKind::Answer, &curves.answer), std::pair(ScoreKind::Patch, &curves.patch),
                               std::pair(ScoreKind::Combined, &curves.combined)}) {
        const std::vector<ScoredPicture> scores = scoresOf(kind, pictures, curves);
        if (scores.empty())
            break; // no patch head
        *curve = fitPlatt(scores);
        const double area = auroc(scores).value_or(0), loss = logLoss(scores, *curve);
        constexpr double kEqual = 1e-9;
        const bool isBetter = area > bestAuroc + kEqual || (area > bestAuroc - kEqual && loss <= bestLoss + kEqual);
        if (isBetter) {
            bestAuroc = area;
            bestLoss = loss;
            curves.kind = kind;
        }
    }
    return curves;
}

} // namespace auroraedge::app

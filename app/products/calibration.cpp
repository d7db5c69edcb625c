#include "app/products/calibration.h"

#include "app/training/evaluation.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <functional>

namespace auroraedge::app {
namespace {

/// log(1 + exp(x)) without overflow.
double softplus(double x) { return x > 0 ? x + std::log1p(std::exp(-x)) : std::log1p(std::exp(x)); }

double sigmoid(double x) { return x >= 0 ? 1 / (1 + std::exp(-x)) : std::exp(x) / (1 + std::exp(x)); }

int badOnes(std::span<const ScoredPicture> pictures)
{
    return static_cast<int>(std::ranges::count(pictures, true, &ScoredPicture::isBad));
}

std::vector<ScoredAnswer> answersOf(std::span<const ScoredPicture> pictures, const auto &probabilityOf)
{
    std::vector<ScoredAnswer> answers;
    for (std::size_t i = 0; i < pictures.size(); ++i)
        answers.push_back({{}, {}, probabilityOf(i), pictures[i].isBad});
    return answers;
}

/// Loss against smoothed targets, as a function of slope and offset.
struct SmoothedLoss
{
    std::span<const ScoredPicture> pictures;
    double badTarget, goodTarget;

    [[nodiscard]] double target(const ScoredPicture &picture) const { return picture.isBad ? badTarget : goodTarget; }
    [[nodiscard]] double at(const PlattCurve &curve) const
    {
        double loss = 0;
        for (const ScoredPicture &picture : pictures) {
            const double logit = curve.logit(picture.score);
            loss += softplus(logit) - target(picture) * logit;
        }
        return loss;
    }
};

/// Chance that at most @p hits of @p count happen, each with @p share.
double binomialUpTo(int hits, int count, double share)
{
    double sum = 0;
    for (int i = 0; i <= hits; ++i) {
        const double ways = std::lgamma(count + 1.0) - std::lgamma(i + 1.0) - std::lgamma(count - i + 1.0);
        sum += std::exp(ways + i * std::log(share) + (count - i) * std::log1p(-share));
    }
    return sum;
}

/// Of wrong ones among a count.
using Bound = std::function<double(int wrong, int count)>;

double plainShare(int wrong, int count) { return static_cast<double>(wrong) / count; }

/// The farthest cut whose bound keeps the promise, walking from the surest picture on to where the odds are even. One that takes in
/// every picture that it should not is none: where bad ones are rare, a model that sees nothing would keep the promise by their rarity.
/// @param wrongIsBad whether the verdict is wrong about bad pictures.
Threshold farthest(const std::vector<ScoredPicture> &surestFirst, double most, bool wrongIsBad, const Bound &boundOf)
{
    Threshold best, nearest;
    const auto wrongOnes = static_cast<int>(std::ranges::count(surestFirst, wrongIsBad, &ScoredPicture::isBad));
    int wrong = 0;
    for (std::size_t i = 0; i < surestFirst.size(); ++i) {
        const double score = surestFirst[i].score;
        if (wrongIsBad ? score >= 0 : score <= 0)
            break;
        wrong += surestFirst[i].isBad == wrongIsBad ? 1 : 0;
        const int count = static_cast<int>(i) + 1;
        const bool isOneOfMany = i + 1 < surestFirst.size() && surestFirst[i + 1].score == score; // one score, one verdict
        const bool findsNone = wrong > 0 && wrong == wrongOnes;
        if (isOneOfMany || findsNone || plainShare(wrong, count) >= std::max(most, nearest.bound))
            continue;
        const double bound = boundOf(wrong, count);
        if (bound < nearest.bound)
            nearest = {std::nullopt, count, wrong, bound};
        if (bound < most)
            best = {score, count, wrong, bound};
    }
    return best.score ? best : nearest;
}

Thresholds thresholdsBy(const Bound &boundOf, std::span<const ScoredPicture> pictures)
{
    std::vector<ScoredPicture> sorted(pictures.begin(), pictures.end());
    std::ranges::sort(sorted, {}, &ScoredPicture::score);
    Thresholds thresholds;
    thresholds.ok = farthest(sorted, Thresholds::kMostBadAmongOk, /*wrongIsBad=*/true, boundOf);
    std::ranges::reverse(sorted);
    thresholds.ng = farthest(sorted, Thresholds::kMostGoodAmongNg, /*wrongIsBad=*/false, boundOf);
    return thresholds;
}

/// Pictures without a miss that promise less than @p most.
int neededFor(double most, double risk) { return static_cast<int>(std::ceil(std::log(risk) / std::log1p(-most))); }

std::string sentence(const char *verdict, const char *wrongKind, const char *rightKind, double most, const Threshold &threshold)
{
    std::array<char, 256> text{};
    if (threshold.score)
        std::snprintf(text.data(), text.size(),
                      "%s: %d of %d held-out pictures called so are %s, less than %.2g %% with 95 %% confidence, for pictures taken one by one "
                      "and bad as often as these",
                      verdict, threshold.wrong, threshold.count, wrongKind, 100 * threshold.bound);
    else
        std::snprintf(text.data(), text.size(),
                      "%s is never said: the held-out pictures promise no better than %.2g %% %s among %s (%d of %d, 95 %% confidence); for %.2g %% it "
                      "takes %d %s pictures without a miss",
                      verdict, 100 * threshold.bound, wrongKind, verdict, threshold.wrong, threshold.count, 100 * most,
                      neededFor(most, threshold.risk), rightKind);
    return text.data();
}

} // namespace

double PlattCurve::probability(double score) const { return sigmoid(logit(score)); }

PlattCurve fitPlatt(std::span<const ScoredPicture> pictures)
{
    const int bad = badOnes(pictures), good = static_cast<int>(pictures.size()) - bad;
    const SmoothedLoss loss{pictures, (bad + 1.0) / (bad + 2.0), 1 / (good + 2.0)};
    const PlattCurve flat{0, std::log((bad + 1.0) / (good + 1.0))};
    PlattCurve curve = flat;
    double now = loss.at(curve);
    for (int iteration = 0; iteration < 100; ++iteration) {
        constexpr double kRidge = 1e-12; // keeps the matrix regular
        double slopeSlope = kRidge, slopeOffset = 0, offsetOffset = kRidge, bySlope = 0, byOffset = 0;
        for (const ScoredPicture &picture : pictures) {
            const double probability = curve.probability(picture.score), weight = probability * (1 - probability);
            const double distance = probability - loss.target(picture);
            slopeSlope += picture.score * picture.score * weight;
            slopeOffset += picture.score * weight;
            offsetOffset += weight;
            bySlope += picture.score * distance;
            byOffset += distance;
        }
        const double determinant = slopeSlope * offsetOffset - slopeOffset * slopeOffset;
        if (std::abs(bySlope) + std::abs(byOffset) < 1e-9 || !(determinant > 0))
            break;
        const double slopeStep = -(offsetOffset * bySlope - slopeOffset * byOffset) / determinant;
        const double offsetStep = -(slopeSlope * byOffset - slopeOffset * bySlope) / determinant;
        double length = 1;
        for (; length > 1e-10; length /= 2) {
            const PlattCurve tried{curve.slope + length * slopeStep, curve.offset + length * offsetStep};
            if (const double there = loss.at(tried); there < now) {
                curve = tried;
                now = there;
                break;
            }
        }
        if (length <= 1e-10)
            break;
    }
    return curve.slope > 0 ? curve : flat;
}

std::vector<double> crossFitted(std::span<const ScoredPicture> pictures)
{
    constexpr std::size_t kParts = 5;
    std::array<std::size_t, 2> seen{}; // of good and bad ones, which are dealt out evenly
    std::vector<std::size_t> partOf;
    for (const ScoredPicture &picture : pictures)
        partOf.push_back(seen[picture.isBad ? 1 : 0]++ % kParts);
    std::vector<double> probabilities(pictures.size());
    for (std::size_t part = 0; part < kParts; ++part) {
        std::vector<ScoredPicture> others;
        for (std::size_t i = 0; i < pictures.size(); ++i) {
            if (partOf[i] != part)
                others.push_back(pictures[i]);
        }
        const PlattCurve curve = fitPlatt(others);
        for (std::size_t i = 0; i < pictures.size(); ++i) {
            if (partOf[i] == part)
                probabilities[i] = curve.probability(pictures[i].score);
        }
    }
    return probabilities;
}

std::optional<double> auroc(std::span<const ScoredPicture> pictures)
{
    return rightnessAuroc(answersOf(pictures, [&](std::size_t i) { return pictures[i].score; }));
}

double calibrationError(std::span<const ScoredPicture> pictures, std::span<const double> probabilities)
{
    return expectedCalibrationError(answersOf(pictures, [&](std::size_t i) { return probabilities[i]; }));
}

double logLoss(std::span<const ScoredPicture> pictures, const PlattCurve &curve)
{
    if (pictures.empty())
        return 0;
    return SmoothedLoss{pictures, 1, 0}.at(curve) / static_cast<double>(pictures.size());
}

std::optional<double> recallAt(double falseAlarms, std::span<const ScoredPicture> pictures)
{
    std::vector<double> good;
    for (const ScoredPicture &picture : pictures) {
        if (!picture.isBad)
            good.push_back(picture.score);
    }
    const int bad = badOnes(pictures);
    if (good.empty() || bad == 0)
        return std::nullopt;
    std::ranges::sort(good, std::greater());
    const auto allowed = static_cast<std::size_t>(falseAlarms * static_cast<double>(good.size()) + 1e-9);
    const auto found = std::ranges::count_if(pictures, [&](const ScoredPicture &picture) {
        return picture.isBad && (allowed >= good.size() || picture.score > good[allowed]);
    });
    return static_cast<double>(found) / bad;
}

double upperBound(int wrong, int count, double risk)
{
    if (count <= 0 || wrong >= count)
        return 1;
    double low = static_cast<double>(wrong) / count, high = 1;
    for (int i = 0; i < 60; ++i) {
        const double middle = (low + high) / 2;
        (binomialUpTo(wrong, count, middle) > risk ? low : high) = middle;
    }
    return high;
}

Thresholds chooseThresholds(std::span<const ScoredPicture> pictures, double risk)
{
    Thresholds thresholds = thresholdsBy([risk](int wrong, int count) { return upperBound(wrong, count, risk); }, pictures);
    thresholds.ok.risk = thresholds.ng.risk = risk;
    return thresholds;
}

Thresholds seenThresholds(std::span<const ScoredPicture> pictures) { return thresholdsBy(plainShare, pictures); }

VerdictShares verdictShares(std::span<const ScoredPicture> pictures, const Thresholds &thresholds)
{
    int unsure = 0, okOfGood = 0, ngOfBad = 0;
    for (const auto &[score, isBad] : pictures) {
        const bool isOk = thresholds.ok.score && score <= *thresholds.ok.score, isNg = thresholds.ng.score && score >= *thresholds.ng.score;
        unsure += !isOk && !isNg ? 1 : 0;
        okOfGood += isOk && !isBad ? 1 : 0;
        ngOfBad += isNg && isBad ? 1 : 0;
    }
    const int all = static_cast<int>(pictures.size()), bad = badOnes(pictures);
    return {all > 0 ? plainShare(unsure, all) : 1, all > bad ? plainShare(okOfGood, all - bad) : 0, bad > 0 ? plainShare(ngOfBad, bad) : 0};
}

std::string okSentence(const Threshold &ok)
{
    return sentence("OK", "bad", "good", Thresholds::kMostBadAmongOk, ok);
}

std::string ngSentence(const Threshold &ng)
{
    return sentence("NG", "good", "bad", Thresholds::kMostGoodAmongNg, ng);
}

} // namespace auroraedge::app

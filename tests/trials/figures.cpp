#include "tests/trials/figures.h"

#include <algorithm>
#include <functional>
#include <limits>

namespace auroraedge::trials {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

std::vector<Scored> byScore(std::vector<Scored> pictures)
{
    std::stable_sort(pictures.begin(), pictures.end(), [](const Scored &a, const Scored &b) { return a.score < b.score; });
    return pictures;
}

struct Counts
{
    double good = 0, bad = 0;
};

Counts countsOf(const std::vector<Scored> &pictures)
{
    const auto bad = static_cast<double>(std::count_if(pictures.begin(), pictures.end(), std::mem_fn(&Scored::isBad)));
    return {static_cast<double>(pictures.size()) - bad, bad};
}

/// Calls @p visit(score, good, bad) for every distinct score, upwards, with the pictures up to it.
template <class Visit>
void forEachScore(const std::vector<Scored> &pictures, const Visit &visit)
{
    const std::vector<Scored> sorted = byScore(pictures);
    Counts upTo;
    for (std::size_t i = 0; i < sorted.size(); ++i) {
        ++(sorted[i].isBad ? upTo.bad : upTo.good);
        if (i + 1 == sorted.size() || sorted[i + 1].score > sorted[i].score)
            visit(sorted[i].score, upTo.good, upTo.bad);
    }
}

/// @p goodAt and @p badAt: pictures at every distinct score, upwards.
double aurocOf(const std::vector<double> &goodAt, const std::vector<double> &badAt)
{
    double won = 0, good = 0, bad = 0;
    for (std::size_t i = 0; i < goodAt.size(); ++i) {
        won += badAt[i] * (good + goodAt[i] / 2);
        good += goodAt[i];
        bad += badAt[i];
    }
    return won / (good * bad);
}

std::vector<double> distinctScores(const std::vector<Scored> &pictures)
{
    std::vector<double> scores;
    forEachScore(pictures, [&](double score, double, double) { scores.push_back(score); });
    return scores;
}

} // namespace

double auroc(const std::vector<Scored> &pictures)
{
    std::vector<double> goodAt, badAt;
    Counts before;
    forEachScore(pictures, [&](double, double good, double bad) {
        goodAt.push_back(good - before.good);
        badAt.push_back(bad - before.bad);
        before = {good, bad};
    });
    return aurocOf(goodAt, badAt);
}

double recallAtFalseAlarms(const std::vector<Scored> &pictures, double rate)
{
    const Counts all = countsOf(pictures);
    double recall = 0;
    bool isFound = false;
    forEachScore(pictures, [&](double, double good, double bad) {
        if (isFound || all.good - good > rate * all.good + 1e-9)
            return;
        recall = (all.bad - bad) / all.bad;
        isFound = true;
    });
    return recall;
}

double mostAccurateThreshold(const std::vector<Scored> &pictures)
{
    const Counts all = countsOf(pictures);
    const std::vector<double> scores = distinctScores(pictures);
    double threshold = -kInfinity, most = all.bad; // everything is called bad
    std::size_t place = 0;
    forEachScore(pictures, [&](double score, double good, double bad) {
        ++place;
        if (const double right = good + all.bad - bad; right > most) {
            most = right;
            threshold = place < scores.size() ? (score + scores[place]) / 2 : score;
        }
    });
    return threshold;
}

double accuracyAt(const std::vector<Scored> &pictures, double threshold)
{
    const auto right = std::count_if(pictures.begin(), pictures.end(),
                                     [&](const Scored &picture) { return (picture.score > threshold) == picture.isBad; });
    return static_cast<double>(right) / static_cast<double>(pictures.size());
}

Decision Thresholds::decide(double score) const
{
    if (score <= okUpTo)
        return Decision::Ok;
    return score > ngAbove ? Decision::Ng : Decision::Unsure;
}

Thresholds thresholdsFor(const std::vector<Scored> &pictures, double okPrecision, double ngPrecision)
{
    const Counts all = countsOf(pictures);
    Thresholds found{-kInfinity, kInfinity};
    if (all.bad >= ngPrecision * (all.good + all.bad))
        found.ngAbove = -kInfinity;
    forEachScore(pictures, [&](double score, double good, double bad) {
        if (good >= okPrecision * (good + bad))
            found.okUpTo = score;
        const double badAbove = all.bad - bad, above = badAbove + all.good - good;
        if (found.ngAbove == kInfinity && above > 0 && badAbove >= ngPrecision * above)
            found.ngAbove = score;
    });
    return found;
}

std::vector<Decided> decided(const std::vector<Scored> &pictures, const Thresholds &thresholds)
{
    std::vector<Decided> made;
    for (const Scored &picture : pictures)
        made.push_back({thresholds.decide(picture.score), picture.isBad});
    return made;
}

Outcome outcomeOf(const std::vector<Decided> &pictures)
{
    double good = 0, bad = 0, goodOk = 0, badOk = 0, goodUnsure = 0, unsure = 0;
    for (const auto &[decision, isBad] : pictures) {
        ++(isBad ? bad : good);
        if (decision == Decision::Ok)
            ++(isBad ? badOk : goodOk);
        if (decision == Decision::Unsure) {
            ++unsure;
            goodUnsure += isBad ? 0 : 1;
        }
    }
    Outcome outcome{goodOk / good, goodUnsure / good, badOk / bad, unsure / (good + bad), {}};
    if (goodOk + badOk > 0)
        outcome.okPrecision = goodOk / (goodOk + badOk);
    return outcome;
}

} // namespace auroraedge::trials

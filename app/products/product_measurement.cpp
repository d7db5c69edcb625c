#include "app/products/product_measurement.h"

#include <algorithm>
#include <map>
#include <random>

namespace auroraedge::app {
namespace {

/// A picture's place among the distinct scores, upwards.
struct Ranked
{
    std::size_t place = 0;
    bool isBad = false;
};

std::vector<std::vector<Ranked>> drawnTogether(std::span<const ScoredPicture> pictures, std::span<const std::string> groups,
                                               const std::vector<double> &scores)
{
    const bool isOneGroup = std::ranges::all_of(groups, [&](const std::string &group) { return group == groups.front(); });
    std::map<std::string, std::vector<Ranked>> byGroup;
    for (std::size_t i = 0; i < pictures.size(); ++i) {
        const auto place = static_cast<std::size_t>(std::ranges::lower_bound(scores, pictures[i].score) - scores.begin());
        byGroup[isOneGroup ? std::to_string(i) : groups[i]].push_back({place, pictures[i].isBad});
    }
    std::vector<std::vector<Ranked>> clusters;
    for (auto &[name, members] : byGroup)
        clusters.push_back(std::move(members));
    return clusters;
}

/// Share of the pairs of a bad and a good picture that stand the right way round; a tie is half a pair. Nothing without pairs.
std::optional<double> areaOf(const std::vector<double> &goodAt, const std::vector<double> &badAt)
{
    double won = 0, good = 0, bad = 0;
    for (std::size_t i = 0; i < goodAt.size(); ++i) {
        won += badAt[i] * (good + goodAt[i] / 2);
        good += goodAt[i];
        bad += badAt[i];
    }
    return good > 0 && bad > 0 ? std::optional(won / (good * bad)) : std::nullopt;
}

std::vector<double> distinctScores(std::span<const ScoredPicture> pictures)
{
    std::vector<double> scores;
    for (const ScoredPicture &picture : pictures)
        scores.push_back(picture.score);
    std::ranges::sort(scores);
    scores.erase(std::unique(scores.begin(), scores.end()), scores.end());
    return scores;
}

std::vector<ScoredPicture> calibrated(const ScoreCurves &curves, std::span<const JudgedPicture> pictures)
{
    std::vector<ScoredPicture> scored;
    for (const auto &[raw, isBad] : pictures)
        scored.push_back({curves.logit(raw), isBad});
    return scored;
}

} // namespace

std::optional<Interval> aurocInterval(std::span<const ScoredPicture> pictures, std::span<const std::string> groups, std::uint64_t seed)
{
    constexpr int kRounds = 2000;
    const std::vector<double> scores = distinctScores(pictures);
    const std::vector<std::vector<Ranked>> clusters = drawnTogether(pictures, groups, scores);
    std::mt19937_64 random(seed);
    std::vector<double> drawn;
    for (int round = 0; round < kRounds; ++round) {
        std::vector<double> goodAt(scores.size()), badAt(scores.size());
        for (std::size_t i = 0; i < clusters.size(); ++i) {
            for (const Ranked &picture : clusters[random() % clusters.size()])
                ++(picture.isBad ? badAt : goodAt)[picture.place];
        }
        if (const std::optional<double> area = areaOf(goodAt, badAt)) // a draw may have no bad or no good picture
            drawn.push_back(*area);
    }
    if (drawn.empty())
        return std::nullopt;
    std::ranges::sort(drawn);
    const auto at = [&](double share) { return drawn[static_cast<std::size_t>(share * static_cast<double>(drawn.size() - 1))]; };
    return Interval{at(0.025), at(0.975)};
}

ProductMeasurement measurementOf(const Product &product, std::span<const ReviewedRecord> records, const HeldOutJudgement &judgement)
{
    ProductMeasurement measured;
    ProductFigures &figures = measured.figures;
    const std::vector<ScoredPicture> scored = calibrated(product.curves, judgement.pictures);
    std::vector<double> probabilities;
    std::vector<std::string> groups;
    for (std::size_t i = 0; i < scored.size(); ++i) {
        const bool isBad = scored[i].isBad;
        const double probability = product.curves.probability(judgement.pictures[i].raw);
        probabilities.push_back(probability);
        groups.push_back(records[i].group);
        measured.right += (probability >= 0.5) == isBad ? 1 : 0;
        const bool isPromised = product.isPromisedOf(records[i].widthPx, records[i].heightPx);
        const Verdict verdict = isPromised ? product.verdictOf(probability) : Verdict::Unsure;
        VerdictCount &count = verdict == Verdict::Ok ? measured.ok : verdict == Verdict::Ng ? measured.ng : measured.unsure;
        ++(isBad ? count.bad : count.good);
        if (isBad && verdict == Verdict::Ok)
            measured.missed.push_back({records[i].picture, records[i].where, probability});
    }
    std::ranges::stable_sort(measured.missed, {}, &MissedPicture::probability);
    figures.pictures = static_cast<int>(scored.size());
    figures.bad = static_cast<int>(std::ranges::count(scored, true, &ScoredPicture::isBad));
    figures.auroc = auroc(scored);
    figures.accuracy = scored.empty() ? 0 : static_cast<double>(measured.right) / static_cast<double>(scored.size());
    figures.calibrationError = calibrationError(scored, probabilities);
    figures.recallAt1 = recallAt(0.01, scored);
    figures.recallAt5 = recallAt(0.05, scored);
    measured.aurocInterval = aurocInterval(scored, groups);
    measured.tileAuroc = auroc(calibrated(product.curves, judgement.tiles));
    measured.named = judgement.named;
    measured.namedRight = judgement.namedRight;
    if (measured.named > 0)
        figures.whichDefect = static_cast<double>(measured.namedRight) / measured.named;
    return measured;
}

} // namespace auroraedge::app

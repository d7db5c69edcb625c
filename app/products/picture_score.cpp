#include "app/products/picture_score.h"

#include "app/imaging/pixel_buffer.h"
#include "app/products/tiles.h"

#include <algorithm>
#include <cmath>

namespace auroraedge::app {
namespace {

const std::vector<std::string> kAnswers{"yes", "no"};
constexpr char kDefectMap[] = "defect";

constexpr double kLeastShare = 1e-12; ///< what is rounded to 0 is small, not impossible

/// Logarithm of odds.
double logOdds(double yes, double no)
{
    return std::log(std::max(yes, kLeastShare)) - std::log(std::max(no, kLeastShare));
}

/// The defect map, where there is one.
const PatchMap *defectMapOf(const Judgement &judgement)
{
    const auto map = std::ranges::find(judgement.maps, kDefectMap, &PatchMap::name);
    return map == judgement.maps.end() || map->probability.empty() ? nullptr : &*map;
}

/// Of the likeliest patch.
std::optional<double> patchScoreOf(const Judgement &judgement)
{
    const PatchMap *map = defectMapOf(judgement);
    if (map == nullptr)
        return std::nullopt;
    constexpr double kLeast = 1e-7; // a float is no nearer to 1
    const double most = std::clamp(static_cast<double>(std::ranges::max(map->probability)), kLeast, 1 - kLeast);
    return logOdds(most, 1 - most);
}

Result<std::vector<Judgement>> judgeTiles(Inspector &inspector, const Frame &shown, std::span<const PixelBox> tiles, const std::string &question,
                                          std::stop_token stop)
{
    std::vector<Frame> frames;
    for (const PixelBox &tile : tiles)
        frames.push_back(cutTile(shown, tile));
    return inspector.judge(frames, question, kAnswers, std::move(stop));
}

std::vector<RawScores> scoresOf(std::span<const Judgement> judgements)
{
    std::vector<RawScores> scores;
    for (const Judgement &judgement : judgements)
        scores.push_back({logOdds(judgement.probability[0], judgement.probability[1]), patchScoreOf(judgement)});
    return scores;
}

StageLatencies sumOf(std::span<const Judgement> judgements)
{
    StageLatencies sum;
    for (const Judgement &judgement : judgements) {
        sum.preprocessMs += judgement.latency.preprocessMs;
        sum.encodeMs += judgement.latency.encodeMs;
        sum.projectMs += judgement.latency.projectMs;
        sum.compressMs += judgement.latency.compressMs;
        sum.fuseMs += judgement.latency.fuseMs;
        sum.prefillMs += judgement.latency.prefillMs;
        sum.firstTokenMs += judgement.latency.firstTokenMs;
        sum.totalMs += judgement.latency.totalMs;
    }
    return sum;
}

/// A tile of @p shown with the likeliest patch of @p tile in its middle, as far as the picture lets: at the rim of a tile a
/// defect is cut, and another one's look. The tile itself without a map.
PixelBox aroundTheDefect(const Judgement &judgement, const PixelBox &tile, const Frame &shown)
{
    const PatchMap *map = defectMapOf(judgement);
    if (map == nullptr)
        return tile;
    const auto patch = static_cast<int>(std::ranges::max_element(map->probability) - map->probability.begin());
    const auto startOf = [](int begin, int side, int place, int places, int whole) {
        return std::clamp(begin + side * (2 * place + 1) / (2 * places) - side / 2, 0, std::max(0, whole - side));
    };
    return {startOf(tile.x, tile.width, patch % map->columns, map->columns, shown.widthPx),
            startOf(tile.y, tile.height, patch / map->columns, map->rows, shown.heightPx), tile.width, tile.height};
}

/// @p tile in its eight symmetries, of which the training knows all.
std::vector<Frame> symmetricViews(const Frame &tile)
{
    std::vector<Frame> views{tile};
    for (int orientation = 2; orientation <= 8; ++orientation) // as EXIF counts them
        views.push_back(upright(copyOf(tile), orientation).toFrame());
    return views;
}

} // namespace

Result<std::vector<RawScores>> tileScores(Inspector &inspector, const Frame &shown, std::span<const PixelBox> tiles,
                                          const std::string &question, std::stop_token stop)
{
    const Result<std::vector<Judgement>> judgements = judgeTiles(inspector, shown, tiles, question, std::move(stop));
    if (!judgements)
        return failure(judgements.error());
    return scoresOf(*judgements);
}

RawScores worstOf(std::span<const RawScores> tiles)
{
    RawScores worst = tiles.front();
    for (const RawScores &tile : tiles) {
        worst.answer = std::max(worst.answer, tile.answer);
        worst.patch = std::max(worst.patch, tile.patch); // nothing is less than any number
    }
    return worst;
}

Result<std::string> defectClass(Inspector &inspector, const Frame &tile, const std::vector<std::string> &classes, std::stop_token stop)
{
    if (classes.size() < 2)
        return classes.empty() ? std::string() : classes.front();
    const Result<std::vector<Judgement>> judged = inspector.judge(symmetricViews(tile), kWhichDefectQuestion, classes, std::move(stop));
    if (!judged)
        return failure(judged.error());
    std::vector<double> likeliness(classes.size());
    for (const Judgement &judgement : *judged) {
        for (std::size_t i = 0; i < classes.size(); ++i)
            likeliness[i] += std::log(std::max(judgement.probability[i], kLeastShare));
    }
    return classes[static_cast<std::size_t>(std::ranges::max_element(likeliness) - likeliness.begin())];
}

Result<PictureScore> inspectPicture(Inspector &inspector, const Product &product, const Frame &shown, std::stop_token stop)
{
    const std::vector<PixelBox> tiles = inspectionTiles(shown.widthPx, shown.heightPx, product.tile, product.stride);
    const Result<std::vector<Judgement>> judgements = judgeTiles(inspector, shown, tiles, product.question, stop);
    if (!judgements)
        return failure(judgements.error());
    const std::vector<RawScores> scores = scoresOf(*judgements);
    const ScoreCurves &curves = product.curves;
    const RawScores raw = worstOf(scores);
    const auto worst = static_cast<std::size_t>(
        std::ranges::max_element(scores, {}, [&](const RawScores &tile) { return curves.logit(tile); }) - scores.begin());
    const PixelBox &box = tiles[worst];

    PictureScore score;
    score.probability = curves.probability(raw);
    score.score = curves.logit(raw);
    score.answerScore = curves.logit(ScoreKind::Answer, raw).value_or(0);
    score.patchScore = curves.logit(ScoreKind::Patch, raw);
    score.verdict = product.verdictOf(score.probability);
    score.worstTile = {box.x, box.y, std::min(box.width, shown.widthPx - box.x), std::min(box.height, shown.heightPx - box.y)};
    score.worstShown = cutTile(shown, box);
    score.latency = sumOf(*judgements);
    if (score.verdict == Verdict::Ok) // its class would be a defect's that is not there
        return score;
    const Frame closer = cutTile(shown, aroundTheDefect((*judgements)[worst], box, shown));
    const Result<std::string> name = defectClass(inspector, closer, product.classes, stop);
    if (!name)
        return failure(name.error());
    score.className = *name;
    return score;
}

} // namespace auroraedge::app

#include "engine/training/batches.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numbers>
#include <numeric>

namespace auroraedge::engine {

namespace {

using Random = std::mt19937_64;

double uniform(Random &random, double low, double high)
{
    return std::uniform_real_distribution<double>(low, high)(random);
}

bool chance(Random &random, double share)
{
    return uniform(random, 0, 1) < share;
}

/// Light, colour and noise of one view: value = gain * v + offset per channel, then grey, then inverted.
struct Look
{
    std::array<double, 3> gain{1, 1, 1}, offset{0, 0, 0};
    bool isGrey = false, isInverted = false;
    double noise = 0;
};

Look drawLook(const TrainingViews &views, Random &random)
{
    Look look;
    const double contrast = std::exp(uniform(random, -1, 1) * views.contrast);
    const double light = uniform(random, -1, 1) * views.light;
    for (std::size_t channel = 0; channel < 3; ++channel) {
        const double tint = std::exp(uniform(random, -1, 1) * views.tint);
        look.gain[channel] = contrast * tint;
        look.offset[channel] = 128 - 128 * look.gain[channel] + light;
    }
    look.isGrey = chance(random, views.greyShare);
    look.isInverted = chance(random, views.invertedShare);
    look.noise = chance(random, 0.5) ? uniform(random, 0, views.noise) : 0;
    return look;
}

/// Where the view's pixel (u, v), both -1..1, lies in the picture, in the same units.
struct Placement
{
    double a = 1, b = 0, c = 0, d = 0, e = 1, f = 0;
    [[nodiscard]] std::pair<double, double> operator()(double u, double v) const { return {a * u + b * v + c, d * u + e * v + f}; }
};

Placement drawPlacement(const TrainingViews &views, Random &random)
{
    const int quarters = views.isTurned ? std::uniform_int_distribution<int>(0, 3)(random) : 0;
    const double angle = uniform(random, -views.turn, views.turn) + quarters * std::numbers::pi / 2, shear = uniform(random, -views.shear, views.shear);
    const double zoomX = std::exp(uniform(random, -views.zoom, views.zoom)), zoomY = std::exp(uniform(random, -views.zoom, views.zoom));
    const double side = views.isMirrored && chance(random, 0.5) ? -1 : 1;
    Placement placement;
    placement.a = std::cos(angle) * zoomX * side;
    placement.b = -std::sin(angle) * zoomY + shear;
    placement.c = uniform(random, -views.shift, views.shift);
    placement.d = std::sin(angle) * zoomX * side;
    placement.e = std::cos(angle) * zoomY;
    placement.f = uniform(random, -views.shift, views.shift);
    return placement;
}

/// Of a batch of pictures of @p gridSide patches a side.
int picturesOf(const TrainingStage &stage, int gridSide)
{
    return std::clamp(stage.patchesPerBatch / (gridSide * gridSide), 8, 96);
}

} // namespace

/// How a picture is shown. The defaults show it as it is.
struct BatchMaker::View
{
    Look look;
    Placement placement;
    double blankGrey = -1; ///< 0 or more: nothing but this grey
    bool isSoft = false;   ///< from a coarser level, as a blurred camera would give
    std::uint32_t noiseSeed = 1;
};

BatchMaker::BatchMaker(const TrainingRun &run, const TrainingPictures &pictures, std::vector<TurnLengths> lengths, int patchSize)
    : m_run(run), m_pictures(pictures), m_lengths(std::move(lengths)), m_patchSize(patchSize)
{
    for (const TrainingSource &source : run.sources) {
        std::map<std::string, int> perGroup;
        std::map<int, int> perLabel;
        Pool pool;
        pool.hasClasses = source.labels > 0;
        for (std::size_t i = 0; i < run.samples.size(); ++i) {
            const TrainingSample &sample = run.samples[i];
            if (sample.source != source.name || !pictures.isUsable(i))
                continue;
            if (sample.isHeldOut) {
                pool.heldOut.push_back(i);
                continue;
            }
            pool.samples.push_back(i);
            pool.hasBoxes = pool.hasBoxes || !sample.boxes.empty();
            pool.hasQuestions = pool.hasQuestions || m_lengths[i].turns > 0;
            ++perGroup[sample.group];
            ++perLabel[sample.label];
        }
        double sum = 0;
        for (const std::size_t index : pool.samples) {
            const TrainingSample &sample = run.samples[index];
            sum += 1 / std::sqrt(static_cast<double>(perGroup[sample.group]) * perLabel[sample.label]);
            pool.upTo.push_back(sum);
        }
        m_pools.push_back(std::move(pool));
    }
}

std::size_t BatchMaker::Pool::pick(Random &random) const
{
    const auto place = std::upper_bound(upTo.begin(), upTo.end(), uniform(random, 0, upTo.back()));
    return samples[static_cast<std::size_t>(std::min(place, upTo.end() - 1) - upTo.begin())];
}

/// Samples whose rows are of like length where there are questions: rows are padded to the longest, and padding is computed, too.
std::vector<std::size_t> BatchMaker::pickSamples(const Pool &pool, std::size_t count, const TrainingStage &stage, Random &random) const
{
    constexpr std::size_t kBuckets = 4;
    std::vector<std::size_t> picked(hasQuestions(stage) ? count * kBuckets : count);
    for (std::size_t &index : picked)
        index = pool.pick(random);
    if (!hasQuestions(stage))
        return picked;
    std::ranges::stable_sort(picked, {}, [&](std::size_t index) { return m_lengths[index].ofRow(stage.questionsPerPicture); });
    const std::size_t bucket = std::uniform_int_distribution<std::size_t>(0, kBuckets - 1)(random);
    return {picked.begin() + static_cast<std::ptrdiff_t>(bucket * count), picked.begin() + static_cast<std::ptrdiff_t>((bucket + 1) * count)};
}

std::vector<double> BatchMaker::sourceWeights(const TrainingStage &stage) const
{
    std::vector<double> weights;
    for (std::size_t i = 0; i < m_run.sources.size(); ++i) {
        const Pool &pool = m_pools[i];
        const bool isNamed = stage.sources.empty() || std::ranges::find(stage.sources, m_run.sources[i].name) != stage.sources.end();
        const bool teaches = hasQuestions(stage) ? pool.hasQuestions : stage.isTeacher ? pool.hasClasses : pool.hasClasses || pool.hasBoxes;
        const bool isOfUse = isNamed && !pool.samples.empty() && teaches;
        weights.push_back(isOfUse ? m_run.sources[i].weight : 0);
    }
    return weights;
}

bool BatchMaker::canDraw(const TrainingStage &stage) const
{
    const std::vector<double> weights = sourceWeights(stage);
    return std::any_of(weights.begin(), weights.end(), [](double weight) { return weight > 0; });
}

Result<Batch> BatchMaker::draw(const TrainingStage &stage, bool finish, Random &random) const
{
    const std::vector<double> weights = sourceWeights(stage);
    Batch batch;
    batch.source = std::discrete_distribution<int>(weights.begin(), weights.end())(random);
    const Pool &pool = m_pools[static_cast<std::size_t>(batch.source)];

    const std::vector<int> &grids = gridsOf(stage, m_run.samples[pool.samples.front()].isSmall, finish);
    batch.gridSide = grids[std::uniform_int_distribution<std::size_t>(0, grids.size() - 1)(random)];
    const auto count = static_cast<std::size_t>(picturesOf(stage, batch.gridSide));
    layOut(batch, count);
    const TrainingViews &views = m_run.sources[static_cast<std::size_t>(batch.source)].views;
    const std::vector<std::size_t> picked = pickSamples(pool, count, stage, random);
    for (std::size_t i = 0; i < count; ++i) {
        const TrainingSample &sample = m_run.samples[picked[i]];
        const bool isBlank = hasQuestions(stage) && chance(random, m_run.blankShare);
        batch.items.push_back({&sample, isBlank});
        View view;
        view.look = drawLook(views, random);
        view.placement = drawPlacement(views, random);
        const double grey = uniform(random, 0, 255);
        view.blankGrey = isBlank ? grey : -1;
        view.isSoft = chance(random, views.softShare);
        view.noiseSeed = static_cast<std::uint32_t>(random()) | 1U;
        const auto picture = m_pictures.at(picked[i]);
        if (!picture)
            return failure(picture.error());
        drawView(**picture, sample, view, batch.gridSide, placeOf(batch, i));
    }
    return batch;
}

BatchSize BatchMaker::averageSize(const TrainingStage &stage, bool finish) const
{
    const std::vector<double> weights = sourceWeights(stage);
    const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
    BatchSize size;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        if (weights[i] <= 0)
            continue;
        const Pool &pool = m_pools[i];
        double rows = 0;
        for (const std::size_t index : pool.samples)
            rows += m_lengths[index].ofRow(stage.questionsPerPicture);
        const std::vector<int> &grids = gridsOf(stage, m_run.samples[pool.samples.front()].isSmall, finish);
        const double share = weights[i] / sum / static_cast<double>(grids.size());
        for (const int side : grids) {
            const double pictures = picturesOf(stage, side);
            size.pictures += share * pictures;
            size.patches += share * pictures * side * side;
            size.textTokens += share * pictures * rows / static_cast<double>(pool.samples.size());
        }
    }
    return size;
}

const std::vector<int> &BatchMaker::gridsOf(const TrainingStage &stage, bool isSmall, bool finish) const
{
    const std::vector<int> &wide = finish && !stage.finishGrids.empty() ? stage.finishGrids : stage.grids;
    const std::vector<int> &small = finish && !stage.smallFinishGrids.empty() ? stage.smallFinishGrids : stage.smallGrids;
    return isSmall && !small.empty() ? small : wide;
}

void BatchMaker::layOut(Batch &batch, std::size_t count) const
{
    const auto slots = static_cast<std::size_t>(batch.gridSide * batch.gridSide), patch = static_cast<std::size_t>(m_patchSize);
    batch.patches.resize(count * slots * patch * patch * 3);
    batch.patchTargets.assign(count * slots * kPatchClasses, 0.0F);
    batch.patchKinds.assign(count * slots, kNoKind);
}

BatchMaker::Place BatchMaker::placeOf(Batch &batch, std::size_t picture) const
{
    const std::size_t first = picture * static_cast<std::size_t>(batch.gridSide * batch.gridSide), patch = static_cast<std::size_t>(m_patchSize);
    return {batch.patches.data() + first * patch * patch * 3, batch.patchTargets.data() + first * kPatchClasses, batch.patchKinds.data() + first};
}

std::vector<std::size_t> BatchMaker::heldOut(std::size_t source, std::size_t most) const
{
    const std::vector<std::size_t> &all = m_pools[source].heldOut;
    const std::size_t count = std::min(most, all.size());
    std::vector<std::size_t> taken;
    for (std::size_t i = 0; i < count; ++i)
        taken.push_back(all[i * all.size() / count]);
    return taken;
}

Result<Batch> BatchMaker::plain(const TrainingStage &stage, bool finish, std::span<const std::size_t> samples) const
{
    Batch batch;
    const TrainingSample &first = m_run.samples[samples.front()];
    while (m_run.sources[static_cast<std::size_t>(batch.source)].name != first.source)
        ++batch.source;
    batch.gridSide = std::ranges::max(gridsOf(stage, first.isSmall, finish));
    layOut(batch, samples.size());
    for (std::size_t i = 0; i < samples.size(); ++i) {
        const TrainingSample &sample = m_run.samples[samples[i]];
        batch.items.push_back({&sample, false});
        const auto picture = m_pictures.at(samples[i]);
        if (!picture)
            return failure(picture.error());
        drawView(**picture, sample, {}, batch.gridSide, placeOf(batch, i));
    }
    return batch;
}

void BatchMaker::drawView(const PicturePyramid &picture, const TrainingSample &sample, const View &view, int gridSide,
                          const Place &place) const
{
    const int side = gridSide * m_patchSize;
    const Look &look = view.look;
    const Placement &placement = view.placement;
    const bool isBlank = view.blankGrey >= 0;

    // The smallest level that still has the view's detail.
    std::size_t level = 0;
    while (level + 1 < picture.levels.size() && picture.levels[level + 1].widthPx >= side)
        ++level;
    if (level + 1 < picture.levels.size() && view.isSoft)
        ++level;
    const ResizedPicture &from = picture.levels[level];
    const double half = from.widthPx / 2.0;

    // A cheap generator for noise: one step a value, quality does not matter here.
    std::uint32_t noiseState = view.noiseSeed;
    const auto noise = [&noiseState] {
        noiseState ^= noiseState << 13;
        noiseState ^= noiseState >> 17;
        noiseState ^= noiseState << 5;
        return (static_cast<float>(noiseState & 0xffffU) + static_cast<float>(noiseState >> 16)) / 65536.0F - 1.0F;
    };

    for (int y = 0; y < side; ++y) {
        const double v = (y + 0.5) / side * 2 - 1;
        for (int x = 0; x < side; ++x) {
            const double u = (x + 0.5) / side * 2 - 1;
            const auto [px, py] = placement(u, v);
            const double sx = std::clamp((px + 1) * half - 0.5, 0.0, from.widthPx - 1.001);
            const double sy = std::clamp((py + 1) * half - 0.5, 0.0, from.heightPx - 1.001);
            const auto x0 = static_cast<int>(sx), y0 = static_cast<int>(sy);
            const auto fx = static_cast<float>(sx - x0), fy = static_cast<float>(sy - y0);
            const std::uint8_t *top = from.rgb.data() + (static_cast<std::size_t>(y0) * static_cast<std::size_t>(from.widthPx) + static_cast<std::size_t>(x0)) * 3;
            const std::uint8_t *bottom = top + static_cast<std::size_t>(from.widthPx) * 3;
            std::array<float, 3> value{};
            for (std::size_t c = 0; c < 3; ++c) {
                const float upper = static_cast<float>(top[c]) + (static_cast<float>(top[c + 3]) - static_cast<float>(top[c])) * fx;
                const float lower = static_cast<float>(bottom[c]) + (static_cast<float>(bottom[c + 3]) - static_cast<float>(bottom[c])) * fx;
                const float plain = isBlank ? static_cast<float>(view.blankGrey) : upper + (lower - upper) * fy;
                value[c] = plain * static_cast<float>(look.gain[c]) + static_cast<float>(look.offset[c]);
            }
            if (look.isGrey)
                value.fill(0.299F * value[0] + 0.587F * value[1] + 0.114F * value[2]);
            float *out = place.patches
                + ((static_cast<std::size_t>(y / m_patchSize) * static_cast<std::size_t>(gridSide) + static_cast<std::size_t>(x / m_patchSize))
                       * static_cast<std::size_t>(m_patchSize * m_patchSize)
                   + static_cast<std::size_t>(y % m_patchSize) * static_cast<std::size_t>(m_patchSize) + static_cast<std::size_t>(x % m_patchSize))
                    * 3;
            for (std::size_t c = 0; c < 3; ++c) {
                float shown = value[c] + (look.noise > 0 ? noise() * static_cast<float>(look.noise) * 1.7F : 0.0F);
                shown = std::clamp(look.isInverted ? 255.0F - shown : shown, 0.0F, 255.0F);
                out[c] = shown / 127.5F - 1.0F;
            }
        }
    }
    if (isBlank)
        return;
    for (int row = 0; row < gridSide; ++row) {
        for (int column = 0; column < gridSide; ++column) {
            const auto [px, py] = placement((column + 0.5) / gridSide * 2 - 1, (row + 0.5) / gridSide * 2 - 1);
            const double x = (px + 1) / 2, y = (py + 1) / 2;
            const std::size_t slot = static_cast<std::size_t>(row) * static_cast<std::size_t>(gridSide) + static_cast<std::size_t>(column);
            float *target = place.targets + slot * kPatchClasses;
            for (const TrainingBox &box : sample.boxes) {
                const double reach = 1.0 / gridSide;
                if (box.isDefect) { // often smaller than a patch: every patch that it touches
                    if (x > box.x - reach / 2 && x < box.x + box.width + reach / 2 && y > box.y - reach / 2 && y < box.y + box.height + reach / 2) {
                        target[2] = 1.0F;
                        place.kinds[slot] = box.kind < 0 ? kNoKind : box.kind;
                    }
                    continue;
                }
                if (x >= box.x && x < box.x + box.width && y >= box.y && y < box.y + box.height)
                    target[0] = 1.0F;
                if (std::abs(x - box.x - box.width / 2) < reach && std::abs(y - box.y - box.height / 2) < reach)
                    target[1] = 1.0F;
            }
        }
    }
}

} // namespace auroraedge::engine

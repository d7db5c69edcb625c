#include "app/products/fine_tuning.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace auroraedge::app {
namespace {

constexpr char kSource[] = "product";
constexpr int kUsualSteps = 1100, kTaughtSteps = 2850; ///< about half an hour on two cores
constexpr std::size_t kWatchedTiles = 400; ///< held out; the trainer looks at no more
const std::vector<std::string> kDefectWordings{kDefectQuestion, "Is there a defect in the picture?", "Does the part show a defect?",
                                               "Can a defect be seen?"};
const std::vector<std::string> kWhichWordings{kWhichDefectQuestion, "Which defect does the part show?", "What kind of defect is there?",
                                              "Name the defect."};

/// What "which defect?" about a tile means: the one nearest to its middle, where an inspection puts the likeliest place.
/// "none" without any; empty when another kind is nearly as near.
std::string classOf(const TrainingTile &tile)
{
    if (tile.defects.empty())
        return "none";
    const auto fromMiddle = [&](const LabelledDefect &defect) {
        const PixelBox &box = defect.box;
        return std::hypot(box.x + (box.width - tile.box.width) / 2.0, box.y + (box.height - tile.box.height) / 2.0);
    };
    const LabelledDefect &nearest = *std::ranges::min_element(tile.defects, {}, fromMiddle);
    const double clearlyFurther = fromMiddle(nearest) + tile.box.width / 5.0;
    const bool isClear = std::ranges::all_of(tile.defects, [&](const LabelledDefect &defect) {
        return defect.name == nearest.name || fromMiddle(defect) >= clearlyFurther;
    });
    return isClear ? nearest.name : std::string();
}

/// @param names of the defects that are learnt.
TrainingSample sampleOf(const TrainingTile &tile, const ReviewedRecord &record, std::span<const std::string> names, bool isHeldOut)
{
    TrainingSample sample;
    sample.picture = tileAddress(record.picture, tile.box);
    sample.source = kSource;
    sample.group = record.group;
    sample.label = tile.defects.empty() ? 0 : 1;
    sample.isHeldOut = isHeldOut;
    sample.turns.push_back({"defect", kDefectWordings, tile.defects.empty() ? "no" : "yes"});
    if (const std::string name = classOf(tile); !name.empty())
        sample.turns.push_back({"which-defect", kWhichWordings, name});
    const double side = tile.box.width;
    for (const auto &[name, box] : tile.defects) {
        const auto kind = std::ranges::find(names, name);
        sample.boxes.push_back({box.x / side, box.y / side, box.width / side, box.height / side, /*isDefect=*/true,
                                kind == names.end() ? -1 : static_cast<int>(kind - names.begin())});
    }
    return sample;
}

void addSamples(std::span<const ReviewedRecord> records, const TilingOptions &tiling, std::span<const std::string> names, bool isHeldOut,
                TrainingRun &run)
{
    for (const TrainingTile &tile : trainingTiles(records, tiling))
        run.samples.push_back(sampleOf(tile, records[tile.record], names, isHeldOut));
}

/// Light changes little on a station. Where planes are compared, a tint or a grey view would be a difference that is none.
TrainingViews viewsFor(bool usesGolden)
{
    TrainingViews views;
    views.shift = 0.05;
    views.contrast = usesGolden ? 0.05 : 0.12;
    views.light = usesGolden ? 5 : 12;
    views.tint = usesGolden ? 0 : 0.03;
    views.greyShare = 0;
    views.noise = 5;
    views.isMirrored = views.isTurned = true; // all eight symmetries
    views.softShare = 0; // at half the resolution a small defect is gone, and its label is not
    return views;
}

TrainingStage stageOf(int steps, const FineTuningPlan &plan)
{
    TrainingStage stage;
    stage.steps = steps;
    stage.warmupSteps = steps / 20;
    stage.grids = {std::max(1, plan.grid * 4 / 5), plan.grid};
    stage.finishGrids = {plan.grid};
    return stage;
}

/// A convolutional network that learns from few pictures what the tower then takes over from it.
TrainingStage teacherStage(int steps, const FineTuningPlan &plan)
{
    TrainingStage stage = stageOf(steps, plan);
    stage.isTeacher = true;
    stage.learningRate = 1e-3;
    stage.muonLearningRate = 0.02;
    stage.finalShare = 0.05;
    stage.patchesPerBatch = 32 * plan.grid * plan.grid;
    return stage;
}

/// The tower with patch head and the picture's kind; cheap, so it comes first.
TrainingStage towerStage(int steps, bool isTaught, const FineTuningPlan &plan)
{
    TrainingStage stage = stageOf(steps, plan);
    stage.towerOnly = true;
    stage.learningRate = plan.isFresh ? 6e-4 : 3e-4;
    stage.muonLearningRate = plan.isFresh ? 0.02 : 0.01;
    stage.finalShare = 0.2; // the next stage goes on from here
    stage.patchesPerBatch = 32 * plan.grid * plan.grid;
    if (isTaught) {
        stage.teacherWeight = 0.5;
        stage.featureWeight = 1;
        stage.labelWeight = 0.5;
    }
    return stage;
}

TrainingStage wholeStage(int steps, bool isTaught, const FineTuningPlan &plan)
{
    constexpr int kLooks = 20;
    TrainingStage stage = stageOf(steps, plan);
    if (isTaught) { // so that the tower does not forget it
        stage.teacherWeight = 0.5;
        stage.featureWeight = 1;
    }
    stage.learningRate = plan.isFresh ? 6e-4 : 3e-4;
    stage.muonLearningRate = plan.isFresh ? 0.01 : 0.005;
    stage.finalShare = 0.03;
    stage.patchesPerBatch = 16 * plan.grid * plan.grid;
    stage.questionsPerPicture = 2;
    stage.measureEvery = std::max(1, steps / kLooks);
    stage.patience = 8; // the rate falls until the end, and the best look comes late
    if (plan.loraRank > 0) {
        stage.trained = TrainedParts::Connectors; // and the adapters
        stage.learningRate = 1e-3;
        stage.muonLearningRate = 0;
    }
    return stage;
}

} // namespace

std::vector<std::string> classesOf(std::span<const ReviewedRecord> records)
{
    std::set<std::string> names;
    for (const ReviewedRecord &record : records) {
        for (const LabelledDefect &defect : record.defects)
            names.insert(defect.name);
    }
    return {names.begin(), names.end()};
}

TrainingRun fineTuningRun(const HeldOutSplit &split, const FineTuningPlan &plan)
{
    const std::vector<std::string> names = classesOf(split.training);
    TrainingRun run;
    TrainingSource source;
    source.name = kSource;
    source.labels = 2;
    source.defectKinds = names.size() < 2 ? 0 : static_cast<int>(names.size());
    source.views = viewsFor(plan.usesGolden);
    run.sources = {source};
    TilingOptions tiling;
    tiling.side = plan.tile;
    tiling.seed = plan.seed;
    addSamples(split.training, tiling, names, false, run);
    tiling.most = kWatchedTiles;
    addSamples(split.watched.empty() ? split.heldOut : split.watched, tiling, names, true, run);

    // Without a golden picture a defect is a shape among shapes, which a convolution sees sooner than the tower; both cost little.
    const bool isTaught = !plan.usesGolden && plan.loraRank == 0;
    const int steps = plan.steps > 0 ? plan.steps : isTaught ? kTaughtSteps : kUsualSteps;
    const auto stepsOf = [steps](double share) { return static_cast<int>(std::lround(share * steps)); };
    const int teacherSteps = isTaught ? stepsOf(0.35) : 0, towerSteps = plan.loraRank > 0 ? 0 : stepsOf(isTaught ? 0.525 : 0.35);
    if (teacherSteps > 0)
        run.stages.push_back(teacherStage(teacherSteps, plan));
    if (towerSteps > 0)
        run.stages.push_back(towerStage(towerSteps, teacherSteps > 0, plan));
    run.stages.push_back(wholeStage(std::max(1, steps - teacherSteps - towerSteps), teacherSteps > 0, plan));
    run.adapters.rank = plan.loraRank;
    run.adapters.alpha = 2.0 * plan.loraRank;
    run.adapters.ofTower = plan.loraRank > 0; // what the product looks like is new to the tower first of all
    run.keepsBest = true;
    run.seed = plan.seed;
    return run;
}

} // namespace auroraedge::app

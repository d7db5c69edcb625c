#include "app/cli/answer_output.h"
#include "app/cli/commands.h"
#include "app/cli/display_text.h"
#include "app/cli/training_output.h"
#include "app/drawing/drawn_picture.h"
#include "app/imaging/picture_decoder.h"
#include "app/settings/instance_lock.h"
#include "app/training/training_recipe.h"

#include <nlohmann/json.hpp>

#include <array>
#include <cstdio>
#include <filesystem>
#include <ostream>
#include <set>
#include <system_error>
#include <utility>
#include <vector>

namespace auroraedge::app {
namespace {

constexpr char kFirst[] = "first"; ///< folder of the model that another recipe goes on with

/// A run with a checkpoint is not at its end, whatever else lies there.
bool holdsFinishedModel(const std::filesystem::path &folder)
{
    std::error_code problem;
    const auto holds = [&](const char *name) { return std::filesystem::exists(folder / name, problem); };
    return holds("model.safetensors") && holds("SHA256SUMS") && !holds("checkpoint.safetensors");
}

/// Recipes that follow each other, all of them read before the first step: a fault of the last is not to be found after hours.
Result<std::vector<TrainingRecipe>> readRecipes(const TrainOptions &options)
{
    std::vector<TrainingRecipe> recipes;
    std::set<std::filesystem::path> files;
    for (std::string file = options.recipe; !file.empty(); file = recipes.back().then) {
        std::error_code problem;
        if (!files.insert(std::filesystem::weakly_canonical(file, problem)).second)
            return failure(code::RecipeValue, "the recipe " + file + " comes after itself", file);
        Result<TrainingRecipe> recipe = readTrainingRecipe(file);
        if (!recipe)
            return failure(recipe.error());
        recipes.push_back(*std::move(recipe));
    }
    if (recipes.size() > 1 && options.processes > 1)
        return failure(code::Usage, "one process trains a recipe with 'then'; let several train its recipes one by one", options.recipe);
    // The last one's model is what was asked for; each one before it lies in the folder of the one after.
    std::string out = options.out.empty() ? recipes.front().outFolder : options.out;
    for (std::size_t i = recipes.size(); i-- > 0; out = (std::filesystem::path(out) / kFirst).string()) {
        recipes[i].outFolder = out;
        if (i + 1 < recipes.size())
            recipes[i + 1].modelFolder = out;
    }
    return recipes;
}

TrainingRun runOf(TrainingRecipe &&recipe, const TrainOptions &options)
{
    TrainingRun run;
    run.modelFolder = std::move(recipe.modelFolder);
    run.outFolder = std::move(recipe.outFolder);
    run.seed = recipe.seed;
    run.checkpointMinutes = recipe.checkpointMinutes;
    run.averageDecay = recipe.averageDecay;
    run.keepsBest = recipe.keepsBest;
    run.startShare = recipe.startShare;
    run.recomputes = recipe.recomputes;
    run.adapters = recipe.adapters;
    run.processes = {options.rank, options.processes, options.meeting};
    run.device = options.common.device == "auto" ? recipe.device : options.common.device;
    run.precision = options.common.precision == "auto" ? recipe.precision : precisionNamed(options.common.precision);
    run.sources = std::move(recipe.sources);
    run.stages = std::move(recipe.stages);
    run.samples = std::move(recipe.samples);
    for (TrainingSample &sample : recipe.heldOut) {
        sample.isHeldOut = true;
        run.samples.push_back(std::move(sample));
    }
    run.threads = options.common.threads;
    run.loadPicture = loadTrainingPicture;
    return run;
}

/// @return whether all pictures and records could be used.
Result<bool> trainOne(TrainingRecipe &&recipe, const TrainOptions &options, const CliContext &context)
{
    const std::vector<std::string> badRecords = std::move(recipe.badRecords);
    for (const std::string &bad : badRecords) // before the first step
        context.err << "left out " << displayText(bad) << '\n';
    const TrainingRun run = runOf(std::move(recipe), options);
    const Result<Engine *> engine = context.openEngine();
    if (!engine)
        return failure(engine.error());
    const TrainingListener listener = [&](const TrainingProgress &progress) {
        for (const std::string &skipped : progress.skippedPictures) // before the first step
            context.err << "skipped " << displayText(skipped) << '\n';
        if (!options.common.quiet && progress.step > 0)
            printTrainingProgress(progress, context.err);
    };
    const Result<TrainingReport> report = (*engine)->train(run, listener, context.stop);
    if (!report)
        return failure(report.error());
    if (const Result<void> drawn = drawTrainingCurves(run.outFolder); !drawn) // the model is whole without it
        context.err << drawn.error().code.text() << ": " << displayText(drawn.error().message) << '\n';
    if (options.common.json) {
        context.out << oneLine({{"model", run.outFolder},
                                {"pictures_seen", report->picturesSeen},
                                {"minutes", report->minutes},
                                {"skipped", report->skippedPictures},
                                {"left_out", badRecords}})
                    << std::endl;
    } else {
        std::array<char, 96> line{};
        std::snprintf(line.data(), line.size(), "%lld pictures seen in %.1f min; the model is in ",
                      static_cast<long long>(report->picturesSeen), report->minutes);
        context.out << line.data() << displayText(run.outFolder) << std::endl;
    }
    return report->skippedPictures.empty() && badRecords.empty();
}

} // namespace

Result<int> runTrain(const TrainOptions &options, const CliContext &context)
{
    Result<std::vector<TrainingRecipe>> recipes = readRecipes(options);
    if (!recipes)
        return failure(recipes.error());
    const std::string out = recipes->back().outFolder;
    // Processes that train together share the folder; two runs do not.
    const std::filesystem::path place = std::filesystem::absolute(out).lexically_normal();
    const Result<InstanceLock> lock = InstanceLock::acquireFor(options.rank == 0 ? place : place / std::to_string(options.rank));
    if (!lock)
        return failure(lock.error());
    if (holdsFinishedModel(out))
        return failure(code::Usage, out + " holds a finished model; choose another --out or remove it", out);
    bool isWhole = true;
    for (TrainingRecipe &recipe : *recipes) {
        if (holdsFinishedModel(recipe.outFolder)) // of a run that was stopped later
            continue;
        const Result<bool> usedAll = trainOne(std::move(recipe), options, context);
        if (!usedAll)
            return failure(usedAll.error());
        isWhole = isWhole && *usedAll;
    }
    return isWhole ? 0 : 3;
}

Result<Frame> loadTrainingPicture(const std::string &path)
{
    if (isDrawingAddress(path)) {
        const Result<DrawingAddress> address = drawingAddressOf(path);
        return address ? Result<Frame>(draw(*address)) : Result<Frame>(failure(address.error()));
    }
    Result<DecodedPicture> picture = decodePicture(std::filesystem::path(path));
    if (!picture)
        return failure(picture.error());
    return std::move(picture->frame);
}

} // namespace auroraedge::app

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
#include <system_error>

namespace auroraedge::app {
namespace {

/// A run with a checkpoint is not at its end, whatever else lies there.
bool holdsFinishedModel(const std::filesystem::path &folder)
{
    std::error_code problem;
    const auto holds = [&](const char *name) { return std::filesystem::exists(folder / name, problem); };
    return holds("model.safetensors") && holds("SHA256SUMS") && !holds("checkpoint.safetensors");
}

} // namespace

Result<int> runTrain(const TrainOptions &options, const CliContext &context)
{
    Result<TrainingRecipe> recipe = readTrainingRecipe(options.recipe);
    if (!recipe)
        return failure(recipe.error());
    TrainingRun run;
    run.modelFolder = std::move(recipe->modelFolder);
    run.outFolder = options.out.empty() ? std::move(recipe->outFolder) : options.out;
    // Processes that train together share the folder; two runs do not.
    const std::filesystem::path place = std::filesystem::absolute(run.outFolder).lexically_normal();
    const Result<InstanceLock> lock = InstanceLock::acquireFor(options.rank == 0 ? place : place / std::to_string(options.rank));
    if (!lock)
        return failure(lock.error());
    if (holdsFinishedModel(run.outFolder))
        return failure(code::Usage, run.outFolder + " holds a finished model; choose another --out or remove it", run.outFolder);
    run.seed = recipe->seed;
    run.checkpointMinutes = recipe->checkpointMinutes;
    run.averageDecay = recipe->averageDecay;
    run.keepsBest = recipe->keepsBest;
    run.startShare = recipe->startShare;
    run.recomputes = recipe->recomputes;
    run.adapters = recipe->adapters;
    run.processes = {options.rank, options.processes, options.meeting};
    run.device = options.common.device == "auto" ? recipe->device : options.common.device;
    run.precision = options.common.precision == "auto" ? recipe->precision : precisionNamed(options.common.precision);
    run.sources = std::move(recipe->sources);
    run.stages = std::move(recipe->stages);
    run.samples = std::move(recipe->samples);
    for (TrainingSample &sample : recipe->heldOut) {
        sample.isHeldOut = true;
        run.samples.push_back(std::move(sample));
    }
    run.threads = options.common.threads;
    run.loadPicture = loadTrainingPicture;

    for (const std::string &bad : recipe->badRecords) // before the first step
        context.err << "left out " << displayText(bad) << '\n';

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
                                {"left_out", recipe->badRecords}})
                    << std::endl;
    } else {
        std::array<char, 96> line{};
        std::snprintf(line.data(), line.size(), "%lld pictures seen in %.1f min; the model is in ",
                      static_cast<long long>(report->picturesSeen), report->minutes);
        context.out << line.data() << displayText(run.outFolder) << std::endl;
    }
    return report->skippedPictures.empty() && recipe->badRecords.empty() ? 0 : 3;
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

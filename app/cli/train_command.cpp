#include "app/cli/answer_output.h"
#include "app/cli/commands.h"
#include "app/cli/display_text.h"
#include "app/drawing/drawn_picture.h"
#include "app/imaging/line_chart.h"
#include "app/imaging/picture_decoder.h"
#include "app/imaging/picture_encoder.h"
#include "app/training/training_recipe.h"

#include <nlohmann/json.hpp>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <ostream>

namespace auroraedge::app {
namespace {

void printProgress(const TrainingProgress &progress, std::ostream &err)
{
    std::array<char, 160> line{};
    std::snprintf(line.data(), line.size(), "stage %d step %d/%d  loss %.4f  %.0f pictures/s  %.0f min left  ",
                  progress.stage + 1, progress.step, progress.steps, progress.loss, progress.picturesPerSecond,
                  progress.secondsLeft / 60);
    err << line.data() << displayText(progress.note) << std::endl;
}

/// `curves.png` beside the log, if there is one: how loss and rates went, over all steps of all stages.
Result<void> drawCurves(const std::filesystem::path &folder)
{
    std::ifstream log(folder / "log.jsonl");
    if (!log)
        return {};
    ChartPanel loss{"loss", {{"each logged step", {}}, {"smoothed", {}}}}, rates{"learning rate", {{"AdamW", {}}, {"Muon", {}}}};
    double smooth = 0;
    for (std::string line; std::getline(log, line);) {
        const nlohmann::json step = nlohmann::json::parse(line, nullptr, /*allow_exceptions=*/false);
        if (!step.is_object() || !step.value("loss", nlohmann::json()).is_number())
            continue;
        constexpr double kWeight = 0.1;
        const double value = step["loss"];
        smooth = loss.lines[0].values.empty() ? value : smooth + kWeight * (value - smooth);
        loss.lines[0].values.push_back(value);
        loss.lines[1].values.push_back(smooth);
        rates.lines[0].values.push_back(step.value("learning_rate", 0.0));
        rates.lines[1].values.push_back(step.value("muon_learning_rate", 0.0));
    }
    const std::array panels{loss, rates};
    const Result<std::vector<std::uint8_t>> png = encodePng(drawChart(panels));
    if (!png)
        return failure(png.error());
    std::ofstream file(folder / "curves.png", std::ios::binary);
    file.write(reinterpret_cast<const char *>(png->data()), static_cast<std::streamsize>(png->size()));
    if (!file.flush())
        return failure(code::FolderNotWritable, "cannot write to " + folder.string() + "; the curves were not drawn", folder.string());
    return {};
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
    run.seed = recipe->seed;
    run.checkpointMinutes = recipe->checkpointMinutes;
    run.averageDecay = recipe->averageDecay;
    run.keepsBest = recipe->keepsBest;
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
    TrainingListener listener;
    if (!options.common.quiet)
        listener = [&](const TrainingProgress &progress) { printProgress(progress, context.err); };
    const Result<TrainingReport> report = (*engine)->train(run, listener, context.stop);
    if (!report)
        return failure(report.error());
    if (const Result<void> drawn = drawCurves(run.outFolder); !drawn) // the model is whole without it
        context.err << drawn.error().code.text() << ": " << displayText(drawn.error().message) << '\n';
    for (const std::string &skipped : report->skippedPictures)
        context.err << "skipped " << displayText(skipped) << '\n';
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

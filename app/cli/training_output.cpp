#include "app/cli/training_output.h"

#include "app/cli/display_text.h"
#include "app/imaging/line_chart.h"
#include "app/imaging/picture_encoder.h"

#include <nlohmann/json.hpp>

#include <array>
#include <cstdio>
#include <fstream>
#include <ostream>

namespace auroraedge::app {

void printTrainingProgress(const TrainingProgress &progress, std::ostream &err)
{
    std::array<char, 160> line{};
    std::snprintf(line.data(), line.size(), "stage %d step %d/%d  loss %.4f  %.0f pictures/s  %.0f min left  ",
                  progress.stage + 1, progress.step, progress.steps, progress.loss, progress.picturesPerSecond,
                  progress.secondsLeft / 60);
    err << line.data() << displayText(progress.note) << std::endl;
}

Result<void> drawTrainingCurves(const std::filesystem::path &folder)
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

} // namespace auroraedge::app

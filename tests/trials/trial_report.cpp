#include "tests/trials/model_scores.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <fstream>
#include <stdexcept>

/// The table of a trial: what the model said of its pictures beside what the classical difference said.
///   trial_report TRIAL --scores FILE [--json FILE] [--aim-auroc A] [--aim-accuracy A] [--aim-class A]
/// FILE has a JSON line for every picture of score.lst, as `auroraedge ask --json` and `batch` write it.

namespace {

using namespace auroraedge::trials;
using Json = nlohmann::ordered_json;
namespace fs = std::filesystem;

struct Options
{
    std::string trial, scores, json;
    double aimAuroc = 0, aimAccuracy = 0, aimClass = 0; ///< 0: none
};

/// One line on the decisions that the model itself made of the test pictures; adds them to @p json.
std::string ownDecisions(const ModelScores &model, const std::vector<TrialRecord> &test, Json &json)
{
    std::vector<Decided> made;
    for (const TrialRecord &record : test) {
        if (const auto found = model.decisions.find(record.image); found != model.decisions.end())
            made.push_back({found->second, record.isBad()});
    }
    if (made.size() != test.size())
        return "the model's own thresholds: no verdict for " + std::to_string(test.size() - made.size()) + " test pictures\n";
    const Outcome outcome = outcomeOf(made);
    json["own_thresholds"] = jsonOf(outcome);
    char text[256];
    std::snprintf(text, sizeof text, "the model's own thresholds: good OK %.3f, good UNSURE %.3f, bad OK %.3f, OK precision %.3f, UNSURE %.3f\n",
                  outcome.goodOk, outcome.goodUnsure, outcome.badOk, outcome.okPrecision.value_or(0), outcome.unsure);
    return text;
}

/// "AUROC 0.953, aimed at 0.990: missed"
void printAim(const char *what, double reached, double aim)
{
    if (aim > 0)
        std::printf("%s %.3f, aimed at %.3f: %s\n", what, reached, aim, reached >= aim ? "reached" : "missed");
}

void run(const Options &options)
{
    const fs::path trial = options.trial;
    const std::vector<TrialRecord> train = readRecords(trial / "train.jsonl"), test = readRecords(trial / "test.jsonl");
    const ModelScores model = readModelScores(options.scores);
    if (model.byKind.empty())
        throw std::runtime_error(options.scores + " has no line with a score");
    std::vector<FigureRow> rows;
    for (const auto &[kind, scores] : model.byKind)
        rows.push_back(measured("model, " + kind, scores, test, train));
    const auto combined = std::find_if(rows.begin(), rows.end(), [](const FigureRow &row) { return row.name == "model, combined"; });
    const FigureRow deciding = combined == rows.end() ? rows.front() : *combined;
    const auto [classical, setting] = readClassicalScores(trial / "classical.jsonl");
    rows.push_back(measured(setting, classical, test, train));
    const ClassFigures classes = classFigures(model.classes, test);

    Json json{{"trial", trial.filename().string()}, {"pictures", test.size()}, {"refused", model.refused}, {"interval_by", clusterKind(test)}};
    for (const FigureRow &row : rows)
        json["rows"].push_back(jsonOf(row));
    std::printf("%s%zu test pictures, intervals by %s; %zu refused (of val and test)\n%s", tableOf(rows).c_str(), test.size(),
                clusterKind(test).c_str(), model.refused, ownDecisions(model, test, json).c_str());
    if (classes.pictures > 0 && classes.majority < 1) {
        json["which_defect"] = {{"pictures", classes.pictures}, {"told", classes.told}, {"accuracy", classes.accuracy},
                                {"majority", classes.majority}};
        std::printf("which defect: %.3f of %zu pictures with exactly one (a class told for %zu; the most frequent is %.3f)\n",
                    classes.accuracy, classes.pictures, classes.told, classes.majority);
    }
    printAim("AUROC", deciding.auroc, options.aimAuroc);
    printAim("accuracy", deciding.accuracy, options.aimAccuracy);
    printAim("which defect", classes.accuracy, options.aimClass);
    if (options.json.empty())
        return;
    std::ofstream out(options.json);
    if (!(out << json.dump(2) << '\n').flush())
        throw std::runtime_error("cannot write " + options.json);
}

} // namespace

int main(int count, char **arguments)
{
    Options options;
    CLI::App app("the table of a fine-tuning trial");
    app.add_option("trial", options.trial, "folder that prepare_trial and classical_difference wrote")->required();
    app.add_option("--scores", options.scores, "JSON lines of the model")->required();
    app.add_option("--json", options.json, "the same figures as a file");
    app.add_option("--aim-auroc", options.aimAuroc);
    app.add_option("--aim-accuracy", options.aimAccuracy);
    app.add_option("--aim-class", options.aimClass);
    CLI11_PARSE(app, count, arguments);
    try {
        run(options);
    } catch (const std::exception &problem) {
        std::fprintf(stderr, "%s\n", problem.what());
        return 1;
    }
    return 0;
}

#include "app/cli/answer_output.h"
#include "app/cli/commands.h"
#include "app/cli/display_text.h"
#include "app/cli/questioner.h"
#include "app/training/evaluation.h"
#include "app/training/training_recipe.h"

#include <nlohmann/json.hpp>

#include <array>
#include <cstdio>
#include <iomanip>
#include <map>
#include <optional>
#include <ostream>

namespace auroraedge::app {
namespace {

/// At most @p limit of each source, spread over all of them.
std::vector<TrainingSample> thinned(std::vector<TrainingSample> samples, std::int64_t limit)
{
    std::map<std::string, std::int64_t> sizes, seen;
    for (const TrainingSample &sample : samples)
        ++sizes[sample.source];
    std::erase_if(samples, [&](const TrainingSample &sample) {
        const std::int64_t size = sizes[sample.source], index = seen[sample.source]++;
        return size > limit && index * limit / size == (index + 1) * limit / size;
    });
    return samples;
}

std::string percentOf(double share)
{
    std::array<char, 16> text{};
    std::snprintf(text.data(), text.size(), "%.1f", 100 * share);
    return text.data();
}

nlohmann::ordered_json groupsJson(const FamilyScore &score)
{
    nlohmann::ordered_json groups;
    for (const auto &[group, hits] : score.groups)
        groups[group] = {{"right", hits.first}, {"count", hits.second}};
    return groups;
}

/// How much the probabilities are worth, over all answers.
void printTrust(const Evaluation &evaluation, bool asJson, std::ostream &out)
{
    const double error = expectedCalibrationError(evaluation.answers);
    const std::optional<double> auroc = rightnessAuroc(evaluation.answers);
    const std::optional<double> answerable = answerableAuroc(evaluation.answers);
    const std::vector<RiskPoint> curve = riskCoverage(evaluation.answers);
    if (asJson) {
        nlohmann::ordered_json points = nlohmann::ordered_json::array();
        for (const RiskPoint &point : curve)
            points.push_back({{"coverage", point.coverage}, {"risk", point.risk}});
        out << oneLine({{"answers", evaluation.answers.size()},
                        {"calibration_error", error},
                        {"auroc", auroc ? nlohmann::ordered_json(*auroc) : nlohmann::ordered_json()},
                        {"answerable_auroc", answerable ? nlohmann::ordered_json(*answerable) : nlohmann::ordered_json()},
                        {"risk_coverage", points}})
            << std::endl;
        return;
    }
    std::array<char, 128> line{};
    std::snprintf(line.data(), line.size(), "calibration error %.3f", error);
    out << line.data();
    if (auroc) {
        std::snprintf(line.data(), line.size(), ", AUROC of being right %.3f", *auroc);
        out << line.data();
    }
    if (answerable) {
        std::snprintf(line.data(), line.size(), ", of having an answer %.3f", *answerable);
        out << line.data();
    }
    out << "\nwrong among the surest:";
    for (const RiskPoint &point : curve) {
        std::snprintf(line.data(), line.size(), "  %.0f %%: %.1f", 100 * point.coverage, 100 * point.risk);
        out << line.data();
    }
    out << std::endl;
}

void printScore(const std::string &family, const FamilyScore &score, bool asJson, std::ostream &out)
{
    const Interval interval = score.interval();
    if (asJson) {
        out << oneLine({{"family", family},
                        {"count", score.count},
                        {"right", score.right},
                        {"accuracy", score.accuracy()},
                        {"low", interval.low},
                        {"high", interval.high},
                        {"majority", score.majorityShare()},
                        {"blank", score.blankAccuracy()},
                        {"passes_gate", score.passesGate()},
                        {"groups", groupsJson(score)}})
            << std::endl;
        return;
    }
    std::array<char, 96> figures{};
    std::snprintf(figures.data(), figures.size(), " %5d %6s  [%s, %s]  %6s %6s  %s", score.count,
                  percentOf(score.accuracy()).c_str(), percentOf(interval.low).c_str(),
                  percentOf(interval.high).c_str(), percentOf(score.majorityShare()).c_str(),
                  percentOf(score.blankAccuracy()).c_str(), score.passesGate() ? "yes" : "no");
    out << std::left << std::setw(16) << displayText(family) << figures.data() << std::endl;
}

} // namespace

Result<int> runEvaluate(const EvaluateOptions &options, const CliContext &context)
{
    Result<TrainingRecipe> recipe = readTrainingRecipe(options.data);
    if (!recipe)
        return failure(recipe.error());
    std::vector<TrainingSample> samples = std::move(recipe->heldOut);
    if (options.limit > 0)
        samples = thinned(std::move(samples), options.limit);
    if (samples.empty())
        return failure(code::RecipeValue, options.data + " holds no pictures to measure with (split \"val\")",
                       options.data);
    const Result<std::unique_ptr<Inspector>> inspector
        = loadInspector(options.common, DataFolder::resolve(options.common.dataDir), context);
    if (!inspector)
        return failure(inspector.error());

    const auto onPicture = [&](int done) {
        if (!options.common.quiet && done % 100 == 0)
            context.err << done << " of " << samples.size() << " pictures\n";
    };
    const Result<Evaluation> evaluation
        = evaluate(**inspector, samples, loadTrainingPicture, onPicture, context.stop,
                   {metricNamed(options.metric).value_or(Metric::Exact), options.isBlind});
    if (!evaluation)
        return failure(evaluation.error());
    if (!options.common.json)
        context.out << "family           count  right  [95 % interval]  majority blank  gate\n";
    for (const auto &[family, score] : evaluation->families)
        printScore(family, score, options.common.json, context.out);
    printTrust(*evaluation, options.common.json, context.out);
    for (const std::string &skipped : evaluation->skippedPictures)
        context.err << "skipped " << displayText(skipped) << '\n';
    return evaluation->skippedPictures.empty() ? 0 : 3;
}

} // namespace auroraedge::app

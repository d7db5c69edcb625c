#include "app/cli/answer_output.h"
#include "app/cli/commands.h"
#include "app/cli/display_text.h"
#include "app/cli/evaluate_data.h"
#include "app/cli/evaluate_product.h"
#include "app/cli/questioner.h"
#include "app/training/conversations.h"
#include "app/training/evaluation.h"
#include "app/training/training_recipe.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cstdio>
#include <iomanip>
#include <iterator>
#include <map>
#include <optional>
#include <ostream>

namespace auroraedge::app {
namespace {

/// Pictures with questions and right answers.
struct Questions
{
    std::vector<TrainingSample> samples;
    std::vector<std::string> badRecords; ///< left out
};

/// The part of a recipe's sources that is held out.
Result<Questions> questionsOfRecipe(const EvaluateOptions &options)
{
    Result<TrainingRecipe> recipe = readTrainingRecipe(options.data);
    if (!recipe)
        return failure(recipe.error());
    if (recipe->heldOut.empty())
        return failure(code::RecipeValue, options.data + " holds no pictures to measure with (split \"val\")", options.data);
    return Questions{std::move(recipe->heldOut), std::move(recipe->badRecords)};
}

/// All of them, whatever their split: they are given to be measured with.
Result<Questions> questionsOfConversations(const EvaluateOptions &options)
{
    const std::filesystem::path file = options.data;
    const std::filesystem::path pictures = options.pictures.empty() ? file.parent_path() : std::filesystem::path(options.pictures);
    Result<Conversations> read = readConversations(file, pictures, file.stem().string());
    if (!read)
        return failure(read.error());
    for (std::vector<TrainingSample> *part : {&read->heldOut, &read->forLater})
        std::ranges::move(*part, std::back_inserter(read->samples));
    return Questions{std::move(read->samples), std::move(read->badRecords)};
}

/// An option that would do nothing is not taken silently.
Result<void> checkOptions(const EvaluateOptions &options, EvaluationData data)
{
    if (!options.pictures.empty() && data != EvaluationData::Conversations)
        return failure(code::Usage, "--pictures is of no use: " + options.data + " does not hold conversations", options.data);
    if (!options.golden.empty() && data != EvaluationData::Reviewed)
        return failure(code::Usage, "--golden is of no use: " + options.data + " does not hold reviewed records", options.data);
    if (data == EvaluationData::Reviewed && (options.isBlind || metricNamed(options.metric) != Metric::Exact))
        return failure(code::Usage, "--blind and --metric are of no use: " + options.data + " holds reviewed records, which ask nothing",
                       options.data);
    return {};
}

std::string percentOf(double share)
{
    std::array<char, 16> text{};
    std::snprintf(text.data(), text.size(), "%.1f", 100 * share);
    return text.data();
}

nlohmann::ordered_json scoreJson(const AnswerScore &score)
{
    const Interval interval = score.interval();
    return {{"count", score.count},
            {"right", score.right},
            {"accuracy", score.accuracy()},
            {"low", interval.low},
            {"high", interval.high},
            {"majority", score.majorityShare()},
            {"blank", score.blankAccuracy()}};
}

constexpr char kIndent[] = "  "; ///< of a group under its family

/// Columns for the names of families and of the groups that are told.
int nameWidth(const Evaluation &evaluation)
{
    constexpr std::size_t kLeast = 16, kMost = 40;
    std::size_t widest = kLeast;
    for (const auto &[family, score] : evaluation.families) {
        widest = std::max(widest, displayText(family).size());
        for (const auto &[group, part] : score.hasGroups() ? score.groups : std::map<std::string, AnswerScore>())
            widest = std::max(widest, displayText(kIndent + group).size());
    }
    return static_cast<int>(std::min(widest, kMost));
}

void printRow(const std::string &name, int width, const AnswerScore &score, const char *gate, std::ostream &out)
{
    const Interval interval = score.interval();
    std::array<char, 96> figures{};
    std::snprintf(figures.data(), figures.size(), " %5d %6s  [%s, %s]  %6s %6s%s", score.count, percentOf(score.accuracy()).c_str(),
                  percentOf(interval.low).c_str(), percentOf(interval.high).c_str(), percentOf(score.majorityShare()).c_str(),
                  percentOf(score.blankAccuracy()).c_str(), gate);
    out << std::left << std::setw(width) << displayText(name) << figures.data() << std::endl;
}

void printTable(const Evaluation &evaluation, std::ostream &out)
{
    const int width = nameWidth(evaluation);
    out << std::left << std::setw(width) << "family" << " count  right  [95 % interval]  majority blank  gate\n";
    for (const auto &[family, score] : evaluation.families) {
        printRow(family, width, score, score.passesGate() ? "  yes" : "  no", out);
        if (!score.hasGroups())
            continue;
        for (const auto &[group, part] : score.groups)
            printRow(kIndent + group, width, part, "", out);
    }
}

void printLines(const Evaluation &evaluation, std::ostream &out)
{
    for (const auto &[family, score] : evaluation.families) {
        nlohmann::ordered_json object{{"family", family}}, groups;
        object.update(scoreJson(score));
        object["passes_gate"] = score.passesGate();
        for (const auto &[group, part] : score.groups)
            groups[group] = scoreJson(part);
        object["groups"] = groups;
        out << oneLine(object) << std::endl;
    }
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

} // namespace

Result<int> runEvaluate(const EvaluateOptions &options, const CliContext &context)
{
    const Result<EvaluationData> data = evaluationDataIn(options.data);
    if (!data)
        return failure(data.error());
    if (const Result<void> checked = checkOptions(options, *data); !checked)
        return failure(checked.error());
    if (*data == EvaluationData::Reviewed)
        return evaluateProduct(options, context);
    Result<Questions> questions = *data == EvaluationData::Recipe ? questionsOfRecipe(options) : questionsOfConversations(options);
    if (!questions)
        return failure(questions.error());
    std::vector<TrainingSample> &samples = questions->samples;
    thinOut(samples, options.limit, [](const TrainingSample &sample) { return sample.source; });
    for (const std::string &bad : questions->badRecords)
        context.err << "left out " << displayText(bad) << '\n';
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
    (options.common.json ? printLines : printTable)(*evaluation, context.out);
    printTrust(*evaluation, options.common.json, context.out);
    for (const std::string &skipped : evaluation->skippedPictures)
        context.err << "skipped " << displayText(skipped) << '\n';
    return evaluation->skippedPictures.empty() && questions->badRecords.empty() ? 0 : 3;
}

} // namespace auroraedge::app

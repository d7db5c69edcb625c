#include "app/cli/answer_output.h"
#include "app/cli/commands.h"
#include "app/cli/display_text.h"
#include "app/export/answer_export.h"
#include "app/export/training_set.h"
#include "app/export/utc_text.h"
#include "app/settings/data_folder.h"
#include "app/storage/answer_query.h"
#include "app/storage/answer_store.h"

#include <nlohmann/json.hpp>

#include <ostream>
#include <utility>

namespace auroraedge::app {
namespace fs = std::filesystem;
namespace {

/// "csv", "jsonl" or "training". @return CLI-01.
Result<std::string> formatOf(const DbExportOptions &options)
{
    if (!options.format.empty())
        return options.format;
    const std::string extension = fs::path(options.out).extension().string();
    if (extension == ".csv" || extension == ".jsonl")
        return extension.substr(1);
    return failure(code::Usage, "--out " + options.out + " ends neither in .csv nor in .jsonl; a folder needs --format training", options.out);
}

Result<std::optional<std::int64_t>> timeOf(const char *option, const std::string &text, bool isEnd)
{
    if (text.empty())
        return std::optional<std::int64_t>();
    const std::optional<std::int64_t> time = utcMsOf(text, isEnd);
    if (!time)
        return failure(code::Usage, std::string(option) + ": '" + text + "' is no time as 2026-11-26 or 2026-11-26T14:30", text);
    return time;
}

Result<AnswerFilter> filterOf(const DbExportOptions &options)
{
    AnswerFilter filter;
    const Result<std::optional<std::int64_t>> from = timeOf("--from", options.from, false);
    if (!from)
        return failure(from.error());
    const Result<std::optional<std::int64_t>> until = timeOf("--until", options.until, true);
    if (!until)
        return failure(until.error());
    filter.fromUtcMs = *from;
    filter.untilUtcMs = *until;
    for (const std::string &name : options.verdicts)
        filter.verdicts.push_back(verdictFromName(name).value_or(Verdict::Unsure));
    filter.question = options.question;
    filter.model = options.common.model;
    filter.source = options.source;
    filter.reviewer = options.reviewer;
    filter.defectClass = options.defectClass;
    filter.unreviewedOnly = options.unreviewedOnly;
    filter.reviewedOnly = options.reviewedOnly;
    filter.disagreeOnly = options.disagreeOnly;
    filter.failedOnly = options.failedOnly;
    filter.latencyAboveMs = options.slowerThanMs;
    filter.text = options.text;
    return filter;
}

/// The filter as it was given, for the manifest.
std::string filterText(const DbExportOptions &options)
{
    std::string text;
    const auto add = [&text](const std::string &part) { text += (text.empty() ? "" : " ") + part; };
    for (const auto &[name, value] : {std::pair<std::string, const std::string &>("--from", options.from),
                                      {"--until", options.until},
                                      {"--question", options.question},
                                      {"--model", options.common.model},
                                      {"--source", options.source},
                                      {"--reviewer", options.reviewer},
                                      {"--class", options.defectClass},
                                      {"--text", options.text}}) {
        if (!value.empty())
            add(name + " '" + value + "'");
    }
    for (const std::string &verdict : options.verdicts)
        add("--verdict " + verdict);
    add("--reviewed-only"); // a training set is never of others
    if (options.disagreeOnly)
        add("--disagree-only");
    if (options.slowerThanMs)
        add("--slower-than " + nlohmann::json(*options.slowerThanMs).dump());
    return text;
}

Result<void> exportTrainingSet(const AnswerPages &pages, const fs::path &place, const DbExportOptions &options, const CliContext &context,
                               const ExportProgress &progress)
{
    TrainingSetOptions set;
    set.place = place.has_filename() ? place : place.parent_path();
    set.replaces = options.overwrite;
    set.licence = options.licence;
    set.filter = filterText(options);
    set.seed = options.seed;
    const Result<TrainingSetReport> report
        = writeTrainingSet(pages, DataFolder::resolve(options.common.dataDir).root(), set, progress, context.stop);
    if (!report)
        return failure(report.error());
    if (options.common.json) {
        context.out << oneLine({{"folder", options.out},
                                {"good", report->good},
                                {"bad", report->bad},
                                {"measuring", report->measuring},
                                {"groups", report->groups},
                                {"conversations", report->conversations},
                                {"left_out", report->leftOut}})
                    << std::endl;
        return {};
    }
    for (const auto &[reason, rows] : report->leftOut)
        context.err << "left out " << rows << " rows: " << reason << '\n';
    if (!options.common.quiet)
        context.err << report->good << " good and " << report->bad << " bad pictures of " << report->groups << " sessions, "
                    << report->measuring << " of them to measure with; " << displayText(options.out) << '\n';
    return {};
}

} // namespace

Result<int> runDbExport(const DbExportOptions &options, const CliContext &context)
{
    const Result<std::string> format = formatOf(options);
    if (!format)
        return failure(format.error());
    Result<AnswerFilter> filter = filterOf(options);
    if (!filter)
        return failure(filter.error());
    const bool isTraining = *format == "training";
    if (isTraining && options.unreviewedOnly)
        return failure(code::Usage, "--unreviewed-only is of no use: a training set is made of reviewed answers alone");
    filter->reviewedOnly = filter->reviewedOnly || isTraining;
    const Result<std::unique_ptr<AnswerReader>> reader = AnswerReader::open(DataFolder::resolve(options.common.dataDir).root());
    if (!reader)
        return failure(reader.error());
    const Result<std::int64_t> all = countMatching((*reader)->database(), *filter, context.stop);
    if (!all)
        return failure(all.error());
    const ExportProgress progress = [&, told = std::int64_t{0}](std::int64_t rows) mutable {
        constexpr std::int64_t kStep = 10'000;
        if (options.common.quiet || rows / kStep == told / kStep)
            return;
        told = rows;
        context.err << rows << " of " << *all << " rows" << std::endl;
    };

    std::error_code problem;
    const fs::path place = fs::absolute(options.out, problem).lexically_normal();
    const AnswerPages pages = pagesOf(**reader, *filter, context.stop);
    if (isTraining) {
        const Result<void> done = exportTrainingSet(pages, place, options, context, progress);
        return done ? Result<int>(0) : failure(done.error());
    }
    const Result<std::int64_t> rows
        = exportAnswers(pages, *format == "csv" ? ExportFormat::Csv : ExportFormat::Jsonl, place, options.overwrite, progress, context.stop);
    if (!rows)
        return failure(rows.error());
    if (options.common.json)
        context.out << oneLine({{"file", options.out}, {"rows", *rows}}) << std::endl;
    else if (!options.common.quiet)
        context.err << *rows << " rows; " << displayText(options.out) << '\n';
    return 0;
}

} // namespace auroraedge::app

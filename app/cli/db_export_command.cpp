#include "app/batch/batch_output.h"
#include "app/cli/answer_output.h"
#include "app/cli/commands.h"
#include "app/cli/db_filter.h"
#include "app/cli/display_text.h"
#include "app/export/answer_export.h"
#include "app/export/training_set.h"
#include "app/settings/data_folder.h"
#include "app/storage/answer_query.h"
#include "app/storage/answer_store.h"
#include "app/storage/store_backup.h"

#include <nlohmann/json.hpp>

#include <ostream>

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

Result<void> exportTrainingSet(const AnswerPages &pages, const fs::path &place, const DbExportOptions &options, const CliContext &context,
                               const ExportProgress &progress)
{
    TrainingSetOptions set;
    set.place = place.has_filename() ? place : place.parent_path();
    set.replaces = options.overwrite;
    set.licence = options.licence;
    DbFilterOptions meant = options.filter;
    meant.reviewedOnly = true; // a training set is never of others
    set.filter = filterText(meant);
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
    Result<AnswerFilter> filter = filterOf(options.filter);
    if (!filter)
        return failure(filter.error());
    const bool isTraining = *format == "training";
    if (isTraining && options.filter.unreviewedOnly)
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
    if (const Result<void> isPlace = checkIsFilePlace(place); !isPlace)
        return failure(isPlace.error());
    if (isOfStore(DataFolder::resolve(options.common.dataDir).root(), place))
        return failure(code::Usage, "--out " + options.out + " is the database itself, or a part of it; choose another", options.out);
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
        context.err << counted(*rows, "row") << "; " << displayText(options.out) << '\n';
    return 0;
}

} // namespace auroraedge::app

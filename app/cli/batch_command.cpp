#include "app/cli/answer_output.h"
#include "app/cli/batch_inputs.h"
#include "app/cli/commands.h"
#include "app/cli/display_text.h"
#include "app/cli/questioner.h"
#include "app/settings/out_file.h"

#include <nlohmann/json.hpp>

#include <ostream>
#include <utility>

namespace auroraedge::app {
namespace fs = std::filesystem;
namespace {

/// Errors of one picture; every other one is the run's.
bool isOfOneItem(ErrorCode errorCode)
{
    return errorCode.family() == "IMG" || errorCode == code::AnswerNotFinite
        || (errorCode.family() == "FS" && exitCodeOf(errorCode) == 4);
}

} // namespace

Result<int> runBatch(const BatchOptions &options, const CliContext &context)
{
    std::error_code problem;
    const fs::path place = fs::absolute(options.out, problem).lexically_normal();
    const bool isCsv = place.extension() == ".csv";
    if (!isCsv && place.extension() != ".jsonl")
        return failure(code::Usage, "--out " + options.out + " ends neither in .jsonl nor in .csv", options.out);

    Result<BatchInputs> collected = collectBatchInputs(options.paths, options.recursive, context.stop);
    if (!collected)
        return failure(collected.error());
    std::vector<BatchInput> &inputs = collected->inputs;
    if (options.limit > 0 && std::cmp_less(options.limit, inputs.size()))
        inputs.resize(static_cast<std::size_t>(options.limit));
    if (inputs.empty())
        return failure(code::FileNotFound, "there are no pictures in " + options.paths.front(),
                       options.paths.front());
    if (!options.common.quiet && collected->skippedFiles > 0)
        context.err << collected->skippedFiles << " files are not pictures and were passed over\n";
    if (options.dryRun) {
        for (const BatchInput &input : inputs)
            context.out << displayText(input.path) << '\n';
        return 0;
    }

    const Result<std::unique_ptr<OutFile>> out = OutFile::create(place);
    if (!out)
        return failure(out.error());
    const Result<std::unique_ptr<Questioner>> questioner = Questioner::open(options.common, "batch", context);
    if (!questioner)
        return failure(questioner.error());
    if (isCsv) {
        if (const Result<void> written = (*out)->write(batchCsvHeading(options.withLatency)); !written)
            return failure(written.error());
    }

    std::size_t failed = 0, done = 0;
    for (const BatchInput &input : inputs) {
        if (context.stop.stop_requested())
            return failure(code::Cancelled, "stopped after " + std::to_string(done) + " of "
                               + std::to_string(inputs.size()) + " pictures; " + options.out + " was not written");
        Result<AskedPicture> picture = input.refused ? Result<AskedPicture>(failure(*input.refused))
                                                     : readPicture(input.path, options.asking.roi);
        Result<AnswerRecord> record = picture
            ? (*questioner)->ask(*picture, options.question, options.asking, nullptr, context)
            : Result<AnswerRecord>(failure(picture.error()));
        if (!record) {
            // A part that does not fit a smaller picture is that picture's fault here, not the command line's.
            const Error error = record.error();
            if (!isOfOneItem(error.code) && !(error.code == code::Usage && !picture))
                return failure(error);
            ++failed;
            if (!options.common.quiet)
                context.err << error.code.text() << ": " << displayText(input.path) << ": "
                            << displayText(error.message) << '\n';
            record = (*questioner)->recordFailure(input.path, picture ? &*picture : nullptr, options.question, error);
            if (!record)
                return failure(record.error());
        }
        const std::string line = isCsv
            ? batchCsvLine(*record, input.path, options.withLatency)
            : oneLine(batchLineJson(*record, input.path, options.withLatency)) + "\n";
        if (const Result<void> written = (*out)->write(line); !written)
            return failure(written.error());
        if (options.common.json)
            context.out << oneLine(record->answer ? answerJson(*record, input.path)
                                                  : batchLineJson(*record, input.path, false))
                        << std::endl;
        ++done;
        if (!options.common.quiet && done % 50 == 0)
            context.err << done << " of " << inputs.size() << '\n';
    }
    if (const Result<void> published = (*out)->publish(); !published)
        return failure(published.error());
    if (!options.common.quiet)
        context.err << done << " pictures, " << failed << " failed; " << displayText(options.out) << '\n';
    return failed > 0 ? 3 : 0;
}

} // namespace auroraedge::app

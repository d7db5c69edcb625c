#include "app/cli/answer_output.h"
#include "app/cli/batch_inputs.h"
#include "app/cli/commands.h"
#include "app/cli/display_text.h"
#include "app/cli/questioner.h"
#include "app/settings/instance_lock.h"
#include "app/settings/sha256.h"

#include <nlohmann/json.hpp>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <ostream>
#include <unistd.h>
#include <utility>

namespace auroraedge::app {
namespace fs = std::filesystem;
namespace {

/// The result file: written beside its place and moved there when it is whole.
class OutFile final
{
public:
    static Result<std::unique_ptr<OutFile>> create(const fs::path &place)
    {
        std::unique_ptr<OutFile> file(new OutFile(place));
        std::error_code ignored;
        if (fs::is_directory(place, ignored)) // told now, not by the rename after hours of asking
            return file->problem(EISDIR);
        // What a killed run left is ours by the lock; whatever else lies there (a link, a FIFO) is not written through.
        unlink(file->m_unfinished.c_str());
        file->m_descriptor = open(file->m_unfinished.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
        if (file->m_descriptor < 0)
            return file->problem(errno);
        return file;
    }
    OutFile(const OutFile &) = delete;
    OutFile &operator=(const OutFile &) = delete;
    ~OutFile()
    {
        if (m_descriptor < 0)
            return;
        close(m_descriptor);
        unlink(m_unfinished.c_str());
    }

    Result<void> write(const std::string &text)
    {
        std::size_t written = 0;
        while (written < text.size()) {
            const ssize_t count = ::write(m_descriptor, text.data() + written, text.size() - written);
            if (count < 0 && errno == EINTR)
                continue;
            if (count < 0)
                return problem(errno);
            written += static_cast<std::size_t>(count);
        }
        return {};
    }
    Result<void> publish()
    {
        if (fsync(m_descriptor) != 0 || close(std::exchange(m_descriptor, -1)) != 0) {
            const int reason = errno;
            unlink(m_unfinished.c_str());
            return problem(reason);
        }
        if (rename(m_unfinished.c_str(), m_place.c_str()) != 0) {
            const int reason = errno;
            unlink(m_unfinished.c_str());
            return problem(reason);
        }
        const int folder = open(m_place.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        const bool isFlushed = folder >= 0 && fsync(folder) == 0;
        const int reason = errno;
        if (folder >= 0)
            close(folder);
        if (!isFlushed)
            return problem(reason);
        return {};
    }

private:
    explicit OutFile(const fs::path &place) : m_place(place), m_unfinished(place.string() + ".part") {}

    [[nodiscard]] Failure problem(int reason) const
    {
        if (reason == ENOSPC || reason == EDQUOT)
            return failure(code::DiskFull, "disk full: result could not be stored", m_place.string());
        if (reason == EIO)
            return failure(code::DiskFault, "storage error while saving; call maintenance", m_place.string());
        return failure(code::FolderNotWritable,
                       "cannot write to " + m_place.parent_path().string() + " (" + std::strerror(reason)
                           + "); choose another",
                       m_place.string());
    }

    fs::path m_place, m_unfinished;
    int m_descriptor = -1;
};

/// Two batches that write the same file would mix their lines. The lock lies among the run-time files, so that
/// nothing is left beside the results.
Result<InstanceLock> lockFor(const fs::path &place)
{
    const std::string name = place.string();
    const std::string hash
        = sha256Hex({reinterpret_cast<const std::uint8_t *>(name.data()), name.size()}).substr(0, 16);
    const char *runtime = std::getenv("XDG_RUNTIME_DIR");
    std::error_code problem;
    const fs::path folder = runtime && fs::is_directory(runtime, problem) ? fs::path(runtime)
                                                                          : fs::temp_directory_path(problem);
    return InstanceLock::acquire(folder / ("auroraedge-" + std::to_string(getuid()) + "-" + hash + ".lock"));
}

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

    const Result<InstanceLock> lock = lockFor(place);
    if (!lock)
        return failure(lock.error());
    const Result<std::unique_ptr<OutFile>> out = OutFile::create(place);
    if (!out)
        return failure(out.error());
    const Result<std::unique_ptr<Questioner>> questioner = Questioner::open(options.common, context);
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

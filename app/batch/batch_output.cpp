#include "app/batch/batch_output.h"

#include "app/export/answer_lines.h"
#include "app/export/csv.h"
#include "app/settings/out_file.h"

#include <nlohmann/json.hpp>
#include <sys/stat.h>

#include <cerrno>
#include <fstream>
#include <system_error>
#include <utility>

namespace auroraedge::app {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kLongestLine = std::size_t{16} << 20;

/// The start of a file to the end of its first line; cut where no answer is that long.
std::string firstLineOf(std::istream &file)
{
    std::string line;
    for (char character = 0; line.size() < kLongestLine && !line.ends_with('\n') && file.get(character);)
        line += character;
    return line;
}

/// A line of batchLineJson(), not one of an export, which says its row.
bool isAnswerLine(const std::string &line)
{
    const nlohmann::json object = nlohmann::json::parse(line, nullptr, /*allow_exceptions=*/false);
    return object.is_object() && object.contains("image") && object["image"].is_object() && object["image"].contains("path") && object.contains("question")
        && object.contains("error") != object.contains("answer") && !object.contains("row");
}

} // namespace

Result<void> checkIsFilePlace(const fs::path &out)
{
    struct stat facts{};
    if (stat(out.c_str(), &facts) != 0 || S_ISREG(facts.st_mode) || S_ISDIR(facts.st_mode))
        return {};
    return failure(code::Usage, "--out " + out.string() + " is not a regular file; choose another name", out.string());
}

bool mayBeReplaced(const fs::path &out)
{
    std::error_code problem;
    if (!fs::is_regular_file(out, problem) || fs::exists(fs::path(out) += ".journal", problem))
        return true;
    std::ifstream file(out, std::ios::binary);
    if (!file)
        return false;
    const std::string line = firstLineOf(file);
    return line.empty() || (out.extension() == ".csv" ? line == batchCsvHeading(false) || line == batchCsvHeading(true) : isAnswerLine(line));
}

FailedList::FailedList(fs::path place, std::unique_ptr<OutFile> file) : m_place(std::move(place)), m_file(std::move(file)) {}

FailedList::~FailedList() = default;

fs::path FailedList::placeFor(const fs::path &out)
{
    return fs::path(out) += ".failed.csv";
}

Result<std::unique_ptr<FailedList>> FailedList::create(const fs::path &out)
{
    fs::path place = placeFor(out);
    Result<std::unique_ptr<OutFile>> file = OutFile::create(place);
    if (!file)
        return failure(file.error());
    std::unique_ptr<FailedList> list(new FailedList(std::move(place), *std::move(file)));
    const Result<void> written = list->m_file->write("path,question,code,reason\r\n");
    return written ? Result<std::unique_ptr<FailedList>>(std::move(list)) : failure(written.error());
}

Result<void> FailedList::add(const std::string &path, const std::string &question, const std::string &code, const std::string &message)
{
    if (std::string line = path + '\0' + code + '\0' + message; std::exchange(m_last, line) == line)
        return {};
    return m_file->write(csvField(path) + ',' + csvField(question) + ',' + csvField(code) + ',' + csvField(message) + "\r\n");
}

Result<void> FailedList::publish()
{
    if (!m_last.empty())
        return m_file->publish();
    m_file.reset();
    std::error_code problem;
    fs::remove(m_place, problem); // of an earlier run; that it cannot be removed is no fault of this one
    return {};
}

Result<void> writeBatchOutput(const BatchJournal &journal, const fs::path &out, bool withLatency)
{
    const bool isCsv = out.extension() == ".csv";
    const Result<std::unique_ptr<OutFile>> file = OutFile::create(out);
    if (!file)
        return failure(file.error());
    const Result<std::unique_ptr<FailedList>> failed = FailedList::create(out);
    if (!failed)
        return failure(failed.error());
    std::string lines = isCsv ? batchCsvHeading(withLatency) : ""; // collected, so that the disk sees few large writes
    constexpr std::size_t kAtOnce = std::size_t{1} << 20;
    const Result<void> read = journal.forEach([&](const JournalEntry &entry) -> Result<void> {
        const Result<AnswerRecord> record = answerRecordOf(entry.record);
        if (!record)
            return failure(record.error());
        lines += isCsv ? batchCsvLine(*record, entry.file.path, withLatency) : oneLine(batchLineJson(*record, entry.file.path, withLatency)) + "\n";
        if (!entry.code.empty()) {
            if (Result<void> added = (*failed)->add(entry.file.path, record->question, record->code, record->message); !added)
                return added;
        }
        if (lines.size() < kAtOnce)
            return {};
        Result<void> written = (*file)->write(lines);
        lines.clear();
        return written;
    });
    if (!read)
        return read;
    if (const Result<void> written = (*file)->write(lines); !written)
        return written;
    if (const Result<void> published = (*file)->publish(); !published)
        return published;
    return (*failed)->publish();
}

} // namespace auroraedge::app

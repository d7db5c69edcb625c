#include "app/batch/batch_output.h"
#include "app/batch/folder_rules.h"
#include "app/cli/commands.h"
#include "app/cli/display_text.h"
#include "app/export/answer_lines.h"
#include "app/export/csv.h"
#include "app/settings/file_descriptor.h"
#include "app/settings/out_file.h"
#include "app/settings/sha256.h"

#include <nlohmann/json.hpp>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <map>
#include <ostream>
#include <queue>

namespace auroraedge::app {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kBytesAtOnce = std::size_t{64} << 10; ///< of each part
constexpr std::size_t kLongestLine = std::size_t{16} << 20;

/// One answer as it stands in a part.
struct PartLine
{
    std::string bytes; ///< with its end
    std::int64_t number = 0;
    std::string path; ///< bytes
    std::string question;
    std::string code, message; ///< of a failure
};

/// Fills what a line of batchLineJson() says. @return false for another text, such as one with a byte order mark or Windows' line end.
bool readJson(PartLine &line)
try {
    if (!line.bytes.starts_with('{') || !line.bytes.ends_with("}\n"))
        return false;
    const nlohmann::json object = nlohmann::json::parse(line.bytes), &image = object.at("image");
    line.path = image.at("path");
    if (image.contains("path_bytes")) {
        const std::optional<std::string> path = bytesOfHex(image.at("path_bytes").get<std::string>());
        if (!path)
            return false;
        line.path = *path;
    }
    line.question = object.at("question");
    if (object.contains("error")) {
        line.code = object.at("error").at("code");
        line.message = object.at("error").at("message");
    }
    return !line.path.empty() && object.contains("error") != object.contains("answer");
} catch (const nlohmann::json::exception &) {
    return false;
}

/// The same of batchCsvLine().
bool readCsv(PartLine &line, const std::vector<std::string> &columns)
{
    if (!line.bytes.ends_with("\r\n"))
        return false;
    std::optional<std::vector<std::string>> texts = csvTexts(std::string_view(line.bytes).substr(0, line.bytes.size() - 2));
    if (!texts || texts->size() != columns.size())
        return false;
    const auto text = [&](const char *name) { return std::move((*texts)[static_cast<std::size_t>(std::ranges::find(columns, name) - columns.begin())]); };
    line.path = text("path");
    line.question = text("question");
    line.code = text("error_code");
    line.message = text("error_message");
    return !line.path.empty();
}

/// An output of `batch`, read line by line.
class Part final
{
public:
    /// Stands at its first line. @return FS-01, FS-02, FS-03, FS-05, FS-11, FS-12, CLI-01.
    static Result<std::unique_ptr<Part>> open(const std::string &name, bool isCsv)
    {
        struct stat facts{};
        if (stat(name.c_str(), &facts) != 0)
            return failure(unreachable(name, errno));
        if (!S_ISREG(facts.st_mode)) // nor is a FIFO opened, which might never end
            return failure(code::FileNotRegular, name + " is not a regular file", name);
        const int descriptor = ::open(name.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
        if (descriptor < 0)
            return failure(unreachable(name, errno));
        std::unique_ptr<Part> part(new Part(name, descriptor));
        if (isCsv) {
            if (const Result<void> read = part->readHeading(); !read)
                return failure(read.error());
        }
        const Result<void> begun = part->advance();
        return begun ? Result<std::unique_ptr<Part>>(std::move(part)) : failure(begun.error());
    }

    [[nodiscard]] const std::string &name() const { return m_name; }
    /// Of a CSV file, with its end.
    [[nodiscard]] const std::string &heading() const { return m_heading; }
    [[nodiscard]] bool isAtEnd() const { return m_line.bytes.empty(); }
    [[nodiscard]] const PartLine &line() const { return m_line; }

    /// To the next line. @return FS-01; CLI-01 for one that is broken or not behind the one before.
    Result<void> advance()
    {
        PartLine next;
        next.number = m_lines + 1;
        Result<std::string> bytes = nextLine();
        if (!bytes)
            return failure(bytes.error());
        next.bytes = *std::move(bytes);
        if (!next.bytes.empty()) {
            const bool isRead = m_columns.empty() ? readJson(next) : readCsv(next, m_columns);
            if (!isRead)
                return failure(code::Usage, where(next.number) + " is no answer of a batch", m_name);
            if (next.path < m_line.path)
                return failure(code::Usage, where(next.number) + " is out of order: " + next.path + " comes before " + m_line.path, m_name);
        }
        m_line = std::move(next);
        return {};
    }

    [[nodiscard]] std::string where(std::int64_t number) const { return "line " + std::to_string(number) + " of " + m_name; }

private:
    Part(std::string name, int descriptor) : m_name(std::move(name)), m_file(descriptor) {}

    Result<void> readHeading()
    {
        Result<std::string> heading = nextLine();
        if (!heading)
            return failure(heading.error());
        m_heading = *std::move(heading);
        if (m_heading != batchCsvHeading(false) && m_heading != batchCsvHeading(true))
            return failure(code::Usage, m_name + " does not begin with the heading of a batch", m_name);
        m_columns = *csvTexts(std::string_view(m_heading).substr(0, m_heading.size() - 2));
        m_quotes = true;
        return {};
    }

    /// With its end; empty at the end of the file. In CSV a line goes on behind line breaks within quote marks.
    Result<std::string> nextLine()
    {
        std::string line;
        bool isQuoted = false;
        while (true) {
            if (m_at == m_filled) {
                const ssize_t count = read(m_file.number(), m_buffer.data(), m_buffer.size());
                if (count < 0 && errno == EINTR)
                    continue;
                if (count < 0)
                    return failure(code::FileUnreadable, m_name + " could not be read (" + std::strerror(errno) + ")", m_name);
                if (count == 0 && !line.empty())
                    return failure(code::Usage, where(m_lines + 1) + " is cut off", m_name);
                if (count == 0)
                    return line;
                m_at = 0;
                m_filled = static_cast<std::size_t>(count);
            }
            const std::string_view rest(m_buffer.data() + m_at, m_filled - m_at);
            const std::size_t end = rest.find('\n');
            const std::string_view piece = rest.substr(0, end == rest.npos ? rest.size() : end + 1);
            m_at += piece.size();
            line += piece;
            if (m_quotes && std::ranges::count(piece, '"') % 2 == 1)
                isQuoted = !isQuoted;
            if (line.size() > kLongestLine)
                return failure(code::Usage, where(m_lines + 1) + " is longer than any answer of a batch", m_name);
            if (end != rest.npos && !isQuoted) {
                m_lines += std::ranges::count(line, '\n');
                return line;
            }
        }
    }

    const std::string m_name;
    const FileDescriptor m_file;
    std::vector<char> m_buffer = std::vector<char>(kBytesAtOnce);
    std::size_t m_at = 0, m_filled = 0; ///< of the buffer
    std::int64_t m_lines = 0;           ///< line ends that were passed
    bool m_quotes = false;              ///< a line break may stand within them
    std::string m_heading;
    std::vector<std::string> m_columns; ///< of CSV
    PartLine m_line;
};

/// One `auroraedge merge` from its options to its exit code.
class MergeCommand final
{
public:
    MergeCommand(const MergeOptions &options, const CliContext &context)
        : m_options(options), m_context(context), m_place(fs::absolute(options.out).lexically_normal())
    {
    }

    Result<int> run()
    {
        for (const auto &step : {&MergeCommand::checkNames, &MergeCommand::openParts, &MergeCommand::write}) {
            if (const Result<void> done = (this->*step)(); !done)
                return failure(done.error());
        }
        if (!m_options.quiet) {
            m_context.err << m_written << " answers of " << m_parts.size() << " parts, " << m_failed << " failed";
            if (m_repeated > 0)
                m_context.err << ", " << m_repeated << " in several parts and taken once";
            m_context.err << "; " << displayText(m_options.out) << std::endl;
        }
        return m_failed > 0 ? 3 : 0;
    }

private:
    Result<void> checkNames()
    {
        const fs::path form = m_place.extension();
        if (form != ".csv" && form != ".jsonl")
            return failure(code::Usage, "--out " + m_options.out + " ends neither in .jsonl nor in .csv", m_options.out);
        if (Result<void> isPlace = checkIsFilePlace(m_place); !isPlace)
            return isPlace;
        if (!mayBeReplaced(m_place))
            return failure(code::Usage, "--out " + m_options.out + " is there already and no batch wrote it; choose another name", m_options.out);
        for (const std::string &part : m_options.parts) {
            if (fs::path(part).extension() != form)
                return failure(code::Usage, part + " does not end in " + form.string() + " as --out does", part);
            for (const fs::path &written : {m_place, FailedList::placeFor(m_place)}) {
                std::error_code isOneMissing;
                if (fs::equivalent(part, written, isOneMissing))
                    return failure(code::Usage, part + " would be written over; choose another --out", part);
            }
        }
        return {};
    }

    Result<void> openParts()
    {
        for (const std::string &name : m_options.parts) {
            Result<std::unique_ptr<Part>> part = Part::open(name, m_place.extension() == ".csv");
            if (!part)
                return failure(part.error());
            m_parts.push_back(*std::move(part));
            if (m_parts.back()->heading() != m_parts.front()->heading())
                return failure(code::Usage, name + " has other columns than " + m_parts.front()->name(), name);
        }
        return {};
    }

    Result<void> write()
    {
        Result<std::unique_ptr<OutFile>> out = OutFile::create(m_place);
        if (!out)
            return failure(out.error());
        m_out = *std::move(out);
        Result<std::unique_ptr<FailedList>> failures = FailedList::create(m_place);
        if (!failures)
            return failure(failures.error());
        m_failures = *std::move(failures);
        m_lines = m_parts.front()->heading();
        if (const Result<void> merged = merge(); !merged)
            return merged;
        if (const Result<void> written = m_out->write(m_lines); !written)
            return written;
        if (const Result<void> published = m_out->publish(); !published)
            return published;
        return m_failures->publish();
    }

    Result<void> merge()
    {
        // The part whose line comes next is on top; of equal paths the part that was named first.
        const auto isLater = [this](std::size_t a, std::size_t b) {
            const int order = m_parts[a]->line().path.compare(m_parts[b]->line().path);
            return order > 0 || (order == 0 && a > b);
        };
        std::priority_queue<std::size_t, std::vector<std::size_t>, decltype(isLater)> next(isLater);
        for (std::size_t i = 0; i < m_parts.size(); ++i) {
            if (!m_parts[i]->isAtEnd())
                next.push(i);
        }
        while (!next.empty()) {
            if (m_context.stop.stop_requested())
                return failure(code::Cancelled, "stopped");
            Answers answers;
            const std::string path = m_parts[next.top()]->line().path;
            while (!next.empty() && m_parts[next.top()]->line().path == path) {
                const std::size_t number = next.top();
                Part &part = *m_parts[number];
                next.pop();
                while (!part.isAtEnd() && part.line().path == path) {
                    if (const Result<void> taken = take(part, answers); !taken)
                        return taken;
                    if (const Result<void> advanced = part.advance(); !advanced)
                        return advanced;
                }
                if (!part.isAtEnd())
                    next.push(number);
            }
        }
        return {};
    }

    /// What was said of one path, by question.
    struct Answer
    {
        const Part *part;
        std::int64_t number;
        std::string bytes;
    };
    using Answers = std::map<std::string, Answer>;

    Result<void> take(const Part &part, Answers &answers)
    {
        const PartLine &line = part.line();
        const auto [known, isNew] = answers.try_emplace(line.question, Answer{&part, line.number, line.bytes});
        if (!isNew && known->second.part != &part && known->second.bytes == line.bytes) {
            ++m_repeated;
            return {};
        }
        if (!isNew)
            return failure(code::Usage, part.where(line.number) + " and " + known->second.part->where(known->second.number) + " answer the same question about " + line.path,
                           part.name());
        ++m_written;
        if (!line.code.empty()) {
            ++m_failed;
            if (Result<void> added = m_failures->add(line.path, line.question, line.code, line.message); !added)
                return added;
        }
        m_lines += line.bytes;
        constexpr std::size_t kAtOnce = std::size_t{1} << 20; // few large writes
        if (m_lines.size() < kAtOnce)
            return {};
        Result<void> written = m_out->write(m_lines);
        m_lines.clear();
        return written;
    }

    const MergeOptions &m_options;
    const CliContext &m_context;
    const fs::path m_place;
    std::vector<std::unique_ptr<Part>> m_parts;
    std::unique_ptr<OutFile> m_out;
    std::unique_ptr<FailedList> m_failures;
    std::string m_lines; ///< that are not written yet
    std::int64_t m_written = 0, m_failed = 0, m_repeated = 0;
};

} // namespace

Result<int> runMerge(const MergeOptions &options, const CliContext &context)
{
    return MergeCommand(options, context).run();
}

} // namespace auroraedge::app

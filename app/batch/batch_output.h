#pragma once

#include "app/storage/batch_journal.h"
#include "engine/api/result.h"

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace auroraedge::app {

class OutFile;

/// The list of what failed beside an output: path, question, code and reason, as "<output>.failed.csv". Safe for spreadsheets. A
/// file that could not be read is listed once, with its first question.
class FailedList final
{
public:
    /// @param out absolute place of the output. @return as OutFile::create().
    static Result<std::unique_ptr<FailedList>> create(const std::filesystem::path &out);
    ~FailedList();

    Result<void> add(const std::string &path, const std::string &question, const std::string &code, const std::string &message);
    /// Moves it to its place; an empty one is not kept, nor an older one.
    Result<void> publish();

    [[nodiscard]] static std::filesystem::path placeFor(const std::filesystem::path &out);

private:
    FailedList(std::filesystem::path place, std::unique_ptr<OutFile> file);

    const std::filesystem::path m_place;
    std::unique_ptr<OutFile> m_file;
    std::string m_last; ///< path, code and message
};

/// An output takes the place of what lies there, also of a FIFO or a device. @return CLI-01 for what is there and no regular file; a
/// folder is told by whoever writes.
[[nodiscard]] Result<void> checkIsFilePlace(const std::filesystem::path &out);
/// Whether an output may take the place of what lies at @p out: no file at all, an empty one, one with a journal beside it, or one that
/// begins as a batch writes it. Another is somebody's own.
[[nodiscard]] bool mayBeReplaced(const std::filesystem::path &out);

/// Writes everything that @p journal holds, sorted by path, to @p out in the form of its name (.csv, else JSON lines), and the
/// failures besides. Each appears whole or not at all. @return as OutFile.
Result<void> writeBatchOutput(const BatchJournal &journal, const std::filesystem::path &out, bool withLatency);

} // namespace auroraedge::app

#pragma once

#include "app/settings/instance_lock.h"
#include "engine/api/result.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace auroraedge::app {

class Database;

/// A file as it was when it was asked about.
struct JournalFile
{
    std::string path; ///< bytes, as the batch names it
    std::int64_t bytes = 0, modifiedNs = 0;
    std::string sha256; ///< empty when it could not be read
};

/// What became of one question about one file.
struct JournalEntry
{
    JournalFile file;
    int question = 0;    ///< number of the question, from 0
    std::string code;    ///< empty: answered
    std::string message; ///< of a failure
    std::string record;  ///< the public record, one JSON object
};

/// What a batch has done so far, in a file of its own beside its output: a run that was killed goes on from here.
/// Thread: all calls on one thread.
class BatchJournal final
{
public:
    /// Opens the journal of a batch that is @p identity (a JSON object: questions, model, options), or begins one. A finished
    /// journal of another batch is begun anew. @param isFresh begins anew in any case, also in place of a damaged journal.
    /// @return CLI-01 when it holds unfinished work of another batch, telling what differs; APP-01 while another program
    /// uses it; FS-07, FS-09, FS-10, DB-02 (damaged), DB-03 (of another version), DB-04 (not a journal: never dropped).
    static Result<std::unique_ptr<BatchJournal>> open(const std::filesystem::path &file, const std::string &identity, bool isFresh);
    ~BatchJournal(); ///< one without an entry is not left behind

    /// Random name of this batch, made when it was begun: part of the keys of its answers in the database.
    [[nodiscard]] const std::string &batchName() const { return m_batchName; }

    enum class State { New = 1, Changed, Answered, Failed };
    /// How often this question about this file was committed: names the next attempt.
    [[nodiscard]] Result<int> attempts(const std::string &path, int question) const;
    /// What is known of @p path; of several questions the worst. Does not look at the file itself.
    [[nodiscard]] Result<State> stateOf(const std::string &path, std::int64_t bytes, std::int64_t modifiedNs, int questions) const;
    /// Hashes of the files all of whose @p questions were answered.
    [[nodiscard]] Result<std::vector<std::string>> answeredHashes(int questions) const;
    /// The answered entry about the same bytes and question, under whatever path; of several the one whose path came first.
    [[nodiscard]] Result<std::optional<JournalEntry>> answerAbout(const std::string &sha256, int question) const;

    /// All or none, on the disk when this returns. Earlier entries of the same path and question are replaced.
    Result<void> commit(std::span<const JournalEntry> entries);
    /// Every file of the list was asked about (it stays so until something else is committed).
    Result<void> finish();

    struct Counts
    {
        std::int64_t entries = 0;
        std::int64_t failed = 0; ///< files
    };
    [[nodiscard]] Result<Counts> counts() const;
    /// Sorted by path (bytes), then question. @p take may return an error, which ends the walk.
    [[nodiscard]] Result<void> forEach(const std::function<Result<void>(const JournalEntry &)> &take) const;

private:
    BatchJournal(InstanceLock lock, std::unique_ptr<Database> database);
    static Result<std::unique_ptr<BatchJournal>> openLocked(InstanceLock &lock, const std::filesystem::path &file, const std::string &identity, bool isFresh);
    Result<void> begin(const std::string &identity);
    Result<void> compare(const std::string &identity);

    InstanceLock m_lock;
    std::unique_ptr<Database> m_database;
    std::string m_batchName;
};

} // namespace auroraedge::app

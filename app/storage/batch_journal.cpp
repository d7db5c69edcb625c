#include "app/storage/batch_journal.h"

#include "app/settings/sha256.h"
#include "app/storage/database.h"

#include <nlohmann/json.hpp>

#include <array>
#include <fstream>
#include <random>
#include <string_view>
#include <utility>

namespace auroraedge::app {
namespace fs = std::filesystem;
namespace {

constexpr int kJournalId = 0x4145424A; ///< "AEBJ", the application_id
constexpr int kJournalVersion = 1;

// Paths are bytes. The newest entry of a file and question is the one that counts, and the only one that is kept.
constexpr const char *kSchema = R"sql(
CREATE TABLE batch (
  only        INTEGER PRIMARY KEY CHECK (only = 1),
  name        TEXT NOT NULL,    -- random
  identity    TEXT NOT NULL,    -- JSON
  is_finished INTEGER NOT NULL CHECK (is_finished IN (0, 1))
) STRICT;
CREATE TABLE entry (
  path        BLOB NOT NULL,
  question    INTEGER NOT NULL,
  bytes       INTEGER NOT NULL,
  modified_ns INTEGER NOT NULL,
  sha256      TEXT NOT NULL,
  code        TEXT NOT NULL,    -- '': answered
  message     TEXT NOT NULL,
  record      TEXT NOT NULL,    -- JSON
  attempts    INTEGER NOT NULL, -- so many times it was committed
  PRIMARY KEY (path, question)
) STRICT;
CREATE INDEX entry_by_content ON entry (sha256, question) WHERE code = '';
CREATE INDEX entry_failed ON entry (path) WHERE code <> '';
)sql";

std::string randomName()
{
    std::random_device random;
    std::array<std::uint8_t, 16> bytes{};
    for (std::uint8_t &byte : bytes)
        byte = static_cast<std::uint8_t>(random());
    return hexOf(bytes);
}

/// The output that a journal lies beside.
std::string outputOf(const fs::path &file) { return file.stem().string(); }

/// Whether the first bytes say so: SQLite keeps the application_id among them.
bool isJournal(const fs::path &file)
{
    constexpr std::string_view kMagic("SQLite format 3\0", 16);
    constexpr std::size_t kIdOffset = 68;
    std::array<char, kIdOffset + 4> head{};
    std::ifstream(file, std::ios::binary).read(head.data(), head.size());
    unsigned id = 0;
    for (std::size_t i = 0; i < 4; ++i)
        id = id << 8 | static_cast<unsigned char>(head[kIdOffset + i]);
    return std::string_view(head.data(), kMagic.size()) == kMagic && id == kJournalId;
}

Failure foreign(const fs::path &file)
{
    return failure(code::DatabaseForeign, file.filename().string() + " is not a journal of a batch; move it away or choose another --out", file.string());
}

/// What reading fails with. The statements do not change, so one that is refused met other tables than it was made for.
Failure told(const Error &error, const fs::path &file)
{
    if (error.code != code::DatabaseDamaged && error.code != code::Internal)
        return failure(error);
    const std::string what = error.code == code::DatabaseDamaged ? error.message : file.filename().string() + " is damaged (" + error.message + ")";
    return failure(code::DatabaseDamaged, what + "; begin anew with --fresh", file.string());
}

/// As people read it; a list of a thousand paths is cut.
std::string shortJson(const nlohmann::json &value)
{
    std::string text = value.dump();
    std::size_t end = 100;
    if (text.size() <= end)
        return text;
    while ((text[end] & 0xC0) == 0x80) // inside of a letter
        --end;
    return text.substr(0, end) + "...";
}

JournalEntry entryOf(const Statement &row)
{
    JournalEntry entry;
    entry.file = {row.text(0), row.integer(2), row.integer(3), row.text(4)};
    entry.question = static_cast<int>(row.integer(1));
    entry.code = row.text(5);
    entry.message = row.text(6);
    entry.record = row.text(7);
    return entry;
}

constexpr const char *kEntry = "SELECT path, question, bytes, modified_ns, sha256, code, message, record FROM entry ";

} // namespace

BatchJournal::BatchJournal(InstanceLock lock, std::unique_ptr<Database> database) : m_lock(std::move(lock)), m_database(std::move(database)) {}

BatchJournal::~BatchJournal()
{
    const Result<std::int64_t> entries = m_database->number("SELECT EXISTS (SELECT 1 FROM entry)");
    const fs::path file = m_database->file();
    m_database.reset();
    std::error_code problem;
    if (entries && *entries == 0)
        fs::remove(file, problem);
}

Result<std::unique_ptr<BatchJournal>> BatchJournal::open(const fs::path &file, const std::string &identity, bool isFresh)
{
    Result<InstanceLock> lock = InstanceLock::acquireFor(file);
    if (!lock)
        return failure(lock.error());
    Result<std::unique_ptr<BatchJournal>> journal = openLocked(*lock, file, identity, isFresh);
    if (journal)
        return journal;
    if (journal.error().code == code::DatabaseLocked)
        return failure(code::AlreadyRunning, "already running: another program uses " + file.filename().string(), file.string());
    if (journal.error().code != code::DatabaseDamaged && journal.error().code != code::Internal)
        return journal;
    if (!isJournal(file)) // somebody else's, and never dropped
        return foreign(file);
    if (!isFresh)
        return told(journal.error(), file);
    std::error_code problem;
    for (const char *part : {"", "-journal"})
        fs::remove(file.string() + part, problem);
    return openLocked(*lock, file, identity, isFresh);
}

Result<std::unique_ptr<BatchJournal>> BatchJournal::openLocked(InstanceLock &lock, const fs::path &file, const std::string &identity, bool isFresh)
{
    Result<std::unique_ptr<Database>> database = Database::open(file, Database::Access::ReadWrite);
    if (!database)
        return failure(database.error());
    const Result<std::int64_t> owner = (*database)->number("PRAGMA application_id");
    const Result<std::int64_t> version = owner ? (*database)->number("PRAGMA user_version") : owner;
    const Result<std::int64_t> tables = version ? (*database)->number("SELECT count(*) FROM sqlite_schema") : version;
    if (!tables)
        return failure(tables.error());
    const bool isNew = *tables == 0 && *owner == 0;
    if (!isNew && *owner != kJournalId)
        return foreign(file);
    if (!isNew && !isFresh && *version != kJournalVersion)
        return failure(code::DatabaseNewer, file.filename().string() + " was made by another version of the program; choose another --out, or drop it with --fresh",
                       file.string());
    // One file, without a log beside it: EXTRA, because a transaction ends when a name goes from the folder. EXCLUSIVE, because
    // a program with other run-time folders would not see our lock. Little cache, because entries are written once.
    if (const Result<void> set = (*database)->run("PRAGMA synchronous = EXTRA; PRAGMA locking_mode = EXCLUSIVE; PRAGMA cache_size = -2000; BEGIN EXCLUSIVE; COMMIT"); !set)
        return failure(set.error());
    std::unique_ptr<BatchJournal> journal(new BatchJournal(std::move(lock), *std::move(database)));
    const Result<void> ready = isNew || isFresh ? journal->begin(identity) : journal->compare(identity);
    if (ready)
        return journal;
    lock = std::move(journal->m_lock);
    return failure(ready.error());
}

Result<void> BatchJournal::begin(const std::string &identity)
{
    const Result<std::unique_ptr<TransactionGuard>> transaction = TransactionGuard::begin(*m_database);
    if (!transaction)
        return failure(transaction.error());
    const Result<void> made = m_database->run("DROP TABLE IF EXISTS entry; DROP TABLE IF EXISTS batch;" + std::string(kSchema) + "PRAGMA application_id = "
                                              + std::to_string(kJournalId) + "; PRAGMA user_version = " + std::to_string(kJournalVersion));
    if (!made)
        return made;
    m_batchName = randomName();
    Result<Statement> insert = m_database->prepare("INSERT INTO batch VALUES (1, ?, ?, 0)");
    if (!insert)
        return failure(insert.error());
    if (const Result<void> inserted = insert->bind(1, m_batchName).bind(2, identity).run(); !inserted)
        return inserted;
    insert->reset();
    return (*transaction)->commit();
}

Result<void> BatchJournal::compare(const std::string &identity)
{
    const Result<std::string> known = m_database->text("SELECT identity FROM batch");
    const Result<std::string> name = known ? m_database->text("SELECT name FROM batch") : known;
    if (!name)
        return failure(name.error());
    if (*known == identity) {
        m_batchName = *name;
        return {};
    }
    const Result<std::int64_t> isDone = m_database->number("SELECT is_finished OR NOT EXISTS (SELECT 1 FROM entry) FROM batch");
    if (!isDone)
        return failure(isDone.error());
    if (*isDone == 1)
        return begin(identity);
    const auto before = nlohmann::json::parse(*known, nullptr, false), now = nlohmann::json::parse(identity, nullptr, false);
    std::string difference = "form";
    for (const auto &[key, value] : now.items()) {
        if (before.is_object() && before.value(key, nlohmann::json()) != value) {
            difference = key + " (" + shortJson(before.value(key, nlohmann::json())) + ")";
            break;
        }
    }
    return failure(code::Usage,
                   outputOf(m_database->file()) + " has an unfinished batch with another " + difference
                       + "; finish that one with its own command, choose another --out, or drop it with --fresh",
                   m_database->file().string());
}

Result<int> BatchJournal::attempts(const std::string &path, int question) const
{
    Result<Statement> find = m_database->prepare("SELECT attempts FROM entry WHERE path = ? AND question = ?");
    if (!find)
        return told(find.error(), m_database->file());
    const Result<bool> row = find->bindBlob(1, path).bind(2, question).step();
    if (!row)
        return told(row.error(), m_database->file());
    return *row ? static_cast<int>(find->integer(0)) : 0;
}

Result<BatchJournal::State> BatchJournal::stateOf(const std::string &path, std::int64_t bytes, std::int64_t modifiedNs, int questions) const
{
    Result<Statement> find = m_database->prepare("SELECT bytes, modified_ns, code FROM entry WHERE path = ? AND question < ?");
    if (!find)
        return told(find.error(), m_database->file());
    find->bindBlob(1, path).bind(2, questions);
    int found = 0;
    State state = State::Answered;
    const Result<void> read = forEachRow(*find, [&](const Statement &row) {
        ++found;
        if (row.integer(0) != bytes || row.integer(1) != modifiedNs)
            state = State::Changed;
        else if (!row.text(2).empty() && state == State::Answered)
            state = State::Failed;
    });
    if (!read)
        return told(read.error(), m_database->file());
    return found < questions ? State::New : state;
}

Result<std::vector<std::string>> BatchJournal::answeredHashes(int questions) const
{
    Result<Statement> find = m_database->prepare("SELECT sha256 FROM entry WHERE code = '' GROUP BY sha256 HAVING count(DISTINCT question) = ?");
    if (!find)
        return told(find.error(), m_database->file());
    find->bind(1, questions);
    std::vector<std::string> hashes;
    const Result<void> read = forEachRow(*find, [&](const Statement &row) { hashes.push_back(row.text(0)); });
    return read ? Result<std::vector<std::string>>(std::move(hashes)) : told(read.error(), m_database->file());
}

Result<std::optional<JournalEntry>> BatchJournal::answerAbout(const std::string &sha256, int question) const
{
    Result<Statement> find = m_database->prepare(kEntry + std::string("WHERE sha256 = ? AND question = ? AND code = '' ORDER BY rowid LIMIT 1"));
    if (!find)
        return told(find.error(), m_database->file());
    const Result<bool> row = find->bind(1, sha256).bind(2, question).step();
    if (!row)
        return told(row.error(), m_database->file());
    return *row ? std::optional(entryOf(*find)) : std::nullopt;
}

Result<void> BatchJournal::commit(std::span<const JournalEntry> entries)
{
    const Result<std::unique_ptr<TransactionGuard>> transaction = TransactionGuard::begin(*m_database);
    if (!transaction)
        return failure(transaction.error());
    if (const Result<void> begun = m_database->run("UPDATE batch SET is_finished = 0 WHERE is_finished = 1"); !begun)
        return begun;
    {
        Result<Statement> insert = m_database->prepare("INSERT INTO entry (path, question, bytes, modified_ns, sha256, code, message, record, attempts)"
                                                       " VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1)"
                                                       " ON CONFLICT (path, question) DO UPDATE SET bytes = excluded.bytes, modified_ns = excluded.modified_ns,"
                                                       " sha256 = excluded.sha256, code = excluded.code, message = excluded.message,"
                                                       " record = excluded.record, attempts = attempts + 1");
        if (!insert)
            return failure(insert.error());
        for (const JournalEntry &entry : entries) {
            insert->bindBlob(1, entry.file.path).bind(2, entry.question).bind(3, entry.file.bytes).bind(4, entry.file.modifiedNs);
            insert->bind(5, entry.file.sha256).bind(6, entry.code).bind(7, entry.message).bind(8, entry.record);
            if (const Result<void> inserted = insert->run(); !inserted)
                return inserted;
            insert->reset();
        }
    }
    return (*transaction)->commit();
}

Result<void> BatchJournal::finish() { return m_database->run("UPDATE batch SET is_finished = 1"); }

Result<BatchJournal::Counts> BatchJournal::counts() const
{
    const Result<std::int64_t> entries = m_database->number("SELECT count(*) FROM entry");
    const Result<std::int64_t> failed = entries ? m_database->number("SELECT count(DISTINCT path) FROM entry WHERE code <> ''") : entries;
    return failed ? Result<Counts>({*entries, *failed}) : told(failed.error(), m_database->file());
}

Result<void> BatchJournal::forEach(const std::function<Result<void>(const JournalEntry &)> &take) const
{
    Result<Statement> find = m_database->prepare(kEntry + std::string("ORDER BY path, question"));
    if (!find)
        return told(find.error(), m_database->file());
    for (;;) {
        const Result<bool> row = find->step();
        if (!row)
            return told(row.error(), m_database->file());
        if (!*row)
            return {};
        if (const Result<void> taken = take(entryOf(*find)); !taken)
            return taken;
    }
}

} // namespace auroraedge::app

#include "app/storage/database.h"

#include "app/storage/search_text.h"

#include <sqlite3.h>

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

namespace auroraedge::app {
namespace {

constexpr int kBusyTimeoutMs = 5000;

/// search_text(TEXT) in SQL: searchText().
void callSearchText(sqlite3_context *context, int, sqlite3_value **values)
{
    const auto *text = reinterpret_cast<const char *>(sqlite3_value_text(values[0]));
    if (!text)
        return sqlite3_result_null(context);
    const std::string spaced = searchText({text, static_cast<std::size_t>(sqlite3_value_bytes(values[0]))});
    sqlite3_result_text64(context, spaced.data(), spaced.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
}

constexpr char kRowSet[] = "row set";

/// in_rows(ROW, SET) in SQL: RowSet::contains().
void callInRows(sqlite3_context *context, int, sqlite3_value **values)
{
    const auto *rows = static_cast<const RowSet *>(sqlite3_value_pointer(values[1], kRowSet));
    sqlite3_result_int(context, rows && rows->contains(sqlite3_value_int64(values[0])) ? 1 : 0);
}

int isStopped(void *stop)
{
    return static_cast<const std::stop_token *>(stop)->stop_requested() ? 1 : 0;
}

/// Whether SQLite cannot make the files beside it that reading needs, and all rows are in the file itself. Nobody of this account
/// can write it then; another account that begins to is not noticed.
bool isSealed(const std::filesystem::path &file)
{
    const auto beside = [&](const char *suffix) { return std::filesystem::path(file).concat(suffix); };
    std::error_code problem;
    const std::filesystem::path folder = file.has_parent_path() ? file.parent_path() : ".";
    if (faccessat(AT_FDCWD, folder.c_str(), W_OK, AT_EACCESS) == 0)
        return false;
    const bool hasLog = std::filesystem::exists(beside("-wal"), problem);
    if (hasLog && std::filesystem::exists(beside("-shm"), problem))
        return false; // both are there already: it is read as ever
    return (!hasLog || std::filesystem::is_empty(beside("-wal"), problem)) && !std::filesystem::exists(beside("-journal"), problem);
}

/// The name by which SQLite opens it without a look at what lies beside it.
std::string immutableUri(const std::filesystem::path &file)
{
    constexpr std::string_view kPlain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/-._~";
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    std::string uri = file.is_absolute() ? "file://" : "file:";
    for (const char letter : file.string()) {
        const auto byte = static_cast<unsigned char>(letter);
        if (kPlain.find(letter) != std::string_view::npos)
            uri += letter;
        else
            uri += {'%', kDigits[byte / 16], kDigits[byte % 16]};
    }
    return uri + "?immutable=1";
}

} // namespace

void RowSet::insert(std::int64_t row)
{
    constexpr std::int64_t kMostRows = std::int64_t{1} << 30; // an answer a second for 34 years: what is beyond is damage
    if (row < 0 || row >= kMostRows)
        return;
    if (static_cast<std::size_t>(row) >= m_isIn.size())
        m_isIn.resize(std::max(static_cast<std::size_t>(row) + 1, m_isIn.size() * 2));
    m_isIn[static_cast<std::size_t>(row)] = true;
}

Statement::Statement(Statement &&other) noexcept
    : m_database(other.m_database)
    , m_statement(std::exchange(other.m_statement, nullptr))
    , m_bindStatus(other.m_bindStatus)
{
}

Statement::~Statement() { sqlite3_finalize(m_statement); }

Statement &Statement::bind(int index, std::int64_t value)
{
    const int status = sqlite3_bind_int64(m_statement, index, value);
    m_bindStatus = m_bindStatus == SQLITE_OK ? status : m_bindStatus;
    return *this;
}

Statement &Statement::bind(int index, double value)
{
    const int status = sqlite3_bind_double(m_statement, index, value);
    m_bindStatus = m_bindStatus == SQLITE_OK ? status : m_bindStatus;
    return *this;
}

Statement &Statement::bind(int index, std::string_view text)
{
    const int status = sqlite3_bind_text64(m_statement, index, text.empty() ? "" : text.data(), text.size(),
                                           SQLITE_TRANSIENT, SQLITE_UTF8);
    m_bindStatus = m_bindStatus == SQLITE_OK ? status : m_bindStatus;
    return *this;
}

Statement &Statement::bindBlob(int index, std::string_view bytes)
{
    const int status = sqlite3_bind_blob64(m_statement, index, bytes.empty() ? "" : bytes.data(), bytes.size(), SQLITE_TRANSIENT);
    m_bindStatus = m_bindStatus == SQLITE_OK ? status : m_bindStatus;
    return *this;
}

Statement &Statement::bindNull(int index)
{
    const int status = sqlite3_bind_null(m_statement, index);
    m_bindStatus = m_bindStatus == SQLITE_OK ? status : m_bindStatus;
    return *this;
}

Statement &Statement::bind(int index, const RowSet &rows)
{
    const int status = sqlite3_bind_pointer(m_statement, index, const_cast<RowSet *>(&rows), kRowSet, nullptr); // only read
    m_bindStatus = m_bindStatus == SQLITE_OK ? status : m_bindStatus;
    return *this;
}

Result<bool> Statement::step()
{
    const int status = m_bindStatus == SQLITE_OK ? sqlite3_step(m_statement) : m_bindStatus;
    if (status == SQLITE_ROW)
        return true;
    if (status == SQLITE_DONE)
        return false;
    return m_database->lastFailure(status);
}

Result<void> Statement::run()
{
    const Result<bool> row = step();
    if (!row)
        return failure(row.error());
    return {};
}

void Statement::reset()
{
    sqlite3_reset(m_statement);
    sqlite3_clear_bindings(m_statement);
    m_bindStatus = SQLITE_OK;
}

std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(m_statement, column); }

double Statement::real(int column) const { return sqlite3_column_double(m_statement, column); }

std::string Statement::text(int column) const
{
    const unsigned char *text = sqlite3_column_text(m_statement, column);
    if (!text)
        return {};
    return {reinterpret_cast<const char *>(text), static_cast<std::size_t>(sqlite3_column_bytes(m_statement, column))};
}

bool Statement::isNull(int column) const { return sqlite3_column_type(m_statement, column) == SQLITE_NULL; }

Result<std::unique_ptr<Database>> Database::open(const std::filesystem::path &file, Access access)
{
    sqlite3 *connection = nullptr;
    const bool isImmutable = access == Access::ReadOnly && isSealed(file);
    const int flags = SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_NOMUTEX | (isImmutable ? SQLITE_OPEN_URI : 0)
        | (access == Access::ReadWrite ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY);
    const std::string name = isImmutable ? immutableUri(file) : file.string();
    const int status = sqlite3_open_v2(name.c_str(), &connection, flags, nullptr);
    std::unique_ptr<Database> database(new Database(connection, file)); // closes also what did not open
    if (status != SQLITE_OK)
        return database->lastFailure(status);
    sqlite3_extended_result_codes(connection, 1);
    sqlite3_busy_timeout(connection, kBusyTimeoutMs);
    sqlite3_db_config(connection, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(connection, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    // Checkpoints are ours alone: SQLite's own ones swallow a failing disk, and closing must not start one outside
    // of a turn to write.
    sqlite3_db_config(connection, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    if (const Result<void> set = database->run("PRAGMA foreign_keys = ON; PRAGMA cell_size_check = ON;"
                                               "PRAGMA mmap_size = 0; PRAGMA wal_autocheckpoint = 0;"
                                               "PRAGMA synchronous = FULL;"
                                               "PRAGMA cache_size = -2000"); // KiB: the inner pages of a million rows; every connection may hold as much
        !set)
        return failure(set.error());
    if (const int made = sqlite3_create_function_v2(connection, "search_text", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY,
                                                    nullptr, callSearchText, nullptr, nullptr, nullptr);
        made != SQLITE_OK)
        return database->lastFailure(made);
    if (const int made = sqlite3_create_function_v2(connection, "in_rows", 2, SQLITE_UTF8 | SQLITE_DIRECTONLY, nullptr, callInRows, nullptr,
                                                    nullptr, nullptr);
        made != SQLITE_OK)
        return database->lastFailure(made);
    return database;
}

Database::Stoppable::Stoppable(const Database &database, const std::stop_token &stop) : m_connection(database.m_connection), m_stop(stop)
{
    constexpr int kInstructions = 10'000; // of SQLite's machine between two looks: well below a millisecond
    sqlite3_progress_handler(m_connection, kInstructions, isStopped, &m_stop);
}

Database::Stoppable::~Stoppable() { sqlite3_progress_handler(m_connection, 0, nullptr, nullptr); }

Database::~Database() { sqlite3_close_v2(m_connection); }

Result<Statement> Database::prepare(std::string_view sql) const
{
    sqlite3_stmt *statement = nullptr;
    const int status
        = sqlite3_prepare_v2(m_connection, sql.data(), static_cast<int>(sql.size()), &statement, nullptr);
    if (status != SQLITE_OK)
        return lastFailure(status);
    return Statement(*this, statement);
}

Result<void> Database::run(const std::string &sql) const
{
    const int status = sqlite3_exec(m_connection, sql.c_str(), nullptr, nullptr, nullptr);
    if (status != SQLITE_OK)
        return lastFailure(status);
    return {};
}

Result<std::int64_t> Database::number(std::string_view sql) const
{
    Result<Statement> statement = prepare(sql);
    if (!statement)
        return failure(statement.error());
    const Result<bool> row = statement->step();
    if (!row)
        return failure(row.error());
    return *row ? statement->integer(0) : 0;
}

Result<std::string> Database::text(std::string_view sql) const
{
    Result<Statement> statement = prepare(sql);
    if (!statement)
        return failure(statement.error());
    const Result<bool> row = statement->step();
    if (!row)
        return failure(row.error());
    return *row ? statement->text(0) : std::string();
}

std::int64_t Database::lastInsertedRow() const { return sqlite3_last_insert_rowid(m_connection); }

Failure Database::lastFailure(int status) const
{
    const std::string name = m_file.filename().string();
    const std::string reason = m_connection ? sqlite3_errmsg(m_connection) : sqlite3_errstr(status);
    const int systemError = m_connection ? sqlite3_system_errno(m_connection) : 0;
    // Whatever its reason: what a failed flush has left on the disk is unknown.
    const bool isFlush = status == SQLITE_IOERR_FSYNC || status == SQLITE_IOERR_DIR_FSYNC;
    switch (status & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return failure(code::DatabaseLocked, "database is in use by another program; waited 5 s", name);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return failure(code::DatabaseDamaged, name + " is damaged (" + reason + ")", name);
    case SQLITE_FULL: return failure(code::DiskFull, "disk full: result could not be stored", name);
    case SQLITE_IOERR:
        if (!isFlush && (systemError == ENOSPC || systemError == EDQUOT))
            return failure(code::DiskFull, "disk full: result could not be stored", name);
        return failure(code::DiskFault, "storage error while saving; call maintenance (" + reason + ")", name);
    case SQLITE_CANTOPEN:
        if (systemError == EMFILE || systemError == ENFILE)
            return failure(code::SystemLimit, "system limit reached (open files)", name);
        [[fallthrough]];
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
        return failure(code::FolderNotWritable,
                       "cannot write to " + m_file.parent_path().string() + " (" + reason + "); choose another",
                       m_file.parent_path().string());
    case SQLITE_INTERRUPT: return failure(code::Cancelled, "cancelled", name);
    case SQLITE_NOMEM: return failure(code::MemoryShort, "not enough memory for the database", name);
    default: return failure(code::Internal, "the database refused a statement: " + reason, name);
    }
}

Result<void> Database::beginLog() const
{
    Result<Statement> statement = prepare("PRAGMA journal_mode = WAL");
    if (!statement)
        return failure(statement.error());
    const Result<bool> told = statement->step();
    if (!told)
        return failure(told.error());
    const bool isKept = statement->text(0) == "wal";
    // The new mode is told before it is committed.
    if (const Result<bool> committed = statement->step(); !committed)
        return failure(committed.error());
    if (!isKept)
        return failure(code::DiskFault, "storage error: the write-ahead log could not be begun", m_file.filename().string());
    if (const Result<std::int64_t> read = number("SELECT count(*) FROM sqlite_schema"); !read) // the first reading makes the file
        return failure(read.error());
    return {};
}

Result<void> Database::backup(const std::filesystem::path &file) const
{
    std::error_code problem;
    std::filesystem::remove(file, problem);
    sqlite3 *target = nullptr;
    int status = sqlite3_open_v2(file.c_str(), &target,
                                 SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOFOLLOW, nullptr);
    const Database owned(target, file);
    if (status == SQLITE_OK) {
        sqlite3_backup *copy = sqlite3_backup_init(target, "main", m_connection, "main");
        if (copy)
            sqlite3_backup_step(copy, -1);
        status = copy ? sqlite3_backup_finish(copy) : sqlite3_errcode(target);
    }
    if (status != SQLITE_OK)
        return owned.lastFailure(status);
    return {};
}

Result<void> Database::checkpoint() const
{
    const int status
        = sqlite3_wal_checkpoint_v2(m_connection, nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
    // A reader in the middle of its query makes it partial, which is no fault: the rest is moved the next time.
    if (status != SQLITE_OK && (status & 0xFF) != SQLITE_BUSY)
        return lastFailure(status);
    return {};
}

void Database::emptyLog() const
{
    sqlite3_busy_timeout(m_connection, 0);
    // What it cannot do is left to the next start.
    (void)sqlite3_wal_checkpoint_v2(m_connection, nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
}

Result<std::unique_ptr<TransactionGuard>> TransactionGuard::begin(const Database &database)
{
    if (const Result<void> begun = database.run("BEGIN IMMEDIATE"); !begun)
        return failure(begun.error());
    return std::unique_ptr<TransactionGuard>(new TransactionGuard(database));
}

TransactionGuard::~TransactionGuard()
{
    if (m_database)
        (void)m_database->run("ROLLBACK"); // fails when SQLite has rolled back itself, which is as good
}

Result<void> TransactionGuard::commit()
{
    assert(m_database);
    if (const Result<void> committed = m_database->run("COMMIT"); !committed)
        return failure(committed.error());
    m_database = nullptr;
    return {};
}

} // namespace auroraedge::app

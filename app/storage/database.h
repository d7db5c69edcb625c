#pragma once

#include "engine/api/result.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace auroraedge::app {

class Database;

/// A set of rows, for in_rows(ROW, ?) in SQL: a table of them would take ten times as long to make and to ask.
class RowSet final
{
public:
    void insert(std::int64_t row); ///< one that no store can reach is left out
    [[nodiscard]] bool contains(std::int64_t row) const
    {
        const auto place = static_cast<std::size_t>(row);
        return place < m_isIn.size() && m_isIn[place];
    }

private:
    std::vector<bool> m_isIn; ///< by row
};

/// One prepared statement. Thread: that of its database, which outlives it.
class Statement final
{
public:
    Statement(Statement &&other) noexcept;
    Statement &operator=(Statement &&) = delete;
    ~Statement();

    // Parameters are numbered from 1.
    Statement &bind(int index, std::int64_t value);
    Statement &bind(int index, int value) { return bind(index, std::int64_t{value}); }
    Statement &bind(int index, double value); ///< NaN is stored as NULL
    Statement &bind(int index, std::string_view text);
    Statement &bindBlob(int index, std::string_view bytes);
    Statement &bindNull(int index);
    Statement &bind(int index, const RowSet &rows); ///< which outlive the statement
    template <typename T>
    Statement &bind(int index, const std::optional<T> &value)
    {
        return value ? bind(index, *value) : bindNull(index);
    }

    /// Goes to the next row. @return false when there is none.
    Result<bool> step();
    /// step() for a statement that gives no rows.
    Result<void> run();
    /// Makes the statement ready to be run again; bound values are forgotten.
    void reset();

    // Columns are numbered from 0. REQUIRES: step() gave a row.
    [[nodiscard]] std::int64_t integer(int column) const;
    [[nodiscard]] double real(int column) const;
    [[nodiscard]] std::string text(int column) const;
    [[nodiscard]] bool isNull(int column) const;

private:
    friend class Database;
    Statement(const Database &database, sqlite3_stmt *statement) : m_database(&database), m_statement(statement) {}

    const Database *m_database;
    sqlite3_stmt *m_statement;
    int m_bindStatus = 0; ///< the first bind() that failed
};

/// Calls @p take with @p statement at each of its rows. @return what step() fails with.
template <typename Take>
Result<void> forEachRow(Statement &statement, Take take)
{
    for (;;) {
        const Result<bool> row = statement.step();
        if (!row)
            return failure(row.error());
        if (!*row)
            return {};
        take(std::as_const(statement));
    }
}

/// One SQLite connection. Thread: all calls on one thread.
class Database final
{
public:
    enum class Access { ReadWrite = 1, ReadOnly };

    /// Opens the connection with the safe settings; neither checks the content nor makes tables. A file that is all there is, on a
    /// disk or in a folder that cannot be written, is read as one that nobody changes.
    /// @return DB-01, DB-02 (not a database), FS-07.
    static Result<std::unique_ptr<Database>> open(const std::filesystem::path &file, Access access);
    Database(const Database &) = delete;
    Database &operator=(const Database &) = delete;
    ~Database();

    [[nodiscard]] Result<Statement> prepare(std::string_view sql) const;
    /// Runs statements that give no rows.
    [[nodiscard]] Result<void> run(const std::string &sql) const;
    /// First column of the first row of @p sql.
    [[nodiscard]] Result<std::int64_t> number(std::string_view sql) const;
    [[nodiscard]] Result<std::string> text(std::string_view sql) const;

    [[nodiscard]] std::int64_t lastInsertedRow() const;
    [[nodiscard]] const std::filesystem::path &file() const { return m_file; }

    /// What the last failure means to the user: DB-01 locked, DB-02 damaged, FS-09 full, FS-10 disk fault, ...
    [[nodiscard]] Failure lastFailure(int status) const;

    /// Makes what is written from now on go to a write-ahead log, which then is there. @return as run().
    [[nodiscard]] Result<void> beginLog() const;
    /// Copies this database into @p file with SQLite's backup interface; an existing file is replaced.
    [[nodiscard]] Result<void> backup(const std::filesystem::path &file) const;
    /// Moves what no reader needs any more from the write-ahead log into the database.
    [[nodiscard]] Result<void> checkpoint() const;
    /// The same at the end, when nobody is waited for. Where no other connection reads, the log is empty then: the file alone
    /// has every row, and one that is put in its place is not read with this one's log.
    void emptyLog() const;

    /// While it lives, statements of the database end with RUN-01 when @p stop is asked for.
    class Stoppable final
    {
    public:
        Stoppable(const Database &database, const std::stop_token &stop);
        Stoppable(const Stoppable &) = delete;
        Stoppable &operator=(const Stoppable &) = delete;
        ~Stoppable();

    private:
        sqlite3 *m_connection;
        std::stop_token m_stop;
    };

private:
    Database(sqlite3 *connection, std::filesystem::path file) : m_connection(connection), m_file(std::move(file)) {}

    sqlite3 *m_connection;
    std::filesystem::path m_file;
};

/// Rolls back unless commit() was reached.
class TransactionGuard final
{
public:
    /// Takes the write lock at once, so that no later statement fails for want of it. @return as Database::run().
    static Result<std::unique_ptr<TransactionGuard>> begin(const Database &database);
    TransactionGuard(const TransactionGuard &) = delete;
    TransactionGuard &operator=(const TransactionGuard &) = delete;
    ~TransactionGuard();

    Result<void> commit();

private:
    explicit TransactionGuard(const Database &database) : m_database(&database) {}

    const Database *m_database; ///< null after a commit
};

} // namespace auroraedge::app

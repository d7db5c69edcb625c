#include "app/storage/session_rows.h"

#include "app/storage/database.h"

namespace auroraedge::app {

Result<std::int64_t> insertSession(const Database &database, const std::string &program, const StoreAction &begun)
{
    Result<Statement> insert = database.prepare("INSERT INTO session (began_utc_ms, program, account) VALUES (?, ?, ?)");
    if (!insert)
        return failure(insert.error());
    if (const Result<void> done = insert->bind(1, begun.timeUtcMs).bind(2, program).bind(3, begun.who).run(); !done)
        return failure(done.error());
    return database.lastInsertedRow();
}

Result<void> closeSession(const Database &database, std::int64_t session, std::int64_t nowUtcMs)
{
    Result<Statement> update = database.prepare("UPDATE session SET ended_utc_ms = ?2 WHERE id = ?1");
    if (!update)
        return failure(update.error());
    return update->bind(1, session).bind(2, nowUtcMs).run();
}

} // namespace auroraedge::app

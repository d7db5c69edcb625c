#include "app/storage/picture_rows.h"

#include "app/storage/answer_rows.h"
#include "app/storage/database.h"

#include <algorithm>

namespace auroraedge::app {
namespace {

Result<std::vector<StoredPicture>> readPictures(Statement &statement)
{
    std::vector<StoredPicture> pictures;
    const Result<void> read = forEachRow(statement, [&](const Statement &row) { pictures.push_back({row.text(0), row.text(1), row.integer(2)}); });
    if (!read)
        return failure(read.error());
    return pictures;
}

/// Whether it is marked and its file not known to be gone.
Result<bool> isToBeDeleted(const Database &database, const std::string &sha256)
{
    Result<Statement> statement = database.prepare("SELECT 1 FROM picture WHERE sha256 = ? AND removed_utc_ms IS NOT NULL AND is_deleted = 0");
    if (!statement)
        return failure(statement.error());
    return statement->bind(1, sha256).step();
}

Result<bool> mayAllGo(const Database &database, const std::string &sha256, const std::function<bool(const AnswerRecord &)> &mayGo)
{
    const Result<std::vector<AnswerRecord>> answers = selectAbout(database, sha256);
    if (!answers)
        return failure(answers.error());
    return std::ranges::all_of(*answers, mayGo);
}

/// What is asked of pictures that were not removed. A reader never brings a database up to date, so it may meet one that cannot
/// remove any.
Result<std::string> whereKept(const Database &database)
{
    constexpr int kRemovedSince = 4;
    const Result<std::int64_t> version = database.number("PRAGMA user_version");
    if (!version)
        return failure(version.error());
    return std::string(*version < kRemovedSince ? "1" : "removed_utc_ms IS NULL");
}

Result<std::vector<StoredPicture>> keptAfter(const Database &database, const std::string &sha256)
{
    constexpr int kPage = 500;
    const Result<std::string> kept = whereKept(database);
    if (!kept)
        return failure(kept.error());
    Result<Statement> statement
        = database.prepare("SELECT sha256, path, bytes FROM picture WHERE sha256 > ? AND " + *kept + " ORDER BY sha256 LIMIT ?");
    if (!statement)
        return failure(statement.error());
    statement->bind(1, sha256).bind(2, kPage);
    return readPictures(*statement);
}

} // namespace

Result<void> insertPicture(const Database &database, const AnswerRecord &record)
{
    Result<Statement> insert = database.prepare(
        "INSERT INTO picture (sha256, path, bytes, added_utc_ms) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (sha256) DO UPDATE SET path = excluded.path, added_utc_ms = excluded.added_utc_ms, removed_utc_ms = NULL, removed_by = NULL,"
        " is_deleted = 0 WHERE removed_utc_ms IS NOT NULL");
    if (!insert)
        return failure(insert.error());
    insert->bind(1, record.pictureSha256).bind(2, record.picturePath).bind(3, record.pictureBytes).bind(4, record.timeUtcMs);
    return insert->run();
}

Result<bool> hasPicture(const Database &database, const std::string &sha256)
{
    Result<Statement> statement = database.prepare("SELECT 1 FROM picture WHERE sha256 = ? AND removed_utc_ms IS NULL");
    if (!statement)
        return failure(statement.error());
    return statement->bind(1, sha256).step();
}

Result<std::int64_t> countPictures(const Database &database)
{
    const Result<std::string> kept = whereKept(database);
    if (!kept)
        return failure(kept.error());
    return database.number("SELECT count(*) FROM picture WHERE " + *kept);
}

Result<void> forEachPicture(const Database &database, const std::function<Result<void>(const StoredPicture &)> &take)
{
    for (std::string last;;) {
        const Result<std::vector<StoredPicture>> page = keptAfter(database, last);
        if (!page)
            return failure(page.error());
        if (page->empty())
            return {};
        last = page->back().sha256;
        for (const StoredPicture &picture : *page) {
            if (Result<void> taken = take(picture); !taken)
                return taken;
        }
    }
}

Result<bool> markRemoved(const Database &database, const std::string &sha256, const std::function<bool(const AnswerRecord &)> &mayGo,
                         const StoreAction &by)
{
    const Result<bool> may = mayAllGo(database, sha256, mayGo);
    if (!may || !*may)
        return may;
    Result<Statement> mark = database.prepare("UPDATE picture SET removed_utc_ms = ?2, removed_by = ?3, is_deleted = 0"
                                              " WHERE sha256 = ?1 AND removed_utc_ms IS NULL");
    if (!mark)
        return failure(mark.error());
    if (const Result<void> done = mark->bind(1, sha256).bind(2, by.timeUtcMs).bind(3, by.who).run(); !done)
        return failure(done.error());
    return isToBeDeleted(database, sha256);
}

Result<std::vector<StoredPicture>> picturesToDelete(const Database &database, const std::string &sha256, int limit)
{
    Result<Statement> statement = database.prepare("SELECT sha256, path, bytes FROM picture WHERE removed_utc_ms IS NOT NULL AND is_deleted = 0"
                                                   " AND sha256 > ? ORDER BY sha256 LIMIT ?");
    if (!statement)
        return failure(statement.error());
    statement->bind(1, sha256).bind(2, limit);
    return readPictures(*statement);
}

Result<RemovedPicture> stateOfRemoved(const Database &database, const std::string &sha256, const std::function<bool(const AnswerRecord &)> &mayGo)
{
    const Result<bool> isMarked = isToBeDeleted(database, sha256);
    if (!isMarked)
        return failure(isMarked.error());
    if (!*isMarked)
        return RemovedPicture::Kept;
    const Result<bool> may = mayAllGo(database, sha256, mayGo);
    if (!may)
        return failure(may.error());
    if (*may)
        return RemovedPicture::ToDelete;
    Result<Statement> unmark = database.prepare("UPDATE picture SET removed_utc_ms = NULL, removed_by = NULL WHERE sha256 = ?");
    if (!unmark)
        return failure(unmark.error());
    if (const Result<void> done = unmark->bind(1, sha256).run(); !done)
        return failure(done.error());
    return RemovedPicture::Kept;
}

Result<void> markDeleted(const Database &database, const std::string &sha256)
{
    Result<Statement> mark = database.prepare("UPDATE picture SET is_deleted = 1 WHERE sha256 = ? AND removed_utc_ms IS NOT NULL");
    if (!mark)
        return failure(mark.error());
    return mark->bind(1, sha256).run();
}

} // namespace auroraedge::app

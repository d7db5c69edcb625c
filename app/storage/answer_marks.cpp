#include "app/storage/answer_marks.h"

#include "app/storage/database.h"

#include <algorithm>

namespace auroraedge::app {
namespace {

/// As the newest row of hold says.
Result<void> refreshHeld(const Database &database, std::int64_t answerRow)
{
    Result<Statement> update = database.prepare(
        "UPDATE facet SET is_held = coalesce((SELECT is_held FROM hold WHERE answer_id = ?1 ORDER BY id DESC LIMIT 1), 0) WHERE answer_id = ?1");
    if (!update)
        return failure(update.error());
    return update->bind(1, answerRow).run();
}

} // namespace

Result<void> insertHold(const Database &database, std::int64_t answerRow, bool isHeld, const std::string &reason, const StoreAction &by)
{
    Result<Statement> insert = database.prepare("INSERT INTO hold (answer_id, time_utc_ms, is_held, reason, who) VALUES (?, ?, ?, ?, ?)");
    if (!insert)
        return failure(insert.error());
    insert->bind(1, answerRow).bind(2, by.timeUtcMs).bind(3, isHeld ? 1 : 0).bind(4, reason).bind(5, by.who);
    if (const Result<void> done = insert->run(); !done)
        return done;
    return refreshHeld(database, answerRow);
}

Result<void> insertHoldUndo(const Database &database, std::int64_t answerRow, bool wasHeld, const StoreAction &by)
{
    Result<Statement> insert = database.prepare(
        "WITH standing AS (SELECT * FROM hold WHERE answer_id = ?1 AND undoes IS NULL"
        "   AND id NOT IN (SELECT undoes FROM hold WHERE answer_id = ?1 AND undoes IS NOT NULL)),"
        " own AS (SELECT * FROM standing WHERE who = ?3 ORDER BY id DESC LIMIT 1),"
        " others AS (SELECT * FROM standing WHERE id <> (SELECT id FROM own) ORDER BY id DESC LIMIT 1)"
        " INSERT INTO hold (answer_id, time_utc_ms, is_held, reason, who, undoes)"
        " SELECT ?1, ?2, coalesce(others.is_held, 0), coalesce(others.reason, ''), ?3, own.id FROM own LEFT JOIN others WHERE own.is_held = ?4");
    if (!insert)
        return failure(insert.error());
    if (Result<void> done = insert->bind(1, answerRow).bind(2, by.timeUtcMs).bind(3, by.who).bind(4, wasHeld ? 1 : 0).run(); !done)
        return done;
    return refreshHeld(database, answerRow);
}

Result<bool> isOwnTagging(const Database &database, std::int64_t answerRow, const std::string &tag, const std::string &who)
{
    Result<Statement> newest = database.prepare("SELECT who FROM tagging WHERE answer_id = ?1 AND tag_id = (SELECT id FROM tag WHERE name = ?2)"
                                                " ORDER BY id DESC LIMIT 1");
    if (!newest)
        return failure(newest.error());
    const Result<bool> row = newest->bind(1, answerRow).bind(2, tag).step();
    return row ? *row && newest->text(0) == who : row;
}

Result<bool> insertTagging(const Database &database, std::int64_t answerRow, const std::string &tag, bool isSet, const StoreAction &by)
{
    Result<Statement> known = database.prepare("INSERT OR IGNORE INTO tag (name) VALUES (?)");
    if (!known)
        return failure(known.error());
    if (const Result<void> done = known->bind(1, tag).run(); !done)
        return failure(done.error());
    Result<Statement> insert = database.prepare(
        "INSERT INTO tagging (answer_id, tag_id, time_utc_ms, is_set, who) SELECT ?1, tag.id, ?3, ?4, ?5 FROM tag WHERE name = ?2"
        " AND ?4 <> EXISTS (SELECT 1 FROM tagged WHERE tag_id = tag.id AND answer_id = ?1)");
    if (!insert)
        return failure(insert.error());
    insert->bind(1, answerRow).bind(2, tag).bind(3, by.timeUtcMs).bind(4, isSet ? 1 : 0).bind(5, by.who);
    if (const Result<void> done = insert->run(); !done)
        return failure(done.error());
    const Result<std::int64_t> changed = database.number("SELECT changes()");
    if (!changed)
        return failure(changed.error());
    if (*changed == 0)
        return false;
    Result<Statement> follow = database.prepare(isSet ? "INSERT INTO tagged SELECT id, ?1 FROM tag WHERE name = ?2"
                                                      : "DELETE FROM tagged WHERE answer_id = ?1 AND tag_id = (SELECT id FROM tag WHERE name = ?2)");
    if (!follow)
        return failure(follow.error());
    if (const Result<void> done = follow->bind(1, answerRow).bind(2, tag).run(); !done)
        return failure(done.error());
    return true;
}

bool isTagName(std::string_view name)
{
    constexpr std::size_t kMostBytes = 100;
    const auto isControl = [](char letter) { return (static_cast<unsigned char>(letter) < 0x20) || letter == 0x7F; };
    return !name.empty() && name.size() <= kMostBytes && name.front() != ' ' && name.back() != ' ' && name.find(',') == std::string_view::npos
        && std::ranges::none_of(name, isControl);
}

} // namespace auroraedge::app

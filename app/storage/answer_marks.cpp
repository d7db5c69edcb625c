#include "app/storage/answer_marks.h"

#include "app/storage/database.h"

#include <algorithm>

namespace auroraedge::app {

Result<void> insertHold(const Database &database, std::int64_t answerRow, bool isHeld, const std::string &reason, const StoreAction &by)
{
    Result<Statement> insert = database.prepare("INSERT INTO hold (answer_id, time_utc_ms, is_held, reason, who) VALUES (?, ?, ?, ?, ?)");
    if (!insert)
        return failure(insert.error());
    insert->bind(1, answerRow).bind(2, by.timeUtcMs).bind(3, isHeld ? 1 : 0).bind(4, reason).bind(5, by.who);
    if (const Result<void> done = insert->run(); !done)
        return done;
    Result<Statement> update = database.prepare("UPDATE facet SET is_held = ?2 WHERE answer_id = ?1");
    if (!update)
        return failure(update.error());
    return update->bind(1, answerRow).bind(2, isHeld ? 1 : 0).run();
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
    return !name.empty() && name.size() <= kMostBytes && name.front() != ' ' && name.back() != ' ' && std::ranges::none_of(name, isControl);
}

} // namespace auroraedge::app

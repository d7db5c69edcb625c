#pragma once

#include "app/storage/answer_record.h"
#include "engine/api/result.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace auroraedge::app {

class Database;

// Holds and tags. Every change is a row of its own, with who and when; the newest one counts. REQUIRES: inside a transaction.

/// Also where it is held already: the reason is another one. @return INT-01 when there is no such answer.
Result<void> insertHold(const Database &database, std::int64_t answerRow, bool isHeld, const std::string &reason, const StoreAction &by);
/// Takes back the newest hold (@p wasHeld) or release of that person which was not taken back yet. What stands then is the newest
/// of all that was not taken back. Nothing where there is none.
Result<void> insertHoldUndo(const Database &database, std::int64_t answerRow, bool wasHeld, const StoreAction &by);
/// Whether @p who set or took off the tag last.
Result<bool> isOwnTagging(const Database &database, std::int64_t answerRow, const std::string &tag, const std::string &who);
/// @return whether that changed anything; INT-01 when there is no such answer.
Result<bool> insertTagging(const Database &database, std::int64_t answerRow, const std::string &tag, bool isSet, const StoreAction &by);

/// A word or a few: not empty, at most 100 bytes, no control characters, no comma (they stand between tags), no space at either end.
[[nodiscard]] bool isTagName(std::string_view name);

} // namespace auroraedge::app

#pragma once

#include "engine/api/result.h"

#include <cstdint>

namespace auroraedge::app {

class Database;

// The tables that answers are found and counted by follow from answer and review. REQUIRES: inside a transaction.

/// After the answer @p row was inserted.
Result<void> insertFacet(const Database &database, std::int64_t row);
/// After the review @p reviewRow of @p answerRow was inserted. Of each person the newest review stands; of those the one counts
/// that was said last, whatever was noted or taken back since.
Result<void> refreshFacet(const Database &database, std::int64_t answerRow, std::int64_t reviewRow);

} // namespace auroraedge::app

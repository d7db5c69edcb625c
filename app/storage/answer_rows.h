#pragma once

#include "app/storage/answer_record.h"
#include "app/storage/database.h"

#include <vector>

namespace auroraedge::app {

/// SQL of the answer table, for the writer and the readers alike.

/// REQUIRES: inside a transaction. @return the new row's id.
Result<std::int64_t> insertRow(const Database &database, const AnswerRecord &record);
/// Newest first; at most @p limit.
Result<std::vector<AnswerRecord>> selectRecent(const Database &database, int limit);
Result<std::optional<AnswerRecord>> selectRow(const Database &database, std::int64_t row);
Result<std::int64_t> countRows(const Database &database);

} // namespace auroraedge::app

#pragma once

#include "app/storage/answer_record.h"
#include "engine/api/result.h"

#include <cstdint>
#include <string>

namespace auroraedge::app {

class Database;

// SQL of the sessions. REQUIRES: inside a transaction.

/// @return its id.
Result<std::int64_t> insertSession(const Database &database, const std::string &program, const StoreAction &begun);
Result<void> closeSession(const Database &database, std::int64_t session, std::int64_t nowUtcMs);

} // namespace auroraedge::app

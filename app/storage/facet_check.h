#pragma once

#include "engine/api/result.h"

#include <functional>
#include <stop_token>

namespace auroraedge::app {

class Database;

/// Compares what answers are found and counted by with the answers and the logs that it follows from, all of it reckoned anew.
/// Each fault is told as DB-02; of a database of an older schema nothing is looked at. Another program may write meanwhile.
/// @return what the reading fails with: DB-02, code::Cancelled, ...
Result<void> checkFacets(const Database &database, const std::function<void(const Error &)> &onFault, const std::stop_token &stop);

} // namespace auroraedge::app

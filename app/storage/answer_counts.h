#pragma once

#include "app/storage/answer_record.h"
#include "engine/api/result.h"

#include <cstdint>
#include <optional>
#include <string>

namespace auroraedge::app {

class Database;

/// How many answers there are since somebody reset the counters.
struct AnswerCounts
{
    std::optional<std::int64_t> sinceUtcMs; ///< of the reset; nothing: from the first answer on
    std::int64_t total = 0;                 ///< also without a verdict
    std::int64_t ok = 0, ng = 0, unsure = 0; ///< by the machine's verdict; reviews change none of them
    std::int64_t failed = 0;   ///< got no answer; where the question has a rule they are among the unsure, too
    std::int64_t lastHour = 0; ///< answers of the last 60 minutes, reset or not
    std::int64_t afterRow = 0; ///< counted are those stored after it: AnswerFilter::afterRow

    friend bool operator==(const AnswerCounts &, const AnswerCounts &) = default;
};

/// @p counts with one more answer, stored just now.
void add(AnswerCounts &counts, const AnswerRecord &record);

/// Each is what countMatching() finds for the filter that describes it, from indexes alone: about 20 ms for a million answers.
Result<AnswerCounts> selectCounts(const Database &database, std::int64_t nowUtcMs);
/// Starts the counters anew from the newest answer on; nothing is deleted. REQUIRES: inside a transaction.
Result<void> insertCounterReset(const Database &database, std::int64_t nowUtcMs, const std::string &who);

} // namespace auroraedge::app

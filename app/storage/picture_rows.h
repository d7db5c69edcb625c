#pragma once

#include "app/storage/answer_record.h"
#include "engine/api/result.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace auroraedge::app {

class Database;

// SQL of the pictures. What changes something: REQUIRES: inside a transaction.

/// Also one that was removed is there again.
Result<void> insertPicture(const Database &database, const AnswerRecord &record);
/// Whether the database knows this picture and did not remove it.
Result<bool> hasPicture(const Database &database, const std::string &sha256);
/// Those that were not removed.
Result<std::int64_t> countPictures(const Database &database);
/// Every picture that was not removed, by hash, a page in memory at a time; no transaction stays open meanwhile.
Result<void> forEachPicture(const Database &database, const std::function<Result<void>(const StoredPicture &)> &take);

/// Marks it when @p mayGo says so of every answer that is about it. @return whether it is marked now.
Result<bool> markRemoved(const Database &database, const std::string &sha256, const std::function<bool(const AnswerRecord &)> &mayGo,
                         const StoreAction &by);
/// Those that were marked and whose files are not known to be gone, after the one of @p sha256; at most @p limit.
Result<std::vector<StoredPicture>> picturesToDelete(const Database &database, const std::string &sha256, int limit);
enum class RemovedPicture { ToDelete = 1, Kept };
/// Of a picture that was marked: whether it is still so, and whether @p mayGo still says so of every answer. If not, the mark
/// is taken back.
Result<RemovedPicture> stateOfRemoved(const Database &database, const std::string &sha256, const std::function<bool(const AnswerRecord &)> &mayGo);
Result<void> markDeleted(const Database &database, const std::string &sha256);

} // namespace auroraedge::app

#pragma once

#include "app/storage/answer_record.h"
#include "engine/api/result.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>

namespace auroraedge::app {

class Database;

/// What a check has looked at.
struct StoreCheck
{
    std::int64_t answers = 0;
    std::int64_t pictures = 0, pictureBytes = 0; ///< that the database knows and retention did not remove
    std::int64_t unknownFiles = 0;               ///< among the pictures; nobody's business but their owner's
    std::int64_t faults = 0;
};

/// Called on the thread of the check. Either may be empty.
struct StoreCheckListener
{
    std::function<void(const Error &)> onFault;
    std::function<void(std::int64_t done, std::int64_t all)> onPicture;
};

/// Looks at every page of the database and every byte of its pictures, and changes nothing. Another program may write
/// meanwhile. Faults are told, not returned: DB-02 (damaged, rows that point nowhere, or what is found and counted by does
/// not follow from the answers), DB-07 (a planted trigger or
/// view), DB-08, DB-09. @return where it cannot be begun, as AnswerReader::open(); code::Cancelled.
Result<StoreCheck> checkStore(const std::filesystem::path &dataFolder, const StoreCheckListener &listener, const std::stop_token &stop);

/// Integrity and foreign keys. Each fault is told as DB-02 or DB-07; @return how many.
Result<std::int64_t> checkDatabase(const Database &database, const std::function<void(const Error &)> &onFault, const std::stop_token &stop);

/// Reads the picture and compares. @return DB-08 (missing, or no plain file), DB-09 (another content or place), FS-01,
/// code::Cancelled.
Result<void> checkPicture(const std::filesystem::path &dataFolder, const StoredPicture &picture, const std::stop_token &stop);

} // namespace auroraedge::app

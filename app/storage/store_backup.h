#pragma once

#include "engine/api/result.h"

#include <cstdint>
#include <filesystem>
#include <stop_token>

namespace auroraedge::app {

/// Whether @p file is one that the store of @p dataFolder is made of, or would lie among its pictures: nothing else is written there.
[[nodiscard]] bool isOfStore(const std::filesystem::path &dataFolder, const std::filesystem::path &file);

/// Copies the database of @p dataFolder into the new file @p copy, as it is at this moment; another program may write
/// meanwhile, and every row that was acknowledged before the call is in it. The copy is one file, checked as checkStore()
/// checks a database, flushed, and readable by its owner alone. A failure leaves nothing.
/// @param replaces an older file at that place. @return the answers in it; CLI-01 where @p copy is there and shall not be
/// replaced, is the database itself or has the log of another one beside it, DB-01 (somebody has the older file open), DB-02
/// (the copy is not whole), what AnswerReader::open() returns, FS-07, FS-09, FS-10, code::Cancelled.
Result<std::int64_t> backUpDatabase(const std::filesystem::path &dataFolder, const std::filesystem::path &copy, bool replaces,
                                    const std::stop_token &stop);

} // namespace auroraedge::app

#pragma once

#include "app/storage/database.h"

#include <span>

namespace auroraedge::app {

inline constexpr int kApplicationId = 0x41454449; ///< "AEDI"; tells our files from those of other programs

/// One step from schema version toVersion - 1. Published steps are never edited; a change is a new step.
struct Migration
{
    int toVersion;
    const char *sql;
};

/// From an empty file to the newest schema.
[[nodiscard]] std::span<const Migration> migrations();
[[nodiscard]] int newestSchemaVersion();

/// Runs the steps after @p fromVersion in one transaction; sets user_version and application_id.
/// @return DB-05 (the file is as it was), or FS-09, FS-10, DB-01 as they are.
Result<void> migrate(const Database &database, int fromVersion, std::span<const Migration> steps);

} // namespace auroraedge::app

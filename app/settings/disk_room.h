#pragma once

#include "engine/api/result.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace auroraedge::app {

/// "1.2 GiB"; less than one in MiB.
[[nodiscard]] std::string sizeText(std::int64_t bytes);

/// What pictures and batches leave free on a disk of that size, so that the database has room for what is answered, judged
/// and held until somebody makes some: 5 %, at most 64 MiB.
[[nodiscard]] std::int64_t diskReserve(std::int64_t diskBytes);

struct DiskRoom
{
    std::int64_t freeBytes = 0, diskBytes = 0;

    /// Whether somebody should make room soon, long before anything is refused: less than 5 % is free, and less than 2 GiB.
    [[nodiscard]] bool isRunningLow() const;
};

/// Nothing where the system does not say.
[[nodiscard]] std::optional<DiskRoom> diskRoomOf(const std::filesystem::path &place);

/// Whether @p bytes more leave the reserve of the disk of @p place free. Nobody is stopped where the system does not say.
/// @param consequence what is not done for want of room: the end of the sentence. @return FS-08.
[[nodiscard]] Result<void> checkDiskRoom(const std::filesystem::path &place, std::int64_t bytes, const std::string &consequence);

} // namespace auroraedge::app

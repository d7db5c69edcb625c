#include "app/settings/disk_room.h"

#include <algorithm>
#include <cstdio>

namespace auroraedge::app {
namespace fs = std::filesystem;

std::string sizeText(std::int64_t bytes)
{
    constexpr std::int64_t kMiB = 1 << 20, kGiB = 1 << 30;
    char text[32];
    const bool isSmall = bytes < kGiB;
    std::snprintf(text, sizeof text, isSmall ? "%.1f MiB" : "%.1f GiB", static_cast<double>(bytes) / static_cast<double>(isSmall ? kMiB : kGiB));
    return text;
}

std::int64_t diskReserve(std::int64_t diskBytes)
{
    constexpr std::int64_t kMost = std::int64_t{64} << 20;
    return std::min(diskBytes / 20, kMost);
}

bool DiskRoom::isRunningLow() const
{
    constexpr std::int64_t kEnough = std::int64_t{2} << 30;
    return freeBytes < std::min(diskBytes / 20, kEnough);
}

std::optional<DiskRoom> diskRoomOf(const fs::path &place)
{
    std::error_code problem;
    const fs::space_info space = fs::space(place, problem);
    if (problem)
        return std::nullopt;
    return DiskRoom{static_cast<std::int64_t>(space.available), static_cast<std::int64_t>(space.capacity)};
}

Result<void> checkDiskRoom(const fs::path &place, std::int64_t bytes, const std::string &consequence)
{
    const std::optional<DiskRoom> room = diskRoomOf(place);
    if (!room)
        return {};
    const std::int64_t needed = bytes + diskReserve(room->diskBytes);
    if (needed <= room->freeBytes)
        return {};
    return failure(code::DiskTooFull, sizeText(room->freeBytes) + " free, " + sizeText(needed) + " needed; " + consequence, place.string());
}

} // namespace auroraedge::app

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

Result<void> checkDiskRoom(const fs::path &place, std::int64_t bytes, const std::string &consequence)
{
    std::error_code problem;
    const fs::space_info space = fs::space(place, problem);
    const auto free = static_cast<std::int64_t>(space.available);
    const std::int64_t needed = bytes + diskReserve(static_cast<std::int64_t>(space.capacity));
    if (problem || needed <= free)
        return {};
    return failure(code::DiskTooFull, sizeText(free) + " free, " + sizeText(needed) + " needed; " + consequence, place.string());
}

} // namespace auroraedge::app

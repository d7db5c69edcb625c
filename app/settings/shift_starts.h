#pragma once

#include "engine/api/result.h"

#include <chrono>
#include <filesystem>
#include <vector>

namespace auroraedge::app {

/// When the shifts of a day begin: minutes after midnight on the clock of the station, ascending, at least one.
using ShiftStarts = std::vector<std::chrono::minutes>;

[[nodiscard]] inline ShiftStarts usualShiftStarts()
{
    return {std::chrono::hours(6), std::chrono::hours(14), std::chrono::hours(22)};
}

/// A JSON list of times, ["06:00", "14:00", "22:00"]. @return FS-12, RCP-01 (syntax), RCP-04 (not such a list).
Result<ShiftStarts> readShiftStarts(const std::filesystem::path &file);

} // namespace auroraedge::app

#pragma once

#include "app/inspection/presets.h"
#include "app/settings/data_folder.h"
#include "app/settings/shift_starts.h"
#include "engine/api/result.h"

#include <filesystem>
#include <string>
#include <vector>

namespace auroraedge::app {

/// What the people of a station may say otherwise than it ships, each in a file of the data folder.
struct StationLists
{
    std::vector<Preset> presets;            ///< presets.json
    std::vector<std::string> defectClasses; ///< defect_classes.json
    ShiftStarts shifts;                     ///< shifts.json
    std::vector<Error> unread;              ///< of files of the data folder; what ships stands in their place
    std::vector<Error> missing;             ///< of what ships: the list is empty
};

/// @param resources where what ships is.
[[nodiscard]] StationLists readStationLists(const DataFolder &dataFolder, const std::filesystem::path &resources);

} // namespace auroraedge::app

#include "app/window/station_lists.h"

#include "app/inspection/defect_classes.h"

#include <system_error>
#include <utility>

namespace auroraedge::app {
namespace {

Error named(Error error, const std::filesystem::path &file)
{
    error.object = file.string();
    return error;
}

} // namespace

StationLists readStationLists(const DataFolder &dataFolder, const std::filesystem::path &resources)
{
    StationLists lists;
    const auto readOwn = [&](const char *name, auto read, auto &list) {
        const std::filesystem::path file = dataFolder.root() / name;
        std::error_code problem;
        if (!std::filesystem::exists(file, problem) && !problem)
            return false;
        auto own = read(file);
        if (own)
            list = *std::move(own);
        else
            lists.unread.push_back(named(own.error(), file));
        return own.has_value();
    };
    const auto readList = [&](const char *name, auto read, auto &list) {
        if (readOwn(name, read, list))
            return;
        const std::filesystem::path file = resources / "demo" / name;
        if (auto shipped = read(file); shipped)
            list = *std::move(shipped);
        else
            lists.missing.push_back(named(shipped.error(), file));
    };
    readList("presets.json", readPresets, lists.presets);
    readList("defect_classes.json", readDefectClasses, lists.defectClasses);
    lists.shifts = usualShiftStarts();
    (void)readOwn("shifts.json", readShiftStarts, lists.shifts);
    return lists;
}

} // namespace auroraedge::app

#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace auroraedge::app {

struct Webcam
{
    std::string id;   ///< stable over unplugging and restarts: `uvc:<id>`
    std::string name; ///< for people
};

/// The webcams that are plugged in now, sorted by name. Looks at device names only, opens nothing.
[[nodiscard]] std::vector<Webcam> pluggedWebcams(const std::filesystem::path &devicesById = "/dev/v4l/by-id");

} // namespace auroraedge::app

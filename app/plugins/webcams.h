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

/// The webcams that are plugged in now, sorted by name. Looks at device names only, opens nothing. Of several cameras of one
/// model without a serial one alone has a name by what it is: the others are named after the port that they are plugged into.
[[nodiscard]] std::vector<Webcam> pluggedWebcams(const std::filesystem::path &devices = "/dev/v4l");

} // namespace auroraedge::app

#include "app/plugins/webcams.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

namespace auroraedge::app {

namespace {

/// Further indices of a camera carry metadata, not pictures.
constexpr std::string_view kEnd = "-video-index0";

/// usb-046d_HD_Webcam_C270_200901010001-video-index0
std::string nameById(std::string id)
{
    constexpr std::string_view kBegin = "usb-";
    id.resize(id.size() - kEnd.size());
    if (id.starts_with(kBegin))
        id.erase(0, kBegin.size());
    std::ranges::replace(id, '_', ' ');
    return id;
}

/// pci-0000:00:14.0-usb-0:2:1.0-video-index0; empty for what is plugged into no USB port.
std::string nameByPort(std::string id)
{
    const std::size_t usb = id.find("-usb"); // also "-usbv2-"
    const std::size_t port = usb == std::string::npos ? usb : id.find('-', usb + 1);
    return port == std::string::npos ? std::string() : "USB " + id.substr(port + 1, id.size() - kEnd.size() - port - 1);
}

/// Sorted, so that it is always the same one of several for a camera.
std::vector<std::string> idsIn(const std::filesystem::path &folder)
{
    std::vector<std::string> ids;
    std::error_code error;
    for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
        if (std::string id = entry->path().filename().string(); id.ends_with(kEnd))
            ids.push_back(std::move(id));
    }
    std::ranges::sort(ids);
    return ids;
}

} // namespace

std::vector<Webcam> pluggedWebcams(const std::filesystem::path &devices)
{
    std::vector<Webcam> webcams;
    std::set<std::filesystem::path> nodes; // a camera has a name of each kind
    for (const auto &[folder, nameOf] : {std::pair<const char *, std::string (*)(std::string)>("by-id", nameById),
                                         {"by-path", nameByPort}}) {
        for (const std::string &id : idsIn(devices / folder)) {
            std::error_code unknown;
            if (!nodes.insert(std::filesystem::weakly_canonical(devices / folder / id, unknown)).second)
                continue;
            if (const std::string name = nameOf(id); !name.empty())
                webcams.push_back({id, name});
        }
    }
    std::ranges::sort(webcams, {}, &Webcam::name);
    return webcams;
}

} // namespace auroraedge::app

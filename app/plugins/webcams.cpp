#include "app/plugins/webcams.h"

#include <algorithm>
#include <string_view>

namespace auroraedge::app {

std::vector<Webcam> pluggedWebcams(const std::filesystem::path &devicesById)
{
    // usb-046d_HD_Webcam_C270_200901010001-video-index0; further indices of a camera carry metadata, not pictures.
    constexpr std::string_view kBegin = "usb-", kEnd = "-video-index0";
    std::vector<Webcam> webcams;
    std::error_code error;
    for (std::filesystem::directory_iterator entry(devicesById, error), end; !error && entry != end;
         entry.increment(error)) {
        const std::string id = entry->path().filename().string();
        if (!id.ends_with(kEnd))
            continue;
        std::string name = id.substr(0, id.size() - kEnd.size());
        if (name.starts_with(kBegin))
            name.erase(0, kBegin.size());
        std::ranges::replace(name, '_', ' ');
        webcams.push_back({id, name});
    }
    std::ranges::sort(webcams, {}, &Webcam::name);
    return webcams;
}

} // namespace auroraedge::app

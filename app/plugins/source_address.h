#pragma once

#include "engine/api/result.h"

#include <filesystem>
#include <string>

namespace auroraedge::app {

/// A checked address of a picture source.
struct SourceAddress
{
    std::string scheme; ///< decides the plugin: "uvc", "rtsp", "file", "folder", ...
    std::string opened; ///< what the plugin gets; may hold a password, so it is never logged or stored
    std::string shown;  ///< for logs, rows and the window: no login, "***" for a password in the path or the query
    bool isSimulated = false;
};

/// The same address with a login in what is opened. @p address must be of a network camera.
[[nodiscard]] SourceAddress withLogin(SourceAddress address, const std::string &user, const std::string &password);

/// @p typed with the passwords in its path or query that are shown as "***" put back from @p kept, by their names.
[[nodiscard]] std::string withSecretsOf(const std::string &kept, const std::string &typed);

/// Reads `sim:`, `uvc:<stable id or number>`, `rtsp://`, `rtsps://`, `http://`, `https://`, `file:<video or picture>`,
/// `folder:<dir>`. Paths become absolute, so that none can be taken for a protocol; existence is left to the source,
/// except for `sim:`, which stands for demo/line.mp4 (or the pictures in demo/line) under @p resources.
/// @return CAM-09 (never quoting a password), FS-12 when the demonstration line is missing.
Result<SourceAddress> parseSourceAddress(const std::string &uri, const std::filesystem::path &resources);

} // namespace auroraedge::app

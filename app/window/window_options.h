#pragma once

#include "engine/api/result.h"

#include <filesystem>
#include <string>
#include <vector>

namespace auroraedge::app {

/// The command line of auroraedge-inspector.
struct WindowOptions
{
    std::string source;             ///< empty: the operator chooses
    std::string model;              ///< name or folder; empty: the one that ships
    std::filesystem::path dataFolder;
    std::string reviewer; ///< who judges; empty: the account
    std::string page = "live";
    std::string language;           ///< "en", "zh_CN"; empty: the system's
    std::string theme; ///< empty: as it was chosen last, else dark; for screenshots: both
    double scale = 1;               ///< of everything in the window
    std::string device = "auto";
    std::string precision = "auto";
    int threads = 0;
    std::string screenshots; ///< folder; empty: an ordinary run
    std::filesystem::path keyLog; ///< replayed at the window, which then ends; empty: an ordinary run
    double soakMinutes = 0; ///< asks without a pause for so long, reports and ends; 0: an ordinary run
    bool wantsHelp = false, wantsVersion = false;
};

[[nodiscard]] std::string windowUsage();

/// @param arguments without the program's name. Unknown arguments and values are refused. @return CLI-01.
Result<WindowOptions> parseWindowOptions(const std::vector<std::string> &arguments);

} // namespace auroraedge::app

#pragma once

#include "engine/api/result.h"

#include <filesystem>
#include <string>
#include <vector>

namespace auroraedge::app {

/// Whether SHA256SUMS of @p folder has a line for the file @p name. False without the list. @return FS-01, RCP-01.
Result<bool> isListed(const std::filesystem::path &folder, const std::string &name);

/// Writes SHA256SUMS anew: with the hashes of @p added, without @p dropped, the other lines as they are.
/// @return FS-01, RCP-01; FS-07, FS-09, FS-10.
Result<void> relist(const std::filesystem::path &folder, const std::vector<std::string> &added, const std::vector<std::string> &dropped);

} // namespace auroraedge::app

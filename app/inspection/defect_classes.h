#pragma once

#include "engine/api/result.h"

#include <filesystem>
#include <string>
#include <vector>

namespace auroraedge::app {

/// The names that a person gives defects, a JSON list of texts in the order of their keys.
/// @return FS-12, RCP-01 (syntax), RCP-04 (not a list of different texts).
Result<std::vector<std::string>> readDefectClasses(const std::filesystem::path &file);

} // namespace auroraedge::app

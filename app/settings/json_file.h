#pragma once

#include "engine/api/result.h"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace auroraedge::app {

/// Strict JSON: no byte order mark, no duplicate keys, at most 32 levels, nothing after the end.
/// @param name of the object in messages. @return RCP-01 with line and column.
Result<nlohmann::json> parseJson(std::string_view text, const std::string &name);

/// The whole file. @return FS-12, FS-01, FS-02, and RCP-01 for one over @p maxBytes.
Result<std::string> readTextFile(const std::filesystem::path &file, std::int64_t maxBytes);

/// @return FS-12, FS-01, FS-02 and RCP-01, also for a file over @p maxBytes.
Result<nlohmann::json> readJsonFile(const std::filesystem::path &file, std::int64_t maxBytes = std::int64_t{1} << 20);

} // namespace auroraedge::app

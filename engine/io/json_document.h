#pragma once

#include "engine/api/result.h"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string_view>

namespace auroraedge::engine {

/// Limits against hostile files: nesting is counted before the parser recurses.
struct JsonLimits
{
    std::size_t maxBytes = std::size_t{1} << 20;
    int maxDepth = 32;
    std::optional<ErrorCode> duplicateKey; ///< code for a key given twice, where it has one of its own
};

/// Parses one JSON object or array. Duplicate keys, bad UTF-8, trailing bytes and a byte-order mark are errors.
/// @return an error with @p errorCode: "<what> is not valid JSON at byte 40".
Result<nlohmann::json> parseJson(std::string_view text, ErrorCode errorCode, std::string_view what, const JsonLimits &limits = {});

/// The same for a file; MOD-21 when it does not exist.
Result<nlohmann::json> readJsonFile(const std::filesystem::path &path, ErrorCode errorCode, const JsonLimits &limits = {});

} // namespace auroraedge::engine

#pragma once

#include "engine/api/result.h"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string_view>

namespace auroraedge::engine {

/// Limits against hostile files. Parsing stops at the first one passed, before memory is spent on the rest.
struct JsonLimits
{
    std::size_t maxBytes = std::size_t{1} << 20;
    int maxDepth = 32;
    std::size_t maxValues = 4'000'000;  ///< of all kinds, keys not counted
    std::size_t maxNames = 4'000'000;   ///< keys of the outermost object
    std::optional<ErrorCode> tooManyNames; ///< code for too many names, where it has one of its own
    std::optional<ErrorCode> duplicateKey; ///< code for a key given twice, where it has one of its own
};

/// Parses one JSON document. Duplicate keys, bad UTF-8, trailing bytes and a byte-order mark are errors.
/// @return an error with @p errorCode: "<what> is not valid JSON at byte 40" (counted from 1).
Result<nlohmann::json> parseJson(std::string_view text, ErrorCode errorCode, std::string_view what, const JsonLimits &limits = {});

/// The same for a file; MOD-21 when it does not exist.
Result<nlohmann::json> readJsonFile(const std::filesystem::path &path, ErrorCode errorCode, const JsonLimits &limits = {});

} // namespace auroraedge::engine

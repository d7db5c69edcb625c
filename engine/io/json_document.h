#pragma once

#include "engine/api/result.h"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace auroraedge::engine {

/// Limits against hostile files. Parsing stops at the first one passed, before memory is spent on the rest.
struct JsonLimits
{
    std::size_t maxBytes = std::size_t{1} << 20;
    std::size_t maxMemory = std::size_t{24} << 20; ///< of the document
    int maxDepth = 32;
};

/// Parses one JSON document. Duplicate keys, bad UTF-8, trailing bytes and a byte-order mark are errors.
/// @return an error with @p errorCode: "<what> is not valid JSON at byte 40" (counted from 1).
Result<nlohmann::json> parseJson(std::string_view text, ErrorCode errorCode, std::string_view what, const JsonLimits &limits = {});

/// Takes a member of a document as soon as it is whole; what it fails with ends the parsing.
using JsonMemberTaker = std::function<Result<void>(const std::string &name, const nlohmann::json &value)>;

/// The same for an object from its first byte, which may hold more than fits into memory: no member is kept, and
/// maxMemory is that of one. Whether two have the same name is for @p take to find.
Result<void> parseJsonMembers(std::string_view text, ErrorCode errorCode, std::string_view what, const JsonLimits &limits, const JsonMemberTaker &take);

/// Whether a string, a number or white space is longer than @p limit. The JSON library copies the one it is reading,
/// twice, before anybody can stop it.
[[nodiscard]] bool hasLongWord(std::string_view text, std::size_t limit);

/// parseJson for a file; MOD-21 when it does not exist.
Result<nlohmann::json> readJsonFile(const std::filesystem::path &path, ErrorCode errorCode, const JsonLimits &limits = {});

} // namespace auroraedge::engine

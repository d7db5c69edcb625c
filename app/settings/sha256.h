#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace auroraedge::app {

/// SHA-256 of @p bytes, 64 lower-case hex digits: the name of a picture.
[[nodiscard]] std::string sha256Hex(std::span<const std::uint8_t> bytes);

/// Two lower-case hex digits a byte.
[[nodiscard]] std::string hexOf(std::span<const std::uint8_t> bytes);
/// The bytes again; nothing for another text. Capital letters are taken, too.
[[nodiscard]] std::optional<std::string> bytesOfHex(std::string_view hex);

} // namespace auroraedge::app

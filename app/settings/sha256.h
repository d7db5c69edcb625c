#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace auroraedge::app {

/// SHA-256 of @p bytes, 64 lower-case hex digits: the name of a picture.
[[nodiscard]] std::string sha256Hex(std::span<const std::uint8_t> bytes);

/// Two lower-case hex digits a byte.
[[nodiscard]] std::string hexOf(std::span<const std::uint8_t> bytes);

} // namespace auroraedge::app

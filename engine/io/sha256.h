#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace auroraedge::engine {

/// Lower-case hex SHA-256.
[[nodiscard]] std::string sha256Hex(std::span<const std::byte> bytes);

} // namespace auroraedge::engine

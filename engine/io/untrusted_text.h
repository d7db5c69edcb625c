#pragma once

#include <string>
#include <string_view>

namespace auroraedge::engine {

/// A name from a file, fit for a message: in quotes, control characters as \xHH, cut after 96 bytes between characters.
[[nodiscard]] std::string shown(std::string_view untrusted);

} // namespace auroraedge::engine

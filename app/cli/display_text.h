#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace auroraedge::app {

/// @p text for a terminal: control characters, ESC sequences and marks that turn the reading direction are shown as
/// \n, \x1b or \u202e; bytes that are not UTF-8 become U+FFFD. Never changes what the terminal does.
[[nodiscard]] std::string displayText(std::string_view text);

/// "1 picture", "2 pictures".
[[nodiscard]] std::string counted(std::int64_t count, const char *one);

} // namespace auroraedge::app

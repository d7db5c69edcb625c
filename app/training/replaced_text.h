#pragma once

#include <string>
#include <string_view>

namespace auroraedge::app {

/// @p text with every @p what as @p by. REQUIRES: @p what is not empty.
[[nodiscard]] inline std::string replaced(std::string text, std::string_view what, std::string_view by)
{
    for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
        text.replace(at, what.size(), by);
    return text;
}

} // namespace auroraedge::app

#pragma once

#include "engine/text/utf8.h"

#include <string>
#include <string_view>

namespace auroraedge::testing {

/// @p text without its white space, of any script. REQUIRES: valid UTF-8.
inline std::string withoutWhiteSpace(std::string_view text)
{
    std::string rest;
    for (std::size_t begin = 0; begin < text.size();) {
        std::size_t end = begin + 1;
        while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80)
            ++end;
        if (!engine::isBlank(text.substr(begin, end - begin)))
            rest += text.substr(begin, end - begin);
        begin = end;
    }
    return rest;
}

} // namespace auroraedge::testing

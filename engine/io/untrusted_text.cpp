#include "engine/io/untrusted_text.h"

#include <cstdio>

namespace auroraedge::engine {

std::string shown(std::string_view untrusted)
{
    constexpr std::size_t kLongest = 96;
    std::size_t end = untrusted.size();
    if (end > kLongest) {
        end = kLongest;
        while (end > 0 && (static_cast<unsigned char>(untrusted[end]) & 0xC0) == 0x80)
            --end;
    }
    std::string text = "'";
    for (const char letter : untrusted.substr(0, end)) {
        const auto byte = static_cast<unsigned char>(letter);
        if (byte < 0x20 || byte == 0x7F) {
            char escaped[8];
            std::snprintf(escaped, sizeof escaped, "\\x%02X", byte);
            text += escaped;
        } else {
            text += letter;
        }
    }
    return text + (end < untrusted.size() ? "...'" : "'");
}

} // namespace auroraedge::engine

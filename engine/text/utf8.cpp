#include "engine/text/utf8.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <cstddef>

namespace auroraedge::engine {

bool isUtf8(std::string_view text)
{
    const auto byteAt = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    for (std::size_t i = 0; i < text.size();) {
        const unsigned char first = byteAt(i);
        if (first < 0x80) {
            ++i;
            continue;
        }
        const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
        if (first < 0xC2 || first > 0xF4 || i + length > text.size())
            return false;
        for (std::size_t j = 1; j < length; ++j)
            if ((byteAt(i + j) & 0xC0) != 0x80)
                return false;
        const unsigned char second = byteAt(i + 1);
        const bool isOverlong = (first == 0xE0 && second < 0xA0) || (first == 0xF0 && second < 0x90);
        const bool isOutside = (first == 0xED && second >= 0xA0) || (first == 0xF4 && second >= 0x90);
        if (isOverlong || isOutside)
            return false;
        i += length;
    }
    return true;
}

bool hasControlCharacters(std::string_view text)
{
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        const bool isAllowed = byte == '\t' || byte == '\n' || byte == '\r';
        const bool isC1 = byte == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0;
        if ((byte < 0x20 && !isAllowed) || byte == 0x7F || isC1)
            return true;
    }
    return false;
}

bool isBlank(std::string_view text)
{
    const auto *bytes = reinterpret_cast<const std::uint8_t *>(text.data());
    for (std::size_t at = 0; at < text.size();) {
        UChar32 character = 0;
        U8_NEXT_UNSAFE(bytes, at, character);
        if (!u_isUWhiteSpace(character))
            return false;
    }
    return true;
}

} // namespace auroraedge::engine

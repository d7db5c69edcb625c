#include "app/cli/display_text.h"

#include <array>
#include <cstdint>
#include <cstdio>

namespace auroraedge::app {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

/// Length of the UTF-8 character at the start of @p text and its code point; length 0 when it is none.
std::pair<std::size_t, std::uint32_t> decodeOne(std::string_view text)
{
    const auto first = static_cast<unsigned char>(text[0]);
    const std::size_t length = first < 0x80 ? 1 : first >= 0xC2 && first < 0xE0 ? 2 : first >= 0xE0 && first < 0xF0 ? 3
        : first >= 0xF0 && first < 0xF5                                          ? 4
                                                                                 : 0;
    if (length == 0 || length > text.size())
        return {0, 0};
    std::uint32_t point = length == 1 ? first : first & (0x7FU >> length);
    for (std::size_t i = 1; i < length; ++i) {
        const auto next = static_cast<unsigned char>(text[i]);
        if ((next & 0xC0) != 0x80)
            return {0, 0};
        point = point << 6 | (next & 0x3F);
    }
    constexpr std::array<std::uint32_t, 5> kLeast = {0, 0, 0x80, 0x800, 0x10000};
    if (point < kLeast[length] || point > 0x10FFFF || (point >= 0xD800 && point < 0xE000))
        return {0, 0};
    return {length, point};
}

bool isDirectionMark(std::uint32_t point)
{
    return point == 0x200E || point == 0x200F || point == 0x061C || (point >= 0x202A && point <= 0x202E)
        || (point >= 0x2066 && point <= 0x2069) || point == 0x2028 || point == 0x2029;
}

std::string escaped(std::uint32_t point)
{
    switch (point) {
    case '\n': return "\\n";
    case '\r': return "\\r";
    case '\t': return "\\t";
    default: break;
    }
    std::array<char, 12> text{};
    std::snprintf(text.data(), text.size(), point < 0x100 ? "\\x%02x" : "\\u%04x", point);
    return text.data();
}

} // namespace

std::string displayText(std::string_view text)
{
    std::string shown;
    while (!text.empty()) {
        const auto [length, point] = decodeOne(text);
        if (length == 0) {
            shown += kReplacement;
            text.remove_prefix(1);
            continue;
        }
        if (point < 0x20 || (point >= 0x7F && point < 0xA0) || isDirectionMark(point))
            shown += escaped(point);
        else
            shown += text.substr(0, length);
        text.remove_prefix(length);
    }
    return shown;
}

std::string counted(std::int64_t count, const char *one) { return std::to_string(count) + ' ' + one + (count == 1 ? "" : "s"); }

} // namespace auroraedge::app

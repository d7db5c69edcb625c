#include "app/storage/search_text.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace auroraedge::app {
namespace {

struct Character
{
    char32_t code = 0;
    std::size_t bytes = 0;
};

/// The character at the beginning of @p text, or nothing when its bytes are no UTF-8.
std::optional<Character> firstOf(std::string_view text)
{
    const auto lead = static_cast<std::uint8_t>(text[0]);
    const std::size_t bytes = lead < 0x80 ? 1 : lead >= 0xC2 && lead < 0xE0 ? 2 : lead >= 0xE0 && lead < 0xF0 ? 3 : lead >= 0xF0 && lead < 0xF5 ? 4 : 0;
    if (bytes == 0 || bytes > text.size())
        return std::nullopt;
    char32_t code = bytes == 1 ? lead : lead & (0x7FU >> bytes);
    for (std::size_t i = 1; i < bytes; ++i) {
        const auto next = static_cast<std::uint8_t>(text[i]);
        if ((next & 0xC0U) != 0x80)
            return std::nullopt;
        code = (code << 6U) | (next & 0x3FU);
    }
    return Character{code, bytes};
}

/// Blocks of Unicode whose scripts put no space between words.
bool isUnspaced(char32_t code)
{
    return (code >= 0x0E00 && code <= 0x0EFF)    // Thai, Lao
        || (code >= 0x1000 && code <= 0x109F)    // Myanmar
        || (code >= 0x1780 && code <= 0x17FF)    // Khmer
        || (code >= 0x2E80 && code <= 0x2FDF)    // radicals
        || (code >= 0x3005 && code <= 0x3007)    // iteration marks
        || (code >= 0x3040 && code <= 0x312F)    // Hiragana, Katakana, Bopomofo
        || (code >= 0x31A0 && code <= 0x31FF)    // their extensions
        || (code >= 0x3400 && code <= 0x9FFF)    // unified ideographs
        || (code >= 0xF900 && code <= 0xFAFF)    // compatibility ideographs
        || (code >= 0xFF66 && code <= 0xFF9F)    // half-width Katakana
        || (code >= 0x20000 && code <= 0x3FFFF); // supplementary ideographs
}

bool isSpace(char letter)
{
    return letter == ' ' || (letter >= '\t' && letter <= '\r');
}

} // namespace

std::string searchText(std::string_view text)
{
    std::string spaced;
    spaced.reserve(text.size());
    while (!text.empty()) {
        const std::optional<Character> character = firstOf(text);
        const std::size_t bytes = character ? character->bytes : 1;
        if (!character || character->code == 0)
            spaced += ' ';
        else if (isUnspaced(character->code))
            spaced.append(" ").append(text.substr(0, bytes)).append(" ");
        else
            spaced.append(text.substr(0, bytes));
        text.remove_prefix(bytes);
    }
    return spaced;
}

std::string textQuery(std::string_view words)
{
    std::string query;
    std::size_t end = 0;
    for (std::size_t begin = 0; begin < words.size(); begin = end) {
        while (begin < words.size() && isSpace(words[begin]))
            ++begin;
        end = begin;
        while (end < words.size() && !isSpace(words[end]))
            ++end;
        if (end == begin)
            break;
        std::string phrase; // quoted: nothing in it is an operator
        for (const char letter : searchText(words.substr(begin, end - begin)))
            phrase += letter == '"' ? std::string("\"\"") : std::string(1, letter);
        query += (query.empty() ? "\"" : " \"") + phrase + '"';
    }
    return query.empty() ? query : query + '*';
}

} // namespace auroraedge::app

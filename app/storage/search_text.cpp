#include "app/storage/search_text.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>
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

void append(std::string &text, char32_t code)
{
    const auto byte = [](char32_t value) { return static_cast<char>(static_cast<std::uint8_t>(value)); };
    if (code < 0x80) {
        text += byte(code);
        return;
    }
    if (code < 0x800) {
        text += byte(0xC0U | (code >> 6U));
    } else {
        if (code < 0x10000) {
            text += byte(0xE0U | (code >> 12U));
        } else {
            text += byte(0xF0U | (code >> 18U));
            text += byte(0x80U | ((code >> 12U) & 0x3FU));
        }
        text += byte(0x80U | ((code >> 6U) & 0x3FU));
    }
    text += byte(0x80U | (code & 0x3FU));
}

/// A full-width sign as the usual one, half-width Katakana as the usual ones; others as they are.
char32_t usualWidth(char32_t code)
{
    constexpr std::u32string_view kKatakana = U"。「」、・ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン\u3099\u309A";
    constexpr std::u32string_view kSigns = U"\u00A2\u00A3\u00AC\u00AF\u00A6\u00A5\u20A9";
    constexpr char32_t kFirstFull = 0xFF01, kLastFull = 0xFF5E, kFirstKatakana = 0xFF61, kFirstSign = 0xFFE0;
    if (code == 0x3000)
        return ' ';
    if (code >= kFirstFull && code <= kLastFull)
        return code - kFirstFull + '!';
    if (code >= kFirstKatakana && code < kFirstKatakana + kKatakana.size())
        return kKatakana[code - kFirstKatakana];
    if (code >= kFirstSign && code < kFirstSign + kSigns.size())
        return kSigns[code - kFirstSign];
    return code;
}

/// A Kana with the mark that follows it in one character; 0: there is none.
char32_t marked(char32_t kana, char32_t mark)
{
    constexpr char32_t kVoiced = 0x3099, kHalfVoiced = 0x309A, kToHiragana = 0x60;
    constexpr std::u32string_view kWithVoiced = U"カキクケコサシスセソタチツテトハヒフヘホ", kWithHalfVoiced = U"ハヒフヘホ";
    const bool isHiragana = kana >= 0x3041 && kana <= 0x3096;
    const char32_t katakana = isHiragana ? kana + kToHiragana : kana;
    if (mark == kVoiced && kWithVoiced.find(katakana) != kWithVoiced.npos)
        return kana + 1;
    if (mark == kHalfVoiced && kWithHalfVoiced.find(katakana) != kWithHalfVoiced.npos)
        return kana + 2;
    if (mark == kVoiced && katakana == U'ウ')
        return isHiragana ? U'ゔ' : U'ヴ';
    return 0;
}

/// @p text with every character in its usual width: what Unicode's NFKC makes of it, as far as width goes. Bytes that are no
/// UTF-8, and NUL, become spaces.
std::u32string inUsualWidth(std::string_view text)
{
    std::u32string usual;
    usual.reserve(text.size());
    while (!text.empty()) {
        const std::optional<Character> character = firstOf(text);
        const char32_t code = character && character->code != 0 ? usualWidth(character->code) : U' ';
        if (const char32_t one = usual.empty() ? 0 : marked(usual.back(), code); one != 0)
            usual.back() = one;
        else
            usual += code;
        text.remove_prefix(character ? character->bytes : 1);
    }
    return usual;
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
        || (code >= 0x20000 && code <= 0x3FFFF); // supplementary ideographs
}

bool isSpace(char32_t code)
{
    return code == U' ' || (code >= U'\t' && code <= U'\r');
}

std::string spaced(std::u32string_view text)
{
    std::string spaced;
    spaced.reserve(text.size());
    for (const char32_t code : text) {
        if (isUnspaced(code))
            spaced += ' ';
        append(spaced, code);
        if (isUnspaced(code))
            spaced += ' ';
    }
    return spaced;
}

/// A word as somebody else may have written it.
struct Spelling
{
    std::u32string text;
    bool isWhole = false; ///< it must not be cut short: a shorter one begins many words that were not meant
};

/// How German letters are written where a keyboard has none of them, and back. What is typed is at the beginning of @p word.
struct OtherLetters
{
    std::size_t typed = 1;
    std::u32string_view other; ///< empty: there are none
    bool isShorter = false;
};
OtherLetters otherLetters(std::u32string_view word)
{
    const auto lower = [word](std::size_t at) -> char32_t {
        const char32_t code = at < word.size() ? word[at] : 0;
        return code < 0x80 ? code | 0x20U : code;
    };
    switch (lower(0)) {
    case U'ß':
    case U'ẞ': return {1, U"ss"};
    case U'ä':
    case U'Ä': return {1, U"ae"};
    case U'ö':
    case U'Ö': return {1, U"oe"};
    case U'ü':
    case U'Ü': return {1, U"ue"};
    case U's': return lower(1) == U's' ? OtherLetters{2, U"ß"} : OtherLetters();
    // The table has umlauts without their dots.
    case U'a': return lower(1) == U'e' ? OtherLetters{2, U"a", true} : OtherLetters();
    case U'o': return lower(1) == U'e' ? OtherLetters{2, U"o", true} : OtherLetters();
    case U'u': return lower(1) == U'e' ? OtherLetters{2, U"u", true} : OtherLetters();
    default: return {};
    }
}

/// @p word as it was typed, then its other spellings.
std::vector<Spelling> spellings(std::u32string_view word)
{
    constexpr std::size_t kMost = 8, kLeastLetters = 4; // "toe" is no "to"
    std::vector<Spelling> all(1);
    while (!word.empty()) {
        const OtherLetters letters = otherLetters(word);
        const std::size_t before = all.size();
        for (std::size_t i = 0; i < before; ++i) {
            if (!letters.other.empty() && all.size() < kMost)
                all.push_back({all[i].text + std::u32string(letters.other), all[i].isWhole || letters.isShorter});
            all[i].text += word.substr(0, letters.typed);
        }
        word.remove_prefix(letters.typed);
    }
    std::erase_if(all, [](const Spelling &spelling) { return spelling.isWhole && spelling.text.size() < kLeastLetters; });
    return all;
}

/// In quotation marks: nothing in it is an operator.
std::string phrase(std::u32string_view word)
{
    std::string quoted = "\"";
    for (const char letter : spaced(word))
        quoted += letter == '"' ? std::string("\"\"") : std::string(1, letter);
    return quoted + '"';
}

} // namespace

std::string searchText(std::string_view text)
{
    return spaced(inUsualWidth(text));
}

std::string textQuery(std::string_view words)
{
    constexpr std::size_t kMostQueries = 16;
    const std::u32string usual = inUsualWidth(words);
    std::u32string_view rest = usual;
    const auto skip = [&rest](bool (*isSkipped)(char32_t)) { rest.remove_prefix(static_cast<std::size_t>(std::ranges::find_if_not(rest, isSkipped) - rest.begin())); };
    std::vector<std::string> queries(1); // of these, any
    for (skip(isSpace); !rest.empty();) {
        const std::u32string_view typed = rest;
        skip([](char32_t code) { return !isSpace(code); });
        const std::u32string_view word = typed.substr(0, typed.size() - rest.size());
        skip(isSpace);
        std::vector<std::string> longer;
        for (const Spelling &spelling : spellings(word)) {
            const std::string end = phrase(spelling.text) + (rest.empty() && !spelling.isWhole ? "*" : "");
            for (const std::string &query : queries)
                if (longer.size() < kMostQueries)
                    longer.push_back(query.empty() ? end : query + ' ' + end);
        }
        queries = std::move(longer);
    }
    std::string any;
    for (const std::string &query : queries)
        any += (any.empty() ? "" : " OR ") + query;
    return any;
}

} // namespace auroraedge::app

#include "app/export/csv.h"

#include <algorithm>
#include <array>

namespace auroraedge::app {
namespace {

/// Whether quote marks, or none, stand before what a spreadsheet would run.
bool isLikeAFormula(std::string_view text)
{
    constexpr std::string_view kStarts("=+-@\t\r\n\0", 8);
    constexpr std::array<std::string_view, 4> kFullWidth{"＝", "＋", "－", "＠"}; // run where texts are written with them
    const std::size_t start = text.find_first_not_of('\'');
    if (start == text.npos)
        return false;
    text.remove_prefix(start);
    return kStarts.find(text[0]) != kStarts.npos || std::ranges::any_of(kFullWidth, [text](std::string_view sign) { return text.starts_with(sign); });
}

/// A field up to its comma or the end, which is taken off @p rest.
std::optional<std::string> takeField(std::string_view &rest)
{
    constexpr std::string_view kQuoted("\",\r\n");
    if (!rest.starts_with('"')) {
        std::string field(rest.substr(0, rest.find(',')));
        rest.remove_prefix(field.size());
        return field.find_first_of(kQuoted) == field.npos ? std::optional(std::move(field)) : std::nullopt;
    }
    std::string field;
    for (std::size_t i = 1; i < rest.size(); ++i) {
        const bool isTwo = rest.substr(i).starts_with("\"\"");
        if (rest[i] == '"' && !isTwo) {
            rest.remove_prefix(i + 1);
            return rest.empty() || rest[0] == ',' ? std::optional(std::move(field)) : std::nullopt;
        }
        i += isTwo ? 1 : 0;
        field += rest[i];
    }
    return std::nullopt; // its quote mark is missing
}

} // namespace

std::string csvField(std::string_view text)
{
    std::string field;
    if (isLikeAFormula(text))
        field = "'";
    for (const char character : text) {
        if (character == '"')
            field += '"';
        if (character != '\0')
            field += character;
    }
    if (field.find_first_of("\",\r\n") != std::string::npos)
        return '"' + field + '"';
    return field;
}

std::optional<std::vector<std::string>> csvTexts(std::string_view record)
{
    std::vector<std::string> texts;
    while (true) {
        std::optional<std::string> field = takeField(record);
        if (!field)
            return std::nullopt;
        if (field->starts_with('\'') && isLikeAFormula(*field))
            field->erase(0, 1);
        texts.push_back(*std::move(field));
        if (record.empty())
            return texts;
        record.remove_prefix(1);
    }
}

} // namespace auroraedge::app

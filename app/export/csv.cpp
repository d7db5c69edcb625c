#include "app/export/csv.h"

namespace auroraedge::app {

std::string csvField(std::string_view text)
{
    constexpr std::string_view kFormulaStarts("=+-@\t\r\0", 7);
    std::string field;
    if (!text.empty() && kFormulaStarts.find(text[0]) != std::string_view::npos)
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

} // namespace auroraedge::app

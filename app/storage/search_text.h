#pragma once

#include <string>
#include <string_view>

namespace auroraedge::app {

/// @p text as the full-text table has it: full- and half-width characters in their usual width, and a space round every
/// character of a script that is written without spaces (Chinese, Japanese, Thai, ...), so that a word of any length is found as
/// a phrase. Bytes that are no UTF-8 become spaces.
[[nodiscard]] std::string searchText(std::string_view text);

/// @p words as a query of that table: each must occur, the last one may be cut short. A German word is found in either of its
/// spellings: "Straße" and "STRASSE", "Oberfläche" and "Oberflaeche". Empty when there is no word.
[[nodiscard]] std::string textQuery(std::string_view words);

} // namespace auroraedge::app

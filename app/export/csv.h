#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace auroraedge::app {

/// One CSV field (RFC 4180). Text that a spreadsheet would run as a formula gets a quote mark before it, and so does such a
/// text behind quote marks, so that csvTexts() knows which one to take away. Bytes stay as they are, but for NUL, which no
/// spreadsheet reads.
[[nodiscard]] std::string csvField(std::string_view text);

/// The texts of a record of csvField()s, without its end of line. Nothing where csvField() could not have written it.
[[nodiscard]] std::optional<std::vector<std::string>> csvTexts(std::string_view record);

} // namespace auroraedge::app

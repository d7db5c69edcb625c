#pragma once

#include <string>
#include <string_view>

namespace auroraedge::app {

/// One CSV field (RFC 4180). Text that a spreadsheet would run as a formula gets a quote mark before it. Bytes stay as
/// they are, but for NUL, which no spreadsheet reads.
[[nodiscard]] std::string csvField(std::string_view text);

} // namespace auroraedge::app

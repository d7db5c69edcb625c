#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace auroraedge::app {

/// "2026-11-26T01:43:10.007Z" of milliseconds since 1970.
[[nodiscard]] std::string utcText(std::int64_t utcMs);

/// Milliseconds since 1970 of "2026-11-26", "2026-11-26T14:30" or "2026-11-26T14:30:05": the clock on the wall here, or
/// UTC with a Z at the end. A day alone is its first moment, or its last with @p isEnd. Nothing for any other text.
[[nodiscard]] std::optional<std::int64_t> utcMsOf(std::string_view text, bool isEnd);

} // namespace auroraedge::app

#pragma once

#include <string_view>

namespace auroraedge::engine {

/// Whether @p text is well-formed UTF-8 (no overlong forms, no surrogates).
[[nodiscard]] bool isUtf8(std::string_view text);

/// Whether @p text holds NUL or another control character than tab and line breaks. REQUIRES: well-formed UTF-8.
[[nodiscard]] bool hasControlCharacters(std::string_view text);

/// Whether @p text is empty or nothing but white space. REQUIRES: well-formed UTF-8.
[[nodiscard]] bool isBlank(std::string_view text);

} // namespace auroraedge::engine

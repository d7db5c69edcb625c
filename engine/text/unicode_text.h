#pragma once

#include <string>
#include <string_view>

namespace auroraedge::engine {

/// Whether @p text is whole, shortest-form UTF-8 without surrogates.
[[nodiscard]] bool isUtf8(std::string_view text);

/// Normalisation form C. REQUIRES: isUtf8(text), less than 1 GiB.
[[nodiscard]] std::string toNfc(std::string_view text);

/// Lower case letter by letter, blind to context: a final sigma stays an ordinary one, as tokenizer files expect.
/// REQUIRES: isUtf8(text), less than 1 GiB.
[[nodiscard]] std::string toLower(std::string_view text);

} // namespace auroraedge::engine

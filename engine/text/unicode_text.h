#pragma once

#include <string>
#include <string_view>

namespace auroraedge::engine {

/// Normalisation form C. REQUIRES: valid UTF-8, less than 1 GiB.
[[nodiscard]] std::string toNfc(std::string_view text);

/// Lower case letter by letter, blind to context: a final sigma stays an ordinary one, as tokenizer files expect.
/// REQUIRES: valid UTF-8, less than 1 GiB.
[[nodiscard]] std::string toLower(std::string_view text);

} // namespace auroraedge::engine

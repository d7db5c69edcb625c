#pragma once

#include "engine/api/result.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace auroraedge {

/// Text to token ids and back. Immutable after opening; const members may be called concurrently.
class TextCodec
{
public:
    virtual ~TextCodec() = default;

    /// Whether markers such as <|im_start|> in the text become control ids. User text: always Plain.
    enum class Markers { Plain = 1, Recognised };

    /// No BOS or EOS is added. @return ASK-03 for invalid UTF-8.
    virtual Result<std::vector<std::int64_t>> encode(std::string_view text, Markers markers) const = 0;
    /// @return the text; bytes that are not whole UTF-8 characters become U+FFFD. TOK-02 for an unknown id.
    virtual Result<std::string> decode(std::span<const std::int64_t> ids) const = 0;
    /// Raw bytes of one token, for streaming: collect until they form whole characters. Empty for control tokens.
    [[nodiscard]] virtual std::string tokenBytes(std::int64_t id) const = 0;
    /// Id of a marker or whole vocabulary entry, or -1.
    [[nodiscard]] virtual std::int64_t idOf(std::string_view entry) const = 0;
    /// Highest id + 1.
    [[nodiscard]] virtual std::int64_t size() const = 0;
};

} // namespace auroraedge

#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace auroraedge::engine {

/// The printable alphabet of byte-level BPE (GPT-2): each byte is written as one visible character in tokenizer.json.
class ByteAlphabet final
{
public:
    ByteAlphabet();

    /// UTF-8 of the characters that stand for @p bytes.
    [[nodiscard]] std::string written(std::string_view bytes) const;
    /// The bytes that @p characters stand for; nothing when a character is not of the alphabet.
    [[nodiscard]] std::optional<std::string> bytes(std::string_view characters) const;

private:
    std::array<char32_t, 256> m_characters{};
    std::array<int, 512> m_bytes{}; ///< by code point, -1 = none
};

} // namespace auroraedge::engine

#pragma once

#include "engine/api/result.h"
#include "engine/text/byte_alphabet.h"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace auroraedge::engine {

/// The "<0x0A>" by which vocabularies with byte_fallback name a byte.
std::string nameOfByte(unsigned byte);

/// What the entries of a vocabulary stand for: the "decoder" of a tokenizer.json.
class TokenDecoder final
{
public:
    /// Knows ByteLevel, and, for a vocabulary with byte_fallback, a Sequence of Replace, ByteFallback, Fuse and Strip in this
    /// order. Where the file names none, what such a vocabulary has by nature. @return TOK-02 naming any other.
    static Result<TokenDecoder> create(const nlohmann::json &part, bool isByteLevel);

    [[nodiscard]] std::string bytesOf(std::string_view entry) const;
    /// @p text of joined entries without what encoding put before the first.
    [[nodiscard]] std::string stripped(std::string text) const;

private:
    Result<void> addFallbackStep(const nlohmann::json &part);

    enum class Stage { Entries = 1, Bytes, Fused };

    bool m_isByteLevel = true;
    Stage m_stage = Stage::Entries; ///< how far the steps read have come
    ByteAlphabet m_alphabet;
    std::vector<std::pair<std::string, std::string>> m_replacements; ///< what, by what
    std::string m_strip; ///< one character
    std::size_t m_stripCount = 0;
};

} // namespace auroraedge::engine

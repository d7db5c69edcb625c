#pragma once

#include "engine/text/text_splitter.h"

#include <nlohmann/json_fwd.hpp>

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace auroraedge::engine {

/// Cuts a normalised text into the pieces that merges never cross: the "pre_tokenizer" of a tokenizer.json.
/// Concurrent use is safe.
class PreTokenizer final
{
public:
    /// None empty.
    struct Pieces
    {
        std::vector<std::string_view> views; ///< into the text that was cut, or into owned
        std::deque<std::string> owned;       ///< the pieces that got a space
    };

    PreTokenizer() = default; ///< cuts nothing
    /// Knows ByteLevel, Digits, Split (Isolated and Removed) and a Sequence of them. @return TOK-02 naming any other.
    static Result<PreTokenizer> create(const nlohmann::json &part);

    /// Whether the pieces are to be encoded byte by byte.
    [[nodiscard]] bool isByteLevel() const { return m_isByteLevel; }
    /// REQUIRES: valid UTF-8. @return TOK-02 when a pattern needs too many steps for this text.
    Result<Pieces> split(std::string_view text) const;

private:
    struct Cut
    {
        std::optional<TextSplitter> splitter;
        bool hasPrefixSpace = false; ///< a space goes before each piece that has none
    };
    Result<void> add(const nlohmann::json &part);

    std::vector<Cut> m_cuts;
    bool m_isByteLevel = false;
};

} // namespace auroraedge::engine

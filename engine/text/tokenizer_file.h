#pragma once

#include "engine/api/result.h"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace auroraedge::engine {

/// Many short texts in one piece of memory.
class PackedTexts final
{
public:
    void add(std::string_view text)
    {
        m_bytes += text;
        m_ends.push_back(static_cast<std::uint32_t>(m_bytes.size()));
    }
    [[nodiscard]] std::size_t size() const { return m_ends.size(); }
    [[nodiscard]] std::string_view operator[](std::size_t i) const
    {
        const std::size_t begin = i > 0 ? m_ends[i - 1] : 0;
        return std::string_view(m_bytes).substr(begin, m_ends[i] - begin);
    }

private:
    std::string m_bytes;
    std::vector<std::uint32_t> m_ends;
};

/// What a tokenizer.json holds. Its two long lists are packed as they are read: as a document tree each of their
/// values would take ten times its bytes in the file.
struct TokenizerFile
{
    nlohmann::json settings;        ///< the document; model.vocab and model.merges are null in it
    PackedTexts entries;            ///< of model.vocab, in the file's order
    std::vector<std::uint64_t> ids; ///< of the entries
    PackedTexts merges;             ///< left and right of the first merge, of the second ...
    bool hasVocabulary = false;
    bool hasMerges = false;

    /// Reading, and a tokenizer made of what was read, take less than 64 MiB more than @p text.
    /// @return TOK-02 for what is not JSON, gives a key twice, or would take more; and for an id that is not a whole number
    ///         or a merge that is not two entries, which it names.
    static Result<TokenizerFile> parse(std::string_view text);
};

} // namespace auroraedge::engine

#pragma once

#include "engine/api/result.h"

#include <nlohmann/json_fwd.hpp>

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace auroraedge::engine {

/// Cuts text by a regular expression as tokenizer files write it (\s is Unicode's White_Space). Concurrent use is safe.
class TextSplitter final
{
public:
    /// What becomes of the matches and of what lies between them.
    enum class Keep { Both = 1, Matches, Gaps };

    /// @return TOK-02 for a pattern that does not compile.
    static Result<TextSplitter> create(std::string_view pattern, Keep keep, bool isLiteral = false);
    /// From a "pattern" of a tokenizer.json: {"Regex": ...} or {"String": ...}. @return TOK-02, also for any other.
    static Result<TextSplitter> fromPattern(const nlohmann::json &pattern, Keep keep);
    ~TextSplitter();
    TextSplitter(TextSplitter &&) noexcept;
    TextSplitter &operator=(TextSplitter &&) noexcept;

    /// The pieces of each of @p texts, in order: views into it, none empty. REQUIRES: valid UTF-8.
    /// @return TOK-02 when the pattern needs too many steps on a text.
    Result<std::vector<std::string_view>> split(std::span<const std::string_view> texts) const;
    /// @p text with each match replaced. Errors as split(), and TOK-02 when the result might pass 1 GiB.
    Result<std::string> replace(std::string_view text, std::string_view replacement) const;

private:
    struct Program;
    explicit TextSplitter(std::unique_ptr<Program> program);

    std::unique_ptr<Program> m_program;
};

} // namespace auroraedge::engine

#include "engine/text/text_splitter.h"

#include "engine/text/json_part.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

namespace auroraedge::engine {

namespace {

constexpr std::size_t kLongestReplaced = std::size_t{1} << 30; // bytes; what follows counts in int

struct Release
{
    void operator()(pcre2_code *code) const { pcre2_code_free(code); }
    void operator()(pcre2_match_data *data) const { pcre2_match_data_free(data); }
    void operator()(pcre2_match_context *context) const { pcre2_match_context_free(context); }
    void operator()(pcre2_jit_stack *stack) const { pcre2_jit_stack_free(stack); }
};

/// PCRE2's \s also takes U+180E, which lost White_Space in Unicode 6.3; tokenizer files mean the property.
std::string withUnicodeSpaces(std::string_view pattern)
{
    std::string rewritten;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        if (pattern[i] != '\\' || i + 1 == pattern.size()) {
            rewritten += pattern[i];
            continue;
        }
        const char escaped = pattern[++i];
        if (escaped == 's')
            rewritten += "\\p{White_Space}";
        else if (escaped == 'S')
            rewritten += "\\P{White_Space}";
        else
            rewritten.append({'\\', escaped});
    }
    return rewritten;
}

std::size_t nextCharacter(std::string_view text, std::size_t at)
{
    do
        ++at;
    while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80);
    return at;
}

/// What one thread needs to run a pattern.
class Matcher final
{
public:
    explicit Matcher(const pcre2_code *code)
        : m_code(code), m_context(pcre2_match_context_create(nullptr)), m_data(pcre2_match_data_create_from_pattern(code, nullptr)),
          m_stack(pcre2_jit_stack_create(32 << 10, 16 << 20, nullptr))
    {
        pcre2_jit_stack_assign(m_context.get(), nullptr, m_stack.get());
        pcre2_set_match_limit(m_context.get(), 50'000'000);
        pcre2_set_heap_limit(m_context.get(), 64 << 10); // KiB; for a pattern that the JIT cannot take
    }

    /// Calls visit(begin, end) for each match that is not empty.
    template <typename Visit>
    Result<void> forEach(std::string_view text, Visit visit)
    {
        for (std::size_t from = 0; from < text.size();) {
            const int found = find(text, from);
            if (found == 0)
                break;
            if (found < 0)
                return failure(code::TokenizerEntry, "the tokenizer's pattern needs too many steps for this text");
            if (end() > begin())
                visit(begin(), end());
            from = end() > from ? end() : nextCharacter(text, from);
        }
        return {};
    }

private:
    /// First match at or after @p from: 1 found, 0 none, negative: gave up.
    int find(std::string_view text, std::size_t from)
    {
        const int count = pcre2_match(m_code, reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(), from,
                                      PCRE2_NO_UTF_CHECK, m_data.get(), m_context.get());
        return count > 0 ? 1 : count == PCRE2_ERROR_NOMATCH ? 0 : -1;
    }
    [[nodiscard]] std::size_t begin() const { return pcre2_get_ovector_pointer(m_data.get())[0]; }
    [[nodiscard]] std::size_t end() const { return pcre2_get_ovector_pointer(m_data.get())[1]; }

    const pcre2_code *m_code;
    std::unique_ptr<pcre2_match_context, Release> m_context;
    std::unique_ptr<pcre2_match_data, Release> m_data;
    std::unique_ptr<pcre2_jit_stack, Release> m_stack;
};

} // namespace

struct TextSplitter::Program
{
    std::unique_ptr<pcre2_code, Release> code;
    Keep keep;
};

TextSplitter::TextSplitter(std::unique_ptr<Program> program) : m_program(std::move(program)) {}
TextSplitter::~TextSplitter() = default;
TextSplitter::TextSplitter(TextSplitter &&) noexcept = default;
TextSplitter &TextSplitter::operator=(TextSplitter &&) noexcept = default;

Result<TextSplitter> TextSplitter::create(std::string_view pattern, Keep keep, bool isLiteral)
{
    const std::string rewritten = isLiteral ? std::string(pattern) : withUnicodeSpaces(pattern);
    const std::uint32_t options = isLiteral ? PCRE2_UTF | PCRE2_LITERAL : PCRE2_UTF | PCRE2_UCP | PCRE2_NEVER_BACKSLASH_C;
    int error = 0;
    std::size_t offset = 0;
    auto program = std::make_unique<Program>();
    program->keep = keep;
    program->code.reset(pcre2_compile(reinterpret_cast<PCRE2_SPTR>(rewritten.data()), rewritten.size(), options, &error, &offset, nullptr));
    if (!program->code) {
        PCRE2_UCHAR text[256] = {};
        pcre2_get_error_message(error, text, sizeof text);
        return failure(code::TokenizerEntry, "the tokenizer's pattern does not compile at " + std::to_string(offset) + ": " + reinterpret_cast<const char *>(text), std::string(pattern));
    }
    pcre2_jit_compile(program->code.get(), PCRE2_JIT_COMPLETE); // without a JIT the same matches come slower
    return TextSplitter(std::move(program));
}

Result<TextSplitter> TextSplitter::fromPattern(const nlohmann::json &pattern, Keep keep)
{
    if (const nlohmann::json &regex = member(pattern, "Regex"); regex.is_string())
        return create(regex.get_ref<const std::string &>(), keep);
    if (const nlohmann::json &literal = member(pattern, "String"); literal.is_string())
        return create(literal.get_ref<const std::string &>(), keep, true);
    return badEntry("a pattern is neither Regex nor String");
}

Result<std::vector<std::string_view>> TextSplitter::split(std::span<const std::string_view> texts) const
{
    Matcher matcher(m_program->code.get());
    std::vector<std::string_view> pieces;
    for (const std::string_view text : texts) {
        std::size_t done = 0;
        const auto gap = [&](std::size_t end) {
            if (m_program->keep != Keep::Matches && end > done)
                pieces.push_back(text.substr(done, end - done));
        };
        const Result<void> walked = matcher.forEach(text, [&](std::size_t begin, std::size_t end) {
            gap(begin);
            if (m_program->keep != Keep::Gaps)
                pieces.push_back(text.substr(begin, end - begin));
            done = end;
        });
        if (!walked)
            return failure(walked.error());
        gap(text.size());
    }
    return pieces;
}

Result<std::string> TextSplitter::replace(std::string_view text, std::string_view replacement) const
{
    if (text.size() > kLongestReplaced / (replacement.size() + 1)) // each character may be a match
        return failure(code::TokenizerEntry, "the text is too long for the tokenizer's replacements");
    Matcher matcher(m_program->code.get());
    std::string replaced;
    std::size_t done = 0;
    const Result<void> walked = matcher.forEach(text, [&](std::size_t begin, std::size_t end) {
        replaced.append(text.substr(done, begin - done)).append(replacement);
        done = end;
    });
    if (!walked)
        return failure(walked.error());
    return replaced.append(text.substr(done));
}

} // namespace auroraedge::engine

#include "engine/text/pre_tokenizer.h"

#include "engine/text/json_part.h"

namespace auroraedge::engine {

namespace {

using Keep = TextSplitter::Keep;

/// GPT-2's pattern, which a ByteLevel pre-tokenizer with use_regex means.
constexpr std::string_view kByteLevelPattern
    = R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)";

} // namespace

Result<PreTokenizer> PreTokenizer::create(const nlohmann::json &part)
{
    PreTokenizer preTokenizer;
    const Result<void> added
        = forEachStep(part, "pre_tokenizer", "pretokenizers", [&](const nlohmann::json &step) { return preTokenizer.add(step); });
    if (!added)
        return failure(added.error());
    return preTokenizer;
}

Result<void> PreTokenizer::add(const nlohmann::json &part)
{
    const std::string type = typeOf(part);
    if (m_isByteLevel)
        return unknown("pre_tokenizer " + type + " after ByteLevel");
    Cut cut;
    const auto addCut = [&](Result<TextSplitter> splitter) -> Result<void> {
        if (!splitter)
            return failure(splitter.error());
        cut.splitter = std::move(*splitter);
        m_cuts.push_back(std::move(cut));
        return {};
    };
    if (type == "ByteLevel") {
        m_isByteLevel = true;
        cut.hasPrefixSpace = isTrue(part, "add_prefix_space", true);
        if (isTrue(part, "use_regex", true))
            return addCut(TextSplitter::create(kByteLevelPattern, Keep::Both));
        if (cut.hasPrefixSpace)
            m_cuts.push_back(std::move(cut));
        return {};
    }
    if (type == "Digits")
        return addCut(TextSplitter::create(isTrue(part, "individual_digits") ? R"(\p{N})" : R"(\p{N}+)", Keep::Both));
    if (type == "Split") {
        const nlohmann::json &behaviour = member(part, "behavior");
        if (behaviour == "Isolated")
            return addCut(TextSplitter::fromPattern(member(part, "pattern"), Keep::Both));
        if (behaviour == "Removed")
            return addCut(TextSplitter::fromPattern(member(part, "pattern"), isTrue(part, "invert") ? Keep::Matches : Keep::Gaps));
        return unknown("Split behavior " + behaviour.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace));
    }
    return unknown("pre_tokenizer " + type);
}

Result<PreTokenizer::Pieces> PreTokenizer::split(std::string_view text) const
{
    Pieces pieces;
    if (!text.empty())
        pieces.views.push_back(text);
    for (const Cut &cut : m_cuts) {
        if (cut.hasPrefixSpace) {
            for (std::string_view &piece : pieces.views) {
                if (!piece.starts_with(' '))
                    piece = pieces.owned.emplace_back(" " + std::string(piece));
            }
        }
        if (!cut.splitter)
            continue;
        Result<std::vector<std::string_view>> split = cut.splitter->split(pieces.views);
        if (!split)
            return failure(split.error());
        pieces.views = std::move(*split);
    }
    return pieces;
}

} // namespace auroraedge::engine

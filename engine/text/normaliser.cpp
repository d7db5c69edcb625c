#include "engine/text/normaliser.h"

#include "engine/text/json_part.h"
#include "engine/text/text_splitter.h"
#include "engine/text/unicode_text.h"

#include <memory>

namespace auroraedge::engine {

Result<Normaliser> Normaliser::create(const nlohmann::json &part)
{
    Normaliser normaliser;
    const Result<void> added
        = forEachStep(part, "normalizer", "normalizers", [&](const nlohmann::json &step) { return normaliser.add(step); });
    if (!added)
        return failure(added.error());
    return normaliser;
}

Result<void> Normaliser::add(const nlohmann::json &part)
{
    const std::string type = typeOf(part);
    if (type == "NFC") {
        m_steps.emplace_back([](const std::string &text) { return toNfc(text); });
        return {};
    }
    if (type == "Lowercase") {
        m_steps.emplace_back([](const std::string &text) { return toLower(text); });
        return {};
    }
    if (type == "Prepend" && member(part, "prepend").is_string()) {
        m_steps.emplace_back([prefix = part["prepend"].get<std::string>()](const std::string &text) { return text.empty() ? text : prefix + text; });
        return {};
    }
    if (type == "Replace" && member(part, "content").is_string()) {
        Result<TextSplitter> splitter = TextSplitter::fromPattern(member(part, "pattern"), TextSplitter::Keep::Both);
        if (!splitter)
            return failure(splitter.error());
        m_steps.emplace_back([splitter = std::make_shared<TextSplitter>(std::move(*splitter)),
                              content = part["content"].get<std::string>()](const std::string &text) { return splitter->replace(text, content); });
        return {};
    }
    return unknown("normalizer " + type);
}

Result<std::string> Normaliser::apply(std::string_view text) const
{
    Result<std::string> normalised = std::string(text);
    for (const Step &step : m_steps) {
        normalised = step(*normalised);
        if (!normalised)
            break;
    }
    return normalised;
}

} // namespace auroraedge::engine

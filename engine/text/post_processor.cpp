#include "engine/text/post_processor.h"

#include "engine/io/untrusted_text.h"
#include "engine/text/json_part.h"

namespace auroraedge::engine {

namespace {

using nlohmann::json;
using IdOf = std::function<std::int64_t(std::string_view)>;

Result<void> checkMarker(const json &entry, const json &id, const IdOf &idOf)
{
    if (!entry.is_string() || !id.is_number_unsigned())
        return badEntry("a marker of the post_processor has no entry or no id");
    const auto &name = entry.get_ref<const std::string &>();
    const std::int64_t known = idOf(name);
    if (known < 0)
        return badEntry("post_processor: " + shown(name) + " is not in the vocabulary");
    if (id != known)
        return badEntry("post_processor: " + shown(name) + " has id " + std::to_string(known) + ", not " + id.dump());
    return {};
}

Result<void> checkTemplate(const json &part, const IdOf &idOf)
{
    const json &markers = member(part, "special_tokens");
    if (!markers.is_object() && !markers.is_null())
        return badEntry("special_tokens of the post_processor is not an object");
    for (const json &marker : markers) {
        const json &entries = member(marker, "tokens");
        const json &ids = member(marker, "ids");
        if (!entries.is_array() || !ids.is_array() || entries.size() != ids.size())
            return badEntry("a marker of the post_processor has no entry or no id");
        for (std::size_t i = 0; i < ids.size(); ++i) {
            const Result<void> checked = checkMarker(entries[i], ids[i], idOf);
            if (!checked)
                return checked;
        }
    }
    return {};
}

Result<void> checkStep(const json &part, const IdOf &idOf)
{
    const std::string type = typeOf(part);
    if (type == "ByteLevel") // it only moves offsets
        return {};
    if (type == "TemplateProcessing")
        return checkTemplate(part, idOf);
    if (type != "RobertaProcessing" && type != "BertProcessing")
        return unknown("post_processor " + type);
    for (const char *place : {"cls", "sep"}) {
        const json &marker = member(part, place);
        if (!marker.is_array() || marker.size() != 2)
            return badEntry(std::string("post_processor: ") + place + " is not an entry and an id");
        const Result<void> checked = checkMarker(marker[0], marker[1], idOf);
        if (!checked)
            return checked;
    }
    return {};
}

} // namespace

Result<void> checkPostProcessor(const json &part, const IdOf &idOf)
{
    return forEachStep(part, "post_processor", "processors", [&](const json &step) { return checkStep(step, idOf); });
}

} // namespace auroraedge::engine

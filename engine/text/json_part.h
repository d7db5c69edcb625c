#pragma once

#include "engine/api/result.h"

#include <nlohmann/json.hpp>

#include <string>

namespace auroraedge::engine {

// What reading the parts of a tokenizer.json has in common: each is an object with a "type", and what is not known is an
// error that names it.

/// @p object's member @p key; null when it has none.
inline const nlohmann::json &member(const nlohmann::json &object, const char *key)
{
    static const nlohmann::json kNull;
    if (!object.is_object())
        return kNull;
    const auto found = object.find(key);
    return found == object.end() ? kNull : *found;
}

inline bool isTrue(const nlohmann::json &object, const char *key, bool byDefault = false)
{
    const nlohmann::json &value = member(object, key);
    return value.is_boolean() ? value.get<bool>() : byDefault;
}

inline std::string typeOf(const nlohmann::json &object)
{
    const nlohmann::json &type = member(object, "type");
    return type.is_string() ? type.get<std::string>() : "without a type";
}

inline Failure badEntry(const std::string &what)
{
    return failure(code::TokenizerEntry, "tokenizer.json: " + what, what);
}

inline Failure unknown(const std::string &part)
{
    return failure(code::TokenizerEntry, "tokenizer.json: " + part + " is not supported", part);
}

/// Calls add for @p part, or, when it is a Sequence, for each step that it lists under @p listKey, until one fails.
template <typename Add>
Result<void> forEachStep(const nlohmann::json &part, const char *kind, const char *listKey, Add add)
{
    if (part.is_null())
        return {};
    if (typeOf(part) != "Sequence" || !member(part, listKey).is_array())
        return add(part);
    for (const nlohmann::json &step : part[listKey]) {
        if (typeOf(step) == "Sequence")
            return unknown(std::string(kind) + " Sequence in a Sequence");
        const Result<void> added = add(step);
        if (!added)
            return added;
    }
    return {};
}

} // namespace auroraedge::engine

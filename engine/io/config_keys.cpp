#include "engine/io/config_keys.h"

#include "engine/io/untrusted_text.h"

#include <algorithm>
#include <cstdio>

namespace auroraedge::engine {

using nlohmann::json;

ConfigKeys::ConfigKeys(const json &object, std::string prefix, std::optional<Error> &complaint)
    : m_object(object), m_prefix(std::move(prefix)), m_complaint(complaint)
{
    if (!m_object.is_object())
        complain("is not an object");
}

const json *ConfigKeys::find(const char *key) const
{
    if (!m_object.is_object())
        return nullptr;
    const auto found = m_object.find(key);
    return found == m_object.end() || found->is_null() ? nullptr : &*found;
}

std::string_view ConfigKeys::text(const char *key) const
{
    const json *found = find(key);
    return found && found->is_string() ? std::string_view(found->get_ref<const std::string &>()) : std::string_view();
}

void ConfigKeys::integer(const char *key, std::int64_t &value, std::int64_t low, std::int64_t high)
{
    const json *found = find(key);
    if (!found)
        return;
    const bool isFitting = found->is_number_integer() && (!found->is_number_unsigned() || found->get<std::uint64_t>() <= static_cast<std::uint64_t>(high));
    if (!isFitting || found->get<std::int64_t>() < low || found->get<std::int64_t>() > high)
        return complain(std::string(key) + " " + textOf(*found) + " is outside " + std::to_string(low) + ".." + std::to_string(high));
    value = found->get<std::int64_t>();
}

void ConfigKeys::real(const char *key, double &value, double low, double high)
{
    const json *found = find(key);
    if (!found)
        return;
    if (!found->is_number() || !(found->get<double>() >= low && found->get<double>() <= high)) {
        char range[64];
        std::snprintf(range, sizeof range, " is outside %g..%g", low, high);
        return complain(std::string(key) + " " + textOf(*found) + range);
    }
    value = found->get<double>();
}

void ConfigKeys::boolean(const char *key, bool &value)
{
    const json *found = find(key);
    if (!found)
        return;
    if (!found->is_boolean())
        return complain(std::string(key) + " " + textOf(*found) + " is not true or false");
    value = found->get<bool>();
}

void ConfigKeys::require(const char *key, const json &only)
{
    const json *found = find(key);
    if (found && *found != only)
        complain(std::string(key) + " " + textOf(*found) + " is not supported, only " + textOf(only));
}

ConfigKeys ConfigKeys::under(const char *key) const
{
    static const json kEmpty = json::object();
    const json *found = find(key);
    return {found ? *found : kEmpty, m_prefix + key + ".", m_complaint};
}

void ConfigKeys::onlyKnown(std::initializer_list<std::string_view> known)
{
    if (!m_object.is_object())
        return;
    for (const auto &[key, value] : m_object.items()) {
        if (std::find(known.begin(), known.end(), key) == known.end())
            complain(shown(key) + " is an unknown key");
    }
}

void ConfigKeys::complain(const std::string &what, ErrorCode errorCode)
{
    if (!m_complaint)
        m_complaint = Error{errorCode, m_prefix + what, m_prefix};
}

std::string ConfigKeys::textOf(const json &value)
{
    if (value.is_string())
        return shown(value.get_ref<const std::string &>());
    return value.is_structured() ? (value.is_array() ? "[...]" : "{...}") : value.dump();
}

} // namespace auroraedge::engine

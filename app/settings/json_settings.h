#pragma once

#include "engine/api/result.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace auroraedge::app {

/// Reads the settings of one object and remembers the first mistake; a setting that nobody read is a mistake too.
class JsonSettings final
{
public:
    JsonSettings(const nlohmann::json &object, std::string where) : m_object(object), m_where(std::move(where))
    {
        if (!object.is_object())
            complain(code::RecipeValue, m_where + " is not an object");
    }

    [[nodiscard]] bool has(const char *key) const { return m_object.is_object() && m_object.contains(key); }

    /// Leaves @p value as it is when the setting is absent.
    template <typename T>
    void read(const char *key, T &value)
    {
        m_known.insert(key);
        if (!has(key))
            return;
        const nlohmann::json &found = m_object.at(key);
        if (isA<T>(found))
            value = found.get<T>();
        else if constexpr (std::is_same_v<T, std::vector<std::string>>) {
            if (found.is_string()) // a list of one
                value = {found.get<std::string>()};
            else
                complain(code::RecipeValue, "'" + std::string(key) + "' of " + m_where + " is not a text or a list of texts");
        } else
            complain(code::RecipeValue, "'" + std::string(key) + "' of " + m_where + " is not " + kindOf<T>());
    }
    template <typename T>
    void require(const char *key, T &value)
    {
        if (!has(key))
            complain(code::RecipeValue, m_where + " has no '" + std::string(key) + "'");
        read(key, value);
    }
    /// The value of any kind; null when absent.
    const nlohmann::json *raw(const char *key)
    {
        m_known.insert(key);
        return has(key) ? &m_object.at(key) : nullptr;
    }
    void check(bool isGood, const std::string &complaint)
    {
        if (!isGood)
            complain(code::RecipeValue, m_where + ": " + complaint);
    }
    [[nodiscard]] Result<void> finish()
    {
        if (m_error)
            return failure(*m_error);
        for (const auto &[key, value] : m_object.items()) {
            if (!m_known.contains(key))
                return failure(code::RecipeKey, "unknown setting '" + key + "' in " + m_where, key);
        }
        return {};
    }

private:
    template <typename T>
    static bool isA(const nlohmann::json &value)
    {
        if constexpr (std::is_same_v<T, bool>)
            return value.is_boolean();
        else if constexpr (std::is_same_v<T, std::string>)
            return value.is_string();
        else if constexpr (std::is_same_v<T, int>)
            return value.is_number_integer() && value >= -2'147'483'647 && value <= 2'147'483'647;
        else if constexpr (std::is_same_v<T, std::uint64_t>)
            return value.is_number_unsigned();
        else if constexpr (std::is_same_v<T, double>)
            return value.is_number();
        else
            return value.is_array()
                && std::all_of(value.begin(), value.end(), [](const nlohmann::json &item) { return isA<typename T::value_type>(item); });
    }
    template <typename T>
    static std::string kindOf()
    {
        if constexpr (std::is_same_v<T, bool>)
            return "true or false";
        else if constexpr (std::is_same_v<T, std::string>)
            return "a text";
        else if constexpr (std::is_same_v<T, int> || std::is_same_v<T, std::uint64_t>)
            return "a whole number";
        else if constexpr (std::is_same_v<T, double>)
            return "a number";
        else
            return "a list of the right kind";
    }
    void complain(ErrorCode errorCode, std::string message)
    {
        if (!m_error)
            m_error = Error{errorCode, std::move(message), m_where};
    }

    const nlohmann::json &m_object;
    std::string m_where;
    std::set<std::string> m_known;
    std::optional<Error> m_error;
};

} // namespace auroraedge::app

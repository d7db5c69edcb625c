#pragma once

#include "engine/api/result.h"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace auroraedge::engine {

/// Typed, ranged reading of one JSON object of a model's config. A missing or null key leaves the value as it is; the
/// first complaint (CFG-01 with the key and what it may be) is kept and later ones are dropped, so that a reader needs
/// no branches.
class ConfigKeys final
{
public:
    /// @param prefix before every key in messages. The object and @p complaint outlive the keys.
    ConfigKeys(const nlohmann::json &object, std::string prefix, std::optional<Error> &complaint);

    /// Null for a key that is missing or null.
    [[nodiscard]] const nlohmann::json *find(const char *key) const;
    [[nodiscard]] bool has(const char *key) const { return find(key) != nullptr; }
    /// The text of @p key, empty when it is no text.
    [[nodiscard]] std::string_view text(const char *key) const;

    void integer(const char *key, std::int64_t &value, std::int64_t low, std::int64_t high);
    void real(const char *key, double &value, double low, double high);
    void boolean(const char *key, bool &value);
    template <typename T>
    void choice(const char *key, T &value, std::initializer_list<std::pair<const char *, T>> choices)
    {
        const nlohmann::json *found = find(key);
        if (!found)
            return;
        std::string known;
        for (const auto &[name, meaning] : choices) {
            if (*found == name) {
                value = meaning;
                return;
            }
            known += (known.empty() ? "" : ", ") + std::string(name);
        }
        complain(std::string(key) + " " + textOf(*found) + " is not one of: " + known);
    }
    /// Refuses @p key when it is there and not @p only: what this program does not compute must not be read over.
    void require(const char *key, const nlohmann::json &only);

    /// The keys of a nested object; of an empty one when there is none.
    [[nodiscard]] ConfigKeys under(const char *key) const;
    /// A key nobody reads is a typing error that would silently leave a default in force.
    void onlyKnown(std::initializer_list<std::string_view> known);

    void complain(const std::string &what, ErrorCode errorCode = code::ConfigValue);
    /// A value as the file has it, for a message.
    static std::string textOf(const nlohmann::json &value);

private:
    const nlohmann::json &m_object;
    std::string m_prefix;
    std::optional<Error> &m_complaint;
};

} // namespace auroraedge::engine

#include "engine/io/json_document.h"

#include "engine/io/mapped_file.h"
#include "engine/io/untrusted_text.h"

#include <string>
#include <utility>
#include <vector>

namespace auroraedge::engine {

namespace {

using nlohmann::json;

/// Builds the document and stops at the first fault. The library's own builder keeps the last of two equal keys and
/// knows no limits.
class DocumentBuilder final : public nlohmann::json_sax<json>
{
public:
    DocumentBuilder(ErrorCode errorCode, std::string what, const JsonLimits &limits)
        : m_errorCode(errorCode), m_what(std::move(what)), m_limits(limits)
    {
    }

    Result<json> finished(bool isWhole)
    {
        if (isWhole && !m_fault)
            return std::move(m_document);
        return failure(m_fault ? std::move(*m_fault) : Error{m_errorCode, m_what + " is not valid JSON", m_what});
    }

    bool null() override { return place(nullptr) != nullptr; }
    bool boolean(bool value) override { return place(value) != nullptr; }
    bool number_integer(number_integer_t value) override { return place(value) != nullptr; }
    bool number_unsigned(number_unsigned_t value) override { return place(value) != nullptr; }
    bool number_float(number_float_t value, const string_t &) override { return place(value) != nullptr; }
    bool string(string_t &value) override { return place(std::move(value)) != nullptr; }
    bool binary(binary_t &) override { return false; } // not in JSON text
    bool start_object(std::size_t) override { return open(json::object()); }
    bool start_array(std::size_t) override { return open(json::array()); }
    bool end_object() override { return close(); }
    bool end_array() override { return close(); }

    bool key(string_t &name) override
    {
        json &object = *m_open.back();
        if (m_open.size() == 1 && object.size() >= m_limits.maxNames)
            return stop(m_limits.tooManyNames.value_or(m_errorCode), " has more than " + std::to_string(m_limits.maxNames) + " entries");
        const auto [place, isNew] = object.get_ref<json::object_t &>().try_emplace(name, nullptr);
        if (!isNew)
            return stop(m_limits.duplicateKey.value_or(m_errorCode), " lists " + shown(name) + " twice");
        m_value = &place->second;
        return true;
    }

    bool parse_error(std::size_t position, const std::string &, const json::exception &) override
    {
        return stop(m_errorCode, " is not valid JSON at byte " + std::to_string(position));
    }

private:
    /// Where the next value belongs gets @p value.
    template <typename Value>
    json *place(Value &&value)
    {
        if (++m_values > m_limits.maxValues) {
            stop(m_errorCode, " holds more than " + std::to_string(m_limits.maxValues) + " values");
            return nullptr;
        }
        json *target = &m_document;
        if (!m_open.empty() && m_open.back()->is_array())
            target = &m_open.back()->emplace_back();
        else if (!m_open.empty())
            target = m_value;
        *target = std::forward<Value>(value);
        return target;
    }

    bool open(json container)
    {
        if (m_open.size() >= static_cast<std::size_t>(m_limits.maxDepth))
            return stop(m_errorCode, " is nested too deep");
        json *placed = place(std::move(container));
        if (placed)
            m_open.push_back(placed); // stays put: an outer container grows only after this one is closed
        return placed != nullptr;
    }

    bool close()
    {
        m_open.pop_back();
        return true;
    }

    bool stop(ErrorCode errorCode, const std::string &message)
    {
        if (!m_fault)
            m_fault = Error{errorCode, m_what + message, m_what};
        return false;
    }

    ErrorCode m_errorCode;
    std::string m_what;
    const JsonLimits &m_limits;
    json m_document;
    std::vector<json *> m_open;
    json *m_value = nullptr; ///< of the key read last
    std::size_t m_values = 0;
    std::optional<Error> m_fault;
};

} // namespace

Result<json> parseJson(std::string_view text, ErrorCode errorCode, std::string_view what, const JsonLimits &limits)
{
    const std::string name(what);
    if (text.size() > limits.maxBytes)
        return failure(errorCode, name + " is larger than " + std::to_string(limits.maxBytes >> 20) + " MiB", name);
    if (text.starts_with("\xEF\xBB\xBF")) // the library would skip it
        return failure(errorCode, name + " is not valid JSON at byte 1: it starts with a byte-order mark", name);
    DocumentBuilder builder(errorCode, name, limits);
    const bool isWhole = json::sax_parse(text.begin(), text.end(), &builder);
    return builder.finished(isWhole);
}

Result<json> readJsonFile(const std::filesystem::path &path, ErrorCode errorCode, const JsonLimits &limits)
{
    const auto file = MappedFile::open(path);
    if (!file) {
        if (file.error().code == code::FileNotFound)
            return failure(code::ModelFolder, path.parent_path().string() + " has no " + path.filename().string(), path.string());
        return failure(file.error());
    }
    return parseJson((*file)->text(), errorCode, path.filename().string(), limits);
}

} // namespace auroraedge::engine

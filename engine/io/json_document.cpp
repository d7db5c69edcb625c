#include "engine/io/json_document.h"

#include "engine/io/mapped_file.h"
#include "engine/io/untrusted_text.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace auroraedge::engine {

namespace {

using nlohmann::json;

// What a value takes in memory at most: as a member of an object, with a container of its own.
constexpr std::size_t kMemoryOfValue = 200; // and its text and that of its name
constexpr std::size_t kLongestWord = std::size_t{1} << 20;

/// Builds the document and stops at the first fault. The library's own builder keeps the last of two equal keys and
/// knows no limits.
class DocumentBuilder final : public nlohmann::json_sax<json>
{
public:
    /// @param take gets the members of the outermost object, which is then not built; may be empty.
    DocumentBuilder(ErrorCode errorCode, std::string what, const JsonLimits &limits, const JsonMemberTaker &take)
        : m_errorCode(errorCode), m_what(std::move(what)), m_limits(limits), m_take(take)
    {
    }

    Result<json> finished(bool isWhole)
    {
        if (isWhole && !m_fault)
            return std::move(m_document);
        return failure(m_fault ? std::move(*m_fault) : Error{m_errorCode, m_what + " is not valid JSON", m_what});
    }

    bool null() override { return addScalar(nullptr); }
    bool boolean(bool value) override { return addScalar(value); }
    bool number_integer(number_integer_t value) override { return addScalar(value); }
    bool number_unsigned(number_unsigned_t value) override { return addScalar(value); }
    bool number_float(number_float_t value, const string_t &) override { return addScalar(value); }
    bool string(string_t &value) override { return use(value.size()) && addScalar(std::as_const(value)); } // a copy takes no more than it needs
    bool binary(binary_t &) override { return false; } // not in JSON text
    bool start_object(std::size_t) override { return open(json::object()); }
    bool start_array(std::size_t) override { return open(json::array()); }
    bool end_object() override { return close(); }
    bool end_array() override { return close(); }

    bool key(string_t &name) override
    {
        const auto [place, isNew] = m_open.back()->get_ref<json::object_t &>().try_emplace(name, nullptr);
        if (!isNew)
            return stop(" lists " + shown(name) + " twice");
        m_value = &place->second;
        return use(name.size());
    }

    bool parse_error(std::size_t position, const std::string &, const json::exception &) override
    {
        return stop(" is not valid JSON at byte " + std::to_string(position));
    }

private:
    template <typename Value>
    bool addScalar(Value &&value)
    {
        return place(std::forward<Value>(value)) && handOver();
    }

    /// Where the next value belongs gets @p value.
    template <typename Value>
    json *place(Value &&value)
    {
        if (!use(kMemoryOfValue))
            return nullptr;
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
            return stop(" is nested too deep");
        json *placed = place(std::move(container));
        if (placed)
            m_open.push_back(placed); // stays put: an outer container grows only after this one is closed
        return placed != nullptr;
    }

    bool close()
    {
        m_open.pop_back();
        return handOver();
    }

    /// A value is whole: if it is a member of the outermost object, it goes to whoever takes those.
    bool handOver()
    {
        if (!m_take || m_open.size() != 1)
            return true;
        auto &members = m_document.get_ref<json::object_t &>();
        const Result<void> taken = m_take(members.begin()->first, members.begin()->second);
        members.clear();
        m_memory = 0;
        if (!taken)
            m_fault = taken.error();
        return taken.has_value();
    }

    bool use(std::size_t memory)
    {
        m_memory += memory;
        return m_memory <= m_limits.maxMemory || stop(" would take more than " + std::to_string(m_limits.maxMemory >> 20) + " MiB of memory");
    }

    bool stop(const std::string &message)
    {
        if (!m_fault)
            m_fault = Error{m_errorCode, m_what + message, m_what};
        return false;
    }

    ErrorCode m_errorCode;
    std::string m_what;
    const JsonLimits &m_limits;
    const JsonMemberTaker &m_take;
    json m_document;
    std::vector<json *> m_open;
    json *m_value = nullptr; ///< of the key read last
    std::size_t m_memory = 0;
    std::optional<Error> m_fault;
};

Result<json> parse(std::string_view text, ErrorCode errorCode, std::string_view what, const JsonLimits &limits, const JsonMemberTaker &take)
{
    const std::string name(what);
    if (text.size() > limits.maxBytes)
        return failure(errorCode, name + " is larger than " + std::to_string(limits.maxBytes >> 20) + " MiB", name);
    if (text.starts_with("\xEF\xBB\xBF")) // the library would skip it
        return failure(errorCode, name + " is not valid JSON at byte 1: it starts with a byte-order mark", name);
    if (hasLongWord(text, kLongestWord))
        return failure(errorCode, name + " holds a text of more than " + std::to_string(kLongestWord >> 20) + " MiB", name);
    DocumentBuilder builder(errorCode, name, limits, take);
    const bool isWhole = json::sax_parse(text.begin(), text.end(), &builder);
    return builder.finished(isWhole);
}

} // namespace

bool hasLongWord(std::string_view text, std::size_t limit)
{
    bool isInString = false;
    std::size_t begin = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (i - begin > limit)
            return true;
        const char character = text[i];
        if (isInString && character == '\\') {
            ++i;
            continue;
        }
        if (character == '"')
            isInString = !isInString;
        if (character == '"' || (!isInString && std::string_view(",:[]{}").find(character) != std::string_view::npos))
            begin = i + 1;
    }
    return false;
}

Result<json> parseJson(std::string_view text, ErrorCode errorCode, std::string_view what, const JsonLimits &limits)
{
    return parse(text, errorCode, what, limits, {});
}

Result<void> parseJsonMembers(std::string_view text, ErrorCode errorCode, std::string_view what, const JsonLimits &limits, const JsonMemberTaker &take)
{
    if (!text.starts_with('{'))
        return failure(errorCode, std::string(what) + " is not valid JSON at byte 1", std::string(what));
    const Result<json> parsed = parse(text, errorCode, what, limits, take);
    return parsed ? Result<void>() : failure(parsed.error());
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

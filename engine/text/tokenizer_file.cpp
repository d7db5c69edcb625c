#include "engine/text/tokenizer_file.h"

#include "engine/io/json_document.h"
#include "engine/io/untrusted_text.h"

#include <optional>

namespace auroraedge::engine {

namespace {

using nlohmann::json;

constexpr std::size_t kMaxBytes = std::size_t{64} << 20;
constexpr std::size_t kMaxDepth = 32;
constexpr std::size_t kLongestWord = std::size_t{64} << 10;

// What the parts of a file take in memory at most, here and in the tokenizer made of them. Qwen2.5's takes 38 MiB.
constexpr std::size_t kRoom = std::size_t{60} << 20;
constexpr std::size_t kRoomOfEntry = 140; // and three times its text: packed, as bytes, as a key
constexpr std::size_t kRoomOfMerge = 80;  // and its text
constexpr std::size_t kRoomOfValue = 160; // and its text

/// Takes the document as it is parsed and stops at the first fault.
class FileReader final : public nlohmann::json_sax<json>
{
public:
    Result<TokenizerFile> finished(bool isWhole)
    {
        if (isWhole && !m_fault)
            return std::move(m_file);
        return failure(m_fault ? std::move(*m_fault) : Error{code::TokenizerEntry, "tokenizer.json is not valid JSON", "tokenizer.json"});
    }

    bool null() override { return addValue(nullptr); }
    bool boolean(bool value) override { return addValue(value); }
    bool number_integer(number_integer_t value) override { return addValue(value); }
    bool number_float(number_float_t value, const string_t &) override { return addValue(value); }
    bool binary(binary_t &) override { return false; } // not in JSON text
    bool number_unsigned(number_unsigned_t value) override
    {
        if (m_list != List::Entries)
            return addValue(value);
        m_file.entries.add(m_entry);
        m_file.ids.push_back(value);
        return take(kRoomOfEntry + 3 * m_entry.size());
    }
    bool string(string_t &value) override
    {
        if (m_list != List::Merges)
            return take(value.size()) && addValue(std::move(value));
        return m_isInPair ? addToPair(value) : addMerge(value);
    }

    bool start_object(std::size_t) override
    {
        if (m_list != List::Outside)
            return refuseItem();
        if (!isAt("vocab"))
            return open(json::object());
        m_list = List::Entries;
        m_file.hasVocabulary = true;
        return true;
    }
    bool end_object() override { return m_list == List::Entries ? leaveList() : close(); }
    bool key(string_t &name) override
    {
        if (m_list == List::Entries) {
            m_entry = std::move(name);
            return true;
        }
        const auto [place, isNew] = m_open.back()->get_ref<json::object_t &>().try_emplace(name, nullptr);
        if (!isNew)
            return stop(" lists " + shown(name) + " twice", name);
        m_value = &place->second;
        m_path.back() = std::move(name);
        return take(m_path.back().size());
    }

    bool start_array(std::size_t) override
    {
        if (m_list == List::Merges && !m_isInPair) {
            m_isInPair = true;
            m_pairSize = 0;
            return true;
        }
        if (m_list != List::Outside)
            return refuseItem();
        if (!isAt("merges"))
            return open(json::array());
        m_list = List::Merges;
        m_file.hasMerges = true;
        return true;
    }
    bool end_array() override
    {
        if (m_list != List::Merges)
            return close();
        if (!m_isInPair)
            return leaveList();
        if (m_pairSize != 2)
            return refuseItem();
        m_isInPair = false;
        ++m_mergeCount;
        return true;
    }

    bool parse_error(std::size_t position, const std::string &, const json::exception &) override
    {
        return stop(" is not valid JSON at byte " + std::to_string(position), "tokenizer.json");
    }

private:
    enum class List { Outside = 1, Entries, Merges };

    /// Whether the value that comes is model.@p name.
    [[nodiscard]] bool isAt(std::string_view name) const
    {
        return m_path.size() == 2 && m_path[0] == "model" && m_path[1] == name && m_open[0]->is_object() && m_open[1]->is_object();
    }

    bool addMerge(std::string_view pair)
    {
        const std::size_t space = pair.find(' ');
        if (space == std::string_view::npos || space == 0 || space + 1 == pair.size() || pair.find(' ', space + 1) != std::string_view::npos)
            return refuseItem();
        m_file.merges.add(pair.substr(0, space));
        m_file.merges.add(pair.substr(space + 1));
        ++m_mergeCount;
        return take(kRoomOfMerge + pair.size());
    }

    bool addToPair(std::string_view part)
    {
        if (++m_pairSize > 2)
            return refuseItem();
        m_file.merges.add(part);
        return take(kRoomOfMerge / 2 + part.size());
    }

    template <typename Value>
    bool addValue(Value &&value)
    {
        return m_list == List::Outside ? place(std::forward<Value>(value)) != nullptr : refuseItem();
    }

    /// Where the next value belongs gets @p value.
    template <typename Value>
    json *place(Value &&value)
    {
        if (!take(kRoomOfValue))
            return nullptr;
        json *target = &m_file.settings;
        if (!m_open.empty())
            target = m_open.back()->is_array() ? &m_open.back()->emplace_back() : m_value;
        *target = std::forward<Value>(value);
        return target;
    }

    bool open(json container)
    {
        if (m_open.size() >= kMaxDepth)
            return stop(" is nested too deep", "tokenizer.json");
        json *placed = place(std::move(container));
        if (!placed)
            return false;
        m_open.push_back(placed); // stays put: an outer container grows only after this one is closed
        m_path.emplace_back();
        return true;
    }

    bool close()
    {
        m_open.pop_back();
        m_path.pop_back();
        return true;
    }

    bool leaveList()
    {
        m_list = List::Outside;
        return true;
    }

    bool take(std::size_t room)
    {
        m_room += room;
        return m_room <= kRoom || stop(" would take more than " + std::to_string(kRoom >> 20) + " MiB of memory", "tokenizer.json");
    }

    bool refuseItem()
    {
        if (m_list == List::Entries)
            return stop(": entry " + shown(m_entry) + ": the id is not a whole number", m_entry);
        const std::string merge = "merge " + std::to_string(m_mergeCount);
        return stop(": " + merge + " is not two entries", merge);
    }

    bool stop(const std::string &message, const std::string &object)
    {
        if (!m_fault)
            m_fault = Error{code::TokenizerEntry, "tokenizer.json" + message, object};
        return false;
    }

    TokenizerFile m_file;
    std::vector<json *> m_open;
    std::vector<std::string> m_path; ///< the key that was read last in each open object
    json *m_value = nullptr;         ///< of the key read last
    List m_list = List::Outside;
    std::string m_entry; ///< whose id comes next
    bool m_isInPair = false;
    std::size_t m_pairSize = 0;
    std::size_t m_mergeCount = 0;
    std::size_t m_room = 0;
    std::optional<Error> m_fault;
};

} // namespace

Result<TokenizerFile> TokenizerFile::parse(std::string_view text)
{
    const auto refused = [](const std::string &message) { return failure(code::TokenizerEntry, "tokenizer.json " + message, "tokenizer.json"); };
    if (text.size() > kMaxBytes)
        return refused("is larger than " + std::to_string(kMaxBytes >> 20) + " MiB");
    if (text.starts_with("\xEF\xBB\xBF")) // the library would skip it
        return refused("is not valid JSON at byte 1: it starts with a byte-order mark");
    if (hasLongWord(text, kLongestWord))
        return refused("holds a text of more than " + std::to_string(kLongestWord >> 10) + " KiB");
    FileReader reader;
    const bool isWhole = json::sax_parse(text.begin(), text.end(), &reader);
    return reader.finished(isWhole);
}

} // namespace auroraedge::engine

#include "app/window/key_log.h"

#include <QKeySequence>
#include <QString>

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <iterator>
#include <optional>

namespace auroraedge::app {

namespace {

using Kind = KeyStep::Kind;

constexpr std::size_t kMostBytes = 16 << 20;
constexpr std::size_t kMostSteps = 1'000'000; ///< repeats counted

constexpr std::array<std::string_view, 5> kPages = {"live", "review", "statistics", "models", "about"};
constexpr std::array<std::string_view, 8> kPlainStates = {"live", "ready", "answer", "items", "picture", "pictures", "statistics", "stored"};

std::string_view trimmed(std::string_view text)
{
    constexpr std::string_view kBlanks = " \t\r";
    const std::size_t begin = text.find_first_not_of(kBlanks);
    return begin == text.npos ? std::string_view() : text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

/// The first word of @p text, which is left with the rest.
std::string_view takeWord(std::string_view &text)
{
    const std::size_t end = std::min(text.find_first_of(" \t"), text.size());
    const std::string_view word = text.substr(0, end);
    text = trimmed(text.substr(end));
    return word;
}

template <std::size_t Size>
bool isOneOf(const std::array<std::string_view, Size> &words, std::string_view word)
{
    return std::ranges::find(words, word) != words.end();
}

class KeyLogReader final
{
public:
    Result<std::vector<KeyStep>> read(std::string_view text)
    {
        while (!text.empty()) {
            ++m_line;
            const std::size_t end = std::min(text.find('\n'), text.size());
            const std::string_view line = trimmed(text.substr(0, end));
            text.remove_prefix(std::min(end + 1, text.size()));
            if (line.empty() || line.front() == '#')
                continue;
            if (const Result<void> taken = take(line); !taken)
                return failure(taken.error());
            if (m_steps.size() > kMostSteps)
                return bad("makes more than " + std::to_string(kMostSteps) + " steps");
        }
        if (m_repeatFrom)
            return bad("'repeat' has no 'end'");
        if (m_steps.empty())
            return failure(code::Usage, "the key log has no steps");
        return std::move(m_steps);
    }

private:
    [[nodiscard]] Failure bad(const std::string &what) const
    {
        return failure(code::Usage, "key log line " + std::to_string(m_line) + ": " + what);
    }

    Result<void> take(std::string_view line)
    {
        const std::string_view verb = takeWord(line);
        const std::string rest(line);
        if (verb == "page" && isOneOf(kPages, rest))
            return add({Kind::Page, m_line, rest, {}});
        if (verb == "page")
            return bad("there is no page '" + rest + "'");
        if (verb == "key")
            return takeKey(rest);
        if ((verb == "type" || verb == "click") && rest.empty())
            return bad("'" + std::string(verb) + "' needs a word");
        if (verb == "type" || verb == "click")
            return add({verb == "type" ? Kind::Type : Kind::Click, m_line, rest, {}});
        if (verb == "wait")
            return takeWait(line);
        if (verb == "memory" && rest.empty())
            return add({Kind::Memory, m_line, {}, {}});
        if (verb == "repeat")
            return beginRepeat(rest);
        if (verb == "end" && rest.empty())
            return endRepeat();
        return bad("'" + std::string(verb) + "' is not understood");
    }

    Result<void> add(KeyStep step)
    {
        m_steps.push_back(std::move(step));
        return {};
    }

    Result<void> takeKey(const std::string &name)
    {
        const QKeySequence sequence = QKeySequence::fromString(QString::fromStdString(name), QKeySequence::PortableText);
        const bool isOneKey = sequence.count() == 1 && sequence[0].keyboardModifiers() == Qt::NoModifier
            && sequence[0].key() != Qt::Key_unknown && sequence[0].key() != 0;
        if (!isOneKey)
            return bad("there is no key '" + name + "'");
        return add({Kind::Key, m_line, name, {}, sequence[0].key()});
    }

    Result<void> takeWait(std::string_view rest)
    {
        const std::string state(takeWord(rest));
        const std::string detail(rest);
        const bool isKnown = (isOneOf(kPlainStates, state) && detail.empty()) || (state == "quiet" && detail.empty()) || state == "alarm"
            || (state == "file" && !detail.empty());
        if (!isKnown)
            return bad("there is no state '" + state + (detail.empty() ? "" : " " + detail) + "' to wait for");
        return add({Kind::Wait, m_line, state, detail});
    }

    Result<void> beginRepeat(const std::string &count)
    {
        if (m_repeatFrom)
            return bad("'repeat' inside another one");
        const auto [end, problem] = std::from_chars(count.data(), count.data() + count.size(), m_repeats);
        if (problem != std::errc() || end != count.data() + count.size() || m_repeats < 1)
            return bad("'repeat' needs a number above 0, not '" + count + "'");
        m_repeatFrom = m_steps.size();
        return {};
    }

    Result<void> endRepeat()
    {
        if (!m_repeatFrom)
            return bad("'end' without 'repeat'");
        const std::vector<KeyStep> once(m_steps.begin() + static_cast<std::ptrdiff_t>(*m_repeatFrom), m_steps.end());
        m_repeatFrom.reset();
        for (int time = 1; time < m_repeats && m_steps.size() <= kMostSteps && !once.empty(); ++time)
            m_steps.insert(m_steps.end(), once.begin(), once.end());
        return {};
    }

    int m_line = 0;
    std::vector<KeyStep> m_steps;
    std::optional<std::size_t> m_repeatFrom; ///< the first step of the repeat that is open
    int m_repeats = 0;
};

} // namespace

Result<std::vector<KeyStep>> parseKeyLog(std::string_view text)
{
    return KeyLogReader().read(text);
}

Result<std::vector<KeyStep>> readKeyLog(const std::filesystem::path &file)
{
    std::error_code problem;
    if (!std::filesystem::exists(file, problem))
        return failure(code::FileNotFound, "there is no key log " + file.string(), file.string());
    const std::uintmax_t bytes = std::filesystem::file_size(file, problem);
    std::ifstream stream(file, std::ios::binary);
    if (problem || !stream)
        return failure(code::FileUnreadable, "the key log " + file.string() + " cannot be read", file.string());
    if (bytes > kMostBytes)
        return failure(code::Usage, "the key log is larger than 16 MiB", file.string());
    return parseKeyLog(std::string(std::istreambuf_iterator<char>(stream), {}));
}

} // namespace auroraedge::app

#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace auroraedge::engine {

/// Gives out whole UTF-8 characters of a byte stream: a token may end in the middle of one.
/// Bytes that can never become a character are replaced by U+FFFD.
class Utf8Stream final
{
public:
    /// @return the characters that @p bytes complete.
    std::string push(std::string_view bytes)
    {
        m_pending += bytes;
        std::string whole;
        std::size_t at = 0;
        while (at < m_pending.size()) {
            const std::size_t length = lengthOf(static_cast<unsigned char>(m_pending[at]));
            std::size_t good = 1;
            while (good < length && at + good < m_pending.size() && (static_cast<unsigned char>(m_pending[at + good]) & 0xC0) == 0x80)
                ++good;
            if (length > 0 && good < length && at + good == m_pending.size())
                break; // the rest may still come
            if (length > 0 && good == length)
                whole += m_pending.substr(at, length);
            else
                whole += "\xEF\xBF\xBD";
            at += good;
        }
        m_pending.erase(0, at);
        return whole;
    }

    /// What is left at the end: one replacement character for a cut one.
    std::string finish()
    {
        const bool isCut = !m_pending.empty();
        m_pending.clear();
        return isCut ? "\xEF\xBF\xBD" : "";
    }

private:
    static std::size_t lengthOf(unsigned char first)
    {
        if (first < 0x80)
            return 1;
        if (first >= 0xC2 && first < 0xE0)
            return 2;
        if (first >= 0xE0 && first < 0xF0)
            return 3;
        return first >= 0xF0 && first < 0xF5 ? 4 : 0; // 0: not the start of a character
    }

    std::string m_pending;
};

} // namespace auroraedge::engine

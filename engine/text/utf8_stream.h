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
            const std::size_t length = lengthOf(byteAt(at));
            std::size_t good = 1;
            while (good < length && at + good < m_pending.size() && isContinuation(byteAt(at), good, byteAt(at + good)))
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
    [[nodiscard]] unsigned char byteAt(std::size_t at) const { return static_cast<unsigned char>(m_pending[at]); }

    /// Whether @p byte may stand at @p place behind @p first; the second byte rules out overlong forms, surrogates and
    /// what lies beyond U+10FFFF.
    static bool isContinuation(unsigned char first, std::size_t place, unsigned char byte)
    {
        const bool isSecond = place == 1;
        const unsigned lowest = isSecond && first == 0xE0 ? 0xA0 : isSecond && first == 0xF0 ? 0x90 : 0x80;
        const unsigned highest = isSecond && first == 0xED ? 0x9F : isSecond && first == 0xF4 ? 0x8F : 0xBF;
        return byte >= lowest && byte <= highest;
    }

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

#include "engine/text/byte_alphabet.h"

namespace auroraedge::engine {

ByteAlphabet::ByteAlphabet()
{
    m_bytes.fill(-1);
    char32_t next = 256;
    for (int byte = 0; byte < 256; ++byte) {
        const bool isPrintable = (byte >= 0x21 && byte <= 0x7E) || (byte >= 0xA1 && byte <= 0xAC) || byte >= 0xAE;
        const char32_t character = isPrintable ? static_cast<char32_t>(byte) : next++;
        m_characters[static_cast<std::size_t>(byte)] = character;
        m_bytes[character] = byte;
    }
}

std::string ByteAlphabet::written(std::string_view bytes) const
{
    std::string text;
    for (const char letter : bytes) {
        const char32_t character = m_characters[static_cast<unsigned char>(letter)];
        if (character < 0x80) {
            text += static_cast<char>(character);
        } else { // the whole alphabet lies below U+0800
            text += static_cast<char>(0xC0 | (character >> 6));
            text += static_cast<char>(0x80 | (character & 0x3F));
        }
    }
    return text;
}

std::optional<std::string> ByteAlphabet::bytes(std::string_view characters) const
{
    std::string result;
    for (std::size_t i = 0; i < characters.size(); ++i) {
        std::size_t code = static_cast<unsigned char>(characters[i]);
        if (code >= 0x80) {
            if ((code & 0xE0) != 0xC0 || i + 1 >= characters.size())
                return std::nullopt;
            code = ((code & 0x1F) << 6) | (static_cast<unsigned char>(characters[++i]) & 0x3F);
        }
        if (code >= m_bytes.size() || m_bytes[code] < 0)
            return std::nullopt;
        result += static_cast<char>(m_bytes[code]);
    }
    return result;
}

} // namespace auroraedge::engine

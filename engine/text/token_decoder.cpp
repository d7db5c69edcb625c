#include "engine/text/token_decoder.h"

#include "engine/text/json_part.h"

#include <unicode/utf8.h>

#include <charconv>

namespace auroraedge::engine {

namespace {

std::string replaced(std::string_view text, std::string_view what, std::string_view by)
{
    std::string result;
    for (std::size_t at = 0; at < text.size();) {
        const bool isHere = text.substr(at).starts_with(what);
        result += isHere ? by : text.substr(at, 1);
        at += isHere ? what.size() : 1;
    }
    return result;
}

bool isOneCharacter(const nlohmann::json &value)
{
    if (!value.is_string() || value.get_ref<const std::string &>().empty())
        return false;
    const auto &text = value.get_ref<const std::string &>();
    return text.size() == U8_COUNT_TRAIL_BYTES_UNSAFE(static_cast<std::uint8_t>(text[0])) + 1U;
}

} // namespace

std::string nameOfByte(unsigned byte)
{
    constexpr std::string_view digits = "0123456789ABCDEF";
    return {'<', '0', 'x', digits[byte >> 4], digits[byte & 15], '>'};
}

Result<TokenDecoder> TokenDecoder::create(const nlohmann::json &part, bool isByteLevel)
{
    TokenDecoder decoder;
    decoder.m_isByteLevel = isByteLevel;
    if (isByteLevel) {
        if (!part.is_null() && typeOf(part) != "ByteLevel")
            return unknown("decoder " + typeOf(part) + " with the ByteLevel pre_tokenizer");
        return decoder;
    }
    if (part.is_null()) { // as SentencePiece decodes
        decoder.m_replacements = {{"\xE2\x96\x81", " "}};
        decoder.m_strip = " ";
        decoder.m_stripCount = 1;
        return decoder;
    }
    const Result<void> added
        = forEachStep(part, "decoder", "decoders", [&](const nlohmann::json &step) { return decoder.addFallbackStep(step); });
    if (!added)
        return failure(added.error());
    if (decoder.m_stage == Stage::Entries)
        return unknown("byte_fallback with a decoder without ByteFallback");
    return decoder;
}

Result<void> TokenDecoder::addFallbackStep(const nlohmann::json &part)
{
    const std::string type = typeOf(part);
    const nlohmann::json &content = member(part, "content");
    if (type == "Replace" && m_stage == Stage::Entries) {
        const nlohmann::json &what = member(member(part, "pattern"), "String");
        if (!content.is_string() || !what.is_string() || what == "")
            return unknown("decoder Replace of other than a String");
        m_replacements.emplace_back(what, content);
        return {};
    }
    if (type == "ByteFallback" && m_stage == Stage::Entries) {
        m_stage = Stage::Bytes;
        return {};
    }
    if (type == "Fuse" && m_stage == Stage::Bytes) {
        m_stage = Stage::Fused;
        return {};
    }
    if (type == "Strip" && m_stage == Stage::Fused && m_strip.empty()) {
        const nlohmann::json &start = member(part, "start");
        if (!isOneCharacter(content) || !start.is_number_unsigned() || member(part, "stop") != 0)
            return unknown("decoder Strip of other than the start");
        m_strip = content.get<std::string>();
        m_stripCount = start.get<std::size_t>();
        return {};
    }
    return unknown("decoder " + type + (type == "Replace" || type == "ByteFallback" || type == "Fuse" || type == "Strip" ? " at this place" : ""));
}

std::string TokenDecoder::bytesOf(std::string_view entry) const
{
    if (m_isByteLevel) // an entry outside the alphabet is an added token
        return m_alphabet.bytes(entry).value_or(std::string(entry));
    unsigned char byte = 0;
    if (entry.size() == 6 && entry.starts_with("<0x") && entry.back() == '>') {
        const char *digits = entry.data() + 3;
        const auto read = std::from_chars(digits, digits + 2, byte, 16);
        if (read.ec == std::errc() && read.ptr == digits + 2)
            return std::string(1, static_cast<char>(byte));
    }
    std::string bytes(entry);
    for (const auto &[what, by] : m_replacements)
        bytes = replaced(bytes, what, by);
    return bytes;
}

std::string TokenDecoder::stripped(std::string text) const
{
    std::size_t begin = 0;
    for (std::size_t i = 0; i < m_stripCount && !m_strip.empty() && std::string_view(text).substr(begin).starts_with(m_strip); ++i)
        begin += m_strip.size();
    return text.erase(0, begin);
}

} // namespace auroraedge::engine

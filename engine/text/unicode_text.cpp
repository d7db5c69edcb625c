#include "engine/text/unicode_text.h"

#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <cassert>
#include <cstdint>

namespace auroraedge::engine {

namespace {

icu::StringPiece pieceOf(std::string_view text)
{
    assert(text.size() < std::size_t{1} << 30);
    return {text.data(), static_cast<std::int32_t>(text.size())};
}

} // namespace

std::string toNfc(std::string_view text)
{
    UErrorCode status = U_ZERO_ERROR;
    const icu::Normalizer2 *normalizer = icu::Normalizer2::getNFCInstance(status);
    std::string normalised;
    icu::StringByteSink<std::string> sink(&normalised, static_cast<std::int32_t>(pieceOf(text).length()));
    normalizer->normalizeUTF8(0, pieceOf(text), sink, nullptr, status);
    assert(U_SUCCESS(status));
    return normalised;
}

std::string toLower(std::string_view text)
{
    std::string lowered;
    lowered.reserve(text.size());
    const auto *bytes = reinterpret_cast<const std::uint8_t *>(text.data());
    const std::int32_t size = pieceOf(text).length();
    for (std::int32_t at = 0; at < size;) {
        UChar32 character = 0;
        U8_NEXT(bytes, at, size, character);
        if (character == 0x130) { // the one letter whose lower case is two characters
            lowered += "i\xCC\x87";
            continue;
        }
        std::uint8_t buffer[U8_MAX_LENGTH];
        std::int32_t length = 0;
        U8_APPEND_UNSAFE(buffer, length, u_tolower(character));
        lowered.append(reinterpret_cast<const char *>(buffer), static_cast<std::size_t>(length));
    }
    return lowered;
}

} // namespace auroraedge::engine

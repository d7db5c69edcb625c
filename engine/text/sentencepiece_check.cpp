#include "engine/text/sentencepiece_check.h"

#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace auroraedge::engine {

namespace {

// Numbers of sentencepiece_model.proto. All the fields of the model itself are messages.
constexpr std::uint64_t kPieces = 1, kNormalizerSpec = 3, kDenormalizerSpec = 5, kLastField = 5;
constexpr std::uint64_t kPiece = 1, kPrecompiledCharsmap = 2; // of a piece, of a NormalizerSpec

constexpr std::size_t kLongestPiece = 1024; // bytes; the library walks a piece by recursion: seven megabytes end the program

// What the fields of a model take in the library at most, measured with 0.1.97. LLaMA's 32,000 pieces come to 13 MiB.
constexpr std::size_t kRoom = std::size_t{60} << 20;
constexpr std::size_t kRoomOfField = 140; // twice for a piece: the message and its text
constexpr std::size_t kRoomOfByte = 22;   // of a text: its trie

std::optional<std::uint64_t> takeVarint(std::string_view &message)
{
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64 && !message.empty(); shift += 7) {
        const auto byte = static_cast<unsigned char>(message.front());
        message.remove_prefix(1);
        value |= std::uint64_t{byte & 0x7FU} << shift;
        if (byte < 0x80)
            return value;
    }
    return std::nullopt;
}

/// Calls accepts(number, content) for each field that has a length, until one is refused.
/// @return false also for a malformed message and for the groups of old protobufs, which SentencePiece does not use.
template <typename Accepts>
bool allFields(std::string_view message, Accepts accepts)
{
    while (!message.empty()) {
        const std::optional<std::uint64_t> tag = takeVarint(message);
        if (!tag)
            return false;
        std::uint64_t length = 0;
        switch (*tag & 7) {
        case 0:
            if (!takeVarint(message))
                return false;
            break;
        case 1: length = 8; break;
        case 2: {
            const std::optional<std::uint64_t> given = takeVarint(message);
            if (!given || *given > message.size() || !accepts(*tag >> 3, message.substr(0, *given)))
                return false;
            length = *given;
            break;
        }
        case 5: length = 4; break;
        default: return false;
        }
        if (length > message.size())
            return false;
        message.remove_prefix(length);
    }
    return true;
}

// A unit of the trie: label, distance to its children, whether a leaf is among them (Darts-clone, darts.h).
std::uint32_t labelOf(std::uint32_t unit)
{
    return unit & 0x800000FFU;
}

std::size_t offsetOf(std::uint32_t unit)
{
    return std::size_t{unit >> 10} << ((unit & 0x200U) >> 6);
}

bool isSoundCharacterMap(std::string_view map)
{
    std::uint32_t trieBytes = 0;
    if (map.size() <= sizeof trieBytes)
        return map.empty(); // no table: the text stays as it is
    std::memcpy(&trieBytes, map.data(), sizeof trieBytes);
    map.remove_prefix(sizeof trieBytes);
    if (trieBytes < sizeof(std::uint32_t) || trieBytes > map.size())
        return false;
    std::vector<std::uint32_t> units(trieBytes / sizeof(std::uint32_t));
    std::memcpy(units.data(), map.data(), units.size() * sizeof(std::uint32_t));
    const std::string_view texts = map.substr(trieBytes); // each ends with a zero
    if (texts.empty() || texts.back() != '\0')
        return false;

    std::vector<bool> isSeen(units.size());
    std::vector<std::size_t> open{offsetOf(units[0])}; // where children begin; a child is at this place xor its byte
    while (!open.empty()) {
        const std::size_t children = open.back();
        open.pop_back();
        if ((children | 0xFF) >= units.size())
            return false;
        for (std::uint32_t byte = 0; byte < 256; ++byte) {
            const std::size_t at = children ^ byte;
            if (isSeen[at] || labelOf(units[at]) != byte)
                continue;
            isSeen[at] = true;
            const std::size_t next = at ^ offsetOf(units[at]);
            const bool hasLeaf = (units[at] >> 8 & 1) != 0;
            if (hasLeaf && (next >= units.size() || (units[next] & 0x7FFFFFFFU) >= texts.size()))
                return false;
            open.push_back(next);
        }
    }
    return true;
}

} // namespace

Result<void> checkSentencePieceModel(std::span<const std::byte> model)
{
    const auto refused = [](const std::string &message) { return failure(code::TokenizerEntry, "tokenizer.model " + message, "tokenizer.model"); };
    std::size_t room = 0;
    bool hasLongPiece = false;
    const bool isSound = allFields({reinterpret_cast<const char *>(model.data()), model.size()}, [&](std::uint64_t number, std::string_view part) {
        room += kRoomOfField;
        if (number > kLastField) {
            room += part.size();
            return room <= kRoom;
        }
        const bool isPiece = number == kPieces, isSpec = number == kNormalizerSpec || number == kDenormalizerSpec;
        return allFields(part, [&](std::uint64_t field, std::string_view text) {
            room += kRoomOfField + kRoomOfByte * text.size();
            hasLongPiece = isPiece && field == kPiece && text.size() > kLongestPiece;
            return room <= kRoom && !hasLongPiece && (!isSpec || field != kPrecompiledCharsmap || isSoundCharacterMap(text));
        });
    });
    if (hasLongPiece)
        return refused("holds a piece of more than " + std::to_string(kLongestPiece) + " bytes");
    if (room > kRoom)
        return refused("would take more than " + std::to_string(kRoom >> 20) + " MiB of memory");
    return isSound ? Result<void>() : refused("is not a SentencePiece model");
}

} // namespace auroraedge::engine

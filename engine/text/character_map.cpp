#include "engine/text/character_map.h"

#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>
#include <vector>

namespace auroraedge::engine {

namespace {

// Numbers of sentencepiece_model.proto.
constexpr std::uint64_t kNormalizerSpec = 3, kDenormalizerSpec = 5, kPrecompiledCharsmap = 2;

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

bool isSound(std::string_view map)
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

bool hasSoundCharacterMaps(std::span<const std::byte> model)
{
    return allFields({reinterpret_cast<const char *>(model.data()), model.size()}, [](std::uint64_t number, std::string_view spec) {
        if (number != kNormalizerSpec && number != kDenormalizerSpec)
            return true;
        return allFields(spec, [](std::uint64_t field, std::string_view map) { return field != kPrecompiledCharsmap || isSound(map); });
    });
}

} // namespace auroraedge::engine

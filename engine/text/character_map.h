#pragma once

#include <cstddef>
#include <span>

namespace auroraedge::engine {

/// Whether the compiled normalisation tables of a SentencePiece model stay within themselves. The library walks such a
/// table (a double-array trie, Darts-clone's layout, and the texts its leaves point at) without looking at its ends, so
/// a made-up one would read anywhere. False also for what is not a protobuf message.
[[nodiscard]] bool hasSoundCharacterMaps(std::span<const std::byte> model);

} // namespace auroraedge::engine

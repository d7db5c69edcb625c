#pragma once

#include "engine/api/result.h"

#include <cstddef>
#include <span>

namespace auroraedge::engine {

/// Whether a SentencePiece model can be given to the library, which trusts what it reads: the compiled normalisation tables
/// stay within themselves (it walks such a table, a double-array trie in Darts-clone's layout and the texts its leaves
/// point at, without looking at its ends, so a made-up one would read anywhere), no piece is too long for its recursion,
/// and what it builds of the model stays below 64 MiB.
/// @return TOK-02 for one that does not, and for what is not a protobuf message.
Result<void> checkSentencePieceModel(std::span<const std::byte> model);

} // namespace auroraedge::engine

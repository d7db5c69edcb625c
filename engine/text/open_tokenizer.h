#pragma once

#include "engine/api/text_codec.h"

#include <filesystem>
#include <memory>

namespace auroraedge::engine {

/// Opens `tokenizer.json` (byte-level BPE), else `tokenizer.model` (SentencePiece), of @p folder.
/// @return MOD-21 when there is neither, TOK-02 for a bad entry.
Result<std::unique_ptr<TextCodec>> openTokenizer(const std::filesystem::path &folder);

} // namespace auroraedge::engine

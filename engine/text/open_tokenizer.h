#pragma once

#include "engine/api/text_codec.h"

#include <filesystem>
#include <memory>

namespace auroraedge::engine {

/// Opens `tokenizer.json` of @p folder, or `tokenizer.model` (SentencePiece) when that is alone or beside a JSON with
/// byte_fallback.
/// @return MOD-21 when there is neither, TOK-02 for a bad entry.
Result<std::unique_ptr<TextCodec>> openTokenizer(const std::filesystem::path &folder);

} // namespace auroraedge::engine

#pragma once

#include "engine/api/text_codec.h"

#include <nlohmann/json_fwd.hpp>

#include <memory>

namespace auroraedge::engine {

/// A BPE whose last resort is the byte, from the content of its tokenizer.json: byte-level as Qwen2.5, or SentencePiece
/// written out with byte_fallback as LLaMA. Whatever in it would change ids and is not known here is
/// an error, never ignored. With Markers::Plain no added token is recognised, special or not.
/// @return TOK-02 naming the bad entry.
Result<std::unique_ptr<TextCodec>> createByteBpe(const nlohmann::json &document);

} // namespace auroraedge::engine

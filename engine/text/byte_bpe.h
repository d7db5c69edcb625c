#pragma once

#include "engine/api/text_codec.h"
#include "engine/text/tokenizer_file.h"

#include <memory>

namespace auroraedge::engine {

/// A BPE whose last resort is the byte, from its tokenizer.json: byte-level as Qwen2.5 and CLIP, or SentencePiece written
/// out with byte_fallback as LLaMA. Whatever in it would change ids and is not known here is
/// an error, never ignored. With Markers::Plain no added token is recognised, special or not.
/// With an end_of_word_suffix decode() puts one space between words: which were apart in the text is not in the ids.
/// @return TOK-02 naming the bad entry.
Result<std::unique_ptr<TextCodec>> createByteBpe(const TokenizerFile &file);

} // namespace auroraedge::engine

#pragma once

#include "engine/api/text_codec.h"

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>

namespace auroraedge::engine {

/// A SentencePiece `tokenizer.model` through its library, whose header only the .cpp sees. Its control pieces and the
/// unknown piece are the markers; each stretch of text between two markers gets its own dummy space.
/// tokenBytes() keeps the space that begins a word; decode() drops the one before the first word.
/// @return TOK-02 when the file is larger than 64 MiB or the library refuses it, FS-12, FS-01 or FS-02.
Result<std::unique_ptr<TextCodec>> openSentencePiece(const std::filesystem::path &modelFile);
/// The same from the file's content.
Result<std::unique_ptr<TextCodec>> parseSentencePiece(std::span<const std::byte> model);

} // namespace auroraedge::engine

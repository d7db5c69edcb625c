#pragma once

#include "engine/api/text_codec.h"

#include <filesystem>
#include <memory>

namespace auroraedge::engine {

/// A SentencePiece `tokenizer.model` through its library, whose header only the .cpp sees.
/// @return TOK-02 when the library refuses the file.
Result<std::unique_ptr<TextCodec>> openSentencePiece(const std::filesystem::path &modelFile);

} // namespace auroraedge::engine

#pragma once

#include "engine/api/text_codec.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace auroraedge::engine {

/// ChatML as Qwen2.5 uses it: system turn, user turn, open assistant turn (model-reference 2.1).
struct ChatTemplate
{
    std::string system = "You are a helpful assistant.";
    bool hasSystemTurn = true;
};

/// Token ids of the prompt. Template markers become control ids; @p question is encoded apart, with markers off,
/// so that nothing a user types can become one.
/// @return ASK-01 for an empty or blank question, ASK-03 for invalid UTF-8, NUL or control characters,
///         TOK-03 when the tokenizer lacks <|im_start|> or <|im_end|>, or makes one out of plain text.
Result<std::vector<std::int64_t>> encodeChatPrompt(const TextCodec &codec, const ChatTemplate &chat,
                                                   std::string_view question);

} // namespace auroraedge::engine

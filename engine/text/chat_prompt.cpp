#include "engine/text/chat_prompt.h"

#include "engine/text/utf8.h"

namespace auroraedge::engine {

Result<std::vector<std::int64_t>> encodeChatPrompt(const TextCodec &codec, const ChatTemplate &chat, std::string_view question)
{
    if (!isUtf8(question) || hasControlCharacters(question))
        return failure(code::QuestionUnreadable, "question has unreadable characters");
    if (question.find_first_not_of(" \t\r\n") == std::string_view::npos)
        return failure(code::QuestionEmpty, "type a question");
    const std::int64_t start = codec.idOf("<|im_start|>"), end = codec.idOf("<|im_end|>");
    if (start < 0 || end < 0)
        return failure(code::TokenizerSpecial, "the tokenizer lacks <|im_start|> or <|im_end|>");

    std::vector<std::int64_t> ids;
    const auto add = [&](std::string_view text) {
        const Result<std::vector<std::int64_t>> part = codec.encode(text, TextCodec::Markers::Plain);
        if (part)
            ids.insert(ids.end(), part->begin(), part->end());
    };
    const auto addTurn = [&](std::string_view role, std::string_view content) {
        ids.push_back(start);
        add(std::string(role) + "\n");
        add(content);
        ids.push_back(end);
        add("\n");
    };
    if (chat.hasSystemTurn)
        addTurn("system", chat.system);
    addTurn("user", question);
    ids.push_back(start);
    add("assistant\n");
    return ids;
}

} // namespace auroraedge::engine

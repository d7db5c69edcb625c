#include "engine/text/chat_prompt.h"

#include "engine/text/utf8.h"

namespace auroraedge::engine {

Result<std::vector<std::int64_t>> encodeChatPrompt(const TextCodec &codec, const ChatTemplate &chat, std::string_view question)
{
    if (!isUtf8(question) || hasControlCharacters(question))
        return failure(code::QuestionUnreadable, "the question holds characters that cannot be read");
    if (isBlank(question))
        return failure(code::QuestionEmpty, "the question is empty");
    const std::int64_t start = codec.idOf("<|im_start|>"), end = codec.idOf("<|im_end|>");
    if (start < 0 || end < 0)
        return failure(code::TokenizerSpecial, std::string("the tokenizer has no ") + (start < 0 ? "<|im_start|>" : "<|im_end|>"));

    // "user\n" and what follows are encoded apart: a question that starts with a line break would melt into the role's.
    std::vector<std::int64_t> ids;
    Result<void> done;
    const auto add = [&](std::string_view text) {
        if (!done)
            return;
        const Result<std::vector<std::int64_t>> part = codec.encode(text, TextCodec::Markers::Plain);
        if (part)
            ids.insert(ids.end(), part->begin(), part->end());
        else
            done = failure(part.error());
    };
    const auto addTurn = [&](std::string_view role, std::string_view content) {
        ids.push_back(start);
        add(role);
        add(content);
        ids.push_back(end);
        add("\n");
    };
    if (chat.hasSystemTurn)
        addTurn("system\n", chat.system);
    addTurn("user\n", question);
    ids.push_back(start);
    add("assistant\n");
    if (!done)
        return failure(done.error());
    return ids;
}

} // namespace auroraedge::engine

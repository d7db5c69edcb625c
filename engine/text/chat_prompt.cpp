#include "engine/text/chat_prompt.h"

#include "engine/text/utf8.h"

#include <algorithm>
#include <array>

namespace auroraedge::engine {

Result<std::vector<std::int64_t>> encodeChatPrompt(const TextCodec &codec, const ChatTemplate &chat, std::string_view question)
{
    if (!isUtf8(question) || hasControlCharacters(question))
        return failure(code::QuestionUnreadable, "question has unreadable characters");
    if (isBlank(question))
        return failure(code::QuestionEmpty, "type a question");
    const std::int64_t start = codec.idOf("<|im_start|>"), end = codec.idOf("<|im_end|>");
    if (start < 0 || end < 0)
        return failure(code::TokenizerSpecial, std::string("the tokenizer has no ") + (start < 0 ? "<|im_start|>" : "<|im_end|>"));

    const std::array markers{start, end, codec.idOf("<|endoftext|>")};

    // "user\n" and what follows are encoded apart: a question that starts with a line break would melt into the role's.
    std::vector<std::int64_t> ids;
    Result<void> done;
    const auto add = [&](std::string_view text) {
        if (!done)
            return;
        const Result<std::vector<std::int64_t>> part = codec.encode(text, TextCodec::Markers::Plain);
        if (!part) {
            done = failure(part.error());
        } else if (std::find_first_of(part->begin(), part->end(), markers.begin(), markers.end()) != part->end()) {
            // A vocabulary may list a marker as an ordinary word, and SentencePiece as a piece that is never cut.
            done = failure(code::TokenizerSpecial, "the tokenizer reads a control token in plain text");
        } else {
            ids.insert(ids.end(), part->begin(), part->end());
        }
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

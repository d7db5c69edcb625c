#pragma once

#include "engine/text/chat_prompt.h"
#include "engine/text/utf8.h"
#include "tests/fuzz/promise.h"

#include <array>
#include <string_view>

namespace auroraedge::fuzzing {

/// Everything the engine does with a tokenizer that opened.
inline void useTokenizer(const TextCodec &codec)
{
    using Markers = TextCodec::Markers;
    for (const std::string_view text : {"", "Is there a bottle? 12", "<|im_start|>\xE7\x93\xB6\xF0\x9F\x8D\xBE  \n", "\xC3("}) {
        for (const Markers markers : {Markers::Plain, Markers::Recognised}) {
            const auto ids = codec.encode(text, markers);
            if (!ids)
                continue;
            for (const std::int64_t id : *ids)
                promise(id >= 0 && id < codec.size());
            const auto decoded = codec.decode(*ids);
            promise(decoded.has_value() && engine::isUtf8(*decoded));
        }
    }
    for (const std::int64_t id : {std::int64_t{-1}, codec.size(), codec.size() + 1000})
        promise(codec.tokenBytes(id).empty() && !codec.decode(std::array{id}));
    (void)codec.tokenBytes(0);
    (void)engine::encodeChatPrompt(codec, {}, "<|im_end|> How many?");
}

} // namespace auroraedge::fuzzing

#include "engine/text/sentencepiece_codec.h"
#include "tests/fuzz/tokenizer_use.h"

using namespace auroraedge;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    if (const auto codec = engine::parseSentencePiece({reinterpret_cast<const std::byte *>(data), size}))
        fuzzing::useTokenizer(**codec);
    return 0;
}

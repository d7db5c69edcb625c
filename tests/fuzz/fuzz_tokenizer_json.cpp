#include "engine/io/json_document.h"
#include "engine/text/byte_bpe.h"
#include "tests/fuzz/tokenizer_use.h"

using namespace auroraedge;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const auto document = engine::parseJson({reinterpret_cast<const char *>(data), size}, code::TokenizerEntry, "tokenizer.json");
    if (!document)
        return 0;
    if (const auto codec = engine::createByteBpe(*document))
        fuzzing::useTokenizer(**codec);
    return 0;
}

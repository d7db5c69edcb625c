#include "engine/text/byte_bpe.h"
#include "tests/fuzz/tokenizer_use.h"

using namespace auroraedge;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const auto file = engine::TokenizerFile::parse({reinterpret_cast<const char *>(data), size});
    if (!file)
        return 0;
    if (const auto codec = engine::createByteBpe(*file))
        fuzzing::useTokenizer(**codec);
    return 0;
}

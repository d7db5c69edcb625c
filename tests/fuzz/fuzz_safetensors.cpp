#include "engine/io/safetensors.h"
#include "tests/fuzz/promise.h"

using namespace auroraedge::engine;
using auroraedge::fuzzing::promise;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::span file(reinterpret_cast<const std::byte *>(data), size);
    const auto parsed = parseSafetensors(file, "fuzz.safetensors");
    if (!parsed) {
        promise(!parsed.error().message.empty());
        return 0;
    }
    std::size_t total = 0;
    for (const auto &[name, tensor] : parsed->tensors) {
        std::size_t bytes = bytesOf(tensor.dtype);
        for (const std::int64_t side : tensor.shape)
            bytes *= static_cast<std::size_t>(side);
        promise(tensor.bytes.size() == bytes);
        promise(tensor.bytes.empty() || (tensor.bytes.data() > file.data() && tensor.bytes.data() + bytes <= file.data() + size));
        total += bytes;
    }
    promise(total < size); // no byte is given out twice
    return 0;
}

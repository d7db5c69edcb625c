#include "engine/io/safetensors.h"
#include "tests/fuzz/promise.h"

using namespace auroraedge::engine;
using auroraedge::fuzzing::promise;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const auto shards = parseShardIndex({reinterpret_cast<const char *>(data), size}, "model.safetensors.index.json");
    if (!shards)
        return 0;
    for (const auto &[tensor, file] : *shards)
        promise(std::filesystem::path(file).filename() == file && file.ends_with(".safetensors") && !file.starts_with('.'));
    return 0;
}

#include "engine/vision/preprocessor.h"
#include "tests/fuzz/promise.h"

#include <cmath>

using namespace auroraedge::engine;
using auroraedge::fuzzing::promise;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const auto config = parseNaflexConfig({reinterpret_cast<const char *>(data), size});
    if (!config)
        return 0;
    const bool isSmall = config->patchSize <= 32 && config->maxPatches <= 1024; // larger ones are just slow
    if (!isSmall)
        return 0;
    auroraedge::Frame frame;
    frame.widthPx = 3;
    frame.heightPx = 2;
    frame.strideBytes = 9;
    static const std::uint8_t pixels[18] = {};
    frame.pixels = {std::shared_ptr<void>(), pixels};
    const auto patches = preprocessNaflex(frame, *config);
    if (!patches)
        return 0;
    promise(patches->validPatches() >= 1 && patches->validPatches() <= config->maxPatches);
    for (const float value : patches->values)
        promise(std::isfinite(value));
    return 0;
}

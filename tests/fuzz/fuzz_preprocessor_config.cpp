#include "engine/vision/preprocessor.h"
#include "tests/fuzz/promise.h"

#include <algorithm>
#include <cmath>

using namespace auroraedge::engine;
using auroraedge::fuzzing::promise;

namespace {

bool isSmall(const NaflexConfig &config)
{
    return config.patchSize <= 32 && config.maxPatches <= 1024;
}

PixelSize outputOf(const FixedSizeConfig &config)
{
    const auto *edge = std::get_if<ShortestEdge>(&config.resize);
    return edge ? edge->crop : std::get<Stretch>(config.resize).size;
}

bool isSmall(const FixedSizeConfig &config)
{
    return std::max(outputOf(config).heightPx, outputOf(config).widthPx) <= 512;
}

void check(const NaflexConfig &config, const NaflexPatches &patches)
{
    promise(patches.validPatches() >= 1 && patches.validPatches() <= config.maxPatches);
}

void check(const FixedSizeConfig &config, const PixelPlanes &planes)
{
    promise(PixelSize{planes.picture.heightPx, planes.picture.widthPx} == outputOf(config));
    promise(planes.values.size() == planes.picture.rgb.size());
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const auto config = parsePreprocessorConfig({reinterpret_cast<const char *>(data), size});
    if (!config)
        return 0;
    if (!std::visit([](const auto &kind) { return isSmall(kind); }, *config)) // larger ones are just slow
        return 0;
    auroraedge::Frame frame;
    frame.widthPx = 3;
    frame.heightPx = 2;
    frame.strideBytes = 9;
    static const std::uint8_t pixels[18] = {0, 255, 7, 255, 0, 130};
    frame.pixels = {std::shared_ptr<void>(), pixels};
    const auto made = preprocess(frame, *config);
    if (!made)
        return 0;
    if (const auto *naflex = std::get_if<NaflexConfig>(&*config))
        check(*naflex, std::get<NaflexPatches>(*made));
    else
        check(std::get<FixedSizeConfig>(*config), std::get<PixelPlanes>(*made));
    std::visit([](const auto &input) { promise(std::all_of(input.values.begin(), input.values.end(), [](float value) { return std::isfinite(value); })); }, *made);
    return 0;
}

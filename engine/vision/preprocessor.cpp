#include "engine/vision/preprocessor.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace auroraedge::engine {

namespace {

/// No camera makes a longer one. Times the longest edge of a config it still is an int, and no picture takes minutes.
constexpr int kLongestSidePx = 1 << 18;

/// Side in pixels at @p scale: rounded up to whole patches, at least one. Beyond int for a long side at a great scale.
std::int64_t scaledSide(double scale, int side, int patch)
{
    const double patches = std::ceil(static_cast<double>(side) * scale / patch);
    return static_cast<std::int64_t>(std::max(static_cast<double>(patch), patches * patch));
}

PixelSize targetSize(const Frame &frame, const NaflexConfig &config)
{
    if (config.squareGrids.empty())
        return naflexSize({frame.heightPx, frame.widthPx}, config.patchSize, config.maxPatches);
    // Enlarging to the next grid adds slots, but little detail; shrinking by a third takes it.
    constexpr double kShrinkLimit = 1.5;
    const int longer = std::max(frame.widthPx, frame.heightPx);
    int side = config.squareGrids.back();
    for (const int grid : config.squareGrids) {
        if (kShrinkLimit * grid * config.patchSize > longer) {
            side = grid;
            break;
        }
    }
    return {side * config.patchSize, side * config.patchSize};
}

/// 256 possible values a channel: a table gives each float once.
using ValueTable = std::array<std::array<float, 256>, 3>;

ValueTable tableOf(const Normalisation &normalisation)
{
    ValueTable table;
    for (std::size_t channel = 0; channel < 3; ++channel)
        for (std::size_t value = 0; value < 256; ++value)
            table[channel][value] = static_cast<float>((static_cast<double>(value) * normalisation.rescaleFactor - normalisation.mean[channel]) / normalisation.std[channel]);
    return table;
}

Failure noPixels(const Frame &frame)
{
    return failure(code::ImageNoPixels, "image has no pixels (" + std::to_string(frame.widthPx) + " x " + std::to_string(frame.heightPx) + ")", frame.source);
}

/// The frame alone, or in the middle of a square of the mean's colour.
Canvas canvasOf(const Frame &frame, const FixedSizeConfig &config)
{
    Canvas canvas{.size = {frame.heightPx, frame.widthPx}};
    if (!config.padsToSquare)
        return canvas;
    const int side = std::max(frame.heightPx, frame.widthPx);
    canvas.size = {side, side};
    canvas.left = (side - frame.widthPx) / 2;
    canvas.top = (side - frame.heightPx) / 2;
    for (std::size_t channel = 0; channel < 3; ++channel)
        canvas.colour[channel] = static_cast<std::uint8_t>(std::clamp(config.normalisation.mean[channel] * 255, 0.0, 255.0));
    return canvas;
}

} // namespace

PixelSize naflexSize(PixelSize picture, int patchSize, int maxPatches)
{
    // The result depends on this order of operations at the boundaries (transformers image_processing_siglip2.py).
    constexpr double kEps = 1e-5;
    double low = kEps / 10, high = 100.0;
    while (high - low >= kEps) {
        const double scale = (low + high) / 2;
        const std::int64_t rows = scaledSide(scale, picture.heightPx, patchSize) / patchSize;
        const std::int64_t columns = scaledSide(scale, picture.widthPx, patchSize) / patchSize;
        (rows * columns <= maxPatches ? low : high) = scale;
    }
    return {static_cast<int>(scaledSide(low, picture.heightPx, patchSize)), static_cast<int>(scaledSide(low, picture.widthPx, patchSize))};
}

void patchify(const ResizedPicture &picture, const NaflexConfig &config, std::span<float> values)
{
    const auto patch = static_cast<std::size_t>(config.patchSize);
    const std::size_t columns = static_cast<std::size_t>(picture.widthPx) / patch, rows = static_cast<std::size_t>(picture.heightPx) / patch;
    const std::size_t rowValues = patch * 3;
    const ValueTable table = tableOf(config.normalisation);
    for (std::size_t row = 0; row < rows; ++row) {
        for (std::size_t column = 0; column < columns; ++column) {
            float *out = values.data() + (row * columns + column) * patch * rowValues;
            for (std::size_t y = 0; y < patch; ++y) {
                const std::uint8_t *in = picture.rgb.data() + ((row * patch + y) * columns + column) * rowValues;
                for (std::size_t i = 0; i < rowValues; ++i)
                    *out++ = table[i % 3][in[i]];
            }
        }
    }
    std::fill(values.begin() + static_cast<std::ptrdiff_t>(rows * columns * patch * rowValues), values.end(), 0.0F);
}

Result<NaflexPatches> preprocessNaflex(const Frame &frame, const NaflexConfig &config)
{
    if (frame.isEmpty())
        return noPixels(frame);
    NaflexPatches patches;
    const PixelSize size = targetSize(frame, config);
    patches.gridHeight = size.heightPx / config.patchSize;
    patches.gridWidth = size.widthPx / config.patchSize;
    // The smallest scale still leaves a picture of millions of pixels in a row many patches.
    if (std::int64_t{patches.gridHeight} * patches.gridWidth > config.maxPatches)
        return failure(code::ImageSizeOutOfRange, std::to_string(frame.widthPx) + " x " + std::to_string(frame.heightPx) + " does not fit "
                           + std::to_string(config.maxPatches) + " patches of " + std::to_string(config.patchSize) + " pixels", frame.source);
    patches.resized = resample(frame, size, Filter::Bilinear);
    patches.slots = config.maxPatches;
    patches.values.resize(static_cast<std::size_t>(config.maxPatches) * static_cast<std::size_t>(config.patchSize) * static_cast<std::size_t>(config.patchSize) * 3);
    patchify(patches.resized, config, patches.values);
    return patches;
}

PixelSize shortestEdgeSize(PixelSize picture, int edgePx)
{
    // A double holds the product exactly, so the quotient is cut where the reference's (image_transforms.py) is.
    const auto longer = [edgePx](int side, int shorter) { return static_cast<int>(static_cast<double>(std::int64_t{edgePx} * side) / shorter); };
    if (picture.widthPx <= picture.heightPx)
        return {longer(picture.heightPx, picture.widthPx), edgePx};
    return {edgePx, longer(picture.widthPx, picture.heightPx)};
}

Result<PixelPlanes> preprocessFixedSize(const Frame &frame, const FixedSizeConfig &config)
{
    if (frame.isEmpty())
        return noPixels(frame);
    if (std::max(frame.widthPx, frame.heightPx) > kLongestSidePx)
        return failure(code::ImageSizeOutOfRange, std::to_string(frame.widthPx) + " x " + std::to_string(frame.heightPx) + " has a side of more than "
                           + std::to_string(kLongestSidePx) + " pixels", frame.source);
    const Canvas canvas = canvasOf(frame, config);
    PixelPlanes planes;
    if (const auto *edge = std::get_if<ShortestEdge>(&config.resize)) {
        const PixelSize whole = shortestEdgeSize(canvas.size, edge->edgePx);
        const PixelBox middle{(whole.widthPx - edge->crop.widthPx) / 2, (whole.heightPx - edge->crop.heightPx) / 2, edge->crop.widthPx, edge->crop.heightPx};
        planes.picture = resample(frame, canvas, whole, config.filter, middle);
    } else {
        const PixelSize size = std::get<Stretch>(config.resize).size;
        planes.picture = resample(frame, canvas, size, config.filter, {0, 0, size.widthPx, size.heightPx});
    }
    const ValueTable table = tableOf(config.normalisation);
    const std::vector<std::uint8_t> &rgb = planes.picture.rgb;
    planes.values.reserve(rgb.size());
    for (std::size_t channel = 0; channel < 3; ++channel)
        for (std::size_t i = channel; i < rgb.size(); i += 3)
            planes.values.push_back(table[channel][rgb[i]]);
    return planes;
}

Result<Preprocessed> preprocess(const Frame &frame, const PreprocessorConfig &config)
{
    if (const auto *naflex = std::get_if<NaflexConfig>(&config)) {
        Result<NaflexPatches> patches = preprocessNaflex(frame, *naflex);
        return patches ? Result<Preprocessed>(std::move(*patches)) : failure(patches.error());
    }
    Result<PixelPlanes> planes = preprocessFixedSize(frame, std::get<FixedSizeConfig>(config));
    return planes ? Result<Preprocessed>(std::move(*planes)) : failure(planes.error());
}

} // namespace auroraedge::engine

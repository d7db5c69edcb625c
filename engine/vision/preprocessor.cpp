#include "engine/vision/preprocessor.h"

#include "engine/io/json_document.h"
#include "engine/io/mapped_file.h"
#include "engine/vision/resample.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace auroraedge::engine {

namespace {

/// Side in pixels at @p scale: rounded up to whole patches, at least one. Beyond int for a long side at a great scale.
std::int64_t scaledSide(double scale, int side, int patch)
{
    const double patches = std::ceil(static_cast<double>(side) * scale / patch);
    return static_cast<std::int64_t>(std::max(static_cast<double>(patch), patches * patch));
}

constexpr int kBilinear = 2; // Pillow's number of the one filter NaFlex towers were trained with

Failure badValue(const char *key)
{
    return failure(code::ConfigValue, std::string("preprocessor_config.json: ") + key + " is out of range", key);
}

bool readTriple(const nlohmann::json &document, const char *key, double low, double high, double (&values)[3])
{
    const auto found = document.find(key);
    if (found == document.end() || found->is_null())
        return true;
    if (!found->is_array() || found->size() != 3)
        return false;
    for (std::size_t i = 0; i < 3; ++i) {
        if (!(*found)[i].is_number())
            return false;
        values[i] = (*found)[i].get<double>();
        if (!(values[i] >= low && values[i] <= high))
            return false;
    }
    return true;
}

bool readInteger(const nlohmann::json &document, const char *key, int low, int high, int &value)
{
    const auto found = document.find(key);
    if (found == document.end() || found->is_null())
        return true;
    if (!found->is_number_integer() || found->get<std::int64_t>() < low || found->get<std::int64_t>() > high) // above 2^63 it reads as negative
        return false;
    value = found->get<int>();
    return true;
}

PixelSize targetSize(const Frame &frame, const NaflexConfig &config)
{
    if (config.squareGrids.empty())
        return naflexSize({frame.heightPx, frame.widthPx}, config.patchSize, config.maxPatches);
    // Enlarging by more than half adds slots, but no detail.
    constexpr double kMaxShrink = 1.5;
    const int longer = std::max(frame.widthPx, frame.heightPx);
    int side = config.squareGrids.back();
    for (const int grid : config.squareGrids) {
        if (kMaxShrink * grid * config.patchSize >= longer) {
            side = grid;
            break;
        }
    }
    return {side * config.patchSize, side * config.patchSize};
}

} // namespace

Result<NaflexConfig> readNaflexConfig(const std::filesystem::path &preprocessorConfig)
{
    const auto file = MappedFile::open(preprocessorConfig);
    if (!file && file.error().code == code::FileNotFound)
        return failure(code::ModelFolder, preprocessorConfig.parent_path().string() + " has no " + preprocessorConfig.filename().string(), preprocessorConfig.string());
    if (!file)
        return failure(file.error());
    return parseNaflexConfig((*file)->text());
}

Result<NaflexConfig> parseNaflexConfig(std::string_view text)
{
    const Result<nlohmann::json> document = parseJson(text, code::ConfigValue, "preprocessor_config.json");
    if (!document)
        return failure(document.error());
    if (!document->is_object())
        return badValue("the content");
    const auto typed = document->find("image_processor_type");
    if (typed != document->end() && !(typed->is_string() && typed->get_ref<const std::string &>().starts_with("Siglip2ImageProcessor")))
        return failure(code::ConfigValue, "preprocessor_config.json: image_processor_type is not Siglip2ImageProcessor", "image_processor_type");
    NaflexConfig config;
    int resample = kBilinear;
    if (!readInteger(*document, "resample", kBilinear, kBilinear, resample))
        return badValue("resample");
    if (!readInteger(*document, "patch_size", 1, 256, config.patchSize))
        return badValue("patch_size");
    if (!readInteger(*document, "max_num_patches", 1, 65536, config.maxPatches))
        return badValue("max_num_patches");
    if (const auto grids = document->find("square_grids"); grids != document->end()) {
        if (!grids->is_array() || grids->empty())
            return badValue("square_grids");
        for (const nlohmann::json &grid : *grids) {
            const bool isFitting = grid.is_number_unsigned() && grid.get<std::uint64_t>() > 0 && grid.get<std::uint64_t>() <= 256
                && grid.get<int>() * grid.get<int>() <= config.maxPatches;
            if (!isFitting || (!config.squareGrids.empty() && grid.get<int>() <= config.squareGrids.back()))
                return badValue("square_grids");
            config.squareGrids.push_back(grid.get<int>());
        }
    }
    if (const auto factor = document->find("rescale_factor"); factor != document->end()) {
        if (!factor->is_number() || !(factor->get<double>() > 0 && factor->get<double>() <= 1))
            return badValue("rescale_factor");
        config.rescaleFactor = factor->get<double>();
    }
    if (!readTriple(*document, "image_mean", -10, 10, config.mean))
        return badValue("image_mean");
    if (!readTriple(*document, "image_std", 1e-6, 10, config.std))
        return badValue("image_std");
    return config;
}

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
    // 256 possible values a channel: a table gives each float once, exactly as (v * factor - mean) / std does.
    std::array<std::array<float, 256>, 3> table;
    for (std::size_t channel = 0; channel < 3; ++channel)
        for (std::size_t value = 0; value < 256; ++value)
            table[channel][value] = static_cast<float>((static_cast<double>(value) * config.rescaleFactor - config.mean[channel]) / config.std[channel]);
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
        return failure(code::ImageNoPixels, "image has no pixels (" + std::to_string(frame.widthPx) + " x " + std::to_string(frame.heightPx) + ")", frame.source);
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

} // namespace auroraedge::engine

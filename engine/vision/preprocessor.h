#pragma once

#include "engine/api/frame.h"
#include "engine/api/result.h"

#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>
#include <vector>

namespace auroraedge::engine {

/// An 8-bit RGB picture after the resize: what the model really sees.
struct ResizedPicture
{
    int widthPx = 0, heightPx = 0;
    std::vector<std::uint8_t> rgb; ///< [height, width, 3]
};

/// preprocessor_config.json of a NaFlex tower.
struct NaflexConfig
{
    int patchSize = 16;
    int maxPatches = 256;
    /// Our own key `square_grids`, absent in public files: the picture is stretched to a square of g x g patches, the
    /// first g of the list (ascending) with 1.5 * g * patchSize >= the longer side, else the last. One fixed grid per
    /// product keeps every compressor slot at one place of the picture.
    std::vector<int> squareGrids;
    double rescaleFactor = 1.0 / 255;
    double mean[3] = {0.5, 0.5, 0.5}, std[3] = {0.5, 0.5, 0.5};
};

/// What the tower gets (model-reference 1.1.1).
struct NaflexPatches
{
    int gridHeight = 0, gridWidth = 0;
    int slots = 0;             ///< maxPatches; rows beyond gridHeight * gridWidth are zero
    std::vector<float> values; ///< [slots, patch * patch * 3], channel fastest inside a patch
    ResizedPicture resized;
    [[nodiscard]] int validPatches() const { return gridHeight * gridWidth; }
};

struct PixelSize
{
    int heightPx = 0, widthPx = 0;
    friend bool operator==(const PixelSize &, const PixelSize &) = default;
};

/// CFG-01 for a bad value; MOD-21 when the file is missing.
Result<NaflexConfig> readNaflexConfig(const std::filesystem::path &preprocessorConfig);
/// The same from the file's content.
Result<NaflexConfig> parseNaflexConfig(std::string_view text);

/// Size after the NaFlex resize: bisection on the scale in double arithmetic (model-reference 1.1.1 step 2).
[[nodiscard]] PixelSize naflexSize(PixelSize picture, int patchSize, int maxPatches);

/// IMG-05 for an empty frame, IMG-06 for one so long that it cannot be made small enough.
Result<NaflexPatches> preprocessNaflex(const Frame &frame, const NaflexConfig &config);

/// The floats of the patches of an already resized picture; @p values has slots * patch * patch * 3 places and is
/// zero-filled beyond the valid patches.
void patchify(const ResizedPicture &picture, const NaflexConfig &config, std::span<float> values);

} // namespace auroraedge::engine

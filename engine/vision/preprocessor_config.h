#pragma once

#include "engine/api/result.h"
#include "engine/vision/resample.h"

#include <filesystem>
#include <string_view>
#include <variant>
#include <vector>

namespace auroraedge::engine {

/// An 8-bit value v becomes (v * rescaleFactor - mean) / std of its channel.
struct Normalisation
{
    double rescaleFactor = 1.0 / 255;
    double mean[3] = {0.5, 0.5, 0.5}, std[3] = {0.5, 0.5, 0.5};
};

/// A tower that takes any grid of patches (SigLIP 2 NaFlex).
struct NaflexConfig
{
    int patchSize = 16;
    int maxPatches = 256;
    /// Our own key `square_grids`, absent in public files: the picture is stretched to a square of g x g patches, the
    /// first g of the list (ascending) with 1.5 * g * patchSize > the longer side, else the last. One fixed grid per
    /// product keeps every compressor slot at one place of the picture.
    std::vector<int> squareGrids;
    Normalisation normalisation;
};

/// The whole picture, whatever its shape, becomes this size (SigLIP).
struct Stretch
{
    PixelSize size;
};

/// The shorter edge gets this length and the longer one follows; the middle is kept (CLIP).
struct ShortestEdge
{
    int edgePx = 0;
    PixelSize crop; ///< no side longer than edgePx
};

/// A tower that takes pictures of one size.
struct FixedSizeConfig
{
    bool padsToSquare = false; ///< first laid in the middle of a square of the mean's colour (LLaVA)
    std::variant<Stretch, ShortestEdge> resize;
    Filter filter = Filter::Bicubic;
    Normalisation normalisation;
};

using PreprocessorConfig = std::variant<NaflexConfig, FixedSizeConfig>;

/// preprocessor_config.json as transformers writes it for Siglip2, Siglip, CLIP and Llava image processors, "Fast" ones
/// and old "feature extractors" too. Without a type and without sizes it is a NaFlex tower's.
/// @return CFG-01 naming the key for a bad value or for what is not computed here; MOD-21 when the file is missing.
Result<PreprocessorConfig> readPreprocessorConfig(const std::filesystem::path &file);
/// The same from the file's content.
Result<PreprocessorConfig> parsePreprocessorConfig(std::string_view text);

/// For those who run a NaFlex tower: CFG-01 for any other kind.
Result<NaflexConfig> readNaflexConfig(const std::filesystem::path &file);
Result<NaflexConfig> parseNaflexConfig(std::string_view text);

} // namespace auroraedge::engine

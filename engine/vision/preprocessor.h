#pragma once

#include "engine/api/frame.h"
#include "engine/api/result.h"
#include "engine/vision/preprocessor_config.h"
#include "engine/vision/resample.h"

#include <span>
#include <variant>
#include <vector>

namespace auroraedge::engine {

/// What a NaFlex tower gets (model-reference 1.1.1).
struct NaflexPatches
{
    int gridHeight = 0, gridWidth = 0;
    int slots = 0;             ///< maxPatches; rows beyond gridHeight * gridWidth are zero
    std::vector<float> values; ///< [slots, patch * patch * 3], channel fastest inside a patch
    ResizedPicture resized;
    [[nodiscard]] int validPatches() const { return gridHeight * gridWidth; }
};

/// What a tower of one picture size gets (model-reference 1.2, 1.3).
struct PixelPlanes
{
    std::vector<float> values; ///< [3, height, width]
    ResizedPicture picture;    ///< the same in 8 bits: resized and, for CLIP, cropped
};

/// Size after the NaFlex resize: bisection on the scale in double arithmetic (model-reference 1.1.1 step 2).
[[nodiscard]] PixelSize naflexSize(PixelSize picture, int patchSize, int maxPatches);

/// IMG-05 for an empty frame, IMG-06 for one so long that it cannot be made small enough.
Result<NaflexPatches> preprocessNaflex(const Frame &frame, const NaflexConfig &config);

/// Size of the whole picture after CLIP's resize, before the crop. REQUIRES: it fits an int.
[[nodiscard]] PixelSize shortestEdgeSize(PixelSize picture, int edgePx);

/// IMG-05 for an empty frame, IMG-06 for a side of more than 2^18 pixels.
Result<PixelPlanes> preprocessFixedSize(const Frame &frame, const FixedSizeConfig &config);

using Preprocessed = std::variant<NaflexPatches, PixelPlanes>;

/// By the kind of the config; errors as above.
Result<Preprocessed> preprocess(const Frame &frame, const PreprocessorConfig &config);

/// The floats of the patches of an already resized picture; @p values has slots * patch * patch * 3 places and is
/// zero-filled beyond the valid patches.
void patchify(const ResizedPicture &picture, const NaflexConfig &config, std::span<float> values);

} // namespace auroraedge::engine

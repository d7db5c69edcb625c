#pragma once

#include "app/products/reviewed_records.h"
#include "engine/api/frame.h"
#include "engine/api/result.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace auroraedge::app {

/// Squares of @p side pixels that together hold every pixel of a picture, row by row, @p stride apart; the last of a row
/// or column ends with the picture. Along an edge shorter than a square there is one, which reaches beyond.
/// REQUIRES: 0 < stride <= side.
[[nodiscard]] std::vector<PixelBox> inspectionTiles(int widthPx, int heightPx, int side, int stride);

/// The pixels of @p tile at sensor resolution; beyond the picture its last pixels are repeated. Copies none where it does
/// not have to. REQUIRES: the tile's first pixel inside the picture.
[[nodiscard]] Frame cutTile(const Frame &picture, const PixelBox &tile);

/// The part of each defect that lies in @p tile, in the tile's pixels; less than a quarter of a defect is nothing.
[[nodiscard]] std::vector<LabelledDefect> defectsIn(const PixelBox &tile, std::span<const LabelledDefect> defects);

/// Whether @p tile holds nothing of any defect, not even its rim.
[[nodiscard]] bool isClean(const PixelBox &tile, std::span<const LabelledDefect> defects);

/// A part of a picture to learn from.
struct TrainingTile
{
    std::size_t record = 0; ///< index of its picture
    PixelBox box;
    std::vector<LabelledDefect> defects; ///< in the tile's pixels; none: a good tile
};

struct TilingOptions
{
    int side = 160;
    std::size_t most = 10'000; ///< tiles, about; 100 KB of memory each
    std::uint64_t seed = 1;
};

/// Tiles round every box, several where the limit lets, each box whole inside where it fits; and about as many good ones:
/// half of them clean places of the pictures with boxes, a third the same place of the good picture that is most like a bad one,
/// the others that place of any good picture. By record, each place once, the same for the same seed. Of a picture that is bad at a
/// place that nobody named there is no good tile.
[[nodiscard]] std::vector<TrainingTile> trainingTiles(std::span<const ReviewedRecord> records, const TilingOptions &options);

/// "<picture>#x,y,width,height": how a tile is named where a picture's path is wanted.
[[nodiscard]] std::string tileAddress(const std::string &picture, const PixelBox &box);
struct TilePlace
{
    std::string picture;
    PixelBox box;
};
/// @return INT-01 for what tileAddress() did not make.
Result<TilePlace> tilePlaceOf(const std::string &address);

} // namespace auroraedge::app

#pragma once

#include "app/products/product.h"
#include "engine/api/inspector.h"

#include <span>
#include <stop_token>
#include <string>
#include <vector>

namespace auroraedge::app {

/// What @p inspector makes of each of @p tiles of @p shown, as to @p question with its answers yes and no.
/// @return what Inspector::judge() returns on a failure.
Result<std::vector<RawScores>> tileScores(Inspector &inspector, const Frame &shown, std::span<const PixelBox> tiles,
                                          const std::string &question, std::stop_token stop);

/// Of a whole picture: of either score the worst tile's. REQUIRES: a tile.
[[nodiscard]] RawScores worstOf(std::span<const RawScores> tiles);

/// The likeliest of @p classes for @p tile, seen in its eight symmetries; empty without classes.
Result<std::string> defectClass(Inspector &inspector, const Frame &tile, const std::vector<std::string> &classes, std::stop_token stop);

/// A whole picture, inspected tile by tile.
struct PictureScore
{
    double probability = 0; ///< of a defect
    double score = 0;       ///< its logarithm of odds: what thresholds go by
    double answerScore = 0; ///< of either way of looking alone, calibrated too
    std::optional<double> patchScore;
    Verdict verdict = Verdict::Unsure;
    PixelBox worstTile;    ///< inside the picture
    Frame worstShown;      ///< the same as the model saw it: filled up to a whole tile
    std::string className; ///< of the worst tile's defect, if it is one; asked with its likeliest patch in the middle. Empty for OK
    StageLatencies latency; ///< of all tiles together, without that last question
};

/// @param shown the picture as the product's planes want it. @return what Inspector::judge() returns on a failure.
Result<PictureScore> inspectPicture(Inspector &inspector, const Product &product, const Frame &shown, std::stop_token stop);

} // namespace auroraedge::app

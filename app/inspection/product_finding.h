#pragma once

#include "engine/api/frame.h"

#include <optional>
#include <string>

namespace auroraedge::app {

/// What a product's model saw in a picture that it inspected tile by tile. Scores are logarithms of odds of a defect.
struct ProductFinding
{
    double probability = 0; ///< of a defect
    double score = 0, answerScore = 0;
    std::optional<double> patchScore;
    PixelBox worstTile;    ///< of the whole picture
    std::string className; ///< of the defect there, if it is one
    friend bool operator==(const ProductFinding &, const ProductFinding &) = default;
};

} // namespace auroraedge::app

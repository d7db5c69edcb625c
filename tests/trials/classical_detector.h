#pragma once

#include <opencv2/core/mat.hpp>

#include <string>
#include <vector>

namespace auroraedge::trials {

/// How the golden picture is laid on the scan before they are compared.
enum class GoldenLaid
{
    AsItIs,
    Shifted,    ///< as a whole, by the best number of whole pixels
    Registered, ///< as the product does it for its models
};

/// The baseline without any learning: a difference, a threshold, a morphological opening, and how much remains.
struct ClassicalSetting
{
    int openingPx = 3;
    bool isLargestPiece = true; ///< the area of the largest piece; else all pixels
    int thresholdPercent = 25;  ///< of white, or of the local mean
    GoldenLaid laid = GoldenLaid::AsItIs;
    int windowPx = 0;           ///< what is darker than the mean of this window; 0: what differs from the golden picture

    [[nodiscard]] std::string name() const;
};

/// What is tried: openings of 3 and 5 px, piece and sum, and with a golden picture every way to lay it, without one windows
/// and thresholds.
std::vector<ClassicalSetting> classicalSettings(bool hasGolden);

/// Pixels that remain. Both pictures grey; @p golden, empty without one, is already laid as the setting wants it.
double classicalScore(const cv::Mat &scan, const cv::Mat &golden, const ClassicalSetting &setting);

} // namespace auroraedge::trials

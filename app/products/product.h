#pragma once

#include "app/inspection/verdict.h"
#include "app/products/score_curves.h"
#include "engine/api/frame.h"
#include "engine/api/result.h"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace auroraedge::app {

inline constexpr char kDefectQuestion[] = "Is there a defect?";
inline constexpr char kWhichDefectQuestion[] = "Which defect is there?";

/// How a model did on pictures that were held out from its training.
struct ProductFigures
{
    int pictures = 0, bad = 0;
    bool isOfTiles = false; ///< good or bad pictures were missing, so these are tiles
    std::optional<double> auroc;
    double accuracy = 0, calibrationError = 0; ///< at one half; both by curves that had not seen the picture
    std::optional<double> recallAt1, recallAt5; ///< share of bad pictures found at 1 and 5 % false alarms
    std::optional<double> whichDefect;          ///< share of defects called by their name
};

/// Least and largest sides of some pictures.
struct PictureSizes
{
    int leastWidthPx = 0, mostWidthPx = 0, leastHeightPx = 0, mostHeightPx = 0;
};

/// What a model folder was taught to inspect: the file product.json.
struct Product
{
    int tile = 160, stride = 120;    ///< pixels
    bool usesGolden = false;         ///< shown are scan, golden picture and difference; else the picture itself
    std::string golden;              ///< a file of the model folder, an absolute folder with one picture a name, or empty
    std::string question = kDefectQuestion;
    std::vector<std::string> classes; ///< of defects, by name
    ScoreCurves curves;
    std::optional<double> okUpTo, ngFrom; ///< probability of a defect; none: that verdict is never given
    std::optional<PictureSizes> sizes;    ///< of the pictures that they were chosen on; none: not known
    std::string precision;                ///< that they were chosen at, "fp32"; empty: not known
    ProductFigures heldOut;

    /// OK or NG by the thresholds, UNSURE between them.
    [[nodiscard]] Verdict verdictOf(double defectProbability) const;
    /// Whether that is promised of a picture of this size, or of its @p part. Not where a defect would look larger or smaller than
    /// those that were measured, nor where a part is no whole tile and would be filled up.
    [[nodiscard]] bool isPromisedOf(int widthPx, int heightPx, const std::optional<PixelBox> &part = {}) const;
};

/// The content of a product.json. @return CFG-01.
Result<Product> parseProduct(std::string_view text);

/// @return nothing for a folder without product.json; CFG-01, FS-01 for a bad one.
Result<std::optional<Product>> readProduct(const std::filesystem::path &folder);

/// Writes product.json durably; not yet part of SHA256SUMS. @return FS-07, FS-09, FS-10, APP-01.
Result<void> writeProduct(const std::filesystem::path &folder, const Product &product);

} // namespace auroraedge::app

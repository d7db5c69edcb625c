#pragma once

#include "app/products/held_out.h"
#include "app/training/evaluation.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace auroraedge::app {

/// Of auroc(), 95 %, by drawing whole groups 2,000 times, or pictures where all are of one group; nothing when good or bad ones
/// are missing. The same for the same seed. @param groups of each picture.
[[nodiscard]] std::optional<Interval> aurocInterval(std::span<const ScoredPicture> pictures, std::span<const std::string> groups,
                                                    std::uint64_t seed = 1);

/// A bad picture that was called OK.
struct MissedPicture
{
    std::string picture, where; ///< path; "reviewed.jsonl line 7"
    double probability = 0;     ///< of a defect, as the product says
};

/// Pictures with one verdict.
struct VerdictCount
{
    int good = 0, bad = 0;

    [[nodiscard]] int all() const { return good + bad; }
};

/// How a product as it is did on reviewed pictures: by its stored curves and thresholds, nothing is fitted to them.
struct ProductMeasurement
{
    ProductFigures figures; ///< of pictures; accuracy and calibration error by the stored curves
    std::optional<Interval> aurocInterval;
    std::optional<double> tileAuroc;
    int right = 0; ///< pictures on their side of one half
    VerdictCount ok, ng, unsure;
    std::vector<MissedPicture> missed; ///< the surest first
    int named = 0, namedRight = 0;     ///< defects asked for by name, and those called by it
};

/// @param judgement of @p records, picture by picture.
[[nodiscard]] ProductMeasurement measurementOf(const Product &product, std::span<const ReviewedRecord> records, const HeldOutJudgement &judgement);

} // namespace auroraedge::app

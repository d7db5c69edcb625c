#pragma once

#include "app/products/held_out.h"
#include "engine/api/training.h"

#include <cstdint>
#include <string>
#include <vector>

namespace auroraedge::app {

/// How a model is taught a product.
struct FineTuningPlan
{
    int steps = 0; ///< 0: as many as take about half an hour on two cores
    int grid = 10; ///< patches along a tile's side, at sensor resolution
    int tile = 160;
    bool isFresh = false; ///< the weights begin at random
    int loraRank = 0;     ///< above 0: connectors and LoRA alone are trained
    bool usesGolden = false;
    std::uint64_t seed = 1;
};

/// The names of all defects, sorted.
[[nodiscard]] std::vector<std::string> classesOf(std::span<const ReviewedRecord> records);

/// Tiles with two questions each (is there a defect, which one) in several wordings, their defects as boxes for the patch
/// head, and tiles of the held-out pictures to watch the training with; stages that teach the tower first and then answer
/// and patch head together, until it gets no better. Folders, loader, device and threads are the caller's.
[[nodiscard]] TrainingRun fineTuningRun(const HeldOutSplit &split, const FineTuningPlan &plan);

} // namespace auroraedge::app

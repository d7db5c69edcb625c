#pragma once

#include "engine/api/result.h"
#include "engine/api/training.h"

#include <filesystem>
#include <iosfwd>

namespace auroraedge::app {

/// One line: where the training is, how it does, and how long it will go on.
void printTrainingProgress(const TrainingProgress &progress, std::ostream &err);

/// `curves.png` beside the log of @p folder, if there is one: how loss and rates went, over all steps of all stages.
/// @return FS-07, ENG-01.
Result<void> drawTrainingCurves(const std::filesystem::path &folder);

} // namespace auroraedge::app

#pragma once

#include "ui/models/batch.h"

namespace auroraedge::ui {

/// A job in each state, the first of them running, the second watching.
[[nodiscard]] BatchJobs batchJobs();
/// As many as nobody sees at once.
[[nodiscard]] BatchJobs manyBatchJobs();
/// With names, questions and sentences that nobody shortened, and figures as large as they come.
[[nodiscard]] BatchJobs longBatchJobs();
/// @p count of them, newest first.
[[nodiscard]] BatchFailures batchFailures(int count);

} // namespace auroraedge::ui

#pragma once

#include "app/cli/commands.h"

namespace auroraedge::app {

/// Measures a product's model on reviewed records, by the product's own curves and thresholds.
/// @return 3 when records were left out; RCP-04 for a model that was not taught a product; CLI-01 when a golden picture is
/// missing, or of no use; what readReviewedRecords(), checkPictures(), readProduct() and judgeHeldOut() return.
Result<int> evaluateProduct(const EvaluateOptions &options, const CliContext &context);

} // namespace auroraedge::app

#pragma once

#include "engine/api/training.h"

#include <stop_token>

namespace auroraedge::engine {

/// Trains AuroraEdge on the CPU as @p run says: products in bf16 where that is the faster kind, fp32 weights, answers
/// only in the loss, patch and pooled heads beside it. Writes `outFolder` as a complete model folder, weights in fp16.
/// @return FS-*, CFG-*, TOK-*, or code::Cancelled after a stop (the checkpoint stays and a new run goes on from it).
Result<TrainingReport> train(const TrainingRun &run, const TrainingListener &listener, std::stop_token stop);

} // namespace auroraedge::engine

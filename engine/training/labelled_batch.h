#pragma once

#include "engine/models/aurora_edge.h"

#include <filesystem>

namespace auroraedge::engine {

/// Conversations about one picture each, padded on the right to one length.
struct LabelledBatch
{
    at::Tensor patches;   ///< [B, S, values]
    at::Tensor validKeys; ///< [B, S] bool
    std::vector<PatchGrid> grids;
    at::Tensor ids;      ///< [B, L] int64
    at::Tensor labels;   ///< [B, L] int64, -100 = not learned
    at::Tensor textMask; ///< [B, L] bool, false = padding
};

struct LabelledPass
{
    at::Tensor loss;           ///< [] mean over the learned tokens
    at::Tensor logits;         ///< [B, Nc + L, vocab]
    at::Tensor compressed;     ///< H_vc
    at::Tensor fused;          ///< H_ft [B, L, D]: answers and padding keep their plain embedding
    at::Tensor cross, decoder; ///< as FusionModule::Output
};

/// One forward pass with the loss (model-reference 3.5, `fusion.scope` prompt; parity README, decision 12): prompts go
/// through the fusion and are its only text keys, answers do not.
LabelledPass passOf(const AuroraEdge &model, const LabelledBatch &batch);

/// Whether the paper's stage 1 (connectors), 2 (those and the decoder) or 3 (all) trains the tensor @p name.
[[nodiscard]] bool isTrainedIn(int stage, const std::string &name);

/// `debug train-step`: `loss`, `grad.<tensor>` before clipping for every tensor, `after.<tensor>` for those that the
/// stage trains, after one AdamW step (1e-3, 0.9 / 0.999, 1e-8, no decay, clip 1).
/// @return what the model and the batch file are refused with; CFG-01 for a model that is not a whole AuroraEdge.
Result<void> debugTrainStep(const std::filesystem::path &folder, const std::filesystem::path &batch, int stage,
                            const std::filesystem::path &outputs);

} // namespace auroraedge::engine

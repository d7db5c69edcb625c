#pragma once

#include "engine/core/layers.h"
#include "engine/training/batches.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/Reduction.h>
#include <ATen/ops/binary_cross_entropy_with_logits.h>
#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/full.h>

#include <cmath>

namespace auroraedge::engine {

/// Few patches show anything, so those count more; with the weight's logarithm added the logits stay honest.
/// @param logits and targets [B, slots, kPatchClasses]
inline at::Tensor patchLoss(const at::Tensor &logits, const at::Tensor &targets)
{
    constexpr double kPositive = 4;
    const at::Tensor weight = at::full({kPatchClasses}, kPositive, targets.options());
    return at::binary_cross_entropy_with_logits(logits.to(at::kFloat) + std::log(kPositive), targets, {}, weight);
}

/// What @p visual [B, slots, width] says of the patches: of what is in each (@p head), and which kind of defect it is
/// (@p kindHead, where there is one; @p kinds [B, slots] int64).
inline at::Tensor patchesLoss(const at::Tensor &visual, const Linear &head, const at::Tensor &targets, const Linear &kindHead,
                              const at::Tensor &kinds)
{
    const at::Tensor loss = patchLoss(head(visual), targets);
    if (!kindHead.weight.defined())
        return loss;
    const at::Tensor wanted = kinds.flatten();
    const at::Tensor sum = at::cross_entropy_loss(kindHead(visual).to(at::kFloat).flatten(0, 1), wanted, {}, at::Reduction::Sum, kNoKind);
    return loss + sum / (wanted != kNoKind).sum().clamp_min(1); // a batch may show no defect
}

} // namespace auroraedge::engine

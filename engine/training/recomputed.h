#pragma once

#include "engine/core/layers.h"

namespace auroraedge::engine {

/// layer(x), computed again in the backward pass instead of kept (Chen et al. 2016, "Training Deep Nets with Sublinear
/// Memory Cost"): of a stack of layers only each layer's input and the inside of one layer lie in memory at a time, for a
/// third more work. Gradients reach x and every tensor that the layer uses, bit for bit those of the plain call.
///
/// It is a LayerRunner, so a trainer short of memory writes once, after it has taken the model:
///
///     model.tower.setLayerRunner(recomputed);
///     model.decoder.setLayerRunner(recomputed);
///
/// REQUIRES: the layer gives the same each time (no drawing at random, no cache that it fills), holds by value what else
/// it uses (a mask, a rotary table), and neither that nor x is changed in place before the backward pass. Gradients come
/// by backward(), which adds them to the leaves; autograd's grad() for chosen tensors would not see those of the layer.
/// A tensor in the layer that is itself computed from leaves may be used by one recomputed layer only.
///
/// The autocast state of the call is that of the second computation. Casts are not cached in either: a copy of each
/// weight that outlives its layer is what this is there to avoid. Where nothing in it learns, or under a NoGradGuard,
/// this is the plain call.
[[nodiscard]] at::Tensor recomputed(const Layer &layer, const at::Tensor &x);

} // namespace auroraedge::engine

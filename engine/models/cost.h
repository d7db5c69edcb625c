#pragma once

#include "engine/api/engine.h"
#include "engine/io/model_config.h"

#include <cstdint>
#include <vector>

namespace auroraedge::engine {

/// Parameters and multiply-adds of each module for one picture and @p textTokens of text; no memory is taken for the
/// weights (meta tensors).
/// True: every parameter once, attention products, four a LayerNorm value, the head on the last position, padded slots
/// as the towers compute them. Paper-style (thop's rules, model-reference 3.2): no attention products, the head on every
/// position, SigLIP2's unused pooling head, only the parameters of Linear, convolution and LayerNorm.
[[nodiscard]] std::vector<ModuleCost> costOf(const Architecture &architecture, std::int64_t textTokens);

} // namespace auroraedge::engine

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

/// Bytes that a loaded model keeps, with values of @p valueBytes. The weights of a file in that precision stay in its
/// mapping and are shared with other programs; the rest is the program's own.
struct MemoryPlan
{
    std::int64_t weights = 0;
    std::int64_t cache = 0;    ///< keys and values of a picture, the longest question and an answer of usual length
    std::int64_t pictures = 0; ///< features of the last pictures
};
[[nodiscard]] MemoryPlan memoryPlan(const AuroraEdgeConfig &config, std::int64_t valueBytes);

} // namespace auroraedge::engine

#pragma once

#include "engine/core/layers.h"
#include "engine/io/model_config.h"

namespace auroraedge::engine {

/// Tower width to decoder width, slot by slot: Linear, GELU (erf), Linear as in LLaVA-1.5, or one Linear.
class Projector final
{
public:
    static Projector take(ParameterSource &source, const AuroraEdgeConfig &config);
    /// [B, S, Hv] -> [B, S, D]
    at::Tensor forward(const at::Tensor &visual) const;

private:
    Linear m_first, m_second; ///< m_second is undefined for the linear kind
};

} // namespace auroraedge::engine

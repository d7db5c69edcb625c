#pragma once

#include "engine/core/layers.h"
#include "engine/io/model_config.h"

namespace auroraedge::engine {

/// LDPv2, the projector of MobileVLM V2: to the decoder's width, 2 x 2 mean over the grid, then a depthwise 3 x 3
/// convolution added as position (mobilevlm/model/vision_projector.py; model-reference 4.1).
class Ldpv2Projector final
{
public:
    struct Output
    {
        at::Tensor mlp;    ///< [B, n, D]
        at::Tensor pooled; ///< [B, n / 4, D]
        at::Tensor out;    ///< [B, n / 4, D], rows of the grid one after the other
    };

    static Ldpv2Projector take(ParameterSource &source, const std::string &prefix, const Ldpv2Config &config);
    /// @param features [B, n, Hv], n = gridSide^2, row by row.
    Output forward(const at::Tensor &features) const;
    [[nodiscard]] const Ldpv2Config &config() const { return m_config; }

private:
    Ldpv2Config m_config;
    Linear m_first, m_second;
    at::Tensor m_positionWeight, m_positionBias; ///< [D, 1, 3, 3], [D]
};

} // namespace auroraedge::engine

#pragma once

#include "engine/core/layers.h"
#include "engine/io/model_config.h"
#include "engine/vision/vision_encoder.h"

namespace auroraedge::engine {

/// Visual tokens S -> Nc for the decoder (model-reference 3.5; parity README, decisions 7 to 9).
class Compressor final
{
public:
    static Compressor take(ParameterSource &source, const AuroraEdgeConfig &config);

    /// @param projected [B, S', D]; S' below S only where canOmitPadding().
    /// @param validKeys [B, S'] bool or undefined (all valid).
    /// @return [B, Nc, D]
    at::Tensor forward(const at::Tensor &projected, const at::Tensor &validKeys, const std::vector<PatchGrid> &grids) const;

    /// Whether padded slots may be left out of the input: they add nothing to the token MLP once they are zeroed.
    [[nodiscard]] bool canOmitPadding() const;

private:
    at::Tensor alongSlots(const at::Tensor &x) const;
    at::Tensor onGrid(const at::Tensor &x, const std::vector<PatchGrid> &grids) const;
    at::Tensor concatenated(const at::Tensor &x) const;

    AuroraEdgeConfig m_config;
    Linear m_first, m_second;          ///< mlp: along the slots; concat4: m_first over four joined slots
    at::Tensor m_convWeight, m_convBias;
};

} // namespace auroraedge::engine

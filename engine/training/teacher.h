#pragma once

#include "engine/api/training.h"
#include "engine/core/layers.h"

#include <cstdint>
#include <string>
#include <vector>

namespace auroraedge::engine {

/// The pooled heads of a run's sources, by index: sources that name one head share it; a source without classes has none.
/// @param prefix of their names among the parameters. @param width of what they read.
[[nodiscard]] std::vector<Linear> takePooledHeads(ParameterSource &source, const std::string &prefix, const TrainingRun &run, std::int64_t width);

/// A small convolutional network on the pooled labels. It learns from a few thousand pictures what takes the tower many
/// more (neighbouring pixels belong together), and then teaches the tower: its answers and what it sees at each patch.
/// It lives in checkpoints only and never reaches the product.
class Teacher final
{
public:
    static constexpr std::int64_t kWidth = 192;
    struct Output
    {
        at::Tensor features; ///< [B, side^2, kWidth], row by row: a place a patch
        at::Tensor pooled;   ///< [B, kWidth]
    };

    /// Names begin with "training.teacher.".
    static Teacher take(ParameterSource &source, const TrainingRun &run);

    /// @param patches [B, side^2, patchSize^2 * 3], channel fastest, as the tower gets them.
    Output forward(const at::Tensor &patches, std::int64_t side, std::int64_t patchSize) const;
    /// Multiply-adds for a patch of @p patchSize pixels a side.
    static double multiplyAdds(std::int64_t patchSize);
    /// Scores of the source's classes [B, labels]; undefined when it has none.
    at::Tensor scores(const Output &output, std::size_t source) const;

private:
    struct Layer
    {
        at::Tensor weight, normWeight, normBias;
        std::int64_t stride = 1;
    };
    std::vector<Layer> m_layers;
    std::vector<Linear> m_heads; ///< one a source
};

} // namespace auroraedge::engine

#pragma once

#include "engine/core/layers.h"

#include <cstdint>
#include <map>
#include <string>

namespace auroraedge::engine {

/// Whose matrices are adapted.
struct AdaptedParts
{
    bool tower = false, decoder = true;
};

/// Whether @p name, as Hugging Face spells it, is a matrix of an attention (q, k, v, out) or of an MLP in a layer of
/// @p parts. Embeddings, heads, norms, biases, connectors and the fusion module never are.
[[nodiscard]] bool isAdapted(AdaptedParts parts, const std::string &name);

/// LoRA (Hu et al. 2021, "LoRA: Low-Rank Adaptation of Large Language Models"): an adapted matrix W [out, in] stays as it
/// is and W + alpha / r * B A is learnt in its place, with A [r, in] drawn from N(0, 1 / sqrt(in)) and B [out, r] of
/// zeros. The product is never made while training: Linear adds alpha / r * (x A^T) B^T to its result, so no gradient
/// of W's size is computed or kept, and the model need be taken only once.
///
///     LowRankAdapters adapters(parameters, {}, seed);
///     const AuroraEdge model = AuroraEdge::take(adapters, config); // computes exactly what the base computes
///     Optimiser optimiser(adapters.parameters(), settings);
///     ...
///     writeTensorMap(file, adapters.merged());
class LowRankAdapters final : public LowRankSource
{
public:
    struct Settings
    {
        AdaptedParts parts = {};
        std::int64_t rank = 8; ///< at least 1
        double alpha = 16;
    };

    /// @param base gives every weight; each is frozen when it is taken, and a stage that trains connectors besides asks
    ///             for their gradients again. Outlives the taking of the model.
    LowRankAdapters(ParameterSource &base, const Settings &settings, std::uint64_t seed);

    at::Tensor take(const std::string &name, const Shape &shape) override;
    [[nodiscard]] LowRank lowRankOf(const std::string &name) const override;

    /// What learns, fp32 leaves: "lora.<name of the matrix>.A" and ".B".
    [[nodiscard]] const std::map<std::string, at::Tensor> &parameters() const { return m_parameters; }
    /// Takes those of @p tensors that are named and shaped as parameters(), in place. Copies.
    void restore(const std::map<std::string, at::Tensor> &tensors);

    /// Every weight by the name it was taken by, the adapted ones as W + alpha / r * B A: a plain model.
    /// @param instead values to use for a weight, an A or a B in place of the present ones (running averages).
    [[nodiscard]] std::map<std::string, at::Tensor> merged(const std::map<std::string, at::Tensor> &instead = {}) const;

private:
    ParameterSource &m_base;
    Settings m_settings;
    std::uint64_t m_seed;
    std::map<std::string, at::Tensor> m_weights, m_parameters;
};

} // namespace auroraedge::engine

#pragma once

#include "engine/io/weights.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace auroraedge::engine {

/// Leaf tensors in fp32 that ask for gradients, by name: from files where they hold the name, else freshly drawn.
///
/// Fresh values: Linear N(0, 0.7 / sqrt(fan in)), embeddings N(0, 0.02), norms 1 and 0, positions 2-D sine-cosine
/// times 0.7, and in the tower W_q = W_k and W_o W_v = -0.4 I ("mimetic", Trockman & Kolter 2023). With a small data
/// set that start is worth thousands of pictures: positions drawn at 0.02 are invisible beside patch embeddings.
class TrainableParameters final : public ParameterSource
{
public:
    /// @param files weights to go on from, or none for a fresh model.
    TrainableParameters(std::optional<TensorFiles> files, std::uint64_t seed, at::Device device = at::kCPU);

    at::Tensor take(const std::string &name, const Shape &shape) override;

    [[nodiscard]] const std::map<std::string, at::Tensor> &parameters() const { return m_parameters; }
    /// Whether the files held all that was taken so far; a patch head of which they hold nothing may be fresh. Without files
    /// everything may. @return MOD-12, or MOD-14 when no tensor is missing; names the first ones.
    [[nodiscard]] Result<void> check() const;

private:
    at::Tensor fresh(const std::string &name, const Shape &shape);

    std::optional<TensorFiles> m_files;
    std::uint64_t m_seed;
    at::Device m_device;
    std::map<std::string, at::Tensor> m_parameters;
    std::vector<std::string> m_missing, m_misfits; ///< of the files
};

/// A connector of a model put together afresh: N(0, @p std), zero biases, norms 1 and 0 (model-reference 3.5).
[[nodiscard]] at::Tensor freshConnector(const std::string &name, const Shape &shape, std::uint64_t seed, double std);

} // namespace auroraedge::engine

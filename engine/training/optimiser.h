#pragma once

#include <ATen/core/Tensor.h>

#include <map>
#include <string>
#include <vector>

namespace auroraedge::engine {

/// AdamW for vectors, embeddings and connectors, and Muon for the hidden matrices: momentum orthogonalised by five
/// Newton-Schulz steps (Jordan 2024). Per picture seen it learns about twice as fast here as AdamW alone.
class Optimiser final
{
public:
    struct Settings
    {
        bool usesMuon = true;
        double beta1 = 0.9, beta2 = 0.98, eps = 1e-8;
        double weightDecay = 0.05; ///< of matrices, both optimisers; vectors have none
        double muonMomentum = 0.95;
        double clipNorm = 1.0;
        bool usesBf16 = false; ///< for the orthogonalising products
    };

    /// Plain AdamW as the published recipes name it (model-reference 5.1).
    static Settings published();

    /// @param parameters leaf tensors; they are changed in place.
    Optimiser(const std::map<std::string, at::Tensor> &parameters, const Settings &settings);

    /// What a run needs to go on exactly here, under "optimiser." in @p tensors, and back. Copies.
    void save(std::map<std::string, at::Tensor> &tensors) const;
    void restore(const std::map<std::string, at::Tensor> &tensors, std::int64_t steps);
    [[nodiscard]] std::int64_t steps() const { return m_steps; }

    /// One step from the gradients there are, which are dropped afterwards. @return the norm before clipping.
    double step(double learningRate, double muonLearningRate);

private:
    struct AdamState
    {
        std::string name;
        at::Tensor parameter, mean, square;
        double decay = 0;
    };
    /// Matrices of one shape are orthogonalised together: a few large products instead of many small ones.
    struct MuonGroup
    {
        std::vector<std::string> names;
        std::vector<at::Tensor> parameters;
        at::Tensor momentum; ///< [count, rows, columns]
    };

    double clip();
    void stepAdam(AdamState &state, double learningRate);
    void stepMuon(MuonGroup &group, double learningRate);

    Settings m_settings;
    std::vector<AdamState> m_adam;
    std::vector<MuonGroup> m_muon;
    std::int64_t m_steps = 0;
};

/// Whether @p name is a hidden matrix of the tower, the decoder or the fusion module (not an embedding or a head), or a
/// convolution of the teacher.
[[nodiscard]] bool isHiddenMatrix(const std::string &name, const at::Tensor &parameter);

} // namespace auroraedge::engine

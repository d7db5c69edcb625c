#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <random>

namespace auroraedge::engine {

/// A drawn token and the probability that the model gives it.
struct SampledToken
{
    std::int64_t id = 0;
    double probability = 0;
};

/// Greedy at temperature 0; otherwise drawn from softmax(logits / temperature). Same seed, same tokens.
class Sampler final
{
public:
    /// @param calibration told probabilities are softmax(logits / calibration), whatever the temperature of the draw.
    Sampler(double temperature, std::uint64_t seed, double calibration = 1) : m_temperature(temperature), m_calibration(calibration), m_random(seed) {}

    /// @param logits [vocab] fp32. @return the token; ties go to the lowest id. Its probability is not a number when any
    /// logit is not one.
    SampledToken sample(const at::Tensor &logits);

private:
    double m_temperature, m_calibration;
    std::mt19937_64 m_random;
};

} // namespace auroraedge::engine

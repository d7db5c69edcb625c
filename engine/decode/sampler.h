#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <random>

namespace auroraedge::engine {

/// A drawn token and the probability the model itself gave it (temperature 1).
struct SampledToken
{
    std::int64_t id = 0;
    double probability = 0;
};

/// Greedy at temperature 0; otherwise drawn from softmax(logits / temperature). Same seed, same tokens.
class Sampler final
{
public:
    Sampler(double temperature, std::uint64_t seed) : m_temperature(temperature), m_random(seed) {}

    /// @param logits [vocab] fp32. @return the token; ties go to the lowest id. Its probability is not a number when any
    /// logit is not one.
    SampledToken sample(const at::Tensor &logits);

private:
    double m_temperature;
    std::mt19937_64 m_random;
};

} // namespace auroraedge::engine

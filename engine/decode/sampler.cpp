#include "engine/decode/sampler.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/argmax.h>
#include <ATen/ops/softmax.h>

namespace auroraedge::engine {

SampledToken Sampler::sample(const at::Tensor &logits)
{
    const at::Tensor probabilities = at::softmax(logits, -1).to(at::kCPU).contiguous();
    const float *values = probabilities.const_data_ptr<float>();
    const std::int64_t size = probabilities.numel();
    if (m_temperature <= 0) {
        const std::int64_t best = at::argmax(probabilities).item<std::int64_t>();
        return {best, values[best]};
    }
    const at::Tensor flattened = at::softmax(logits.to(at::kCPU) / m_temperature, -1).contiguous();
    const float *weights = flattened.const_data_ptr<float>();
    // Inverse transform on our own generator: std distributions differ between standard libraries.
    double left = static_cast<double>(m_random() >> 11) * 0x1.0p-53;
    for (std::int64_t i = 0; i < size; ++i) {
        left -= weights[i];
        if (left < 0)
            return {i, values[i]};
    }
    return {size - 1, values[size - 1]};
}

} // namespace auroraedge::engine

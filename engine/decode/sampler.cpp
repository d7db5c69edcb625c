#include "engine/decode/sampler.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/argmax.h>
#include <ATen/ops/softmax.h>

namespace auroraedge::engine {

SampledToken Sampler::sample(const at::Tensor &logits)
{
    const at::Tensor plain = logits.to(at::kCPU);
    const at::Tensor probabilities = at::softmax(m_calibration == 1 ? plain : plain / m_calibration, -1).contiguous();
    const float *values = probabilities.const_data_ptr<float>();
    const std::int64_t best = at::argmax(plain).item<std::int64_t>();
    if (!(m_temperature > 0))
        return {best, values[best]};
    // The greatest taken off first: a tiny temperature would divide the logits to infinity.
    const at::Tensor flattened = at::softmax((plain - plain[best]) / m_temperature, -1).contiguous();
    const float *weights = flattened.const_data_ptr<float>();
    // Inverse transform on our own generator: std distributions differ between standard libraries.
    double left = static_cast<double>(m_random() >> 11) * 0x1.0p-53;
    for (std::int64_t i = 0; i < flattened.numel(); ++i) {
        left -= weights[i];
        if (left < 0)
            return {i, values[i]};
    }
    return {best, values[best]}; // the weights add up to a little less than 1
}

} // namespace auroraedge::engine

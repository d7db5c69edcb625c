#pragma once

#include "engine/api/inspector.h"
#include "engine/api/result.h"

#include <ATen/core/Tensor.h>

#include <string>

namespace auroraedge::engine {

/// Where a model will run, in what precision, and why, in one sentence for the user.
struct Placement
{
    at::Device device = at::kCPU;
    at::ScalarType dtype = at::kFloat;
    std::string reason;
};

/// Opens LibTorch's CUDA library once, when there is one. @return why there is no usable GPU, or an empty text.
std::string whyNoGpu();

/// @param wanted auto, cpu, cuda or cuda:N. Auto takes the first GPU when it is there and @p parameters fit with a
///               margin, else the CPU, and says why; a GPU asked for by name and not usable is an error.
/// @return GPU-01, GPU-02, ENG-01 (not enough memory on the CPU), or CLI-01 for another word.
Result<Placement> placeModel(const std::string &wanted, Precision precision, std::int64_t parameters);

[[nodiscard]] Precision precisionOf(at::ScalarType type);
/// Auto is fp32.
[[nodiscard]] at::ScalarType scalarTypeOf(Precision precision);

/// Waits for the device, so that a clock read afterwards is true. Nothing on the CPU.
void finishWork(const at::Device &device);

/// @param threads 0 = all cores but one (for camera and window), at least one.
void setThreads(int threads);
[[nodiscard]] int threadsOfKernels();

/// Whether the processor multiplies bf16 by instructions of its own (AMX, AVX-512 BF16). LibTorch does it without, too, at half
/// the speed of fp32 or less. Always the same on one machine, as no measurement is beside other work.
[[nodiscard]] bool multipliesBf16();

} // namespace auroraedge::engine

#include "engine/core/self_test.h"

#include "engine/core/device.h"
#include "engine/core/guarded.h"

#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/ones.h>
#include <torch/headeronly/version.h>

#include <algorithm>
#include <chrono>

namespace auroraedge::engine {

namespace {

constexpr std::int64_t kSide = 1024;

/// The best of some products of [rows, 1024] by [1024, 1024].
double gflopsOf(at::ScalarType type, std::int64_t rows, int rounds)
{
    const at::Tensor a = at::ones({rows, kSide}, type), b = at::ones({kSide, kSide}, type);
    double best = 0;
    for (int round = 0; round < rounds; ++round) {
        const auto start = std::chrono::steady_clock::now();
        const at::Tensor product = at::matmul(a, b);
        const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        best = std::max(best, 2.0 * static_cast<double>(rows * kSide * kSide) / seconds / 1e9);
    }
    return best;
}

double gflopsOf(at::ScalarType type)
{
    // Without instructions for bf16 LibTorch multiplies number by number, and whole products would take twenty seconds.
    constexpr double kNumberByNumber = 2;
    const double glance = gflopsOf(type, kSide / 8, 2);
    return glance < kNumberByNumber ? glance : gflopsOf(type, kSide, 8);
}

} // namespace

Result<SelfTest> runSelfTest(int threads)
{
    return guarded("self-test", [&]() -> Result<SelfTest> {
        const at::NoGradGuard noGrad;
        setThreads(threads);
        SelfTest test;
        test.fp32Gflops = gflopsOf(at::kFloat);
        test.bf16Gflops = gflopsOf(at::kBFloat16);
        test.cpuCapability = at::get_cpu_capability();
        test.libtorchVersion = TORCH_VERSION;
        const std::string obstacle = whyNoGpu();
        test.cuda = obstacle.empty() ? "usable" : obstacle;
        test.threads = at::get_num_threads();
        return test;
    });
}

} // namespace auroraedge::engine

#include "engine/core/device.h"

#include <ATen/Context.h>
#include <ATen/DeviceAccelerator.h>
#include <ATen/Parallel.h>

#include <dlfcn.h>

#include <algorithm>
#include <fstream>
#include <thread>

namespace auroraedge::engine {

namespace {

constexpr double kGib = 1024.0 * 1024 * 1024;

std::string gibText(double bytes)
{
    return std::to_string(bytes / kGib).substr(0, std::to_string(bytes / kGib).find('.') + 2) + " GB";
}

/// MemAvailable of /proc/meminfo: what can be had without swapping.
double freeCpuBytes()
{
    std::ifstream file("/proc/meminfo");
    std::string key, unit;
    double kilobytes = 0;
    while (file >> key >> kilobytes >> unit)
        if (key == "MemAvailable:")
            return kilobytes * 1024;
    return kGib * 1024; // unknown: let the allocation itself decide
}

double bytesNeeded(std::int64_t parameters, at::ScalarType dtype)
{
    const double weights = static_cast<double>(parameters) * static_cast<double>(c10::elementSize(dtype));
    return weights * 1.1 + 0.3 * kGib; // activations and cache at batch 1
}

at::ScalarType dtypeFor(Precision precision, bool isGpu, std::int64_t parameters)
{
    // A small model gains nothing from bf16 on a CPU and answers identically everywhere in fp32.
    constexpr std::int64_t kLarge = 200'000'000;
    switch (precision) {
    case Precision::Fp32: return at::kFloat;
    case Precision::Bf16: return at::kBFloat16;
    case Precision::Fp16: return at::kHalf;
    case Precision::Auto: break;
    }
    return isGpu || parameters > kLarge ? at::kBFloat16 : at::kFloat;
}

} // namespace

std::string whyNoGpu()
{
    static const std::string reason = [] {
        // Before the first tensor: the library registers its kernels while it is opened.
        if (!::dlopen("libtorch_cuda.so", RTLD_NOW | RTLD_GLOBAL))
            return std::string("this LibTorch has no CUDA library");
        if (!at::globalContext().hasCUDA())
            return std::string("no CUDA device or driver was found");
        return std::string();
    }();
    return reason;
}

Result<Placement> placeModel(const std::string &wanted, Precision precision, std::int64_t parameters)
{
    const bool isAuto = wanted.empty() || wanted == "auto";
    const bool isGpuWanted = wanted == "cuda" || wanted.starts_with("cuda:");
    if (!isAuto && !isGpuWanted && wanted != "cpu")
        return failure(code::Usage, "device '" + wanted + "' is unknown; use auto, cpu, cuda or cuda:N", wanted);

    std::string cpuReason = "CPU was chosen";
    if (isAuto || isGpuWanted) {
        std::string obstacle = whyNoGpu();
        if (obstacle.empty()) {
            const int index = wanted.starts_with("cuda:") ? std::atoi(wanted.c_str() + 5) : 0;
            const at::Device device(at::kCUDA, static_cast<at::DeviceIndex>(index));
            const at::ScalarType dtype = dtypeFor(precision, true, parameters);
            const double needed = bytesNeeded(parameters, dtype);
            const auto [free, total] = at::accelerator::getMemoryInfo(device.index());
            if (needed <= static_cast<double>(free))
                return Placement{device, dtype, device.str() + ": " + gibText(needed) + " needed, " + gibText(static_cast<double>(free)) + " free"};
            obstacle = "needs " + gibText(needed) + ", " + gibText(static_cast<double>(free)) + " free";
            if (isGpuWanted)
                return failure(code::GpuMemoryLoad, obstacle + "; choose CPU or a smaller model", wanted);
        }
        if (isGpuWanted)
            return failure(code::GpuAbsent, "no usable GPU: " + obstacle, wanted);
        cpuReason = "CPU: " + obstacle;
    }
    const at::ScalarType dtype = dtypeFor(precision, false, parameters);
    const double needed = bytesNeeded(parameters, dtype), free = freeCpuBytes();
    if (needed > free)
        return failure(code::MemoryShort, "not enough memory: " + gibText(needed) + " needed, " + gibText(free) + " free");
    return Placement{at::kCPU, dtype, cpuReason};
}

Precision precisionOf(at::ScalarType type)
{
    return type == at::kBFloat16 ? Precision::Bf16 : type == at::kHalf ? Precision::Fp16 : Precision::Fp32;
}

void finishWork(const at::Device &device)
{
    if (!device.is_cpu())
        at::accelerator::synchronizeDevice(device.index());
}

void setThreads(int threads)
{
    const int cores = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
    at::set_num_threads(threads > 0 ? std::min(threads, cores) : std::max(1, cores - 1));
}

} // namespace auroraedge::engine

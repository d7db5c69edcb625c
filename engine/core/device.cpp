#include "engine/core/device.h"

#include "engine/api/memory_need.h"
#include "engine/core/guarded.h"

#include <ATen/Context.h>
#include <ATen/DeviceAccelerator.h>
#include <ATen/Parallel.h>

#include <dlfcn.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <optional>
#include <thread>

namespace auroraedge::engine {

namespace {

/// In the unit of the Models page.
std::string gigabytes(double bytes)
{
    const auto tenths = static_cast<std::int64_t>(bytes / 1e8 + 0.5);
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " GB";
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
    return 1e15; // unknown: let the allocation itself decide
}

double bytesNeeded(std::int64_t parameters, Precision held)
{
    return static_cast<double>(memoryNeeded(parameters, held));
}

/// The N of "cuda:N", 0 of "cuda", nothing of another word.
std::optional<int> gpuIndexOf(std::string_view wanted)
{
    if (wanted == "cuda")
        return 0;
    constexpr std::string_view prefix = "cuda:";
    if (!wanted.starts_with(prefix))
        return std::nullopt;
    wanted.remove_prefix(prefix.size());
    int index = -1;
    const auto [end, fault] = std::from_chars(wanted.data(), wanted.data() + wanted.size(), index);
    const bool isWhole = fault == std::errc() && end == wanted.data() + wanted.size();
    return isWhole && index >= 0 ? std::optional(index) : std::nullopt;
}

Result<Placement> placeOnGpu(int index, Precision precision, std::int64_t parameters)
{
    const std::string name = "cuda:" + std::to_string(index);
    if (const std::string obstacle = whyNoGpu(); !obstacle.empty())
        return failure(code::GpuAbsent, "no usable GPU: " + obstacle, name);
    return guarded("asking the GPU", [&]() -> Result<Placement> {
        if (const int count = at::accelerator::deviceCount(); index >= count)
            return failure(code::GpuAbsent, "no usable GPU: there is no " + name + ", only " + std::to_string(count) + " in all", name);
        at::accelerator::emptyCache(); // what an earlier model gave back counts as taken until then
        const at::Device device(at::kCUDA, static_cast<at::DeviceIndex>(index));
        const Precision held = heldPrecision(precision, true, parameters);
        const double needed = bytesNeeded(parameters, held);
        const auto free = static_cast<double>(at::accelerator::getMemoryInfo(device.index()).first);
        if (needed > free)
            return failure(code::GpuMemoryLoad, name + " is too small: needs " + gigabytes(needed) + ", " + gigabytes(free) + " free; choose CPU or a smaller model", name);
        return Placement{device, scalarTypeOf(held), name + ": " + gigabytes(needed) + " needed, " + gigabytes(free) + " free"};
    });
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
    const std::optional<int> gpu = isAuto ? 0 : gpuIndexOf(wanted);
    if (!gpu && wanted != "cpu")
        return failure(code::Usage, "device '" + wanted + "' is unknown; use auto, cpu, cuda or cuda:N", wanted);

    std::string cpuReason = "CPU was chosen";
    if (gpu) {
        Result<Placement> placed = placeOnGpu(*gpu, precision, parameters);
        if (placed || !isAuto)
            return placed;
        cpuReason = "CPU: " + placed.error().message;
    }
    const Precision held = heldPrecision(precision, false, parameters);
    const double needed = bytesNeeded(parameters, held), free = freeCpuBytes();
    if (needed > free)
        return failure(code::MemoryShort, "not enough memory: " + gigabytes(needed) + " needed, " + gigabytes(free) + " free");
    return Placement{at::kCPU, scalarTypeOf(held), cpuReason};
}

at::ScalarType scalarTypeOf(Precision precision)
{
    switch (precision) {
    case Precision::Bf16: return at::kBFloat16;
    case Precision::Fp16: return at::kHalf;
    case Precision::Fp32:
    case Precision::Auto: break;
    }
    return at::kFloat;
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

int threadsOfKernels() { return at::get_num_threads(); }

bool multipliesBf16()
{
#if defined(__x86_64__)
    return __builtin_cpu_supports("amx-bf16") != 0 || __builtin_cpu_supports("avx512bf16") != 0;
#else
    return false;
#endif
}

} // namespace auroraedge::engine

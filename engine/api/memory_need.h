#pragma once

#include "engine/api/inspector.h"

#include <cstdint>

namespace auroraedge {

/// What a load asks the device for before it reads the weights; whoever tells of memory tells this figure.

/// Precision::Auto resolved: a small model gains nothing from bf16 on a CPU and answers identically everywhere in fp32.
[[nodiscard]] constexpr Precision heldPrecision(Precision wanted, bool isGpu, std::int64_t parameters)
{
    constexpr std::int64_t kLarge = 200'000'000;
    if (wanted != Precision::Auto)
        return wanted;
    return isGpu || parameters > kLarge ? Precision::Bf16 : Precision::Fp32;
}

/// Bytes of the weights, with activations and cache at batch 1. REQUIRES: @p held is not Auto.
[[nodiscard]] constexpr std::int64_t memoryNeeded(std::int64_t parameters, Precision held)
{
    constexpr std::int64_t kBesides = 3 * (std::int64_t{1} << 30) / 10;
    const std::int64_t weights = parameters * (held == Precision::Fp32 ? 4 : 2);
    return weights + weights / 10 + kBesides;
}

} // namespace auroraedge

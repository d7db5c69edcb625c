#pragma once

#include "engine/api/frame.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <vector>

namespace auroraedge::testing {

/// A small frame whose bytes follow from @p seed: frames of different seeds differ.
inline Frame makeFrame(std::uint64_t seed, int widthPx = 16, int heightPx = 12)
{
    auto bytes = std::make_shared<std::vector<std::uint8_t>>(static_cast<std::size_t>(3 * widthPx * heightPx));
    std::uint64_t state = seed * 2 + 1;
    for (std::uint8_t &byte : *bytes) {
        state = state * 6'364'136'223'846'793'005U + 1'442'695'040'888'963'407U;
        byte = static_cast<std::uint8_t>(state >> 56);
    }
    Frame frame;
    frame.pixels = std::shared_ptr<const std::uint8_t>(bytes, bytes->data());
    frame.widthPx = widthPx;
    frame.heightPx = heightPx;
    frame.strideBytes = 3 * widthPx;
    frame.sequence = seed;
    frame.capturedAt = std::chrono::steady_clock::now();
    frame.source = "test:";
    return frame;
}

} // namespace auroraedge::testing

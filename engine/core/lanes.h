#pragma once

#include <cstdint>
#include <functional>

namespace auroraedge::engine {

/// Calls @p body once for each of 0 .. @p count - 1, side by side on as many threads as the CPU kernels may use; the
/// kernels inside use one thread each. What lies side by side that way needs no waiting between the layers: two cores do
/// nearly twice as much, which one kernel on two threads does not for a small model.
/// Every call computes what it would compute alone. @param body safe on several threads; the first exception is thrown
/// again here, once all have ended.
void inLanes(std::int64_t count, const std::function<void(std::int64_t)> &body);

} // namespace auroraedge::engine

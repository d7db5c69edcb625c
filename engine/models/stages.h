#pragma once

#include "engine/api/inspector.h"
#include "engine/core/guarded.h"

#include <chrono>
#include <stop_token>

namespace auroraedge::engine {

using Clock = std::chrono::steady_clock;

inline double msSince(Clock::time_point start)
{
    return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

/// Tells that @p stage begins. @throws StopRequested instead when a stop was asked for.
inline void enter(Stage stage, const AskListener &listener, const std::stop_token &stop)
{
    if (stop.stop_requested())
        throw StopRequested{};
    if (listener.onStage)
        listener.onStage(stage);
}

/// From the picture to the first token's logits.
inline double untilPrefilledMs(const StageLatencies &latency)
{
    return latency.preprocessMs + latency.encodeMs + latency.projectMs + latency.compressMs + latency.fuseMs + latency.prefillMs;
}

} // namespace auroraedge::engine

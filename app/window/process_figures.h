#pragma once

namespace auroraedge::app {

// What the kernel says of this process. Thread: any.

/// Since the kernel started it, dynamic linking and prepareEnvironment()'s second start included; in steps of one clock
/// tick (10 ms). Below 0 where the kernel does not tell.
[[nodiscard]] double msSinceProcessStart();
/// Memory that is in RAM now; 0 where the kernel does not tell.
[[nodiscard]] double residentMb();
[[nodiscard]] int threadCount();

} // namespace auroraedge::app

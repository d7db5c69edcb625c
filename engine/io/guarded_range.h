#pragma once

#include <cstddef>

namespace auroraedge::engine {

/// A mapped range whose file may be cut by another process. A read of a page that the file has lost raises SIGBUS; in a
/// guarded range the page becomes zeros instead and the loss is noted. Safe from any thread.
class GuardedRange;

/// Guards @p size bytes from @p data on. @return null when too many ranges are guarded already.
[[nodiscard]] GuardedRange *guardRange(const std::byte *data, std::size_t size);
/// Call before the range is unmapped.
void releaseRange(GuardedRange *range);
/// Whether a page that the file has lost was read.
[[nodiscard]] bool hasLostPages(const GuardedRange *range);

} // namespace auroraedge::engine

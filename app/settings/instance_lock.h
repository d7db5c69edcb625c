#pragma once

#include "engine/api/result.h"

#include <filesystem>

namespace auroraedge::app {

/// Keeps a second holder out while this object lives. The kernel drops the lock when the process dies, so a lock
/// left by a killed program is simply taken.
///
/// Held by the window on DataFolder::windowLockFile(), by `batch` and `ask --map` on their output file, by `train` and
/// `finetune` on their output folder. Commands that only store an answer (`ask`, `caption`, `demo`) take none: they share
/// the database with a running window, turn by turn (storage/write_turn.h).
class InstanceLock final
{
public:
    /// @return APP-01 "already running (pid 4711)", FS-07 when the lock file cannot be made, FS-11.
    static Result<InstanceLock> acquire(const std::filesystem::path &lockFile);
    /// The lock on a file of results; it lies among the run-time files, so that nothing is left beside them.
    /// @param place absolute.
    static Result<InstanceLock> acquireFor(const std::filesystem::path &place);

    InstanceLock(InstanceLock &&other) noexcept;
    InstanceLock &operator=(InstanceLock &&other) noexcept;
    ~InstanceLock();

private:
    explicit InstanceLock(int descriptor) : m_descriptor(descriptor) {}

    int m_descriptor = -1;
};

} // namespace auroraedge::app

#include "app/settings/instance_lock.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <string>
#include <sys/file.h>
#include <unistd.h>
#include <utility>

namespace auroraedge::app {

Result<InstanceLock> InstanceLock::acquire(const std::filesystem::path &lockFile)
{
    const int descriptor = open(lockFile.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (descriptor < 0)
        return failure(code::FolderNotWritable,
                       "cannot write to " + lockFile.parent_path().string() + " (" + std::strerror(errno)
                           + "); choose another",
                       lockFile.string());
    InstanceLock lock(descriptor);
    if (flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        std::array<char, 24> text{};
        const ssize_t length = pread(descriptor, text.data(), text.size() - 1, 0);
        std::string pid(text.data(), length > 0 ? static_cast<std::size_t>(length) : 0);
        pid.resize(std::min(pid.find_first_not_of("0123456789"), pid.size()));
        return failure(code::AlreadyRunning, "already running (pid " + (pid.empty() ? "unknown" : pid) + ")",
                       lockFile.string());
    }
    // The pid is for the message alone; the kernel's lock decides.
    const std::string pid = std::to_string(getpid()) + "\n";
    if (ftruncate(descriptor, 0) != 0 || pwrite(descriptor, pid.data(), pid.size(), 0) < 0)
        return failure(code::DiskFull, "the lock file could not be written (" + std::string(std::strerror(errno)) + ")",
                       lockFile.string());
    return lock;
}

InstanceLock::InstanceLock(InstanceLock &&other) noexcept : m_descriptor(std::exchange(other.m_descriptor, -1)) {}

InstanceLock &InstanceLock::operator=(InstanceLock &&other) noexcept
{
    std::swap(m_descriptor, other.m_descriptor);
    return *this;
}

InstanceLock::~InstanceLock()
{
    // The file stays: unlinking it would let two programs hold "the" lock on two different files.
    if (m_descriptor >= 0)
        close(m_descriptor);
}

} // namespace auroraedge::app

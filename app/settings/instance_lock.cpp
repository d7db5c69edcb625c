#include "app/settings/instance_lock.h"

#include "app/settings/sha256.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
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
    if (descriptor < 0 && (errno == EMFILE || errno == ENFILE))
        return failure(code::SystemLimit, "system limit reached (open files)", lockFile.string());
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

Result<InstanceLock> InstanceLock::acquireFor(const std::filesystem::path &place)
{
    const std::string name = place.string();
    const std::string hash = sha256Hex({reinterpret_cast<const std::uint8_t *>(name.data()), name.size()}).substr(0, 16);
    const char *runtime = std::getenv("XDG_RUNTIME_DIR");
    std::error_code problem;
    const std::filesystem::path folder = runtime && std::filesystem::is_directory(runtime, problem) ? std::filesystem::path(runtime)
                                                                                                  : std::filesystem::temp_directory_path(problem);
    return acquire(folder / ("auroraedge-" + std::to_string(getuid()) + "-" + hash + ".lock"));
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

#include "engine/io/durable_file.h"

#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

namespace auroraedge::engine {

namespace {

/// 0, or the errno of the first failed write.
int writeAll(int descriptor, std::span<const std::byte> bytes)
{
    while (!bytes.empty()) {
        const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return written < 0 ? errno : EIO;
        bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
    return 0;
}

int faultOfSync(const std::filesystem::path &folder)
{
    const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0)
        return errno;
    const int fault = ::fsync(descriptor) == 0 ? 0 : errno;
    ::close(descriptor);
    return fault;
}

Failure failureOf(int fault, const std::filesystem::path &path, const std::filesystem::path &folder)
{
    const std::string reason = std::generic_category().message(fault);
    switch (fault) {
    case ENOSPC:
    case EDQUOT:
        return failure(code::DiskFull, "disk full: " + path.filename().string() + " could not be stored", path.string());
    case EACCES:
    case EPERM:
    case EROFS:
    case ENOENT:
    case ENOTDIR:
    case EISDIR:
        return failure(code::FolderNotWritable, "cannot write to " + folder.string() + ": " + reason, path.string());
    default:
        return failure(code::DiskFault, "storage error while saving " + path.filename().string() + ": " + reason, path.string());
    }
}

} // namespace

Result<void> writeDurably(const std::filesystem::path &path, std::span<const std::span<const std::byte>> parts)
{
    const std::filesystem::path folder = path.has_parent_path() ? path.parent_path() : ".";
    // The process id keeps two writers of one file apart; the last rename wins with a whole file.
    const std::filesystem::path temporary = folder / (path.filename().string() + "." + std::to_string(::getpid()) + ".partial");
    const int descriptor = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0666);
    if (descriptor < 0)
        return failureOf(errno, path, folder);
    int fault = 0;
    for (const std::span<const std::byte> part : parts) {
        if (fault == 0)
            fault = writeAll(descriptor, part);
    }
    if (fault == 0 && ::fsync(descriptor) != 0)
        fault = errno;
    if (::close(descriptor) != 0 && fault == 0)
        fault = errno;
    if (fault == 0 && ::rename(temporary.c_str(), path.c_str()) != 0)
        fault = errno;
    if (fault != 0) {
        ::unlink(temporary.c_str());
        return failureOf(fault, path, folder);
    }
    return syncFolder(folder);
}

Result<void> syncFolder(const std::filesystem::path &folder)
{
    const int fault = faultOfSync(folder);
    return fault == 0 ? Result<void>() : failureOf(fault, folder, folder);
}

UnnamedFile::UnnamedFile(int descriptor, std::filesystem::path folder, std::filesystem::path temporary)
    : m_descriptor(descriptor), m_folder(std::move(folder)), m_temporary(std::move(temporary))
{
}

UnnamedFile::UnnamedFile(UnnamedFile &&other) noexcept
    : m_descriptor(std::exchange(other.m_descriptor, -1)), m_folder(std::move(other.m_folder)), m_temporary(std::exchange(other.m_temporary, {}))
{
}

UnnamedFile::~UnnamedFile()
{
    if (m_descriptor >= 0)
        ::close(m_descriptor);
    if (!m_temporary.empty())
        ::unlink(m_temporary.c_str());
}

Result<UnnamedFile> UnnamedFile::create(const std::filesystem::path &folder)
{
    std::filesystem::path temporary;
    int descriptor = ::open(folder.c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666);
    if (descriptor < 0 && (errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL)) {
        temporary = folder / (".auroraedge." + std::to_string(::getpid()) + ".partial");
        descriptor = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0666);
    }
    if (descriptor < 0)
        return failureOf(errno, folder, folder);
    return UnnamedFile(descriptor, folder, std::move(temporary));
}

Result<void> UnnamedFile::append(std::span<const std::byte> bytes)
{
    const int fault = writeAll(m_descriptor, bytes);
    return fault == 0 ? Result<void>() : failureOf(fault, m_folder, m_folder);
}

Result<void> UnnamedFile::publish(const std::filesystem::path &path)
{
    int fault = ::fsync(m_descriptor) == 0 ? 0 : errno;
    if (fault == 0 && m_temporary.empty()) {
        const std::string self = "/proc/self/fd/" + std::to_string(m_descriptor);
        if (::linkat(AT_FDCWD, self.c_str(), AT_FDCWD, path.c_str(), AT_SYMLINK_FOLLOW) != 0)
            fault = errno;
    } else if (fault == 0) {
        if (::rename(m_temporary.c_str(), path.c_str()) != 0)
            fault = errno;
        else
            m_temporary.clear();
    }
    return fault == 0 ? Result<void>() : failureOf(fault, path, path.parent_path());
}

} // namespace auroraedge::engine

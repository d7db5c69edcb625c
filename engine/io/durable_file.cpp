#include "engine/io/durable_file.h"

#include <cerrno>
#include <string>
#include <system_error>

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

int syncFolder(const std::filesystem::path &folder)
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
    if (const int unsynced = syncFolder(folder); unsynced != 0)
        return failureOf(unsynced, path, folder);
    return {};
}

} // namespace auroraedge::engine

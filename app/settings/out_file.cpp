#include "app/settings/out_file.h"

#include "app/settings/flush_folder.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <string>
#include <unistd.h>
#include <utility>

namespace auroraedge::app {
namespace fs = std::filesystem;

OutFile::OutFile(const fs::path &place, InstanceLock lock)
    : m_place(place), m_unfinished(place.string() + ".part"), m_lock(std::move(lock))
{
}

Result<std::unique_ptr<OutFile>> OutFile::create(const fs::path &place, unsigned mode)
{
    Result<InstanceLock> lock = InstanceLock::acquireFor(place);
    if (!lock)
        return failure(lock.error());
    std::unique_ptr<OutFile> file(new OutFile(place, *std::move(lock)));
    std::error_code ignored;
    if (fs::is_directory(place, ignored)) // told now, not by the rename after hours of asking
        return file->problem(EISDIR);
    // What a killed run left is ours by the lock; whatever else lies there (a link, a FIFO) is not written through.
    unlink(file->m_unfinished.c_str());
    file->m_descriptor = open(file->m_unfinished.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    if (file->m_descriptor < 0)
        return file->problem(errno);
    return file;
}

OutFile::~OutFile()
{
    if (m_descriptor < 0)
        return;
    close(m_descriptor);
    unlink(m_unfinished.c_str());
}

Result<void> OutFile::write(std::string_view bytes)
{
    while (!bytes.empty()) {
        const ssize_t count = ::write(m_descriptor, bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return problem(errno);
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return {};
}

Result<void> OutFile::publish()
{
    if (fsync(m_descriptor) != 0 || close(std::exchange(m_descriptor, -1)) != 0) {
        const int reason = errno;
        unlink(m_unfinished.c_str());
        return problem(reason);
    }
    if (rename(m_unfinished.c_str(), m_place.c_str()) != 0) {
        const int reason = errno;
        unlink(m_unfinished.c_str());
        return problem(reason);
    }
    if (const int reason = flushFolder(m_place.parent_path()); reason != 0)
        return problem(reason);
    return {};
}

Failure OutFile::problem(int reason) const
{
    if (reason == ENOSPC || reason == EDQUOT)
        return failure(code::DiskFull, "disk full: result could not be stored", m_place.string());
    if (reason == EIO)
        return failure(code::DiskFault, "storage error while saving; call maintenance", m_place.string());
    if (reason == EMFILE || reason == ENFILE)
        return failure(code::SystemLimit, "system limit reached (open files)", m_place.string());
    return failure(code::FolderNotWritable,
                   "cannot write to " + m_place.parent_path().string() + " (" + std::strerror(reason)
                       + "); choose another",
                   m_place.string());
}

} // namespace auroraedge::app

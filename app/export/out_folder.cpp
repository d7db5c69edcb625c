#include "app/export/out_folder.h"

#include "app/settings/flush_folder.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace auroraedge::app {
namespace fs = std::filesystem;
namespace {

/// Opens and locks the folder @p unfinished, made if need be. @return -1 with errno; EWOULDBLOCK: another program has it.
int lockedFolder(const fs::path &unfinished)
{
    for (;;) {
        if (mkdir(unfinished.c_str(), 0755) != 0 && errno != EEXIST)
            return -1;
        const int descriptor = open(unfinished.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
        if (descriptor < 0 && errno == ENOENT)
            continue;
        if (descriptor < 0)
            return -1;
        struct stat held{}, named{};
        if (flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
            const int reason = errno;
            close(descriptor);
            errno = reason;
            return -1;
        }
        // Its owner may have published it just before the lock came free: then that name is another folder, or none.
        if (fstat(descriptor, &held) == 0 && stat(unfinished.c_str(), &named) == 0 && held.st_ino == named.st_ino)
            return descriptor;
        close(descriptor);
    }
}

} // namespace

OutFolder::OutFolder(fs::path place, bool replaces, int descriptor)
    : m_place(std::move(place)), m_unfinished(m_place.string() + ".part"), m_replaces(replaces), m_descriptor(descriptor)
{
}

Result<std::unique_ptr<OutFolder>> OutFolder::create(const fs::path &place, const std::string &marker, bool replaces)
{
    std::error_code problem;
    const bool isThere = fs::exists(fs::symlink_status(place, problem));
    if (isThere && !replaces)
        return failure(code::Usage, place.string() + " is there already", place.string());
    if (isThere && (!fs::is_directory(fs::symlink_status(place, problem)) || !fs::is_regular_file(place / marker, problem)))
        return failure(code::Usage, place.string() + " is there already and is not of this kind; choose another name", place.string());
    const int descriptor = lockedFolder(place.string() + ".part");
    const int reason = errno;
    if (descriptor < 0 && reason == EWOULDBLOCK)
        return failure(code::AlreadyRunning, "another program is writing " + place.string(), place.string());
    std::unique_ptr<OutFolder> folder(new OutFolder(place, isThere, descriptor));
    if (descriptor < 0)
        return folder->problem(reason);
    for (fs::directory_iterator it(folder->m_unfinished, problem), end; !problem && it != end; it.increment(problem)) {
        std::error_code ignored; // what a killed run has left
        fs::remove_all(it->path(), ignored);
    }
    return folder;
}

OutFolder::~OutFolder()
{
    std::error_code problem;
    if (!m_isPublished && m_descriptor.isOpen())
        fs::remove_all(m_unfinished, problem);
}

Result<void> OutFolder::write(const fs::path &name, std::span<const std::uint8_t> bytes) const
{
    return put(name, bytes, O_CREAT | O_EXCL);
}

Result<void> OutFolder::write(const fs::path &name, std::string_view text) const
{
    return put(name, {reinterpret_cast<const std::uint8_t *>(text.data()), text.size()}, O_CREAT | O_EXCL);
}

Result<void> OutFolder::append(const fs::path &name, std::string_view text) const
{
    return put(name, {reinterpret_cast<const std::uint8_t *>(text.data()), text.size()}, O_CREAT | O_APPEND);
}

Result<void> OutFolder::put(const fs::path &name, std::span<const std::uint8_t> bytes, int flags) const
{
    std::error_code failed;
    fs::create_directories((m_unfinished / name).parent_path(), failed);
    if (failed)
        return problem(failed.value());
    const FileDescriptor file(open((m_unfinished / name).c_str(), O_WRONLY | O_CLOEXEC | O_NOFOLLOW | flags, 0644));
    if (!file.isOpen())
        return problem(errno);
    while (!bytes.empty()) {
        const ssize_t count = ::write(file.number(), bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return problem(errno);
        bytes = bytes.subspan(static_cast<std::size_t>(count));
    }
    return {};
}

Result<void> OutFolder::publish()
{
    // One flush of the whole disk in place of one a picture.
    if (syncfs(m_descriptor.number()) != 0)
        return problem(errno);
    // An older folder changes places with this one, so that at any moment there is a whole one.
    if (renameat2(AT_FDCWD, m_unfinished.c_str(), AT_FDCWD, m_place.c_str(), m_replaces ? RENAME_EXCHANGE : RENAME_NOREPLACE) != 0) {
        if (errno == EEXIST)
            return failure(code::Usage, m_place.string() + " is there already", m_place.string());
        return problem(errno);
    }
    m_isPublished = true;
    std::error_code ignored;
    if (m_replaces)
        fs::remove_all(m_unfinished, ignored);
    if (const int reason = flushFolder(m_place.parent_path()); reason != 0)
        return problem(reason);
    return {};
}

Failure OutFolder::problem(int reason) const
{
    if (reason == ENOSPC || reason == EDQUOT || reason == EFBIG)
        return failure(code::DiskFull, "disk full: " + m_place.string() + " could not be written", m_place.string());
    if (reason == EIO)
        return failure(code::DiskFault, "storage error while saving; call maintenance", m_place.string());
    return failure(code::FolderNotWritable,
                   "cannot write to " + m_place.parent_path().string() + " (" + std::strerror(reason) + "); choose another",
                   m_place.string());
}

} // namespace auroraedge::app

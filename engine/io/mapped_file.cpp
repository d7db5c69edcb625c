#include "engine/io/mapped_file.h"

#include "engine/io/guarded_range.h"

#include <cerrno>
#include <cstdint>
#include <cstring>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace auroraedge::engine {

Result<std::shared_ptr<const MappedFile>> MappedFile::open(const std::filesystem::path &path)
{
    const std::string name = path.filename().string();
    // Non-blocking: opening a FIFO must not wait for a writer.
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0) {
        if (errno == ENOENT || errno == ENOTDIR)
            return failure(code::FileNotFound, name + " does not exist", path.string());
        return failure(code::FileUnreadable, "cannot read " + name + ": " + std::strerror(errno), path.string());
    }
    const std::shared_ptr<MappedFile> file(new MappedFile(descriptor));
    struct stat status = {};
    if (::fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode))
        return failure(code::FileNotRegular, name + " is not a regular file", path.string());
    file->m_modified = status.st_mtim;
    const auto size = static_cast<std::size_t>(status.st_size);
    if (size == 0)
        return std::shared_ptr<const MappedFile>(file);
    void *mapped = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, descriptor, 0);
    if (mapped == MAP_FAILED)
        return failure(code::FileUnreadable, "cannot map " + name + ": " + std::strerror(errno), path.string());
    file->m_data = static_cast<const std::byte *>(mapped);
    file->m_size = size;
    file->m_guard = guardRange(file->m_data, size);
    if (!file->m_guard)
        return failure(code::SystemLimit, "cannot map " + name + ": too many files are mapped", path.string());
    return std::shared_ptr<const MappedFile>(file);
}

MappedFile::~MappedFile()
{
    if (m_guard)
        releaseRange(m_guard);
    if (m_data)
        ::munmap(const_cast<std::byte *>(m_data), m_size);
    ::close(m_descriptor);
}

void forgetPages(std::span<const std::byte> bytes)
{
    // Whole pages only: the first and the last may hold other data too.
    const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
    const auto begin = (reinterpret_cast<std::uintptr_t>(bytes.data()) + page - 1) / page * page;
    const auto end = reinterpret_cast<std::uintptr_t>(bytes.data() + bytes.size()) / page * page;
    if (begin < end)
        ::madvise(reinterpret_cast<void *>(begin), end - begin, MADV_DONTNEED); // at worst they stay
}

bool MappedFile::hasChanged() const
{
    struct stat status = {};
    return (m_guard && hasLostPages(m_guard)) || ::fstat(m_descriptor, &status) != 0 || static_cast<std::size_t>(status.st_size) != m_size
        || status.st_mtim.tv_sec != m_modified.tv_sec || status.st_mtim.tv_nsec != m_modified.tv_nsec;
}

} // namespace auroraedge::engine

#include "engine/io/mapped_file.h"

#include <cerrno>
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
    struct stat status = {};
    if (::fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) {
        ::close(descriptor);
        return failure(code::FileNotRegular, name + " is not a regular file", path.string());
    }
    const auto size = static_cast<std::size_t>(status.st_size);
    const std::byte *data = nullptr;
    if (size > 0) {
        void *mapped = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, descriptor, 0);
        if (mapped == MAP_FAILED) {
            const int reason = errno;
            ::close(descriptor);
            return failure(code::FileUnreadable, "cannot map " + name + ": " + std::strerror(reason), path.string());
        }
        data = static_cast<const std::byte *>(mapped);
    }
    ::close(descriptor); // the mapping holds the file
    return std::shared_ptr<const MappedFile>(new MappedFile(data, size));
}

MappedFile::~MappedFile()
{
    if (m_data)
        ::munmap(const_cast<std::byte *>(m_data), m_size);
}

} // namespace auroraedge::engine

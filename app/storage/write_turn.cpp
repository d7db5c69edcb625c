#include "app/storage/write_turn.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <string>
#include <sys/file.h>
#include <thread>
#include <unistd.h>

namespace auroraedge::app {

Result<std::unique_ptr<WriteTurn>> WriteTurn::create(const std::filesystem::path &file)
{
    const int descriptor = open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (descriptor < 0)
        return failure(code::FolderNotWritable,
                       "cannot write to " + file.parent_path().string() + " (" + std::strerror(errno)
                           + "); choose another",
                       file.parent_path().string());
    return std::unique_ptr<WriteTurn>(new WriteTurn(descriptor));
}

WriteTurn::~WriteTurn() { close(m_descriptor); }

Result<WriteTurn::Held> WriteTurn::take(std::chrono::milliseconds patience)
{
    const auto deadline = std::chrono::steady_clock::now() + patience;
    // flock() has no time limit, so ask again and again; a turn lasts a few milliseconds.
    while (flock(m_descriptor, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK && errno != EINTR)
            return failure(code::DiskFault,
                           "storage error: the database cannot be locked (" + std::string(std::strerror(errno)) + ")");
        if (std::chrono::steady_clock::now() >= deadline)
            return failure(code::DatabaseLocked, "database is in use by another program; waited "
                               + std::to_string(std::chrono::duration_cast<std::chrono::seconds>(patience).count())
                               + " s");
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    return Held(m_descriptor);
}

WriteTurn::Held::~Held()
{
    if (m_descriptor >= 0)
        flock(m_descriptor, LOCK_UN);
}

} // namespace auroraedge::app

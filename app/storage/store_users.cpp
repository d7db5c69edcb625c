#include "app/storage/store_users.h"

#include "app/storage/cannot_save.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <thread>
#include <unistd.h>

namespace auroraedge::app {

Result<std::unique_ptr<StoreUsers>> StoreUsers::join(const std::filesystem::path &file, std::chrono::milliseconds patience)
{
    const int descriptor = open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (descriptor < 0)
        return cannotSave(errno, file);
    std::unique_ptr<StoreUsers> users(new StoreUsers(descriptor));
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (flock(descriptor, LOCK_SH | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK && errno != EINTR)
            return cannotSave(errno, file);
        if (std::chrono::steady_clock::now() >= deadline)
            return failure(code::DatabaseLocked, "database is in use by another program, which puts a damaged one aside");
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    return users;
}

StoreUsers::~StoreUsers() { close(m_descriptor); }

bool StoreUsers::beAlone() const { return flock(m_descriptor, LOCK_EX | LOCK_NB) == 0; }

void StoreUsers::letOthersJoin() const { flock(m_descriptor, LOCK_SH); }

} // namespace auroraedge::app

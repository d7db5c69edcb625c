#include "engine/io/guarded_range.h"

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdint>

#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

namespace auroraedge::engine {

class GuardedRange final
{
public:
    std::atomic<std::uintptr_t> begin = 0; ///< 0 = free
    std::atomic<std::size_t> size = 0;     ///< 0 while the range is being claimed or released
    std::atomic<bool> hasLostPages = false;
};

namespace {

// A fixed table of lock-free atomics: the signal may come in any thread, at any instruction.
constinit std::array<GuardedRange, 1024> ranges;
static_assert(std::atomic<std::uintptr_t>::is_always_lock_free);
struct sigaction previousAction;
std::uintptr_t pageBytes = 0;

void onBusError(int, siginfo_t *info, void *)
{
    const int kept = errno;
    const auto address = reinterpret_cast<std::uintptr_t>(info->si_addr);
    for (GuardedRange &range : ranges) {
        const std::uintptr_t begin = range.begin;
        if (begin == 0 || address < begin || address - begin >= range.size)
            continue;
        range.hasLostPages = true;
        void *page = reinterpret_cast<void *>(address / pageBytes * pageBytes);
        if (::mmap(page, pageBytes, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) != MAP_FAILED) {
            errno = kept;
            return; // the read is tried again and finds zeros
        }
    }
    ::sigaction(SIGBUS, &previousAction, nullptr); // not ours: the fault comes again and goes there
}

/// Once, by the first range.
bool install()
{
    pageBytes = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
    struct sigaction action = {};
    action.sa_sigaction = onBusError;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    return ::sigaction(SIGBUS, &action, &previousAction) == 0;
}

} // namespace

GuardedRange *guardRange(const std::byte *data, std::size_t size)
{
    static const bool isInstalled = install();
    if (!isInstalled)
        return nullptr;
    for (GuardedRange &range : ranges) {
        std::uintptr_t free = 0;
        if (range.begin.compare_exchange_strong(free, reinterpret_cast<std::uintptr_t>(data))) {
            range.hasLostPages = false;
            range.size = size;
            return &range;
        }
    }
    return nullptr;
}

void releaseRange(GuardedRange *range)
{
    range->size = 0;
    range->begin = 0;
}

bool hasLostPages(const GuardedRange *range)
{
    return range->hasLostPages;
}

} // namespace auroraedge::engine

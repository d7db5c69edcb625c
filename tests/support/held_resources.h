#pragma once

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <unistd.h>

namespace auroraedge::testing {

#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
inline constexpr bool kMemoryTells = false; ///< a sanitizer keeps freed memory
#else
inline constexpr bool kMemoryTells = true;
#endif

/// What this process holds now, and a leak would show in.
struct HeldResources
{
    std::ptrdiff_t threads = 0, descriptors = 0;
    long residentKb = 0;
};

[[nodiscard]] inline HeldResources heldResources()
{
    const auto entries = [](const char *folder) {
        return std::distance(std::filesystem::directory_iterator(folder), std::filesystem::directory_iterator());
    };
    long pages = 0, resident = 0;
    std::ifstream("/proc/self/statm") >> pages >> resident;
    return {entries("/proc/self/task"), entries("/proc/self/fd"), resident * sysconf(_SC_PAGESIZE) / 1024};
}

} // namespace auroraedge::testing

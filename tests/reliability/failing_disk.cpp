// Preloaded into a program, lets one call on one folder's files fail as a broken or full disk would make it fail.
//
//   FAILING_DISK         CALL:ERROR:N    the N-th such call, counted from 1 over all threads; N+: that one and all after it
//     CALL   write (also pwrite), sync (fsync, fdatasync), open (also mkostemp), rename, link, unlink, truncate, mkdir, map; any: each of them
//     ERROR  an errno name: ENOSPC EIO EDQUOT EMFILE EACCES EROFS ENOMEM; or SHORT: a write that takes half; or KILL: the program is
//            killed before the call
//   FAILING_DISK_FOLDER  what lies in it is on that disk
//   FAILING_DISK_TOLD    a file outside of it, made when the first call has failed
//   FAILING_DISK_SYNCED  a file outside of it, to which a line "synced PATH" is added for everything that was flushed

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <dlfcn.h>
#include <fcntl.h>
#include <string>
#include <string_view>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <tuple>
#include <unistd.h>

namespace {

constexpr int kShort = -1, kKill = -2; ///< in place of an errno value

struct Fault
{
    std::string call, folder, told, synced;
    int error = 0; ///< 0: nothing fails
    long first = 0;
    bool isLasting = false;
};

int errorCalled(std::string_view name)
{
    constexpr struct { std::string_view name; int error; } kErrors[]
        = {{"ENOSPC", ENOSPC}, {"EIO", EIO}, {"EDQUOT", EDQUOT}, {"EMFILE", EMFILE}, {"EACCES", EACCES}, {"EROFS", EROFS}, {"ENOMEM", ENOMEM}, {"SHORT", kShort}, {"KILL", kKill}};
    for (const auto &each : kErrors)
        if (each.name == name)
            return each.error;
    constexpr char kMessage[] = "failing_disk: FAILING_DISK names no error\n";
    std::ignore = syscall(SYS_write, 2, kMessage, sizeof kMessage - 1);
    _exit(99);
}

Fault readFault()
{
    Fault fault;
    const char *const wish = std::getenv("FAILING_DISK"), *const folder = std::getenv("FAILING_DISK_FOLDER");
    if (!folder)
        return fault;
    fault.folder = folder;
    if (const char *synced = std::getenv("FAILING_DISK_SYNCED"))
        fault.synced = synced;
    if (!wish)
        return fault;
    const std::string_view text(wish);
    const std::size_t colon = text.find(':'), second = text.find(':', colon + 1);
    if (second == text.npos)
        return fault;
    fault.call = text.substr(0, colon);
    fault.error = errorCalled(text.substr(colon + 1, second - colon - 1));
    fault.first = std::strtol(text.substr(second + 1).data(), nullptr, 10);
    fault.isLasting = text.back() == '+';
    if (const char *told = std::getenv("FAILING_DISK_TOLD"))
        fault.told = told;
    return fault;
}

const Fault &theFault()
{
    static const Fault fault = readFault();
    return fault;
}

std::atomic<long> s_calls = 0;

bool isOnDisk(std::string_view path)
{
    return path.starts_with(theFault().folder);
}

std::string pathOf(int descriptor)
{
    char link[64], path[4096];
    std::snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    const ssize_t length = readlink(link, path, sizeof path);
    return length > 0 ? std::string(path, static_cast<std::size_t>(length)) : std::string();
}

bool isOnDisk(int descriptor)
{
    return isOnDisk(std::string_view(pathOf(descriptor)));
}

/// @return the error with which this call fails; 0: it does not.
template <typename Place>
int failing(std::string_view call, Place place)
{
    const Fault &fault = theFault();
    if (fault.error == 0 || (fault.call != call && fault.call != "any") || !isOnDisk(place))
        return 0;
    const long number = ++s_calls;
    if (number < fault.first || (number > fault.first && !fault.isLasting))
        return 0;
    if (!fault.told.empty())
        if (const long told = syscall(SYS_openat, AT_FDCWD, fault.told.c_str(), O_CREAT | O_WRONLY, 0600); told >= 0)
            syscall(SYS_close, told);
    if (fault.error == kKill)
        syscall(SYS_kill, getpid(), SIGKILL);
    return fault.error;
}

/// A flush that has succeeded, in the order in which the program's own lines come.
int noteSynced(int descriptor, int status)
{
    const Fault &fault = theFault();
    if (status != 0 || fault.synced.empty() || !isOnDisk(descriptor))
        return status;
    const std::string line = "synced " + pathOf(descriptor) + "\n";
    if (const long noted = syscall(SYS_openat, AT_FDCWD, fault.synced.c_str(), O_CREAT | O_WRONLY | O_APPEND, 0600); noted >= 0) {
        std::ignore = syscall(SYS_write, noted, line.data(), line.size());
        syscall(SYS_close, noted);
    }
    return status;
}

template <typename Function>
Function *real(const char *name)
{
    return reinterpret_cast<Function *>(dlsym(RTLD_NEXT, name));
}

/// A call with no short form.
template <typename Function, typename Place, typename... Arguments>
auto callOr(const char *name, std::string_view call, Place place, Arguments... arguments)
{
    static const auto through = real<Function>(name);
    if (const int error = failing(call, place); error > 0) {
        errno = error;
        return static_cast<decltype(through(arguments...))>(-1);
    }
    return through(arguments...);
}

template <typename Function, typename... Rest>
ssize_t writeOr(const char *name, int descriptor, const void *bytes, size_t count, Rest... rest)
{
    static const auto through = real<Function>(name);
    const int error = failing("write", descriptor);
    if (error > 0) {
        errno = error;
        return -1;
    }
    return through(descriptor, bytes, error == kShort && count > 1 ? count / 2 : count, rest...);
}

} // namespace

#define EXPORTED extern "C" __attribute__((visibility("default")))

EXPORTED ssize_t write(int descriptor, const void *bytes, size_t count)
{
    return writeOr<ssize_t(int, const void *, size_t)>("write", descriptor, bytes, count);
}
EXPORTED ssize_t pwrite(int descriptor, const void *bytes, size_t count, off_t offset)
{
    return writeOr<ssize_t(int, const void *, size_t, off_t)>("pwrite", descriptor, bytes, count, offset);
}
EXPORTED ssize_t pwrite64(int descriptor, const void *bytes, size_t count, off64_t offset)
{
    return writeOr<ssize_t(int, const void *, size_t, off64_t)>("pwrite64", descriptor, bytes, count, offset);
}
EXPORTED int fsync(int descriptor) { return noteSynced(descriptor, callOr<int(int)>("fsync", "sync", descriptor, descriptor)); }
EXPORTED int fdatasync(int descriptor) { return noteSynced(descriptor, callOr<int(int)>("fdatasync", "sync", descriptor, descriptor)); }
EXPORTED int ftruncate(int descriptor, off_t length) noexcept { return callOr<int(int, off_t)>("ftruncate", "truncate", descriptor, descriptor, length); }
EXPORTED int ftruncate64(int descriptor, off64_t length) noexcept
{
    return callOr<int(int, off64_t)>("ftruncate64", "truncate", descriptor, descriptor, length);
}
EXPORTED int rename(const char *from, const char *to) noexcept
{
    return callOr<int(const char *, const char *)>("rename", "rename", std::string_view(to), from, to);
}
EXPORTED int link(const char *from, const char *to) noexcept
{
    return callOr<int(const char *, const char *)>("link", "link", std::string_view(to), from, to);
}
EXPORTED int unlink(const char *path) noexcept { return callOr<int(const char *)>("unlink", "unlink", std::string_view(path), path); }
EXPORTED int mkdir(const char *path, mode_t mode) noexcept
{
    return callOr<int(const char *, mode_t)>("mkdir", "mkdir", std::string_view(path), path, mode);
}
EXPORTED int mkostemp(char *path, int flags) { return callOr<int(char *, int)>("mkostemp", "open", std::string_view(path), path, flags); }
EXPORTED int mkostemp64(char *path, int flags) { return callOr<int(char *, int)>("mkostemp64", "open", std::string_view(path), path, flags); }

#define OPENED(name) \
    EXPORTED int name(const char *path, int flags, ...) \
    { \
        va_list rest; \
        va_start(rest, flags); \
        const mode_t mode = (flags & (O_CREAT | O_TMPFILE)) ? va_arg(rest, mode_t) : 0; \
        va_end(rest); \
        return callOr<int(const char *, int, ...)>(#name, "open", std::string_view(path), path, flags, mode); \
    }
OPENED(open)
OPENED(open64)

static void *mapOr(const char *name, void *address, size_t length, int protection, int flags, int descriptor, off64_t offset)
{
    static const auto through = real<void *(void *, size_t, int, int, int, off64_t)>(name);
    if (const int error = descriptor >= 0 ? failing("map", descriptor) : 0; error > 0) {
        errno = error;
        return MAP_FAILED;
    }
    return through(address, length, protection, flags, descriptor, offset);
}
EXPORTED void *mmap(void *address, size_t length, int protection, int flags, int descriptor, off_t offset) noexcept
{
    return mapOr("mmap", address, length, protection, flags, descriptor, offset);
}
EXPORTED void *mmap64(void *address, size_t length, int protection, int flags, int descriptor, off64_t offset) noexcept
{
    return mapOr("mmap64", address, length, protection, flags, descriptor, offset);
}

#include "app/batch/folder_watch.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstring>
#include <string_view>

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/vfs.h>

namespace auroraedge::app {
namespace fs = std::filesystem;
namespace {

constexpr std::uint32_t kEvents = IN_CLOSE_WRITE | IN_MOVED_TO | IN_CREATE | IN_MODIFY | IN_MOVED_FROM | IN_DELETE_SELF | IN_MOVE_SELF
    | IN_ONLYDIR | IN_EXCL_UNLINK;

enum class Writers { Nobody = 1, Somebody, Unknown };

/// There a lease depends on the server, so that its refusal tells nothing about writers.
bool isOfNetwork(int file)
{
    constexpr std::array<std::uint32_t, 8> kTypes = {0x6969 /* NFS */, 0xff534d42 /* CIFS */, 0xfe534d42 /* SMB2 */, 0x517b /* SMB */,
                                                     0x65735546 /* FUSE */, 0x00c36400 /* Ceph */, 0x01021997 /* 9P */, 0x5346414f /* AFS */};
    struct statfs facts{};
    return fstatfs(file, &facts) != 0 || std::ranges::find(kTypes, static_cast<std::uint32_t>(facts.f_type)) != kTypes.end();
}

/// Whether a program has the file open for writing. The kernel grants a lease for reading only when none has; that it tells
/// to the file's owner and to root alone.
Writers writersOf(const std::string &path)
{
    const FileDescriptor file(open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    if (!file.isOpen() || isOfNetwork(file.number()))
        return Writers::Unknown;
    // A writer who opens the file just now makes the kernel signal it; the usual signal would end this program.
    if (fcntl(file.number(), F_SETSIG, SIGURG) != 0)
        return Writers::Unknown;
    if (fcntl(file.number(), F_SETLEASE, F_RDLCK) != 0)
        return errno == EAGAIN ? Writers::Somebody : Writers::Unknown;
    fcntl(file.number(), F_SETLEASE, F_UNLCK);
    return Writers::Nobody;
}

Failure watchesAreUp(const std::string &folder)
{
    return failure(code::SystemLimit, "system limit reached (inotify watches)", folder);
}

Failure isGone(const std::string &folder)
{
    return failure(code::FolderGone, "folder " + folder + " is gone", folder);
}

} // namespace

FolderWatch::Stamp FolderWatch::stampOf(const struct stat &facts)
{
    return {facts.st_size, nanosecondsOf(facts.st_mtim)};
}

struct FolderWatch::Event
{
    int folder;
    std::uint32_t mask;
    const char *name; ///< empty: of the folder itself

    [[nodiscard]] bool is(std::uint32_t any) const { return (mask & any) != 0; }
};

FolderWatch::FolderWatch(const BatchSelection &selection, std::chrono::milliseconds settle, int wakeUp)
    : m_selection(selection), m_rules(m_selection), m_settle(std::max(settle, std::chrono::milliseconds(1))), m_wakeUp(wakeUp)
{
    timespec now{};
    clock_gettime(CLOCK_REALTIME_COARSE, &now);
    m_openedNs = nanosecondsOf(now);
}

FolderWatch::~FolderWatch() = default;

Result<std::unique_ptr<FolderWatch>> FolderWatch::open(const BatchSelection &selection, std::chrono::milliseconds settle)
{
    const int wakeUp = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (wakeUp < 0)
        return failure(unreachable("eventfd", errno));
    std::unique_ptr<FolderWatch> watch(new FolderWatch(selection, settle, wakeUp));
    if (const Result<void> listening = watch->beginToListen(); !listening)
        return failure(listening.error());
    for (const std::string &folder : selection.paths) {
        if (const Result<void> added = watch->addNamed(folder); !added)
            return failure(added.error());
    }
    return watch;
}

Result<void> FolderWatch::beginToListen()
{
    m_events.emplace(inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
    if (!m_events->isOpen())
        return failure(code::SystemLimit, "system limit reached (inotify instances)");
    return {};
}

Result<void> FolderWatch::addNamed(const std::string &folder)
{
    struct stat facts{};
    const bool isThere = stat(folder.c_str(), &facts) == 0;
    const int reason = errno;
    if (isThere ? !S_ISDIR(facts.st_mode) : folder == "-" || folder.find_first_of("*?[") != std::string::npos)
        return failure(code::Usage, "only folders can be watched; " + folder + " is not one", folder);
    if (!isThere)
        return failure(unreachable(folder, reason));
    std::error_code ignored;
    m_named.push_back({folder, fs::canonical(folder, ignored), facts.st_dev});
    return addFolder(folder, m_named.size() - 1, Found::AtTheBeginning);
}

/// Each folder is watched before it is read: what comes in between is seen twice rather than not at all.
Result<void> FolderWatch::addFolder(const std::string &folder, std::size_t named, Found found)
{
    std::vector<std::string> pending{folder};
    while (!pending.empty()) {
        const std::string next = std::move(pending.back());
        pending.pop_back();
        const bool isNamed = next == m_named[named].path;
        const int number = inotify_add_watch(m_events->number(), next.c_str(), kEvents | (isNamed ? 0 : IN_DONT_FOLLOW));
        if (number < 0 && errno == ENOSPC)
            return watchesAreUp(next);
        if (number < 0 && isNamed)
            return failure(unreachable(next, errno));
        if (number < 0) // unreadable, too deep, or gone again: BatchList tells the first two
            continue;
        if (!m_folders.try_emplace(number, Folder{next, named}).second)
            continue; // named twice, or found both by looking and by an event
        if (!m_selection.recursive && found == Found::AtTheBeginning)
            continue;
        const std::string prefix = prefixOf(next);
        FolderReader reader(next, isNamed);
        while (const dirent *entry = reader.next()) {
            if (m_stop.stop_requested())
                return failure(code::Cancelled, "stopped");
            const FolderRules::Kind kind = m_rules.entry(prefix, entry->d_name, entry->d_type, m_named[named].canonical).kind;
            if (kind == FolderRules::Kind::Folder && m_selection.recursive)
                pending.push_back(prefix + entry->d_name);
            if (kind == FolderRules::Kind::Picture && found != Found::AtTheBeginning && m_rules.isInPart(prefix, entry->d_name)
                && !(found == Found::Anew && isLeftOut(prefix + entry->d_name)))
                arrived(prefix + entry->d_name, true);
        }
        if (reader.problem() == EMFILE || reader.problem() == ENFILE)
            return failure(unreachable(next, reader.problem()));
    }
    return {};
}

/// A folder that was moved away is watched by the kernel still, but its path is another one now.
void FolderWatch::forgetFrom(const std::string &folder)
{
    const std::string prefix = prefixOf(folder);
    std::erase_if(m_folders, [&](const auto &watched) {
        const bool isBelow = watched.second.path == folder || watched.second.path.starts_with(prefix);
        if (isBelow)
            inotify_rm_watch(m_events->number(), watched.first);
        return isBelow;
    });
}

Result<void> FolderWatch::takeEvents()
{
    constexpr int kMostReads = 64; // who writes faster than this reads must not keep it here
    std::array<char, 65536> bytes;
    for (int i = 0; i < kMostReads; ++i) {
        const ssize_t read = ::read(m_events->number(), bytes.data(), bytes.size());
        if (read <= 0)
            return {};
        for (ssize_t at = 0; at < read;) {
            inotify_event event{};
            std::memcpy(&event, bytes.data() + at, sizeof event);
            if ((event.mask & IN_Q_OVERFLOW) != 0)
                return lookThroughAnew();
            const char *name = event.len > 0 ? bytes.data() + at + sizeof event : "";
            if (const Result<void> taken = takeEvent({event.wd, event.mask, name}); !taken)
                return taken;
            at += static_cast<ssize_t>(sizeof event + event.len);
        }
    }
    return {};
}

Result<void> FolderWatch::takeEvent(const Event &event)
{
    const auto watched = m_folders.find(event.folder);
    if (watched == m_folders.end())
        return {};
    const Folder folder = watched->second;
    const Named &named = m_named[folder.named];
    if (event.is(IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT) && folder.path == named.path)
        return isGone(folder.path);
    if (event.is(IN_IGNORED))
        m_folders.erase(watched);
    if (*event.name == '\0')
        return {};
    const std::string prefix = prefixOf(folder.path), path = prefix + event.name;
    if (event.is(IN_ISDIR)) {
        if (event.is(IN_MOVED_FROM))
            forgetFrom(path);
        if (event.is(IN_CREATE | IN_MOVED_TO) && m_selection.recursive)
            return addFolder(path, folder.named, Found::Arrived);
        return {};
    }
    if (event.is(IN_MODIFY)) {
        // The many of a file that is being written must not each cost a look at it.
        if (const auto known = m_arrivals.find(path); known != m_arrivals.end()) {
            known->second.isClosed = false;
            expect(path, known->second);
            return {};
        }
    }
    if (!event.is(IN_CLOSE_WRITE | IN_MOVED_TO | IN_CREATE | IN_MODIFY) || !m_rules.isInPart(prefix, event.name)
        || m_rules.entry(prefix, event.name, DT_UNKNOWN, named.canonical).kind != FolderRules::Kind::Picture)
        return {};
    bool isClosed = event.is(IN_CLOSE_WRITE | IN_MOVED_TO);
    struct stat facts{};
    if (event.is(IN_CREATE) && lstat(path.c_str(), &facts) == 0) // a link is never written and closed
        isClosed = S_ISLNK(facts.st_mode) || facts.st_nlink > 1;
    arrived(path, isClosed);
    return {};
}

Result<void> FolderWatch::lookThroughAnew()
{
    m_folders.clear();
    if (const Result<void> listening = beginToListen(); !listening)
        return listening;
    for (std::size_t i = 0; i < m_named.size(); ++i) {
        if (const Result<void> added = addFolder(m_named[i].path, i, Found::Anew); !added)
            return added.error().code == code::FileNotFound ? isGone(m_named[i].path) : added;
    }
    return {};
}

void FolderWatch::leaveOut(const BatchList &list)
{
    m_listed.reserve(static_cast<std::size_t>(list.size()));
    for (std::int64_t i = 0; i < list.size(); ++i)
        m_listed.push_back(std::hash<std::string>()(list.at(i).path));
    std::ranges::sort(m_listed);
}

/// A listed file that nothing has changed since the watch began, as its inode tells; a copy that sets the older time of
/// its original changes the inode now.
bool FolderWatch::isLeftOut(const std::string &path) const
{
    struct stat facts{};
    return std::ranges::binary_search(m_listed, std::hash<std::string>()(path)) && stat(path.c_str(), &facts) == 0
        && nanosecondsOf(facts.st_ctim) < m_openedNs;
}

void FolderWatch::arrived(const std::string &path, bool isClosed)
{
    struct stat facts{};
    if (stat(path.c_str(), &facts) != 0)
        return;
    const Stamp stamp = stampOf(facts);
    if (const auto told = m_told.find(std::hash<std::string>()(path)); told != m_told.end() && told->second == stamp)
        return;
    Arrival &arrival = m_arrivals[path];
    arrival.stamp = stamp;
    arrival.isClosed = isClosed;
    expect(path, arrival);
}

void FolderWatch::expect(const std::string &path, Arrival &arrival)
{
    m_due.erase({arrival.due, path});
    arrival.due = Clock::now() + m_settle;
    m_due.emplace(arrival.due, path);
}

std::vector<std::string> FolderWatch::takeWhole()
{
    std::vector<std::string> whole;
    constexpr int kMost = 4'096; // of a million the first are told soon, and a stop is heard in between
    const Clock::time_point now = Clock::now();
    for (int i = 0; i < kMost && !m_due.empty() && m_due.begin()->first <= now; ++i) {
        const std::string path = m_due.begin()->second;
        Arrival &arrival = m_arrivals.at(path);
        struct stat facts{};
        const bool isThere = stat(path.c_str(), &facts) == 0 && S_ISREG(facts.st_mode);
        const Stamp stamp = stampOf(facts);
        const bool isQuiet = isThere && stamp == arrival.stamp;
        const Writers writers = isQuiet ? writersOf(path) : Writers::Unknown;
        if (isThere && !(isQuiet && (writers == Writers::Nobody || (writers == Writers::Unknown && arrival.isClosed)))) {
            arrival.stamp = stamp;
            expect(path, arrival);
            continue;
        }
        if (isThere) {
            m_told.insert_or_assign(std::hash<std::string>()(path), stamp);
            whole.push_back(path);
        }
        m_due.erase(m_due.begin());
        m_arrivals.erase(path);
    }
    std::ranges::sort(whole);
    return whole;
}

Result<void> FolderWatch::checkNamed() const
{
    for (const Named &named : m_named) {
        struct stat facts{};
        if (stat(named.path.c_str(), &facts) != 0 || !S_ISDIR(facts.st_mode) || facts.st_dev != named.fileSystem)
            return isGone(named.path);
    }
    return {};
}

Result<std::vector<std::string>> FolderWatch::wait(std::stop_token stop, std::chrono::milliseconds atMost)
{
    // Not every way to lose a folder is told by the kernel.
    constexpr std::chrono::milliseconds kCheckEvery(1'000), kLongest(std::chrono::hours(24));
    const std::stop_callback wakeUp(stop, [this] { eventfd_write(m_wakeUp.number(), 1); });
    m_stop = stop;
    const Clock::time_point end = Clock::now() + std::min(atMost, kLongest);
    while (true) {
        if (stop.stop_requested())
            return failure(code::Cancelled, "stopped");
        if (const Result<void> taken = takeEvents(); !taken)
            return failure(taken.error());
        if (const Result<void> checked = checkNamed(); !checked)
            return failure(checked.error());
        std::vector<std::string> whole = takeWhole();
        const Clock::time_point now = Clock::now();
        if (!whole.empty() || now >= end)
            return whole;
        Clock::time_point next = std::min(end, now + kCheckEvery);
        if (!m_due.empty())
            next = std::min(next, m_due.begin()->first);
        std::array<pollfd, 2> watched = {{{m_events->number(), POLLIN, 0}, {m_wakeUp.number(), POLLIN, 0}}};
        const auto pause = std::chrono::ceil<std::chrono::milliseconds>(std::max(next - now, Clock::duration::zero()));
        poll(watched.data(), watched.size(), static_cast<int>(pause.count()));
        eventfd_t ignored = 0;
        eventfd_read(m_wakeUp.number(), &ignored);
    }
}

} // namespace auroraedge::app

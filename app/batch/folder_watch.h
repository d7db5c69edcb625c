#pragma once

#include "app/batch/folder_rules.h"
#include "app/settings/file_descriptor.h"

#include <chrono>
#include <ctime>
#include <memory>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

struct stat;

namespace auroraedge::app {

/// Tells the pictures that arrive in the folders of a batch, each when it is whole: closed by who wrote it or moved in,
/// and of the same size and time of change for a while.
///
/// What is there already is BatchList's to tell. Nothing falls between the two when the watch is opened first and the
/// list collected then; a file that arrives in between is told by both.
///
///     Result<std::unique_ptr<FolderWatch>> watch = FolderWatch::open(selection, std::chrono::seconds(2));
///     Result<BatchList> list = BatchList::collect(selection, stop);
///     (*watch)->leaveOut(*list);
///
/// While the list is worked through, wait() is to be called now and then (with no time to wait): the kernel remembers
/// only some thousand events.
///
/// Changes that another machine makes in a network folder are not seen: the kernel tells only of its own.
///
/// Thread: one call at a time, from whatever thread.
class FolderWatch final
{
public:
    /// The named paths must be folders; names, links and parts are taken as BatchList takes them, the limit is not heeded.
    /// @return CLI-01 for anything but a folder, FS-01, FS-03, FS-05, FS-12 when one cannot be reached, FS-11.
    static Result<std::unique_ptr<FolderWatch>> open(const BatchSelection &selection, std::chrono::milliseconds settle);
    ~FolderWatch();

    /// Where the folders are looked through anew, files of @p list that have not changed since the watch began are left out.
    void leaveOut(const BatchList &list);

    /// Waits until files are whole, at most @p atMost. The same bytes are told once: a path comes again only with another
    /// size or time of change. When more happened than the kernel remembers, the folders are looked through anew.
    /// @return paths as BatchList writes them, sorted, of very many the first some thousand; none when the time is up. Cancelled
    /// at once when @p stop is requested, and the watch is of no more use then; FS-06 when a named folder goes, FS-11 when no
    /// more folders can be watched.
    Result<std::vector<std::string>> wait(std::stop_token stop, std::chrono::milliseconds atMost);

private:
    using Clock = std::chrono::steady_clock;
    struct Folder
    {
        std::string path;
        std::size_t named = 0; ///< number of the named folder that it lies in
    };
    struct Named
    {
        std::string path;
        std::filesystem::path canonical;
        std::uint64_t fileSystem = 0;
    };
    struct Stamp
    {
        std::int64_t bytes = -1, modifiedNs = 0;
        friend bool operator==(const Stamp &, const Stamp &) = default;
    };
    static Stamp stampOf(const struct stat &facts);
    struct Arrival
    {
        Stamp stamp;
        Clock::time_point due;
        bool isClosed = false; ///< by what the kernel told; else only its word that nobody writes lets the file through
    };
    /// Why a folder is read when its watch is set, and so which of its files are told.
    enum class Found { AtTheBeginning = 1, Arrived, Anew };

    FolderWatch(const BatchSelection &selection, std::chrono::milliseconds settle, int wakeUp);

    Result<void> beginToListen();
    Result<void> addNamed(const std::string &folder);
    Result<void> addFolder(const std::string &folder, std::size_t named, Found found);
    void forgetFrom(const std::string &folder);
    /// What is in the kernel's queue.
    Result<void> takeEvents();
    struct Event;
    Result<void> takeEvent(const Event &event);
    Result<void> lookThroughAnew();
    void arrived(const std::string &path, bool isClosed);
    [[nodiscard]] bool isLeftOut(const std::string &path) const;
    void expect(const std::string &path, Arrival &arrival);
    [[nodiscard]] std::vector<std::string> takeWhole();
    [[nodiscard]] Result<void> checkNamed() const;

    BatchSelection m_selection;
    FolderRules m_rules;
    std::chrono::milliseconds m_settle;
    std::int64_t m_openedNs; ///< in the time that files have
    std::stop_token m_stop;  ///< of the waiting
    FileDescriptor m_wakeUp;
    std::optional<FileDescriptor> m_events; ///< a new one after an overflow: that forgets what is left in the queue
    std::vector<Named> m_named;
    std::unordered_map<int, Folder> m_folders; ///< by the kernel's number of the watch
    std::unordered_map<std::string, Arrival> m_arrivals;
    std::set<std::pair<Clock::time_point, std::string>> m_due; ///< of each arrival, when it is looked at again
    std::vector<std::size_t> m_listed;             ///< hashes of paths, sorted
    std::unordered_map<std::size_t, Stamp> m_told; ///< by the hash of the path alone: a year of files must fit in
};

} // namespace auroraedge::app

#pragma once

#include "app/pipeline/bounded_queue.h"
#include "app/settings/disk_room.h"
#include "app/storage/answer_counts.h"
#include "app/storage/answer_record.h"
#include "engine/api/frame.h"
#include "engine/api/result.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

namespace auroraedge::app {

class AnswerStore;

/// One answer on its way to the disk.
struct StorageJob
{
    std::int64_t id = 0; ///< of the asking
    AnswerRecord record;
    Frame frame; ///< becomes the evidence; empty: none
};

/// What a person does to a stored answer beside judging it. What is not set stays.
struct AnswerMark
{
    std::int64_t row = 0;
    std::optional<bool> isHeld = {};
    std::vector<std::string> tagsAdded = {}, tagsRemoved = {};
    bool isUndo = false;  ///< takes back the opposite, which the same person did: what others did since stays
    std::string who = {}; ///< name of the account
};

/// Called on the storage thread; must return soon. All of them are set.
struct StorageListener
{
    /// Once the store is open: its rows, what the user must be told; and before it the newest answers, and older NGs that
    /// nobody has judged, newest first, with their pictures in small (empty where the picture is missing or altered).
    std::function<void(std::int64_t rows, const std::vector<Error> &notices)> onOpened;
    std::function<void(const AnswerRecord &, const Frame &picture)> onRecent; ///< once for each
    std::function<void(const Error &)> onOpenFailed;
    /// The row and the picture are on the disk; the job's record says where.
    std::function<void(const StorageJob &)> onStored;
    std::function<void(const StorageJob &, const Error &)> onFailed;
    /// After onOpened, after each stored answer (before onStored), and when asked for.
    std::function<void(const AnswerCounts &)> onCounts;
    std::function<void(const Error &)> onResetFailed;
    std::function<void(const ReviewRecord &)> onReviewed; ///< it is on the disk
    std::function<void(const ReviewRecord &, const Error &)> onReviewFailed;
    /// Decisions or undos are on the disk. @param reviews the ids of the rows that say so.
    std::function<void(const std::vector<std::int64_t> &rows, const std::vector<std::int64_t> &reviews)> onDecided;
    std::function<void(const std::vector<std::int64_t> &rows, const Error &)> onDecisionFailed; ///< none of them is
    std::function<void(std::int64_t row, const Frame &)> onPicture; ///< empty when missing or altered
    /// The log could not be moved into the database at the end. Nothing is lost: the next start finds it.
    std::function<void(const Error &)> onClosingFailed;
    /// The store writes nothing any more, though what was told as stored is: a checkpoint failed, or a write. Once.
    std::function<void(const Error &)> onFault;
    std::function<void(const DiskRoom &)> onRoom; ///< of the data folder's disk: once the store is open, and with each recount
};

/// Owns the database and the evidence pictures; makes JPEGs of frames and commits rows, on its one thread.
/// Thread: the public methods on any thread; they return at once. Destroying first stores all that was accepted.
class StorageWorker final
{
public:
    static constexpr std::size_t kCapacity = 16;       ///< jobs waiting, each with a frame: at most 100 MB at full HD
    static constexpr std::size_t kLightCapacity = 256; ///< others waiting: what people press goes on while a disk is slow
    static constexpr int kRecentAnswers = 50, kUnreviewedNgs = 20;
    static constexpr std::chrono::seconds kLockedPatience{60}; ///< with a database that another program keeps to itself

    /// @param dataFolder exists. It is opened at once, and again before each job while that has failed.
    /// @param account of the person at the station, for the session that its answers belong to.
    /// @param roomOf the disk of a folder.
    StorageWorker(std::filesystem::path dataFolder, StorageListener listener, std::string account = {},
                  std::function<std::optional<DiskRoom>(const std::filesystem::path &)> roomOf = diskRoomOf);
    ~StorageWorker();

    StorageWorker(const StorageWorker &) = delete;
    StorageWorker &operator=(const StorageWorker &) = delete;

    /// @return false, with @p job untouched, when kCapacity frames wait: pause and say so.
    [[nodiscard]] bool store(StorageJob &&job);
    /// Puts the picture of an asking on the disk while it is being answered, so that its answer waits for its row alone.
    /// It is deleted again when no job of this @p id follows.
    void saveAhead(std::int64_t id, Frame frame);
    // Done after what waits already. Each returns false when kLightCapacity of them wait; answers have room of their own.
    [[nodiscard]] bool review(ReviewRecord review); ///< told by onReviewed or onReviewFailed
    [[nodiscard]] bool decide(std::vector<ReviewDecision> decisions); ///< all or none; told by onDecided or onDecisionFailed
    /// The newest judgement of @p reviewer on each of @p rows is taken back. All or none; told as decide().
    [[nodiscard]] bool undo(std::vector<std::int64_t> rows, std::string reviewer);
    [[nodiscard]] bool mark(AnswerMark mark); ///< told as decide()
    [[nodiscard]] bool readPicture(std::int64_t row); ///< told by onPicture
    [[nodiscard]] bool resetCounters(std::string who); ///< told by onCounts or onResetFailed
    bool recount(); ///< told by onCounts and onRoom: an hour goes on without answers, and other programs store some, too

    [[nodiscard]] std::size_t waiting() const { return m_jobs.size(); }
    [[nodiscard]] bool isFull() const { return m_frames >= kCapacity; }
    /// Nothing waits or is being done: all that was accepted has been told.
    [[nodiscard]] bool isIdle() const { return m_unfinished == 0; }

private:
    struct AheadPicture
    {
        std::int64_t id = 0;
        Frame frame;
    };
    struct Undo
    {
        std::vector<std::int64_t> rows;
        std::string reviewer;
    };
    struct PictureRequest
    {
        std::int64_t row = 0;
    };
    struct CounterReset
    {
        std::string who;
    };
    struct Recount
    {
    };
    using Decisions = std::vector<ReviewDecision>;
    using Task = std::variant<StorageJob, AheadPicture, ReviewRecord, Decisions, Undo, AnswerMark, PictureRequest, CounterReset, Recount>;

    /// Whether the task keeps a frame in memory while it waits.
    [[nodiscard]] static bool hasFrame(const Task &task);
    [[nodiscard]] bool push(Task &task, std::size_t capacity);
    [[nodiscard]] bool pushLight(Task task);
    void run();
    Result<void> open();
    Result<void> ensureOpen();
    void beginSession();
    void tellFault();
    void tellRecent();
    Result<void> commit(StorageJob &job);
    /// What @p write returns, but tried again while another program writes for long, as one that brings a large database up
    /// to date does: what was answered or judged is not lost for that. Once it was in vain, the next ones are tried once.
    template <typename Write>
    auto patiently(Write write) -> decltype(write());
    Result<StoredPicture> pictureOf(const StorageJob &job);
    Result<StoredPicture> save(const Frame &frame);
    void discardAhead();
    // Empty where the picture is missing or altered.
    Frame evidenceOf(const AnswerRecord &record) const;
    Frame smallPictureOf(const AnswerRecord &record) const;

    void work(StorageJob &job);
    void work(const AheadPicture &ahead);
    void work(const ReviewRecord &review);
    void work(const Decisions &decisions);
    void work(const Undo &undo);
    void work(const AnswerMark &mark);
    void tellDecided(const std::vector<std::int64_t> &rows, const Result<std::vector<std::int64_t>> &stored);
    void work(const PictureRequest &request);
    void work(const CounterReset &reset);
    void work(const Recount &);

    const std::filesystem::path m_dataFolder;
    const StorageListener m_listener;
    const std::string m_account;
    const std::function<std::optional<DiskRoom>(const std::filesystem::path &)> m_roomOf;
    BoundedQueue<Task> m_jobs{kCapacity + kLightCapacity};
    std::atomic<std::size_t> m_frames = 0, m_light = 0; ///< tasks waiting
    std::atomic<int> m_unfinished = 0; ///< tasks accepted and not yet told
    std::unique_ptr<AnswerStore> m_store; ///< storage thread only
    std::optional<std::chrono::steady_clock::time_point> m_lockedSince; ///< storage thread only; nothing: the last write was not kept out
    bool m_isFaultTold = false;           ///< storage thread only; of the store
    AnswerCounts m_counts;                ///< storage thread only
    std::optional<std::pair<std::int64_t, StoredPicture>> m_ahead; ///< storage thread only; saved for the asking of this id
    std::thread m_thread;                 ///< last: uses all of the above
};

} // namespace auroraedge::app

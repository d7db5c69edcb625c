#pragma once

#include "app/pipeline/bounded_queue.h"
#include "app/storage/answer_record.h"
#include "engine/api/frame.h"
#include "engine/api/result.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <thread>
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

/// Called on the storage thread; must return soon.
struct StorageListener
{
    /// Once the store is open: its rows, what the user must be told, and the newest answers with their pictures (empty where
    /// the picture is missing or altered), newest first.
    std::function<void(std::int64_t rows, const std::vector<Error> &notices)> onOpened;
    std::function<void(const AnswerRecord &, const Frame &picture)> onRecent; ///< before onOpened, once for each
    std::function<void(const Error &)> onOpenFailed;
    /// The row and the picture are on the disk; the job's record says where.
    std::function<void(const StorageJob &)> onStored;
    std::function<void(const StorageJob &, const Error &)> onFailed;
};

/// Owns the database and the evidence pictures; makes JPEGs of frames and commits rows, on its one thread.
/// Thread: the public methods on any thread; they return at once. Destroying first stores all that was accepted.
class StorageWorker final
{
public:
    static constexpr std::size_t kCapacity = 16; ///< jobs waiting, each with a frame: at most 100 MB at full HD
    static constexpr int kRecentAnswers = 50;

    /// @param dataFolder exists. It is opened at once, and again before each job while that has failed.
    StorageWorker(std::filesystem::path dataFolder, StorageListener listener);
    ~StorageWorker();

    StorageWorker(const StorageWorker &) = delete;
    StorageWorker &operator=(const StorageWorker &) = delete;

    /// @return false, with @p job untouched, when kCapacity jobs wait: pause and say so.
    [[nodiscard]] bool store(StorageJob &&job) { return m_jobs.push(std::move(job)); }
    [[nodiscard]] std::size_t waiting() const { return m_jobs.size(); }
    [[nodiscard]] bool isFull() const { return waiting() >= kCapacity; }

private:
    void run();
    Result<void> open();
    void tellRecent();
    Result<void> commit(StorageJob &job);

    const std::filesystem::path m_dataFolder;
    const StorageListener m_listener;
    BoundedQueue<StorageJob> m_jobs{kCapacity};
    std::unique_ptr<AnswerStore> m_store; ///< storage thread only
    std::thread m_thread;                 ///< last: uses all of the above
};

} // namespace auroraedge::app

#pragma once

#include "app/pipeline/bounded_queue.h"
#include "app/storage/answer_store.h"
#include "engine/api/result.h"

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <stop_token>
#include <thread>

namespace auroraedge::app {

/// Reads what is stored, on a thread and a read-only connection of its own: a page of a million rows must wait neither for
/// the GUI nor for a flush of the storage thread.
/// Thread: the public methods on any thread; they return at once. Destroying ends the job that runs and drops the others;
/// it must go before the store that writes.
class LibraryWorker final
{
public:
    /// Runs on the library's thread. @param reader of the store, or why it cannot be read. A job that throws is run once more with
    /// the reason: DB-02, or ENG-01 where memory is short.
    using Job = std::function<void(const Result<const AnswerReader *> &reader)>;

    static constexpr std::size_t kCapacity = 64;

    explicit LibraryWorker(std::filesystem::path dataFolder);
    ~LibraryWorker();

    LibraryWorker(const LibraryWorker &) = delete;
    LibraryWorker &operator=(const LibraryWorker &) = delete;

    /// After those before it. @return false when kCapacity jobs wait.
    [[nodiscard]] bool run(Job job);

private:
    void work(const std::stop_token &stop);

    const std::filesystem::path m_dataFolder;
    BoundedQueue<Job> m_jobs{kCapacity};
    std::unique_ptr<AnswerReader> m_reader; ///< library thread only
    std::jthread m_thread;                  ///< last: uses all of the above
};

} // namespace auroraedge::app

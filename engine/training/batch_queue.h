#pragma once

#include "engine/training/batches.h"

#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace auroraedge::engine {

/// Which batches of a stage a process takes: those of its rank, one in every size.
struct BatchShare
{
    int rank = 0, size = 1;
};

/// Draws the batches of a stage ahead on threads of its own, in the order of their numbers: the device never waits for a
/// picture that could have been decoded meanwhile. Batch i depends on the seed and i alone, so a run that goes on draws
/// what the unbroken run would have drawn, with any number of threads.
class BatchQueue final
{
public:
    /// @param maker and stage outlive the queue.
    /// @param firstStep where the run goes on.
    BatchQueue(const BatchMaker &maker, const TrainingStage &stage, int firstStep, std::uint64_t seed, BatchShare share, int threads);

    /// The next batch, or why it could not be drawn, and its number in the stage; waits for it. REQUIRES: there is one.
    std::pair<int, Result<Batch>> take();

private:
    void work(const std::stop_token &stop);

    static constexpr int kAheadPerThread = 2;

    const BatchMaker &m_maker;
    const TrainingStage &m_stage;
    const std::uint64_t m_seed;
    const BatchShare m_share;
    const int m_ahead;
    std::mutex m_mutex;
    std::condition_variable_any m_changed;
    int m_toDraw, m_toTake;         // numbers of this process' batches, guarded by m_mutex
    std::map<int, Result<Batch>> m_batches; // guarded by m_mutex
    std::vector<std::jthread> m_threads; // last: they use the members above
};

} // namespace auroraedge::engine

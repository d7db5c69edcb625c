#include "engine/training/batch_queue.h"

#include <random>

namespace auroraedge::engine {

BatchQueue::BatchQueue(const BatchMaker &maker, const TrainingStage &stage, int firstStep, std::uint64_t seed, BatchShare share, int threads)
    : m_maker(maker), m_stage(stage), m_seed(seed), m_share(share), m_ahead(threads * kAheadPerThread),
      m_toDraw(firstStep * stage.accumulate), m_toTake(m_toDraw)
{
    for (int i = 0; i < threads; ++i)
        m_threads.emplace_back([this](const std::stop_token &stop) { work(stop); });
}

void BatchQueue::work(const std::stop_token &stop)
{
    const int end = m_stage.steps * m_stage.accumulate;
    std::unique_lock lock(m_mutex);
    while (m_changed.wait(lock, stop, [&] { return m_toDraw >= end || m_toDraw < m_toTake + m_ahead; }) && m_toDraw < end) {
        const int index = m_toDraw++;
        lock.unlock();
        std::mt19937_64 random(m_seed * 1000003ULL + static_cast<std::uint64_t>(index * m_share.size + m_share.rank));
        Result<Batch> batch = m_maker.draw(m_stage, isFinishing(m_stage, index / m_stage.accumulate), random);
        lock.lock();
        m_batches.emplace(index, std::move(batch));
        m_changed.notify_all();
    }
}

std::pair<int, Result<Batch>> BatchQueue::take()
{
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [this] { return m_batches.contains(m_toTake); });
    Result<Batch> batch = std::move(m_batches.extract(m_toTake).mapped());
    const int number = m_toTake++ * m_share.size + m_share.rank;
    m_changed.notify_all();
    return {number, std::move(batch)};
}

} // namespace auroraedge::engine

#include "engine/core/lanes.h"

#include <ATen/Parallel.h>

#include <utility>

namespace auroraedge::engine {

namespace {

/// One kernel thread a lane while this lives.
class SingleThreadedKernels final
{
public:
    SingleThreadedKernels() { at::set_num_threads(1); }
    SingleThreadedKernels(const SingleThreadedKernels &) = delete;
    SingleThreadedKernels &operator=(const SingleThreadedKernels &) = delete;
    ~SingleThreadedKernels() { at::set_num_threads(m_before); }

private:
    int m_before = at::get_num_threads();
};

} // namespace

Lanes::Lanes(int count)
{
    for (int i = 1; i < count; ++i)
        m_threads.emplace_back([this](const std::stop_token &ended) { loop(ended); });
}

Lanes::~Lanes() = default;

void Lanes::run(std::int64_t count, const std::function<void(std::int64_t)> &body)
{
    const SingleThreadedKernels single; // also of one lane: the same kernels, so the same bits, on any number of cores
    std::unique_lock lock(m_mutex);
    m_body = &body;
    m_next = 0;
    m_count = count;
    m_changed.notify_all();
    work(lock);
    m_changed.wait(lock, [this] { return m_running == 0; });
    m_body = nullptr;
    m_count = 0;
    if (m_fault)
        std::rethrow_exception(std::exchange(m_fault, nullptr));
}

void Lanes::loop(const std::stop_token &ended)
{
    std::unique_lock lock(m_mutex);
    while (m_changed.wait(lock, ended, [this] { return m_next < m_count; }))
        work(lock);
}

void Lanes::work(std::unique_lock<std::mutex> &lock)
{
    while (m_next < m_count) {
        const std::int64_t index = m_next++;
        ++m_running;
        const auto &body = *m_body;
        lock.unlock();
        std::exception_ptr fault;
        try {
            body(index);
        } catch (...) {
            fault = std::current_exception();
        }
        lock.lock();
        --m_running;
        if (fault) {
            m_next = m_count; // nothing more is taken
            if (!m_fault)
                m_fault = fault;
        }
    }
    m_changed.notify_all();
}

} // namespace auroraedge::engine

#pragma once

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace auroraedge::engine {

/// Threads that compute pictures side by side, one each, with single-threaded kernels: nothing waits between the layers, so
/// two cores do nearly twice as much, which one kernel on two threads does not for a small model. The threads stay: the
/// arithmetic library keeps a megabyte of buffers for every thread that ever came to it.
///
/// Thread: run() on one thread.
class Lanes final
{
public:
    /// @param count with the one that calls run(), at least one.
    explicit Lanes(int count);
    Lanes(const Lanes &) = delete;
    Lanes &operator=(const Lanes &) = delete;
    ~Lanes();

    /// Calls @p body once for each of 0 .. @p count - 1 and waits. Every call computes what it would compute alone.
    /// @param body safe on several threads; the first exception is thrown again here, once all have ended.
    void run(std::int64_t count, const std::function<void(std::int64_t)> &body);

private:
    void loop(const std::stop_token &ended);
    /// Takes one after another until there are no more.
    void work(std::unique_lock<std::mutex> &lock);

    std::mutex m_mutex;
    std::condition_variable_any m_changed;
    const std::function<void(std::int64_t)> *m_body = nullptr; // guarded by m_mutex
    std::int64_t m_next = 0, m_count = 0, m_running = 0;       // guarded by m_mutex
    std::exception_ptr m_fault;                                // guarded by m_mutex
    std::vector<std::jthread> m_threads;                       // last: they use the members above
};

} // namespace auroraedge::engine

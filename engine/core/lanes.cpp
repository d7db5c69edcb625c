#include "engine/core/lanes.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

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

void inLanes(std::int64_t count, const std::function<void(std::int64_t)> &body)
{
    const std::int64_t lanes = std::min<std::int64_t>(at::get_num_threads(), count);
    const SingleThreadedKernels single; // also of one lane: the same kernels, so the same bits, on any number of cores
    std::atomic<std::int64_t> next = 0;
    std::mutex mutex;
    std::exception_ptr fault; // guarded by mutex
    const auto run = [&] {
        try {
            for (std::int64_t i = next++; i < count; i = next++)
                body(i);
        } catch (...) {
            next = count; // the others take nothing more
            const std::lock_guard lock(mutex);
            if (!fault)
                fault = std::current_exception();
        }
    };
    {
        std::vector<std::jthread> others;
        for (std::int64_t lane = 1; lane < lanes; ++lane)
            others.emplace_back(run);
        run();
    }
    if (fault)
        std::rethrow_exception(fault);
}

} // namespace auroraedge::engine

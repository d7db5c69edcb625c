#pragma once

#include "engine/api/result.h"

#include <ATen/core/Tensor.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>

namespace auroraedge::engine {

/// Several processes that train one model, each on batches of its own: the average of their gradients is that of one
/// process on all the batches together, when each loss is a mean over as many items. All exchange goes through gloo (in
/// every LibTorch), so gradients on a GPU take a way through the CPU's memory.
///
/// Every process makes the same calls in the same order, with tensors of the same names and shapes. Results are the same
/// bits in all of them. A call fails in each process that waits for one that is gone (at once) or silent (after the
/// timeout); the group is of no use any more then, and the run goes on from its checkpoint in new processes.
///
/// Nothing is encrypted and no peer proves who it is: between machines use a network of one's own.
class DataParallel final
{
public:
    struct Place
    {
        int rank = 0, size = 1; ///< 0 <= rank < size
        std::filesystem::path file = {}; ///< where processes of one machine meet: not there yet, new for each run
        std::string host = {};           ///< without a file: a name or address of rank 0's machine, which listens there
        std::uint16_t port = 0;
        std::chrono::milliseconds timeout = std::chrono::seconds(60); ///< of every call, join() included
    };

    /// Waits for the others. Of a size of 1 there are none, and every call does nothing.
    /// @return RCP-04 for a place that cannot be, ENG-02 when the others do not come, ENG-01.
    static Result<DataParallel> join(const Place &place);

    DataParallel(DataParallel &&) noexcept;
    DataParallel &operator=(DataParallel &&) noexcept;
    ~DataParallel();

    [[nodiscard]] int rank() const { return m_place.rank; }
    [[nodiscard]] int size() const { return m_place.size; }

    // Each returns ENG-02 when another process is gone or silent.

    /// Every gradient becomes the mean over the processes. One that a process lacks counts as zeros there, and one that
    /// all lack stays undefined.
    Result<void> averageGradients(const std::map<std::string, at::Tensor> &parameters);
    /// Every tensor becomes that of rank 0, in place.
    Result<void> broadcast(const std::map<std::string, at::Tensor> &tensors);
    Result<double> sum(double value);
    /// Returns when all have called it.
    Result<void> barrier();

private:
    struct Group; ///< hides LibTorch's headers

    explicit DataParallel(const Place &place);
    void meet();
    Result<void> exchange(const std::function<void()> &body) const;

    Place m_place;
    std::unique_ptr<Group> m_group; ///< none when alone
};

} // namespace auroraedge::engine

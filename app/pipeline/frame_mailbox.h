#pragma once

#include "engine/api/frame.h"

#include <cstdint>
#include <mutex>
#include <optional>
#include <utility>

namespace auroraedge::app {

/// Hands the newest frame from one thread to another; capacity one, safe from any thread.
/// A live view wants the latest part, not a backlog: a frame that nobody took is replaced and counted.
class FrameMailbox final
{
public:
    /// @return true when the box was empty: the taker needs exactly one wake-up.
    [[nodiscard]] bool post(Frame frame)
    {
        std::optional<Frame> incoming(std::move(frame));
        bool wasEmpty = false;
        {
            const std::lock_guard lock(m_mutex);
            wasEmpty = !m_latest.has_value();
            m_replaced += wasEmpty ? 0 : 1;
            m_latest.swap(incoming);
        }
        return wasEmpty; // the pixels of a replaced frame are freed here, outside the lock
    }

    [[nodiscard]] std::optional<Frame> take()
    {
        const std::lock_guard lock(m_mutex);
        return std::exchange(m_latest, std::nullopt);
    }

    /// Frames that a newer one replaced before they were taken.
    [[nodiscard]] std::uint64_t replacedCount() const
    {
        const std::lock_guard lock(m_mutex);
        return m_replaced;
    }

private:
    mutable std::mutex m_mutex;
    std::optional<Frame> m_latest; // guarded by m_mutex
    std::uint64_t m_replaced = 0;  // guarded by m_mutex
};

} // namespace auroraedge::app

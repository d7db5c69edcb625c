#pragma once

#include <chrono>
#include <cstdint>

namespace auroraedge::app {

/// Says when it is time to ask again: at moments that are one period apart, whatever happens between them. Nothing
/// queues; a moment that nobody took in time is lost.
class IntervalTrigger final
{
public:
    using Clock = std::chrono::steady_clock;

    /// The first moment is one period after @p start. REQUIRES: period > 0.
    IntervalTrigger(Clock::duration period, Clock::time_point start) : m_period(period), m_next(start + period) {}

    [[nodiscard]] Clock::time_point next() const { return m_next; }

    /// Moments that have come by @p now and were not taken before; all but the last of them are lost.
    [[nodiscard]] std::uint64_t takeDue(Clock::time_point now)
    {
        if (now < m_next)
            return 0;
        const Clock::duration::rep due = (now - m_next) / m_period + 1;
        m_next += due * m_period;
        return static_cast<std::uint64_t>(due);
    }

private:
    Clock::duration m_period;
    Clock::time_point m_next;
};

} // namespace auroraedge::app

#pragma once

#include <algorithm>
#include <chrono>
#include <optional>

namespace auroraedge::plugins {

/// Tells how late the pictures of a stream come: each says when it was taken, on a clock that begins anywhere. The least
/// delay so far counts as none.
class LateWatch final
{
public:
    using Clock = std::chrono::steady_clock;
    /// No two clocks run alike, so the least delay is forgotten at one thousandth of the time: ten times of what two
    /// crystals differ by, and far slower than pictures pile up on a way that is too narrow for them.
    static constexpr int kForgotten = 1'000;
    /// A clock that goes back by less only trembles. To begin anew then would make the pictures of a traffic jam prompt ones.
    static constexpr std::chrono::seconds kSetBack{1};

    /// A picture that was taken at @p taken has come at @p now. @return how much later than the promptest one.
    Clock::duration add(Clock::time_point now, std::chrono::nanoseconds taken)
    {
        const Clock::duration delay = now.time_since_epoch() - taken;
        const bool isSetBack = taken + kSetBack <= m_lastTaken; // the clock of the camera, as at midnight
        if (!m_least || isSetBack)
            m_least = delay;
        m_least = std::min(delay, *m_least + (now - m_lastAt) / kForgotten);
        m_lastAt = now;
        m_lastTaken = taken;
        return delay - *m_least;
    }

private:
    std::optional<Clock::duration> m_least; ///< time of coming less time of taking
    Clock::time_point m_lastAt;
    std::chrono::nanoseconds m_lastTaken = std::chrono::nanoseconds::min();
};

} // namespace auroraedge::plugins

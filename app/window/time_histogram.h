#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace auroraedge::app {

/// Quantiles of any number of times, in memory that does not grow: steps of 0.1 ms up to 2 s, then the largest alone.
class TimeHistogram final
{
public:
    void add(double ms)
    {
        const auto step = static_cast<std::size_t>(std::clamp(ms * kStepsPerMs, 0.0, double{kSteps - 1}));
        ++m_counts[step];
        ++m_count;
        m_maxMs = std::max(m_maxMs, ms);
    }

    [[nodiscard]] std::uint64_t count() const { return m_count; }
    [[nodiscard]] double maxMs() const { return m_maxMs; }
    /// The time that @p share of them do not exceed, 0..1; 0 without any.
    [[nodiscard]] double quantileMs(double share) const
    {
        std::uint64_t seen = 0;
        for (std::size_t step = 0; step + 1 < kSteps; ++step) {
            seen += m_counts[step];
            if (m_count > 0 && static_cast<double>(seen) >= share * static_cast<double>(m_count))
                return std::min(static_cast<double>(step + 1) / kStepsPerMs, m_maxMs);
        }
        return m_maxMs;
    }

private:
    static constexpr int kStepsPerMs = 10;
    static constexpr int kSteps = 2'000 * kStepsPerMs;

    std::vector<std::uint32_t> m_counts = std::vector<std::uint32_t>(kSteps);
    std::uint64_t m_count = 0;
    double m_maxMs = 0;
};

} // namespace auroraedge::app

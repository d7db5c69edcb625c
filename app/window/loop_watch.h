#pragma once

#include "app/window/time_histogram.h"

#include <QObject>
#include <QTimer>

#include <chrono>
#include <cstdint>

namespace auroraedge::app {

/// Measures how long the event loop leaves what the operator does waiting. A timer of the same loop fires every kPeriod;
/// what lies between two firings is a gap, so one is told at most kPeriod too long and never too short. Gaps over
/// kLimit are logged, at most one line a second. Thread: GUI.
class LoopWatch final : public QObject
{
    Q_OBJECT

public:
    static constexpr std::chrono::milliseconds kPeriod{10};
    static constexpr std::chrono::milliseconds kLimit{100};

    explicit LoopWatch(QObject *parent = nullptr);

    [[nodiscard]] const TimeHistogram &gaps() const { return m_gaps; }
    [[nodiscard]] std::uint64_t longGaps() const { return m_longGaps; } ///< over kLimit
    /// Forgets what was measured.
    void restart();

private:
    void onTimeout();

    QTimer m_timer;
    TimeHistogram m_gaps;
    std::uint64_t m_longGaps = 0, m_loggedGaps = 0;
    std::chrono::steady_clock::time_point m_lastAt, m_loggedAt;
};

} // namespace auroraedge::app

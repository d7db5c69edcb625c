#include "app/window/loop_watch.h"

namespace auroraedge::app {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

LoopWatch::LoopWatch(QObject *parent) : QObject(parent), m_lastAt(steady_clock::now())
{
    m_timer.setTimerType(Qt::PreciseTimer);
    connect(&m_timer, &QTimer::timeout, this, &LoopWatch::onTimeout);
    m_timer.start(kPeriod);
}

void LoopWatch::restart()
{
    m_gaps = {};
    m_longGaps = m_loggedGaps = 0;
    m_lastAt = steady_clock::now();
}

void LoopWatch::onTimeout()
{
    const steady_clock::time_point now = steady_clock::now();
    const std::chrono::duration<double, std::milli> gap = now - m_lastAt;
    m_lastAt = now;
    m_gaps.add(gap.count());
    if (gap <= kLimit)
        return;
    ++m_longGaps;
    if (now - m_loggedAt < 1s)
        return;
    qWarning("The window did not react for %.0f ms (%llu times over %lld ms since the last such line)", gap.count(),
             static_cast<unsigned long long>(m_longGaps - m_loggedGaps), static_cast<long long>(kLimit.count()));
    m_loggedAt = now;
    m_loggedGaps = m_longGaps;
}

} // namespace auroraedge::app

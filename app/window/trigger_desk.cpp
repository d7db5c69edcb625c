#include "app/window/trigger_desk.h"

#include <algorithm>
#include <utility>

namespace auroraedge::app {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

namespace {

constexpr std::chrono::milliseconds kTellPeriod{200};
// Between two looks a slow part must have moved far enough to be seen.
constexpr std::chrono::milliseconds kLookPeriod{66};

} // namespace

TriggerDesk::TriggerDesk(Ask ask, QObject *parent) : QObject(parent), m_ask(std::move(ask))
{
    m_dueTimer.setSingleShot(true);
    m_dueTimer.setTimerType(Qt::PreciseTimer);
    connect(&m_dueTimer, &QTimer::timeout, this, &TriggerDesk::onIntervalDue);
    connect(&m_tellTimer, &QTimer::timeout, this, [this] { Q_EMIT stateChanged(m_state); });
}

void TriggerDesk::choose(ui::TriggerSettings settings)
{
    settings.intervalSeconds = std::clamp(settings.intervalSeconds, 0.1, 3'600.0);
    settings.motionThreshold = std::clamp(settings.motionThreshold, 0.001, 1.0);
    m_state = {};
    m_state.settings = settings;
    m_interval.reset();
    m_motion.reset();
    m_dueTimer.stop();
    m_tellTimer.stop();
    forgetPictures();
    if (settings.kind == ui::TriggerKind::Interval) {
        const std::chrono::duration<double> period(settings.intervalSeconds);
        m_interval.emplace(std::chrono::duration_cast<steady_clock::duration>(period), steady_clock::now());
        waitForNext();
    } else if (settings.kind == ui::TriggerKind::Motion) {
        m_motion.emplace(settings.motionThreshold);
    }
    if (settings.kind != ui::TriggerKind::Off)
        m_tellTimer.start(kTellPeriod);
    Q_EMIT stateChanged(m_state);
}

void TriggerDesk::look(const Frame &part)
{
    if (!m_motion || part.capturedAt - m_lookedAt < kLookPeriod)
        return;
    m_lookedAt = part.capturedAt;
    const std::optional<double> motion = m_meter.changeTo(part);
    if (!motion)
        return;
    m_state.motion = *motion;
    if (m_motion->update(*motion, part.capturedAt))
        fire();
}

void TriggerDesk::forgetPictures()
{
    m_meter.forget();
    m_lookedAt = {};
    m_state.motion = 0;
    if (m_motion)
        m_motion->forget();
}

void TriggerDesk::fire()
{
    ++(m_ask(m_state.settings.presetIndex) ? m_state.asked : m_state.skipped);
}

void TriggerDesk::onIntervalDue()
{
    if (const std::uint64_t due = m_interval->takeDue(steady_clock::now()); due > 0) {
        m_state.skipped += due - 1;
        fire();
    }
    waitForNext();
}

void TriggerDesk::waitForNext()
{
    const auto wait = std::chrono::ceil<std::chrono::milliseconds>(m_interval->next() - steady_clock::now());
    m_dueTimer.start(std::max(wait, 0ms));
}

} // namespace auroraedge::app

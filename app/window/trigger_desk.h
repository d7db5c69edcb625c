#pragma once

#include "app/inspection/interval_trigger.h"
#include "app/inspection/motion_trigger.h"
#include "engine/api/frame.h"
#include "ui/models/trigger.h"

#include <QObject>
#include <QTimer>

#include <chrono>
#include <functional>
#include <optional>

namespace auroraedge::app {

/// Asks without a person, as the operator has set it: every few seconds, or once for each part that comes to rest.
/// A trigger that cannot be answered now is skipped and counted. Thread: GUI.
class TriggerDesk final : public QObject
{
    Q_OBJECT

public:
    /// Asks a preset question about the picture on the screen. @return false when that is not possible now.
    using Ask = std::function<bool(int presetIndex)>;

    explicit TriggerDesk(Ask ask, QObject *parent = nullptr);

    /// Counts anew. Values out of their range are moved into it.
    void choose(ui::TriggerSettings settings);
    /// The watched part of each picture that is shown; looked at some 15 times a second.
    void look(const Frame &part);
    /// The next picture does not follow the last one: another source, a pause, another watched part.
    void forgetPictures();

Q_SIGNALS:
    void stateChanged(const auroraedge::ui::TriggerState &state); ///< a few times a second while switched on

private:
    void fire();
    void onIntervalDue();
    void waitForNext();

    const Ask m_ask;
    ui::TriggerState m_state;
    std::optional<IntervalTrigger> m_interval;
    std::optional<MotionTrigger> m_motion;
    MotionMeter m_meter;
    std::chrono::steady_clock::time_point m_lookedAt;
    QTimer m_dueTimer, m_tellTimer;
};

} // namespace auroraedge::app

#pragma once

#include "ui/models/station_counters.h"

#include <QFrame>

#include <chrono>
#include <optional>

class QLabel;

namespace auroraedge::ui {

class Theme;

/// The bar at the bottom: state of the station and its figures. Never hidden.
class StatusStrip final : public QFrame
{
    Q_OBJECT

public:
    enum class State { NoSource = 1, Opening, Loading, NoModel, Still, Ready, Busy, Fault };

    explicit StatusStrip(const Theme &theme, QWidget *parent = nullptr);

    void setState(State state);
    [[nodiscard]] State state() const { return m_state; }
    void setCounters(const StationCounters &counters);
    void setFrameAge(std::optional<std::chrono::milliseconds> age);

private:
    void refresh();

    const Theme &m_theme;
    State m_state = State::NoSource;
    QLabel *m_dot = nullptr;
    QLabel *m_word = nullptr;
    QLabel *m_rate = nullptr;
    QLabel *m_age = nullptr;
    QLabel *m_replaced = nullptr;
    QLabel *m_stored = nullptr;
};

} // namespace auroraedge::ui

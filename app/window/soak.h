#pragma once

#include "app/window/time_histogram.h"

#include <QObject>
#include <QTimer>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace auroraedge::ui {
class MainWindow;
}

namespace auroraedge::app {

class InspectionSession;
class LoopWatch;

/// Asks the preset questions in turn without a pause, as an operator would, and measures how the station bears it.
/// The time runs from the first answer on, so that a slow start is not part of it; gaps of the event loop are taken
/// from the first turn on. Ends the program's loop. Thread: GUI.
class Soak final : public QObject
{
    Q_OBJECT

public:
    /// Without a first answer for so long, the run has failed.
    static constexpr std::chrono::seconds kPatience{120};

    /// All outlive the soak. @param presets how many questions there are, at least one.
    Soak(ui::MainWindow &window, InspectionSession &session, const LoopWatch &watch, int presets, std::chrono::milliseconds length);

    /// Whether it ran to its end.
    [[nodiscard]] bool isComplete() const { return m_isComplete; }
    /// One line of JSON; the names are those of `--soak` in the interface. REQUIRES: isComplete().
    [[nodiscard]] std::string report() const;

private:
    void ask();
    void onAnswer(double engineMs);
    void onMinute();
    void end();

    ui::MainWindow &m_window;
    InspectionSession &m_session;
    const LoopWatch &m_watch;
    const int m_presets;
    const std::chrono::milliseconds m_length;

    QTimer m_askTimer, m_endTimer, m_minuteTimer;
    int m_preset = 0;
    std::chrono::steady_clock::time_point m_pressedAt;
    bool m_isComplete = false;
    TimeHistogram m_overhead; ///< of the program: from the press to the painted answer, without the engine's own time
    std::uint64_t m_framesShown = 0, m_answers = 0;
    double m_startMb = 0, m_endMb = 0;
    int m_threads = 0;
};

} // namespace auroraedge::app

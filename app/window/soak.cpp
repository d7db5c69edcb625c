#include "app/window/soak.h"

#include "app/window/inspection_session.h"
#include "app/window/loop_watch.h"
#include "app/window/painted.h"
#include "app/window/process_figures.h"
#include "ui/main_window.h"

#include <QCoreApplication>

#include <utility>

namespace auroraedge::app {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

namespace {

constexpr std::chrono::milliseconds kAskPeriod{20}; ///< while no question can be asked

} // namespace

Soak::Soak(ui::MainWindow &window, InspectionSession &session, const LoopWatch &watch, int presets, std::chrono::milliseconds length)
    : m_window(window), m_session(session), m_watch(watch), m_presets(presets), m_length(length)
{
    connect(&session, &InspectionSession::pictureShown, this, [this] { ++m_framesShown; });
    connect(&session, &InspectionSession::answerShown, this, &Soak::onAnswer);
    connect(&m_askTimer, &QTimer::timeout, this, &Soak::ask);
    m_askTimer.start(kAskPeriod);
    connect(&m_minuteTimer, &QTimer::timeout, this, &Soak::onMinute);
    connect(&m_endTimer, &QTimer::timeout, this, &Soak::end);
    m_endTimer.setSingleShot(true);
    m_endTimer.start(kPatience);
}

void Soak::ask()
{
    const steady_clock::time_point pressedAt = steady_clock::now();
    if (!m_window.askByTrigger(m_preset))
        return;
    m_pressedAt = pressedAt;
    m_preset = (m_preset + 1) % m_presets;
}

void Soak::onAnswer(double engineMs)
{
    whenPainted(this, [this, engineMs, pressedAt = m_pressedAt] {
        m_overhead.add(std::chrono::duration<double, std::milli>(steady_clock::now() - pressedAt).count() - engineMs);
        if (m_answers++ == 0) {
            m_startMb = residentMb();
            m_endTimer.start(m_length);
            m_minuteTimer.start(1min);
        }
        ask();
    });
}

void Soak::onMinute()
{
    qInfo("soak: %.0f MB, %llu answers, longest gap %.0f ms", residentMb(), static_cast<unsigned long long>(m_answers), m_watch.gaps().maxMs());
}

void Soak::end()
{
    m_isComplete = m_answers > 0;
    m_endMb = residentMb();
    m_threads = threadCount();
    if (!m_isComplete)
        qWarning("soak: no answer in %lld s", static_cast<long long>(kPatience.count()));
    QCoreApplication::quit();
}

std::string Soak::report() const
{
    const auto oneDigit = [](double value) { return QByteArray::number(value, 'f', 1).toStdString(); };
    std::string line;
    const auto add = [&](const char *name, const std::string &value) {
        line += (line.empty() ? "{\"" : ",\"") + std::string(name) + "\":" + value;
    };
    add("gap_ms_p99", oneDigit(m_watch.gaps().quantileMs(0.99)));
    add("gap_ms_max", oneDigit(m_watch.gaps().maxMs()));
    add("rss_start_mb", oneDigit(m_startMb));
    add("rss_end_mb", oneDigit(m_endMb));
    add("threads", std::to_string(m_threads));
    add("frames_shown", std::to_string(m_framesShown));
    add("frames_replaced", std::to_string(m_session.framesReplaced()));
    add("answers", std::to_string(m_answers));
    add("app_overhead_ms_p95", oneDigit(m_overhead.quantileMs(0.95)));
    return line + "}";
}

} // namespace auroraedge::app

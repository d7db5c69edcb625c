#pragma once

#include "app/batch/batch_run.h"

#include <chrono>
#include <cstdint>
#include <deque>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>

namespace auroraedge::app {

/// Tells how far a batch is, on stderr: a line that is written over on a terminal, a line now and then in a log, or JSON lines
/// for a program. Thread: one at a time.
class BatchProgress final
{
public:
    enum class Form { None = 1, Terminal, Log, Json };

    BatchProgress(std::ostream &err, Form form) : m_err(err), m_form(form) {}
    ~BatchProgress() { endLine(); }
    BatchProgress(const BatchProgress &) = delete;
    BatchProgress &operator=(const BatchProgress &) = delete;

    /// "listing", "loading", "running", "watching", "writing", "done", "stopped".
    void enter(std::string_view state);
    /// @param total files to come to, those of earlier runs included; nothing: not known (a watch).
    /// @param resumed of earlier runs, with so many failures among them.
    void begin(std::optional<std::int64_t> total, std::int64_t resumed, std::int64_t resumedFailures);
    void update(const BatchFigures &figures);
    void tellFailure(const std::string &path, const std::string &code, const std::string &message);
    /// A sentence of its own, above the line that is written over; for people.
    void tell(const std::string &sentence);
    /// The same also for logs, programs and those who want no progress: it must be known.
    void warn(const std::string &sentence);

    [[nodiscard]] std::int64_t done() const { return m_resumed + m_figures.done; }
    [[nodiscard]] const BatchFigures &figures() const { return m_figures; }
    /// Files a second, by the median of the last batches: one slow picture or a pause does not move it.
    [[nodiscard]] std::optional<double> rate() const;

private:
    using Clock = std::chrono::steady_clock;
    void show(bool isDue);
    [[nodiscard]] std::string json() const;
    [[nodiscard]] std::string sentence() const;
    [[nodiscard]] std::optional<double> secondsLeft() const;
    void endLine();

    std::ostream &m_err;
    const Form m_form;
    std::string m_state;
    std::optional<std::int64_t> m_total;
    std::int64_t m_resumed = 0, m_resumedFailures = 0;
    BatchFigures m_figures;
    std::deque<double> m_secondsPerFile; ///< of the last batches
    Clock::time_point m_updated, m_shown;
    bool m_isLineOpen = false;
};

} // namespace auroraedge::app

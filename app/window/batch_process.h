#pragma once

#include "ui/models/batch.h"

#include <QByteArray>
#include <QObject>
#include <QProcess>

namespace auroraedge::app {

/// How a job's program ended.
struct BatchEnd
{
    int exitCode = -1;      ///< -1: it could not be started, or it crashed
    bool wasStopped = false; ///< after stop(), or by a signal that means it
    QString sentence;       ///< the last line that it told
};

/// One `auroraedge batch`, which gives way to the Live page and ends with this program, whatever ends it.
/// Thread: GUI; it waits for nothing.
class BatchProcess final : public QObject
{
    Q_OBJECT

public:
    /// @param arguments as of batchArguments().
    BatchProcess(const QString &program, const QStringList &arguments, QObject *parent);

    void start();
    void stop(); ///< it ends within a second; what it was at is not lost
    /// Until it has ended; it is killed when that takes longer than @p milliseconds.
    void waitForEnd(int milliseconds);
    /// Of --dry-run: lines on the standard output so far.
    [[nodiscard]] qint64 linesOut() const { return m_linesOut; }

Q_SIGNALS:
    /// @param state "listing", "loading", "running", "watching", "writing", "done" or "stopped".
    void progressed(const QString &state, qint64 resumed, const auroraedge::ui::BatchFigures &figures);
    void failedFile(const auroraedge::ui::BatchFailure &failure); ///< its reason in the language of the window
    void ended(const auroraedge::app::BatchEnd &end); ///< the last signal

private:
    void readErrors();
    void readLine(const QByteArray &line);
    void finish(int exitCode, QProcess::ExitStatus status);

    QProcess m_process;
    QString m_lastLine;
    qint64 m_linesOut = 0;
    bool m_isStopped = false;
};

/// What `auroraedge` is given to do @p order; the same each time, so that its journal goes on.
[[nodiscard]] QStringList batchArguments(const ui::BatchOrder &order, const QString &dataFolder);
/// The same for a terminal.
[[nodiscard]] QString shellLine(const QString &program, const QStringList &arguments);

} // namespace auroraedge::app

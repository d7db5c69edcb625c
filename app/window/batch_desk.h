#pragma once

#include "app/settings/data_folder.h"
#include "app/window/batch_process.h"
#include "ui/models/batch.h"

#include <QElapsedTimer>
#include <QHash>
#include <QObject>
#include <QThreadPool>
#include <QTimer>

#include <filesystem>
#include <memory>

namespace auroraedge::ui {
class BatchPanel;
}

namespace auroraedge::app {

/// The jobs of the Batch page: one ordinary one and one watching one run at a time, each as a program of its own, so that
/// nothing they do can harm the window. Files are read and written on a thread of its own.
/// Thread: GUI; it waits for nothing, but for at most 2 s for its programs when it goes.
class BatchDesk final : public QObject
{
    Q_OBJECT

public:
    /// @param panel outlives the desk. @param program the command line beside the window.
    BatchDesk(ui::BatchPanel &panel, const DataFolder &dataFolder, std::filesystem::path program);
    ~BatchDesk() override; ///< what runs is paused

    [[nodiscard]] const ui::BatchJobs &jobs() const { return m_jobs; }

Q_SIGNALS:
    void changed(); ///< of the jobs, as shown

private:
    struct Run
    {
        BatchProcess *process = nullptr; ///< its parent is the desk
        ui::BatchState after = ui::BatchState::Paused; ///< when it is stopped
        ui::BatchFigures before;                       ///< of earlier runs
        ui::BatchFailures newFailures;                 ///< newest first, not shown yet
    };

    void connectPanel();
    void open();
    void add(ui::BatchOrder order);
    void enqueue(const ui::BatchOrder &order);
    void startNext();
    void start(ui::BatchJob &job);
    void stop(qint64 id, ui::BatchState after);
    void resume(qint64 id);
    void retry(qint64 id);
    void remove(qint64 id);
    void move(qint64 id, int steps);
    void onProgress(qint64 id, const QString &state, qint64 resumed, const ui::BatchFigures &figures);
    void onEnded(qint64 id, const BatchEnd &end);
    void plan(ui::BatchOrder order);
    void endPlan();
    void loadFailures(qint64 id);
    [[nodiscard]] ui::BatchJob *find(qint64 id);
    [[nodiscard]] std::optional<double> secondsFor(const ui::BatchOrder &order, qint64 pictures) const;
    void describe(ui::BatchJob &job) const;
    void showSoon();
    void show();
    void flushFailures(qint64 id);
    void save();

    /// Runs @p body on the thread for files, after what was given to it before.
    template <typename Body>
    void onDisk(Body body)
    {
        m_disk.start(std::move(body));
    }
    /// Calls @p body on the GUI thread, later; never after the desk is gone. Any thread.
    template <typename Body>
    void post(Body body)
    {
        QMetaObject::invokeMethod(this, std::move(body), Qt::QueuedConnection);
    }

    ui::BatchPanel &m_panel;
    const QString m_program, m_dataFolder;
    const std::filesystem::path m_file;
    ui::BatchJobs m_jobs;
    qint64 m_lastId = 0;
    QHash<qint64, Run> m_runs;
    QHash<qint64, ui::BatchFailures> m_failures; ///< newest first
    BatchProcess *m_planning = nullptr;
    QTimer m_showTimer;
    QElapsedTimer m_saved;
    bool m_isOpen = false; ///< the file was read, so that it may be written
    bool m_isClosing = false;
    QThreadPool m_disk; ///< last: its thread uses all of the above
};

} // namespace auroraedge::app

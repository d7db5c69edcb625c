#pragma once

#include "app/pipeline/storage_worker.h"
#include "app/settings/data_folder.h"
#include "ui/models/answer_view.h"

#include <QList>
#include <QObject>
#include <QTimer>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace auroraedge::ui {
class MainWindow;
}

namespace auroraedge::app {

/// The answers on the disk and what the window shows of them: the last ones, their reviews and pictures, the counters.
/// Owns the storage thread. Thread: GUI; destroying it first stores all that was accepted.
class AnswerDesk final : public QObject
{
    Q_OBJECT

public:
    /// @param window outlives the desk. @param account of the person at the station, for what is stored of them.
    AnswerDesk(ui::MainWindow &window, const DataFolder &dataFolder, std::string account);
    ~AnswerDesk() override;

    [[nodiscard]] bool isFull() const { return m_storage->isFull(); }
    [[nodiscard]] bool isIdle() const { return m_storage->isIdle(); } ///< all that was accepted has been told, or is about to be
    /// Puts the picture of an asking on the disk while it is being answered.
    void saveAhead(std::int64_t id, Frame frame) { m_storage->saveAhead(id, std::move(frame)); }
    /// @param view shown when the row is on the disk, or without OK when it cannot be. A failed asking, which was told
    /// already, joins the last answers.
    void store(StorageJob job, const ui::AnswerView &view);

    // All of them or none; told by judged or judgingFailed. Each returns false when too much waits for the disk.
    [[nodiscard]] bool decide(std::vector<ReviewDecision> decisions) { return m_storage->decide(std::move(decisions)); }
    /// Takes back the newest judgement of @p reviewer on each of @p rows.
    [[nodiscard]] bool undo(std::vector<std::int64_t> rows, std::string reviewer) { return m_storage->undo(std::move(rows), std::move(reviewer)); }
    [[nodiscard]] bool mark(AnswerMark mark) { return m_storage->mark(std::move(mark)); }

    /// Who judges on the Live page from now on; the account until then.
    void setReviewer(std::string name) { m_reviewer = std::move(name); }

    [[nodiscard]] std::int64_t rowsStored() const { return m_rowsStored; }
    [[nodiscard]] int rowsWaiting() const { return static_cast<int>(m_storage->waiting()); }

Q_SIGNALS:
    void answerShown(double engineMs); ///< an answer was handed to the window with its verdict; StageLatencies::totalMs

    // On the disk, or not: each asking once, each press once.
    void answerStored(const auroraedge::app::StorageJob &job);
    void answerNotStored(const auroraedge::app::StorageJob &job, const auroraedge::Error &error);
    void reviewsStored(const QList<qint64> &rows, const QList<qint64> &reviews);
    void reviewsNotStored(const QList<qint64> &rows, const auroraedge::Error &error);

    void judged(const QList<qint64> &rows); ///< what people say of them has changed on the disk
    void judgingFailed(const QList<qint64> &rows, const QString &sentence);

private:
    void connectWindow();
    StorageListener listener();
    void onStored(const StorageJob &job);
    void onStoreFailed(const StorageJob &job, const Error &error);
    void show(const ui::AnswerView &answer);
    void onReviewGiven(qint64 row, ui::Verdict verdict, const QString &reason);
    void onReviewFailed(qint64 row, const Error &error);
    /// The store failed: an alarm, until a person has seen it. @param lostAnswers that are in no row.
    void raiseAlarm(const Error &error, int lostAnswers);
    void onStoreWorks(); ///< something was stored
    void onRoom(const DiskRoom &room);
    [[nodiscard]] ui::AnswerView taken(const StorageJob &job); ///< it is stored, or lost

    /// Calls @p body on the GUI thread, later; never after the desk is gone. Any thread.
    template <typename Body>
    void post(Body body)
    {
        QMetaObject::invokeMethod(this, std::move(body), Qt::QueuedConnection);
    }

    ui::MainWindow &m_window;
    const std::string m_account;
    std::string m_reviewer;
    std::map<std::int64_t, ui::AnswerView> m_beingStored;
    std::int64_t m_rowsStored = 0;
    std::optional<Error> m_storeFault; ///< since then nothing was stored
    int m_lostAnswers = 0;             ///< since the start: an alarm may come and go many times before a person looks
    bool m_isRoomLow = false;          ///< on the disk of the data folder
    QTimer m_recountTimer, m_slowTimer;
    std::unique_ptr<StorageWorker> m_storage;
};

} // namespace auroraedge::app

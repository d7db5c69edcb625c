#include "app/window/answer_desk.h"

#include "app/window/told_errors.h"
#include "app/window/view_values.h"
#include "ui/main_window.h"
#include "ui/models/frame_image.h"

#include <QDateTime>

#include <chrono>
#include <utility>

namespace auroraedge::app {

namespace {

constexpr std::chrono::milliseconds kRecountPeriod{60'000};
constexpr std::chrono::milliseconds kSlow{2'000}; ///< an answer that waits longer for the disk is told

} // namespace

AnswerDesk::AnswerDesk(ui::MainWindow &window, const DataFolder &dataFolder, std::string account)
    : m_window(window), m_account(std::move(account)), m_reviewer(m_account),
      m_storage(std::make_unique<StorageWorker>(dataFolder.root(), listener(), m_account))
{
    connectWindow();
    connect(&m_recountTimer, &QTimer::timeout, this, [this] { m_storage->recount(); });
    m_recountTimer.start(kRecountPeriod);
    m_slowTimer.setSingleShot(true);
    m_slowTimer.setInterval(kSlow);
    connect(&m_slowTimer, &QTimer::timeout, this, [this] { m_window.raiseFault(slowDiskFault()); });
}

AnswerDesk::~AnswerDesk()
{
    m_storage.reset(); // while this object can still be told
}

void AnswerDesk::connectWindow()
{
    using ui::MainWindow;
    connect(&m_window, &MainWindow::reviewGiven, this, &AnswerDesk::onReviewGiven);
    connect(&m_window, &MainWindow::reviewUndoRequested, this, [this](qint64 row, const QString &reviewer) {
        if (m_storage->undo({row}, reviewer.toStdString()))
            return;
        m_window.raiseFault(reviewFault(diskBusy()));
        Q_EMIT judgingFailed({row}, toldError(diskBusy()));
    });
    connect(&m_window, &MainWindow::storedPictureRequested, this, [this](qint64 row) {
        if (!m_storage->readPicture(row))
            m_window.showStoredPicture(row, {});
    });
    connect(&m_window, &MainWindow::countersResetRequested, this, [this] {
        m_window.clearFault(QStringLiteral("counters"));
        if (!m_storage->resetCounters(m_account))
            m_window.raiseFault(countersFault(diskBusy()));
    });
}

StorageListener AnswerDesk::listener()
{
    // Read by the storage thread at each opening, then handed over whole.
    const auto recent = std::make_shared<ui::AnswerViews>();
    StorageListener told;
    told.onRecent = [recent](const AnswerRecord &record, const Frame &picture) {
        ui::AnswerView view = answerViewOf(record);
        view.thumbnail = ui::thumbnailOf(ui::imageOf(picture));
        recent->append(view);
    };
    told.onOpened = [this, recent](std::int64_t rows, const std::vector<Error> &notices) {
        post([this, rows, notices, answers = std::exchange(*recent, {})] {
            m_rowsStored = rows;
            m_window.setRecent(answers);
            onStoreWorks();
            for (const Error &notice : notices)
                m_window.raiseFault(storeFault(notice));
        });
    };
    told.onOpenFailed = [this](const Error &error) { post([this, error] { raiseAlarm(error, 0); }); };
    told.onStored = [this](const StorageJob &job) { post([this, job] { onStored(job); }); };
    told.onFailed = [this](const StorageJob &job, const Error &error) {
        post([this, job, error] { onStoreFailed(job, error); });
    };
    told.onCounts = [this](const AnswerCounts &counts) {
        post([this, counts] { m_window.setShiftCounters(shiftCountersOf(counts)); });
    };
    told.onResetFailed = [this](const Error &error) { post([this, error] { m_window.raiseFault(countersFault(error)); }); };
    told.onReviewed = [this](const ReviewRecord &review) {
        post([this, review] {
            onStoreWorks();
            m_window.clearFault(QStringLiteral("review"));
            m_window.setReview(review.answerRow, reviewOf(review));
        });
    };
    told.onReviewFailed = [this](const ReviewRecord &review, const Error &error) {
        post([this, row = review.answerRow, error] {
            raiseAlarm(error, 0);
            onReviewFailed(row, error);
        });
    };
    told.onDecided = [this](const std::vector<std::int64_t> &rows, const std::vector<std::int64_t> &reviews) {
        post([this, rows, reviews] {
            onStoreWorks();
            m_window.clearFault(QStringLiteral("review"));
            Q_EMIT reviewsStored({rows.begin(), rows.end()}, {reviews.begin(), reviews.end()});
            Q_EMIT judged({rows.begin(), rows.end()});
        });
    };
    told.onDecisionFailed = [this](const std::vector<std::int64_t> &rows, const Error &error) {
        post([this, rows, error] {
            raiseAlarm(error, 0);
            m_window.raiseFault(reviewFault(error));
            Q_EMIT reviewsNotStored({rows.begin(), rows.end()}, error);
            Q_EMIT judgingFailed({rows.begin(), rows.end()}, toldError(error));
        });
    };
    told.onPicture = [this](std::int64_t row, const Frame &picture) {
        post([this, row, picture] { m_window.showStoredPicture(row, ui::imageOf(picture)); });
    };
    told.onFault = [this](const Error &error) { post([this, error] { raiseAlarm(error, 0); }); };
    told.onRoom = [this](const DiskRoom &room) { post([this, room] { onRoom(room); }); };
    // The window is about to go; who looks after the station reads the log.
    told.onClosingFailed = [](const Error &error) { qWarning("%s: %s", error.code.text().data(), error.message.c_str()); };
    return told;
}

void AnswerDesk::store(StorageJob job, const ui::AnswerView &view)
{
    m_beingStored[job.id] = view;
    if (view.isAnswered)
        m_window.answerStoring(job.id);
    if (!m_slowTimer.isActive())
        m_slowTimer.start();
    if (!m_storage->store(std::move(job))) // cannot be while one is asked at a time and a full store refuses
        onStoreFailed(job, diskBusy());
}

void AnswerDesk::onStored(const StorageJob &job)
{
    ++m_rowsStored;
    onStoreWorks();
    Q_EMIT answerStored(job);
    ui::AnswerView view = taken(job);
    view.row = job.record.row;
    show(view);
}

ui::AnswerView AnswerDesk::taken(const StorageJob &job)
{
    const ui::AnswerView view = m_beingStored.extract(job.id).mapped();
    if (m_beingStored.empty()) {
        m_slowTimer.stop();
        m_window.clearFault(QStringLiteral("slow-disk"));
    } else {
        m_slowTimer.start();
    }
    return view;
}

void AnswerDesk::onStoreFailed(const StorageJob &job, const Error &error)
{
    raiseAlarm(error, 1);
    Q_EMIT answerNotStored(job, error);
    ui::AnswerView view = taken(job);
    // Without a durable row there is no OK.
    if (view.verdict == ui::Verdict::Ok) {
        view.verdict = ui::Verdict::Unsure;
        view.code = codeOf(error);
        view.reason = sentenceOf(error);
    }
    show(view);
}

void AnswerDesk::show(const ui::AnswerView &answer)
{
    m_window.answerFinished(answer);
    if (answer.isAnswered)
        Q_EMIT answerShown(answer.latency.totalMs);
}

void AnswerDesk::raiseAlarm(const Error &error, int lostAnswers)
{
    m_storeFault = error;
    m_lostAnswers += lostAnswers;
    ui::Fault alarm = storeFault(error);
    alarm.isStanding = true; // until something is stored
    m_window.raiseFault(alarm);
}

void AnswerDesk::onStoreWorks()
{
    if (!m_storeFault)
        return;
    m_window.raiseFault(storeWorksAgain(*m_storeFault, m_lostAnswers));
    m_storeFault.reset();
}

void AnswerDesk::onRoom(const DiskRoom &room)
{
    const bool wasLow = std::exchange(m_isRoomLow, room.isRunningLow());
    if (m_isRoomLow && !wasLow)
        m_window.raiseFault(roomFault(room)); // once; who has seen it may put it away
    if (!m_isRoomLow)
        m_window.clearFault(QStringLiteral("room"));
}

void AnswerDesk::onReviewGiven(qint64 row, ui::Verdict verdict, const QString &reason)
{
    const ReviewRecord review{row, QDateTime::currentMSecsSinceEpoch(), verdictOf(verdict), reason.toStdString(), m_reviewer};
    if (!m_storage->review(review))
        onReviewFailed(row, diskBusy());
}

void AnswerDesk::onReviewFailed(qint64 row, const Error &error)
{
    m_window.raiseFault(reviewFault(error));
    m_window.reviewFailed(row);
}

} // namespace auroraedge::app

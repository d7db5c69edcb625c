#pragma once

#include "app/imaging/thumbnails.h"
#include "app/pipeline/library_worker.h"
#include "app/settings/data_folder.h"
#include "app/settings/shift_starts.h"
#include "app/storage/answer_query.h"
#include "app/window/view_book.h"
#include "ui/models/review_export.h"
#include "ui/models/review_page.h"

#include <QDateTime>
#include <QList>
#include <QObject>
#include <QTimer>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>

namespace auroraedge::ui {
class ReviewPanel;
}

namespace auroraedge::app {

class AnswerDesk;

/// What the Review page finds, shows, judges and exports. Three threads read: one for pages and pictures, which a person waits
/// for, one for counts, which are given up when something else is asked, and one that exports. What is judged, held or tagged
/// goes to the storage thread.
/// Thread: GUI; it waits for no disk.
class ReviewDesk final : public QObject
{
    Q_OBJECT

public:
    static constexpr std::chrono::milliseconds kLookEvery{2000}; ///< for new answers, while the page is shown

    /// @param panel and @param answers outlive the desk. @param shifts what "this shift" means.
    /// @param now the clock that moving spans go by.
    ReviewDesk(ui::ReviewPanel &panel, AnswerDesk &answers, const DataFolder &dataFolder, ShiftStarts shifts,
               std::function<QDateTime()> now = [] { return QDateTime::currentDateTime(); });
    ~ReviewDesk() override;

Q_SIGNALS:
    // For other places that show the answer.
    void judged(qint64 row, const auroraedge::ui::Review &review);
    void withdrawn(qint64 row); ///< no judgement of it stands any more

private:
    void connectPanel();
    void find(const ui::ReviewFilter &filter);
    void findMore(bool older);
    void count();
    void lookForNewer();
    [[nodiscard]] ui::ReviewFilter fixedNow(const ui::ReviewFilter &filter) const; ///< fixedAt() now
    void readChoices();
    void readThumbnails(const QList<qint64> &rows);
    void readNextThumbnail();
    void readPicture(qint64 row);
    void readDetail(qint64 row);
    void decide(const ui::ReviewDecisions &decisions);
    void undo(const QList<qint64> &rows, const QString &reviewer);
    void refresh(const QList<qint64> &rows);
    void fail(const QList<qint64> &rows, const QString &sentence);
    void write(const ui::ReviewExport &wanted);
    /// Opens the saved views if they are not open, then runs @p change on them, both on the finder's thread; shows them.
    void changeViews(std::function<Result<void>(ViewBook &)> change);

    /// Calls @p body on the GUI thread, later; never after the desk is gone. Any thread.
    template <typename Body>
    void post(Body body)
    {
        QMetaObject::invokeMethod(this, std::move(body), Qt::QueuedConnection);
    }

    ui::ReviewPanel &m_panel;
    AnswerDesk &m_answers;
    const std::filesystem::path m_dataFolder;
    const Thumbnails m_thumbnails;
    const ShiftStarts m_shifts;
    const std::function<QDateTime()> m_now;
    const std::filesystem::path m_viewFile;
    std::optional<ViewBook> m_views; ///< finder's thread only
    ui::ReviewFilter m_found; ///< whose pages are shown
    AnswerFilter m_asked;     ///< what that meant when it was asked for: further pages and counts are of the same times
    std::stop_source m_counting;
    /// What the counts' thread last looked for new answers in: without a change of it there are none.
    struct Looked
    {
        std::int64_t version = 0; ///< of the database, as this connection sees it
        std::int64_t newest = 0;
        AnswerFilter asked;

        friend bool operator==(const Looked &, const Looked &) = default;
    };
    std::optional<Looked> m_looked; ///< counter's thread only
    QTimer m_lookTimer;
    QList<qint64> m_wanted; ///< thumbnails that are still to be read
    bool m_isReadingThumbnail = false;
    std::stop_source m_exporting;
    LibraryWorker m_finder, m_counter, m_exporter; ///< last: their threads use the above
};

} // namespace auroraedge::app

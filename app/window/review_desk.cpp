#include "app/window/review_desk.h"

#include "app/export/answer_export.h"
#include "app/export/training_set.h"
#include "app/export/utc_text.h"
#include "app/imaging/picture_decoder.h"
#include "app/storage/answer_query.h"
#include "app/storage/answer_rows.h"
#include "app/storage/picture_store.h"
#include "app/window/answer_desk.h"
#include "app/window/moving_span.h"
#include "app/window/review_values.h"
#include "app/window/told_errors.h"
#include "app/window/view_values.h"
#include "ui/models/frame_image.h"
#include "ui/panels/review_panel.h"

#include <QDateTime>
#include <QDir>
#include <QLocale>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

namespace auroraedge::app {

namespace {

constexpr int kPageSize = 200;

/// The picture of a row as it was stored; empty when it is missing or altered.
Frame storedPicture(const AnswerReader &reader, const std::filesystem::path &dataFolder, std::int64_t row)
{
    const Result<std::optional<AnswerRecord>> record = reader.answer(row);
    if (!record || !*record || (*record)->picturePath.empty())
        return {};
    Result<std::vector<std::uint8_t>> bytes = PictureStore(dataFolder).read((*record)->picturePath, (*record)->pictureSha256);
    if (!bytes)
        return {};
    const Result<DecodedPicture> decoded = decodePicture(std::move(*bytes), (*record)->picturePath);
    return decoded ? decoded->frame : Frame();
}

/// A store that was never written has nothing to find: that is no fault.
bool isEmptyStore(const Error &error) { return error.code == code::FileNotFound; }

constexpr std::chrono::milliseconds kTellEvery{100};

std::filesystem::path exportFolder(const std::filesystem::path &dataFolder) { return dataFolder / "exports"; }

ui::ReviewExportState failedExport(const Error &error)
{
    using Condition = ui::ReviewExportState::Condition;
    if (error.code == code::Cancelled)
        return {.condition = Condition::Cancelled};
    return {.condition = Condition::Failed, .sentence = toldError(error)};
}

/// As a person typed it: "~" is the home folder, and what is not absolute lies there, too.
std::filesystem::path typedFolder(const QString &text)
{
    const QString home = QDir::homePath();
    const QString whole = text == QLatin1String("~") ? home : text.startsWith(QLatin1String("~/")) ? home + text.mid(1) : QDir(home).filePath(text);
    return std::filesystem::path(whole.toStdString());
}

/// The times of a filter whose span will mean others later.
std::string timeWords(const ui::ReviewFilter &fixed)
{
    const QDateTime until = fixed.until.isValid() ? fixed.until : QDateTime::currentDateTime();
    return utcText(fixed.from.toMSecsSinceEpoch()) + " to " + utcText(until.toMSecsSinceEpoch());
}

struct Exported
{
    std::filesystem::path place;
    std::int64_t rows = 0;                   ///< of a file
    std::optional<TrainingSetReport> report; ///< of a folder
};

/// Writes all of it, or nothing. Thread: the reader's.
/// @param words the filter, for who reads the set later.
Result<Exported> exported(const AnswerReader &reader, const AnswerFilter &filter, const std::string &words, const ui::ReviewExport &wanted,
                          const std::filesystem::path &dataFolder, const ExportProgress &progress, const std::stop_token &stop)
{
    const std::filesystem::path folder = wanted.folder.isEmpty() ? exportFolder(dataFolder) : typedFolder(wanted.folder);
    std::error_code problem;
    std::filesystem::create_directories(folder, problem); // when it fails, the writing tells
    const std::string time = QDateTime::currentDateTime().toString(QStringLiteral("yyyy-MM-dd-HHmmss")).toStdString();
    const AnswerPages pages = pagesOf(reader, filter, stop);
    if (wanted.kind == ui::ReviewExportKind::TrainingSet) {
        TrainingSetOptions options;
        options.place = folder / ("training-set-" + time);
        options.filter = words;
        const Result<TrainingSetReport> report = writeTrainingSet(pages, dataFolder, options, progress, stop);
        return report ? Result<Exported>({options.place, 0, *report}) : failure(report.error());
    }
    const bool isCsv = wanted.kind == ui::ReviewExportKind::Csv;
    const std::filesystem::path place = folder / ("answers-" + time + (isCsv ? ".csv" : ".jsonl"));
    const Result<std::int64_t> rows = exportAnswers(pages, isCsv ? ExportFormat::Csv : ExportFormat::Jsonl, place, false, progress, stop);
    return rows ? Result<Exported>({place, *rows, std::nullopt}) : failure(rows.error());
}

} // namespace

ReviewDesk::ReviewDesk(ui::ReviewPanel &panel, AnswerDesk &answers, const DataFolder &dataFolder, ShiftStarts shifts, std::function<QDateTime()> now)
    : m_panel(panel), m_answers(answers), m_dataFolder(dataFolder.root()), m_thumbnails(dataFolder.root()), m_shifts(std::move(shifts)),
      m_now(std::move(now)), m_viewFile(dataFolder.root() / "review_views.json"), m_finder(dataFolder.root()), m_counter(dataFolder.root()), m_exporter(dataFolder.root())
{
    m_lookTimer.setSingleShot(true);
    m_lookTimer.setInterval(kLookEvery);
    connectPanel();
    m_panel.setExportFolder(QString::fromStdString(exportFolder(m_dataFolder).string()));
    changeViews([](ViewBook &) { return Result<void>(); });
}

ReviewDesk::~ReviewDesk()
{
    disconnect(&m_panel, nullptr, this, nullptr);
    m_counting.request_stop();
    m_exporting.request_stop();
}

void ReviewDesk::connectPanel()
{
    using ui::ReviewPanel;
    connect(&m_panel, &ReviewPanel::pageRequested, this, &ReviewDesk::find);
    connect(&m_panel, &ReviewPanel::moreRequested, this, &ReviewDesk::findMore);
    connect(&m_panel, &ReviewPanel::choicesRequested, this, [this] {
        readChoices();
        m_lookTimer.start();
    });
    connect(&m_lookTimer, &QTimer::timeout, this, &ReviewDesk::lookForNewer);
    connect(&m_panel, &ReviewPanel::thumbnailsRequested, this, &ReviewDesk::readThumbnails);
    connect(&m_panel, &ReviewPanel::pictureRequested, this, &ReviewDesk::readPicture);
    connect(&m_panel, &ReviewPanel::detailRequested, this, &ReviewDesk::readDetail);
    connect(&m_panel, &ReviewPanel::decisionsGiven, this, &ReviewDesk::decide);
    connect(&m_panel, &ReviewPanel::undoRequested, this, &ReviewDesk::undo);
    connect(&m_panel, &ReviewPanel::reviewerChosen, this, [this](const QString &name) { m_answers.setReviewer(name.toStdString()); });
    connect(&m_panel, &ReviewPanel::viewSaved, this, [this](const ui::SavedView &view) {
        changeViews([view](ViewBook &book) { return book.save(view); });
    });
    connect(&m_panel, &ReviewPanel::viewDeleted, this, [this](const QString &name) {
        changeViews([name](ViewBook &book) { return book.remove(name); });
    });
    connect(&m_panel, &ReviewPanel::exportRequested, this, &ReviewDesk::write);
    connect(&m_panel, &ReviewPanel::exportCancelled, this, [this] { m_exporting.request_stop(); });
    connect(&m_answers, &AnswerDesk::judged, this, &ReviewDesk::refresh);
    connect(&m_answers, &AnswerDesk::judgingFailed, this, &ReviewDesk::fail);
}

ui::ReviewFilter ReviewDesk::fixedNow(const ui::ReviewFilter &filter) const
{
    return fixedAt(filter, m_now(), m_shifts);
}

void ReviewDesk::find(const ui::ReviewFilter &filter)
{
    m_found = filter;
    const QDateTime now = m_now();
    ui::ReviewFilter fixed = fixedAt(filter, now, m_shifts);
    if (filter.span && fixed.until == now)
        fixed.until = {}; // such a span goes on, and so does its page
    m_asked = filterOf(fixed);
    const bool isTaken = m_finder.run([this, filter, asked = m_asked](const Result<const AnswerReader *> &reader) {
        ui::ReviewPage page;
        page.filter = filter;
        if (!reader) {
            post([this, page, error = reader.error()] {
                isEmptyStore(error) ? m_panel.setPage(page) : m_panel.pageFailed(toldError(error));
            });
            return;
        }
        const Result<AnswerPage> found = selectPage((*reader)->database(), asked, std::nullopt, kPageSize);
        const Result<ui::ReviewItems> items = found ? readItems(**reader, found->records) : Result<ui::ReviewItems>(failure(found.error()));
        post([this, page, items, hasOlder = found && found->hasMore]() mutable {
            if (!items)
                return m_panel.pageFailed(toldError(items.error()));
            page.items = *items;
            page.hasOlder = hasOlder;
            m_panel.setPage(page);
        });
    });
    if (!isTaken)
        m_panel.pageFailed(toldError(diskBusy()));
    count();
}

void ReviewDesk::findMore(bool older)
{
    const ui::ReviewItem *edge = m_panel.itemAtEnd(older);
    if (!edge)
        return;
    const bool isTaken = m_finder.run([this, filter = m_found, asked = m_asked, row = edge->row(), older](const Result<const AnswerReader *> &reader) {
        if (!reader)
            return post([this, error = reader.error()] { m_panel.pageFailed(toldError(error)); });
        const Result<AnswerPage> found = selectPage((*reader)->database(), asked, PageEdge{row, older}, kPageSize);
        const Result<ui::ReviewItems> items = found ? readItems(**reader, found->records) : Result<ui::ReviewItems>(failure(found.error()));
        post([this, filter, items, older, hasMore = found && found->hasMore] {
            if (!items)
                return m_panel.pageFailed(toldError(items.error()));
            m_panel.addPage({.filter = filter, .items = *items, .hasOlder = older && hasMore, .hasNewer = !older && hasMore}, older);
            if (!older && !items->isEmpty())
                count();
        });
    });
    if (!isTaken)
        m_panel.pageFailed(toldError(diskBusy()));
}

void ReviewDesk::count()
{
    m_counting.request_stop(); // of the filter before
    m_counting = {};
    // When it is refused, so many filters wait already that one of them tells.
    (void)m_counter.run([this, filter = m_found, asked = m_asked, stop = m_counting.get_token()](const Result<const AnswerReader *> &reader) {
        if (!reader || stop.stop_requested())
            return;
        AnswerFilter unreviewed = asked;
        unreviewed.unreviewedOnly = true;
        const Database &database = (*reader)->database();
        const Result<std::int64_t> stored = (*reader)->countAnswers();
        const Result<std::int64_t> matching = countMatching(database, asked, stop);
        const Result<std::int64_t> left = countMatching(database, unreviewed, stop);
        if (!stored || !matching || !left)
            return; // stopped, or the page told what is wrong
        post([this, totals = ui::ReviewTotals{filter, *matching, *left, *stored}] { m_panel.setTotals(totals); });
    });
}

void ReviewDesk::lookForNewer()
{
    if (!m_panel.isVisible())
        return; // it starts anew with the page
    const ui::ReviewItem *newest = m_panel.itemAtEnd(false);
    const bool isTaken = m_counter.run([this, filter = m_found, asked = m_asked, newest = newest ? newest->row() : 0,
                                        stop = m_counting.get_token()](const Result<const AnswerReader *> &reader) {
        const Result<std::int64_t> version = reader ? (*reader)->database().number("PRAGMA data_version") : failure(reader.error());
        Looked look{version ? *version : 0, newest, asked};
        if (version && look != m_looked) {
            if (const Result<int> count = countNewer((*reader)->database(), asked, newest, ui::ReviewNewer::kMost, stop)) {
                m_looked = std::move(look);
                post([this, newer = ui::ReviewNewer{filter, newest, *count}] { m_panel.setNewer(newer); });
            }
        }
        post([this] { m_lookTimer.start(); });
    });
    if (!isTaken)
        m_lookTimer.start();
}

void ReviewDesk::readChoices()
{
    (void)m_counter.run([this](const Result<const AnswerReader *> &reader) {
        if (!reader)
            return;
        if (const Result<AnswerChoices> choices = selectChoices((*reader)->database()))
            post([this, shown = choicesOf(*choices)] { m_panel.setChoices(shown); });
    });
}

void ReviewDesk::readThumbnails(const QList<qint64> &rows)
{
    m_wanted = rows;
    readNextThumbnail();
}

void ReviewDesk::readNextThumbnail()
{
    // One at a time, so that what has left the view is never read.
    if (m_isReadingThumbnail || m_wanted.isEmpty())
        return;
    const qint64 row = m_wanted.takeFirst();
    m_isReadingThumbnail = m_finder.run([this, row](const Result<const AnswerReader *> &reader) {
        Frame small;
        if (reader) {
            const Result<std::optional<AnswerRecord>> record = (*reader)->answer(row);
            if (record && *record && !(*record)->picturePath.empty())
                if (Result<Frame> made = m_thumbnails.of((*record)->pictureSha256, (*record)->picturePath))
                    small = *std::move(made);
        }
        post([this, row, small] {
            m_isReadingThumbnail = false;
            m_panel.setThumbnail(row, ui::imageOf(small));
            readNextThumbnail();
        });
    });
}

void ReviewDesk::readPicture(qint64 row)
{
    const bool isTaken = m_finder.run([this, row](const Result<const AnswerReader *> &reader) {
        const Frame picture = reader ? storedPicture(**reader, m_dataFolder, row) : Frame();
        post([this, row, picture] { m_panel.showPicture(row, ui::imageOf(picture)); });
    });
    if (!isTaken)
        m_panel.showPicture(row, {});
}

void ReviewDesk::readDetail(qint64 row)
{
    (void)m_finder.run([this, row](const Result<const AnswerReader *> &reader) {
        if (!reader)
            return;
        if (const Result<ui::ReviewDetail> detail = app::readDetail(**reader, row))
            post([this, shown = *detail] { m_panel.setDetail(shown); });
    });
}

void ReviewDesk::decide(const ui::ReviewDecisions &decisions)
{
    std::vector<ReviewDecision> told;
    QList<qint64> rows;
    for (const ui::ReviewDecision &decision : decisions) {
        if (decision.isMark()) {
            if (!m_answers.mark(markOf(decision)))
                fail({decision.row}, toldError(diskBusy()));
            continue;
        }
        told.push_back(decisionOf(decision, QDateTime::currentMSecsSinceEpoch()));
        rows.append(decision.row);
    }
    if (!told.empty() && !m_answers.decide(std::move(told)))
        fail(rows, toldError(diskBusy()));
}

void ReviewDesk::undo(const QList<qint64> &rows, const QString &reviewer)
{
    if (!m_answers.undo({rows.begin(), rows.end()}, reviewer.toStdString()))
        fail(rows, toldError(diskBusy()));
}

void ReviewDesk::refresh(const QList<qint64> &rows)
{
    const bool isTaken = m_finder.run([this, rows](const Result<const AnswerReader *> &reader) {
        const Result<std::vector<AnswerRecord>> records = reader ? selectRows((*reader)->database(), {rows.begin(), rows.end()})
                                                                 : Result<std::vector<AnswerRecord>>(failure(reader.error()));
        const Result<ui::ReviewItems> items = records ? readItems(**reader, *records) : Result<ui::ReviewItems>(failure(records.error()));
        post([this, rows, items] {
            if (!items)
                return m_panel.storedUnread(rows, toldError(items.error()));
            for (const ui::ReviewItem &item : *items) {
                m_panel.updateItem(item);
                if (item.answer.review)
                    Q_EMIT judged(item.row(), *item.answer.review);
                else
                    Q_EMIT withdrawn(item.row());
            }
            count();
        });
    });
    if (!isTaken)
        m_panel.storedUnread(rows, toldError(diskBusy()));
}

void ReviewDesk::changeViews(std::function<Result<void>(ViewBook &)> change)
{
    const bool isTaken = m_finder.run([this, change = std::move(change)](const Result<const AnswerReader *> &) {
        if (!m_views) {
            Result<ViewBook> opened = ViewBook::open(m_viewFile);
            if (!opened) // it may be whole: nothing is written over it
                return post([this, error = opened.error()] { m_panel.tell(tr("The saved views are out of reach. %1").arg(toldError(error))); });
            m_views = *std::move(opened);
            if (const std::optional<Error> notice = m_views->notice())
                post([this, error = *notice] {
                    m_panel.tell(tr("Some saved views are damaged and cannot be read (%1). Their file was kept as %2.").arg(codeOf(error), textOf(error.object)));
                });
        }
        const Result<void> changed = change(*m_views);
        post([this, changed, views = m_views->views()] {
            if (!changed)
                m_panel.tell(tr("The saved views could not be changed. %1").arg(toldError(changed.error())));
            m_panel.setSavedViews(views);
        });
    });
    if (!isTaken)
        m_panel.tell(toldError(diskBusy()));
}

void ReviewDesk::write(const ui::ReviewExport &wanted)
{
    m_exporting = {};
    const ui::ReviewFilter fixed = fixedNow(wanted.filter);
    const bool isTaken = m_exporter.run([this, wanted, fixed, stop = m_exporting.get_token()](const Result<const AnswerReader *> &reader) {
        const auto tell = [this](const ui::ReviewExportState &state) {
            post([this, state] { m_panel.setExport(state); });
        };
        if (!reader)
            return tell(failedExport(reader.error()));
        const AnswerFilter filter = filterOf(fixed);
        const Result<std::int64_t> total = countMatching((*reader)->database(), filter, stop);
        if (!total)
            return tell(failedExport(total.error()));
        const auto begun = std::chrono::steady_clock::now();
        auto toldAt = begun;
        const ExportProgress progress = [&](std::int64_t rows) {
            const auto now = std::chrono::steady_clock::now();
            if (now - toldAt < kTellEvery)
                return;
            toldAt = now;
            const std::chrono::duration<double> each = (now - begun) / static_cast<double>(std::max<std::int64_t>(rows, 1));
            const double left = each.count() * static_cast<double>(std::max<std::int64_t>(*total - rows, 0));
            tell({.rows = rows, .total = *total, .secondsLeft = static_cast<int>(std::ceil(left))});
        };
        tell({.total = *total});
        const std::string words = wanted.filterWords.toStdString() + (wanted.filter.span ? " (" + timeWords(fixed) + ")" : "");
        const Result<Exported> done = exported(**reader, filter, words, wanted, m_dataFolder, progress, stop);
        if (!done)
            return tell(failedExport(done.error()));
        const QString sentence = done->report ? tr("Good pictures: %1, bad: %2; held out to measure with: %3; questions with answers: %4.")
                                                    .arg(done->report->good).arg(done->report->bad).arg(done->report->measuring)
                                                    .arg(done->report->conversations)
                                              : tr("Answers: %1.").arg(QLocale().toString(static_cast<qlonglong>(done->rows)));
        tell({.condition = ui::ReviewExportState::Condition::Done, .rows = done->rows, .place = QString::fromStdString(done->place.string()),
              .sentence = sentence});
    });
    // Until its first word it is already told as running, so that a second one cannot begin.
    m_panel.setExport(isTaken ? ui::ReviewExportState() : failedExport(diskBusy()));
}

void ReviewDesk::fail(const QList<qint64> &rows, const QString &sentence)
{
    for (const qint64 row : rows)
        m_panel.decisionFailed(row, sentence);
}

} // namespace auroraedge::app

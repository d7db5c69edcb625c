#include "app/window/review_desk.h"

#include "app/imaging/picture_decoder.h"
#include "app/storage/answer_query.h"
#include "app/storage/answer_rows.h"
#include "app/storage/picture_store.h"
#include "app/window/answer_desk.h"
#include "app/window/review_values.h"
#include "app/window/told_errors.h"
#include "app/window/view_values.h"
#include "ui/models/frame_image.h"
#include "ui/panels/review_panel.h"

#include <QDateTime>

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

ViewBook openedBook(const std::filesystem::path &file)
{
    Result<ViewBook> book = ViewBook::open(file);
    return book ? *std::move(book) : ViewBook();
}

} // namespace

ReviewDesk::ReviewDesk(ui::ReviewPanel &panel, AnswerDesk &answers, const DataFolder &dataFolder, std::string account)
    : m_panel(panel), m_answers(answers), m_dataFolder(dataFolder.root()), m_thumbnails(dataFolder.root()), m_account(std::move(account)),
      m_views(openedBook(dataFolder.root() / "review_views.json")), m_finder(dataFolder.root()), m_counter(dataFolder.root())
{
    connectPanel();
    m_panel.setSavedViews(m_views.views());
}

ReviewDesk::~ReviewDesk()
{
    disconnect(&m_panel, nullptr, this, nullptr);
    m_counting.request_stop();
}

void ReviewDesk::connectPanel()
{
    using ui::ReviewPanel;
    connect(&m_panel, &ReviewPanel::pageRequested, this, &ReviewDesk::find);
    connect(&m_panel, &ReviewPanel::moreRequested, this, &ReviewDesk::findMore);
    connect(&m_panel, &ReviewPanel::choicesRequested, this, &ReviewDesk::readChoices);
    connect(&m_panel, &ReviewPanel::thumbnailsRequested, this, &ReviewDesk::readThumbnails);
    connect(&m_panel, &ReviewPanel::pictureRequested, this, &ReviewDesk::readPicture);
    connect(&m_panel, &ReviewPanel::detailRequested, this, &ReviewDesk::readDetail);
    connect(&m_panel, &ReviewPanel::decisionsGiven, this, &ReviewDesk::decide);
    connect(&m_panel, &ReviewPanel::undoRequested, this, &ReviewDesk::undo);
    connect(&m_panel, &ReviewPanel::viewSaved, this, [this](const ui::SavedView &view) {
        if (const Result<void> saved = m_views.save(view); !saved)
            m_panel.pageFailed(sentenceOf(saved.error()));
        m_panel.setSavedViews(m_views.views());
    });
    connect(&m_panel, &ReviewPanel::viewDeleted, this, [this](const QString &name) {
        if (const Result<void> removed = m_views.remove(name); !removed)
            m_panel.pageFailed(sentenceOf(removed.error()));
        m_panel.setSavedViews(m_views.views());
    });
    connect(&m_answers, &AnswerDesk::judged, this, &ReviewDesk::refresh);
    connect(&m_answers, &AnswerDesk::judgingFailed, this, &ReviewDesk::fail);
}

void ReviewDesk::find(const ui::ReviewFilter &filter)
{
    const bool isTaken = m_finder.run([this, filter](const Result<const AnswerReader *> &reader) {
        ui::ReviewPage page;
        page.filter = filter;
        if (!reader) {
            post([this, page, error = reader.error()] {
                isEmptyStore(error) ? m_panel.setPage(page) : m_panel.pageFailed(sentenceOf(error));
            });
            return;
        }
        const Result<AnswerPage> found = selectPage((*reader)->database(), filterOf(filter), std::nullopt, kPageSize);
        const Result<ui::ReviewItems> items = found ? readItems(**reader, found->records) : Result<ui::ReviewItems>(failure(found.error()));
        post([this, page, items, hasOlder = found && found->hasMore]() mutable {
            if (!items)
                return m_panel.pageFailed(sentenceOf(items.error()));
            page.items = *items;
            page.hasOlder = hasOlder;
            m_panel.setPage(page);
        });
    });
    if (!isTaken)
        m_panel.pageFailed(tr("the disk does not keep up; try again"));
    count(filter);
}

void ReviewDesk::findMore(bool older)
{
    const ui::ReviewItem *edge = m_panel.itemAtEnd(older);
    if (!edge)
        return;
    const bool isTaken = m_finder.run([this, filter = m_panel.filter(), row = edge->row(), older](const Result<const AnswerReader *> &reader) {
        if (!reader)
            return post([this, error = reader.error()] { m_panel.pageFailed(sentenceOf(error)); });
        const Result<AnswerPage> found = selectPage((*reader)->database(), filterOf(filter), PageEdge{row, older}, kPageSize);
        const Result<ui::ReviewItems> items = found ? readItems(**reader, found->records) : Result<ui::ReviewItems>(failure(found.error()));
        post([this, filter, items, older, hasMore = found && found->hasMore] {
            if (!items)
                return m_panel.pageFailed(sentenceOf(items.error()));
            m_panel.addPage({.filter = filter, .items = *items, .hasOlder = older && hasMore, .hasNewer = !older && hasMore}, older);
        });
    });
    if (!isTaken)
        m_panel.pageFailed(tr("the disk does not keep up; try again"));
}

void ReviewDesk::count(const ui::ReviewFilter &filter)
{
    m_counting.request_stop(); // of the filter before
    m_counting = {};
    // When it is refused, so many filters wait already that one of them tells.
    (void)m_counter.run([this, filter, stop = m_counting.get_token()](const Result<const AnswerReader *> &reader) {
        if (!reader || stop.stop_requested())
            return;
        const AnswerFilter asked = filterOf(filter);
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
        told.push_back(decisionOf(decision, QDateTime::currentMSecsSinceEpoch(), m_account));
        rows.append(decision.row);
    }
    if (!m_answers.decide(std::move(told)))
        fail(rows, tr("the disk does not keep up; try again"));
}

void ReviewDesk::undo(const QList<qint64> &rows)
{
    if (!m_answers.undo({rows.begin(), rows.end()}))
        fail(rows, tr("the disk does not keep up; try again"));
}

void ReviewDesk::refresh(const QList<qint64> &rows)
{
    const bool isTaken = m_finder.run([this, rows](const Result<const AnswerReader *> &reader) {
        const Result<std::vector<AnswerRecord>> records = reader ? selectRows((*reader)->database(), {rows.begin(), rows.end()})
                                                                 : Result<std::vector<AnswerRecord>>(failure(reader.error()));
        const Result<ui::ReviewItems> items = records ? readItems(**reader, *records) : Result<ui::ReviewItems>(failure(records.error()));
        post([this, rows, items] {
            if (!items)
                return fail(rows, sentenceOf(items.error()));
            for (const ui::ReviewItem &item : *items) {
                m_panel.updateItem(item);
                if (item.answer.review)
                    Q_EMIT judged(item.row(), *item.answer.review);
            }
            count(m_panel.filter());
        });
    });
    if (!isTaken)
        fail(rows, tr("the disk does not keep up; try again"));
}

void ReviewDesk::fail(const QList<qint64> &rows, const QString &sentence)
{
    for (const qint64 row : rows)
        m_panel.decisionFailed(row, sentence);
}

} // namespace auroraedge::app

#include "app/pipeline/storage_worker.h"

#include "app/imaging/picture_decoder.h"
#include "app/imaging/picture_encoder.h"
#include "app/storage/answer_store.h"

#include <chrono>
#include <optional>
#include <utility>

namespace auroraedge::app {
namespace {

std::int64_t nowUtcMs()
{
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
        .count();
}

} // namespace

StorageWorker::StorageWorker(std::filesystem::path dataFolder, StorageListener listener)
    : m_dataFolder(std::move(dataFolder)), m_listener(std::move(listener)), m_thread([this] { run(); })
{
}

StorageWorker::~StorageWorker()
{
    m_jobs.close();
    m_thread.join();
}

bool StorageWorker::store(StorageJob &&job)
{
    Task task(std::move(job));
    if (m_jobs.push(std::move(task)))
        return true;
    job = std::get<StorageJob>(std::move(task));
    return false;
}

bool StorageWorker::pushSmall(Task task)
{
    return waiting() < kCapacity / 2 && m_jobs.push(std::move(task));
}

void StorageWorker::saveAhead(std::int64_t id, Frame frame)
{
    (void)pushSmall(AheadPicture{id, std::move(frame)}); // without it the answer brings its picture along
}

bool StorageWorker::review(ReviewRecord review)
{
    return pushSmall(std::move(review));
}

bool StorageWorker::decide(std::vector<ReviewDecision> decisions)
{
    return pushSmall(std::move(decisions));
}

bool StorageWorker::undo(std::vector<std::int64_t> rows, std::string reviewer)
{
    return pushSmall(Undo{std::move(rows), std::move(reviewer)});
}

bool StorageWorker::readPicture(std::int64_t row)
{
    return pushSmall(PictureRequest{row});
}

bool StorageWorker::resetCounters(std::string who)
{
    return pushSmall(CounterReset{std::move(who)});
}

bool StorageWorker::recount()
{
    return pushSmall(Recount{});
}

void StorageWorker::run()
{
    if (const Result<void> opened = open(); !opened)
        m_listener.onOpenFailed(opened.error());
    while (std::optional<Task> task = m_jobs.pop())
        std::visit([this](auto &content) { work(content); }, *task);
    discardAhead();
    m_store.reset();
}

Result<void> StorageWorker::open()
{
    Result<std::unique_ptr<AnswerStore>> store = AnswerStore::open(m_dataFolder);
    if (!store)
        return failure(store.error());
    m_store = std::move(*store);
    tellRecent();
    const Result<std::int64_t> rows = m_store->countAnswers();
    m_listener.onOpened(rows ? *rows : 0, m_store->notices());
    work(Recount{});
    return {};
}

Result<void> StorageWorker::ensureOpen()
{
    return m_store ? Result<void>() : open();
}

void StorageWorker::work(StorageJob &job)
{
    if (const Result<void> stored = commit(job); !stored)
        return m_listener.onFailed(job, stored.error());
    add(m_counts, job.record);
    m_listener.onCounts(m_counts);
    m_listener.onStored(job);
}

void StorageWorker::work(const AheadPicture &ahead)
{
    discardAhead(); // of an asking that was cancelled
    if (!ensureOpen())
        return; // the answer tells
    if (const Result<StoredPicture> saved = save(ahead.frame))
        m_ahead.emplace(ahead.id, *saved);
}

void StorageWorker::work(const ReviewRecord &review)
{
    Result<void> stored = ensureOpen();
    if (stored)
        stored = m_store->insertReview(review);
    if (stored)
        m_listener.onReviewed(review);
    else
        m_listener.onReviewFailed(review, stored.error());
}

void StorageWorker::work(const Decisions &decisions)
{
    std::vector<std::int64_t> rows;
    for (const ReviewDecision &decision : decisions)
        rows.push_back(decision.answerRow);
    Result<void> stored = ensureOpen();
    if (stored)
        stored = m_store->insertDecisions(decisions);
    tellDecided(rows, stored);
}

void StorageWorker::work(const Undo &undo)
{
    Result<void> stored = ensureOpen();
    if (stored)
        stored = m_store->undoReviews(undo.rows, undo.reviewer, nowUtcMs());
    tellDecided(undo.rows, stored);
}

void StorageWorker::tellDecided(const std::vector<std::int64_t> &rows, const Result<void> &stored)
{
    if (stored)
        m_listener.onDecided(rows);
    else
        m_listener.onDecisionFailed(rows, stored.error());
}

void StorageWorker::work(const PictureRequest &request)
{
    const auto read = [&]() -> Frame {
        if (!ensureOpen())
            return {};
        const Result<std::optional<AnswerRecord>> record = m_store->answer(request.row);
        return record && *record ? evidenceOf(**record) : Frame();
    };
    m_listener.onPicture(request.row, read());
}

void StorageWorker::work(const CounterReset &reset)
{
    Result<void> done = ensureOpen();
    if (done)
        done = m_store->resetCounters(nowUtcMs(), reset.who);
    if (!done)
        return m_listener.onResetFailed(done.error());
    work(Recount{});
}

void StorageWorker::work(const Recount &)
{
    if (!m_store)
        return; // told already; the counters start with the store
    // A count that fails leaves the old one standing; the next write tells what is wrong with the store.
    if (const Result<AnswerCounts> counts = m_store->counts(nowUtcMs())) {
        m_counts = *counts;
        m_listener.onCounts(m_counts);
    }
}

void StorageWorker::tellRecent()
{
    const Result<std::vector<AnswerRecord>> recent = m_store->recentAnswers(kRecentAnswers);
    if (!recent)
        return; // the strip stays empty; the next job tells what is wrong with the store
    for (const AnswerRecord &record : *recent)
        m_listener.onRecent(record, evidenceOf(record));
}

Frame StorageWorker::evidenceOf(const AnswerRecord &record) const
{
    if (record.picturePath.empty())
        return {};
    Result<std::vector<std::uint8_t>> bytes = m_store->pictureOf(record);
    if (!bytes)
        return {};
    const Result<DecodedPicture> decoded = decodePicture(std::move(*bytes), record.picturePath);
    return decoded ? decoded->frame : Frame();
}

Result<void> StorageWorker::commit(StorageJob &job)
{
    if (const Result<void> opened = ensureOpen(); !opened)
        return opened;
    StoredPicture picture;
    if (m_ahead && m_ahead->first == job.id) {
        picture = std::exchange(m_ahead, std::nullopt)->second;
    } else if (!job.frame.isEmpty()) {
        const Result<StoredPicture> saved = save(job.frame);
        if (!saved)
            return failure(saved.error());
        picture = *saved;
    }
    const Result<std::int64_t> row = m_store->insertAnswerAbout(job.record, picture);
    if (!row)
        return failure(row.error());
    job.record.row = *row;
    job.record.pictureSha256 = picture.sha256;
    job.record.picturePath = picture.path;
    job.record.pictureBytes = picture.bytes;
    return {};
}

Result<StoredPicture> StorageWorker::save(const Frame &frame)
{
    Result<std::vector<std::uint8_t>> jpeg = encodeJpeg(frame);
    if (!jpeg)
        return failure(jpeg.error());
    return m_store->savePicture({std::move(*jpeg), EvidenceFormat::Jpeg});
}

void StorageWorker::discardAhead()
{
    if (m_ahead && m_store)
        m_store->discardPicture(m_ahead->second);
    m_ahead.reset();
}

} // namespace auroraedge::app

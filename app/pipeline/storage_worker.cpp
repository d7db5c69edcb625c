#include "app/pipeline/storage_worker.h"

#include "app/imaging/picture_decoder.h"
#include "app/imaging/picture_encoder.h"
#include "app/imaging/thumbnails.h"
#include "app/storage/answer_store.h"

#include <array>
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

StorageWorker::StorageWorker(std::filesystem::path dataFolder, StorageListener listener, std::string account,
                             std::function<std::optional<DiskRoom>(const std::filesystem::path &)> roomOf)
    : m_dataFolder(std::move(dataFolder)), m_listener(std::move(listener)), m_account(std::move(account)), m_roomOf(std::move(roomOf)),
      m_thread([this] { run(); })
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
    if (push(task, kCapacity))
        return true;
    job = std::get<StorageJob>(std::move(task));
    return false;
}

bool StorageWorker::hasFrame(const Task &task)
{
    return std::holds_alternative<StorageJob>(task) || std::holds_alternative<AheadPicture>(task);
}

bool StorageWorker::push(Task &task, std::size_t capacity)
{
    std::atomic<std::size_t> &waiting = hasFrame(task) ? m_frames : m_light;
    if (waiting >= capacity)
        return false;
    ++waiting; // before the storage thread can be done with it
    ++m_unfinished;
    if (m_jobs.push(std::move(task)))
        return true;
    --waiting;
    --m_unfinished;
    return false;
}

bool StorageWorker::pushLight(Task task)
{
    return push(task, kLightCapacity);
}

void StorageWorker::saveAhead(std::int64_t id, Frame frame)
{
    Task task(AheadPicture{id, std::move(frame)});
    (void)push(task, kCapacity / 2); // without it the answer brings its picture along
}

bool StorageWorker::review(ReviewRecord review)
{
    return pushLight(std::move(review));
}

bool StorageWorker::decide(std::vector<ReviewDecision> decisions)
{
    return pushLight(std::move(decisions));
}

bool StorageWorker::undo(std::vector<std::int64_t> rows, std::string reviewer)
{
    return pushLight(Undo{std::move(rows), std::move(reviewer)});
}

bool StorageWorker::mark(AnswerMark mark)
{
    return pushLight(std::move(mark));
}

bool StorageWorker::readPicture(std::int64_t row)
{
    return pushLight(PictureRequest{row});
}

bool StorageWorker::resetCounters(std::string who)
{
    return pushLight(CounterReset{std::move(who)});
}

bool StorageWorker::recount()
{
    return pushLight(Recount{});
}

template <typename Write>
auto StorageWorker::patiently(Write write) -> decltype(write())
{
    for (;;) {
        auto written = write();
        if (written || written.error().code != code::DatabaseLocked) {
            m_lockedSince.reset();
            return written;
        }
        const auto now = std::chrono::steady_clock::now();
        m_lockedSince = m_lockedSince.value_or(now);
        if (now - *m_lockedSince >= kLockedPatience)
            return written;
    }
}

void StorageWorker::run()
{
    if (const Result<void> opened = open(); !opened)
        m_listener.onOpenFailed(opened.error());
    while (std::optional<Task> task = m_jobs.pop()) {
        --(hasFrame(*task) ? m_frames : m_light);
        std::visit([this](auto &content) { work(content); }, *task);
        tellFault();
        --m_unfinished;
    }
    discardAhead();
    if (!m_store)
        return;
    (void)m_store->endSession(nowUtcMs()); // one without an end looks like one that was killed, and loses nothing
    if (const Result<void> moved = m_store->checkpoint(); !moved)
        m_listener.onClosingFailed(moved.error());
    m_store.reset();
}

Result<void> StorageWorker::open()
{
    Result<std::unique_ptr<AnswerStore>> store = AnswerStore::open(m_dataFolder);
    if (!store)
        return failure(store.error());
    m_store = std::move(*store);
    m_isFaultTold = m_store->fault().has_value(); // among the notices
    beginSession();
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

void StorageWorker::tellFault()
{
    if (m_store && m_store->fault() && !std::exchange(m_isFaultTold, true))
        m_listener.onFault(*m_store->fault());
}

void StorageWorker::beginSession()
{
    // Answers are stored without one, too; what is wrong with the store is told by the next of them.
    if (!m_store->hasSession())
        (void)m_store->beginSession("window", {nowUtcMs(), m_account});
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
    Result<void> stored = patiently([this] { return ensureOpen(); });
    if (stored)
        stored = patiently([&] { return m_store->insertReview(review); });
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
    const Result<void> opened = patiently([this] { return ensureOpen(); });
    tellDecided(rows, opened ? patiently([&] { return m_store->insertDecisions(decisions); }) : failure(opened.error()));
}

void StorageWorker::work(const Undo &undo)
{
    const Result<void> opened = patiently([this] { return ensureOpen(); });
    tellDecided(undo.rows, opened ? patiently([&] { return m_store->undoReviews(undo.rows, undo.reviewer, nowUtcMs()); }) : failure(opened.error()));
}

void StorageWorker::work(const AnswerMark &mark)
{
    Result<void> done = patiently([this] { return ensureOpen(); });
    const StoreAction by{nowUtcMs(), mark.who};
    if (done && mark.isHeld)
        done = patiently([&] {
            return mark.isUndo ? m_store->undoHeld(mark.row, !*mark.isHeld, by) : m_store->setHeld(std::array{mark.row}, *mark.isHeld, {}, by);
        });
    if (done && !(mark.tagsAdded.empty() && mark.tagsRemoved.empty()))
        done = patiently([&] { return m_store->changeTags(mark.row, mark.tagsAdded, mark.tagsRemoved, mark.isUndo, by); });
    tellDecided({mark.row}, done ? Result<std::vector<std::int64_t>>(std::vector<std::int64_t>()) : failure(done.error()));
}

void StorageWorker::tellDecided(const std::vector<std::int64_t> &rows, const Result<std::vector<std::int64_t>> &stored)
{
    if (stored)
        m_listener.onDecided(rows, *stored);
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
    if (const std::optional<DiskRoom> room = m_roomOf(m_dataFolder))
        m_listener.onRoom(*room);
}

void StorageWorker::tellRecent()
{
    const Result<std::vector<AnswerRecord>> recent = m_store->recentAnswers(kRecentAnswers);
    if (!recent)
        return; // the strip stays empty; the next job tells what is wrong with the store
    for (const AnswerRecord &record : *recent)
        m_listener.onRecent(record, smallPictureOf(record));
    if (recent->empty())
        return;
    if (const Result<std::vector<AnswerRecord>> older = m_store->unreviewedNgs(recent->back().row, kUnreviewedNgs)) {
        for (const AnswerRecord &record : *older)
            m_listener.onRecent(record, smallPictureOf(record));
    }
}

Frame StorageWorker::smallPictureOf(const AnswerRecord &record) const
{
    if (record.picturePath.empty())
        return {};
    const Result<Frame> small = Thumbnails(m_dataFolder).of(record.pictureSha256, record.picturePath);
    return small ? *small : Frame();
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
    if (const Result<void> opened = patiently([this] { return ensureOpen(); }); !opened)
        return opened;
    beginSession(); // where the disk was full when the window started
    const Result<StoredPicture> picture = pictureOf(job);
    if (!picture)
        return failure(picture.error());
    const Result<std::int64_t> row = patiently([&] { return m_store->insertAnswerAbout(job.record, *picture); });
    if (!row) {
        m_store->discardPicture(*picture);
        return failure(row.error());
    }
    job.record.row = *row;
    job.record.pictureSha256 = picture->sha256;
    job.record.picturePath = picture->path;
    job.record.pictureBytes = picture->bytes;
    return {};
}

Result<StoredPicture> StorageWorker::pictureOf(const StorageJob &job)
{
    if (m_ahead && m_ahead->first == job.id)
        return std::exchange(m_ahead, std::nullopt)->second;
    return job.frame.isEmpty() ? Result<StoredPicture>(StoredPicture()) : patiently([&] { return save(job.frame); });
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

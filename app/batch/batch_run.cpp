#include "app/batch/batch_run.h"

#include "app/batch/folder_rules.h"
#include "app/batch/ordered_window.h"
#include "app/export/answer_lines.h"
#include "app/settings/sha256.h"

#include <nlohmann/json.hpp>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <condition_variable>
#include <cstring>
#include <memory_resource>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace auroraedge::app {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kReadAhead = 2 * BatchRun::kFilesOfABatch;
constexpr std::int64_t kBytesAhead = std::int64_t{256} << 20;

/// Errors of one picture; every other one is the run's.
bool isOfOneItem(ErrorCode errorCode)
{
    return errorCode.family() == "IMG" || errorCode == code::AnswerNotFinite || errorCode == code::Usage
        || (errorCode.family() == "FS" && exitCodeOf(errorCode) == 4);
}

std::int64_t bytesOf(const ReadItem &item)
{
    std::int64_t bytes = 0;
    if (item.picture)
        bytes += static_cast<std::int64_t>(item.picture->decoded.bytes.size())
            + (item.picture->decoded.frame.isEmpty() ? 0 : item.picture->decoded.frame.strideBytes * item.picture->decoded.frame.heightPx);
    if (item.evidence)
        bytes += static_cast<std::int64_t>(item.evidence->bytes.size());
    return bytes + (item.prepared.patches ? static_cast<std::int64_t>(item.prepared.patches->size() * sizeof(float)) : 0);
}

AnswerRecord failed(AnswerRecord record, const Error &error)
{
    record.verdict = Verdict::Unsure;
    record.code = error.code.text();
    record.message = error.message;
    return record;
}

/// What was answered about the same bytes, told of another file.
AnswerRecord repeated(const AnswerRecord &own, AnswerRecord answered)
{
    answered.timeUtcMs = own.timeUtcMs;
    answered.source = own.source;
    answered.roi = own.roi;
    answered.options = own.options;
    answered.golden = own.golden;
    answered.latency = {};
    answered.encoderReused = true;
    return answered;
}

/// Hashes of files that were answered. They stay while everything else comes and goes, so they lie in memory of their own: a
/// small block that stays among large ones that go would keep the heap from ever being used again.
class AnsweredFiles final
{
public:
    void insert(const std::string &sha256) { m_hashes.insert(bytesOf(sha256)); }
    [[nodiscard]] bool contains(const std::string &sha256) const { return m_hashes.contains(bytesOf(sha256)); }

private:
    using Bytes = std::array<std::uint8_t, 32>;
    struct FirstBytes
    {
        std::size_t operator()(const Bytes &bytes) const
        {
            std::size_t first = 0;
            std::memcpy(&first, bytes.data(), sizeof first);
            return first;
        }
    };
    /// @param sha256 64 hex digits.
    static Bytes bytesOf(const std::string &sha256)
    {
        Bytes bytes{};
        const std::string raw = bytesOfHex(sha256).value_or("");
        std::memcpy(bytes.data(), raw.data(), std::min(raw.size(), bytes.size()));
        return bytes;
    }

    std::pmr::monotonic_buffer_resource m_memory{std::size_t{1} << 20};
    std::pmr::unordered_set<Bytes, FirstBytes> m_hashes{&m_memory};
};

/// Answers that wait to be stored.
struct AnsweredBatch
{
    struct Answer
    {
        std::size_t item = 0;
        int question = 0;
        AnswerRecord record;
        bool isRepeat = false;     ///< an earlier file has the same bytes
        bool isInJournal = false;  ///< the answer about them, of an earlier batch
    };
    std::vector<ReadItem> items;
    std::vector<Answer> answers; ///< of each item every question
    double busy = 0;
};

class Storing final
{
public:
    explicit Storing(const BatchRun &run) : m_run(run), m_thread([this](const std::stop_token &ended) { loop(ended); }) {}

    /// Waits until the batch before is on the disk: no more than one is ever redone. @return why storing failed.
    Result<void> take(AnsweredBatch &&batch)
    {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [this] { return !m_batch; });
        if (m_fault)
            return failure(*m_fault);
        m_batch = std::move(batch);
        lock.unlock();
        m_changed.notify_all();
        return {};
    }

    /// Once everything is on the disk.
    Result<BatchFigures> finish()
    {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [this] { return !m_batch; });
        return m_fault ? Result<BatchFigures>(failure(*m_fault)) : m_figures;
    }

private:
    void loop(const std::stop_token &ended)
    {
        std::unique_lock lock(m_mutex);
        while (!ended.stop_requested()) {
            const bool hasBatch = m_changed.wait_for(lock, ended, std::chrono::seconds(1), [this] { return m_batch.has_value(); });
            lock.unlock();
            // The giver leaves the batch alone until it is empty.
            const Result<void> done = hasBatch ? store(*m_batch) : m_run.onIdle ? m_run.onIdle() : Result<void>();
            lock.lock();
            if (!done)
                m_fault = done.error();
            if (hasBatch)
                m_batch.reset();
            m_changed.notify_all();
        }
    }

    Result<void> store(AnsweredBatch &batch)
    {
        for (AnsweredBatch::Answer &answer : batch.answers) {
            if (!answer.isInJournal)
                continue;
            if (const Result<void> found = repeat(answer, batch.items[answer.item]); !found)
                return found;
        }
        if (m_run.store) {
            if (const Result<void> inserted = insert(batch); !inserted)
                return inserted;
        }
        std::vector<JournalEntry> entries;
        std::vector<BatchAnswered> told;
        for (AnsweredBatch::Answer &answer : batch.answers) {
            const JournalFile &file = batch.items[answer.item].file;
            const bool failed = !answer.record.answer;
            entries.push_back({file, answer.question, failed ? answer.record.code : "", failed ? answer.record.message : "",
                               oneLine(batchLineJson(answer.record, file.path, true))});
        }
        if (const Result<void> committed = m_run.journal.commit(entries); !committed)
            return committed;
        count(batch);
        for (AnsweredBatch::Answer &answer : batch.answers)
            told.push_back({std::move(answer.record), batch.items[answer.item].file.path});
        if (m_run.onStored)
            m_run.onStored(told, m_figures);
        return {};
    }

    /// The earlier answer about the same bytes, told of this file.
    Result<void> repeat(AnsweredBatch::Answer &answer, const ReadItem &item) const
    {
        const Result<std::optional<JournalEntry>> known = m_run.journal.answerAbout(item.file.sha256, answer.question);
        if (!known)
            return failure(known.error());
        if (!*known)
            return failure(code::Internal, "the journal lost the answer about the same picture", item.file.path);
        Result<AnswerRecord> record = answerRecordOf((*known)->record);
        if (!record)
            return failure(record.error());
        answer.record = repeated(answer.record, *std::move(record));
        return {};
    }

    Result<void> insert(AnsweredBatch &batch) const
    {
        std::vector<BatchAnswer> rows;
        for (AnsweredBatch::Answer &answer : batch.answers) {
            ReadItem &item = batch.items[answer.item];
            // The attempt too: an answer after a failure is another one, and one that is redone after a kill is the same.
            const Result<int> attempts = m_run.journal.attempts(item.file.path, answer.question);
            if (!attempts)
                return failure(attempts.error());
            const bool isLast = answer.question + 1 == static_cast<int>(m_run.work.questions.size());
            rows.push_back({std::move(answer.record), isLast ? std::exchange(item.evidence, std::nullopt) : item.evidence, keyOf(item.file, answer.question, *attempts)});
        }
        const Result<void> inserted = m_run.store->insertBatch(rows);
        for (std::size_t i = 0; i < rows.size(); ++i)
            batch.answers[i].record = std::move(rows[i].record);
        return inserted;
    }

    [[nodiscard]] std::string keyOf(const JournalFile &file, int question, int attempt) const
    {
        std::string whole = m_run.journal.batchName();
        for (const std::string &part : {file.path, std::to_string(file.bytes), std::to_string(file.modifiedNs), file.sha256, std::to_string(question),
                                        std::to_string(attempt)}) {
            whole += '\0';
            whole += part;
        }
        return sha256Hex({reinterpret_cast<const std::uint8_t *>(whole.data()), whole.size()});
    }

    void count(const AnsweredBatch &batch)
    {
        const std::size_t questions = m_run.work.questions.size();
        for (std::size_t i = 0; i < batch.items.size(); ++i) {
            const auto begin = batch.answers.begin() + static_cast<std::ptrdiff_t>(i * questions);
            const auto has = [&](auto is) { return std::any_of(begin, begin + static_cast<std::ptrdiff_t>(questions), is); };
            const auto hasVerdict = [&](Verdict verdict) { return has([&](const auto &answer) { return answer.record.verdict == verdict; }); };
            ++m_figures.done;
            m_figures.repeated += begin->isRepeat ? 1 : 0;
            if (has([](const auto &answer) { return !answer.record.answer; }))
                ++m_figures.failed;
            else if (hasVerdict(Verdict::Ng))
                ++m_figures.notGood;
            else if (hasVerdict(Verdict::Unsure))
                ++m_figures.unsure;
            else if (hasVerdict(Verdict::Ok))
                ++m_figures.ok;
        }
        m_figures.busy = batch.busy;
    }

    const BatchRun &m_run;
    std::mutex m_mutex;
    std::condition_variable_any m_changed;
    std::optional<AnsweredBatch> m_batch; // guarded by m_mutex; while it is there, its content is the storage thread's
    std::optional<Error> m_fault;         // guarded by m_mutex
    BatchFigures m_figures;               // the storage thread's; read by others when m_batch is empty
    std::jthread m_thread;                // last: it uses the members above
};

class Reading final
{
public:
    Reading(const BatchWork &work, int readers) : m_work(work)
    {
        for (int i = 0; i < std::max(1, readers); ++i)
            m_threads.emplace_back([this] { loop(); });
    }
    Reading(const Reading &) = delete;
    Reading &operator=(const Reading &) = delete;
    ~Reading() { stop(); }

    void stop()
    {
        m_ended.request_stop();
        m_window.close();
    }

    OrderedWindow<ReadItem> &window() { return m_window; }
    /// Why there are no more files, once the window is at its end.
    [[nodiscard]] Result<void> fault()
    {
        const std::lock_guard lock(m_feed);
        return m_fault ? Result<void>(failure(*m_fault)) : Result<void>();
    }

private:
    void loop()
    {
        while (true) {
            BatchInput input;
            std::uint64_t number = 0;
            {
                const std::lock_guard lock(m_feed);
                if (m_isAtEnd)
                    return;
                Result<std::optional<BatchInput>> next = m_work.next(m_ended.get_token());
                const std::optional<std::uint64_t> begun = next && *next ? m_window.begin() : std::nullopt;
                if (!begun) {
                    if (!next)
                        m_fault = next.error();
                    m_isAtEnd = true;
                    m_window.end();
                    return;
                }
                input = **std::move(next);
                number = *begun;
            }
            m_window.waitForRoom(number);
            ReadItem item = read(std::move(input));
            const std::int64_t bytes = bytesOf(item);
            m_window.finish(number, std::move(item), bytes);
        }
    }

    ReadItem read(BatchInput input) const
    {
        ReadItem item;
        item.file = fileAt(input.path); // before it is read: what changes meanwhile counts as changed
        item.error = std::move(input.refused);
        if (!item.error)
            m_work.read(item);
        if (item.picture)
            item.file.sha256 = item.picture->decoded.sha256;
        return item;
    }

    const BatchWork &m_work;
    OrderedWindow<ReadItem> m_window{kReadAhead, kBytesAhead};
    std::stop_source m_ended;
    std::mutex m_feed;
    bool m_isAtEnd = false;       // guarded by m_feed
    std::optional<Error> m_fault; // guarded by m_feed
    std::vector<std::jthread> m_threads; // last: they use the members above
};

class Answering final
{
public:
    /// @param answered hashes of files that earlier runs answered.
    Answering(const BatchRun &run, Reading &reading, Storing &storing, const std::vector<std::string> &answered)
        : m_run(run), m_reading(reading), m_storing(storing)
    {
        for (const std::string &sha256 : answered)
            m_answered.insert(sha256);
    }

    Result<void> all(const std::stop_token &stop)
    {
        const std::stop_callback stopReading(stop, [this] { m_reading.stop(); });
        while (true) {
            std::vector<ReadItem> items = nextItems();
            if (stop.stop_requested())
                return failure(code::Cancelled, "stopped");
            if (items.empty())
                return m_reading.fault();
            std::optional<Error> end = cutAtRunFault(items);
            if (!items.empty()) {
                Result<AnsweredBatch> batch = answered(std::move(items));
                if (!batch)
                    return failure(batch.error());
                if (const Result<void> taken = m_storing.take(*std::move(batch)); !taken)
                    return taken;
            }
            if (end)
                return failure(*std::move(end));
        }
    }

private:
    std::vector<ReadItem> nextItems()
    {
        std::vector<ReadItem> items;
        std::int64_t bytes = 0;
        while (items.size() < BatchRun::kFilesOfABatch && bytes < BatchRun::kBytesOfABatch) {
            std::optional<ReadItem> item = m_reading.window().take(m_run.work.isOpenEnded && !items.empty());
            if (!item)
                break;
            bytes += bytesOf(*item);
            items.push_back(*std::move(item));
        }
        return items;
    }

    /// Leaves what lies before the first error that is the whole run's. @return that error.
    std::optional<Error> cutAtRunFault(std::vector<ReadItem> &items) const
    {
        for (std::size_t i = 0; i < items.size(); ++i) {
            if (!items[i].error)
                continue;
            std::optional<Error> fault;
            if (!isOfOneItem(items[i].error->code))
                fault = items[i].error;
            else if (items[i].error->code == code::FileNotFound) {
                if (const Result<void> there = m_run.work.checkFolders(); !there)
                    fault = there.error();
            }
            if (fault) {
                items.resize(i);
                return fault;
            }
        }
        return std::nullopt;
    }

    Result<AnsweredBatch> answered(std::vector<ReadItem> items)
    {
        const std::vector<std::string> &questions = m_run.work.questions;
        std::vector<const ReadItem *> asked;
        const auto keyOf = [this](const ReadItem &item) { return m_run.work.isByName ? item.file.path : item.file.sha256; };
        std::unordered_map<std::string, std::size_t> askedHere; // place among the asked
        for (const ReadItem &item : items) {
            const bool isKnown = !m_run.work.isByName && m_answered.contains(item.file.sha256);
            if (!item.error && !isKnown && askedHere.emplace(keyOf(item), asked.size()).second)
                asked.push_back(&item);
        }
        const Clock::time_point start = Clock::now();
        if (m_begun == Clock::time_point() && !asked.empty())
            m_begun = start;
        Result<std::vector<Result<AnswerRecord>>> answers = asked.empty() ? std::vector<Result<AnswerRecord>>() : m_run.work.answer(asked);
        if (!answers)
            return failure(answers.error());
        const Clock::time_point end = Clock::now();
        m_busy += asked.empty() ? Clock::duration() : end - start;

        AnsweredBatch batch;
        batch.busy = m_busy > Clock::duration() ? std::chrono::duration<double>(m_busy) / std::chrono::duration<double>(end - m_begun) : 0;
        for (std::size_t i = 0; i < items.size(); ++i) {
            const ReadItem &item = items[i];
            const auto here = askedHere.find(keyOf(item));
            bool isAnswered = !item.error;
            for (std::size_t question = 0; question < questions.size(); ++question) {
                AnsweredBatch::Answer answer{i, static_cast<int>(question), m_run.work.begin(item, questions[question])};
                if (item.error) {
                    answer.record = failed(std::move(answer.record), *item.error);
                } else if (here == askedHere.end()) {
                    answer.isRepeat = answer.isInJournal = true;
                } else if (const Result<AnswerRecord> &made = (*answers)[here->second * questions.size() + question]; !made) {
                    if (!isOfOneItem(made.error().code) || made.error().code == code::Usage) // what is missing, all others will miss
                        return failure(made.error());
                    answer.record = failed(std::move(answer.record), made.error());
                    isAnswered = false;
                } else {
                    answer.isRepeat = asked[here->second] != &item;
                    answer.record = answer.isRepeat ? repeated(answer.record, *made) : *made;
                }
                batch.answers.push_back(std::move(answer));
            }
            if (isAnswered)
                m_answered.insert(item.file.sha256);
        }
        batch.items = std::move(items);
        return batch;
    }

    const BatchRun &m_run;
    Reading &m_reading;
    Storing &m_storing;
    AnsweredFiles m_answered; ///< every question about them
    Clock::time_point m_begun;
    Clock::duration m_busy{};
};

} // namespace

JournalFile fileAt(const std::string &path)
{
    JournalFile file{path, 0, 0, {}};
    struct stat status{};
    if (::stat(path.c_str(), &status) == 0) {
        file.bytes = status.st_size;
        file.modifiedNs = nanosecondsOf(status.st_mtim);
    }
    return file;
}

Result<BatchFigures> BatchRun::run(std::stop_token stop) const
{
    const Result<std::vector<std::string>> known = journal.answeredHashes(static_cast<int>(work.questions.size()));
    if (!known)
        return failure(known.error());
    Storing storing(*this);
    Result<void> answered;
    {
        Reading reading(work, readers);
        answered = Answering(*this, reading, storing, *known).all(stop);
    }
    Result<BatchFigures> figures = storing.finish();
    if (!answered)
        return failure(answered.error());
    return figures;
}

} // namespace auroraedge::app

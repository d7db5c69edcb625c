#include "app/batch/batch_output.h"
#include "app/batch/batch_run.h"
#include "app/batch/folder_watch.h"
#include "app/cli/answer_output.h"
#include "app/cli/batch_progress.h"
#include "app/cli/commands.h"
#include "app/cli/display_text.h"
#include "app/cli/questioner.h"
#include "app/inspection/frame_check.h"
#include "app/products/product.h"
#include "app/settings/disk_room.h"
#include "app/settings/out_file.h"

#include <nlohmann/json.hpp>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <deque>
#include <iostream>
#include <ostream>
#include <sstream>
#include <thread>
#include <utility>

namespace auroraedge::app {
namespace fs = std::filesystem;
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::int64_t kBytesOfAnAnswer = 4096; ///< in the database, the journal and the output, generously

/// Sizes of a thousand files of the list stand for all.
std::int64_t estimatedBytes(const BatchList &list)
{
    const std::int64_t samples = std::min<std::int64_t>(list.size(), 1000);
    std::int64_t sum = 0;
    for (std::int64_t i = 0; i < samples; ++i) {
        struct stat status{};
        if (::stat(list.at(i * list.size() / samples).path.c_str(), &status) == 0)
            sum += status.st_size;
    }
    return samples > 0 ? static_cast<std::int64_t>(static_cast<double>(sum) / static_cast<double>(samples) * static_cast<double>(list.size())) : 0;
}

/// One `auroraedge batch` from its options to its exit code.
class BatchCommand final
{
public:
    BatchCommand(const BatchOptions &options, const CliContext &context)
        : m_options(options), m_context(context), m_place(fs::absolute(options.out).lexically_normal()), m_progress(context.err, formOf(options, context))
    {
    }

    Result<int> run()
    {
        if (m_place.extension() != ".csv" && m_place.extension() != ".jsonl")
            return failure(code::Usage, "--out " + m_options.out + " ends neither in .jsonl nor in .csv", m_options.out);
        if (const Result<void> collected = collect(); !collected)
            return failure(collected.error());
        if (m_options.dryRun)
            return tellPlan();
        for (const auto &step : {&BatchCommand::checkPlace, &BatchCommand::open, &BatchCommand::resume, &BatchCommand::checkRoom}) {
            if (const Result<void> done = (this->*step)(); !done)
                return failure(done.error());
        }
        return ask();
    }

private:
    static BatchProgress::Form formOf(const BatchOptions &options, const CliContext &context)
    {
        if (options.progress == "json")
            return BatchProgress::Form::Json;
        if (options.common.quiet || options.progress == "none")
            return BatchProgress::Form::None;
        return &context.err == &std::cerr && isatty(STDERR_FILENO) == 1 ? BatchProgress::Form::Terminal : BatchProgress::Form::Log;
    }

    Result<void> collect()
    {
        m_progress.enter("listing");
        if (m_options.watch) { // opened first, so that no file falls between watch and list
            Result<std::unique_ptr<FolderWatch>> watch
                = FolderWatch::open(m_options.selection, std::chrono::milliseconds(static_cast<std::int64_t>(m_options.settleSeconds * 1000)));
            if (!watch)
                return failure(watch.error());
            m_watch = *std::move(watch);
        }
        Result<BatchList> list = BatchList::collect(m_options.selection, m_context.stop, &m_context.in);
        if (!list)
            return failure(list.error());
        m_list.emplace(*std::move(list));
        if (m_watch)
            m_watch->leaveOut(*m_list);
        const std::string &first = m_options.selection.paths.front();
        if (m_list->empty() && !m_watch && m_options.selection.shard.count == 1)
            return failure(code::FileNotFound, "there are no pictures in " + first, first);
        if (!m_options.common.quiet && m_list->skippedFiles() > 0)
            m_progress.tell(counted(m_list->skippedFiles(), "file") + (m_list->skippedFiles() == 1 ? " is no picture and was passed over" : " are not pictures and were passed over"));
        return {};
    }

    Result<int> tellPlan() const
    {
        for (std::int64_t i = 0; i < m_list->size() && !m_context.stop.stop_requested(); ++i)
            m_context.out << displayText(m_list->at(i).path) << '\n';
        if (m_context.stop.stop_requested())
            return failure(code::Cancelled, "stopped");
        if (m_options.common.quiet)
            return 0;
        const std::int64_t bytes = estimatedBytes(*m_list);
        const DataFolder dataFolder = DataFolder::resolve(m_options.common.dataDir);
        std::error_code problem;
        m_context.err << counted(m_list->size(), "file") << ", about " << sizeText(bytes);
        if (!m_options.common.noStore) {
            const fs::space_info space = fs::space(dataFolder.root(), problem);
            if (!problem)
                m_context.err << "; that much more in the data folder, where " << sizeText(static_cast<std::int64_t>(space.available)) << " are free";
        }
        m_context.err << std::endl;
        return 0;
    }

    /// A place that cannot be written is told before seconds are spent on loading.
    Result<void> checkPlace()
    {
        if (Result<void> isPlace = checkIsFilePlace(m_place); !isPlace)
            return isPlace;
        if (!m_options.fresh && !mayBeReplaced(m_place))
            return failure(code::Usage, "--out " + m_options.out + " is there already and no batch wrote it; choose another name, or replace it with --fresh", m_options.out);
        const Result<InstanceLock> journal = InstanceLock::acquireFor(journalPlace());
        if (!journal)
            return failure(journal.error());
        const Result<std::unique_ptr<OutFile>> out = OutFile::create(m_place);
        return out ? Result<void>() : failure(out.error());
    }

    [[nodiscard]] fs::path journalPlace() const { return fs::path(m_place) += ".journal"; }

    Result<void> open()
    {
        m_progress.enter("loading");
        CommonOptions common = m_options.common;
        if (common.threads == 0) // nobody watches a camera beside this program
            common.threads = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
        std::stringstream told;
        const CliContext loading{m_context.openEngine, m_context.in, m_context.out, told, m_context.stop};
        Result<std::unique_ptr<Questioner>> questioner = Questioner::open(common, "batch", loading);
        for (std::string sentence; std::getline(told, sentence);)
            m_progress.warn(sentence);
        if (!questioner)
            return failure(questioner.error());
        m_questioner = *std::move(questioner);
        const std::optional<Product> &product = m_questioner->product();
        m_questions = m_options.questions;
        if (m_questions.empty() && product)
            m_questions = {product->question};
        if (m_questions.empty())
            return failure(code::Usage, "--question is required: this model was not taught one of its own");
        for (const std::string &question : m_questions) {
            (m_questioner->isProducts(question, m_options.asking) ? m_taught : m_free).push_back(question);
            if (std::count(m_questions.begin(), m_questions.end(), question) > 1)
                return failure(code::Usage, "the question '" + question + "' is given twice", question);
        }
        if (!m_options.asking.golden.empty() && !(product && product->usesGolden && !m_taught.empty()))
            return failure(code::Usage, "--golden " + m_options.asking.golden + " is of no use: this question is not answered by comparing", m_options.asking.golden);
        return {};
    }

    /// Each picture is compared with the one of its name.
    [[nodiscard]] bool hasGoldenFolder() const
    {
        const std::optional<Product> &product = m_questioner->product();
        std::error_code problem;
        return product && product->usesGolden && fs::is_directory(m_options.asking.golden.empty() ? product->golden : m_options.asking.golden, problem);
    }

    [[nodiscard]] std::string identity() const
    {
        const AskingOptions &asking = m_options.asking;
        const ModelCard &card = m_questioner->card();
        const Shard &part = m_options.selection.shard;
        nlohmann::ordered_json paths = nlohmann::ordered_json::array();
        for (const std::string &path : m_options.selection.paths)
            paths.push_back(path);
        return oneLine({{"question", m_questions},
                        {"model", card.name + " " + card.sha256},
                        {"precision", precisionName(card.precision)},
                        {"device", card.device},
                        {"paths", paths},
                        {"roi", asking.roi},
                        {"choices", asking.choices},
                        {"max-tokens", asking.maxTokens},
                        {"temperature", asking.temperature},
                        {"seed", asking.seed},
                        {"golden", asking.golden},
                        {"shard", std::to_string(part.number) + "/" + std::to_string(part.count)}});
    }

    /// Leaves in m_todo what is to be asked about.
    Result<void> resume()
    {
        Result<std::unique_ptr<BatchJournal>> journal = BatchJournal::open(journalPlace(), identity(), m_options.fresh);
        if (!journal)
            return failure(journal.error());
        m_journal = *std::move(journal);
        const Result<BatchJournal::Counts> known = m_journal->counts();
        if (!known)
            return failure(known.error());
        std::int64_t resumed = 0, failures = 0;
        m_todo.reserve(static_cast<std::size_t>(m_list->size()));
        for (std::int64_t i = 0; i < m_list->size(); ++i) {
            if (i % 1024 == 0 && m_context.stop.stop_requested())
                return failure(code::Cancelled, "stopped");
            if (known->entries > 0) {
                const Result<BatchJournal::State> state = stateOf(m_list->at(i).path);
                if (!state)
                    return failure(state.error());
                const bool isFailure = *state == BatchJournal::State::Failed;
                if (*state == BatchJournal::State::Answered || (isFailure && !m_options.retryFailed)) {
                    ++resumed;
                    failures += isFailure ? 1 : 0;
                    continue;
                }
            }
            m_todo.push_back(i);
        }
        m_progress.begin(m_watch ? std::nullopt : std::optional(m_list->size()), resumed, failures);
        if (resumed > 0)
            m_progress.tell(std::to_string(resumed) + " of " + std::to_string(m_list->size()) + " were done by an earlier run");
        return {};
    }

    Result<BatchJournal::State> stateOf(const std::string &path) const
    {
        const JournalFile file = fileAt(path);
        return m_journal->stateOf(path, file.bytes, file.modifiedNs, static_cast<int>(m_questions.size()));
    }

    /// FS-08: rather not begun than stopped in the night.
    Result<void> checkRoom()
    {
        if (m_todo.empty())
            return {};
        const auto answers = static_cast<std::int64_t>(m_todo.size() * m_questions.size());
        const std::int64_t share = m_list->empty() ? 0 : estimatedBytes(*m_list) / m_list->size() * static_cast<std::int64_t>(m_todo.size());
        constexpr char kConsequence[] = "nothing was started";
        if (const Result<void> hasRoom = checkDiskRoom(m_place.parent_path(), answers * kBytesOfAnAnswer, kConsequence); !hasRoom || m_options.common.noStore)
            return hasRoom;
        return checkDiskRoom(DataFolder::resolve(m_options.common.dataDir).root(), share + answers * kBytesOfAnAnswer, kConsequence);
    }

    Result<int> ask()
    {
        BatchWork work;
        work.questions = m_questions;
        work.isByName = hasGoldenFolder();
        work.isOpenEnded = m_watch != nullptr;
        work.next = [this](const std::stop_token &stop) { return next(stop); };
        work.read = [this](ReadItem &item) { read(item); };
        work.answer = [this](std::span<const ReadItem *const> items) { return answer(items); };
        work.begin = [this](const ReadItem &item, const std::string &question) {
            AnswerRecord record = m_questioner->begin(item.file.path, item.picture ? &*item.picture : nullptr, question, m_options.asking);
            record.latency.decodeMs = item.picture ? item.picture->decodeMs : 0;
            return record;
        };
        work.checkFolders = [this] { return m_list->checkFolders(); };
        const int readers = static_cast<int>(std::clamp(std::thread::hardware_concurrency() / 2, 1U, 8U));
        BatchRun batch{work, *m_journal, m_questioner->store(), readers, {}, {}};
        batch.onStored = [this](std::span<const BatchAnswered> answers, const BatchFigures &figures) { tell(answers, figures); };
        if (m_watch)
            batch.onIdle = [this] { return writeNowAndThen(); };

        m_progress.enter(m_watch && m_todo.empty() ? "watching" : "running");
        const Result<BatchFigures> figures = batch.run(m_context.stop);
        if (!figures && !(m_watch && figures.error().code == code::Cancelled)) {
            m_progress.enter("stopped");
            return failure(told(figures.error()));
        }
        m_progress.enter("writing");
        if (const Result<void> finished = figures ? m_journal->finish() : Result<void>(); !finished)
            return failure(finished.error());
        if (const Result<void> written = writeBatchOutput(*m_journal, m_place, m_options.withLatency); !written)
            return failure(written.error());
        const Result<BatchJournal::Counts> counts = m_journal->counts();
        if (!counts)
            return failure(counts.error());
        m_progress.enter("done");
        tellEnd(*counts);
        if (!figures)
            return failure(code::Cancelled, "the watch was ended; " + m_options.out + " holds every answer");
        return counts->failed > 0 ? 3 : 0;
    }

    /// What ended the run, with how far it came.
    [[nodiscard]] Error told(Error error) const
    {
        const std::string far = std::to_string(m_progress.done()) + " of " + std::to_string(m_list->size());
        if (error.code == code::Cancelled)
            return {code::Cancelled, "stopped after " + far + " pictures; the same command goes on from there", m_options.out};
        if (error.code == code::FolderGone)
            error.message += " after " + far + " files; resume later";
        return error;
    }

    Result<std::optional<BatchInput>> next(const std::stop_token &stop)
    {
        const bool hasListed = m_next < m_todo.size();
        while (m_watch && (hasListed || m_arrived.empty())) { // also while there is a list: the kernel remembers only so much
            Result<std::vector<std::string>> arrived = m_watch->wait(stop, hasListed ? std::chrono::milliseconds(0) : std::chrono::hours(1));
            if (!arrived)
                return failure(arrived.error());
            m_arrived.insert(m_arrived.end(), std::make_move_iterator(arrived->begin()), std::make_move_iterator(arrived->end()));
            if (hasListed)
                break;
        }
        if (hasListed)
            return std::optional(m_list->at(m_todo[m_next++]));
        if (m_arrived.empty())
            return std::optional<BatchInput>();
        BatchInput input{std::move(m_arrived.front()), std::nullopt};
        m_arrived.pop_front();
        return std::optional(std::move(input));
    }

    void read(ReadItem &item) const
    {
        Result<AskedPicture> picture = readPicture(item.file.path, m_options.asking.roi);
        if (!picture) {
            item.error = picture.error();
            return;
        }
        item.picture = *std::move(picture);
        DecodedPicture &decoded = item.picture->decoded;
        if (m_questioner->store()) {
            Result<EvidencePicture> evidence = evidenceOf(decoded);
            if (evidence)
                item.evidence = *std::move(evidence);
            else
                item.error = evidence.error();
        }
        if (const Result<void> usable = checkFrame(decoded.frame); !usable)
            item.error = usable.error();
        if (!item.error && !m_free.empty()) {
            Result<PreparedPicture> prepared = m_questioner->inspector().prepare(item.picture->shown());
            if (prepared)
                item.prepared = *std::move(prepared);
            else
                item.error = prepared.error();
        }
        decoded.bytes.clear();
        decoded.bytes.shrink_to_fit();
        if (m_taught.empty() || item.error)
            decoded.frame.pixels = nullptr; // size and source stay for the record
    }

    Result<std::vector<Result<AnswerRecord>>> answer(std::span<const ReadItem *const> items)
    {
        std::vector<Question> questions;
        for (const std::string &text : m_free)
            questions.push_back({text, generationOptions(m_options.asking)});
        std::vector<Result<Answer>> answers; // [item * free questions + free question]
        if (!questions.empty()) {
            std::vector<PreparedPicture> pictures;
            for (const ReadItem *item : items)
                pictures.push_back(item->prepared);
            Result<std::vector<Result<Answer>>> made = m_questioner->inspector().askAll(pictures, questions, m_context.stop);
            if (!made)
                return failure(made.error());
            answers = *std::move(made);
        }
        std::vector<Result<AnswerRecord>> records;
        std::size_t nextAnswer = 0;
        for (const ReadItem *item : items) {
            for (const std::string &question : m_questions) {
                if (std::find(m_taught.begin(), m_taught.end(), question) != m_taught.end()) {
                    records.push_back(m_questioner->inspect(*item->picture, m_options.asking, m_context));
                    if (!records.back() && records.back().error().code == code::Cancelled)
                        return failure(records.back().error());
                    if (records.back())
                        records.back()->latency.decodeMs = item->picture->decodeMs;
                    continue;
                }
                const Result<Answer> &answer = answers[nextAnswer++];
                if (!answer) {
                    records.push_back(failure(answer.error()));
                    continue;
                }
                AnswerRecord record = m_questioner->begin(item->file.path, &*item->picture, question, m_options.asking);
                m_questioner->enter(record, *answer);
                record.latency.decodeMs = answer->encoderReused ? 0 : item->picture->decodeMs;
                records.push_back(std::move(record));
            }
        }
        return records;
    }

    /// On the storage thread, of what is on the disk.
    void tell(std::span<const BatchAnswered> answers, const BatchFigures &figures)
    {
        for (const BatchAnswered &answered : answers) {
            if (!answered.record.answer && std::exchange(m_lastFailed, answered.path) != answered.path) // once, not once a question
                m_progress.tellFailure(answered.path, answered.record.code, answered.record.message);
            if (m_options.common.json)
                m_context.out << oneLine(answered.record.answer ? answerJson(answered.record, answered.path)
                                                                : batchLineJson(answered.record, answered.path, false))
                              << '\n';
        }
        if (m_options.common.json)
            m_context.out << std::flush;
        m_progress.update(figures);
        m_isUnwritten = true;
    }

    /// While watching, the output follows what was answered; the larger it is, the less often it is written.
    Result<void> writeNowAndThen()
    {
        const Clock::time_point start = Clock::now();
        if (!m_isUnwritten || start - m_written < 10 * m_writing)
            return {};
        if (const Result<void> written = writeBatchOutput(*m_journal, m_place, m_options.withLatency); !written)
            return written;
        m_isUnwritten = false;
        m_written = Clock::now();
        m_writing = m_written - start;
        m_progress.enter("watching");
        return {};
    }

    void tellEnd(const BatchJournal::Counts &counts)
    {
        const BatchFigures &figures = m_progress.figures();
        const std::string busy = std::to_string(static_cast<int>(figures.busy * 100 + 0.5));
        std::string sentence = counted(m_progress.done(), "picture") + ", " + std::to_string(counts.failed) + " failed";
        if (figures.repeated > 0)
            sentence += ", " + std::to_string(figures.repeated) + " equal to another and not asked again";
        if (figures.busy > 0)
            sentence += "; the model was busy " + busy + " % of the time";
        m_progress.tell(sentence + "; " + displayText(m_options.out));
    }

    const BatchOptions &m_options;
    const CliContext &m_context;
    const fs::path m_place;
    BatchProgress m_progress;
    std::unique_ptr<FolderWatch> m_watch;
    std::optional<BatchList> m_list;
    std::vector<std::int64_t> m_todo; ///< places in the list
    std::size_t m_next = 0;
    std::deque<std::string> m_arrived;
    std::unique_ptr<Questioner> m_questioner;
    std::vector<std::string> m_questions, m_taught, m_free; ///< all; the product's; the others
    std::unique_ptr<BatchJournal> m_journal;
    std::string m_lastFailed; ///< path
    bool m_isUnwritten = false;
    Clock::time_point m_written;
    Clock::duration m_writing{};
};

} // namespace

Result<int> runBatch(const BatchOptions &options, const CliContext &context)
{
    return BatchCommand(options, context).run();
}

} // namespace auroraedge::app

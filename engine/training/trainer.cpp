#include "engine/training/trainer.h"

#include "engine/core/guarded.h"
#include "engine/core/self_test.h"
#include "engine/io/durable_file.h"
#include "engine/io/json_document.h"
#include "engine/io/model_folder.h"
#include "engine/models/aurora_edge.h"
#include "engine/text/bpe_learner.h"
#include "engine/text/chat_prompt.h"
#include "engine/text/open_tokenizer.h"
#include "engine/training/batches.h"
#include "engine/training/initialise.h"
#include "engine/training/labelled_batch.h"
#include "engine/training/optimiser.h"
#include "engine/training/packed_questions.h"
#include "engine/training/teacher.h"
#include "engine/training/training_log.h"

#include <ATen/TensorOperators.h>
#include <ATen/autocast_mode.h>
#include <ATen/ops/argmax.h>
#include <ATen/ops/binary_cross_entropy_with_logits.h>
#include <ATen/ops/cosine_similarity.h>
#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/full.h>
#include <ATen/ops/log.h>
#include <ATen/ops/log_softmax.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/softmax.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <condition_variable>
#include <deque>
#include <fstream>
#include <mutex>
#include <set>
#include <thread>

namespace auroraedge::engine {

namespace {

using Clock = std::chrono::steady_clock;

constexpr char kCheckpoint[] = "checkpoint.safetensors";
constexpr std::string_view kAverage = "average.";
constexpr double kLabelSmoothing = 0.1;
constexpr std::size_t kMeasuredPictures = 400; ///< of each source
constexpr int kLoggedSteps = 1000; ///< of a stage, spread evenly

double secondsSince(Clock::time_point start)
{
    return std::chrono::duration<double>(Clock::now() - start).count();
}

/// bf16 for products while it lives (when enabled); weights and the residual stream stay fp32.
class Autocast
{
public:
    explicit Autocast(bool isEnabled)
    {
        at::autocast::set_autocast_dtype(at::kCPU, at::kBFloat16);
        at::autocast::set_autocast_enabled(at::kCPU, isEnabled);
    }
    ~Autocast()
    {
        at::autocast::set_autocast_enabled(at::kCPU, false);
        at::autocast::clear_cache();
    }
    Autocast(const Autocast &) = delete;
    Autocast &operator=(const Autocast &) = delete;
};

/// Draws batches ahead on a thread of its own, at most kAhead of them.
class BatchQueue
{
public:
    BatchQueue(const BatchMaker &maker, const TrainingStage &stage, int firstBatch, std::uint64_t seed)
        : m_thread([this, &maker, &stage, firstBatch, seed](const std::stop_token &stop) {
              for (int index = firstBatch; index < stage.steps * stage.accumulate && !stop.stop_requested(); ++index) {
                  // One generator a batch: a run that goes on draws what the unbroken run would have drawn.
                  std::mt19937_64 random(seed * 1000003ULL + static_cast<std::uint64_t>(index));
                  const bool finish = index / stage.accumulate >= static_cast<int>(stage.steps * (1 - stage.finishShare));
                  Batch batch = maker.draw(stage, finish, random);
                  std::unique_lock lock(m_mutex);
                  m_changed.wait(lock, stop, [this] { return m_batches.size() < kAhead; });
                  m_batches.push_back(std::move(batch));
                  m_changed.notify_all();
              }
          })
    {
    }

    Batch take()
    {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [this] { return !m_batches.empty(); });
        Batch batch = std::move(m_batches.front());
        m_batches.pop_front();
        m_changed.notify_all();
        return batch;
    }

private:
    static constexpr std::size_t kAhead = 3;
    std::mutex m_mutex;
    std::condition_variable_any m_changed;
    std::deque<Batch> m_batches; // guarded by m_mutex
    std::jthread m_thread;       // last: it uses the members above
};

/// What exists only while training: what is in each patch, which class a whole picture is, and the teacher.
struct TrainingHeads
{
    Linear patch;
    std::vector<Linear> pooled; ///< one a source; undefined weight where the source has no labels
    Teacher teacher;
    Linear teacherView; ///< the tower's patch as the teacher would see it

    static TrainingHeads take(ParameterSource &source, const TrainingRun &run, std::int64_t width)
    {
        TrainingHeads heads;
        heads.patch = Linear::take(source, "training.patch_head", width, 2);
        heads.teacher = Teacher::take(source, run);
        heads.teacherView = Linear::take(source, "training.teacher_view", width, Teacher::kWidth);
        for (const TrainingSource &data : run.sources)
            heads.pooled.push_back(data.labels > 0 ? Linear::take(source, "training.pooled_head." + data.name, width, data.labels) : Linear{});
        return heads;
    }
};

/// Running share of right answers a family, weighted towards the last few hundred.
class RunningAccuracy
{
public:
    void add(const std::string &family, bool isRight)
    {
        auto [entry, isNew] = m_values.try_emplace(family, isRight ? 1.0 : 0.0);
        if (!isNew)
            entry->second += 0.005 * ((isRight ? 1.0 : 0.0) - entry->second);
    }
    [[nodiscard]] std::string text() const
    {
        std::string line;
        for (const auto &[family, value] : m_values)
            line += (line.empty() ? "" : "  ") + family + " " + std::to_string(value).substr(0, 5);
        return line;
    }

private:
    std::map<std::string, double> m_values;
};

class Trainer
{
public:
    Trainer(const TrainingRun &run, const TrainingListener &listener, std::stop_token stop)
        : m_run(run), m_listener(listener), m_stop(std::move(stop)), m_out(run.outFolder), m_log(m_out / "log.jsonl")
    {
    }

    Result<TrainingReport> train();

private:
    Result<void> prepareFolder();
    Result<void> tokenise();
    void loadPictures();
    Result<void> buildModel();
    Result<void> readCheckpoint();
    Result<void> runStage(std::size_t index, int firstStep);
    std::map<std::string, at::Tensor> trainedIn(const TrainingStage &stage) const;
    void average(const std::map<std::string, at::Tensor> &trained, std::int64_t step);
    void note(const std::string &name, const at::Tensor &scores, const at::Tensor &wanted);
    at::Tensor distanceToTeacher(const TrainingStage &stage, const at::Tensor &patches, int gridSide, std::size_t source, const at::Tensor &scores,
                                 const at::Tensor &visual) const;
    at::Tensor patchesOf(const Batch &batch) const;
    at::Tensor lossOf(const TrainingStage &stage, const Batch &batch, std::mt19937_64 &random);
    nlohmann::ordered_json measure(const TrainingStage &stage);
    std::vector<TokenisedTurn> drawTurns(const BatchItem &item, int count, std::mt19937_64 &random) const;
    Result<void> saveCheckpoint(std::size_t stage, int step, const Optimiser *optimiser) const;
    Result<void> saveModel() const;

    const TrainingRun &m_run;
    const TrainingListener &m_listener;
    std::stop_token m_stop;
    std::filesystem::path m_out;
    AuroraEdgeConfig m_config;
    int m_patchSize = 16;
    bool m_usesBf16 = false;
    std::unique_ptr<TextCodec> m_codec;
    struct TurnIds
    {
        std::vector<std::vector<std::int64_t>> prompts; ///< one a wording
        std::vector<std::int64_t> answer;
        int family = 0;
    };
    std::vector<std::vector<TurnIds>> m_turns; ///< per sample
    std::vector<std::int64_t> m_blankAnswer;
    std::vector<std::string> m_families;
    std::unique_ptr<BatchMaker> m_maker;
    std::unique_ptr<TrainableParameters> m_parameters;
    std::unique_ptr<AuroraEdge> m_model;
    TrainingHeads m_heads;
    RunningAccuracy m_accuracy;
    TrainingReport m_report;
    TrainingLog m_log;
    double m_meanLoss = -1; ///< below 0: none yet
    std::map<std::string, at::Tensor> m_average; ///< by name, of what was trained so far
    // Of the checkpoint.
    std::size_t m_firstStage = 0;
    int m_firstStep = 0;
    std::map<std::string, at::Tensor> m_restored;
    std::int64_t m_restoredSteps = 0;
};

/// Takes the mark away that an import left in a config.
Result<void> markTrained(const std::filesystem::path &configFile)
{
    JsonLimits limits;
    limits.maxBytes = kMaxConfigBytes;
    Result<nlohmann::json> config = readJsonFile(configFile, code::ConfigValue, limits);
    if (!config)
        return failure(config.error());
    config->erase("connectors_trained");
    const std::string text = config->dump(2) + "\n";
    const std::span<const std::byte> content = std::as_bytes(std::span(text));
    return writeDurably(configFile, {&content, 1});
}

Result<void> Trainer::prepareFolder()
{
    std::error_code error;
    std::filesystem::create_directories(m_out, error);
    if (error)
        return failure(code::FolderNotWritable, "cannot write to " + m_out.string() + "; choose another", m_out.string());
    for (const char *name : {"config.json", "generation_config.json", "preprocessor_config.json", "tokenizer.json"}) {
        const std::filesystem::path from = std::filesystem::path(m_run.modelFolder) / name;
        if (std::filesystem::exists(from) && !std::filesystem::equivalent(m_run.modelFolder, m_out, error))
            std::filesystem::copy_file(from, m_out / name, std::filesystem::copy_options::overwrite_existing, error);
    }
    const Result<ModelConfig> config = readModelConfig(m_out);
    if (!config)
        return failure(config.error());
    const auto *whole = std::get_if<AuroraEdgeConfig>(&config->architecture);
    if (!whole)
        return failure(code::ConfigValue, "only an AuroraEdge model can be trained", m_run.modelFolder);
    m_config = *whole;
    m_patchSize = static_cast<int>(m_config.vision.patchSize);
    return {};
}

Result<void> Trainer::tokenise()
{
    if (!std::filesystem::exists(m_out / "tokenizer.json")) {
        std::set<std::string> texts{m_run.blankAnswer};
        for (const TrainingSample &sample : m_run.samples) {
            if (sample.isHeldOut)
                continue;
            for (const TrainingTurn &turn : sample.turns) {
                texts.insert(turn.wordings.begin(), turn.wordings.end());
                texts.insert(turn.answer);
            }
        }
        for (const char *word : {"user\n", "assistant\n", "\n", "system\n"})
            texts.insert(word);
        const std::vector<std::string> list(texts.begin(), texts.end());
        const std::vector<std::string> markers{"<|endoftext|>", "<|im_start|>", "<|im_end|>"};
        const auto learned = learnTokenizer(list, markers, m_run.vocabularySize, m_out / "tokenizer.json");
        if (!learned)
            return learned;
    }
    Result<std::unique_ptr<TextCodec>> codec = openTokenizer(m_out);
    if (!codec)
        return failure(codec.error());
    m_codec = std::move(*codec);
    if (m_codec->size() > m_config.text.vocabSize)
        return failure(code::TokenizerMismatch, "tokenizer has " + std::to_string(m_codec->size()) + " entries, model " + std::to_string(m_config.text.vocabSize));

    const std::int64_t end = m_codec->idOf("<|im_end|>");
    const auto answerIds = [&](const std::string &answer) -> Result<std::vector<std::int64_t>> {
        Result<std::vector<std::int64_t>> ids = m_codec->encode(answer, TextCodec::Markers::Plain);
        if (ids)
            (*ids).push_back(end);
        return ids;
    };
    ChatTemplate chat;
    chat.hasSystemTurn = m_config.hasSystemTurn;
    chat.system = m_config.systemPrompt;
    std::map<std::string, std::vector<std::int64_t>> prompts; // wordings repeat from sample to sample
    std::map<std::string, int> families;
    for (const TrainingSample &sample : m_run.samples) {
        std::vector<TurnIds> turns;
        for (const TrainingTurn &turn : sample.isHeldOut ? std::vector<TrainingTurn>() : sample.turns) {
            TurnIds ids;
            for (const std::string &wording : turn.wordings) {
                auto found = prompts.find(wording);
                if (found == prompts.end()) {
                    Result<std::vector<std::int64_t>> prompt = encodeChatPrompt(*m_codec, chat, wording);
                    if (!prompt)
                        return failure(withContext(prompt.error(), sample.picture));
                    found = prompts.emplace(wording, std::move(*prompt)).first;
                }
                ids.prompts.push_back(found->second);
            }
            Result<std::vector<std::int64_t>> answer = answerIds(turn.answer);
            if (!answer)
                return failure(withContext(answer.error(), sample.picture));
            ids.answer = std::move(*answer);
            ids.family = families.try_emplace(turn.family, static_cast<int>(families.size())).first->second;
            turns.push_back(std::move(ids));
        }
        m_turns.push_back(std::move(turns));
    }
    m_families.resize(families.size());
    for (const auto &[name, index] : families)
        m_families[static_cast<std::size_t>(index)] = name;
    Result<std::vector<std::int64_t>> blank = answerIds(m_run.blankAnswer);
    if (!blank)
        return failure(blank.error());
    m_blankAnswer = std::move(*blank);
    return {};
}

void Trainer::loadPictures()
{
    std::vector<PicturePyramid> pyramids(m_run.samples.size());
    std::atomic<std::size_t> next{0};
    std::mutex mutex;
    const auto work = [&] {
        for (std::size_t i = next++; i < m_run.samples.size() && !m_stop.stop_requested(); i = next++) {
            const Result<Frame> frame = m_run.loadPicture(m_run.samples[i].picture);
            if (frame) {
                pyramids[i] = makePyramid(*frame, m_run.samples[i].isSmall);
            } else {
                const std::lock_guard lock(mutex);
                m_report.skippedPictures.push_back(m_run.samples[i].picture + ": " + frame.error().message);
            }
        }
    };
    {
        std::vector<std::jthread> threads;
        for (unsigned i = 0; i < std::max(1U, std::thread::hardware_concurrency()); ++i)
            threads.emplace_back(work);
    }
    m_maker = std::make_unique<BatchMaker>(m_run, std::move(pyramids), m_patchSize);
}

Result<void> Trainer::buildModel()
{
    std::optional<TensorFiles> files;
    const std::filesystem::path checkpoint = m_out / kCheckpoint;
    const std::filesystem::path given = std::filesystem::path(m_run.modelFolder) / "model.safetensors";
    const std::filesystem::path from = std::filesystem::exists(checkpoint) ? checkpoint : given;
    if (std::filesystem::exists(from)) {
        Result<TensorFiles> opened = TensorFiles::open(from);
        if (!opened)
            return failure(opened.error());
        files = std::move(*opened);
    }
    m_parameters = std::make_unique<TrainableParameters>(std::move(files), m_run.seed);
    m_model = std::make_unique<AuroraEdge>(AuroraEdge::take(*m_parameters, m_config));
    m_heads = TrainingHeads::take(*m_parameters, m_run, m_config.vision.hiddenSize);
    return {};
}

std::vector<TokenisedTurn> Trainer::drawTurns(const BatchItem &item, int count, std::mt19937_64 &random) const
{
    const auto &turns = m_turns[static_cast<std::size_t>(item.sample - m_run.samples.data())];
    std::vector<std::size_t> order(turns.size());
    for (std::size_t i = 0; i < order.size(); ++i)
        order[i] = i;
    std::shuffle(order.begin(), order.end(), random);
    order.resize(std::min(order.size(), static_cast<std::size_t>(count)));
    std::vector<TokenisedTurn> drawn;
    for (const std::size_t index : order) {
        const TurnIds &turn = turns[index];
        const auto &prompt = turn.prompts[std::uniform_int_distribution<std::size_t>(0, turn.prompts.size() - 1)(random)];
        drawn.push_back({prompt, item.isBlank ? m_blankAnswer : turn.answer, turn.family});
    }
    return drawn;
}

/// Running share of right answers under @p name. @param scores [B, classes]; wanted [B], below 0: no label.
void Trainer::note(const std::string &name, const at::Tensor &scores, const at::Tensor &wanted)
{
    const at::Tensor best = at::argmax(scores, 1).contiguous();
    for (std::int64_t i = 0; i < wanted.size(0); ++i)
        if (const std::int64_t label = wanted.const_data_ptr<std::int64_t>()[i]; label >= 0)
            m_accuracy.add(name, best.const_data_ptr<std::int64_t>()[i] == label);
}

/// @param scores of the pooled head; visual [B, slots, width] of the tower.
at::Tensor Trainer::distanceToTeacher(const TrainingStage &stage, const at::Tensor &patches, int gridSide, std::size_t source,
                                      const at::Tensor &scores, const at::Tensor &visual) const
{
    Teacher::Output seen;
    at::Tensor answer;
    {
        const at::NoGradGuard noGrad;
        seen = m_heads.teacher.forward(patches, gridSide, m_patchSize);
        answer = at::softmax(m_heads.teacher.scores(seen, source), -1);
    }
    const at::Tensor divergence = (answer * (at::log(answer + 1e-9) - at::log_softmax(scores, -1))).sum(-1).mean();
    const at::Tensor likeness = at::cosine_similarity(m_heads.teacherView(visual).to(at::kFloat), seen.features.to(at::kFloat), -1);
    return divergence * stage.teacherWeight + (1 - likeness).mean() * stage.featureWeight;
}

/// [B, slots, values], a view of the batch.
at::Tensor Trainer::patchesOf(const Batch &batch) const
{
    const std::int64_t slots = std::int64_t{batch.gridSide} * batch.gridSide, values = std::int64_t{m_patchSize} * m_patchSize * 3;
    return at::from_blob(const_cast<float *>(batch.patches.data()), {static_cast<std::int64_t>(batch.items.size()), slots, values}, at::kFloat);
}

at::Tensor Trainer::lossOf(const TrainingStage &stage, const Batch &batch, std::mt19937_64 &random)
{
    const auto count = static_cast<std::int64_t>(batch.items.size());
    const std::int64_t slots = std::int64_t{batch.gridSide} * batch.gridSide;
    const at::Tensor patches = patchesOf(batch);
    const at::Tensor targets = at::from_blob(const_cast<float *>(batch.patchTargets.data()), {count, slots, 2}, at::kFloat);
    const std::vector<PatchGrid> grids(batch.items.size(), PatchGrid{batch.gridSide, batch.gridSide});
    const auto source = static_cast<std::size_t>(batch.source);
    std::vector<std::int64_t> labels;
    for (const BatchItem &item : batch.items)
        labels.push_back(item.isBlank ? -100 : item.sample->label);
    const at::Tensor wanted = at::tensor(labels);
    if (stage.isTeacher) {
        const at::Tensor scores = m_heads.teacher.scores(m_heads.teacher.forward(patches, batch.gridSide, m_patchSize), source);
        note("teacher-" + m_run.sources[source].name, scores, wanted);
        return at::cross_entropy_loss(scores, wanted, {}, 1, -100, kLabelSmoothing);
    }

    const at::Tensor visual = m_model->tower.forward(patches, grids, {}, m_config.featureBeforeLast);
    at::Tensor loss = at::zeros({});

    const bool hasBoxes = std::any_of(batch.items.begin(), batch.items.end(), [](const BatchItem &item) { return !item.sample->boxes.empty(); });
    if (hasBoxes) {
        const at::Tensor positiveWeight = at::full({2}, 4.0);
        const at::Tensor patchLoss = at::binary_cross_entropy_with_logits(m_heads.patch(visual).to(at::kFloat), targets, {}, positiveWeight);
        loss = loss + patchLoss * (stage.towerOnly ? 1.0 : 0.5);
    }
    const Linear &pooledHead = m_heads.pooled[source];
    if (pooledHead.weight.defined()) {
        const at::Tensor scores = pooledHead(visual.mean(1)).to(at::kFloat);
        note("pooled-" + m_run.sources[source].name, scores, wanted);
        at::Tensor pooledLoss = at::cross_entropy_loss(scores, wanted, {}, 1, -100, stage.towerOnly ? kLabelSmoothing : 0.0) * stage.labelWeight;
        if (stage.teacherWeight > 0 || stage.featureWeight > 0)
            pooledLoss = pooledLoss + distanceToTeacher(stage, patches, batch.gridSide, source, scores, visual);
        loss = loss + pooledLoss * (stage.towerOnly ? 1.0 : 0.3);
    }
    if (stage.towerOnly)
        return loss;

    std::vector<std::vector<TokenisedTurn>> rows;
    for (const BatchItem &item : batch.items)
        rows.push_back(drawTurns(item, stage.questionsPerPicture, random));
    const PackedQuestions packed = packQuestions(rows);
    const at::Tensor projected = m_model->projector.forward(visual);
    const at::Tensor compressed = m_model->compressor.forward(projected, {}, grids);
    const at::Tensor logits = answerLogits(*m_model, packed, projected, compressed);
    // The end token is learnt within fifty steps and would then make up half of the loss.
    const at::Tensor weights = at::ones({logits.size(0)}).masked_fill(packed.isEnd, 0.1);
    const at::Tensor perToken = at::cross_entropy_loss(logits, packed.labels, {}, /*reduction=*/0);
    loss = loss + (perToken * weights).sum() / weights.sum();

    const at::Tensor isRight = (at::argmax(logits, 1) == packed.labels).contiguous();
    std::vector<bool> turnIsRight(packed.families.size(), true);
    for (std::int64_t i = 0; i < isRight.size(0); ++i)
        if (!isRight.const_data_ptr<bool>()[i])
            turnIsRight[static_cast<std::size_t>(packed.turnOf.const_data_ptr<std::int64_t>()[i])] = false;
    for (std::size_t i = 0; i < turnIsRight.size(); ++i)
        m_accuracy.add(m_families[static_cast<std::size_t>(packed.families[i])], turnIsRight[i]);
    return loss;
}

/// The tensors that @p stage trains; all others give up their gradients.
std::map<std::string, at::Tensor> Trainer::trainedIn(const TrainingStage &stage) const
{
    std::map<std::string, at::Tensor> trained;
    for (const auto &[name, parameter] : m_parameters->parameters()) {
        const bool isTeacher = name.starts_with("training.teacher.");
        const bool isHead = !isTeacher && name.starts_with("training.");
        const bool isTrained = isTeacher || stage.isTeacher ? isTeacher && stage.isTeacher
            : stage.towerOnly                  ? isHead || name.starts_with("vision_tower.")
            : isHead                           ? stage.trained == TrainedParts::All // they only teach the tower
                                               : isTrainedIn(static_cast<int>(stage.trained), name);
        at::Tensor(parameter).requires_grad_(isTrained);
        if (isTrained)
            trained[name] = parameter;
    }
    return trained;
}

void Trainer::average(const std::map<std::string, at::Tensor> &trained, std::int64_t step)
{
    if (m_run.averageDecay <= 0)
        return;
    const at::NoGradGuard noGrad;
    // Short at first, so that the start is soon forgotten.
    const double decay = std::min(m_run.averageDecay, (1.0 + static_cast<double>(step)) / (10.0 + static_cast<double>(step)));
    for (const auto &[name, parameter] : trained) {
        const auto [place, isNew] = m_average.try_emplace(name, parameter.detach().clone());
        if (!isNew)
            place->second.mul_(decay).add_(parameter, 1 - decay);
    }
}

/// Shares of right classes on held-out pictures, as the heads of @p stage see them.
nlohmann::ordered_json Trainer::measure(const TrainingStage &stage)
{
    const at::NoGradGuard noGrad;
    nlohmann::ordered_json figures;
    for (std::size_t source = 0; source < m_run.sources.size(); ++source) {
        const std::vector<std::size_t> samples = m_maker->heldOut(source, kMeasuredPictures);
        if (samples.empty() || m_run.sources[source].labels == 0)
            continue;
        constexpr std::size_t kAtOnce = 32;
        std::int64_t right = 0;
        for (std::size_t first = 0; first < samples.size(); first += kAtOnce) {
            const Batch batch = m_maker->plain(stage, std::span(samples).subspan(first, std::min(kAtOnce, samples.size() - first)));
            const at::Tensor patches = patchesOf(batch);
            const std::vector<PatchGrid> grids(batch.items.size(), PatchGrid{batch.gridSide, batch.gridSide});
            const at::Tensor scores = stage.isTeacher
                ? m_heads.teacher.scores(m_heads.teacher.forward(patches, batch.gridSide, m_patchSize), source)
                : m_heads.pooled[source](m_model->tower.forward(patches, grids, {}, m_config.featureBeforeLast).mean(1));
            std::vector<std::int64_t> labels;
            for (const BatchItem &item : batch.items)
                labels.push_back(item.sample->label);
            right += (at::argmax(scores, 1) == at::tensor(labels)).sum().item<std::int64_t>();
        }
        figures[m_run.sources[source].name] = static_cast<double>(right) / static_cast<double>(samples.size());
    }
    return figures;
}

Result<void> Trainer::runStage(std::size_t index, int firstStep)
{
    const TrainingStage &stage = m_run.stages[index];
    const std::map<std::string, at::Tensor> trained = trainedIn(stage);
    Optimiser::Settings settings;
    settings.usesMuon = stage.muonLearningRate > 0;
    settings.usesBf16 = m_usesBf16;
    settings.beta2 = stage.beta2;
    settings.weightDecay = stage.weightDecay;
    settings.clipNorm = stage.clipNorm;
    Optimiser optimiser(trained, settings);
    optimiser.restore(m_restored, m_restoredSteps);
    m_restored.clear();
    m_restoredSteps = 0;
    BatchQueue queue(*m_maker, stage, firstStep * stage.accumulate, m_run.seed + index * 7919);

    const Clock::time_point start = Clock::now();
    Clock::time_point lastCheckpoint = start, lastReport = start;
    const std::int64_t picturesBefore = m_report.picturesSeen;
    for (int step = firstStep; step < stage.steps; ++step) {
        if (m_stop.stop_requested()) {
            const auto saved = saveCheckpoint(index, step, &optimiser);
            return saved ? Result<void>(failure(code::Cancelled, "training was stopped; start it again to go on")) : saved;
        }
        double lossNow = 0;
        for (int part = 0; part < stage.accumulate; ++part) {
            const Batch batch = queue.take();
            std::mt19937_64 random(m_run.seed * 77777ULL + index * 1000000007ULL + static_cast<std::uint64_t>(step * stage.accumulate + part));
            at::Tensor loss;
            {
                const Autocast autocast(m_usesBf16);
                loss = lossOf(stage, batch, random) / stage.accumulate;
            }
            loss.backward();
            lossNow += loss.item<double>();
            m_report.picturesSeen += static_cast<std::int64_t>(batch.items.size());
        }
        const double warm = std::min(1.0, (step + 1.0) / std::max(1, stage.warmupSteps));
        const double progress = static_cast<double>(step) / std::max(1, stage.steps);
        const double cosine = stage.finalShare + (1 - stage.finalShare) * 0.5 * (1 + std::cos(3.14159265358979 * progress));
        const double norm = optimiser.step(stage.learningRate * warm * cosine, stage.muonLearningRate * warm * cosine);
        average(trained, optimiser.steps());

        m_meanLoss = m_meanLoss < 0 ? lossNow : m_meanLoss + 0.02 * (lossNow - m_meanLoss);
        const bool isLast = step + 1 == stage.steps;
        if (isLast || step % std::max(1, stage.steps / kLoggedSteps) == 0)
            m_log.add({{"stage", index + 1}, {"step", step + 1}, {"loss", lossNow}, {"norm", norm}, {"learning_rate", stage.learningRate * warm * cosine},
                       {"muon_learning_rate", stage.muonLearningRate * warm * cosine}, {"pictures", m_report.picturesSeen}});
        if (isLast || (stage.measureEvery > 0 && (step + 1) % stage.measureEvery == 0)) {
            const nlohmann::ordered_json figures = measure(stage);
            if (!figures.empty())
                m_log.add({{"stage", index + 1}, {"step", step + 1}, {"held_out", figures}});
        }
        if (m_listener && (step == firstStep || secondsSince(lastReport) > 10 || isLast)) {
            lastReport = Clock::now();
            const double seconds = secondsSince(start);
            const int done = step + 1 - firstStep;
            m_listener({static_cast<int>(index), step + 1, stage.steps, m_meanLoss, seconds / done * (stage.steps - step - 1),
                        static_cast<double>(m_report.picturesSeen - picturesBefore) / seconds, m_accuracy.text()});
        }
        if (secondsSince(lastCheckpoint) > 60.0 * m_run.checkpointMinutes && !isLast) {
            lastCheckpoint = Clock::now();
            if (const auto saved = saveCheckpoint(index, step + 1, &optimiser); !saved)
                return saved;
        }
    }
    return saveCheckpoint(index + 1, 0, nullptr);
}

/// Everything that the next step depends on; what it draws at random follows from its number.
Result<void> Trainer::saveCheckpoint(std::size_t stage, int step, const Optimiser *optimiser) const
{
    std::map<std::string, at::Tensor> tensors;
    for (const auto &[name, parameter] : m_parameters->parameters())
        tensors[name] = parameter;
    for (const auto &[name, value] : m_average)
        tensors["average." + name] = value;
    if (optimiser)
        optimiser->save(tensors);
    return writeTensorMap(m_out / kCheckpoint, tensors,
                          {{"stage", std::to_string(stage)}, {"step", std::to_string(step)}, {"optimiser_steps", std::to_string(optimiser ? optimiser->steps() : 0)},
                           {"pictures", std::to_string(m_report.picturesSeen)}, {"bf16", m_usesBf16 ? "1" : "0"}, {"mean_loss", nlohmann::json(m_meanLoss).dump()}});
}

Result<void> Trainer::readCheckpoint()
{
    if (!std::filesystem::exists(m_out / kCheckpoint))
        return m_log.startAt(0, 0);
    const Result<TensorFiles> files = TensorFiles::open(m_out / kCheckpoint);
    if (!files)
        return failure(files.error());
    const auto number = [&](const char *key) {
        const auto found = files->metadata().find(key);
        return found == files->metadata().end() ? 0.0 : std::strtod(found->second.c_str(), nullptr);
    };
    m_firstStage = static_cast<std::size_t>(number("stage"));
    m_firstStep = static_cast<int>(number("step"));
    m_restoredSteps = static_cast<std::int64_t>(number("optimiser_steps"));
    m_report.picturesSeen = static_cast<std::int64_t>(number("pictures"));
    m_usesBf16 = number("bf16") != 0;
    m_meanLoss = number("mean_loss");
    for (const auto &[name, tensor] : files->tensors()) {
        if (name.starts_with("optimiser."))
            m_restored[name] = viewOf(tensor, files->mapping()); // in the mapping until the stage has taken it
        else if (name.starts_with(kAverage))
            m_average[name.substr(kAverage.size())] = viewOf(tensor, files->mapping()).clone();
    }
    return m_log.startAt(m_firstStage + 1, m_firstStep);
}

Result<void> Trainer::saveModel() const
{
    std::map<std::string, at::Tensor> tensors;
    for (const auto &[name, parameter] : m_parameters->parameters()) {
        const auto averaged = m_average.find(name);
        if (!name.starts_with("training."))
            tensors[name] = (averaged == m_average.end() ? parameter : averaged->second).detach().to(at::kHalf);
    }
    if (const auto written = writeTensorMap(m_out / "model.safetensors", tensors, {{"format", "pt"}}); !written)
        return written;
    if (!m_config.connectorsTrained)
        if (const auto marked = markTrained(m_out / "config.json"); !marked)
            return marked;
    std::error_code error;
    std::filesystem::remove(m_out / kCheckpoint, error);
    return writeChecksums(m_out);
}

Result<TrainingReport> Trainer::train()
{
    const Clock::time_point start = Clock::now();
    const Result<SelfTest> speed
        = runSelfTest(m_run.threads > 0 ? m_run.threads : static_cast<int>(std::max(1U, std::thread::hardware_concurrency())));
    if (!speed)
        return failure(speed.error());
    // Six times faster where the processor has tiles for it (AMX), half as fast as fp32 where it only has AVX-512.
    m_usesBf16 = speed->bf16Gflops > 1.2 * speed->fp32Gflops;
    for (const auto step : {&Trainer::prepareFolder, &Trainer::tokenise})
        if (const Result<void> done = (this->*step)(); !done)
            return failure(done.error());
    loadPictures();
    if (m_stop.stop_requested())
        return failure(code::Cancelled, "training was stopped before its first step");
    for (const TrainingStage &stage : m_run.stages) {
        if (!m_maker->canDraw(stage))
            return failure(code::RecipeValue,
                           m_report.skippedPictures.empty() ? "there is no picture to learn from"
                                                            : "no picture could be read: " + m_report.skippedPictures.front());
    }

    if (const Result<void> read = readCheckpoint(); !read)
        return failure(read.error());
    if (const Result<void> built = buildModel(); !built)
        return failure(built.error());
    for (std::size_t i = m_firstStage; i < m_run.stages.size(); ++i) {
        if (const Result<void> done = runStage(i, i == m_firstStage ? m_firstStep : 0); !done)
            return failure(done.error());
    }
    if (const Result<void> saved = saveModel(); !saved)
        return failure(saved.error());
    m_report.minutes = secondsSince(start) / 60;
    return m_report;
}

} // namespace

Result<TrainingReport> train(const TrainingRun &run, const TrainingListener &listener, std::stop_token stop)
{
    return guarded("training", [&]() -> Result<TrainingReport> { return Trainer(run, listener, std::move(stop)).train(); });
}

} // namespace auroraedge::engine

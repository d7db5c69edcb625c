#include "engine/training/trainer.h"

#include "engine/core/device.h"
#include "engine/core/guarded.h"
#include "engine/core/self_test.h"
#include "engine/io/durable_file.h"
#include "engine/io/json_document.h"
#include "engine/io/model_folder.h"
#include "engine/models/aurora_edge.h"
#include "engine/training/batch_queue.h"
#include "engine/training/batches.h"
#include "engine/training/data_parallel.h"
#include "engine/training/initialise.h"
#include "engine/training/labelled_batch.h"
#include "engine/training/low_rank.h"
#include "engine/training/optimiser.h"
#include "engine/training/packed_questions.h"
#include "engine/training/patch_loss.h"
#include "engine/training/recomputed.h"
#include "engine/training/remaining_time.h"
#include "engine/training/run_digest.h"
#include "engine/training/teacher.h"
#include "engine/training/training_log.h"
#include "engine/training/training_pictures.h"
#include "engine/training/training_turns.h"

#include <ATen/TensorOperators.h>
#include <ATen/autocast_mode.h>
#include <ATen/core/Reduction.h>
#include <ATen/ops/argmax.h>
#include <ATen/ops/cosine_similarity.h>
#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/log.h>
#include <ATen/ops/log_softmax.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/softmax.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <fstream>
#include <thread>

namespace auroraedge::engine {

namespace {

using Clock = std::chrono::steady_clock;

constexpr char kCheckpoint[] = "checkpoint.safetensors";
constexpr char kBest[] = "best.safetensors"; ///< the weights at the best look at the held-out samples
constexpr char kLast[] = "last.safetensors"; ///< the weights at the end, where the finished model has the best ones
constexpr char kModel[] = "model.safetensors";
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
    Autocast(bool isEnabled, at::DeviceType device) : m_device(device)
    {
        at::autocast::set_autocast_dtype(m_device, at::kBFloat16);
        at::autocast::set_autocast_enabled(m_device, isEnabled);
    }
    ~Autocast()
    {
        at::autocast::set_autocast_enabled(m_device, false);
        at::autocast::clear_cache();
    }
    Autocast(const Autocast &) = delete;
    Autocast &operator=(const Autocast &) = delete;

private:
    at::DeviceType m_device;
};

/// What exists only while training: what is in each patch, which class a whole picture is, and the teacher.
struct TrainingHeads
{
    Linear patch, teacherPatch;
    std::vector<Linear> pooled; ///< one a source; undefined weight where the source has no labels
    std::vector<Linear> kinds, teacherKinds; ///< of a patch's defect; one a source, as above
    Teacher teacher;
    Linear teacherView; ///< the tower's patch as the teacher would see it

    static TrainingHeads take(ParameterSource &source, const TrainingRun &run, const AuroraEdge &model)
    {
        const std::int64_t width = model.config.vision.hiddenSize;
        TrainingHeads heads;
        // The model's own head where it says the same, so that what it learns here ships.
        const bool isModels = model.patchHead && std::ranges::equal(model.config.patchClasses, kPatchClassNames);
        heads.patch = isModels ? *model.patchHead : Linear::take(source, "training.patch_head", width, kPatchClasses);
        heads.teacher = Teacher::take(source, run);
        heads.teacherPatch = Linear::take(source, "training.teacher.patch_head", Teacher::kWidth, kPatchClasses);
        heads.teacherView = Linear::take(source, "training.teacher_view", width, Teacher::kWidth);
        heads.pooled = takePooledHeads(source, "training.pooled_head.", run, width);
        for (const TrainingSource &data : run.sources) {
            const auto head = [&](const std::string &prefix, std::int64_t from) {
                return data.defectKinds > 0 ? Linear::take(source, prefix + data.name, from, data.defectKinds) : Linear{};
            };
            heads.kinds.push_back(head("training.kind_head.", width));
            heads.teacherKinds.push_back(head("training.teacher.kind_head.", Teacher::kWidth));
        }
        return heads;
    }
};

/// Adds what of @p scores [B, classes] is highest at @p labels [B] to hits and count.
void count(std::pair<int, int> &right, const at::Tensor &scores, const at::Tensor &labels)
{
    right.first += (at::argmax(scores, 1) == labels).sum().item<int>();
    right.second += (labels >= 0).sum().item<int>();
}

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

class TemperatureSearch;

class Trainer
{
public:
    Trainer(const TrainingRun &run, const TrainingListener &listener, std::stop_token stop)
        : m_run(run), m_listener(listener), m_stop(std::move(stop)), m_out(run.outFolder), m_log(m_out / "log.jsonl")
    {
    }

    Result<TrainingReport> train();

private:
    Result<void> meetOthers();
    Result<void> recogniseCheckpoint();
    Result<void> prepareFolder();
    Result<void> choosePlace();
    Result<void> prepareLessons();
    Result<std::optional<TensorFiles>> givenWeights() const;
    Result<void> buildModel();
    Result<void> readCheckpoint();
    RemainingTime timeOfStages() const;
    Result<void> runStage(std::size_t index, int firstStep);
    std::map<std::string, at::Tensor> trainedIn(const TrainingStage &stage) const;
    void average(const std::map<std::string, at::Tensor> &trained, std::int64_t step);
    void note(const std::string &name, const at::Tensor &scores, const at::Tensor &wanted);
    at::Tensor distanceToTeacher(const TrainingStage &stage, const at::Tensor &patches, int gridSide, std::size_t source, const at::Tensor &scores,
                                 const at::Tensor &visual) const;
    struct Shown;
    Shown show(const Batch &batch) const;
    at::Tensor lossOf(const TrainingStage &stage, const Batch &batch, std::mt19937_64 &random);
    at::Tensor logitsOf(const PackedQuestions &packed, const at::Tensor &visual, const Shown &shown) const;
    [[nodiscard]] bool shipsBest() const { return m_run.keepsBest && m_best >= 0; }
    [[nodiscard]] bool isFirst() const { return m_processes->rank() == 0; } ///< of the processes: the one that writes
    /// Whether each turn of @p packed is answered right, its end token included.
    static std::vector<bool> rightTurns(const PackedQuestions &packed, const at::Tensor &logits);
    nlohmann::ordered_json measure(const TrainingStage &stage, bool isFinishing, TemperatureSearch *search = nullptr);
    Result<void> settle();
    Result<void> blendWithStart();
    Result<void> calibrate();
    /// @return whether the stage's patience is at its end.
    Result<bool> look(std::size_t stage, int step);
    Result<void> saveCheckpoint(std::size_t stage, int step, const Optimiser *optimiser) const;
    std::map<std::string, at::Tensor> weights() const;
    Result<void> saveModel();

    const TrainingRun &m_run;
    const TrainingListener &m_listener;
    std::stop_token m_stop;
    std::filesystem::path m_out;
    AuroraEdgeConfig m_config;
    int m_patchSize = 16;
    at::Device m_device = at::kCPU;
    bool m_usesBf16 = false;
    std::optional<DataParallel> m_processes;
    std::optional<TrainingTurns> m_turns;
    std::unique_ptr<TrainingPictures> m_pictures;
    std::unique_ptr<BatchMaker> m_maker;
    std::unique_ptr<TrainableParameters> m_parameters;
    std::optional<LowRankAdapters> m_adapters;
    std::unique_ptr<AuroraEdge> m_model;
    TrainingHeads m_heads;
    RunningAccuracy m_accuracy;
    TrainingReport m_report;
    TrainingLog m_log;
    std::string m_digest; ///< of the run, for its checkpoints
    std::optional<RemainingTime> m_time;
    double m_meanLoss = -1; ///< below 0: none yet
    std::map<std::string, at::Tensor> m_average; ///< by name, of what was trained so far
    double m_best = -1; ///< the best look at held-out answers so far, whose weights are in kBest; below 0: none yet
    double m_stageBest = -1; ///< the best look of this stage
    int m_looksWithout = 0;  ///< looks since then
    // Of the checkpoint.
    std::size_t m_firstStage = 0;
    int m_firstStep = 0;
    std::map<std::string, at::Tensor> m_restored;
    std::int64_t m_restoredSteps = 0;
};

/// A batch on the device.
struct Trainer::Shown
{
    at::Tensor patches; ///< [B, slots, values]
    at::Tensor targets; ///< [B, slots, kPatchClasses]
    at::Tensor kinds;   ///< [B, slots] int64, kNoKind where there is none
    at::Tensor labels;  ///< [B] int64, kNoKind where there is none
    std::vector<PatchGrid> grids;
};

/// Changes config.json durably.
Result<void> amendConfig(const std::filesystem::path &file, const std::function<void(nlohmann::ordered_json &)> &change)
{
    JsonLimits limits;
    limits.maxBytes = kMaxConfigBytes;
    const Result<nlohmann::json> checked = readJsonFile(file, code::ConfigValue, limits);
    if (!checked)
        return failure(checked.error());
    std::ifstream stream(file);
    nlohmann::ordered_json config = nlohmann::ordered_json::parse(stream); // its keys in their order
    change(config);
    const std::string text = config.dump(2) + "\n";
    const std::span<const std::byte> content = std::as_bytes(std::span(text));
    return writeDurably(file, {&content, 1});
}

/// Loss of held-out answers at a range of temperatures.
class TemperatureSearch
{
public:
    /// @param logits [L, vocab]; labels [L].
    void add(const at::Tensor &logits, const at::Tensor &labels)
    {
        for (int i = 0; i < kSteps; ++i)
            m_losses[static_cast<std::size_t>(i)] += at::cross_entropy_loss(logits / at(i), labels, {}, at::Reduction::Sum).item<double>();
    }
    /// At which the answers' probabilities promise what is kept.
    [[nodiscard]] double best() const { return at(static_cast<int>(std::ranges::min_element(m_losses) - m_losses.begin())); }

private:
    static constexpr int kSteps = 41;
    static double at(int step) { return 0.5 * std::pow(10.0, step / (kSteps - 1.0)); } ///< 0.5 .. 5

    std::array<double, kSteps> m_losses{};
};

Result<void> Trainer::meetOthers()
{
    DataParallel::Place place;
    place.rank = m_run.processes.rank;
    place.size = m_run.processes.size;
    // Rank 0 alone looks at held-out samples and saves; the others wait. One that is gone is noticed at once.
    place.timeout = std::chrono::minutes(20);
    const std::string &meeting = m_run.processes.meeting;
    const std::size_t colon = meeting.rfind(':');
    if (const bool isAddress = colon != std::string::npos && meeting.find('/') == std::string::npos; isAddress) {
        place.host = meeting.substr(0, colon);
        place.port = static_cast<std::uint16_t>(std::strtoul(meeting.c_str() + colon + 1, nullptr, 10));
    } else {
        place.file = meeting;
    }
    Result<DataParallel> joined = DataParallel::join(place);
    if (!joined)
        return failure(joined.error());
    m_processes.emplace(std::move(*joined));
    return {};
}

/// Refuses another run's checkpoint, before anything in the folder is changed.
Result<void> Trainer::recogniseCheckpoint()
{
    Result<std::string> digest = RunDigest::of(m_run, m_stop);
    if (!digest)
        return failure(digest.error());
    m_digest = *std::move(digest);
    if (!std::filesystem::exists(m_out / kCheckpoint))
        return {};
    const Result<TensorFiles> files = TensorFiles::open(m_out / kCheckpoint);
    if (!files)
        return failure(files.error());
    // One that tells nothing is of a version that did not yet.
    if (const auto told = files->metadata().find("run"); told != files->metadata().end() && told->second != m_digest)
        return failure(code::RecipeValue, "the checkpoint in " + m_out.string() + " belongs to another recipe; give another folder or remove it",
                       m_out.string());
    return {};
}

Result<void> Trainer::prepareFolder()
{
    std::error_code error;
    std::filesystem::create_directories(m_out, error);
    if (error)
        return failure(code::FolderNotWritable, "cannot write to " + m_out.string() + "; choose another", m_out.string());
    for (const char *name : {"config.json", "generation_config.json", "preprocessor_config.json", "tokenizer.json"}) {
        if (!isFirst())
            break;
        const std::filesystem::path from = std::filesystem::path(m_run.modelFolder) / name;
        if (std::filesystem::exists(from) && !std::filesystem::equivalent(m_run.modelFolder, m_out, error))
            std::filesystem::copy_file(from, m_out / name, std::filesystem::copy_options::overwrite_existing, error);
    }
    if (const Result<void> prepared = m_processes->barrier(); !prepared)
        return prepared;
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

Result<void> Trainer::choosePlace()
{
    const int threads = m_run.threads > 0 ? m_run.threads : static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
    const Result<SelfTest> speed = runSelfTest(threads);
    if (!speed)
        return failure(speed.error());
    const Result<Placement> place = placeModel(m_run.device, Precision::Fp32, 0);
    if (!place)
        return failure(place.error());
    m_device = place->device;
    // On the CPU six times faster where the processor has tiles for it (AMX), half as fast as fp32 with AVX-512 alone.
    const bool isBf16Faster = m_device.is_cuda() || speed->bf16Gflops > 1.2 * speed->fp32Gflops;
    m_usesBf16 = m_run.precision == Precision::Bf16 || (m_run.precision == Precision::Auto && isBf16Faster);
    return {};
}

/// Those of the checkpoint, else of the model folder; none where it holds none.
Result<std::optional<TensorFiles>> Trainer::givenWeights() const
{
    const bool goesOn = std::filesystem::exists(m_out / kCheckpoint);
    Result<TensorFiles> files = TensorFiles::open(goesOn ? m_out / kCheckpoint : std::filesystem::path(m_run.modelFolder));
    if (files)
        return std::optional(*std::move(files));
    const bool isFresh = !goesOn && files.error().code == code::ModelFolder;
    return isFresh ? Result<std::optional<TensorFiles>>(std::nullopt) : failure(files.error());
}

Result<void> Trainer::buildModel()
{
    Result<std::optional<TensorFiles>> files = givenWeights();
    if (!files)
        return failure(files.error());
    m_parameters = std::make_unique<TrainableParameters>(*std::move(files), m_run.seed, m_device);
    ParameterSource *source = m_parameters.get();
    if (m_run.adapters.rank > 0) {
        const LowRankAdapters::Settings settings{{m_run.adapters.ofTower, m_run.adapters.ofDecoder}, m_run.adapters.rank, m_run.adapters.alpha};
        source = &m_adapters.emplace(*m_parameters, settings, m_run.seed);
    }
    m_model = std::make_unique<AuroraEdge>(AuroraEdge::take(*source, m_config));
    if (const Result<void> whole = m_parameters->check(); !whole) // the heads below are the trainer's own
        return whole;
    if (m_adapters)
        m_adapters->restore(m_restored);
    if (m_run.recomputes) {
        m_model->tower.setLayerRunner(recomputed);
        m_model->decoder.setLayerRunner(recomputed);
    }
    m_heads = TrainingHeads::take(*m_parameters, m_run, *m_model);
    return {};
}

/// Running share of right answers under @p name. @param scores [B, classes]; wanted [B], below 0: no label.
void Trainer::note(const std::string &name, const at::Tensor &scores, const at::Tensor &wanted)
{
    const at::Tensor best = at::argmax(scores, 1).to(at::kCPU).contiguous(), labels = wanted.to(at::kCPU);
    for (std::int64_t i = 0; i < labels.size(0); ++i)
        if (const std::int64_t label = labels.const_data_ptr<std::int64_t>()[i]; label >= 0)
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

Trainer::Shown Trainer::show(const Batch &batch) const
{
    const auto count = static_cast<std::int64_t>(batch.items.size());
    const std::int64_t slots = std::int64_t{batch.gridSide} * batch.gridSide, values = std::int64_t{m_patchSize} * m_patchSize * 3;
    const auto view = [&](const std::vector<float> &numbers, std::int64_t width) {
        return at::from_blob(const_cast<float *>(numbers.data()), {count, slots, width}, at::kFloat).to(m_device);
    };
    std::vector<std::int64_t> labels;
    for (const BatchItem &item : batch.items)
        labels.push_back(item.isBlank || item.sample->label < 0 ? kNoKind : item.sample->label);
    const at::Tensor kinds = at::from_blob(const_cast<std::int64_t *>(batch.patchKinds.data()), {count, slots}, at::kLong).to(m_device);
    return {view(batch.patches, values), view(batch.patchTargets, kPatchClasses), kinds, at::tensor(labels).to(m_device),
            std::vector<PatchGrid>(batch.items.size(), PatchGrid{batch.gridSide, batch.gridSide})};
}

at::Tensor Trainer::lossOf(const TrainingStage &stage, const Batch &batch, std::mt19937_64 &random)
{
    const Shown shown = show(batch);
    const auto source = static_cast<std::size_t>(batch.source);
    const std::string &name = m_run.sources[source].name;
    if (stage.isTeacher) {
        const Teacher::Output seen = m_heads.teacher.forward(shown.patches, batch.gridSide, m_patchSize);
        const at::Tensor scores = m_heads.teacher.scores(seen, source);
        note("teacher-" + name, scores, shown.labels);
        const at::Tensor loss = at::cross_entropy_loss(scores, shown.labels, {}, 1, kNoKind, kLabelSmoothing);
        if (stage.patchWeight <= 0 || !m_maker->hasBoxes(source))
            return loss;
        return loss + patchesLoss(seen.features, m_heads.teacherPatch, shown.targets, m_heads.teacherKinds[source], shown.kinds) * stage.patchWeight;
    }

    const at::Tensor visual = m_model->tower.forward(shown.patches, shown.grids, {}, m_config.featureBeforeLast);
    at::Tensor loss = at::zeros({}, shown.patches.options());
    if (stage.patchWeight > 0 && m_maker->hasBoxes(source))
        loss = loss + patchesLoss(visual, m_heads.patch, shown.targets, m_heads.kinds[source], shown.kinds) * (stage.patchWeight * (stage.towerOnly ? 1.0 : 0.5));
    const Linear &pooledHead = m_heads.pooled[source];
    if (pooledHead.weight.defined()) {
        const at::Tensor scores = pooledHead(visual.mean(1)).to(at::kFloat);
        note("pooled-" + name, scores, shown.labels);
        at::Tensor pooledLoss = at::cross_entropy_loss(scores, shown.labels, {}, 1, kNoKind, stage.towerOnly ? kLabelSmoothing : 0.0) * stage.labelWeight;
        if (stage.teacherWeight > 0 || stage.featureWeight > 0)
            pooledLoss = pooledLoss + distanceToTeacher(stage, shown.patches, batch.gridSide, source, scores, visual);
        loss = loss + pooledLoss * (stage.towerOnly ? 1.0 : 0.3);
    }
    if (stage.towerOnly)
        return loss;

    std::vector<std::vector<TokenisedTurn>> rows;
    for (const BatchItem &item : batch.items)
        rows.push_back(m_turns->draw(item, stage.questionsPerPicture, random));
    if (std::ranges::all_of(rows, &std::vector<TokenisedTurn>::empty)) // pictures without questions, by chance together
        return loss;
    const PackedQuestions packed = packQuestions(rows, m_device);
    const at::Tensor logits = logitsOf(packed, visual, shown);
    // The end token is learnt within fifty steps and would then make up half of the loss.
    const at::Tensor weights = at::ones({logits.size(0)}, shown.patches.options()).masked_fill(packed.isEnd, 0.1);
    const at::Tensor perToken = at::cross_entropy_loss(logits, packed.labels, {}, /*reduction=*/0);
    const std::vector<bool> isRight = rightTurns(packed, logits);
    for (std::size_t i = 0; i < isRight.size(); ++i)
        m_accuracy.add(m_turns->families()[static_cast<std::size_t>(packed.families[i])], isRight[i]);
    return loss + (perToken * weights).sum() / weights.sum();
}

at::Tensor Trainer::logitsOf(const PackedQuestions &packed, const at::Tensor &visual, const Shown &shown) const
{
    const at::Tensor projected = m_model->projector.forward(visual);
    return answerLogits(*m_model, packed, projected, m_model->compressor.forward(projected, {}, shown.grids));
}

std::vector<bool> Trainer::rightTurns(const PackedQuestions &packed, const at::Tensor &logits)
{
    const at::Tensor isRight = (at::argmax(logits, 1) == packed.labels).to(at::kCPU).contiguous(), turnOf = packed.turnOf.to(at::kCPU);
    std::vector<bool> turns(packed.families.size(), true);
    for (std::int64_t i = 0; i < isRight.size(0); ++i)
        if (!isRight.const_data_ptr<bool>()[i])
            turns[static_cast<std::size_t>(turnOf.const_data_ptr<std::int64_t>()[i])] = false;
    return turns;
}

/// The tensors that @p stage trains; all others give up their gradients.
std::map<std::string, at::Tensor> Trainer::trainedIn(const TrainingStage &stage) const
{
    std::map<std::string, at::Tensor> trained;
    for (const auto &[name, parameter] : m_parameters->parameters()) {
        const bool isTeacher = name.starts_with("training.teacher.");
        const bool isHead = !isTeacher && name.starts_with("training.");
        const bool isTrained = isTeacher || stage.isTeacher ? isTeacher && stage.isTeacher
            : stage.towerOnly                  ? isHead || name.starts_with("vision_tower.") || name.starts_with("patch_head.")
            : isHead                           ? stage.trained == TrainedParts::All // they only teach the tower
                                               : isTrainedIn(static_cast<int>(stage.trained), name);
        const bool isKept = m_adapters && m_adapters->lowRankOf(name).down.defined(); // it learns beside itself
        at::Tensor(parameter).requires_grad_(isTrained && !isKept);
        if (isTrained && !isKept)
            trained[name] = parameter;
    }
    if (m_adapters && !stage.isTeacher) {
        for (const auto &[name, parameter] : m_adapters->parameters())
            if (!stage.towerOnly || name.starts_with("lora.vision_tower."))
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

/// Shares of right classes (of the teacher or the tower) or right answers on held-out pictures, by source or family. An
/// answer is right when each of its tokens is the likeliest one behind the tokens before it, which is to say when the
/// model would have given it.
/// @param isFinishing whether the stage shows pictures at its finishing size by now. @param search is given the answers.
nlohmann::ordered_json Trainer::measure(const TrainingStage &stage, bool isFinishing, TemperatureSearch *search)
{
    const at::NoGradGuard noGrad;
    const Autocast autocast(m_usesBf16, m_device.type());
    std::map<std::string, std::pair<int, int>> right; // of how many
    const bool hasAnswers = !stage.isTeacher && !stage.towerOnly;
    for (std::size_t source = 0; source < m_run.sources.size(); ++source) {
        std::vector<std::size_t> samples = m_maker->heldOut(source, kMeasuredPictures);
        if (hasAnswers)
            std::erase_if(samples, [&](std::size_t index) { return !m_turns->hasTurns(index); });
        else if (m_run.sources[source].labels == 0)
            continue;
        constexpr std::size_t kAtOnce = 32;
        for (std::size_t first = 0; first < samples.size(); first += kAtOnce) {
            const auto part = std::span(samples).subspan(first, std::min(kAtOnce, samples.size() - first));
            const Batch batch = m_maker->plain(stage, isFinishing, part);
            const Shown shown = show(batch);
            if (stage.isTeacher) {
                const at::Tensor scores = m_heads.teacher.scores(m_heads.teacher.forward(shown.patches, batch.gridSide, m_patchSize), source);
                count(right[m_run.sources[source].name], scores, shown.labels);
                continue;
            }
            const at::Tensor visual = m_model->tower.forward(shown.patches, shown.grids, {}, m_config.featureBeforeLast);
            if (!hasAnswers) {
                count(right[m_run.sources[source].name], m_heads.pooled[source](visual.mean(1)), shown.labels);
                continue;
            }
            std::vector<std::vector<TokenisedTurn>> rows;
            for (const std::size_t index : part)
                rows.push_back({m_turns->heldOut(index)});
            const PackedQuestions packed = packQuestions(rows, m_device);
            const at::Tensor logits = logitsOf(packed, visual, shown);
            if (search)
                search->add(logits, packed.labels);
            const std::vector<bool> isRight = rightTurns(packed, logits);
            for (std::size_t i = 0; i < isRight.size(); ++i) {
                auto &[hits, of] = right[m_turns->families()[static_cast<std::size_t>(packed.families[i])]];
                hits += isRight[i] ? 1 : 0;
                ++of;
            }
        }
    }
    nlohmann::ordered_json figures;
    for (const auto &[name, counts] : right)
        figures[name] = static_cast<double>(counts.first) / counts.second;
    return figures;
}

/// Looks at the held-out samples, writes down what was seen, and keeps the weights of the best look at answers.
Result<bool> Trainer::look(std::size_t stage, int step)
{
    const TrainingStage &now = m_run.stages[stage];
    if (const nlohmann::ordered_json figures = isFirst() ? measure(now, isFinishing(now, step)) : nlohmann::ordered_json(); !figures.empty()) {
        double sum = 0;
        for (const auto &[name, share] : figures.items())
            sum += share.get<double>();
        const double mean = sum / static_cast<double>(figures.size());
        m_log.add({{"stage", stage + 1}, {"step", step}, {"held_out", figures}, {"held_out_mean", mean}});
        m_looksWithout = mean > m_stageBest ? 0 : m_looksWithout + 1;
        m_stageBest = std::max(m_stageBest, mean);
        if (!now.isTeacher && !now.towerOnly && mean > m_best) {
            m_best = mean;
            const std::map<std::string, std::string> when{{"format", "pt"}, {"stage", std::to_string(stage + 1)}, {"step", std::to_string(step)}};
            if (const auto written = writeTensorMap(m_out / kBest, weights(), when); !written)
                return failure(written.error());
        }
    }
    const Result<double> impatient = m_processes->sum(now.patience > 0 && m_looksWithout >= now.patience ? 1 : 0);
    return impatient ? Result<bool>(*impatient > 0) : failure(impatient.error());
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
    // On the CPU one core's share of drawing is enough; a GPU takes as many batches as the cores can draw.
    const int drawers = m_device.is_cuda() ? static_cast<int>(std::max(1U, std::thread::hardware_concurrency())) : 1;
    const BatchShare share{m_processes->rank(), m_processes->size()};
    BatchQueue queue(*m_maker, stage, firstStep, m_run.seed + index * 7919, share, drawers);

    const Clock::time_point start = Clock::now();
    Clock::time_point lastCheckpoint = start, lastReport = start;
    const std::int64_t picturesBefore = m_report.picturesSeen;
    for (int step = firstStep; step < stage.steps; ++step) {
        const Result<double> stopping = m_processes->sum(m_stop.stop_requested() ? 1 : 0); // at the same step in all
        if (!stopping)
            return failure(stopping.error());
        if (*stopping > 0) {
            const auto saved = saveCheckpoint(index, step, &optimiser);
            return saved ? Result<void>(failure(code::Cancelled, "training was stopped; start it again to go on")) : saved;
        }
        double lossNow = 0;
        for (int part = 0; part < stage.accumulate; ++part) {
            const auto [number, batch] = queue.take();
            std::mt19937_64 random(m_run.seed * 77777ULL + index * 1000000007ULL + static_cast<std::uint64_t>(number));
            at::Tensor loss;
            {
                const Autocast autocast(m_usesBf16, m_device.type());
                loss = lossOf(stage, batch, random) / stage.accumulate;
            }
            if (loss.requires_grad()) // else there was nothing to learn in it
                loss.backward();
            lossNow += loss.item<double>();
            m_report.picturesSeen += static_cast<std::int64_t>(batch.items.size()) * m_processes->size();
        }
        if (const Result<void> averaged = m_processes->averageGradients(trained); !averaged)
            return averaged;
        const double warm = std::min(1.0, (step + 1.0) / std::max(1, stage.warmupSteps));
        const double progress = static_cast<double>(step) / std::max(1, stage.steps);
        const double cosine = stage.finalShare + (1 - stage.finalShare) * 0.5 * (1 + std::cos(3.14159265358979 * progress));
        const double norm = optimiser.step(stage.learningRate * warm * cosine, stage.muonLearningRate * warm * cosine);
        average(trained, optimiser.steps());

        const Result<double> lossOfAll = m_processes->sum(lossNow / m_processes->size());
        if (!lossOfAll)
            return failure(lossOfAll.error());
        lossNow = *lossOfAll;
        m_meanLoss = m_meanLoss < 0 ? lossNow : m_meanLoss + 0.02 * (lossNow - m_meanLoss);
        const bool isLast = step + 1 == stage.steps;
        if (isFirst() && (isLast || step % std::max(1, stage.steps / kLoggedSteps) == 0))
            m_log.add({{"stage", index + 1}, {"step", step + 1}, {"loss", lossNow}, {"norm", norm}, {"learning_rate", stage.learningRate * warm * cosine},
                       {"muon_learning_rate", stage.muonLearningRate * warm * cosine}, {"pictures", m_report.picturesSeen}});
        if (isLast || (stage.measureEvery > 0 && (step + 1) % stage.measureEvery == 0)) {
            const Result<bool> isEnough = look(index, step + 1);
            if (!isEnough)
                return failure(isEnough.error());
            if (*isEnough)
                break;
        }
        if (m_listener && (step == firstStep || secondsSince(lastReport) > 10 || isLast)) {
            lastReport = Clock::now();
            const double seconds = secondsSince(start);
            m_time->measure(index, firstStep, step + 1, seconds);
            m_listener({static_cast<int>(index), step + 1, stage.steps, m_meanLoss, m_time->seconds(index, step + 1),
                        static_cast<double>(m_report.picturesSeen - picturesBefore) / seconds, m_accuracy.text()});
        }
        if (secondsSince(lastCheckpoint) > 60.0 * m_run.checkpointMinutes && !isLast) {
            lastCheckpoint = Clock::now();
            if (const auto saved = saveCheckpoint(index, step + 1, &optimiser); !saved)
                return saved;
        }
    }
    m_stageBest = -1;
    m_looksWithout = 0;
    return saveCheckpoint(index + 1, 0, nullptr);
}

/// Everything that the next step depends on; what it draws at random follows from its number.
Result<void> Trainer::saveCheckpoint(std::size_t stage, int step, const Optimiser *optimiser) const
{
    if (!isFirst())
        return {};
    std::map<std::string, at::Tensor> tensors;
    for (const auto &[name, parameter] : m_parameters->parameters())
        tensors[name] = parameter;
    if (m_adapters)
        tensors.insert(m_adapters->parameters().begin(), m_adapters->parameters().end());
    for (const auto &[name, value] : m_average)
        tensors["average." + name] = value;
    if (optimiser)
        optimiser->save(tensors);
    return writeTensorMap(m_out / kCheckpoint, tensors,
                          {{"stage", std::to_string(stage)}, {"step", std::to_string(step)}, {"optimiser_steps", std::to_string(optimiser ? optimiser->steps() : 0)},
                           {"run", m_digest}, {"pictures", std::to_string(m_report.picturesSeen)}, {"bf16", m_usesBf16 ? "1" : "0"},
                           {"mean_loss", nlohmann::json(m_meanLoss).dump()}, {"best", nlohmann::json(m_best).dump()},
                           {"stage_best", nlohmann::json(m_stageBest).dump()}, {"looks_without", std::to_string(m_looksWithout)}});
}

Result<void> Trainer::readCheckpoint()
{
    if (!std::filesystem::exists(m_out / kCheckpoint)) {
        if (!isFirst())
            return {};
        for (const char *old : {kBest, kLast}) // of another run
            std::filesystem::remove(m_out / old);
        return m_log.startAt(0, 0);
    }
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
    m_best = number("best");
    m_stageBest = number("stage_best");
    m_looksWithout = static_cast<int>(number("looks_without"));
    for (const auto &[name, tensor] : files->tensors()) {
        if (name.starts_with("optimiser.") || name.starts_with("lora."))
            m_restored[name] = viewOf(tensor, files->mapping()); // in the mapping until the stage has taken it
        else if (name.starts_with(kAverage))
            m_average[name.substr(kAverage.size())] = viewOf(tensor, files->mapping()).clone().to(m_device);
    }
    return isFirst() ? m_log.startAt(m_firstStage + 1, m_firstStep) : Result<void>();
}

/// What ships: no training head, fp16, averages where there are any.
std::map<std::string, at::Tensor> Trainer::weights() const
{
    std::map<std::string, at::Tensor> all = m_adapters ? m_adapters->merged(m_average) : m_parameters->parameters();
    std::map<std::string, at::Tensor> tensors;
    for (const auto &[name, parameter] : all) {
        const auto averaged = m_average.find(name);
        if (!name.starts_with("training."))
            tensors[name] = (averaged == m_average.end() ? parameter : averaged->second).detach().to(at::kHalf);
    }
    return tensors;
}

/// Puts the weights that are to ship in the place of the last step's.
Result<void> Trainer::settle()
{
    const at::NoGradGuard noGrad;
    const auto put = [](const std::map<std::string, at::Tensor> &parameters, const std::string &name, const at::Tensor &value) {
        if (const auto found = parameters.find(name); found != parameters.end())
            at::Tensor(found->second).copy_(value);
    };
    for (const auto &[name, average] : m_average) {
        put(m_parameters->parameters(), name, average);
        if (m_adapters)
            put(m_adapters->parameters(), name, average);
    }
    m_average.clear();
    if (!shipsBest())
        return {};
    if (const auto written = writeTensorMap(m_out / kLast, weights(), {{"format", "pt"}}); !written)
        return written;
    const Result<TensorFiles> best = TensorFiles::open(m_out / kBest);
    if (!best)
        return failure(best.error());
    for (const auto &[name, tensor] : best->tensors())
        put(m_parameters->parameters(), name, viewOf(tensor, best->mapping()));
    if (m_adapters) // they are in the best weights already
        for (const auto &[name, parameter] : m_adapters->parameters())
            if (name.ends_with(".B"))
                at::Tensor(parameter).zero_();
    return {};
}

/// What a model knew and was not shown again is partly forgotten; between both weights lie some that know old and new.
Result<void> Trainer::blendWithStart()
{
    if (m_run.startShare <= 0)
        return {};
    const Result<TensorFiles> start = TensorFiles::open(m_run.modelFolder);
    if (!start)
        return start.error().code == code::ModelFolder ? Result<void>() : failure(start.error()); // it began at random
    const at::NoGradGuard noGrad;
    for (const auto &[name, parameter] : m_parameters->parameters()) {
        if (const auto tensor = start->find(name))
            at::Tensor(parameter).mul_(1 - m_run.startShare).add_(viewOf(*tensor, start->mapping()).to(parameter.options()), m_run.startShare);
    }
    return {};
}

/// Fits the temperature of the probabilities that the model will tell to held-out answers.
Result<void> Trainer::calibrate()
{
    const TrainingStage &last = m_run.stages.back();
    if (last.isTeacher || last.towerOnly)
        return {};
    TemperatureSearch search;
    const nlohmann::ordered_json figures = measure(last, true, &search);
    if (figures.empty())
        return {};
    m_log.add({{"stage", m_run.stages.size()}, {"shipped", figures}, {"temperature", search.best()}});
    return amendConfig(m_out / "config.json", [&](nlohmann::ordered_json &config) { config["calibration"]["temperature"] = search.best(); });
}

Result<void> Trainer::saveModel()
{
    for (const auto step : {&Trainer::settle, &Trainer::blendWithStart, &Trainer::calibrate})
        if (const Result<void> done = (this->*step)(); !done)
            return done;
    std::error_code error;
    if (shipsBest() && m_run.startShare <= 0)
        std::filesystem::copy_file(m_out / kBest, m_out / kModel, std::filesystem::copy_options::overwrite_existing, error);
    else if (const auto written = writeTensorMap(m_out / kModel, weights(), {{"format", "pt"}}); !written)
        return written;
    if (error)
        return failure(code::FolderNotWritable, "cannot write to " + m_out.string() + "; choose another", m_out.string());
    if (!m_config.connectorsTrained) // the mark of an import
        if (const auto marked = amendConfig(m_out / "config.json", [](nlohmann::ordered_json &config) { config.erase("connectors_trained"); }); !marked)
            return marked;
    if (const Result<void> listed = writeChecksums(m_out); !listed)
        return listed;
    std::filesystem::remove(m_out / kCheckpoint, error); // last: a run that is killed before this goes on from it
    return {};
}

/// How much there is to do, in multiply-adds of the forward pass.
RemainingTime Trainer::timeOfStages() const
{
    const auto weightsOf = [&](std::string_view prefix) {
        double count = 0;
        for (const auto &[name, parameter] : m_parameters->parameters())
            if (name.starts_with(prefix) && name.find("embed_tokens") == std::string::npos)
                count += static_cast<double>(parameter.numel());
        return count;
    };
    const double tower = weightsOf("vision_tower."), decoder = weightsOf("language_model.");
    const double connectors = weightsOf("projector.") + weightsOf("fusion."), teacher = Teacher::multiplyAdds(m_patchSize);
    const auto workOf = [&](const TrainingStage &stage, bool finish) {
        const BatchSize size = m_maker->averageSize(stage, finish);
        if (stage.isTeacher)
            return stage.accumulate * size.patches * teacher;
        const bool isTaught = stage.teacherWeight > 0 || stage.featureWeight > 0;
        double work = size.patches * (tower + (isTaught ? teacher / 3 : 0)); // the teacher answers and learns no more
        if (hasQuestions(stage))
            work += (size.patches + size.textTokens) * connectors
                + (size.pictures * static_cast<double>(m_config.visualTokens()) + size.textTokens) * decoder;
        return stage.accumulate * work;
    };
    std::vector<RemainingTime::Stage> stages;
    for (const TrainingStage &stage : m_run.stages) {
        using Kind = RemainingTime::Kind;
        const Kind kind = stage.isTeacher ? Kind::Teacher : stage.towerOnly ? Kind::Tower : Kind::Whole;
        stages.push_back({kind, stage.steps, finishFrom(stage), workOf(stage, false), workOf(stage, true)});
    }
    return RemainingTime(std::move(stages));
}

/// Questions as ids, pictures looked at, and what of both is left out told.
Result<void> Trainer::prepareLessons()
{
    if (!isFirst()) // the tokenizer is learned once
        if (const Result<void> learned = m_processes->barrier(); !learned)
            return learned;
    Result<TrainingTurns> turns = TrainingTurns::of(m_run, m_config, m_out);
    if (!turns)
        return failure(turns.error());
    if (isFirst())
        if (const Result<void> told = m_processes->barrier(); !told)
            return told;
    m_turns = std::move(*turns);
    m_pictures = std::make_unique<TrainingPictures>(m_run);
    std::vector<std::string> &skipped = m_report.skippedPictures;
    skipped = m_pictures->check(m_stop);
    skipped.insert(skipped.end(), m_turns->leftOut().begin(), m_turns->leftOut().end());
    if (m_listener && !skipped.empty()) {
        TrainingProgress told;
        told.steps = m_run.stages.front().steps;
        told.skippedPictures = skipped;
        m_listener(told);
    }
    m_maker = std::make_unique<BatchMaker>(m_run, *m_pictures, m_turns->lengths(), m_patchSize);
    if (m_stop.stop_requested())
        return failure(code::Cancelled, "training was stopped before its first step");
    for (const TrainingStage &stage : m_run.stages) {
        if (!m_maker->canDraw(stage))
            return failure(code::RecipeValue, skipped.empty() ? "there is no picture to learn from"
                                                              : "there is nothing left to learn from: " + skipped.front());
    }
    return {};
}

Result<TrainingReport> Trainer::train()
{
    const Clock::time_point start = Clock::now();
    for (const auto step : {&Trainer::meetOthers, &Trainer::recogniseCheckpoint, &Trainer::choosePlace, &Trainer::prepareFolder,
                            &Trainer::prepareLessons, &Trainer::readCheckpoint, &Trainer::buildModel})
        if (const Result<void> done = (this->*step)(); !done)
            return failure(done.error());
    m_time = timeOfStages();
    if (const Result<void> alike = m_processes->broadcast(m_parameters->parameters()); !alike)
        return failure(alike.error());
    for (std::size_t i = m_firstStage; i < m_run.stages.size(); ++i) {
        if (const Result<void> done = runStage(i, i == m_firstStage ? m_firstStep : 0); !done)
            return failure(done.error());
    }
    if (isFirst())
        if (const Result<void> saved = saveModel(); !saved)
            return failure(saved.error());
    if (const Result<void> done = m_processes->barrier(); !done)
        return failure(done.error());
    m_report.minutes = secondsSince(start) / 60;
    return m_report;
}

} // namespace

Result<TrainingReport> train(const TrainingRun &run, const TrainingListener &listener, std::stop_token stop)
{
    return guarded("training", [&]() -> Result<TrainingReport> { return Trainer(run, listener, std::move(stop)).train(); });
}

} // namespace auroraedge::engine

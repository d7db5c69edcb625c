#include "engine/training/trainer.h"

#include "engine/core/device.h"
#include "engine/core/guarded.h"
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
#include "engine/training/recomputed.h"
#include "engine/training/remaining_time.h"
#include "engine/training/run_digest.h"
#include "engine/training/student.h"
#include "engine/training/teacher.h"
#include "engine/training/training_log.h"
#include "engine/training/training_pictures.h"
#include "engine/training/training_turns.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <fstream>
#include <thread>

namespace auroraedge::engine {

namespace {

using Clock = std::chrono::steady_clock;
using Figures = std::map<std::string, double>; ///< shares of right answers by family

constexpr char kCheckpoint[] = "checkpoint.safetensors";
constexpr char kBest[] = "best.safetensors"; ///< the weights at the best look at the held-out samples
constexpr char kLast[] = "last.safetensors"; ///< the weights at the end, where the finished model has the best ones
constexpr char kModel[] = "model.safetensors";
constexpr std::string_view kAverage = "average.";
constexpr int kLoggedSteps = 1000; ///< of a stage, spread evenly

double secondsSince(Clock::time_point start)
{
    return std::chrono::duration<double>(Clock::now() - start).count();
}

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
    void swapAverages();
    [[nodiscard]] bool shipsBest() const { return m_run.keepsBest && m_best >= 0; }
    [[nodiscard]] bool isFirst() const { return m_processes->rank() == 0; } ///< of the processes: the one that writes
    Result<void> settle();
    Result<void> blendWithStart();
    Result<void> calibrate();
    Result<Figures> measure(const TrainingStage &stage, int step);
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
    at::Device m_device = at::kCPU;
    bool m_usesBf16 = false;
    std::optional<DataParallel> m_processes;
    std::optional<TrainingTurns> m_turns;
    std::unique_ptr<TrainingPictures> m_pictures;
    std::unique_ptr<BatchMaker> m_maker;
    std::unique_ptr<TrainableParameters> m_parameters;
    std::optional<LowRankAdapters> m_adapters;
    std::optional<Student> m_student;
    TrainingReport m_report;
    TrainingLog m_log;
    std::string m_digest; ///< of the run, for its checkpoints
    std::optional<RemainingTime> m_time;
    double m_meanLoss = -1; ///< below 0: none yet
    std::map<std::string, at::Tensor> m_average; ///< by name, of what was trained so far
    std::map<std::string, std::string> m_told{{"format", "pt"}}; ///< with the finished weights: when they were the best
    double m_best = -1; ///< the best look at held-out answers so far, whose weights are in kBest; below 0: none yet
    double m_stageBest = -1; ///< the best look of this stage
    int m_looksWithout = 0;  ///< looks since then
    // Of the checkpoint.
    std::size_t m_firstStage = 0;
    int m_firstStep = 0;
    std::map<std::string, at::Tensor> m_restored;
    std::int64_t m_restoredSteps = 0;
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
    return {};
}

Result<void> Trainer::choosePlace()
{
    setThreads(m_run.threads > 0 ? m_run.threads : static_cast<int>(std::max(1U, std::thread::hardware_concurrency())));
    const Result<Placement> place = placeModel(m_run.device, Precision::Fp32, 0);
    if (!place)
        return failure(place.error());
    m_device = place->device;
    // By what the processor has, not by how fast it was just now: the same recipe gives the same weights.
    const bool isBf16Faster = m_device.is_cuda() || multipliesBf16();
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
    AuroraEdge model = AuroraEdge::take(*source, m_config);
    if (const Result<void> whole = m_parameters->check(); !whole) // the heads below are the trainer's own
        return whole;
    if (m_adapters)
        m_adapters->restore(m_restored);
    if (m_run.recomputes) {
        model.tower.setLayerRunner(recomputed);
        model.decoder.setLayerRunner(recomputed);
    }
    m_student.emplace(std::move(model), *m_parameters, m_run, *m_maker, *m_turns, Student::Place{m_device, m_usesBf16});
    return {};
}

/// The tensors that @p stage trains; all others give up their gradients.
std::map<std::string, at::Tensor> Trainer::trainedIn(const TrainingStage &stage) const
{
    const bool isTowerTaught = stage.trained == TrainedParts::All || (m_adapters && m_run.adapters.ofTower); // by heads that learn, too
    std::map<std::string, at::Tensor> trained;
    for (const auto &[name, parameter] : m_parameters->parameters()) {
        const bool isTeacher = name.starts_with("training.teacher.");
        const bool isHead = !isTeacher && name.starts_with("training.");
        const bool isTrained = isTeacher || stage.isTeacher ? isTeacher && stage.isTeacher
            : stage.towerOnly                  ? isHead || name.starts_with("vision_tower.") || name.starts_with("patch_head.")
            : isHead                           ? isTowerTaught
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
        if (const auto place = m_average.find(name); place != m_average.end())
            place->second.lerp_(parameter, 1 - decay);
        else
            m_average.emplace(name, parameter.detach().clone());
    }
}

/// Puts the averages in the place of what they are of; a second call undoes it.
void Trainer::swapAverages()
{
    const at::NoGradGuard noGrad;
    const auto swapWith = [this](const std::map<std::string, at::Tensor> &parameters) {
        for (const auto &[name, average] : m_average) {
            const auto found = parameters.find(name);
            if (found == parameters.end())
                continue;
            const at::Tensor last = found->second.detach().clone();
            at::Tensor(found->second).copy_(average);
            at::Tensor(average).copy_(last);
        }
    };
    swapWith(m_parameters->parameters());
    if (m_adapters)
        swapWith(m_adapters->parameters());
}

/// Of the weights that would be saved now. A teacher is not saved: it teaches as it is.
Result<Figures> Trainer::measure(const TrainingStage &stage, int step)
{
    if (stage.isTeacher)
        return m_student->measure(stage, isFinishing(stage, step));
    swapAverages();
    Result<Figures> figures = m_student->measure(stage, isFinishing(stage, step));
    swapAverages();
    return figures;
}

/// Looks at the held-out samples, writes down what was seen, and keeps the weights of the best look at answers: of equal ones the
/// last, which has learnt longest.
Result<bool> Trainer::look(std::size_t stage, int step)
{
    const TrainingStage &now = m_run.stages[stage];
    const Result<Figures> figures = isFirst() ? measure(now, step) : Result<Figures>(Figures());
    if (!figures)
        return failure(figures.error());
    if (!figures->empty()) {
        double sum = 0;
        for (const auto &[name, share] : *figures)
            sum += share;
        const double mean = sum / static_cast<double>(figures->size());
        m_log.add({{"stage", stage + 1}, {"step", step}, {"held_out", *figures}, {"held_out_mean", mean}});
        m_looksWithout = mean > m_stageBest ? 0 : m_looksWithout + 1;
        m_stageBest = std::max(m_stageBest, mean);
        if (!now.isTeacher && !now.towerOnly && mean >= m_best) {
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
        std::int64_t seen = 0;
        for (int part = 0; part < stage.accumulate; ++part) {
            const auto [number, batch] = queue.take();
            if (!batch) {
                const auto saved = saveCheckpoint(index, step, &optimiser);
                const Error &reason = batch.error();
                return saved ? Result<void>(failure(reason.code, reason.message + "; start the training again to go on", reason.object)) : saved;
            }
            std::mt19937_64 random(m_run.seed * 77777ULL + index * 1000000007ULL + static_cast<std::uint64_t>(number));
            const at::Tensor loss = m_student->loss(stage, *batch, random) / stage.accumulate;
            if (loss.requires_grad()) // else there was nothing to learn in it
                loss.backward();
            lossNow += loss.item<double>();
            seen += static_cast<std::int64_t>(batch->items.size()) * m_processes->size();
        }
        m_report.picturesSeen += seen;
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
                        static_cast<double>(m_report.picturesSeen - picturesBefore) / seconds, m_student->accuracy()});
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
    swapAverages();
    m_average.clear();
    if (!shipsBest())
        return {};
    if (const auto written = writeTensorMap(m_out / kLast, weights(), {{"format", "pt"}}); !written)
        return written;
    const Result<TensorFiles> best = TensorFiles::open(m_out / kBest);
    if (!best)
        return failure(best.error());
    for (const auto &[name, tensor] : best->tensors()) {
        if (const auto found = m_parameters->parameters().find(name); found != m_parameters->parameters().end())
            at::Tensor(found->second).copy_(viewOf(tensor, best->mapping()));
    }
    m_told = best->metadata();
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
    const Result<Figures> figures = m_student->measure(last, true, &search);
    if (!figures)
        return failure(figures.error());
    if (figures->empty())
        return {};
    m_log.add({{"stage", m_run.stages.size()}, {"shipped", *figures}, {"temperature", search.best()}});
    return amendConfig(m_out / "config.json", [&](nlohmann::ordered_json &config) { config["calibration"]["temperature"] = search.best(); });
}

Result<void> Trainer::saveModel()
{
    for (const auto step : {&Trainer::settle, &Trainer::blendWithStart, &Trainer::calibrate})
        if (const Result<void> done = (this->*step)(); !done)
            return done;
    if (const auto written = writeTensorMap(m_out / kModel, weights(), m_told); !written)
        return written;
    if (!m_config.connectorsTrained) // the mark of an import
        if (const auto marked = amendConfig(m_out / "config.json", [](nlohmann::ordered_json &config) { config.erase("connectors_trained"); }); !marked)
            return marked;
    if (const Result<void> listed = writeChecksums(m_out); !listed)
        return listed;
    std::error_code error;
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
    const double connectors = weightsOf("projector.") + weightsOf("fusion."), teacher = Teacher::multiplyAdds(static_cast<int>(m_config.vision.patchSize));
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
    m_maker = std::make_unique<BatchMaker>(m_run, *m_pictures, m_turns->lengths(), static_cast<int>(m_config.vision.patchSize));
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

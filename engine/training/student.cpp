#include "engine/training/student.h"

#include "engine/training/initialise.h"
#include "engine/training/patch_loss.h"
#include "engine/training/teacher.h"

#include <ATen/TensorOperators.h>
#include <ATen/autocast_mode.h>
#include <ATen/core/grad_mode.h>
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
#include <cmath>

namespace auroraedge::engine {
namespace {

constexpr double kLabelSmoothing = 0.1;
constexpr std::size_t kMeasuredPictures = 400; ///< of each source

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

/// Whether each turn of @p packed is answered right, its end token included.
std::vector<bool> rightTurns(const PackedQuestions &packed, const at::Tensor &logits)
{
    const at::Tensor isRight = (at::argmax(logits, 1) == packed.labels).to(at::kCPU).contiguous(), turnOf = packed.turnOf.to(at::kCPU);
    std::vector<bool> turns(packed.families.size(), true);
    for (std::int64_t i = 0; i < isRight.size(0); ++i)
        if (!isRight.const_data_ptr<bool>()[i])
            turns[static_cast<std::size_t>(turnOf.const_data_ptr<std::int64_t>()[i])] = false;
    return turns;
}

/// 0.5 .. 5
double temperatureAt(std::size_t step, std::size_t steps) { return 0.5 * std::pow(10.0, static_cast<double>(step) / static_cast<double>(steps - 1)); }

} // namespace

void TemperatureSearch::add(const at::Tensor &logits, const at::Tensor &labels)
{
    for (std::size_t i = 0; i < m_losses.size(); ++i)
        m_losses[i] += at::cross_entropy_loss(logits / temperatureAt(i, m_losses.size()), labels, {}, at::Reduction::Sum).item<double>();
}

double TemperatureSearch::best() const
{
    return temperatureAt(static_cast<std::size_t>(std::ranges::min_element(m_losses) - m_losses.begin()), m_losses.size());
}

/// What exists only while training: what is in each patch, which class a whole picture is, and the teacher.
struct Student::Heads
{
    Linear patch, teacherPatch;
    std::vector<Linear> pooled; ///< one a source; undefined weight where the source has no labels
    std::vector<Linear> kinds, teacherKinds; ///< of a patch's defect; one a source, as above
    Teacher teacher;
    Linear teacherView; ///< the tower's patch as the teacher would see it

    static Heads take(ParameterSource &source, const TrainingRun &run, const AuroraEdge &model)
    {
        const std::int64_t width = model.config.vision.hiddenSize;
        Heads heads;
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

/// A batch on the device; on the CPU its tensors are views of the batch, which outlives them.
struct Student::Shown
{
    std::size_t source = 0;
    int gridSide = 0;
    at::Tensor patches; ///< [B, slots, values]
    at::Tensor targets; ///< [B, slots, kPatchClasses]
    at::Tensor kinds;   ///< [B, slots] int64, kNoKind where there is none
    at::Tensor labels;  ///< [B] int64, kNoKind where there is none
    std::vector<PatchGrid> grids;
};

struct Student::Score
{
    int right = 0, count = 0;
};

Student::Student(AuroraEdge model, ParameterSource &source, const TrainingRun &run, const BatchMaker &maker, const TrainingTurns &turns, Place place)
    : m_run(run),
      m_maker(maker),
      m_turns(turns),
      m_place(place),
      m_model(std::move(model)),
      m_heads(std::make_unique<Heads>(Heads::take(source, run, m_model)))
{
}

Student::~Student() = default;

void Student::note(const std::string &name, bool isRight)
{
    const double value = isRight ? 1.0 : 0.0;
    auto [share, isNew] = m_shares.try_emplace(name, value);
    if (!isNew)
        share->second += 0.005 * (value - share->second);
}

/// @param scores [B, classes]; wanted [B], below 0: no label.
void Student::note(const std::string &name, const at::Tensor &scores, const at::Tensor &wanted)
{
    const at::Tensor best = at::argmax(scores, 1).to(at::kCPU).contiguous(), labels = wanted.to(at::kCPU);
    for (std::int64_t i = 0; i < labels.size(0); ++i)
        if (const std::int64_t label = labels.const_data_ptr<std::int64_t>()[i]; label >= 0)
            note(name, best.const_data_ptr<std::int64_t>()[i] == label);
}

std::string Student::accuracy() const
{
    std::string line;
    for (const auto &[name, share] : m_shares)
        line += (line.empty() ? "" : "  ") + name + " " + std::to_string(share).substr(0, 5);
    return line;
}

Student::Shown Student::show(const Batch &batch) const
{
    const auto count = static_cast<std::int64_t>(batch.items.size());
    const std::int64_t slots = std::int64_t{batch.gridSide} * batch.gridSide, side = m_model.config.vision.patchSize;
    const auto view = [&](const std::vector<float> &numbers, std::int64_t width) {
        return at::from_blob(const_cast<float *>(numbers.data()), {count, slots, width}, at::kFloat).to(m_place.device);
    };
    std::vector<std::int64_t> labels;
    for (const BatchItem &item : batch.items)
        labels.push_back(item.isBlank || item.sample->label < 0 ? kNoKind : item.sample->label);
    const at::Tensor kinds = at::from_blob(const_cast<std::int64_t *>(batch.patchKinds.data()), {count, slots}, at::kLong).to(m_place.device);
    return {static_cast<std::size_t>(batch.source),
            batch.gridSide,
            view(batch.patches, side * side * 3),
            view(batch.patchTargets, kPatchClasses),
            kinds,
            at::tensor(labels).to(m_place.device),
            std::vector<PatchGrid>(batch.items.size(), PatchGrid{batch.gridSide, batch.gridSide})};
}

/// [B, slots, width]
at::Tensor Student::visualOf(const Shown &shown) const
{
    return m_model.tower.forward(shown.patches, shown.grids, {}, m_model.config.featureBeforeLast);
}

at::Tensor Student::loss(const TrainingStage &stage, const Batch &batch, std::mt19937_64 &random)
{
    const Autocast autocast(m_place.usesBf16, m_place.device.type());
    const Shown shown = show(batch);
    if (stage.isTeacher)
        return teacherLoss(stage, shown);
    const at::Tensor visual = visualOf(shown);
    const at::Tensor ofTower = towerLoss(stage, shown, visual);
    return stage.towerOnly ? ofTower : ofTower + answerLoss(stage, batch, shown, visual, random);
}

at::Tensor Student::teacherLoss(const TrainingStage &stage, const Shown &shown)
{
    const Teacher::Output seen = m_heads->teacher.forward(shown.patches, shown.gridSide, static_cast<int>(m_model.config.vision.patchSize));
    const at::Tensor scores = m_heads->teacher.scores(seen, shown.source);
    note("teacher-" + m_run.sources[shown.source].name, scores, shown.labels);
    const at::Tensor loss = at::cross_entropy_loss(scores, shown.labels, {}, at::Reduction::Mean, kNoKind, kLabelSmoothing);
    if (stage.patchWeight <= 0 || !m_maker.hasBoxes(shown.source))
        return loss;
    return loss + patchesLoss(seen.features, m_heads->teacherPatch, shown.targets, m_heads->teacherKinds[shown.source], shown.kinds) * stage.patchWeight;
}

at::Tensor Student::towerLoss(const TrainingStage &stage, const Shown &shown, const at::Tensor &visual)
{
    at::Tensor loss = at::zeros({}, shown.patches.options());
    if (stage.patchWeight > 0 && m_maker.hasBoxes(shown.source)) {
        const at::Tensor ofPatches = patchesLoss(visual, m_heads->patch, shown.targets, m_heads->kinds[shown.source], shown.kinds);
        loss = loss + ofPatches * (stage.patchWeight * (stage.towerOnly ? 1.0 : 0.5));
    }
    const Linear &pooledHead = m_heads->pooled[shown.source];
    if (!pooledHead.weight.defined())
        return loss;
    const at::Tensor scores = pooledHead(visual.mean(1)).to(at::kFloat);
    note("pooled-" + m_run.sources[shown.source].name, scores, shown.labels);
    const double smoothing = stage.towerOnly ? kLabelSmoothing : 0.0;
    at::Tensor pooledLoss = at::cross_entropy_loss(scores, shown.labels, {}, at::Reduction::Mean, kNoKind, smoothing) * stage.labelWeight;
    if (stage.teacherWeight > 0 || stage.featureWeight > 0)
        pooledLoss = pooledLoss + distanceToTeacher(stage, shown, scores, visual);
    return loss + pooledLoss * (stage.towerOnly ? 1.0 : 0.3);
}

/// @param scores of the pooled head.
at::Tensor Student::distanceToTeacher(const TrainingStage &stage, const Shown &shown, const at::Tensor &scores, const at::Tensor &visual) const
{
    Teacher::Output seen;
    at::Tensor answer;
    {
        const at::NoGradGuard noGrad;
        seen = m_heads->teacher.forward(shown.patches, shown.gridSide, static_cast<int>(m_model.config.vision.patchSize));
        answer = at::softmax(m_heads->teacher.scores(seen, shown.source), -1);
    }
    const at::Tensor divergence = (answer * (at::log(answer + 1e-9) - at::log_softmax(scores, -1))).sum(-1).mean();
    const at::Tensor likeness = at::cosine_similarity(m_heads->teacherView(visual).to(at::kFloat), seen.features.to(at::kFloat), -1);
    return divergence * stage.teacherWeight + (1 - likeness).mean() * stage.featureWeight;
}

at::Tensor Student::answerLoss(const TrainingStage &stage, const Batch &batch, const Shown &shown, const at::Tensor &visual, std::mt19937_64 &random)
{
    std::vector<std::vector<TokenisedTurn>> rows;
    for (const BatchItem &item : batch.items)
        rows.push_back(m_turns.draw(item, stage.questionsPerPicture, random));
    if (std::ranges::all_of(rows, &std::vector<TokenisedTurn>::empty)) // pictures without questions, by chance together
        return at::zeros({}, shown.patches.options());
    const PackedQuestions packed = packQuestions(rows, m_place.device);
    const at::Tensor logits = logitsOf(packed, shown, visual);
    // The end token is learnt within fifty steps and would then make up half of the loss.
    const at::Tensor weights = at::ones({logits.size(0)}, shown.patches.options()).masked_fill(packed.isEnd, 0.1);
    const at::Tensor perToken = at::cross_entropy_loss(logits, packed.labels, {}, at::Reduction::None);
    const std::vector<bool> isRight = rightTurns(packed, logits);
    for (std::size_t i = 0; i < isRight.size(); ++i)
        note(m_turns.families()[static_cast<std::size_t>(packed.families[i])], isRight[i]);
    return (perToken * weights).sum() / weights.sum();
}

at::Tensor Student::logitsOf(const PackedQuestions &packed, const Shown &shown, const at::Tensor &visual) const
{
    const at::Tensor projected = m_model.projector.forward(visual);
    return answerLogits(m_model, packed, projected, m_model.compressor.forward(projected, {}, shown.grids));
}

Result<std::map<std::string, double>> Student::measure(const TrainingStage &stage, bool isFinishing, TemperatureSearch *search) const
{
    const at::NoGradGuard noGrad;
    const Autocast autocast(m_place.usesBf16, m_place.device.type());
    std::map<std::string, Score> scores;
    for (std::size_t source = 0; source < m_run.sources.size(); ++source) {
        std::vector<std::size_t> samples = m_maker.heldOut(source, kMeasuredPictures);
        if (hasQuestions(stage))
            std::erase_if(samples, [&](std::size_t index) { return !m_turns.hasTurns(index); });
        else if (m_run.sources[source].labels == 0)
            continue;
        constexpr std::size_t kAtOnce = 32;
        for (std::size_t first = 0; first < samples.size(); first += kAtOnce) {
            const auto part = std::span(samples).subspan(first, std::min(kAtOnce, samples.size() - first));
            const Result<Batch> batch = m_maker.plain(stage, isFinishing, part);
            if (!batch)
                return failure(batch.error());
            const Shown shown = show(*batch);
            if (hasQuestions(stage))
                scoreAnswers(part, shown, search, scores);
            else
                scoreClasses(stage, shown, scores);
        }
    }
    std::map<std::string, double> shares;
    for (const auto &[name, score] : scores)
        shares[name] = static_cast<double>(score.right) / score.count;
    return shares;
}

void Student::scoreClasses(const TrainingStage &stage, const Shown &shown, std::map<std::string, Score> &scores) const
{
    const at::Tensor classes = stage.isTeacher
        ? m_heads->teacher.scores(m_heads->teacher.forward(shown.patches, shown.gridSide, static_cast<int>(m_model.config.vision.patchSize)), shown.source)
        : m_heads->pooled[shown.source](visualOf(shown).mean(1));
    Score &score = scores[m_run.sources[shown.source].name];
    score.right += (at::argmax(classes, 1) == shown.labels).sum().item<int>();
    score.count += (shown.labels >= 0).sum().item<int>();
}

void Student::scoreAnswers(std::span<const std::size_t> samples, const Shown &shown, TemperatureSearch *search, std::map<std::string, Score> &scores) const
{
    std::vector<std::vector<TokenisedTurn>> rows;
    for (const std::size_t index : samples)
        rows.push_back({m_turns.heldOut(index)});
    const PackedQuestions packed = packQuestions(rows, m_place.device);
    const at::Tensor logits = logitsOf(packed, shown, visualOf(shown));
    if (search)
        search->add(logits, packed.labels);
    const std::vector<bool> isRight = rightTurns(packed, logits);
    for (std::size_t i = 0; i < isRight.size(); ++i) {
        Score &score = scores[m_turns.families()[static_cast<std::size_t>(packed.families[i])]];
        score.right += isRight[i] ? 1 : 0;
        ++score.count;
    }
}

} // namespace auroraedge::engine

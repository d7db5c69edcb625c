#pragma once

#include "engine/api/training.h"
#include "engine/training/training_pictures.h"

#include <algorithm>
#include <cstdint>
#include <random>
#include <span>
#include <string_view>
#include <vector>

namespace auroraedge::engine {

/// What one picture of a batch shows.
struct BatchItem
{
    const TrainingSample *sample = nullptr; ///< of the run; outlives the batch
    bool isBlank = false;                   ///< an empty picture: every answer is the blank answer
};

struct Batch
{
    int source = 0;   ///< index in the run's sources
    int gridSide = 0; ///< patches a side; every picture of the batch has gridSide^2 patches
    std::vector<BatchItem> items;
    std::vector<float> patches;      ///< [B, gridSide^2, patch * patch * 3]
    std::vector<float> patchTargets; ///< [B, gridSide^2, kPatchClasses], 0 or 1
    std::vector<std::int64_t> patchKinds; ///< [B, gridSide^2], of the defect in the patch; kNoKind where there is none
};

/// The questions of a sample, and how many tokens a question and its answer have on average.
struct TurnLengths
{
    int turns = 0;
    double tokens = 0;
    /// Of a row with @p most questions at most.
    [[nodiscard]] double ofRow(int most) const { return tokens * std::min(turns, most); }
};

/// What the batches of a stage hold on average.
struct BatchSize
{
    double pictures = 0, patches = 0, textTokens = 0;
};

constexpr std::int64_t kNoKind = -100; ///< and no class of a whole picture

/// Of the patch head: inside an object; at an object's centre; inside a defect.
constexpr std::int64_t kPatchClasses = 3;
constexpr std::string_view kPatchClassNames[kPatchClasses] = {"object", "centre", "defect"};

/// The first step, counted from 0, that shows pictures at the stage's finishing sizes.
[[nodiscard]] inline int finishFrom(const TrainingStage &stage)
{
    return static_cast<int>(stage.steps * (1 - stage.finishShare));
}
[[nodiscard]] inline bool isFinishing(const TrainingStage &stage, int step)
{
    return step >= finishFrom(stage);
}

/// Whether @p stage asks and answers: it trains the whole graph.
[[nodiscard]] inline bool hasQuestions(const TrainingStage &stage)
{
    return !stage.towerOnly && !stage.isTeacher;
}

/// Draws batches: one source and one grid each, pictures by weight n^-0.5 of group and of class, views changed in
/// place, size, turn, light, colour and noise. Deterministic for a seed. Free of LibTorch, so it can run beside it.
class BatchMaker final
{
public:
    /// @param run and pictures outlive the maker.
    /// @param lengths of each sample: batches hold samples whose questions make rows of like length.
    BatchMaker(const TrainingRun &run, const TrainingPictures &pictures, std::vector<TurnLengths> lengths, int patchSize);

    /// Whether there is any picture that teaches something in @p stage; draw() needs one.
    [[nodiscard]] bool canDraw(const TrainingStage &stage) const;

    /// Held-out samples of @p source that can be shown, at most @p most of them, evenly taken.
    [[nodiscard]] std::vector<std::size_t> heldOut(std::size_t source, std::size_t most) const;
    /// @p samples as they are, at the largest of the stage's sizes. REQUIRES: all of one source.
    /// @return what TrainingPictures::at() returns.
    [[nodiscard]] Result<Batch> plain(const TrainingStage &stage, bool finish, std::span<const std::size_t> samples) const;

    /// Whether samples of @p source carry boxes, so that its pictures teach the patch head.
    [[nodiscard]] bool hasBoxes(std::size_t source) const { return m_pools[source].hasBoxes; }

    /// REQUIRES: canDraw().
    [[nodiscard]] BatchSize averageSize(const TrainingStage &stage, bool finish) const;

    /// REQUIRES: canDraw(). Thread: any. @param finish whether the stage's finishing grids are used.
    /// @return what TrainingPictures::at() returns.
    Result<Batch> draw(const TrainingStage &stage, bool finish, std::mt19937_64 &random) const;

private:
    [[nodiscard]] std::vector<double> sourceWeights(const TrainingStage &stage) const;
    struct View;
    /// Where a picture of a batch and what is in its patches are written.
    struct Place
    {
        float *patches, *targets;
        std::int64_t *kinds;
    };
    /// Lays out a batch of @p count pictures.
    void layOut(Batch &batch, std::size_t count) const;
    [[nodiscard]] Place placeOf(Batch &batch, std::size_t picture) const;
    [[nodiscard]] const std::vector<int> &gridsOf(const TrainingStage &stage, bool isSmall, bool finish) const;
    void drawView(const PicturePyramid &picture, const TrainingSample &sample, const View &view, int gridSide, const Place &place) const;

    const TrainingRun &m_run;
    const TrainingPictures &m_pictures;
    std::vector<TurnLengths> m_lengths;
    int m_patchSize;
    struct Pool
    {
        std::vector<std::size_t> samples, heldOut;
        std::vector<double> upTo; ///< running sums of the samples' weights
        bool hasBoxes = false, hasClasses = false, hasQuestions = false;
        [[nodiscard]] std::size_t pick(std::mt19937_64 &random) const;
    };
    [[nodiscard]] std::vector<std::size_t> pickSamples(const Pool &pool, std::size_t count, const TrainingStage &stage,
                                                       std::mt19937_64 &random) const;
    std::vector<Pool> m_pools; ///< one a source
};

} // namespace auroraedge::engine

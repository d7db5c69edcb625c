#pragma once

#include "engine/api/training.h"
#include "engine/vision/preprocessor.h"

#include <cstdint>
#include <random>
#include <span>
#include <vector>

namespace auroraedge::engine {

/// A training picture at falling sizes, so that a small view is drawn from a small picture without aliasing.
struct PicturePyramid
{
    std::vector<ResizedPicture> levels; ///< squares: 256 (128 for small pictures), 128, 64, 32
};

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
    std::vector<float> patchTargets; ///< [B, gridSide^2, 2]: inside an object; at an object's centre
};

/// Draws batches: one source and one grid each, pictures by weight n^-0.5 of group and of class, views changed in
/// place, size, turn, light, colour and noise. Deterministic for a seed. Free of LibTorch, so it can run beside it.
class BatchMaker final
{
public:
    /// @param run outlives the maker; pyramids one a sample (empty ones are never drawn).
    BatchMaker(const TrainingRun &run, std::vector<PicturePyramid> pyramids, int patchSize);

    /// Whether there is any picture that teaches something in @p stage; draw() needs one.
    [[nodiscard]] bool canDraw(const TrainingStage &stage) const;

    /// Held-out samples of @p source that can be shown, at most @p most of them, evenly taken.
    [[nodiscard]] std::vector<std::size_t> heldOut(std::size_t source, std::size_t most) const;
    /// @p samples as they are, at the size that the stage finishes with. REQUIRES: all of one source.
    [[nodiscard]] Batch plain(const TrainingStage &stage, std::span<const std::size_t> samples) const;

    /// REQUIRES: canDraw(). @param finish whether the stage's finishing grids are used.
    Batch draw(const TrainingStage &stage, bool finish, std::mt19937_64 &random) const;

private:
    [[nodiscard]] std::vector<double> sourceWeights(const TrainingStage &stage) const;
    struct View;
    /// Lays out a batch of @p count pictures. @return the values of one picture.
    std::size_t layOut(Batch &batch, std::size_t count) const;
    [[nodiscard]] const std::vector<int> &gridsOf(const TrainingStage &stage, bool isSmall, bool finish) const;
    void drawView(const PicturePyramid &picture, const TrainingSample &sample, const View &view, int gridSide, float *patches, float *targets) const;

    const TrainingRun &m_run;
    std::vector<PicturePyramid> m_pyramids;
    int m_patchSize;
    struct Pool
    {
        std::vector<std::size_t> samples, heldOut;
        bool teachesTower = false; ///< has classes or boxes
        mutable std::discrete_distribution<std::size_t> pick;
    };
    std::vector<Pool> m_pools; ///< one a source
};

/// Square levels of @p frame for training.
PicturePyramid makePyramid(const Frame &frame, bool isSmall);

} // namespace auroraedge::engine

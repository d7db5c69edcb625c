#pragma once

#include "engine/api/frame.h"
#include "engine/api/inspector.h"
#include "engine/api/refusal.h"
#include "engine/api/result.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace auroraedge {

/// One question with its right answer. One wording of the pool is drawn each time the sample is seen.
struct TrainingTurn
{
    std::string family; ///< "bottle-count": what figures are reported by
    std::vector<std::string> wordings;
    std::string answer;
};

/// A labelled place, as fractions of the picture's width and height.
struct TrainingBox
{
    double x = 0, y = 0, width = 0, height = 0;
    bool isDefect = false; ///< a defect, else an object
    int kind = -1;         ///< which of the source's defects; -1 = not told
};

struct TrainingSample
{
    std::string picture; ///< path given to the picture loader
    std::string source;  ///< data set; batches hold one source each, and sources are drawn by weight
    std::string group;   ///< video, meter, ...: drawn with weight n^-0.5 within a source
    std::vector<TrainingTurn> turns;
    std::vector<TrainingBox> boxes; ///< objects, for the patch loss
    int label = -1;                 ///< class of the whole picture for the tower's pooled head; -1 = none
    bool isSmall = false;           ///< shown at the small grids (a digit, a crop)
    bool isHeldOut = false;         ///< measured while training goes on, never trained on
};

/// How far the views of a picture differ from the picture. Shifts and sizes as shares of half the picture's side.
struct TrainingViews
{
    double shift = 0.03, zoom = 0.03, turn = 0.02, shear = 0; ///< at most; zoom is the logarithm, turn in radians
    double contrast = 0.25, light = 25, tint = 0.06;          ///< at most; contrast and tint are logarithms, light in grey values
    double greyShare = 0.05, invertedShare = 0;               ///< of the views
    double noise = 8;                                         ///< grey values at most, on half of the views
    bool isMirrored = true;  ///< left and right may change places
    bool isTurned = false;   ///< quarter turns, too
    double softShare = 0.15; ///< of the views, from the picture at half its size, as a blurred camera would give

    /// Of a picture that is one thing close by (a digit, a crop).
    static constexpr TrainingViews close() { return {0.14, 0.16, 0.10, 0.12, 0.5, 50, 0.15, 0.4, 0.1, 14, false, false}; }
};

struct TrainingSource
{
    std::string name;
    double weight = 1;
    int labels = 0;   ///< classes of the pooled head; 0 = no head
    int defectKinds = 0; ///< that the tower learns to tell apart, patch by patch; 0 = none
    std::string head; ///< of its pooled head: sources of one name share it; empty = its own
    TrainingViews views;
    bool isGenerated = false; ///< its pictures are made, not read: none can be bad, so none is looked at beforehand
};

/// What a stage of the whole graph trains (the paper's stages 1, 2, 3); the rest stays bit for bit.
enum class TrainedParts { Connectors = 1, ConnectorsAndDecoder, All };

/// One stage of a run.
struct TrainingStage
{
    bool towerOnly = false; ///< vision tower with patch and pooled heads; no decoder
    bool isTeacher = false; ///< a small convolutional network on the pooled labels, for the stages that follow
    double teacherWeight = 0; ///< of the pooled head's distance (KL) to the teacher's answer; 0 = no teacher
    double featureWeight = 0; ///< of the patches' distance (cosine) to what the teacher sees there
    double patchWeight = 1;   ///< of the patch head's loss on boxes; 0 = boxes are not looked at
    double labelWeight = 1;   ///< of the pooled head's loss on the labels themselves
    int measureEvery = 0;     ///< steps between looks at the held-out samples; 0 = at the end alone
    int patience = 0;         ///< looks in a row that are no better than the best, after which the stage ends; 0 = never
    TrainedParts trained = TrainedParts::All;
    std::vector<std::string> sources; ///< drawn from these alone; empty = from all
    int steps = 0;
    int accumulate = 1; ///< batches whose gradients are added up for one step
    int warmupSteps = 100;
    double learningRate = 4e-4;   ///< AdamW: embeddings, norms, biases, connectors' vectors
    double muonLearningRate = 0;  ///< Muon on the hidden matrices; 0 = AdamW for them too
    double finalShare = 0.1;      ///< cosine ends at this share of the rate
    double beta2 = 0.98;          ///< of AdamW
    double weightDecay = 0.05;    ///< of matrices; vectors have none
    double clipNorm = 1;          ///< of all gradients together
    std::vector<int> grids;       ///< squares of patches a side for whole pictures
    std::vector<int> smallGrids;  ///< the same for small pictures
    std::vector<int> finishGrids; ///< for the last finishShare of the steps
    std::vector<int> smallFinishGrids;
    double finishShare = 0.15;
    int patchesPerBatch = 3600; ///< batch size follows from the grid
    int questionsPerPicture = 4;
};

/// LoRA: the matrices of attention and MLP stay as they are, and a product of two thin ones is learnt beside each.
struct TrainingAdapters
{
    int rank = 0; ///< 0 = none
    double alpha = 16;
    bool ofTower = false, ofDecoder = true;
};

/// One of several processes that train one model together; each runs the same recipe. N of them take the steps that one
/// would take with N times as many batches a step.
struct TrainingProcesses
{
    int rank = 0, size = 1;
    std::string meeting; ///< a file that is not there yet (one machine), or "host:port" of rank 0
};

struct TrainingRun
{
    std::string modelFolder; ///< config.json and tokenizer; weights are created when there are none
    std::string outFolder;   ///< gets the checkpoint, a log and the finished weights
    std::vector<TrainingSource> sources;
    std::vector<TrainingSample> samples;
    std::vector<TrainingStage> stages;
    /// Decodes a picture; called from several threads.
    std::function<Result<Frame>(const std::string &path)> loadPicture;
    std::string blankAnswer = kRefusal; ///< taught for pictures that show nothing
    double blankShare = 0.03;           ///< of the pictures seen in a stage with questions
    std::size_t vocabularySize = 1024;  ///< of a tokenizer learned here, when the folder has none
    TrainingAdapters adapters;
    TrainingProcesses processes;
    bool recomputes = false; ///< layers are computed again for their gradients: a third more work, a fraction of the memory
    bool keepsBest = false;  ///< the finished weights are those of the best look at the held-out samples, not the last
    std::string device = "cpu"; ///< or "cuda:0"
    Precision precision = Precision::Auto; ///< of products: Fp32, Bf16 (autocast), Auto = the faster one here
    std::size_t pictureMemory = std::size_t{4} << 30; ///< bytes of decoded pictures kept; the others are decoded again
    double startShare = 0; ///< of the weights that the run began with in the finished ones (WiSE-FT, arXiv:2109.01903); 0 = none. Not with adapters
    double averageDecay = 0;             ///< of a running average of the weights, which is then what is saved; 0 = none
    std::uint64_t seed = 1;
    int threads = 0;
    double checkpointMinutes = 5;
};

struct TrainingProgress
{
    int stage = 0, step = 0, steps = 0;
    double loss = 0;
    double secondsLeft = 0; ///< of the whole run
    double picturesPerSecond = 0;
    std::string note; ///< running accuracies, one line
    /// "path: reason" of pictures and questions that are left out: told once, before the first step (step 0), and only when
    /// there are any.
    std::vector<std::string> skippedPictures = {};
};
using TrainingListener = std::function<void(const TrainingProgress &)>;

struct TrainingReport
{
    std::int64_t picturesSeen = 0;
    double minutes = 0;
    std::vector<std::string> skippedPictures; ///< "path: reason", as told before the first step
};

} // namespace auroraedge

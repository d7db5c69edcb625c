#pragma once

#include "engine/api/frame.h"
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

struct TrainingSource
{
    std::string name;
    double weight = 1;
    int labels = 0; ///< classes of the pooled head; 0 = no head
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
    double labelWeight = 1;   ///< of the pooled head's loss on the labels themselves
    int measureEvery = 0;     ///< steps between looks at the held-out samples; 0 = at the end alone
    TrainedParts trained = TrainedParts::All;
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

struct TrainingRun
{
    std::string modelFolder; ///< config.json and tokenizer; weights are created when there are none
    std::string outFolder;   ///< gets the checkpoint, a log and the finished weights
    std::vector<TrainingSource> sources;
    std::vector<TrainingSample> samples;
    std::vector<TrainingStage> stages;
    /// Decodes a picture; called from several threads.
    std::function<Result<Frame>(const std::string &path)> loadPicture;
    std::string blankAnswer = "unsure"; ///< taught for pictures that show nothing
    double blankShare = 0.03;           ///< of the pictures seen in a stage with questions
    std::size_t vocabularySize = 1024;  ///< of a tokenizer learned here, when the folder has none
    double averageDecay = 0;             ///< of a running average of the weights, which is then what is saved; 0 = none
    std::uint64_t seed = 1;
    int threads = 0;
    double checkpointMinutes = 5;
};

struct TrainingProgress
{
    int stage = 0, step = 0, steps = 0;
    double loss = 0;
    double secondsLeft = 0;
    double picturesPerSecond = 0;
    std::string note; ///< running accuracies, one line
};
using TrainingListener = std::function<void(const TrainingProgress &)>;

struct TrainingReport
{
    std::int64_t picturesSeen = 0;
    double minutes = 0;
    std::vector<std::string> skippedPictures; ///< "path: reason"
};

} // namespace auroraedge

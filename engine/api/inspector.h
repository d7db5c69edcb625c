#pragma once

#include "engine/api/frame.h"
#include "engine/api/result.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace auroraedge {

/// The steps between a picture and its answer, in order. Named in the window and in the log.
enum class Stage { Preprocess = 1, Encode, Project, Compress, Fuse, Prefill, Generate };

/// Milliseconds spent in each stage. A stage that did not run (encoder reused) is 0.
/// `decode` (file to pixels) and `load` (model) belong to the caller and stay 0 inside the engine.
struct StageLatencies
{
    double loadMs = 0, decodeMs = 0, preprocessMs = 0, encodeMs = 0, projectMs = 0, compressMs = 0, fuseMs = 0,
           prefillMs = 0;
    double firstTokenMs = 0; ///< from the start of ask() to the first answer token
    double perTokenMs = 0;   ///< mean over the tokens after the first; 0 when there are none
    double totalMs = 0;      ///< of ask(), wall clock
};

struct TokenCounts
{
    int visual = 0, prompt = 0, answer = 0;
};

struct GenerationOptions
{
    int maxNewTokens = 64;
    double temperature = 0;           ///< 0 = greedy
    std::uint64_t seed = 0;           ///< used when temperature > 0
    std::vector<std::string> choices; ///< when given, the answer is the likeliest of these
};

struct Question
{
    std::string text; ///< UTF-8 as the user typed it; never read as special tokens
    GenerationOptions options;
    std::optional<PixelBox> region = {}; ///< inside the picture: the part that is shown, at sensor resolution; nothing: all
};

struct Answer
{
    std::string text;
    /// Free text: geometric mean of the answer tokens' probabilities, end token included.
    /// Choices: likelihood of the answer, normalised over the choices.
    double probability = 0;
    bool isComplete = false; ///< the model ended the answer itself; false = the token limit cut it
    bool encoderReused = false;
    bool isUntrained = false; ///< the model was put together and never trained: the answer means nothing
    double promisedFrom = 0;  ///< least probability at which the answer holds what is promised of its model; 0 = nothing is
    TokenCounts tokens;
    StageLatencies latency;
};

/// What the patch head says of a picture: how likely each of its patches shows @p name.
struct PatchMap
{
    std::string name; ///< of the class: "defect"
    int columns = 0, rows = 0;
    std::vector<float> probability; ///< row by row, 0..1, columns * rows of them
};

/// A picture as the encoder takes it: less than a megabyte, however large the picture was. Copies share it.
struct PreparedPicture
{
    std::shared_ptr<const std::vector<float>> patches; ///< [slots, patch * patch * 3]
    int gridHeight = 0, gridWidth = 0; ///< of the patches that show something, which come first
    double preprocessMs = 0;
};

/// One picture of many that are asked the same.
struct Judgement
{
    std::vector<double> probability; ///< of each choice, normalised over the choices
    std::vector<PatchMap> maps;      ///< as patchMaps(); none where the model has no patch head
    StageLatencies latency;          ///< its share of what was computed together; no tokens are generated
};

/// Told about an answer while it is made; called on the thread that runs ask(). Either may be empty.
struct AskListener
{
    std::function<void(Stage)> onStage;
    std::function<void(std::string_view)> onText; ///< the next piece of the answer, whole UTF-8 characters
};

enum class Precision { Auto = 1, Fp32, Bf16, Fp16 };

struct ModelCard
{
    std::string name; ///< folder name
    std::string folder;
    std::string sha256; ///< of SHA256SUMS: names the model in every stored row
    std::string family; ///< "auroraedge"
    std::int64_t parameters = 0;
    std::int64_t weightBytes = 0; ///< as held in memory
    Precision precision = Precision::Fp32;
    std::string device;       ///< "cpu" or "cuda:0"
    std::string deviceReason; ///< one sentence: why this device
    int visualTokens = 0;
    int maxQuestionTokens = 0;
    std::vector<std::string> warnings; ///< "connectors untrained", surplus tensors, ...
    std::string inspects; ///< the question by which it was taught to inspect a product, answered "yes" or "no"; empty: none
    double loadMs = 0;
};

/// How often each part ran since load; lets a test see that a second question skips the encoder.
struct InspectorCounters
{
    std::uint64_t encoderRuns = 0, fusionRuns = 0, prefills = 0, decodeSteps = 0;
};

/// A loaded model that answers questions about pictures.
/// Thread: every method on one thread (the one that loaded it), except that a stop token may be triggered anywhere.
class Inspector
{
public:
    virtual ~Inspector() = default;

    [[nodiscard]] virtual const ModelCard &card() const = 0;
    [[nodiscard]] virtual InspectorCounters counters() const = 0;

    /// Answers one question about @p frame, or its region. Features of recent pictures are kept, so a further question about the
    /// same pixels skips the encoder. An empty frame asks the language model alone.
    /// @return IMG-*, ASK-01 (empty), ASK-02 (too long), ASK-03 (unreadable), ANS-02 (logits not finite), GPU-*, MOD-17
    ///         (a weight file was changed in use), or code::Cancelled within one encoder layer or token; stays usable.
    virtual Result<Answer> ask(const Frame &frame, const Question &question, const AskListener &listener,
                               std::stop_token stop) = 0;

    /// Encodes @p frame ahead of its question, so that ask() about the same pixels starts with the prompt.
    virtual Result<void> encodeAhead(const Frame &frame, std::stop_token stop) = 0;

    /// One map a class of the patch head, over the whole of @p frame. They are made with the features, so for a picture
    /// that was asked about they are there already.
    /// @return MOD-12 for a model without a patch head, else as encodeAhead(); ANS-02 (a map that is not finite).
    virtual Result<std::vector<PatchMap>> patchMaps(const Frame &frame, std::stop_token stop) = 0;

    /// How likely each of @p choices answers @p question about each of @p frames: what ask() computes for choices, many
    /// pictures at once (tiles of one picture). Keeps no features. REQUIRES: choices, none of them empty.
    /// @return as ask(); one judgement a frame, in their order.
    virtual Result<std::vector<Judgement>> judge(std::span<const Frame> frames, const std::string &question,
                                                 const std::vector<std::string> &choices, std::stop_token stop) = 0;

    /// Resizes and normalises @p frame for askAll(). Safe from any thread, also while this inspector answers.
    /// @return IMG-05, IMG-06.
    [[nodiscard]] virtual Result<PreparedPicture> prepare(const Frame &frame) const = 0;

    /// Answers every question about every picture, as ask() would, token for token, in far less time: pictures side by side
    /// on the cores of a CPU or together on a GPU, answers decoded together, the place of a finished one taken by the next.
    /// Keeps no features. An answer depends on its own picture and question alone, not on the others.
    /// Latencies: of what was computed together, an answer's share; its total is their sum.
    /// @return answers [picture * questions + question], each as ask() or ANS-02; as a whole ASK-*, GPU-*, MOD-17, Cancelled.
    virtual Result<std::vector<Result<Answer>>> askAll(std::span<const PreparedPicture> pictures, std::span<const Question> questions,
                                                       std::stop_token stop) = 0;
};

[[nodiscard]] constexpr std::string_view stageName(Stage stage)
{
    switch (stage) {
    case Stage::Preprocess: return "preprocess";
    case Stage::Encode: return "encode";
    case Stage::Project: return "project";
    case Stage::Compress: return "compress";
    case Stage::Fuse: return "fuse";
    case Stage::Prefill: return "prefill";
    case Stage::Generate: return "generate";
    }
    return "";
}

[[nodiscard]] constexpr std::string_view precisionName(Precision precision)
{
    switch (precision) {
    case Precision::Auto: return "auto";
    case Precision::Fp32: return "fp32";
    case Precision::Bf16: return "bf16";
    case Precision::Fp16: return "fp16";
    }
    return "";
}

/// Auto for a name that is none.
[[nodiscard]] constexpr Precision precisionNamed(std::string_view name)
{
    for (const Precision precision : {Precision::Fp32, Precision::Bf16, Precision::Fp16}) {
        if (precisionName(precision) == name)
            return precision;
    }
    return Precision::Auto;
}

} // namespace auroraedge

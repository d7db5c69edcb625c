#pragma once

#include "app/batch/batch_list.h"
#include "app/cli/cli.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace auroraedge::app {

/// Options that mean the same for every command.
struct CommonOptions
{
    std::string dataDir, model, device = "auto", precision = "auto";
    int threads = 0;
    bool strict = false, noStore = false, json = false, quiet = false;
};

/// How an answer is made; see GenerationOptions.
struct AskingOptions
{
    std::string roi; ///< "x,y,w,h"; empty = whole picture
    std::vector<std::string> choices;
    int maxTokens = 64;
    double temperature = 0;
    std::uint64_t seed = 0;
    std::string golden = {}; ///< for a product's question: picture of a faultless part, or a folder of them
};

struct AskOptions
{
    CommonOptions common;
    AskingOptions asking;
    std::string image;
    std::vector<std::string> questions; ///< none: the product's, where the model has one
    std::string map = {}; ///< PNG file for the map of defects; empty = none
};

struct CaptionOptions
{
    CommonOptions common;
    AskingOptions asking;
    std::string image;
    bool isFull = false;
};

struct BatchOptions
{
    CommonOptions common;
    AskingOptions asking;
    BatchSelection selection;
    std::vector<std::string> questions; ///< none: the product's, where the model has one
    std::string out, progress = "auto";
    bool withLatency = false, dryRun = false, fresh = false, retryFailed = false, watch = false;
    bool resume = true; ///< accepted for scripts that say so: it is what happens anyway
    double settleSeconds = 2;
};

struct MergeOptions
{
    std::vector<std::string> parts;
    std::string out;
    bool quiet = false;
};

struct InfoOptions
{
    CommonOptions common;
    bool tensors = false, selfTest = false, flops = false;
    int textTokens = 28; ///< of --flops; the length that the published tables were counted with
};

struct ImportOptions
{
    CommonOptions common;
    std::string vision, llm, out, compressor = "mlp", fusion = "combined";
    std::uint64_t seed = 1;
};

struct TrainOptions
{
    CommonOptions common;
    std::string recipe, out;
    int rank = 0, processes = 1; ///< of several that train together
    std::string meeting;         ///< a file that is not there yet, or host:port of rank 0
};

struct FinetuneOptions
{
    CommonOptions common;
    std::string data, out, base = "nano";
    std::string golden; ///< picture of a faultless part, or a folder of them; empty: as the records say
    bool isFresh = false;
    int loraRank = 0, steps = 0, tile = 160; ///< steps 0: the usual ones
    std::uint64_t seed = 1;
};

struct EvaluateOptions
{
    CommonOptions common;
    std::string metric = "exact";
    bool isBlind = false;
    std::string data;       ///< a recipe, conversations or reviewed records
    std::string pictures;   ///< folder of the conversations' pictures; empty: that of their file
    std::string golden;     ///< for reviewed records without one: a picture or a folder; empty: the product's own
    std::int64_t limit = 0; ///< pictures of each source; 0 = all
};

struct DbCheckOptions
{
    CommonOptions common;
};

struct DbBackupOptions
{
    CommonOptions common;
    std::string out;
    bool withPictures = false, overwrite = false;
};

/// Which stored answers are meant; see AnswerFilter.
struct DbFilterOptions
{
    std::string from, until, question, model, device, source, tag, reviewer, defectClass, text;
    std::vector<std::string> verdicts, judgements;
    std::int64_t session = 0;
    bool noVerdict = false, reviewedOnly = false, unreviewedOnly = false, disagreeOnly = false, failedOnly = false, heldOnly = false;
    std::optional<double> slowerThanMs;
};

struct DbExportOptions
{
    CommonOptions common;
    DbFilterOptions filter;
    std::string out, format; ///< empty: by the name of the file
    bool overwrite = false;
    std::string licence; ///< of a training set
    std::uint64_t seed = 1;
};

struct DbReplayOptions
{
    CommonOptions common; ///< its model is looked at, too; device and precision "auto" are the stored ones
    std::int64_t limit = 100; ///< the newest so many
    std::int64_t row = 0;     ///< this one alone; 0 = as limit says
};

struct DbHoldOptions
{
    CommonOptions common;
    std::vector<std::int64_t> rows; ///< or as `filter` says
    DbFilterOptions filter;
    std::string reason;
    bool release = false;
};

struct DbTagOptions
{
    CommonOptions common;
    std::string name;
    std::vector<std::int64_t> rows; ///< or as `filter` says
    DbFilterOptions filter;
    bool remove = false;
};

struct DbRetentionOptions
{
    CommonOptions common;
    bool apply = false; ///< else it is a plan alone
    std::int64_t olderThanDays = 90;
    std::vector<std::string> keptVerdicts;
};

struct DebugForwardOptions
{
    CommonOptions common;
    std::string inputs, out;
    int steps = 16;
};

struct DebugTrainStepOptions
{
    CommonOptions common;
    std::string batch, out;
    int stage = 1;
};

struct DebugPreprocessOptions
{
    CommonOptions common;
    std::string config, image, out;
};

struct DebugTokenizeOptions
{
    CommonOptions common;
    bool decode = false, special = false;
};

// Each returns its exit code, or an error that the caller shows.
Result<int> runAsk(const AskOptions &options, const CliContext &context);
Result<int> runCaption(const CaptionOptions &options, const CliContext &context);
Result<int> runBatch(const BatchOptions &options, const CliContext &context);
Result<int> runMerge(const MergeOptions &options, const CliContext &context);
Result<int> runDemo(const CommonOptions &options, const CliContext &context);
Result<int> runInfo(const InfoOptions &options, const CliContext &context);
Result<int> runImport(const ImportOptions &options, const CliContext &context);
Result<int> runTrain(const TrainOptions &options, const CliContext &context);
Result<int> runFinetune(const FinetuneOptions &options, const CliContext &context);
Result<int> runEvaluate(const EvaluateOptions &options, const CliContext &context);
Result<int> runDbCheck(const DbCheckOptions &options, const CliContext &context);
Result<int> runDbBackup(const DbBackupOptions &options, const CliContext &context);
Result<int> runDbExport(const DbExportOptions &options, const CliContext &context);
Result<int> runDbReplay(const DbReplayOptions &options, const CliContext &context);
Result<int> runDbHold(const DbHoldOptions &options, const CliContext &context);
Result<int> runDbTag(const DbTagOptions &options, const CliContext &context);
Result<int> runDbRetention(const DbRetentionOptions &options, const CliContext &context);
Result<int> runDebugForward(const DebugForwardOptions &options, const CliContext &context);
Result<int> runDebugTrainStep(const DebugTrainStepOptions &options, const CliContext &context);
Result<int> runDebugPreprocess(const DebugPreprocessOptions &options, const CliContext &context);
Result<int> runDebugTokenize(const DebugTokenizeOptions &options, const CliContext &context);

/// As training and measuring read pictures. Safe from any thread. @return what decodePicture() returns.
Result<Frame> loadTrainingPicture(const std::string &path);

} // namespace auroraedge::app

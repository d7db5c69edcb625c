#pragma once

#include "engine/api/engine.h"
#include "engine/api/training.h"

#include <atomic>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace auroraedge::testing {

/// What a FakeEngine does. Set before the engine is used; the atomics may be read and set at any time.
struct FakeScript
{
    std::map<std::string, std::string> answers; ///< by question
    std::string defaultAnswer = "yes";
    /// When set, answers instead of the map.
    std::function<Result<std::string>(const Frame &, const std::string &question)> answerFor;
    double probability = 0.97;
    std::vector<PatchMap> patchMaps; ///< empty: a model without a patch head
    /// Judges a frame; without it each choice is as likely as the next and the maps are patchMaps.
    std::function<Judgement(const Frame &, const std::string &question, const std::vector<std::string> &choices)> judgementFor;
    bool isComplete = true;
    std::map<std::string, Error> askErrors; ///< by question
    std::optional<Error> loadError, describeError, trainError, importError, debugError;
    std::atomic<bool> hangs = false;        ///< ask() waits inside Stage::Generate until it is stopped
    std::atomic<bool> encodesSlowly = false; ///< encodeAhead() waits until it is stopped or finishEncoding()
    std::function<void()> onAsk;            ///< called on entry of ask(), on its thread
    TrainingReport trainingReport;
    std::vector<TrainingProgress> trainingProgress; ///< told one by one during train()

    // What happened.
    std::vector<LoadOptions> loads;
    std::vector<std::string> questions;
    std::vector<GenerationOptions> options;
    std::vector<Frame> frames; ///< of each ask()
    std::vector<std::size_t> batches; ///< pictures of each askAll()
    std::vector<Frame> mappedFrames; ///< of each patchMaps()
    std::vector<Frame> encodedFrames; ///< of each encodeAhead(), also a stopped one; guarded by mutex
    std::optional<TrainingRun> trainingRun;
    std::optional<ImportRequest> importRequest;
    std::vector<std::string> debugCalls; ///< "forward <folder> <inputs> <outputs> <steps>", ...
    InspectorCounters counters; ///< of the inspector loaded last

    /// Blocks until an ask() hangs. For the test's thread.
    void waitUntilHanging();
    /// Blocks until @p count encodeAhead() have begun. For the test's thread.
    void waitUntilEncoding(std::size_t count);
    void finishEncoding();

    std::mutex mutex;
    std::condition_variable_any changed;
    bool isHanging = false; // guarded by mutex
};

/// An engine without a model: answers as its script says, with the counters, stages and cancelling of a real one.
/// Every character is one token. The script outlives the engine and its inspectors.
class FakeEngine final : public Engine
{
public:
    explicit FakeEngine(FakeScript &script) : m_script(script) {}

    Result<std::unique_ptr<Inspector>> load(const LoadOptions &options, const LoadProgress &progress,
                                            std::stop_token stop) override;
    Result<ModelDescription> describe(const std::string &folder) override;
    Result<std::vector<ModuleCost>> costOf(const std::string &folder, int textTokens) override;
    Result<std::unique_ptr<TextCodec>> openTokenizer(const std::string &folder) override;
    Result<SelfTest> selfTest(int threads) override;
    Result<TrainingReport> train(const TrainingRun &run, const TrainingListener &listener,
                                 std::stop_token stop) override;
    Result<ImportReport> importModel(const ImportRequest &request, const LoadProgress &progress,
                                     std::stop_token stop) override;
    Result<void> debugForward(const std::string &folder, const std::string &inputs, const std::string &outputs,
                              int steps, Precision precision) override;
    Result<void> debugTrainStep(const std::string &folder, const std::string &batch, int stage,
                                const std::string &outputs) override;
    Result<void> debugPreprocess(const std::string &configFile, const Frame &frame,
                                 const std::string &outputs) override;

private:
    FakeScript &m_script;
};

} // namespace auroraedge::testing

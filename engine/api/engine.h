#pragma once

#include "engine/api/inspector.h"
#include "engine/api/text_codec.h"

#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

namespace auroraedge {

struct TrainingProgress; // engine/api/training.h
struct TrainingReport;
struct TrainingRun;
using TrainingListener = std::function<void(const TrainingProgress &)>;

struct LoadOptions
{
    std::string folder;
    std::string device = "auto"; ///< auto, cpu, cuda, cuda:N
    Precision precision = Precision::Auto;
    int threads = 0; ///< of the CPU kernels; 0 = all cores but one, at least one
    bool isStrict = false; ///< tensors that the model does not use are an error (MOD-13) instead of a warning
};

/// Fraction of the weights read so far, 0..1.
using LoadProgress = std::function<void(double)>;

/// What a model folder holds, without loading it.
struct ModelDescription
{
    std::string name, folder, family, sha256;
    std::int64_t parameters = 0;
    std::int64_t fileBytes = 0;
    std::vector<std::pair<std::string, std::string>> facts; ///< ordered rows for `info`: "vision" -> "256 wide, 6 layers, ..."
    struct Tensor
    {
        std::string name, dtype;
        std::vector<std::int64_t> shape;
    };
    std::vector<Tensor> tensors;
    std::vector<std::string> warnings;
};

/// What one module of a model holds and computes for one picture and a question; MAC = one multiply-add.
struct ModuleCost
{
    std::string module; ///< "vision", "projector", "compressor", "fusion", "decoder", "head"
    std::int64_t parameters = 0, macs = 0;
    std::int64_t paperParameters = 0, paperMacs = 0; ///< by the rules of the published tables
};

/// A model to be put together from folders as Hugging Face has them.
struct ImportRequest
{
    std::string visionFolder, decoderFolder; ///< a SigLIP2 NaFlex tower; a Qwen2 language model
    std::string outFolder;                   ///< made by the import, whole or not at all
    std::string compressor = "mlp", fusion = "combined"; ///< compressor.type and fusion.type of config.json
    Precision precision = Precision::Auto;               ///< of the stored weights; Auto keeps each tensor's own
    std::uint64_t seed = 1;                              ///< of the connectors
};

struct ImportReport
{
    std::int64_t parameters = 0, fileBytes = 0;
    std::vector<std::string> warnings; ///< "connectors untrained", tensors that are not used, ...
};

/// Shows that the arithmetic library works at its speed (a wrong BLAS is 10 to 30 times slower).
struct SelfTest
{
    double fp32Gflops = 0, bf16Gflops = 0; ///< one 1024 x 1024 x 1024 product each, best of several
    std::string cpuCapability;             ///< "AVX512", "DEFAULT", ...
    std::string libtorchVersion;
    std::string cuda; ///< why there is or is not a usable GPU
    int threads = 0;
};

/// The engine module's one face. Thread: create, load and use on one thread (the inference thread).
class Engine
{
public:
    virtual ~Engine() = default;

    /// @return MOD-*, CFG-*, TOK-*, GPU-01/02, ENG-01, or code::Cancelled.
    virtual Result<std::unique_ptr<Inspector>> load(const LoadOptions &options, const LoadProgress &progress,
                                                    std::stop_token stop) = 0;
    virtual Result<ModelDescription> describe(const std::string &folder) = 0;
    /// The cost of @p folder's model, module by module in the order they run. Reads config.json alone.
    virtual Result<std::vector<ModuleCost>> costOf(const std::string &folder, int textTokens) = 0;
    virtual Result<std::unique_ptr<TextCodec>> openTokenizer(const std::string &folder) = 0;
    virtual Result<SelfTest> selfTest(int threads) = 0;
    /// Trains as @p run says; blocks until done or stopped.
    virtual Result<TrainingReport> train(const TrainingRun &run, const TrainingListener &listener,
                                         std::stop_token stop) = 0;

    /// @return MOD-*, CFG-01, TOK-* of the given folders, CLI-01 when the new folder exists, FS-07/09/10, code::Cancelled.
    virtual Result<ImportReport> importModel(const ImportRequest &request, const LoadProgress &progress,
                                             std::stop_token stop) = 0;

    /// `auroraedge debug`: inputs and outputs are safetensors files with the names of the parity fixtures.
    /// @param precision of weights and activations; Auto = fp32.
    virtual Result<void> debugForward(const std::string &folder, const std::string &inputs, const std::string &outputs,
                                      int steps, Precision precision) = 0;
    /// @param stage 1 to 3.
    virtual Result<void> debugTrainStep(const std::string &folder, const std::string &batch, int stage,
                                        const std::string &outputs) = 0;
    virtual Result<void> debugPreprocess(const std::string &configFile, const Frame &frame,
                                         const std::string &outputs) = 0;
};

inline constexpr int kEngineAbiVersion = 7;
inline constexpr char kEngineEntryPoint[] = "auroraedgeCreateEngine";
/// The module's only exported symbol: a new engine, or null when @p abiVersion is not the module's own.
using CreateEngine = Engine *(*)(int abiVersion);

} // namespace auroraedge

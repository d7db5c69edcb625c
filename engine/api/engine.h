#pragma once

#include "engine/api/inspector.h"
#include "engine/api/text_codec.h"
#include "engine/api/training.h"

#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

namespace auroraedge {

struct LoadOptions
{
    std::string folder;
    std::string device = "auto"; ///< auto, cpu, cuda, cuda:N
    Precision precision = Precision::Auto;
    int threads = 0; ///< of the CPU kernels; 0 = all cores but one, at least one
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

    /// `auroraedge debug`: inputs and outputs are safetensors files with the names of the parity fixtures.
    virtual Result<void> debugForward(const std::string &folder, const std::string &inputs,
                                      const std::string &outputs, int steps) = 0;
    /// @param stage 1 to 3.
    virtual Result<void> debugTrainStep(const std::string &folder, const std::string &batch, int stage,
                                        const std::string &outputs) = 0;
    virtual Result<void> debugPreprocess(const std::string &configFile, const Frame &frame,
                                         const std::string &outputs) = 0;
};

inline constexpr int kEngineAbiVersion = 1;
inline constexpr char kEngineEntryPoint[] = "auroraedgeCreateEngine";
/// The module's only exported symbol: a new engine, or null when @p abiVersion is not the module's own.
using CreateEngine = Engine *(*)(int abiVersion);

} // namespace auroraedge

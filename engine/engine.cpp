#include "engine/core/guarded.h"
#include "engine/core/self_test.h"
#include "engine/create_engine.h"
#include "engine/families/family.h"
#include "engine/io/model_config.h"
#include "engine/io/model_folder.h"
#include "engine/io/weights.h"
#include "engine/models/aurora_edge_inspector.h"
#include "engine/models/cost.h"
#include "engine/models/debug_forward.h"
#include "engine/models/import.h"
#include "engine/text/open_tokenizer.h"
#include "engine/training/labelled_batch.h"
#include "engine/training/trainer.h"
#include "engine/vision/preprocessor.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/tensor.h>

#include <array>
#include <cstdio>

namespace auroraedge::engine {

namespace {

std::string text(std::int64_t value)
{
    return std::to_string(value);
}

std::string megabytes(std::int64_t bytes)
{
    std::array<char, 32> figure{};
    std::snprintf(figure.data(), figure.size(), "%.1f MB", static_cast<double>(bytes) / 1e6);
    return figure.data();
}

void addFacts(const VisionConfig &vision, ModelDescription &description)
{
    description.facts.emplace_back("vision", text(vision.hiddenSize) + " wide, " + text(vision.layers) + " layers, " + text(vision.heads) + " heads, MLP "
                                                 + text(vision.intermediateSize) + ", patch " + text(vision.patchSize)
                                                 + (vision.imageSize > 0 ? ", picture " + text(vision.imageSize) : ""));
}

void addFacts(const TextConfig &config, ModelDescription &description)
{
    description.facts.emplace_back("decoder", text(config.hiddenSize) + " wide, " + text(config.layers) + " layers, " + text(config.heads) + " heads ("
                                                  + text(config.kvHeads) + " KV), MLP " + text(config.intermediateSize) + ", vocabulary " + text(config.vocabSize)
                                                  + (config.tieEmbeddings ? ", tied head" : ""));
}

void addFacts(const Ldpv2Config &config, ModelDescription &description)
{
    description.facts.emplace_back("projector", "ldpv2, " + text(config.visionWidth) + " -> " + text(config.width) + " wide, " + text(config.gridSide * config.gridSide) + " -> "
                                                    + text(config.gridSide * config.gridSide / 4) + " tokens");
}

void addFacts(const AuroraEdgeConfig &config, ModelDescription &description)
{
    static constexpr const char *kCompressors[] = {"", "mlp", "conv2d", "maxpool2d", "concat4", "none"};
    static constexpr const char *kFusions[] = {"", "none", "cross", "decoder", "combined"};
    addFacts(config.vision, description);
    description.facts.emplace_back("projector", config.projectorIsLinear ? "linear" : "mlp2x_gelu");
    description.facts.emplace_back("compressor", std::string(kCompressors[static_cast<int>(config.compressor)]) + ", " + text(config.maxPatches) + " -> " + text(config.visualTokens()));
    description.facts.emplace_back("fusion", kFusions[static_cast<int>(config.fusion)]);
    addFacts(config.text, description);
    if (!config.patchClasses.empty()) {
        std::string classes;
        for (const std::string &name : config.patchClasses)
            classes += (classes.empty() ? "" : ", ") + name;
        description.facts.emplace_back("patch head", classes);
    }
    for (const auto &[precision, bytes] : {std::pair("fp32", 4), std::pair("bf16", 2)}) {
        const MemoryPlan plan = memoryPlan(config, bytes);
        description.facts.emplace_back(std::string("memory ") + precision, megabytes(plan.weights) + " weights, " + megabytes(plan.cache) + " keys and values of the longest question, "
                                                                               + megabytes(plan.pictures) + " features of " + text(kKeptPictures) + " pictures");
    }
    if (!config.connectorsTrained)
        description.warnings.push_back(kConnectorsUntrained);
}

Result<ModelDescription> describe(const std::string &folder)
{
    const Result<ModelConfig> config = readModelConfig(folder);
    if (!config)
        return failure(config.error());
    const Result<TensorFiles> files = TensorFiles::open(folder);
    if (!files)
        return failure(files.error());
    const Result<std::string> hash = modelHash(folder);
    if (!hash)
        return failure(hash.error());
    ModelDescription description;
    description.folder = std::filesystem::absolute(folder).lexically_normal().string();
    description.name = std::filesystem::path(description.folder).filename().string();
    description.sha256 = *hash;
    description.fileBytes = files->totalBytes();
    for (const auto &[name, tensor] : files->tensors()) {
        description.parameters += static_cast<std::int64_t>(tensor.bytes.size() / bytesOf(tensor.dtype));
        description.tensors.push_back({name, std::string(dtypeName(tensor.dtype)), tensor.shape});
    }
    description.family = config->family->name;
    std::visit([&](const auto &architecture) { addFacts(architecture, description); }, config->architecture);
    return description;
}

Result<void> debugPreprocess(const std::string &configFile, const Frame &frame, const std::string &outputs)
{
    const Result<PreprocessorConfig> config = readPreprocessorConfig(configFile);
    if (!config)
        return failure(config.error());
    Result<Preprocessed> preprocessed = preprocess(frame, *config);
    if (!preprocessed)
        return failure(preprocessed.error());
    const auto bytesOf = [](ResizedPicture &picture) { return at::from_blob(picture.rgb.data(), {picture.heightPx, picture.widthPx, 3}, at::kByte); };
    std::map<std::string, at::Tensor> made;
    if (auto *patches = std::get_if<NaflexPatches>(&*preprocessed)) {
        const auto width = static_cast<std::int64_t>(patches->values.size()) / patches->slots;
        made["pixel_values"] = at::from_blob(patches->values.data(), {1, patches->slots, width}, at::kFloat);
        made["pixel_attention_mask"] = (at::arange(patches->slots, at::kLong) < patches->validPatches()).to(at::kInt).unsqueeze(0);
        made["spatial_shapes"] = at::tensor({std::int64_t{patches->gridHeight}, std::int64_t{patches->gridWidth}}, at::TensorOptions().dtype(at::kLong)).unsqueeze(0);
        made["resized"] = bytesOf(patches->resized);
    } else {
        auto &planes = std::get<PixelPlanes>(*preprocessed);
        const bool isCropped = std::holds_alternative<ShortestEdge>(std::get<FixedSizeConfig>(*config).resize);
        made["pixel_values"] = at::from_blob(planes.values.data(), {1, 3, planes.picture.heightPx, planes.picture.widthPx}, at::kFloat);
        made[isCropped ? "cropped" : "resized"] = bytesOf(planes.picture);
    }
    return writeTensorMap(outputs, made);
}

class LibTorchEngine final : public Engine
{
public:
    Result<std::unique_ptr<Inspector>> load(const LoadOptions &options, const LoadProgress &progress, std::stop_token stop) override
    {
        return loadAuroraEdge(options, progress, std::move(stop));
    }

    // No exception crosses the module's border: what does not guard itself is guarded here.
    Result<ModelDescription> describe(const std::string &folder) override
    {
        return guarded("describing the model", [&] { return engine::describe(folder); });
    }
    Result<std::vector<ModuleCost>> costOf(const std::string &folder, int textTokens) override
    {
        return guarded("counting", [&]() -> Result<std::vector<ModuleCost>> {
            const Result<ModelConfig> config = readModelConfig(folder);
            if (!config)
                return failure(config.error());
            return engine::costOf(config->architecture, textTokens);
        });
    }
    Result<std::unique_ptr<TextCodec>> openTokenizer(const std::string &folder) override
    {
        return guarded("opening the tokenizer", [&] { return engine::openTokenizer(folder); });
    }
    Result<SelfTest> selfTest(int threads) override { return runSelfTest(threads); }
    Result<TrainingReport> train(const TrainingRun &run, const TrainingListener &listener, std::stop_token stop) override
    {
        return engine::train(run, listener, std::move(stop));
    }
    Result<ImportReport> importModel(const ImportRequest &request, const LoadProgress &progress, std::stop_token stop) override
    {
        return engine::importModel(request, progress, std::move(stop));
    }
    Result<void> debugForward(const std::string &folder, const std::string &inputs, const std::string &outputs, int steps, Precision precision) override
    {
        return engine::debugForward(folder, inputs, outputs, steps, precision);
    }
    Result<void> debugTrainStep(const std::string &folder, const std::string &batch, int stage, const std::string &outputs) override
    {
        return engine::debugTrainStep(folder, batch, stage, outputs);
    }
    Result<void> debugPreprocess(const std::string &configFile, const Frame &frame, const std::string &outputs) override
    {
        return guarded("debug preprocess", [&] { return engine::debugPreprocess(configFile, frame, outputs); });
    }
};

} // namespace

std::unique_ptr<Engine> createEngine()
{
    return std::make_unique<LibTorchEngine>();
}

} // namespace auroraedge::engine

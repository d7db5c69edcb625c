#include "engine/create_engine.h"
#include "engine/io/model_folder.h"
#include "engine/io/weights.h"
#include "tests/support/random_model.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/tiny_model.h"

#include <ATen/ops/allclose.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/equal.h>
#include <ATen/ops/full.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/randn.h>
#include <ATen/ops/tensor.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <fstream>

namespace auroraedge::engine {
namespace {

using testing_support::RandomWeights;
using testing_support::writeTinyDecoder;
using testing_support::writeTinyTower;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
namespace fs = std::filesystem;

class ImportTest : public ::testing::Test
{
protected:
    void SetUp() override
    {
        writeTinyTower(tower, {.prefix = "vision_model."});
        writeTinyDecoder(decoder, {.seed = 2});
    }
    Result<ImportReport> import(const LoadProgress &progress = {}, std::stop_token stop = {}) { return engine->importModel(request(), progress, stop); }
    ImportRequest request() const
    {
        ImportRequest wanted = asked;
        wanted.visionFolder = tower.string();
        wanted.decoderFolder = decoder.string();
        wanted.outFolder = out.string();
        return wanted;
    }
    std::string codeOfImport()
    {
        const Result<ImportReport> report = import();
        return report ? "none" : std::string(report.error().code.text());
    }
    std::string messageOfImport()
    {
        const Result<ImportReport> report = import();
        return report ? "none" : report.error().message;
    }
    /// What lies beside the two given folders.
    std::vector<std::string> made() const
    {
        std::vector<std::string> names;
        for (const auto &entry : fs::directory_iterator(place))
            names.push_back(entry.path().filename().string());
        std::sort(names.begin(), names.end());
        return names;
    }
    static TensorFiles open(const fs::path &folder)
    {
        Result<TensorFiles> files = TensorFiles::open(folder);
        EXPECT_TRUE(files) << files.error().message;
        return *std::move(files);
    }
    static std::string bytesOf(const TensorFiles &files, const std::string &name)
    {
        const MappedTensor *tensor = files.find(name);
        EXPECT_NE(tensor, nullptr) << name;
        return tensor ? std::string(reinterpret_cast<const char *>(tensor->bytes.data()), tensor->bytes.size()) : std::string();
    }
    /// One output of `debug forward`.
    at::Tensor forward(const fs::path &folder, const std::map<std::string, at::Tensor> &inputs, const std::string &output)
    {
        const fs::path given = temporary / "inputs.safetensors", computed = temporary / "outputs.safetensors";
        EXPECT_TRUE(writeTensorMap(given, inputs));
        const Result<void> ran = engine->debugForward(folder.string(), given.string(), computed.string(), 4, Precision::Auto);
        EXPECT_TRUE(ran) << ran.error().message;
        const TensorFiles files = open(computed);
        return viewOf(*files.find(output), files.mapping()).clone();
    }

    const testing::TemporaryFolder temporary;
    const fs::path tower = temporary / "tower", decoder = temporary / "decoder", place = temporary / "models", out = place / "new";
    const std::unique_ptr<Engine> engine = createEngine();
    ImportRequest asked;
};

TEST_F(ImportTest, TheNewModelComputesWhatItsPartsComputed)
{
    ASSERT_TRUE(import());
    const std::map<std::string, at::Tensor> picture{{"pixel_values", at::randn({1, 256, 48})},
                                                    {"pixel_attention_mask", at::ones({1, 256}, at::kInt)},
                                                    {"spatial_shapes", at::tensor({16, 16}, at::kLong).unsqueeze(0)}};
    std::map<std::string, at::Tensor> both = picture;
    both["q0.input_ids"] = at::arange(7, at::kLong).unsqueeze(0);
    EXPECT_TRUE(at::allclose(forward(out, both, "H_v"), forward(tower, picture, "last_hidden_state"), 1e-5, 1e-5));
    const auto ids = at::arange(7, at::kLong).unsqueeze(0);
    EXPECT_TRUE(at::equal(forward(out, {{"q0.input_ids", ids}}, "q0.greedy_ids"), forward(decoder, {{"input_ids", ids}}, "greedy_ids")));
    EXPECT_TRUE(at::allclose(forward(out, {{"q0.input_ids", ids}}, "q0.logits"), forward(decoder, {{"input_ids", ids}}, "logits"), 1e-5, 1e-5));
}

TEST_F(ImportTest, EveryTensorKeepsItsBytesWhateverItsTypeAndHoweverManyFilesHoldIt)
{
    fs::remove_all(tower);
    fs::remove_all(decoder);
    writeTinyTower(tower, {.dtype = Dtype::F16, .shards = 2}); // without the prefix, as transformers 5 writes
    writeTinyDecoder(decoder, {.dtype = Dtype::BF16, .shards = 3});
    ASSERT_TRUE(import());
    const TensorFiles made = open(out), vision = open(tower), text = open(decoder);
    for (const auto &[name, tensor] : vision.tensors()) {
        EXPECT_EQ(bytesOf(made, "vision_tower.vision_model." + name), bytesOf(vision, name)) << name;
        EXPECT_EQ(made.find("vision_tower.vision_model." + name)->dtype, Dtype::F16);
    }
    for (const auto &[name, tensor] : text.tensors())
        EXPECT_EQ(bytesOf(made, "language_model." + name), bytesOf(text, name)) << name;
    EXPECT_EQ(made.find("projector.0.weight")->dtype, Dtype::BF16) << "the decoder's type";
    EXPECT_FALSE(made.find("language_model.lm_head.weight")) << "tied";
}

TEST_F(ImportTest, APrecisionConvertsEveryTensor)
{
    asked.precision = Precision::Bf16;
    ASSERT_TRUE(import());
    const TensorFiles made = open(out), text = open(decoder);
    for (const auto &[name, tensor] : made.tensors())
        EXPECT_EQ(tensor.dtype, Dtype::BF16) << name;
    const at::Tensor given = viewOf(*text.find("model.norm.weight"), text.mapping());
    EXPECT_TRUE(at::equal(viewOf(*made.find("language_model.model.norm.weight"), made.mapping()), given.to(at::kBFloat16)));
}

TEST_F(ImportTest, TheFusionDecoderIsACopyOfTheFirstDecoderLayer)
{
    ASSERT_TRUE(import());
    const TensorFiles made = open(out);
    int copied = 0;
    for (const auto &[name, tensor] : made.tensors()) {
        const std::string_view fusion = "fusion.decoder.";
        if (!name.starts_with(fusion))
            continue;
        ++copied;
        EXPECT_EQ(bytesOf(made, name), bytesOf(made, "language_model.model.layers.0." + name.substr(fusion.size()))) << name;
    }
    EXPECT_EQ(copied, 12);
}

TEST_F(ImportTest, ConnectorsAreDrawnSmallAndBySeed)
{
    ASSERT_TRUE(import());
    const TensorFiles made = open(out);
    const at::Tensor matrix = viewOf(*made.find("fusion.cross.fc1.weight"), made.mapping());
    EXPECT_NEAR(matrix.std().item<double>(), 0.02, 0.002);
    EXPECT_TRUE(at::equal(viewOf(*made.find("projector.0.bias"), made.mapping()), at::full({24}, 0.0)));
    EXPECT_TRUE(at::equal(viewOf(*made.find("fusion.cross.ln_kv.weight"), made.mapping()), at::ones({24})));
    const std::string first = *modelHash(out);
    fs::remove_all(out);
    ASSERT_TRUE(import());
    EXPECT_EQ(*modelHash(out), first);
    fs::remove_all(out);
    asked.seed = 2;
    ASSERT_TRUE(import());
    EXPECT_NE(*modelHash(out), first);
}

TEST_F(ImportTest, EveryCompressorAndFusionMakesAModelThatAnswers)
{
    for (const char *compressor : {"mlp", "conv2d", "maxpool2d", "concat4", "none"}) {
        for (const char *fusion : {"none", "cross", "decoder", "combined"}) {
            SCOPED_TRACE(std::string(compressor) + ", " + fusion);
            asked.compressor = compressor;
            asked.fusion = fusion;
            const Result<ImportReport> report = import();
            ASSERT_TRUE(report) << report.error().message;
            const auto inspector = engine->load({out.string(), "cpu", Precision::Auto, 1, false}, {}, {});
            ASSERT_TRUE(inspector) << inspector.error().message;
            EXPECT_EQ((*inspector)->card().parameters, report->parameters);
            const auto answer = (*inspector)->ask(testing_support::noiseFrame(40, 30, 1), {"Is there a bottle?", {}}, {}, {});
            EXPECT_TRUE(answer) << answer.error().message;
            fs::remove_all(out);
        }
    }
}

TEST_F(ImportTest, EveryoneIsToldThatTheConnectorsAreUntrained)
{
    const Result<ImportReport> report = import();
    ASSERT_TRUE(report);
    EXPECT_THAT(report->warnings, ElementsAre(HasSubstr("connectors untrained")));
    EXPECT_THAT(engine->describe(out.string())->warnings, ElementsAre(HasSubstr("connectors untrained")));
    const auto inspector = engine->load({out.string(), "cpu", Precision::Auto, 1, false}, {}, {});
    ASSERT_TRUE(inspector);
    EXPECT_THAT((*inspector)->card().warnings, ElementsAre(HasSubstr("connectors untrained")));
    const auto answer = (*inspector)->ask(testing_support::noiseFrame(40, 30, 1), {"Is there a bottle?", {}}, {}, {});
    ASSERT_TRUE(answer);
    EXPECT_TRUE(answer->isUntrained);
    EXPECT_THAT(testing::readFile(out / "MODEL_CARD.md"), HasSubstr("untrained"));
}

TEST_F(ImportTest, TheNewFolderIsWholeAndItsChecksumsAreRight)
{
    ASSERT_TRUE(import());
    EXPECT_THAT(made(), ElementsAre("new"));
    for (const char *name : {"config.json", "model.safetensors", "tokenizer.json", "preprocessor_config.json", "MODEL_CARD.md", "SHA256SUMS"})
        EXPECT_TRUE(fs::exists(out / name)) << name;
    EXPECT_TRUE(verifyChecksums(out));
    EXPECT_EQ(testing::readFile(out / "tokenizer.json"), testing::readFile(decoder / "tokenizer.json"));
}

TEST_F(ImportTest, AKillAtAnyTimeLeavesNothing)
{
    fs::create_directories(place);
    for (const double moment : {0.0, 0.3, 0.9, 1.0}) {
        const pid_t child = fork();
        if (child == 0) {
            (void)import([&](double fraction) {
                if (fraction >= moment)
                    ::raise(SIGKILL);
            });
            ::_exit(0);
        }
        int status = 0;
        ASSERT_EQ(::waitpid(child, &status, 0), child);
        EXPECT_TRUE(WIFSIGNALED(status)) << moment;
        EXPECT_THAT(made(), ElementsAre()) << moment;
    }
    EXPECT_TRUE(import());
}

TEST_F(ImportTest, WhatAKillAtTheVeryEndLeftIsClearedByTheNextImport)
{
    fs::create_directories(place / ".new.partial");
    std::ofstream(place / ".new.partial" / "config.json") << "{";
    ASSERT_TRUE(import());
    EXPECT_THAT(made(), ElementsAre("new"));
    EXPECT_TRUE(verifyChecksums(out));
}

TEST_F(ImportTest, AStopLeavesNothing)
{
    std::stop_source stop;
    const Result<ImportReport> report = import([&](double fraction) {
        if (fraction > 0.5)
            stop.request_stop();
    }, stop.get_token());
    ASSERT_FALSE(report);
    EXPECT_EQ(report.error().code, code::Cancelled);
    EXPECT_THAT(made(), ElementsAre());
}

TEST_F(ImportTest, AFolderThatIsThereIsNeverTouched)
{
    fs::create_directories(out);
    ASSERT_TRUE(import()) << "an empty one is taken";
    const std::string hash = *modelHash(out);
    EXPECT_EQ(codeOfImport(), "CLI-01");
    EXPECT_EQ(*modelHash(out), hash);
}

TEST_F(ImportTest, AFolderWithoutRightsIsAStorageFault)
{
    std::ofstream(place) << "a file in the way";
    EXPECT_EQ(codeOfImport(), "FS-07");
}

TEST_F(ImportTest, PartsInTheWrongPlaceAreRefused)
{
    std::swap(const_cast<fs::path &>(tower), const_cast<fs::path &>(decoder));
    EXPECT_THAT(messageOfImport(), HasSubstr("does not hold a SigLIP2 NaFlex tower"));
    EXPECT_EQ(codeOfImport(), "MOD-21");
}

TEST_F(ImportTest, EveryTensorThatIsMissingOrMisshapenIsNamedAndNothingIsWritten)
{
    std::map<std::string, at::Tensor> weights;
    {
        const TensorFiles files = open(decoder);
        for (const auto &[name, tensor] : files.tensors())
            weights[name] = viewOf(tensor, files.mapping()).clone();
    }
    weights.erase("model.layers.0.mlp.up_proj.weight");
    weights.erase("model.norm.weight");
    weights["model.layers.1.self_attn.k_proj.bias"] = at::ones({3});
    ASSERT_TRUE(writeTensorMap(decoder / "model.safetensors", weights));
    EXPECT_EQ(messageOfImport(), "missing: model.layers.0.mlp.up_proj.weight, model.norm.weight; wrong shape: 'model.layers.1.self_attn.k_proj.bias' is [3], model needs [8]");
    EXPECT_EQ(codeOfImport(), "MOD-12");
    EXPECT_FALSE(fs::exists(place));
}

TEST_F(ImportTest, ADecoderWithoutAnyTensorIsToldWhatIsMissing)
{
    ASSERT_TRUE(writeTensors(decoder / "model.safetensors", {}));
    EXPECT_THAT(messageOfImport(), ::testing::StartsWith("missing: "));
    EXPECT_FALSE(fs::exists(place));
}

TEST_F(ImportTest, ValuesThatAreNotFiniteAreRefused)
{
    std::map<std::string, at::Tensor> weights;
    {
        const TensorFiles files = open(tower);
        for (const auto &[name, tensor] : files.tensors())
            weights[name] = viewOf(tensor, files.mapping()).clone();
    }
    weights["vision_model.post_layernorm.weight"][3] = std::numeric_limits<float>::infinity();
    ASSERT_TRUE(writeTensorMap(tower / "model.safetensors", weights));
    EXPECT_EQ(messageOfImport(), "1 values are not finite in 'vision_tower.vision_model.post_layernorm.weight'");
    EXPECT_EQ(codeOfImport(), "MOD-15");
    EXPECT_THAT(made(), ElementsAre());
}

TEST_F(ImportTest, TensorsThatAreNotUsedAreTold)
{
    std::map<std::string, at::Tensor> weights;
    {
        const TensorFiles files = open(tower);
        for (const auto &[name, tensor] : files.tensors())
            weights[name] = viewOf(tensor, files.mapping()).clone();
    }
    weights["vision_model.head.probe"] = at::ones({1, 1, 32}); // known and not needed
    weights["vision_model.extra.weight"] = at::ones({2});
    ASSERT_TRUE(writeTensorMap(tower / "model.safetensors", weights));
    const Result<ImportReport> report = import();
    ASSERT_TRUE(report);
    EXPECT_THAT(report->warnings, ElementsAre(HasSubstr("1 tensors of " + tower.string() + " are not used, first vision_model.extra.weight"), HasSubstr("untrained")));
}

TEST_F(ImportTest, ADecoderWithoutATokenizerIsImportedAndThatIsTold)
{
    fs::remove(decoder / "tokenizer.json");
    const Result<ImportReport> report = import();
    ASSERT_TRUE(report);
    EXPECT_THAT(report->warnings, ElementsAre(HasSubstr("has no tokenizer"), HasSubstr("untrained")));
}

TEST_F(ImportTest, ATokenizerOfAnotherModelIsRefused)
{
    std::string config = testing::readFile(decoder / "config.json");
    config.replace(config.find("\"vocab_size\":320"), 16, "\"vocab_size\":64");
    std::ofstream(decoder / "config.json") << config;
    ASSERT_EQ(testing_support::writeRandomWeights(decoder, {}), "");
    EXPECT_EQ(codeOfImport(), "TOK-01");
    EXPECT_FALSE(fs::exists(place));
}

/// Peak resident memory of a child that imports, in MB; a child's peak starts at its parent's resident size.
TEST_F(ImportTest, MemoryStaysFarBelowTheModel)
{
    std::string config = testing::readFile(decoder / "config.json");
    config.replace(config.find("\"vocab_size\":320"), 16, "\"vocab_size\":600000"); // 58 MB a copy in fp32
    config.replace(config.find("\"hidden_size\":24"), 16, "\"hidden_size\":96");
    config.replace(config.find("\"tie_word_embeddings\":true"), 26, "\"tie_word_embeddings\":false");
    std::ofstream(decoder / "config.json") << config;
    ASSERT_EQ(testing_support::writeRandomWeights(decoder, {}), ""); // 2 x 230 MB
    const auto peakMb = [&](const ImportRequest &wanted) {
        const pid_t child = fork();
        if (child == 0) {
            ::execl(AURORAEDGE_BIN_DIR "/auroraedge", "auroraedge", "import", "--quiet", "--vision", wanted.visionFolder.c_str(), "--llm", wanted.decoderFolder.c_str(),
                    "--out", wanted.outFolder.c_str(), nullptr);
            ::_exit(127);
        }
        int status = 0;
        struct rusage usage = {};
        EXPECT_EQ(::wait4(child, &status, 0, &usage), child);
        return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? usage.ru_maxrss / 1024 : -1;
    };
    const long large = peakMb(request());
    ASSERT_GT(large, 0);
    fs::remove_all(out);
    writeTinyDecoder(decoder, {});
    const long small = peakMb(request());
    ASSERT_GT(small, 0);
    EXPECT_LT(large - small, 120) << "importing 460 MB took " << large << " MB, importing 1 MB " << small;
}

} // namespace
} // namespace auroraedge::engine

#include "engine/create_engine.h"
#include "engine/io/tensor_files.h"
#include "engine/io/weights.h"
#include "tests/support/tiny_model.h"

#include <ATen/ops/full.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>

namespace auroraedge::engine {
namespace {

using testing_support::noiseFrame;

class InspectorTest : public testing::Test
{
protected:
    void SetUp() override
    {
        folder = std::filesystem::temp_directory_path() / ("auroraedge_tiny_" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
        testing_support::writeTinyModel(folder);
        inspector = loaded();
        ASSERT_TRUE(inspector);
    }
    void TearDown() override { std::filesystem::remove_all(folder); }

    std::unique_ptr<Inspector> loaded()
    {
        auto result = engine->load({folder.string(), "cpu", Precision::Fp32, 1}, {}, {});
        EXPECT_TRUE(result) << result.error().message;
        return result ? std::move(*result) : nullptr;
    }
    Error loadError()
    {
        const auto result = engine->load({folder.string(), "cpu", Precision::Auto, 1}, {}, {});
        EXPECT_FALSE(result);
        return result ? Error{} : result.error();
    }
    Result<Answer> ask(const std::string &text, const Frame &picture, GenerationOptions options = {})
    {
        return inspector->ask(picture, {text, options}, {}, {});
    }

    std::unique_ptr<Engine> engine = createEngine();
    std::filesystem::path folder;
    std::unique_ptr<Inspector> inspector;
    const Frame frame = noiseFrame(60, 40, 3);
};

TEST_F(InspectorTest, AnswersWithProbabilityAndEveryLatency)
{
    const auto answer = ask("How many bottles are there?", frame);
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_GT(answer->probability, 0);
    EXPECT_LE(answer->probability, 1);
    EXPECT_EQ(answer->tokens.visual, 64);
    EXPECT_GT(answer->tokens.prompt, 5);
    for (const double ms : {answer->latency.preprocessMs, answer->latency.encodeMs, answer->latency.projectMs, answer->latency.compressMs,
                            answer->latency.fuseMs, answer->latency.prefillMs, answer->latency.firstTokenMs, answer->latency.totalMs})
        EXPECT_GT(ms, 0);
}

TEST_F(InspectorTest, GreedyAnswersAreTheSameEveryTimeAndInEveryInspector)
{
    const auto first = ask("Is there a bottle?", frame);
    ASSERT_TRUE(first);
    const auto other = loaded();
    const auto second = other->ask(frame, {"Is there a bottle?", {}}, {}, {});
    const auto third = ask("Is there a bottle?", frame);
    ASSERT_TRUE(second && third);
    EXPECT_EQ(first->text, second->text);
    EXPECT_EQ(first->text, third->text);
    EXPECT_EQ(first->probability, second->probability);
    EXPECT_EQ(first->probability, third->probability);
}

TEST_F(InspectorTest, ASecondQuestionOnTheSamePictureSkipsTheEncoder)
{
    ASSERT_TRUE(ask("Is there a bottle?", frame));
    const auto fresh = loaded()->ask(frame, {"How many?", {}}, {}, {});
    const auto reused = ask("How many?", frame);
    ASSERT_TRUE(fresh && reused);
    EXPECT_TRUE(reused->encoderReused);
    EXPECT_FALSE(fresh->encoderReused);
    EXPECT_EQ(inspector->counters().encoderRuns, 1U);
    EXPECT_EQ(inspector->counters().fusionRuns, 2U);
    EXPECT_EQ(reused->text, fresh->text);
    EXPECT_EQ(reused->latency.encodeMs, 0);
}

TEST_F(InspectorTest, AnotherPictureIsEncodedAndTheCacheOfPicturesIsBounded)
{
    for (unsigned seed = 0; seed < 12; ++seed)
        ASSERT_TRUE(ask("Is there a bottle?", noiseFrame(40, 40, 100 + seed)));
    EXPECT_EQ(inspector->counters().encoderRuns, 12U);
    ASSERT_TRUE(ask("Is there a bottle?", noiseFrame(40, 40, 100))); // the oldest was dropped
    EXPECT_EQ(inspector->counters().encoderRuns, 13U);
}

TEST_F(InspectorTest, EncodingAheadLeavesOnlyThePromptForTheQuestion)
{
    ASSERT_TRUE(inspector->encodeAhead(frame, {}));
    const auto answer = ask("Is there a bottle?", frame);
    ASSERT_TRUE(answer);
    EXPECT_TRUE(answer->encoderReused);
}

TEST_F(InspectorTest, ARegionIsThePictureOfItsPixelsAlone)
{
    const Frame part = cropped(frame, {10, 5, 30, 20});
    const auto viaStride = ask("How many?", part);
    Frame copy = part;
    std::shared_ptr<std::uint8_t> pixels(new std::uint8_t[30 * 20 * 3], std::default_delete<std::uint8_t[]>());
    for (int y = 0; y < 20; ++y)
        std::copy_n(part.row(y), 90, pixels.get() + y * 90);
    copy.pixels = pixels;
    copy.strideBytes = 90;
    const auto viaCopy = ask("How many?", copy);
    ASSERT_TRUE(viaStride && viaCopy);
    EXPECT_TRUE(viaCopy->encoderReused);
    EXPECT_EQ(viaStride->text, viaCopy->text);
}

TEST_F(InspectorTest, StreamedPiecesMakeUpTheAnswer)
{
    std::string streamed;
    std::vector<Stage> stages;
    AskListener listener;
    listener.onText = [&](std::string_view piece) { streamed += piece; };
    listener.onStage = [&](Stage stage) { stages.push_back(stage); };
    const auto answer = inspector->ask(frame, {"Is there a bottle?", {}}, listener, {});
    ASSERT_TRUE(answer);
    EXPECT_EQ(streamed, answer->text);
    EXPECT_EQ(stages, (std::vector<Stage>{Stage::Preprocess, Stage::Encode, Stage::Project, Stage::Compress, Stage::Fuse, Stage::Prefill, Stage::Generate}));
}

TEST_F(InspectorTest, AStopInAnyStageIsObeyedAndLeavesTheInspectorUsable)
{
    const auto undisturbed = loaded()->ask(frame, {"Is there a bottle?", {}}, {}, {});
    ASSERT_TRUE(undisturbed);
    for (const Stage when : {Stage::Preprocess, Stage::Encode, Stage::Project, Stage::Fuse, Stage::Prefill, Stage::Generate}) {
        SCOPED_TRACE(stageName(when));
        std::stop_source stop;
        AskListener listener;
        listener.onStage = [&](Stage stage) {
            if (stage == when)
                stop.request_stop();
        };
        const auto fresh = loaded();
        const auto stopped = fresh->ask(frame, {"Is there a bottle?", {}}, listener, stop.get_token());
        ASSERT_FALSE(stopped);
        EXPECT_EQ(stopped.error().code, code::Cancelled);
        const auto after = fresh->ask(frame, {"Is there a bottle?", {}}, {}, {});
        ASSERT_TRUE(after);
        EXPECT_EQ(after->text, undisturbed->text);
    }
}

TEST_F(InspectorTest, AStopBetweenTokensEndsWithinOneToken)
{
    std::stop_source stop;
    int pieces = 0;
    AskListener listener;
    listener.onText = [&](std::string_view) {
        ++pieces;
        stop.request_stop();
    };
    GenerationOptions options;
    options.maxNewTokens = 200;
    const auto stopped = inspector->ask(frame, {"Is there a bottle?", options}, listener, stop.get_token());
    if (!stopped) { // an answer of one token is over before the stop is seen
        EXPECT_EQ(stopped.error().code, code::Cancelled);
    }
    EXPECT_LE(pieces, 1);
}

TEST_F(InspectorTest, ChoicesShareTheProbability)
{
    GenerationOptions options;
    options.choices = {"yes", "no"};
    const auto answer = ask("Is there a bottle?", frame, options);
    ASSERT_TRUE(answer);
    EXPECT_TRUE(answer->text == "yes" || answer->text == "no");
    EXPECT_GE(answer->probability, 0.5);
    options.choices = {"no", "yes"};
    EXPECT_EQ(ask("Is there a bottle?", frame, options)->text, answer->text);
}

TEST_F(InspectorTest, TheSameSeedDrawsTheSameAnswer)
{
    GenerationOptions options;
    options.temperature = 1.0;
    options.maxNewTokens = 12;
    options.seed = 5;
    const auto first = ask("Is there a bottle?", frame, options), again = ask("Is there a bottle?", frame, options);
    ASSERT_TRUE(first && again);
    EXPECT_EQ(first->text, again->text);
}

TEST_F(InspectorTest, QuestionsThatCannotBeAskedAreRefused)
{
    EXPECT_EQ(ask("  ", frame).error().code, code::QuestionEmpty);
    EXPECT_EQ(ask(std::string(3000, 'x') + "?", frame).error().code, code::QuestionTooLong);
    EXPECT_EQ(ask("\xff\xfe", frame).error().code, code::QuestionUnreadable);
}

TEST_F(InspectorTest, ATokenLimitLeavesTheAnswerIncomplete)
{
    GenerationOptions options;
    options.maxNewTokens = 1;
    const auto answer = ask("Is there a bottle?", frame, options);
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->isComplete, answer->tokens.answer == 0);
}

TEST_F(InspectorTest, EveryMissingMisshapenAndSurplusTensorIsNamedInOneError)
{
    auto files = TensorFiles::open(folder);
    ASSERT_TRUE(files);
    std::map<std::string, at::Tensor> tensors;
    for (const auto &[name, tensor] : files->tensors())
        tensors[name] = viewOf(tensor, files->mapping()).clone();
    tensors.erase("projector.0.weight");
    tensors.erase("fusion.cross.ln_q.bias");
    tensors["projector.2.bias"] = at::full({7}, 1.0);
    tensors["something.else"] = at::full({1}, 1.0);
    ASSERT_TRUE(writeTensorMap(folder / "model.safetensors", tensors));
    const Error error = loadError();
    EXPECT_EQ(error.code, code::ModelTensorMissing);
    for (const char *name : {"projector.0.weight", "fusion.cross.ln_q.bias", "'projector.2.bias' is [7], model needs [32]", "something.else"})
        EXPECT_NE(error.message.find(name), std::string::npos) << error.message;
}

TEST_F(InspectorTest, WeightsThatAreNotNumbersGiveAnErrorAndNoAnswer)
{
    auto files = TensorFiles::open(folder);
    std::map<std::string, at::Tensor> tensors;
    for (const auto &[name, tensor] : files->tensors())
        tensors[name] = viewOf(tensor, files->mapping()).clone();
    tensors["language_model.model.norm.weight"] = at::full({32}, std::nan(""));
    ASSERT_TRUE(writeTensorMap(folder / "model.safetensors", tensors));
    inspector = loaded();
    const auto answer = ask("Is there a bottle?", frame);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, code::AnswerNotFinite);
}

TEST_F(InspectorTest, AFolderThatIsNotAModelIsRefused)
{
    for (const auto &entry : std::filesystem::directory_iterator(folder))
        std::filesystem::remove(entry);
    EXPECT_EQ(loadError().code, code::ModelFolder);
    std::ofstream(folder / "config.json") << "{\"model_type\":\"auroraedge\"";
    EXPECT_EQ(loadError().code, code::ConfigValue);
    std::ofstream(folder / "config.json") << "{\"model_type\":\"auroraedge\",\"vision_config\":{},\"text_config\":{\"num_hidden_layers\":1000000000}}";
    const Error error = loadError();
    EXPECT_EQ(error.code, code::ConfigValue);
    EXPECT_NE(error.message.find("num_hidden_layers 1000000000 is outside 1..512"), std::string::npos) << error.message;
}

TEST_F(InspectorTest, ATokenizerOfAnotherModelIsRefused)
{
    std::ifstream in(folder / "config.json");
    std::string text(std::istreambuf_iterator<char>(in), {});
    text.replace(text.find("\"vocab_size\":320"), 16, "\"vocab_size\":280");
    std::ofstream(folder / "config.json") << text;
    EXPECT_EQ(loadError().code, code::TokenizerMismatch);
}

TEST_F(InspectorTest, AGpuThatIsNotThereIsSaidByNameAndAutoTakesTheCpuAndSaysWhy)
{
    const auto asked = engine->load({folder.string(), "cuda:9", Precision::Auto, 1}, {}, {});
    if (!asked) {
        EXPECT_TRUE(asked.error().code == code::GpuAbsent || asked.error().code == code::GpuMemoryLoad || asked.error().code == code::GpuFailed);
    }
    const auto automatic = engine->load({folder.string(), "auto", Precision::Auto, 1}, {}, {});
    ASSERT_TRUE(automatic);
    EXPECT_FALSE((*automatic)->card().deviceReason.empty());
    const auto unknown = engine->load({folder.string(), "tpu", Precision::Auto, 1}, {}, {});
    ASSERT_FALSE(unknown);
    EXPECT_EQ(unknown.error().code, code::Usage);
}

TEST_F(InspectorTest, LoadingCanBeStoppedAndReportsProgress)
{
    std::stop_source stop;
    stop.request_stop();
    const auto stopped = engine->load({folder.string(), "cpu", Precision::Auto, 1}, {}, stop.get_token());
    ASSERT_FALSE(stopped);
    EXPECT_EQ(stopped.error().code, code::Cancelled);
    double last = -1;
    bool isRising = true;
    ASSERT_TRUE(engine->load({folder.string(), "cpu", Precision::Auto, 1}, [&](double fraction) { isRising = isRising && fraction >= last; last = fraction; }, {}));
    EXPECT_TRUE(isRising);
    EXPECT_EQ(last, 1);
}

TEST_F(InspectorTest, BothPrecisionsGiveTheSameFirstChoice)
{
    GenerationOptions options;
    options.choices = {"yes", "no"};
    const auto exact = ask("Is there a bottle?", frame, options);
    auto half = engine->load({folder.string(), "cpu", Precision::Bf16, 1}, {}, {});
    ASSERT_TRUE(half) << half.error().message;
    const auto rounded = (*half)->ask(frame, {"Is there a bottle?", options}, {}, {});
    ASSERT_TRUE(exact && rounded) << rounded.error().message;
    EXPECT_NEAR(exact->probability, rounded->probability, 0.05);
}

TEST(SelfTest, ShowsTheSpeedOfBothProducts)
{
    const auto test = createEngine()->selfTest(1);
    ASSERT_TRUE(test);
    EXPECT_GT(test->fp32Gflops, 0);
    EXPECT_GT(test->bf16Gflops, 0);
    EXPECT_FALSE(test->cpuCapability.empty());
}

} // namespace
} // namespace auroraedge::engine

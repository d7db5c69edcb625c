#include "engine/create_engine.h"
#include "engine/io/model_folder.h"
#include "engine/io/weights.h"
#include "engine/models/aurora_edge.h"
#include "engine/text/bpe_learner.h"
#include "engine/vision/preprocessor.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/tiny_model.h"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/full.h>
#include <ATen/ops/linspace.h>
#include <ATen/ops/tensor.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>
#include <thread>

namespace auroraedge::engine {
namespace {

using testing_support::noiseFrame;

class InspectorTest : public ::testing::Test
{
protected:
    void SetUp() override
    {
        testing_support::writeTinyModel(folder);
        inspector = loaded();
        ASSERT_TRUE(inspector);
    }
    std::unique_ptr<Inspector> loaded()
    {
        auto result = engine->load({folder.string(), "cpu", Precision::Fp32, 1, false}, {}, {});
        EXPECT_TRUE(result) << result.error().message;
        return result ? std::move(*result) : nullptr;
    }
    Error loadError()
    {
        const auto result = engine->load({folder.string(), "cpu", Precision::Auto, 1, false}, {}, {});
        EXPECT_FALSE(result);
        return result ? Error{} : result.error();
    }
    Result<Answer> ask(const std::string &text, const Frame &picture, GenerationOptions options = {})
    {
        return inspector->ask(picture, {text, options}, {}, {});
    }
    using Tensors = std::map<std::string, at::Tensor>;
    Tensors tensors()
    {
        const auto files = TensorFiles::open(folder);
        EXPECT_TRUE(files) << files.error().message;
        Tensors copies;
        for (const auto &[name, tensor] : files->tensors())
            copies[name] = viewOf(tensor, files->mapping()).clone();
        return copies;
    }
    /// Puts @p changed in the place of the weights.
    void write(const Tensors &changed)
    {
        ASSERT_TRUE(writeTensorMap(folder / "model.safetensors", changed));
        ASSERT_TRUE(writeChecksums(folder));
    }
    void writeConfig(const std::string &from, const std::string &to)
    {
        std::string text = testing::readFile(folder / "config.json");
        ASSERT_NE(text.find(from), std::string::npos);
        text.replace(text.find(from), from.size(), to);
        std::ofstream(folder / "config.json") << text;
        ASSERT_TRUE(writeChecksums(folder));
    }

    std::unique_ptr<Engine> engine = createEngine();
    const testing::TemporaryFolder temporary;
    const std::filesystem::path folder = temporary / "tiny";
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
    for (const Stage when : {Stage::Preprocess, Stage::Encode, Stage::Project, Stage::Compress, Stage::Fuse, Stage::Prefill, Stage::Generate}) {
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
    GenerationOptions options;
    options.maxNewTokens = 20;
    const auto whole = ask("Is there a bottle?", frame, options);
    ASSERT_TRUE(whole);
    ASSERT_GT(whole->tokens.answer, 5) << "the toy model must talk for this test";
    std::stop_source stop;
    AskListener listener;
    listener.onText = [&](std::string_view) { stop.request_stop(); };
    const std::uint64_t steps = inspector->counters().decodeSteps;
    const auto stopped = inspector->ask(frame, {"Is there a bottle?", options}, listener, stop.get_token());
    ASSERT_FALSE(stopped);
    EXPECT_EQ(stopped.error().code, code::Cancelled);
    EXPECT_LE(inspector->counters().decodeSteps, steps + 1);
    EXPECT_EQ(ask("Is there a bottle?", frame, options)->text, whole->text);
}

TEST_F(InspectorTest, AnEmptyPictureCannotBeEncodedAhead)
{
    Frame empty;
    empty.widthPx = empty.heightPx = 10; // a size, but no pixels
    const auto encoded = inspector->encodeAhead(empty, {});
    ASSERT_FALSE(encoded);
    EXPECT_EQ(encoded.error().code, code::ImageNoPixels);
    const auto answer = ask("Is there a bottle?", empty); // asks the language model alone
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->tokens.visual, 0);
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

TEST_F(InspectorTest, AChoiceWithMoreTokensThanBytesHasRoomInTheCache)
{
    GenerationOptions options;
    options.maxNewTokens = 1;
    std::string choice;
    for (int i = 0; i < 20; ++i)
        choice += "\xE0\xA5\x98"; // U+0958: composing normalisation makes six bytes of its three
    options.choices = {choice, "no"};
    const auto answer = ask("Is there a bottle?", frame, options);
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_GT(answer->tokens.answer, 60);
    options.choices = {"bad \xC3( text"};
    EXPECT_EQ(ask("Is there a bottle?", frame, options).error().code, code::QuestionUnreadable);
}

TEST_F(InspectorTest, AnAnswerEndsWithTheLastPositionOfTheModel)
{
    const auto prompt = ask("How many?", frame)->tokens;
    const int used = prompt.visual + prompt.prompt;
    writeConfig("\"vocab_size\":320", "\"vocab_size\":320,\"max_position_embeddings\":" + std::to_string(used + 3));
    inspector = loaded();
    GenerationOptions options;
    options.maxNewTokens = std::numeric_limits<int>::max();
    const auto answer = ask("How many?", frame, options);
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_LE(answer->tokens.answer, 3);
    const auto tooLong = ask("How many bottles are there?", frame, options);
    ASSERT_FALSE(tooLong);
    EXPECT_EQ(tooLong.error().code, code::QuestionTooLong);
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
    EXPECT_EQ(first->probability, again->probability);
    options.seed = 6;
    EXPECT_NE(ask("Is there a bottle?", frame, options)->text, first->text);
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
    Tensors changed = tensors();
    changed.erase("projector.0.weight");
    changed.erase("fusion.cross.ln_q.bias");
    changed["projector.2.bias"] = at::full({7}, 1.0);
    changed["something.else"] = at::full({1}, 1.0);
    write(changed);
    const Error error = loadError();
    EXPECT_EQ(error.code, code::ModelTensorMissing);
    for (const char *name : {"projector.0.weight", "fusion.cross.ln_q.bias", "'projector.2.bias' is [7], model needs [32]", "something.else"})
        EXPECT_NE(error.message.find(name), std::string::npos) << error.message;
}

TEST_F(InspectorTest, ATensorOfAnotherShapeOrOfWholeNumbersIsRefusedByName)
{
    Tensors changed = tensors();
    changed["projector.2.bias"] = at::full({7}, 1.0);
    changed["projector.0.bias"] = at::full({32}, 1, at::kLong);
    changed["fusion.cross.ln_q.bias"] = at::full({32}, 1, at::kChar);
    write(changed);
    const Error error = loadError();
    EXPECT_EQ(error.code, code::ModelTensorShape);
    EXPECT_EQ(error.message, "wrong shape: 'projector.2.bias' is [7], model needs [32]; wrong type: 'projector.0.bias' is I64, model needs F32, F16 or BF16, "
                             "'fusion.cross.ln_q.bias' is I8, model needs F32, F16 or BF16");
}

TEST_F(InspectorTest, SurplusTensorsAloneAreAWarningThatListsThem)
{
    Tensors changed = tensors();
    changed["something.else"] = at::full({1}, 1.0);
    changed["something.\n"] = at::full({1}, 1.0);
    write(changed);
    inspector = loaded();
    const std::string sentence = "2 tensors of the file are not used: 'something.\\x0A', 'something.else'";
    ASSERT_EQ(inspector->card().warnings, std::vector{sentence});
    const auto strict = engine->load({folder.string(), "cpu", Precision::Auto, 1, /*isStrict=*/true}, {}, {});
    ASSERT_FALSE(strict);
    EXPECT_EQ(strict.error().code, code::ModelTensorSurplus);
    EXPECT_EQ(strict.error().message, sentence);
    for (int i = 0; i < 30; ++i)
        changed["more." + std::to_string(i)] = at::full({1}, 1.0);
    write(changed);
    inspector = loaded();
    ASSERT_EQ(inspector->card().warnings.size(), 1U);
    EXPECT_TRUE(inspector->card().warnings.front().starts_with("32 tensors of the file are not used: 'more.0', 'more.1'")) << inspector->card().warnings.front();
    EXPECT_TRUE(inspector->card().warnings.front().ends_with(" (and 12 more)")) << inspector->card().warnings.front();
}

TEST_F(InspectorTest, AMatrixOfOneValueIsAWarningAndABiasOfOneValueIsNone)
{
    EXPECT_TRUE(inspector->card().warnings.empty()); // its biases are zeros, its norms ones
    Tensors changed = tensors();
    changed["projector.0.weight"].zero_();
    changed["language_model.model.embed_tokens.weight"].fill_(0.5);
    changed["projector.2.weight"].fill_(0.5).flatten()[-1] = 0.25; // one other value at the end is enough
    for (const at::ScalarType type : {at::kFloat, at::kHalf, at::kBFloat16}) {
        Tensors stored;
        for (const auto &[name, tensor] : changed)
            stored[name] = tensor.to(type);
        write(stored);
        inspector = loaded();
        EXPECT_EQ(inspector->card().warnings,
                  (std::vector<std::string>{"MOD-16: every value is the same in 'projector.0.weight', 'language_model.model.embed_tokens.weight'"}));
        EXPECT_TRUE(ask("Is there a bottle?", frame));
    }
}

TEST_F(InspectorTest, WeightsThatAreNotNumbersAreRefusedByNameAndCount)
{
    Tensors changed = tensors();
    changed["language_model.model.norm.weight"][3] = std::nan("");
    changed["projector.0.bias"].narrow(0, 0, 2).fill_(std::numeric_limits<float>::infinity());
    write(changed);
    const Error error = loadError();
    EXPECT_EQ(error.code, code::ModelNotFinite);
    EXPECT_NE(error.message.find("1 values are not finite in 'language_model.model.norm.weight'"), std::string::npos) << error.message;
    EXPECT_NE(error.message.find("2 values are not finite in 'projector.0.bias'"), std::string::npos) << error.message;
}

TEST_F(InspectorTest, LogitsThatAreNotNumbersGiveAnErrorAndNoWord)
{
    Tensors changed = tensors();
    changed["language_model.model.norm.weight"] = at::full({32}, 3e38); // finite, but no product with it is
    write(changed);
    inspector = loaded();
    std::string streamed;
    AskListener listener;
    listener.onText = [&](std::string_view piece) { streamed += piece; };
    for (const std::vector<std::string> &choices : {std::vector<std::string>{}, {"yes", "no"}}) {
        for (const double temperature : {0.0, 1.0}) {
            GenerationOptions options;
            options.choices = choices;
            options.temperature = temperature;
            const auto answer = inspector->ask(frame, {"Is there a bottle?", options}, listener, {});
            ASSERT_FALSE(answer);
            EXPECT_EQ(answer.error().code, code::AnswerNotFinite);
        }
    }
    EXPECT_EQ(streamed, "");
}

/// Equal weights that are mapped at another address: on some processors a BLAS kernel then adds in another order.
constexpr double kOtherAddresses = 1e-5;

TEST_F(InspectorTest, ShardsGiveTheAnswersOfTheSingleFile)
{
    const auto whole = ask("Is there a bottle?", frame);
    Tensors shards[2];
    nlohmann::json index;
    int number = 0;
    for (const auto &[name, tensor] : tensors()) {
        const int shard = number++ % 2;
        shards[shard][name] = tensor;
        index["weight_map"][name] = "model-0000" + std::to_string(shard + 1) + "-of-00002.safetensors";
    }
    std::filesystem::remove(folder / "model.safetensors");
    for (int shard = 0; shard < 2; ++shard)
        ASSERT_TRUE(writeTensorMap(folder / ("model-0000" + std::to_string(shard + 1) + "-of-00002.safetensors"), shards[shard]));
    std::ofstream(folder / "model.safetensors.index.json") << index;
    ASSERT_TRUE(writeChecksums(folder));
    inspector = loaded();
    const auto sharded = ask("Is there a bottle?", frame);
    ASSERT_TRUE(whole && sharded);
    EXPECT_EQ(sharded->text, whole->text);
    EXPECT_NEAR(sharded->probability, whole->probability, kOtherAddresses * whole->probability);

    std::filesystem::remove(folder / "model-00002-of-00002.safetensors");
    EXPECT_EQ(loadError().code, code::ModelShards);
    EXPECT_EQ(loadError().message, "shard 'model-00002-of-00002.safetensors' is missing");
}

TEST_F(InspectorTest, HalfPrecisionFilesGiveTheAnswersOfTheirRoundedValues)
{
    const Tensors exact = tensors();
    for (const at::ScalarType type : {at::kHalf, at::kBFloat16}) {
        SCOPED_TRACE(static_cast<int>(type));
        Tensors halved, rounded;
        for (const auto &[name, tensor] : exact) {
            halved[name] = tensor.to(type);
            rounded[name] = halved[name].to(at::kFloat);
        }
        write(halved);
        inspector = loaded();
        const auto fromHalf = ask("Is there a bottle?", frame);
        write(rounded);
        inspector = loaded();
        const auto fromFloat = ask("Is there a bottle?", frame);
        ASSERT_TRUE(fromHalf && fromFloat);
        EXPECT_EQ(fromHalf->text, fromFloat->text);
        EXPECT_NEAR(fromHalf->probability, fromFloat->probability, kOtherAddresses * fromFloat->probability);
    }
}

TEST_F(InspectorTest, AWeightFileThatIsCutInUseEndsInAnErrorNotInACrash)
{
    AskListener cutter;
    cutter.onStage = [&](Stage stage) {
        if (stage == Stage::Encode)
            std::filesystem::resize_file(folder / "model.safetensors", 100);
    };
    const auto during = inspector->ask(frame, {"Is there a bottle?", {}}, cutter, {});
    ASSERT_FALSE(during);
    EXPECT_EQ(during.error().code, code::ModelChanged);
    for (int i = 0; i < 2; ++i) { // until it is loaded again
        const auto answer = ask("Is there a bottle?", frame);
        ASSERT_FALSE(answer);
        EXPECT_EQ(answer.error().code, code::ModelChanged);
    }
}

TEST_F(InspectorTest, AWeightFileThatIsReplacedInUseDoesNoHarm)
{
    const auto before = ask("Is there a bottle?", frame);
    Tensors changed = tensors();
    changed["language_model.model.norm.weight"] = at::full({32}, -1.0);
    write(changed); // by a new name and rename
    const auto after = ask("Is there a bottle?", frame);
    ASSERT_TRUE(before && after);
    EXPECT_EQ(after->text, before->text);
}

TEST_F(InspectorTest, WeightsOtherThanTheListedOnesAreRefused)
{
    Tensors changed = tensors();
    changed["language_model.model.norm.weight"] = at::full({32}, -1.0);
    ASSERT_TRUE(writeTensorMap(folder / "model.safetensors", changed));
    EXPECT_EQ(loadError().code, code::ModelNotApproved);
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
    writeConfig("\"vocab_size\":320", "\"vocab_size\":280");
    const Error error = loadError();
    EXPECT_EQ(error.code, code::TokenizerMismatch);
    EXPECT_EQ(error.message, "tokenizer has 283 entries, model 280");
}

TEST_F(InspectorTest, AnEndIdOutsideTheVocabularyIsRefused)
{
    writeConfig("\"vocab_size\":320", "\"vocab_size\":320,\"eos_token_id\":320");
    const Error error = loadError();
    EXPECT_EQ(error.code, code::TokenizerSpecial);
    EXPECT_EQ(error.message, "config.json: text_config.eos_token_id 320 is outside the vocabulary of 320");
}

TEST_F(InspectorTest, ATokenizerWithoutAnEndOfTurnIsRefused)
{
    const std::vector<std::string> texts{"Is there a bottle?", "yes", "no"}, markers{"<|im_start|>"};
    ASSERT_TRUE(learnTokenizer(texts, markers, 280, folder / "tokenizer.json"));
    ASSERT_TRUE(writeChecksums(folder));
    const Error error = loadError();
    EXPECT_EQ(error.code, code::TokenizerSpecial);
    EXPECT_EQ(error.message, "the tokenizer has no <|im_end|>");
}

TEST_F(InspectorTest, TwoEnginesOfOneProcessDoNotDisturbEachOther)
{
    const std::filesystem::path otherFolder = temporary / "other";
    testing_support::writeTinyModel(otherFolder, /*seed=*/7);
    const LoadOptions other{otherFolder.string(), "cpu", Precision::Bf16, 2, false};
    const auto askAll = [this](Inspector &asked) {
        std::vector<std::string> answers;
        for (const char *question : {"Is there a bottle?", "How many?", "Is there a bottle?"}) {
            const auto answer = asked.ask(frame, {question, {}}, {}, {});
            answers.push_back(answer ? answer->text + " " + std::to_string(answer->probability) : answer.error().message);
        }
        return answers;
    };
    const std::vector<std::string> alone = askAll(*inspector), otherAlone = askAll(**createEngine()->load(other, {}, {}));
    ASSERT_NE(alone, otherAlone);

    // Each on a thread of its own, as the program runs them, again and again while the other loads and answers.
    const auto run = [&](const LoadOptions &options, const std::vector<std::string> &wanted) {
        for (int round = 0; round < 5; ++round) {
            const auto second = createEngine();
            auto opened = second->load(options, {}, {});
            ASSERT_TRUE(opened) << opened.error().message;
            EXPECT_EQ(askAll(**opened), wanted);
        }
    };
    std::jthread first([&] { run({folder.string(), "cpu", Precision::Fp32, 1, false}, alone); });
    std::jthread second([&] { run(other, otherAlone); });
}

TEST_F(InspectorTest, AGpuThatIsNotThereIsSaidByNameAndAutoSaysWhyItTookItsDevice)
{
    const auto asked = engine->load({folder.string(), "cuda:99", Precision::Auto, 1, false}, {}, {});
    ASSERT_FALSE(asked);
    EXPECT_EQ(asked.error().code, code::GpuAbsent);
    const auto automatic = engine->load({folder.string(), "auto", Precision::Auto, 1, false}, {}, {});
    ASSERT_TRUE(automatic);
    EXPECT_FALSE((*automatic)->card().deviceReason.empty());
    for (const char *word : {"tpu", "cuda:", "cuda:abc", "cuda:-1", "cuda:1x", "cuda: 1", "cuda:99999999999", "CUDA", "cpu:0"}) {
        SCOPED_TRACE(word);
        const auto unknown = engine->load({folder.string(), word, Precision::Auto, 1, false}, {}, {});
        ASSERT_FALSE(unknown);
        EXPECT_EQ(unknown.error().code, code::Usage);
    }
}

TEST_F(InspectorTest, LoadingCanBeStoppedAndReportsProgress)
{
    std::stop_source stop;
    stop.request_stop();
    const auto stopped = engine->load({folder.string(), "cpu", Precision::Auto, 1, false}, {}, stop.get_token());
    ASSERT_FALSE(stopped);
    EXPECT_EQ(stopped.error().code, code::Cancelled);
    std::vector<double> fractions;
    ASSERT_TRUE(engine->load({folder.string(), "cpu", Precision::Auto, 1, false}, [&](double fraction) { fractions.push_back(fraction); }, {}));
    EXPECT_TRUE(std::is_sorted(fractions.begin(), fractions.end()));
    EXPECT_EQ(fractions.back(), 1);
    EXPECT_GT(fractions.size(), tensors().size()); // the weights tell one by one

    std::stop_source later;
    const auto stopAtHalf = [&](double fraction) {
        if (fraction > 0.5)
            later.request_stop();
    };
    const auto halfLoaded = engine->load({folder.string(), "cpu", Precision::Auto, 1, false}, stopAtHalf, later.get_token());
    ASSERT_FALSE(halfLoaded);
    EXPECT_EQ(halfLoaded.error().code, code::Cancelled);
}

TEST_F(InspectorTest, EveryPrecisionGivesTheProbabilityOfTheExactOneWithinItsRounding)
{
    GenerationOptions options;
    options.choices = {"yes", "no"};
    const auto exact = ask("Is there a bottle?", frame, options);
    for (const Precision precision : {Precision::Bf16, Precision::Fp16}) {
        SCOPED_TRACE(precisionName(precision));
        auto half = engine->load({folder.string(), "cpu", precision, 1}, {}, {});
        ASSERT_TRUE(half) << half.error().message;
        EXPECT_EQ((*half)->card().precision, precision);
        const auto rounded = (*half)->ask(frame, {"Is there a bottle?", options}, {}, {});
        ASSERT_TRUE(exact && rounded) << rounded.error().message;
        EXPECT_NEAR(exact->probability, rounded->probability, 0.05);
    }
}

/// With a patch head of its own.
class PatchHeadTest : public InspectorTest
{
protected:
    void SetUp() override
    {
        InspectorTest::SetUp();
        const auto without = ask("How many?", frame);
        ASSERT_TRUE(without);
        textWithout = without->text;
        writeConfig(R"("prompt")", R"("patch_head":{"classes":["object","centre","defect"]},"prompt")");
        Tensors changed = tensors();
        changed["patch_head.weight"] = at::linspace(-1.5, 1.5, 3 * 32).sin().mul(0.5).reshape({3, 32});
        changed["patch_head.bias"] = at::tensor({0.5F, -2.0F, 0.0F});
        write(changed);
        inspector = loaded();
        ASSERT_TRUE(inspector);
    }
    std::vector<PatchMap> maps(const Frame &picture)
    {
        auto made = inspector->patchMaps(picture, {});
        EXPECT_TRUE(made) << made.error().message;
        return made ? *made : std::vector<PatchMap>();
    }
    std::string textWithout; ///< what the model answered before it had the head
};

TEST_F(PatchHeadTest, AMapIsTheSigmoidOfTheHeadOnTheTowersOutput)
{
    const std::vector<PatchMap> made = maps(frame);
    ASSERT_EQ(made.size(), 3U);

    const at::NoGradGuard noGrad;
    WeightFiles weights(*TensorFiles::open(folder), at::kFloat, at::kCPU);
    const auto config = readModelConfig(folder);
    const AuroraEdge model = AuroraEdge::take(weights, std::get<AuroraEdgeConfig>(config->architecture));
    NaflexPatches patches = *preprocessNaflex(frame, *readNaflexConfig(folder / "preprocessor_config.json"));
    const PatchGrid grid{patches.gridHeight, patches.gridWidth};
    const at::Tensor pixels = at::from_blob(patches.values.data(), {1, grid.height * grid.width, 48}, at::kFloat);
    const at::Tensor visual = model.tower.forward(pixels, {grid}, {}, false)[0];
    const at::Tensor weight = tensors().at("patch_head.weight"), bias = tensors().at("patch_head.bias");
    ASSERT_NE(grid.height, grid.width) << "else rows and columns could be exchanged unseen";
    const char *names[] = {"object", "centre", "defect"};
    double least = 1, most = 0;
    for (std::size_t i = 0; i < 3; ++i) {
        SCOPED_TRACE(names[i]);
        EXPECT_EQ(made[i].name, names[i]);
        EXPECT_EQ(made[i].columns, grid.width);
        EXPECT_EQ(made[i].rows, grid.height);
        ASSERT_EQ(made[i].probability.size(), static_cast<std::size_t>(grid.width * grid.height));
        for (std::size_t patch = 0; patch < made[i].probability.size(); ++patch) {
            double logit = bias[static_cast<std::int64_t>(i)].item<double>();
            for (std::int64_t c = 0; c < 32; ++c)
                logit += weight[static_cast<std::int64_t>(i)][c].item<double>() * visual[static_cast<std::int64_t>(patch)][c].item<double>();
            const double expected = 1 / (1 + std::exp(-logit));
            ASSERT_NEAR(made[i].probability[patch], expected, 1e-4) << patch;
            least = std::min(least, expected);
            most = std::max(most, expected);
        }
    }
    EXPECT_LT(least, most - 0.2) << "a map of one value shows nothing";
}

TEST_F(PatchHeadTest, AMapOfAPictureThatWasAskedAboutIsThere)
{
    const auto answer = ask("How many?", frame);
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->text, textWithout) << "the head answers nothing";
    const std::vector<PatchMap> made = maps(frame);
    EXPECT_EQ(inspector->counters().encoderRuns, 1U);
    const std::vector<PatchMap> again = maps(frame);
    EXPECT_EQ(inspector->counters().encoderRuns, 1U);
    ASSERT_EQ(made.size(), 3U);
    EXPECT_EQ(made[2].probability, again[2].probability);
    const std::vector<PatchMap> part = maps(cropped(frame, {0, 0, 20, 40}));
    EXPECT_EQ(inspector->counters().encoderRuns, 2U);
    EXPECT_LT(part[0].columns, part[0].rows) << "the grid is that of the picture";
    EXPECT_TRUE(ask("How many?", cropped(frame, {0, 0, 20, 40}))->encoderReused) << "a map leaves the features for a question";
}

TEST_F(PatchHeadTest, PaddedSlotsAreNoPatches)
{
    const std::vector<PatchMap> before = maps(frame);
    writeConfig(R"("cross":{"heads":4})", R"("cross":{"heads":4},"mask_padded_visual":false)"); // computed with all its slots
    inspector = loaded();
    const std::vector<PatchMap> padded = maps(frame);
    ASSERT_EQ(padded.size(), before.size());
    for (std::size_t i = 0; i < padded.size(); ++i) {
        EXPECT_EQ(padded[i].columns, before[i].columns);
        ASSERT_EQ(padded[i].probability.size(), before[i].probability.size());
        for (std::size_t patch = 0; patch < padded[i].probability.size(); ++patch)
            EXPECT_NEAR(padded[i].probability[patch], before[i].probability[patch], 1e-4);
    }
}

TEST_F(PatchHeadTest, ManyPicturesAreJudgedAsEachIsAlone)
{
    const std::vector<std::string> choices{"yes", "no", "a bottle"};
    std::vector<Frame> pictures;
    for (int i = 0; i < 19; ++i) // of two shapes, more than one batch
        pictures.push_back(testing_support::noiseFrame(i % 5 == 4 ? 96 : 48, 64, static_cast<std::uint32_t>(i + 1)));
    const auto judged = inspector->judge(pictures, "Is there a bottle?", choices, {});
    ASSERT_TRUE(judged) << judged.error().message;
    ASSERT_EQ(judged->size(), pictures.size());
    for (std::size_t i = 0; i < pictures.size(); ++i) {
        SCOPED_TRACE(i);
        const Judgement &judgement = (*judged)[i];
        ASSERT_EQ(judgement.probability.size(), 3U);
        const auto best = std::ranges::max_element(judgement.probability) - judgement.probability.begin();
        const auto alone = ask("Is there a bottle?", pictures[i], {.choices = choices});
        ASSERT_TRUE(alone);
        EXPECT_EQ(alone->text, choices[static_cast<std::size_t>(best)]);
        EXPECT_NEAR(alone->probability, judgement.probability[static_cast<std::size_t>(best)], 1e-5);
        const std::vector<PatchMap> expected = maps(pictures[i]);
        ASSERT_EQ(judgement.maps.size(), expected.size());
        for (std::size_t k = 0; k < expected.size(); ++k) {
            EXPECT_EQ(judgement.maps[k].name, expected[k].name);
            EXPECT_EQ(judgement.maps[k].columns, expected[k].columns);
            ASSERT_EQ(judgement.maps[k].probability.size(), expected[k].probability.size());
            for (std::size_t patch = 0; patch < expected[k].probability.size(); ++patch)
                EXPECT_NEAR(judgement.maps[k].probability[patch], expected[k].probability[patch], 1e-5);
        }
    }
    EXPECT_TRUE(inspector->judge({}, "Is there a bottle?", choices, {})->empty());
    pictures.back() = {};
    EXPECT_EQ(inspector->judge(pictures, "Is there a bottle?", choices, {}).error().code, code::ImageNoPixels);
    std::stop_source stop;
    stop.request_stop();
    EXPECT_EQ(inspector->judge(std::span(pictures).first(3), "Is there a bottle?", choices, stop.get_token()).error().code, code::Cancelled);
}

TEST_F(PatchHeadTest, WhatCannotBeMappedIsAnError)
{
    EXPECT_EQ(inspector->patchMaps({}, {}).error().code, code::ImageNoPixels);
    std::stop_source stop;
    stop.request_stop();
    EXPECT_EQ(inspector->patchMaps(frame, stop.get_token()).error().code, code::Cancelled);
    EXPECT_EQ(maps(frame).size(), 3U) << "it stays usable";
    Tensors changed = tensors();
    changed["vision_tower.vision_model.post_layernorm.weight"] = at::full({32}, 3e38); // finite, but no product with it is
    write(changed);
    inspector = loaded();
    const auto notFinite = inspector->patchMaps(frame, {});
    ASSERT_FALSE(notFinite);
    EXPECT_EQ(notFinite.error().code, code::AnswerNotFinite);
    changed.erase("patch_head.bias");
    write(changed);
    EXPECT_EQ(loadError().code, code::ModelTensorMissing);
}

TEST_F(PatchHeadTest, AModelTellsWhetherItHasOne)
{
    const auto fact = [this]() -> std::string {
        const auto described = engine->describe(folder.string());
        EXPECT_TRUE(described);
        for (const auto &[name, value] : described->facts) {
            if (name == "patch head")
                return value;
        }
        return "none";
    };
    EXPECT_EQ(fact(), "object, centre, defect");
    testing_support::writeTinyModel(folder);
    EXPECT_EQ(fact(), "none");
    inspector = loaded();
    const auto refused = inspector->patchMaps(frame, {});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, code::ModelTensorMissing);
    EXPECT_EQ(refused.error().message, "this model has no patch head, so it has no map");
    EXPECT_EQ(inspector->counters().encoderRuns, 0U) << "told before anything is computed";
}

TEST(Engine, AFolderThatIsNotThereIsAnErrorOfEveryMethod)
{
    const auto engine = createEngine();
    EXPECT_FALSE(engine->describe("/does/not/exist"));
    EXPECT_FALSE(engine->openTokenizer("/does/not/exist"));
    EXPECT_FALSE(engine->load({"/does/not/exist", "cpu", Precision::Auto, 1, false}, {}, {}));
    EXPECT_FALSE(engine->debugForward("/does/not/exist", "in", "out", 1, Precision::Auto));
    EXPECT_FALSE(engine->debugPreprocess("/does/not/exist", noiseFrame(4, 4, 1), "out"));
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

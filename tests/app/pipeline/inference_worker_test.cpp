#include "app/pipeline/inference_worker.h"

#include "tests/app/pipeline/journal.h"
#include "tests/app/pipeline/test_frames.h"
#include "tests/support/fake_engine.h"
#include "tests/support/test_frame.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <future>
#include <set>
#include <thread>

namespace auroraedge::app {
namespace {

using auroraedge::testing::FakeEngine;
using auroraedge::testing::FakeScript;
using auroraedge::testing::Journal;
using auroraedge::testing::makeFrame;
using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

struct Ending
{
    std::int64_t id = 0;
    std::optional<Answer> answer;
    std::optional<Error> error;
    std::thread::id thread;
    std::string model;
};

class InferenceWorkerTest : public ::testing::Test
{
protected:
    InferenceListener listener()
    {
        return {[this](const ModelStatus &status) { m_models.add(status); },
                [this](std::int64_t, Stage stage) { m_stages.add(stage); },
                [this](std::int64_t, const std::string &piece) { m_pieces.add(piece); },
                [this](std::int64_t id, const Result<Answer> &result, const ModelCard &card) {
                    Ending ending{id, {}, {}, std::this_thread::get_id(), card.name};
                    result ? void(ending.answer = *result) : void(ending.error = result.error());
                    m_endings.add(ending);
                }};
    }

    [[nodiscard]] bool loadModel(const std::string &folder = "models/fake")
    {
        LoadOptions options;
        options.folder = folder;
        m_worker->load(options);
        return m_models.waitFor([&](const std::vector<ModelStatus> &states) {
            return std::ranges::any_of(states, [&](const ModelStatus &status) {
                return status.folder == folder && status.condition != ModelStatus::Condition::Loading;
            });
        });
    }

    static Question question(const std::string &text) { return {text, {}}; }

    FakeScript m_script;
    Journal<ModelStatus> m_models;
    Journal<Stage> m_stages;
    Journal<std::string> m_pieces;
    Journal<Ending> m_endings;
    std::optional<InferenceWorker> m_worker{std::in_place, [this]() -> Result<std::shared_ptr<Engine>> {
                                                return std::shared_ptr<Engine>(std::make_shared<FakeEngine>(m_script));
                                            },
                                            listener()};
};

TEST_F(InferenceWorkerTest, AnswersAboutExactlyTheGivenFrame)
{
    m_script.answers["Is the cap on?"] = "yes, it is";
    ASSERT_TRUE(loadModel());
    ASSERT_TRUE(m_worker->ask(1, {makeFrame(42)}, question("Is the cap on?")));
    ASSERT_TRUE(m_endings.waitForCount(1));
    ASSERT_TRUE(m_endings.entries()[0].answer);
    EXPECT_EQ(m_endings.entries()[0].answer->text, "yes, it is");
    EXPECT_EQ(m_script.frames.at(0).sequence, 42U);
    std::string streamed;
    for (const std::string &piece : m_pieces.entries())
        streamed += piece;
    EXPECT_EQ(streamed, "yes, it is");
    EXPECT_EQ(m_stages.entries().front(), Stage::Preprocess);
}

TEST_F(InferenceWorkerTest, StreamsFewerPiecesThanTokensWhenTheyComeFast)
{
    m_script.defaultAnswer = std::string(5'000, 'x');
    ASSERT_TRUE(loadModel());
    ASSERT_TRUE(m_worker->ask(1, {makeFrame(1)}, question("q")));
    ASSERT_TRUE(m_endings.waitForCount(1));
    std::size_t length = 0;
    for (const std::string &piece : m_pieces.entries())
        length += piece.size();
    EXPECT_EQ(length, 5'000U);
    EXPECT_LT(m_pieces.entries().size(), 1'000U);
}

TEST_F(InferenceWorkerTest, TakesOneAskingAtATime)
{
    m_script.hangs = true;
    ASSERT_TRUE(loadModel());
    ASSERT_TRUE(m_worker->ask(1, {makeFrame(1)}, question("first")));
    EXPECT_FALSE(m_worker->ask(2, {makeFrame(2)}, question("second")));
    m_script.waitUntilHanging();
    EXPECT_FALSE(m_worker->ask(3, {makeFrame(3)}, question("third")));
    m_worker->cancel();
    ASSERT_TRUE(m_endings.waitForCount(1));
    m_script.hangs = false;
    EXPECT_TRUE(m_worker->ask(4, {makeFrame(4)}, question("fourth")));
    ASSERT_TRUE(m_endings.waitForCount(2));
    EXPECT_EQ(m_endings.entries()[1].id, 4);
}

TEST_F(InferenceWorkerTest, CancelEndsAnAskingWithItsCode)
{
    m_script.hangs = true;
    ASSERT_TRUE(loadModel());
    ASSERT_TRUE(m_worker->ask(1, {makeFrame(1)}, question("q")));
    m_script.waitUntilHanging();
    m_worker->cancel();
    ASSERT_TRUE(m_endings.waitForCount(1));
    EXPECT_EQ(m_endings.entries()[0].error->code, code::Cancelled);
}

TEST_F(InferenceWorkerTest, NeverShowsTheModelACoveredLens)
{
    m_script.defaultAnswer = "OK";
    ASSERT_TRUE(loadModel());
    ASSERT_TRUE(m_worker->ask(1, {testing::uniformFrame(0)}, question("Is it good?")));
    ASSERT_TRUE(m_endings.waitForCount(1));
    ASSERT_TRUE(m_endings.entries()[0].error);
    EXPECT_EQ(m_endings.entries()[0].error->code, code::ImageUniform);
    EXPECT_TRUE(m_script.questions.empty());
    ASSERT_TRUE(m_worker->ask(2, {makeFrame(2)}, question("Is it good?"))) << "the next frame is asked about";
    ASSERT_TRUE(m_endings.waitForCount(2));
    EXPECT_TRUE(m_endings.entries()[1].answer);
}

TEST_F(InferenceWorkerTest, AQuestionThatWaitsIsAnsweredByTheModelThatItWasAsked)
{
    std::promise<void> begun, goesOn;
    InferenceListener slow = listener();
    slow.onDescribed = [&](const std::string &, const Result<ModelDescription> &) {
        begun.set_value();
        goesOn.get_future().wait();
    };
    const auto openEngine = [this]() -> Result<std::shared_ptr<Engine>> {
        return std::shared_ptr<Engine>(std::make_shared<FakeEngine>(m_script));
    };
    m_worker.emplace(openEngine, slow);
    ASSERT_TRUE(loadModel("models/old"));
    m_worker->describe("models/large");
    begun.get_future().wait();
    ASSERT_TRUE(m_worker->ask(1, {makeFrame(1)}, question("q")));
    LoadOptions newer;
    newer.folder = "models/new";
    m_worker->load(newer);
    goesOn.set_value();
    ASSERT_TRUE(m_endings.waitForCount(1));
    EXPECT_EQ(m_endings.entries()[0].model, "old");
    EXPECT_TRUE(m_models.waitFor([](const std::vector<ModelStatus> &states) { return states.back().card.name == "new"; }));
}

TEST_F(InferenceWorkerTest, AQuestionThatWaitsIsAnsweredBeforeTheModelIsLetGo)
{
    m_script.encodesSlowly = true;
    ASSERT_TRUE(loadModel("models/old"));
    const PicturePart picture{makeFrame(1)};
    m_worker->prepare(picture);
    m_script.waitUntilEncoding(1);
    ASSERT_TRUE(m_worker->ask(1, picture, question("q")));
    m_worker->unload();
    ASSERT_TRUE(m_endings.waitForCount(1));
    EXPECT_TRUE(m_endings.entries()[0].answer);
    EXPECT_TRUE(m_models.waitFor([](const std::vector<ModelStatus> &states) {
        return states.back().condition == ModelStatus::Condition::Unloaded;
    }));
}

TEST_F(InferenceWorkerTest, EndsInUnderTwoSecondsDuringInference)
{
    m_script.hangs = true;
    ASSERT_TRUE(loadModel());
    ASSERT_TRUE(m_worker->ask(1, {makeFrame(1)}, question("q")));
    m_script.waitUntilHanging();
    const Clock::time_point begun = Clock::now();
    m_worker.reset();
    EXPECT_LT(Clock::now() - begun, milliseconds(2'000));
    EXPECT_EQ(m_endings.entries().at(0).error->code, code::Cancelled);
}

TEST_F(InferenceWorkerTest, UsesTheEngineOnOneThreadThatIsNotTheCallers)
{
    std::set<std::thread::id> threads;
    m_script.onAsk = [&] { threads.insert(std::this_thread::get_id()); };
    ASSERT_TRUE(loadModel());
    for (std::int64_t id = 1; id <= 3; ++id) {
        ASSERT_TRUE(m_worker->ask(id, {makeFrame(1)}, question("q")));
        ASSERT_TRUE(m_endings.waitForCount(static_cast<std::size_t>(id)));
    }
    EXPECT_EQ(threads.size(), 1U);
    EXPECT_FALSE(threads.contains(std::this_thread::get_id()));
}

TEST_F(InferenceWorkerTest, AFailedLoadKeepsTheOldModel)
{
    ASSERT_TRUE(loadModel("models/good"));
    m_script.loadError = Error{code::ModelTensorMissing, "missing: vision.proj.weight (and 3 more)", {}};
    ASSERT_TRUE(loadModel("models/bad"));
    const ModelStatus last = m_models.entries().back();
    EXPECT_EQ(last.condition, ModelStatus::Condition::Failed);
    EXPECT_EQ(last.error->code, code::ModelTensorMissing);
    EXPECT_TRUE(last.keptOldModel);
    ASSERT_TRUE(m_worker->ask(1, {makeFrame(1)}, question("q")));
    ASSERT_TRUE(m_endings.waitForCount(1));
    EXPECT_TRUE(m_endings.entries()[0].answer);
}

TEST_F(InferenceWorkerTest, AskingWithoutAModelIsAnError)
{
    ASSERT_TRUE(m_worker->ask(1, {makeFrame(1)}, question("q")));
    ASSERT_TRUE(m_endings.waitForCount(1));
    EXPECT_EQ(m_endings.entries()[0].error->code, code::ModelFolder);
}

TEST_F(InferenceWorkerTest, ShowsTheModelTheMarkedPartAtSensorResolution)
{
    ASSERT_TRUE(loadModel());
    const Frame frame = makeFrame(1, 64, 48);
    ASSERT_TRUE(m_worker->ask(1, {frame, PixelBox{8, 4, 20, 16}}, question("q")));
    ASSERT_TRUE(m_endings.waitForCount(1));
    const Frame &shown = m_script.frames.at(0);
    EXPECT_EQ(shown.widthPx, 20);
    EXPECT_EQ(shown.heightPx, 16);
    EXPECT_TRUE(std::equal(shown.row(15), shown.row(15) + 60, frame.row(19) + 24));
}

TEST_F(InferenceWorkerTest, AQuestionAboutAPreparedPictureFindsItEncoded)
{
    ASSERT_TRUE(loadModel());
    const PicturePart picture{makeFrame(1, 64, 48), PixelBox{8, 4, 20, 16}};
    m_worker->prepare(picture);
    m_script.waitUntilEncoding(1);
    ASSERT_TRUE(m_worker->ask(1, picture, question("q"))); // also while it is being encoded
    ASSERT_TRUE(m_endings.waitForCount(1));
    const std::optional<Answer> answer = m_endings.entries()[0].answer;
    ASSERT_TRUE(answer);
    EXPECT_TRUE(answer->encoderReused);
    EXPECT_EQ(answer->latency.encodeMs, 0);
    EXPECT_EQ(m_script.counters.encoderRuns, 1U);
    EXPECT_EQ(m_stages.entries().front(), Stage::Fuse);
}

TEST_F(InferenceWorkerTest, AQuestionAboutAnotherPictureStopsTheEncodingAtOnce)
{
    ASSERT_TRUE(loadModel());
    m_script.encodesSlowly = true;
    m_worker->prepare({makeFrame(1)});
    m_script.waitUntilEncoding(1);
    ASSERT_TRUE(m_worker->ask(1, {makeFrame(2)}, question("q")));
    ASSERT_TRUE(m_endings.waitForCount(1)) << "it waits for an encoding that is of no use to it";
    EXPECT_EQ(m_script.frames.at(0).sequence, 2U);
    EXPECT_FALSE(m_endings.entries()[0].answer->encoderReused);
}

TEST_F(InferenceWorkerTest, AQuestionAboutThePictureThatIsBeingEncodedWaitsForItsFeatures)
{
    ASSERT_TRUE(loadModel());
    m_script.encodesSlowly = true;
    const PicturePart picture{makeFrame(1)};
    m_worker->prepare(picture);
    m_script.waitUntilEncoding(1);
    ASSERT_TRUE(m_worker->ask(1, picture, question("q")));
    m_script.finishEncoding();
    ASSERT_TRUE(m_endings.waitForCount(1));
    EXPECT_TRUE(m_endings.entries()[0].answer->encoderReused);
}

TEST_F(InferenceWorkerTest, CancelEndsAQuestionThatWaitsForAnEncoding)
{
    ASSERT_TRUE(loadModel());
    m_script.encodesSlowly = true;
    const PicturePart picture{makeFrame(1)};
    m_worker->prepare(picture);
    m_script.waitUntilEncoding(1);
    ASSERT_TRUE(m_worker->ask(1, picture, question("q")));
    m_worker->cancel();
    ASSERT_TRUE(m_endings.waitForCount(1));
    EXPECT_EQ(m_endings.entries()[0].error->code, code::Cancelled);
}

TEST_F(InferenceWorkerTest, ANewerPictureReplacesTheOneThatIsBeingEncoded)
{
    ASSERT_TRUE(loadModel());
    m_script.encodesSlowly = true;
    m_worker->prepare({makeFrame(1)});
    m_script.waitUntilEncoding(1);
    m_worker->prepare({makeFrame(2)});
    m_script.waitUntilEncoding(2);
    m_worker->prepare({makeFrame(3)});
    m_script.waitUntilEncoding(3);
    m_script.finishEncoding();
    ASSERT_TRUE(m_worker->ask(1, {makeFrame(4)}, question("q")));
    ASSERT_TRUE(m_endings.waitForCount(1));
    ASSERT_EQ(m_script.encodedFrames.size(), 3U);
    EXPECT_EQ(m_script.encodedFrames[2].sequence, 3U);
}

TEST_F(InferenceWorkerTest, ALoadStopsTheEncodingAtOnce)
{
    ASSERT_TRUE(loadModel("models/first"));
    m_script.encodesSlowly = true;
    m_worker->prepare({makeFrame(1)});
    m_script.waitUntilEncoding(1);
    EXPECT_TRUE(loadModel("models/second"));
}

TEST_F(InferenceWorkerTest, EndsAtOnceDuringAnEncoding)
{
    ASSERT_TRUE(loadModel());
    m_script.encodesSlowly = true;
    m_worker->prepare({makeFrame(1)});
    m_script.waitUntilEncoding(1);
    m_worker.reset(); // hangs, and the test with it, when the encoding is not stopped
}

TEST_F(InferenceWorkerTest, NeverEncodesACoveredLensAhead)
{
    ASSERT_TRUE(loadModel());
    m_worker->prepare({testing::uniformFrame(0)});
    ASSERT_TRUE(m_worker->ask(1, {makeFrame(1)}, question("q")));
    ASSERT_TRUE(m_endings.waitForCount(1));
    EXPECT_TRUE(m_script.encodedFrames.empty());
}

TEST_F(InferenceWorkerTest, AModelThatCannotBeDressedIsNotLoaded)
{
    int dressed = 0;
    m_worker.emplace([this]() -> Result<std::shared_ptr<Engine>> { return std::shared_ptr<Engine>(std::make_shared<FakeEngine>(m_script)); }, listener(),
                     [&dressed](std::unique_ptr<Inspector> inspector) -> Result<std::unique_ptr<Inspector>> {
                         if (++dressed == 2)
                             return failure(code::ConfigValue, "product.json is damaged");
                         return inspector;
                     });
    ASSERT_TRUE(loadModel("models/first"));
    EXPECT_EQ(m_models.entries().back().condition, ModelStatus::Condition::Ready);
    ASSERT_TRUE(loadModel("models/second"));
    EXPECT_EQ(m_models.entries().back().error->code, code::ConfigValue);
    EXPECT_TRUE(m_models.entries().back().keptOldModel);
    ASSERT_TRUE(m_worker->ask(1, {makeFrame(1)}, question("q")));
    ASSERT_TRUE(m_endings.waitForCount(1));
    EXPECT_TRUE(m_endings.entries()[0].answer);
}

TEST(InferenceWorker, TellsThatTheEngineIsMissing)
{
    Journal<ModelStatus> models;
    InferenceListener listener{[&](const ModelStatus &status) { models.add(status); }, {}, {}, {}};
    InferenceWorker worker([]() -> Result<std::shared_ptr<Engine>> {
        return failure(code::EngineMissing, "the engine module is missing");
    }, listener);
    worker.load({});
    ASSERT_TRUE(models.waitForCount(2));
    EXPECT_EQ(models.entries()[1].error->code, code::EngineMissing);
    EXPECT_FALSE(models.entries()[1].keptOldModel);
}

} // namespace
} // namespace auroraedge::app

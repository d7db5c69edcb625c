#include "engine/create_engine.h"
#include "engine/io/weights.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/tiny_model.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <random>
#include <string>
#include <vector>

namespace auroraedge::engine {
namespace {

using testing_support::noiseFrame;

class AskAllTest : public ::testing::Test
{
protected:
    void SetUp() override
    {
        testing_support::writeTinyModel(folder);
        inspector = loaded(2);
        ASSERT_TRUE(inspector);
        for (unsigned i = 0; i < 40; ++i) // of three grids
            frames.push_back(noiseFrame(60, i % 3 == 0 ? 40 : i % 3 == 1 ? 60 : 25, i + 1));
    }
    std::unique_ptr<Inspector> loaded(int threads)
    {
        auto result = engine->load({folder.string(), "cpu", Precision::Fp32, threads, false}, {}, {});
        EXPECT_TRUE(result) << result.error().message;
        return result ? std::move(*result) : nullptr;
    }
    std::vector<PreparedPicture> prepared(const std::vector<Frame> &pictures) const
    {
        std::vector<PreparedPicture> all;
        for (const Frame &frame : pictures)
            all.push_back(*inspector->prepare(frame));
        return all;
    }
    static Question question(const std::string &text, int tokens = 24)
    {
        Question asked{text, {}};
        asked.options.maxNewTokens = tokens;
        return asked;
    }
    void expectAsOneByOne(const std::vector<Question> &questions)
    {
        const auto together = inspector->askAll(prepared(frames), questions, {});
        ASSERT_TRUE(together) << together.error().message;
        ASSERT_EQ(together->size(), frames.size() * questions.size());
        for (std::size_t i = 0; i < together->size(); ++i) {
            const Result<Answer> &answer = (*together)[i];
            ASSERT_TRUE(answer);
            const auto single = inspector->ask(frames[i / questions.size()], questions[i % questions.size()], {}, {});
            ASSERT_TRUE(single);
            EXPECT_EQ(answer->text, single->text);
            EXPECT_EQ(answer->isComplete, single->isComplete);
            EXPECT_EQ(answer->tokens.answer, single->tokens.answer);
            EXPECT_EQ(answer->tokens.prompt, single->tokens.prompt);
            EXPECT_EQ(answer->tokens.visual, single->tokens.visual);
            EXPECT_NEAR(answer->probability, single->probability, 1e-5);
        }
    }

    std::unique_ptr<Engine> engine = createEngine();
    const testing::TemporaryFolder temporary;
    const std::filesystem::path folder = temporary / "tiny";
    std::unique_ptr<Inspector> inspector;
    std::vector<Frame> frames;
};

TEST_F(AskAllTest, AnswersAsOneByOneWhateverTheGridsAndTheQuestions)
{
    expectAsOneByOne({question("Is there a bottle?"), question("How many?", 3), question("Describe the picture, please, in some words.", 40)});
}

TEST_F(AskAllTest, DrawsTheTokensOfTheSeed)
{
    Question asked = question("Is there a bottle?");
    asked.options.temperature = 1.5;
    asked.options.seed = 7;
    expectAsOneByOne({asked});
}

TEST_F(AskAllTest, ChoosesAsOneByOne)
{
    Question asked = question("Is there a bottle?");
    asked.options.choices = {"yes", "no", "perhaps not"};
    expectAsOneByOne({asked, question("How many?")});
}

TEST_F(AskAllTest, AnAnswerDoesNotDependOnItsCompanyToTheLastBit)
{
    const std::vector<Question> questions{question("Is there a bottle?")};
    const std::vector<PreparedPicture> pictures = prepared(frames);
    const auto whole = inspector->askAll(pictures, questions, {});
    ASSERT_TRUE(whole);
    std::mt19937 random(3);
    std::vector<std::size_t> order(pictures.size());
    for (std::size_t i = 0; i < order.size(); ++i)
        order[i] = i;
    std::shuffle(order.begin(), order.end(), random);
    for (std::size_t first = 0; first < order.size();) {
        const std::size_t count = std::min<std::size_t>(1 + random() % 20, order.size() - first);
        std::vector<PreparedPicture> some;
        for (std::size_t i = 0; i < count; ++i)
            some.push_back(pictures[order[first + i]]);
        const auto part = inspector->askAll(some, questions, {});
        ASSERT_TRUE(part);
        for (std::size_t i = 0; i < count; ++i) {
            const Answer &alone = *(*part)[i], &before = *(*whole)[order[first + i]];
            EXPECT_EQ(alone.text, before.text);
            EXPECT_EQ(alone.probability, before.probability);
        }
        first += count;
    }
}

TEST_F(AskAllTest, TheNumberOfCoresChangesNoBit)
{
    const std::vector<Question> questions{question("Is there a bottle?", 1)}; // the first token: all that is computed side by side
    const auto two = inspector->askAll(prepared(frames), questions, {});
    const auto one = loaded(1)->askAll(prepared(frames), questions, {});
    ASSERT_TRUE(one && two);
    for (std::size_t i = 0; i < one->size(); ++i)
        EXPECT_EQ((*one)[i]->probability, (*two)[i]->probability);
}

TEST_F(AskAllTest, EncodesEachPictureOnceAndDecodesAnswersTogether)
{
    const InspectorCounters before = inspector->counters();
    const auto answers = inspector->askAll(prepared(frames), std::vector{question("Is there a bottle?"), question("How many?")}, {});
    ASSERT_TRUE(answers);
    const InspectorCounters after = inspector->counters();
    EXPECT_EQ(after.encoderRuns - before.encoderRuns, frames.size());
    EXPECT_EQ(after.prefills - before.prefills, 2 * frames.size());
    std::uint64_t tokens = 0, longest = 0;
    for (const Result<Answer> &answer : *answers) {
        tokens += static_cast<std::uint64_t>(answer->tokens.answer);
        longest = std::max<std::uint64_t>(longest, static_cast<std::uint64_t>(answer->tokens.answer));
    }
    // The place of a finished answer is taken at once: no more steps than full rows and one answer's tail need.
    EXPECT_LE(after.decodeSteps - before.decodeSteps, tokens / 16 + longest + 1);
}

TEST_F(AskAllTest, TellsEveryStageAndASumThatHolds)
{
    const auto answers = inspector->askAll(prepared(frames), std::vector{question("Is there a bottle?"), question("How many?")}, {});
    ASSERT_TRUE(answers);
    const StageLatencies first = (*answers)[0]->latency, second = (*answers)[1]->latency;
    for (const double ms : {first.preprocessMs, first.encodeMs, first.projectMs, first.compressMs, first.fuseMs, first.prefillMs, first.totalMs})
        EXPECT_GT(ms, 0);
    EXPECT_DOUBLE_EQ(first.firstTokenMs, first.preprocessMs + first.encodeMs + first.projectMs + first.compressMs + first.fuseMs + first.prefillMs);
    EXPECT_GE(first.totalMs, first.firstTokenMs);
    EXPECT_EQ(second.encodeMs, 0) << "encoded for the first question";
    EXPECT_TRUE((*answers)[1]->encoderReused);
}

TEST_F(AskAllTest, StopsAndStaysUsable)
{
    std::stop_source stop;
    stop.request_stop();
    const std::vector<Question> questions{question("Is there a bottle?")};
    const auto stopped = inspector->askAll(prepared(frames), questions, stop.get_token());
    ASSERT_FALSE(stopped);
    EXPECT_EQ(stopped.error().code, code::Cancelled);
    EXPECT_TRUE(inspector->askAll(prepared(frames), questions, {}));
}

TEST_F(AskAllTest, RefusesABadQuestionAsAWhole)
{
    const std::vector<Question> blank{question("Is there a bottle?"), question("  ")};
    const auto answers = inspector->askAll(prepared(frames), blank, {});
    ASSERT_FALSE(answers);
    EXPECT_EQ(answers.error().code, code::QuestionEmpty);
}

TEST_F(AskAllTest, NumbersThatAreNoneSpoilTheirOwnAnswerAlone)
{
    const std::vector<Question> questions{question("Is there a bottle?")};
    std::vector<PreparedPicture> pictures = prepared(frames);
    const auto good = inspector->askAll(pictures, questions, {});
    ASSERT_TRUE(good);
    pictures[5].patches = std::make_shared<const std::vector<float>>(pictures[5].patches->size(), std::numeric_limits<float>::quiet_NaN());
    const auto spoilt = inspector->askAll(pictures, questions, {});
    ASSERT_TRUE(spoilt);
    for (std::size_t i = 0; i < spoilt->size(); ++i) {
        if (i == 5) {
            ASSERT_FALSE((*spoilt)[i]);
            EXPECT_EQ((*spoilt)[i].error().code, code::AnswerNotFinite);
        } else {
            ASSERT_TRUE((*spoilt)[i]);
            EXPECT_EQ((*spoilt)[i]->probability, (*good)[i]->probability);
        }
    }
}

TEST_F(AskAllTest, PreparesAFrameAndRefusesAnEmptyOne)
{
    EXPECT_TRUE(inspector->prepare(frames.front()));
    const auto empty = inspector->prepare({});
    ASSERT_FALSE(empty);
    EXPECT_EQ(empty.error().code, code::ImageNoPixels);
}

} // namespace
} // namespace auroraedge::engine

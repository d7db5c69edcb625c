#include "engine/io/model_config.h"
#include "engine/training/batches.h"
#include "engine/training/remaining_time.h"
#include "engine/training/teacher.h"
#include "engine/training/training_turns.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/tiny_model.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>
#include <set>
#include <span>

namespace auroraedge::engine {
namespace {

TEST(RemainingTime, TakesStagesOfAKindThatHasRunAsFastAsItWas)
{
    using Kind = RemainingTime::Kind;
    RemainingTime time({{Kind::Teacher, 10, 10, 1, 1}, {Kind::Tower, 10, 8, 2, 5}, {Kind::Whole, 5, 5, 4, 4}, {Kind::Tower, 1, 1, 2, 2}});
    time.measure(0, 0, 4, 2); // half a second for a work of 1, which is all that is known
    EXPECT_DOUBLE_EQ(time.seconds(0, 4), 0.5 * (6 + (8 * 2 + 2 * 5) + 5 * 4 + 2));
    time.measure(1, 0, 4, 32); // 4 seconds
    EXPECT_DOUBLE_EQ(time.seconds(1, 4), 4 * ((4 * 2 + 2 * 5) + 5 * 4 + 2)) << "the finishing steps show larger pictures";
    time.measure(2, 0, 5, 10); // half a second
    EXPECT_DOUBLE_EQ(time.seconds(2, 5), 4 * 2) << "the tower's second stage goes on as its first";
    time.measure(3, 0, 1, 8);
    EXPECT_DOUBLE_EQ(time.seconds(3, 1), 0);
}

TEST(Teacher, CountsItsMultiplyAdds)
{
    // conv0 at 8 x 8 places, conv1 and 2 at 4 x 4, conv3 and 4 at 2 x 2, conv5 and 6 at one.
    EXPECT_DOUBLE_EQ(Teacher::multiplyAdds(16), 64.0 * 27 * 32 + 16.0 * 9 * (32 * 64 + 64 * 64) + 4.0 * 9 * (64 * 128 + 128 * 128)
                                                    + 9.0 * (128 * 192 + 192 * 192));
}

class TrainingTurnsTest : public ::testing::Test
{
protected:
    TrainingTurnsTest() { testing_support::writeTinyModel(m_folder / "model"); }

    TrainingTurns turns(std::int64_t positions) const
    {
        AuroraEdgeConfig config = std::get<AuroraEdgeConfig>(readModelConfig(m_folder / "model")->architecture);
        config.text.maxPositions = positions;
        Result<TrainingTurns> made = TrainingTurns::of(m_run, config, m_folder / "model");
        EXPECT_TRUE(made) << made.error().message;
        return *std::move(made);
    }
    /// A picture with @p count questions whose answers have @p letters letters: as many tokens and one more.
    void addPicture(int count, std::size_t letters)
    {
        TrainingSample sample;
        sample.picture = std::to_string(m_run.samples.size());
        for (int i = 0; i < count; ++i)
            sample.turns.push_back({"f", {"Is there a bottle?"}, std::string(letters, 'z')});
        m_run.samples.push_back(sample);
    }
    static std::size_t tokensOf(const std::vector<TokenisedTurn> &row)
    {
        return std::accumulate(row.begin(), row.end(), std::size_t{0},
                               [](std::size_t sum, const TokenisedTurn &turn) { return sum + turn.prompt.size() + turn.answer.size(); });
    }

    const testing::TemporaryFolder m_folder;
    TrainingRun m_run;
    std::mt19937_64 m_random{3};
};

TEST_F(TrainingTurnsTest, RowsStayWithinTheModelsPositionsAndASaneSize)
{
    addPicture(20, 100);
    for (const auto &[positions, most] : {std::pair<std::int64_t, std::size_t>(464, 464 - 64), {32'768, TrainingTurns::kMostRowTokens}}) {
        const TrainingTurns all = turns(positions);
        EXPECT_TRUE(all.leftOut().empty());
        const std::size_t one = tokensOf(all.draw({&m_run.samples[0], false}, 1, m_random));
        ASSERT_GT(one, 101U);
        const std::vector<TokenisedTurn> row = all.draw({&m_run.samples[0], false}, 20, m_random);
        EXPECT_LE(tokensOf(row), most);
        EXPECT_EQ(row.size(), most / one) << "and is filled";
    }
}

TEST_F(TrainingTurnsTest, WhatDoesNotFitIsLeftOutWithItsReason)
{
    addPicture(1, 10);
    addPicture(2, 100);
    addPicture(1, 10);
    m_run.samples[2].turns[0].wordings.push_back(std::string(600, 'q'));
    const TrainingTurns all = turns(164);
    ASSERT_EQ(all.leftOut().size(), 3U);
    EXPECT_EQ(all.leftOut()[0], "1: the answer is too long: 101 tokens, the model has 164 positions");
    EXPECT_EQ(all.leftOut()[1], all.leftOut()[0]) << "each of its questions";
    EXPECT_TRUE(all.leftOut()[2].starts_with("2: the question is too long: ")) << all.leftOut()[2];
    EXPECT_TRUE(all.leftOut()[2].ends_with(" tokens, the engine takes 512")) << all.leftOut()[2];
    EXPECT_TRUE(all.hasTurns(0));
    EXPECT_FALSE(all.hasTurns(1));
    EXPECT_FALSE(all.hasTurns(2));
    EXPECT_TRUE(all.draw({&m_run.samples[1], false}, 4, m_random).empty());
    EXPECT_EQ(all.lengths()[1].turns, 0);
}

TEST_F(TrainingTurnsTest, LengthsAreThoseOfTheRowsThatAreDrawn)
{
    addPicture(1, 10);
    addPicture(3, 10);
    const TrainingTurns all = turns(1024);
    for (const int most : {1, 2, 4}) {
        for (std::size_t i = 0; i < 2; ++i) {
            const std::size_t tokens = tokensOf(all.draw({&m_run.samples[i], false}, most, m_random));
            EXPECT_DOUBLE_EQ(all.lengths()[i].ofRow(most), static_cast<double>(tokens)) << most;
        }
    }
}

TEST(BatchMaker, BatchesHoldRowsOfLikeLength)
{
    TrainingRun run;
    run.sources.resize(1);
    run.sources.front().name = "noise";
    run.loadPicture = [](const std::string &) -> Result<Frame> { return testing_support::noiseFrame(32, 32, 1); };
    std::vector<TurnLengths> lengths;
    for (int i = 0; i < 200; ++i) {
        TrainingSample sample;
        sample.source = "noise";
        run.samples.push_back(sample);
        lengths.push_back({1 + i % 4, 20}); // questions of one length, and one to four of them
    }
    TrainingStage stage;
    stage.grids = {4};
    stage.patchesPerBatch = 16 * 16;
    const TrainingPictures pictures(run);
    const BatchMaker maker(run, pictures, lengths, 4);
    ASSERT_TRUE(maker.canDraw(stage));
    std::mt19937_64 random(5);
    const auto spreadOf = [&](const auto &pictureAt, std::size_t count) {
        double sum = 0, squares = 0;
        for (std::size_t i = 0; i < count; ++i) {
            const double length = lengths[pictureAt(i)].ofRow(stage.questionsPerPicture);
            sum += length;
            squares += length * length;
        }
        const double mean = sum / static_cast<double>(count);
        return std::sqrt(squares / static_cast<double>(count) - mean * mean);
    };
    double spread = 0, randomSpread = 0, tokens = 0;
    constexpr int kBatches = 100;
    for (int i = 0; i < kBatches; ++i) {
        const Result<Batch> drawn = maker.draw(stage, false, random);
        ASSERT_TRUE(drawn);
        const Batch &batch = *drawn;
        ASSERT_EQ(batch.items.size(), 16U);
        spread += spreadOf([&](std::size_t at) { return static_cast<std::size_t>(batch.items[at].sample - run.samples.data()); }, 16) / kBatches;
        randomSpread += spreadOf([&](std::size_t) { return random() % run.samples.size(); }, 16) / kBatches;
        for (const BatchItem &item : batch.items)
            tokens += lengths[static_cast<std::size_t>(item.sample - run.samples.data())].ofRow(stage.questionsPerPicture) / kBatches;
    }
    EXPECT_LT(spread, 0.5 * randomSpread);
    EXPECT_NEAR(tokens, maker.averageSize(stage, false).textTokens, 0.1 * tokens) << "all lengths come as often as before";

    stage.questionsPerPicture = 1; // then all rows are alike, and all pictures are drawn
    std::set<const TrainingSample *> drawn;
    for (int i = 0; i < kBatches; ++i) {
        const Result<Batch> batch = maker.draw(stage, false, random);
        ASSERT_TRUE(batch);
        for (const BatchItem &item : batch->items)
            drawn.insert(item.sample);
    }
    EXPECT_GT(drawn.size(), 190U);
}

TEST(BatchMaker, ViewsAreAsSoftAsTheirSourceWants)
{
    TrainingRun run;
    run.sources.resize(1);
    run.sources.front().name = "noise";
    run.sources.front().views = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, false, false};
    run.samples.resize(1);
    run.samples.front().source = "noise";
    run.samples.front().label = 0;
    run.sources.front().labels = 2;
    run.loadPicture = [](const std::string &) -> Result<Frame> { return testing_support::noiseFrame(64, 64, 1); };
    TrainingStage stage;
    stage.grids = {16};
    stage.towerOnly = true;
    for (const double share : {0.0, 1.0}) {
        run.sources.front().views.softShare = share;
        const TrainingPictures pictures(run);
        const BatchMaker maker(run, pictures, {{0, 0}}, 4);
        const std::size_t samples[]{0};
        const Result<Batch> sharp = maker.plain(stage, false, samples);
        std::mt19937_64 random(5);
        const Result<Batch> drawn = maker.draw(stage, false, random);
        ASSERT_TRUE(sharp && drawn);
        ASSERT_EQ(drawn->items.size(), 14U);
        for (std::size_t i = 0; i < drawn->items.size(); ++i) {
            const auto view = std::span(drawn->patches).subspan(i * sharp->patches.size(), sharp->patches.size());
            EXPECT_EQ(std::ranges::equal(view, sharp->patches), share == 0) << i;
        }
    }
}

TEST(BatchMaker, APictureWithoutQuestionsIsOfNoUseWhereAllIsAsking)
{
    TrainingRun run;
    run.sources.resize(1);
    run.sources.front().name = "noise";
    run.samples.resize(1);
    run.samples.front().source = "noise";
    run.samples.front().boxes = {{0.1, 0.1, 0.2, 0.2}};
    const TrainingPictures pictures(run);
    const BatchMaker maker(run, pictures, {{0, 0}}, 4);
    TrainingStage stage;
    stage.grids = {4};
    EXPECT_FALSE(maker.canDraw(stage));
    stage.towerOnly = true;
    EXPECT_TRUE(maker.canDraw(stage));
}

} // namespace
} // namespace auroraedge::engine

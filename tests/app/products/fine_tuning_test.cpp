#include "app/products/fine_tuning.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <set>

namespace auroraedge::app {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

class FineTuningTest : public ::testing::Test
{
protected:
    FineTuningTest()
    {
        for (int i = 0; i < 12; ++i) {
            ReviewedRecord record;
            record.picture = "/set/p" + std::to_string(i) + ".png";
            record.group = "board " + std::to_string(i % 3);
            record.widthPx = record.heightPx = 640;
            if (i % 2 == 0)
                record.defects = {{i % 4 == 0 ? "dent" : "scratch", {50 * i, 300, 40, 20}}};
            (i < 9 ? m_split.training : m_split.heldOut).push_back(record);
        }
    }
    HeldOutSplit m_split;
};

TEST_F(FineTuningTest, TheBestStepIsChosenByWhatIsWatchedElseByWhatIsHeldOut)
{
    const auto watched = [this] {
        std::set<std::string> pictures;
        for (const TrainingSample &sample : fineTuningRun(m_split, {}).samples) {
            if (sample.isHeldOut)
                pictures.insert(tilePlaceOf(sample.picture)->picture);
        }
        return pictures;
    };
    const ReviewedRecord &held = m_split.heldOut.front();
    EXPECT_TRUE(watched().contains(held.picture));
    m_split.watched = {m_split.training.back()};
    m_split.training.pop_back();
    EXPECT_THAT(watched(), ElementsAre(m_split.watched.front().picture)) << "and of the held-out ones the trainer sees nothing";
}

TEST_F(FineTuningTest, ATileAsksWhetherAndWhich)
{
    const TrainingRun run = fineTuningRun(m_split, {});
    ASSERT_FALSE(run.samples.empty());
    int bad = 0, good = 0;
    for (const TrainingSample &sample : run.samples) {
        const Result<TilePlace> place = tilePlaceOf(sample.picture);
        ASSERT_TRUE(place);
        EXPECT_EQ(place->box.width, 160);
        ASSERT_THAT(sample.turns, SizeIs(2));
        EXPECT_THAT(sample.turns[0].wordings, SizeIs(4));
        EXPECT_EQ(sample.turns[0].wordings[0], "Is there a defect?");
        EXPECT_EQ(sample.turns[1].wordings[0], "Which defect is there?");
        EXPECT_EQ(sample.source, "product");
        if (sample.label == 1) {
            ++bad;
            EXPECT_EQ(sample.turns[0].answer, "yes");
            EXPECT_TRUE(sample.turns[1].answer == "dent" || sample.turns[1].answer == "scratch");
            ASSERT_THAT(sample.boxes, SizeIs(1));
            EXPECT_TRUE(sample.boxes[0].isDefect);
            EXPECT_NEAR(sample.boxes[0].width, 40.0 / 160, 1e-9);
            EXPECT_GE(sample.boxes[0].x, 0);
            EXPECT_LE(sample.boxes[0].x + sample.boxes[0].width, 1);
            EXPECT_EQ(sample.boxes[0].kind, sample.turns[1].answer == "dent" ? 0 : 1);
        } else {
            ++good;
            EXPECT_EQ(sample.turns[0].answer, "no");
            EXPECT_EQ(sample.turns[1].answer, "none");
            EXPECT_TRUE(sample.boxes.empty());
        }
    }
    EXPECT_NEAR(bad, good, 0.2 * bad);
}

TEST_F(FineTuningTest, OfSeveralDefectsTheOneNearestToTheMiddleIsAskedForAndNoneWhereThatIsNotClear)
{
    ReviewedRecord record;
    record.picture = "/set/p.png";
    record.widthPx = record.heightPx = 160; // one tile
    const auto asked = [&](std::vector<LabelledDefect> defects) {
        record.defects = std::move(defects);
        HeldOutSplit split;
        split.training = {record};
        const TrainingRun run = fineTuningRun(split, {});
        const auto bad = std::ranges::find(run.samples, 1, &TrainingSample::label);
        return bad->turns.size() < 2 ? std::string("nothing") : bad->turns[1].answer;
    };
    EXPECT_EQ(asked({{"dent", {70, 75, 20, 20}}, {"scratch", {10, 10, 20, 20}}}), "dent");
    EXPECT_EQ(asked({{"dent", {10, 75, 20, 20}}, {"scratch", {90, 70, 20, 20}}}), "scratch");
    EXPECT_EQ(asked({{"dent", {40, 70, 20, 20}}, {"scratch", {100, 70, 20, 20}}}), "nothing");
    EXPECT_EQ(asked({{"dent", {40, 70, 20, 20}}, {"dent", {100, 70, 20, 20}}}), "dent");
}

TEST_F(FineTuningTest, HeldOutPicturesAreWatchedAndNeverTrainedOn)
{
    const TrainingRun run = fineTuningRun(m_split, {});
    int heldOut = 0;
    for (const TrainingSample &sample : run.samples) {
        const bool isOfHeldOut = std::ranges::any_of(m_split.heldOut, [&](const ReviewedRecord &record) { return sample.picture.starts_with(record.picture + "#"); });
        EXPECT_EQ(sample.isHeldOut, isOfHeldOut) << sample.picture;
        heldOut += sample.isHeldOut ? 1 : 0;
    }
    EXPECT_GT(heldOut, 0);
    EXPECT_TRUE(run.keepsBest);
}

TEST_F(FineTuningTest, TheTowerLearnsFirstThenAllUntilItGetsNoBetter)
{
    const TrainingRun run = fineTuningRun(m_split, {.steps = 1000, .usesGolden = true});
    ASSERT_THAT(run.stages, SizeIs(2));
    EXPECT_TRUE(run.stages[0].towerOnly);
    EXPECT_EQ(run.stages[0].steps + run.stages[1].steps, 1000);
    EXPECT_THAT(run.stages[1].grids, ElementsAre(8, 10));
    EXPECT_THAT(run.stages[1].finishGrids, ElementsAre(10));
    EXPECT_GT(run.stages[1].muonLearningRate, 0);
    EXPECT_GT(run.stages[1].patience, 0);
    EXPECT_GT(run.stages[1].measureEvery, 0);
    const TrainingViews &views = run.sources[0].views;
    EXPECT_TRUE(views.isMirrored);
    EXPECT_TRUE(views.isTurned);
    EXPECT_EQ(views.tint, 0) << "a tint would be a difference that is none";
    EXPECT_EQ(views.greyShare, 0);
    EXPECT_EQ(views.softShare, 0) << "a small defect would be gone, and still be asked for";
    EXPECT_EQ(fineTuningRun(m_split, {.steps = 1}).stages.back().steps, 1);
}

TEST_F(FineTuningTest, WithoutAGoldenPictureAConvolutionLearnsFirstAndTeachesTheTower)
{
    const TrainingRun run = fineTuningRun(m_split, {.steps = 1000});
    ASSERT_THAT(run.stages, SizeIs(3));
    EXPECT_TRUE(run.stages[0].isTeacher);
    EXPECT_TRUE(run.stages[1].towerOnly);
    EXPECT_GT(run.stages[1].featureWeight, 0);
    EXPECT_GT(run.stages[2].featureWeight, 0) << "to the end";
    EXPECT_EQ(run.stages[0].steps + run.stages[1].steps + run.stages[2].steps, 1000);
    const TrainingRun usual = fineTuningRun(m_split, {});
    EXPECT_GE(usual.stages[0].steps, 900) << "fewer views are too few to see one small defect on an unseen part";
    EXPECT_GE(usual.stages[1].steps, 1400);
    EXPECT_GE(usual.stages[2].steps, 300);
}

TEST_F(FineTuningTest, LoraTrainsConnectorsAndAdaptersAlone)
{
    const TrainingRun run = fineTuningRun(m_split, {.steps = 100, .loraRank = 8});
    ASSERT_THAT(run.stages, SizeIs(1));
    EXPECT_FALSE(run.stages[0].towerOnly);
    EXPECT_EQ(run.stages[0].trained, TrainedParts::Connectors);
    EXPECT_EQ(run.adapters.rank, 8);
    EXPECT_TRUE(run.adapters.ofTower);
    EXPECT_TRUE(run.adapters.ofDecoder);
}

TEST_F(FineTuningTest, ClassesAreTheNamesOfAllDefects)
{
    EXPECT_THAT(classesOf(m_split.training), ElementsAre("dent", "scratch"));
}

} // namespace
} // namespace auroraedge::app

#include "app/products/held_out.h"

#include "app/imaging/picture_encoder.h"
#include "tests/support/fake_engine.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_frame.h"

#include <gmock/gmock.h>

#include <set>

namespace auroraedge::app {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

std::vector<ReviewedRecord> records(int groups, int perGroup, int badEvery)
{
    std::vector<ReviewedRecord> all;
    for (int i = 0; i < groups * perGroup; ++i) {
        ReviewedRecord record;
        record.picture = "/p" + std::to_string(i) + ".png";
        record.group = "g" + std::to_string(i % groups);
        record.widthPx = record.heightPx = 100;
        if (i % badEvery == 0)
            record.defects = {{"dent", {10, 10, 5, 5}}};
        all.push_back(record);
    }
    return all;
}

int badOf(const std::vector<ReviewedRecord> &some) { return static_cast<int>(std::ranges::count_if(some, &ReviewedRecord::isBad)); }

std::set<std::string> groupsOf(const std::vector<ReviewedRecord> &some)
{
    std::set<std::string> groups;
    for (const ReviewedRecord &record : some)
        groups.insert(record.group);
    return groups;
}

TEST(HeldOutSplitTest, WholeGroupsAreHeldOutWithTheirShareOfGoodAndBad)
{
    for (const std::uint64_t seed : {1U, 2U, 3U}) {
        const auto split = splitHeldOut(records(17, 10, 3), seed);
        ASSERT_TRUE(split);
        EXPECT_NEAR(static_cast<double>(split->heldOut.size()), 34, 10);
        EXPECT_NEAR(static_cast<double>(badOf(split->heldOut)) / badOf(split->training), 0.25, 0.1);
        const std::set<std::string> held = groupsOf(split->heldOut), taught = groupsOf(split->training);
        for (const std::string &group : held)
            EXPECT_FALSE(taught.contains(group)) << group;
        EXPECT_THAT(split->note, HasSubstr(" of 17 groups are held out"));
    }
}

TEST(HeldOutSplitTest, OfTwoGroupsOneMeasures)
{
    const auto split = splitHeldOut(records(2, 10, 3), 1);
    ASSERT_TRUE(split);
    EXPECT_THAT(groupsOf(split->heldOut), SizeIs(1));
    EXPECT_THAT(groupsOf(split->training), SizeIs(1));
}

TEST(HeldOutSplitTest, TheOnlyGroupIsPartedByPictureAndThatIsSaid)
{
    const auto split = splitHeldOut(records(1, 50, 5), 1);
    ASSERT_TRUE(split);
    EXPECT_THAT(split->heldOut, SizeIs(10));
    EXPECT_EQ(badOf(split->heldOut), 2);
    EXPECT_THAT(split->note, HasSubstr("held out picture by picture"));
    EXPECT_THAT(split->note, HasSubstr("8 bad and 32 good pictures teach, 2 bad and 8 good ones measure and choose the best step"));
}

TEST(HeldOutSplitTest, WithoutGroupsItIsSaidThatThereAreNone)
{
    std::vector<ReviewedRecord> all = records(100, 1, 5);
    for (ReviewedRecord &record : all)
        record.isOwnGroup = true;
    const std::string note = splitHeldOut(all, 1)->note;
    EXPECT_THAT(note, HasSubstr("no record names a group, so 20 of 100 pictures are held out one by one"));
    EXPECT_THAT(note, Not(HasSubstr("groups are held out")));
    all[3].isForMeasuring = all[5].isForMeasuring = true;
    EXPECT_THAT(splitHeldOut(all, 1)->note, HasSubstr("the records of split val are held out, and no record names a group"));
    all[4].isOwnGroup = false;
    EXPECT_THAT(splitHeldOut(all, 1)->note, Not(HasSubstr("names a group")));
}

TEST(HeldOutSplitTest, ABadPictureOfUnknownPlaceMeasuresAndTeachesNothing)
{
    std::vector<ReviewedRecord> all = records(20, 100, 3);
    for (std::size_t i = 0; i < all.size(); i += 6) {
        all[i].defects.clear();
        all[i].isBadSomewhere = true;
    }
    const auto split = splitHeldOut(all, 1);
    ASSERT_TRUE(split);
    for (const auto *part : {&split->training, &split->watched})
        EXPECT_TRUE(std::ranges::all_of(*part, &ReviewedRecord::canTeach));
    EXPECT_GT(std::ranges::count_if(split->heldOut, &ReviewedRecord::isBadSomewhere), 0);
    EXPECT_THAT(split->note, HasSubstr(std::to_string(badOf(split->training)) + " bad and "));
    for (ReviewedRecord &record : all)
        record.isBadSomewhere = record.isBad();
    std::ranges::for_each(all, [](ReviewedRecord &record) { record.defects.clear(); });
    EXPECT_THAT(splitHeldOut(all, 1).error().message, HasSubstr("has a labelled defect"));
}

TEST(HeldOutSplitTest, WhatTheRecordsSayIsDone)
{
    std::vector<ReviewedRecord> all = records(5, 4, 2);
    all[3].isForMeasuring = all[4].isForMeasuring = true;
    const auto split = splitHeldOut(all, 1);
    ASSERT_TRUE(split);
    EXPECT_THAT(split->heldOut, SizeIs(2));
    EXPECT_EQ(split->heldOut[0].picture, "/p3.png");
    EXPECT_THAT(split->note, HasSubstr("though 2 of their groups teach, too"));
    for (ReviewedRecord &record : all)
        record.isForMeasuring = record.group == "g3" || record.group == "g4";
    EXPECT_THAT(splitHeldOut(all, 1)->note, Not(HasSubstr("teach, too")));
}

TEST(HeldOutSplitTest, WhatHoldsAPromiseIsNotWatchedMeanwhile)
{
    const auto groups = splitHeldOut(records(20, 100, 3), 1); // about 130 bad ones are held out
    ASSERT_TRUE(groups);
    EXPECT_THAT(groupsOf(groups->watched), SizeIs(2));
    EXPECT_NEAR(static_cast<double>(badOf(groups->watched)) / badOf(groups->training), 0.125, 0.05);
    for (const std::string &group : groupsOf(groups->watched)) {
        EXPECT_FALSE(groupsOf(groups->training).contains(group)) << group;
        EXPECT_FALSE(groupsOf(groups->heldOut).contains(group)) << group;
    }
    EXPECT_THAT(groups->note, HasSubstr(" good ones choose the best step, "));
    EXPECT_THAT(groups->note, Not(HasSubstr("measure and choose")));

    const auto few = splitHeldOut(records(4, 500, 3), 1); // no group to spare
    const auto uneven = splitHeldOut(records(20, 100, 5), 1); // only four groups have bad pictures
    ASSERT_TRUE(few && uneven);
    EXPECT_GT(badOf(uneven->watched), 0);
    EXPECT_THAT(groupsOf(few->watched), SizeIs(3));
    std::set<std::string> places;
    for (const auto *part : {&few->training, &few->watched, &few->heldOut}) {
        for (const ReviewedRecord &record : *part)
            EXPECT_TRUE(places.insert(record.picture).second) << record.picture;
    }
    EXPECT_THAT(places, SizeIs(2000));
}

TEST(HeldOutSplitTest, WhereNothingCanBePromisedAllOthersTeach)
{
    const auto split = splitHeldOut(records(20, 20, 5), 1);
    ASSERT_TRUE(split);
    EXPECT_THAT(split->watched, IsEmpty());
    EXPECT_EQ(split->training.size() + split->heldOut.size(), 400U);
}

TEST(HeldOutSplitTest, WithoutDefectsThereIsNothingToLearn)
{
    const auto one = splitHeldOut(records(4, 4, 100), 1);
    ASSERT_TRUE(one);
    EXPECT_EQ(badOf(one->training), 1) << "the only bad picture teaches";
    std::vector<ReviewedRecord> good = records(4, 4, 100);
    good[0].defects.clear();
    EXPECT_THAT(splitHeldOut(good, 1).error().message, HasSubstr("has a labelled defect"));
    EXPECT_FALSE(splitHeldOut(records(1, 1, 1), 1));
}

TEST(HeldOutReportTest, FiguresAreOfPicturesAndThresholdsNeedEnoughOfThem)
{
    HeldOutJudgement judgement;
    for (int i = 0; i < 100; ++i) {
        judgement.pictures.push_back({{i % 2 == 0 ? 4.0 : -4.0, i % 2 == 0 ? 3.0 : -3.0}, i % 2 == 0});
        judgement.tiles.push_back({{i % 4 == 0 ? 4.0 : -4.0, -3.0}, i % 2 == 0});
    }
    judgement.named = 10;
    judgement.namedRight = 7;
    const HeldOutReport report = reportOn(judgement);
    EXPECT_EQ(report.figures.pictures, 100);
    EXPECT_EQ(report.figures.bad, 50);
    EXPECT_FALSE(report.figures.isOfTiles);
    EXPECT_EQ(report.figures.auroc, 1);
    EXPECT_EQ(report.figures.accuracy, 1);
    EXPECT_LT(report.figures.calibrationError, 0.05);
    EXPECT_EQ(report.figures.recallAt1, 1);
    EXPECT_EQ(report.figures.whichDefect, 0.7);
    EXPECT_NEAR(report.tileAuroc.value(), 0.75, 1e-9);
    EXPECT_FALSE(report.thresholds.ok.score);
    EXPECT_EQ(report.promised.unsure, 1);
    EXPECT_EQ(report.seen.unsure, 0);
}

TEST(HeldOutReportTest, WithoutGoodPicturesTheTilesAreMeasured)
{
    HeldOutJudgement judgement;
    for (int i = 0; i < 1000; ++i) {
        judgement.tiles.push_back({{i % 2 == 0 ? 4.0 : -4.0, std::nullopt}, i % 2 == 0});
        judgement.pictures.push_back({{4, std::nullopt}, true});
    }
    const HeldOutReport report = reportOn(judgement);
    EXPECT_TRUE(report.figures.isOfTiles);
    EXPECT_EQ(report.figures.auroc, 1);
    EXPECT_EQ(report.curves.kind, ScoreKind::Answer);
    EXPECT_FALSE(report.thresholds.ok.score) << "a promise about pictures cannot come from tiles";
    EXPECT_FALSE(report.thresholds.ng.score);
}

/// @p good and @p bad pictures that the answer tells apart, and the patch head but for one bad one in ten.
HeldOutJudgement judgedBy(int good, int bad, bool isPatchBetter = false)
{
    HeldOutJudgement judgement;
    for (int i = 0; i < good + bad; ++i) {
        const double sure = i < good ? -4 - i % 7 / 10.0 : 4 + i % 7 / 10.0, unsure = i >= good && i % 10 == 0 ? -4 : sure;
        judgement.pictures.push_back({{isPatchBetter ? unsure : sure, isPatchBetter ? sure : unsure}, i >= good});
    }
    return judgement;
}

TEST(HeldOutReportTest, TheKindOfScoreIsThatOfTheWatchedPicturesWhereTheyTell)
{
    const HeldOutJudgement held = judgedBy(300, 100), watched = judgedBy(40, 40, true);
    ASSERT_EQ(reportOn(held).curves.kind, ScoreKind::Answer);
    const HeldOutReport report = reportOn(held, watched.pictures);
    EXPECT_EQ(report.curves.kind, ScoreKind::Patch);
    EXPECT_LT(report.figures.auroc.value(), 1);
    const std::vector<JudgedPicture> good(watched.pictures.begin(), watched.pictures.begin() + 40);
    EXPECT_EQ(reportOn(held, good).curves.kind, ScoreKind::Answer) << "one kind of pictures tells nothing apart";
}

TEST(HeldOutReportTest, APromiseByTheBestOfThreeScoresOnThePicturesThatItIsProvedOnTakesMoreOfThem)
{
    EXPECT_FALSE(reportOn(judgedBy(407, 79)).thresholds.ok.score);
    EXPECT_FALSE(reportOn(judgedBy(407, 79)).thresholds.ng.score);
    EXPECT_TRUE(reportOn(judgedBy(408, 80)).thresholds.ok.score);
    EXPECT_TRUE(reportOn(judgedBy(408, 80)).thresholds.ng.score);
    const std::vector<JudgedPicture> watched = judgedBy(40, 40).pictures;
    EXPECT_TRUE(reportOn(judgedBy(299, 59), watched).thresholds.ok.score) << "the score was chosen elsewhere";
    HeldOutJudgement without = judgedBy(299, 59);
    for (JudgedPicture &picture : without.pictures)
        picture.raw.patch.reset();
    EXPECT_TRUE(reportOn(without).thresholds.ok.score) << "there was no choice";
}

/// Pictures of 40 x 30 whose defects are white.
class JudgeHeldOutTest : public ::testing::Test
{
protected:
    ReviewedRecord record(const std::string &name, const std::vector<LabelledDefect> &defects)
    {
        std::vector<std::uint8_t> bytes(3 * 40 * 30, 40);
        for (std::size_t i = 0; i < bytes.size(); ++i) // dark stripes, some wider
            bytes[i] = static_cast<std::uint8_t>(40 + (i / 3 % 40 * (i / 120 % 7 + 3) / 20 % 2 == 0 ? 0 : 60));
        for (const auto &[className, box] : defects)
            for (int y = box.y; y < box.y + box.height; ++y)
                std::fill_n(bytes.begin() + 3 * (40 * y + box.x), 3 * box.width, 255);
        ReviewedRecord made;
        made.picture = m_folder.write(name, *encodePng(testing::frameOf(bytes, 40, 30))).string();
        made.defects = defects;
        made.widthPx = 40;
        made.heightPx = 30;
        return made;
    }
    testing::TemporaryFolder m_folder;
    testing::FakeScript m_script;
    testing::FakeEngine m_engine{m_script};
};

TEST_F(JudgeHeldOutTest, PicturesTilesAndClassesAreJudged)
{
    m_script.judgementFor = [](const Frame &frame, const std::string &question, const std::vector<std::string> &choices) {
        Judgement judgement;
        if (question == kWhichDefectQuestion) {
            judgement.probability.assign(choices.size(), 0.1);
            judgement.probability[0] = 0.9;
            return judgement;
        }
        int white = 0;
        for (int y = 0; y < frame.heightPx; ++y)
            for (int x = 0; x < frame.widthPx; ++x)
                white += frame.row(y)[3 * x] == 255 ? 1 : 0;
        judgement.probability = {white > 10 ? 0.9 : 0.2, white > 10 ? 0.1 : 0.8};
        return judgement;
    };
    const std::vector<ReviewedRecord> all{record("a.png", {{"dent", {2, 2, 6, 6}}}), record("b.png", {}), record("c.png", {{"scratch", {30, 20, 5, 5}}})};
    Product product;
    product.tile = 16;
    product.stride = 12;
    product.classes = {"dent", "scratch"};
    const ShownPictures shown(all);
    const auto inspector = *m_engine.load({}, {}, {});
    std::size_t told = 0;
    const auto judgement = judgeHeldOut(*inspector, product, all, shown, [&](std::size_t done) { told = done; }, {});
    ASSERT_TRUE(judgement);
    EXPECT_EQ(told, 3U);
    ASSERT_THAT(judgement->pictures, SizeIs(3));
    EXPECT_GT(judgement->pictures[0].raw.answer, 0);
    EXPECT_TRUE(judgement->pictures[0].isBad);
    EXPECT_LT(judgement->pictures[1].raw.answer, 0);
    EXPECT_FALSE(judgement->pictures[1].isBad);
    for (const JudgedPicture &tile : judgement->tiles)
        EXPECT_EQ(tile.raw.answer > 0, tile.isBad);
    EXPECT_EQ(judgement->named, 2);
    EXPECT_EQ(judgement->namedRight, 1) << "it says dent to everything";

    product.classes = {"dent"};
    const auto one = judgeHeldOut(*inspector, product, all, shown, {}, {});
    ASSERT_TRUE(one);
    EXPECT_EQ(one->named, 0) << "the only class is no answer";
    EXPECT_FALSE(reportOn(*one).figures.whichDefect);
}

TEST_F(JudgeHeldOutTest, OfAPictureThatIsBadAtAnUnknownPlaceNoTileIsClean)
{
    m_script.judgementFor = [](const Frame &, const std::string &, const std::vector<std::string> &) { return Judgement{{0.5, 0.5}, {}, {}}; };
    std::vector<ReviewedRecord> all{record("a.png", {{"dent", {2, 2, 6, 6}}})};
    all[0].isBadSomewhere = true;
    Product product;
    product.tile = 16;
    product.stride = 12;
    const ShownPictures shown(all);
    const auto inspector = *m_engine.load({}, {}, {});
    const auto judgement = judgeHeldOut(*inspector, product, all, shown, {}, {});
    ASSERT_TRUE(judgement);
    EXPECT_TRUE(judgement->pictures[0].isBad);
    EXPECT_FALSE(judgement->tiles.empty());
    EXPECT_TRUE(std::ranges::all_of(judgement->tiles, &JudgedPicture::isBad));
}

TEST_F(JudgeHeldOutTest, TilesComeFromThePlanesOfTheirPicture)
{
    ReviewedRecord bad = record("a.png", {{"dent", {10, 10, 6, 6}}});
    bad.golden = record("golden.png", {}).picture;
    const ShownPictures shown(std::vector{bad});
    const Result<Frame> tile = shown.tile(tileAddress(bad.picture, {10, 10, 16, 16}));
    ASSERT_TRUE(tile) << tile.error().message;
    EXPECT_EQ(tile->widthPx, 16);
    EXPECT_EQ(tile->row(0)[0], 255);
    EXPECT_LE(tile->row(0)[1], 100);
    EXPECT_EQ(tile->row(0)[2], 255 - tile->row(0)[1]);
    EXPECT_EQ(tile->row(12)[3 * 12 + 2], 0) << "beside the dent nothing differs";
    EXPECT_FALSE(shown.tile("nonsense"));
    EXPECT_EQ(shown.tile(tileAddress("/none.png", {0, 0, 16, 16})).error().code, code::FileNotFound);
}

TEST(GoldenForTest, WhatIsGivenGoesBeforeTheProducts)
{
    testing::TemporaryFolder folder;
    std::filesystem::create_directories(folder / "goldens");
    Product product;
    EXPECT_EQ(*goldenFor(product, "/m", "", "a.png"), "") << "it compares with none";
    product.usesGolden = true;
    const auto none = goldenFor(product, "/m", "", "a.png");
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().code, code::Usage);
    product.golden = "golden.png";
    EXPECT_EQ(*goldenFor(product, "/m", "", "x/a.png"), "/m/golden.png");
    EXPECT_EQ(*goldenFor(product, "/m", "g.png", "x/a.png"), "g.png");
    EXPECT_EQ(*goldenFor(product, "/m", (folder / "goldens").string(), "x/a.png"), (folder / "goldens/a.png").string());
    product.golden = (folder / "goldens").string();
    EXPECT_EQ(*goldenFor(product, "/m", "", "x/a.png"), (folder / "goldens/a.png").string());
}

} // namespace
} // namespace auroraedge::app

#include "app/products/reviewed_records.h"

#include "tests/support/temporary_folder.h"
#include "tests/support/test_frame.h"

#include <gmock/gmock.h>

#include <mutex>

namespace auroraedge::app {
namespace {

using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class ReviewedRecordsTest : public ::testing::Test
{
protected:
    Result<ReviewedRecords> read(const std::string &lines) const { return readReviewedRecords(m_folder.write("data/reviewed.jsonl", lines)); }
    /// What is said of the only line that is no good.
    std::string fault(const std::string &line) const
    {
        const auto records = read(kGood + line);
        EXPECT_TRUE(records);
        EXPECT_THAT(records->records, SizeIs(1)) << line;
        return records->badRecords.size() == 1 ? records->badRecords[0] : "";
    }

    static inline const std::string kGood = R"({"image":"a.png","width":100,"height":80,"labels":[]})" "\n";
    testing::TemporaryFolder m_folder;
};

TEST_F(ReviewedRecordsTest, BoxesMakeARecordBadAndNameItsDefects)
{
    const auto records = read(kGood
                            + R"({"image":"sub/b.png","template":"t.png","width":100,"height":80,"group":"g","split":"val","facts":{"by":"me"},)"
                              R"("labels":[{"class":"dent","bbox":[10,20,30.4,40]},{"class":"scratch","bbox":[90,70,30,30]}]})");
    ASSERT_TRUE(records) << records.error().message;
    ASSERT_THAT(records->records, SizeIs(2));
    const ReviewedRecord &good = records->records[0], &bad = records->records[1];
    EXPECT_FALSE(good.isBad());
    EXPECT_EQ(good.picture, (m_folder / "data/a.png").string());
    EXPECT_EQ(good.golden, "");
    EXPECT_FALSE(good.isForMeasuring);
    EXPECT_TRUE(bad.isBad());
    EXPECT_EQ(bad.golden, (m_folder / "data/t.png").string());
    EXPECT_EQ(bad.group, "g");
    EXPECT_TRUE(bad.isForMeasuring);
    ASSERT_THAT(bad.defects, SizeIs(2));
    EXPECT_EQ(bad.defects[0].name, "dent");
    EXPECT_EQ(bad.defects[0].box, (PixelBox{10, 20, 30, 40}));
    EXPECT_EQ(bad.defects[1].box, (PixelBox{90, 70, 10, 10})) << "cut at the picture's edge";
    EXPECT_THAT(records->sha256, SizeIs(64));
}

TEST_F(ReviewedRecordsTest, ABoxOfAWholePictureSaysThatItIsBadAndNotWhere)
{
    const auto lines = [](const std::string &boxes) {
        return R"({"image":"b.png","width":200,"height":80,"labels":[)" + boxes + "]}\n";
    };
    const std::string whole = R"({"class":"defect","bbox":[0,0,200,80]})", place = R"({"class":"dent","bbox":[10,20,30,40]})";
    std::vector<ReviewedRecord> records = read(kGood + lines(whole))->records;
    EXPECT_EQ(dropBoxesOfWholePictures(records, 200), 0) << "a picture of one tile: the tile is bad";
    EXPECT_TRUE(records[1].canTeach());
    EXPECT_EQ(dropBoxesOfWholePictures(records, 160), 1);
    EXPECT_FALSE(records[0].isBad());
    EXPECT_TRUE(records[0].canTeach());
    EXPECT_TRUE(records[1].isBad());
    EXPECT_FALSE(records[1].canTeach());
    EXPECT_THAT(records[1].defects, IsEmpty());

    records = read(lines(whole + "," + place))->records;
    EXPECT_EQ(dropBoxesOfWholePictures(records, 160), 0) << "one place is known";
    ASSERT_THAT(records[0].defects, SizeIs(1));
    EXPECT_EQ(records[0].defects[0].name, "dent");
    EXPECT_TRUE(records[0].isBadSomewhere);
    EXPECT_TRUE(records[0].canTeach());
}

TEST_F(ReviewedRecordsTest, ARecordThatNamesNoGroupIsItsOwn)
{
    const auto records = read(kGood + R"({"image":"b.png","width":10,"height":10,"group":"board 7","labels":[]})");
    ASSERT_TRUE(records);
    EXPECT_TRUE(records->records[0].isOwnGroup);
    EXPECT_FALSE(records->records[1].isOwnGroup);
}

TEST_F(ReviewedRecordsTest, WhatIsKeptForLaterIsNotTouched)
{
    const auto records = read(kGood + R"({"image":"b.png","split":"test","labels":[]})" "\n\n" R"({"image":"c.png","split":"heldout","labels":[]})");
    ASSERT_TRUE(records);
    EXPECT_THAT(records->records, SizeIs(1));
    EXPECT_EQ(records->untouched, 2);
    EXPECT_THAT(records->badRecords, IsEmpty());
}

TEST_F(ReviewedRecordsTest, ForMeasuringWhatIsKeptForLaterComesFirstThenWhatIsHeldOut)
{
    const auto measured = [&](const std::string &lines) {
        const auto records = readReviewedRecords(m_folder.write("data/reviewed.jsonl", lines), RecordUse::Measuring);
        std::vector<std::string> names;
        for (const ReviewedRecord &record : records ? records->records : std::vector<ReviewedRecord>())
            names.push_back(std::filesystem::path(record.picture).filename());
        return names;
    };
    const std::string val = R"({"image":"v.png","split":"val","labels":[]})" "\n";
    const std::string later = R"({"image":"t.png","split":"test","labels":[]})" "\n" R"({"image":"h.png","split":"heldout","labels":[]})" "\n";
    EXPECT_THAT(measured(kGood + val + later), ElementsAre("t.png", "h.png"));
    EXPECT_THAT(measured(kGood + val), ElementsAre("v.png"));
    EXPECT_THAT(measured(kGood), ElementsAre("a.png"));
    EXPECT_THAT(measured(later), ElementsAre("t.png", "h.png")) << "nothing to learn from is no fault here";
    const auto learnt = read(kGood + val + later);
    ASSERT_TRUE(learnt);
    EXPECT_THAT(learnt->records, SizeIs(2));
    EXPECT_EQ(learnt->untouched, 2);
}

TEST_F(ReviewedRecordsTest, ForMeasuringARecordKeptForLaterIsCheckedLikeAnyOther)
{
    const std::string twice = kGood + R"({"image":"a.png","split":"test","labels":[]})" "\n" R"({"image":"t.png","split":"test","labels":[]})";
    const auto records = readReviewedRecords(m_folder.write("data/reviewed.jsonl", twice), RecordUse::Measuring);
    ASSERT_TRUE(records);
    EXPECT_THAT(records->records, SizeIs(1));
    EXPECT_THAT(records->badRecords, ElementsAre(EndsWith("a.png has a record already"))) << "it may have been learnt from";
}

TEST_F(ReviewedRecordsTest, ABadLineIsNamedAndLeftOut)
{
    EXPECT_THAT(fault("{"), HasSubstr("reviewed.jsonl line 2"));
    EXPECT_THAT(fault(R"({"image":"../b.png","labels":[]})"), EndsWith("'../b.png' leaves the folder"));
    EXPECT_THAT(fault(R"({"image":"b.png","golden":"/etc/x.png","labels":[]})"), EndsWith("leaves the folder"));
    EXPECT_THAT(fault(R"({"image":"a.png","labels":[]})"), EndsWith("a.png has a record already"));
    EXPECT_THAT(fault(R"({"image":"b.png","split":"later","labels":[]})"), HasSubstr("split 'later' is none of"));
    EXPECT_THAT(fault(R"({"image":"b.png","labels":[{"class":"dent"}]})"), EndsWith("label 'dent' has no 'bbox'"));
    EXPECT_THAT(fault(R"({"image":"b.png","labels":[{"class":"dent","bbox":[1,1,5,5]}]})"), HasSubstr("needs 'width' and 'height'"));
    EXPECT_THAT(fault(R"({"image":"b.png","width":9,"height":9,"labels":[{"class":"dent","bbox":[1,1,0,5]}]})"), EndsWith("has no area"));
    EXPECT_THAT(fault(R"({"image":"b.png","width":9,"height":9,"labels":[{"class":"dent","bbox":[20,1,5,5]}]})"), EndsWith("covers no pixel of the picture"));
    EXPECT_THAT(fault(R"({"image":"b.png","width":9,"height":9,"labels":[{"class":"none","bbox":[1,1,5,5]}]})"), EndsWith("is called 'none'"));
    EXPECT_THAT(fault(R"({"image":"b.png","width":9,"height":9,"labels":[{"class":"a\tb","bbox":[1,1,5,5]}]})"), HasSubstr("not plain text"));
}

TEST_F(ReviewedRecordsTest, AGroupMayBeANumberAndWhatIsNoTextIsNotPassedOver)
{
    const auto records = read(R"({"image":"a.png","group":12,"labels":[]})" "\n" R"({"image":"b.png","group":12,"split":null,"labels":[]})");
    ASSERT_TRUE(records);
    ASSERT_THAT(records->records, SizeIs(2));
    EXPECT_EQ(records->records[0].group, "12") << "pictures that are alike stay together";
    EXPECT_EQ(records->records[1].group, "12");
    EXPECT_THAT(fault(R"({"image":"b.png","group":["lot 12"],"labels":[]})"), EndsWith("'group' is not a text"));
    EXPECT_THAT(fault(R"({"image":"b.png","split":["test"],"labels":[]})"), EndsWith("'split' is not a text"));
    EXPECT_THAT(fault(R"({"image":"b.png","golden":{},"labels":[]})"), EndsWith("'golden' is not a text"));
    EXPECT_THAT(fault(R"({"image":"","labels":[]})"), EndsWith("'image' is empty"));
    EXPECT_THAT(fault(R"({"image":"a.png\u0000x","labels":[]})"), EndsWith("a path holds a NUL, which no name of a file has")) << "a.png would be read";
    EXPECT_THAT(fault(R"({"image":"b.png","golden":"a.png\u0000x","labels":[]})"), EndsWith("a path holds a NUL, which no name of a file has"));
}

TEST_F(ReviewedRecordsTest, OfRecordsThatContradictEachOtherNoneIsTaken)
{
    const auto records = read(kGood + R"({"image":"b.png","labels":[]})" "\n"
                              + R"({"image":"./a.png","width":100,"height":80,"labels":[{"class":"dent","bbox":[1,1,5,5]}]})" "\n" + kGood);
    ASSERT_TRUE(records);
    ASSERT_THAT(records->records, SizeIs(1));
    EXPECT_THAT(records->records[0].picture, EndsWith("b.png"));
    EXPECT_THAT(records->badRecords, ElementsAre("reviewed.jsonl line 3: ./a.png has a record already, which says otherwise",
                                                 "reviewed.jsonl line 4: a.png has a record already",
                                                 "reviewed.jsonl line 1: a later record of a.png says otherwise"));
}

TEST_F(ReviewedRecordsTest, OnePictureUnderSeveralNamesIsTakenOnceOrNotAtAllWhereTheyContradict)
{
    auto records = read(kGood + R"({"image":"copy.png","labels":[]})" "\n" R"({"image":"b.png","labels":[]})" "\n"
                        + R"({"image":"b-copy.png","width":100,"height":80,"labels":[{"class":"dent","bbox":[1,1,5,5]}]})");
    ASSERT_TRUE(records);
    const auto load = [](const ReviewedRecord &record) -> Result<Frame> {
        return testing::testFrame(100, 80, std::filesystem::path(record.picture).filename().string().starts_with("b") ? 1 : 0);
    };
    ASSERT_TRUE(checkPictures(*records, load, {}, {}));
    ASSERT_THAT(records->records, SizeIs(1));
    EXPECT_THAT(records->records[0].picture, EndsWith("a.png"));
    EXPECT_THAT(records->badRecords, ElementsAre("reviewed.jsonl line 2: its picture is that of reviewed.jsonl line 1",
                                                 "reviewed.jsonl line 3: its picture is that of reviewed.jsonl line 4, which says otherwise",
                                                 "reviewed.jsonl line 4: its picture is that of reviewed.jsonl line 3, which says otherwise"));
}

TEST_F(ReviewedRecordsTest, AFileWithoutRecordsIsRefused)
{
    EXPECT_EQ(readReviewedRecords(m_folder / "none.jsonl").error().code, code::FileNotFound);
    EXPECT_EQ(read("").error().code, code::RecipeValue);
    EXPECT_THAT(read("{}").error().message, HasSubstr("line 1: there is no 'image'"));
}

TEST_F(ReviewedRecordsTest, AGoldenPictureIsTheFileOrTheOneOfThePicturesName)
{
    auto records = read(kGood + R"({"image":"b.png","golden":"own.png","labels":[]})");
    ASSERT_TRUE(records);
    ReviewedRecords one = *records, each = *records, none = *records;
    setGolden(one, m_folder / "g.png");
    EXPECT_EQ(one.records[0].golden, (m_folder / "g.png").string());
    EXPECT_EQ(one.records[1].golden, (m_folder / "data/own.png").string());
    std::filesystem::create_directories(m_folder / "goldens");
    setGolden(each, m_folder / "goldens");
    EXPECT_EQ(each.records[0].golden, (m_folder / "goldens/a.png").string());
    setGolden(none, {});
    EXPECT_EQ(none.records[0].golden, "");
}

TEST_F(ReviewedRecordsTest, EveryPictureIsLookedAtFirst)
{
    auto records = read(kGood + R"({"image":"b.png","labels":[]})" "\n" R"({"image":"c.png","labels":[]})" "\n" R"({"image":"d.png","width":9,"labels":[]})");
    ASSERT_TRUE(records);
    std::mutex mutex;
    std::vector<std::string> loaded;
    const auto load = [&](const ReviewedRecord &record) -> Result<Frame> {
        const std::string name = std::filesystem::path(record.picture).filename();
        const std::lock_guard lock(mutex);
        loaded.push_back(name);
        if (name == "c.png")
            return failure(code::ImageDamaged, "c.png is damaged");
        return testing::testFrame(100, 80, name[0]);
    };
    std::size_t told = 0;
    ASSERT_TRUE(checkPictures(*records, load, [&](std::size_t done) { told = done; }, {}));
    EXPECT_THAT(loaded, SizeIs(4));
    EXPECT_EQ(told, 4U);
    ASSERT_THAT(records->records, SizeIs(2));
    EXPECT_EQ(records->records[1].widthPx, 100) << "what was not told is filled in";
    EXPECT_THAT(records->badRecords, ElementsAre("reviewed.jsonl line 3: IMG-03: c.png is damaged",
                                                 "reviewed.jsonl line 4: the picture is 100 x 80, the record says 9 x 0"));
}

TEST_F(ReviewedRecordsTest, ACoveredLensIsNoGoodPicture)
{
    auto records = read(kGood + R"({"image":"b.png","labels":[]})");
    ASSERT_TRUE(records);
    const auto load = [](const ReviewedRecord &record) -> Result<Frame> {
        return record.picture.ends_with("b.png") ? testing::uniformFrame(0, 100, 80) : testing::testFrame(100, 80);
    };
    ASSERT_TRUE(checkPictures(*records, load, {}, {}));
    EXPECT_THAT(records->records, SizeIs(1));
    EXPECT_THAT(records->badRecords, ElementsAre("reviewed.jsonl line 2: IMG-17: frame is uniform: lens cap, light or cable?"));
}

TEST_F(ReviewedRecordsTest, WhereOneHasAGoldenPictureAllNeedOne)
{
    auto records = read(kGood + R"({"image":"b.png","golden":"g.png","labels":[]})");
    ASSERT_TRUE(records);
    ASSERT_TRUE(checkPictures(*records, [](const ReviewedRecord &) { return testing::testFrame(100, 80); }, {}, {}));
    EXPECT_THAT(records->records, SizeIs(1));
    EXPECT_THAT(records->badRecords, ElementsAre("reviewed.jsonl line 1: there is no golden picture, which others have"));
}

TEST_F(ReviewedRecordsTest, ACheckThatIsStoppedSaysSo)
{
    auto records = read(kGood);
    ASSERT_TRUE(records);
    std::stop_source stop;
    stop.request_stop();
    const Result<void> checked = checkPictures(*records, [](const ReviewedRecord &) { return testing::testFrame(); }, {}, stop.get_token());
    ASSERT_FALSE(checked);
    EXPECT_EQ(checked.error().code, code::Cancelled);
}

} // namespace
} // namespace auroraedge::app

#include "app/export/training_set.h"

#include "app/imaging/picture_decoder.h"
#include "app/products/reviewed_records.h"
#include "app/products/tiles.h"
#include "app/settings/sha256.h"
#include "app/training/conversations.h"
#include "tests/app/export/stored_station.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <fstream>
#include <map>
#include <random>
#include <set>

namespace auroraedge::app {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;
using testing::readFile;
using Json = nlohmann::json;

class TrainingSetTest : public StoredStation
{
protected:
    /// A reviewed answer about picture @p seed of the folder @p line.
    std::int64_t reviewed(const std::string &line, int seed, Verdict judgement, Verdict machine = Verdict::Ok)
    {
        AnswerRecord record = answered("/" + line + "/" + std::to_string(seed) + ".png", machine == Verdict::Ok ? "no" : "yes");
        record.question = "Is there a defect?";
        record.verdict = machine;
        const std::int64_t row = store(record, picture(seed));
        review(row, judgement);
        return row;
    }
    static std::string fileOf(int seed) { return "images/" + sha256Hex(picture(seed).bytes) + ".png"; }

    Result<TrainingSetReport> write(const std::stop_token &stop = {}, const ExportProgress &progress = {})
    {
        m_options.place = at("set");
        const std::unique_ptr<AnswerReader> open = reader();
        return writeTrainingSet(pagesOf(*open, {}), data(), m_options, progress, stop);
    }
    TrainingSetReport written()
    {
        Result<TrainingSetReport> report = write();
        EXPECT_TRUE(report) << report.error().message;
        return report ? *std::move(report) : TrainingSetReport();
    }
    ReviewedRecords records() const
    {
        Result<ReviewedRecords> read = readReviewedRecords(at("set/reviewed.jsonl"));
        EXPECT_TRUE(read) << read.error().message;
        EXPECT_THAT(read->badRecords, IsEmpty());
        return *std::move(read);
    }
    std::vector<Json> lines(const std::string &name) const
    {
        std::vector<Json> all;
        std::ifstream file(at("set/" + name));
        for (std::string line; std::getline(file, line);)
            all.push_back(Json::parse(line));
        return all;
    }
    Json manifest() const { return Json::parse(readFile(at("set/auroraedge-training-set.json"))); }

    TrainingSetOptions m_options;
};

TEST_F(TrainingSetTest, IsReadByFinetuneWithPicturesThatAreWhole)
{
    reviewed("a", 1, Verdict::Ok);
    const std::int64_t bad = reviewed("b", 2, Verdict::Ng, Verdict::Ng);
    review(bad, Verdict::Ng, "scratch");
    const TrainingSetReport report = written();
    EXPECT_EQ(report.good, 1);
    EXPECT_EQ(report.bad, 1);
    ReviewedRecords read = records();
    ASSERT_THAT(read.records, SizeIs(2));
    const Result<void> checked = checkPictures(
        read,
        [](const ReviewedRecord &record) -> Result<Frame> {
            const Result<DecodedPicture> picture = decodePicture(fs::path(record.picture));
            return picture ? Result<Frame>(picture->frame) : failure(picture.error());
        },
        {}, {});
    ASSERT_TRUE(checked);
    EXPECT_THAT(read.badRecords, IsEmpty());
    for (const ReviewedRecord &record : read.records) {
        const bool isBad = record.picture.ends_with(fileOf(2));
        EXPECT_EQ(readFile(record.picture), readFile(data() / "pictures" / fs::path(record.picture).filename().string().substr(0, 2)
                                                     / fs::path(record.picture).filename()));
        ASSERT_THAT(record.defects, SizeIs(isBad ? 1 : 0));
        if (isBad) {
            EXPECT_EQ(record.defects[0].name, "scratch");
            EXPECT_EQ(record.defects[0].box, (PixelBox{0, 0, 48, 32})) << "nobody drew one";
        }
    }
    EXPECT_EQ(dropBoxesOfWholePictures(read.records, 16), 1);
    for (const TrainingTile &tile : trainingTiles(read.records, {.side = 16}))
        EXPECT_THAT(tile.defects, IsEmpty()) << "so no part of it is taught as a defect";
}

TEST_F(TrainingSetTest, IsReadAsConversationsWithTheAnswersThatPeopleAgreedTo)
{
    reviewed("a", 1, Verdict::Ok);              // the machine said OK, too
    reviewed("a", 2, Verdict::Ng);              // it was wrong
    reviewed("b", 3, Verdict::Ng, Verdict::Ng); // right
    const TrainingSetReport report = written();
    EXPECT_EQ(report.conversations, 2);
    const Result<Conversations> read = readConversations(at("set/conversations.jsonl"), at("set"), "station");
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_THAT(read->badRecords, IsEmpty());
    std::map<std::string, std::string> answers;
    for (const std::vector<TrainingSample> *samples : {&read->samples, &read->heldOut}) {
        for (const TrainingSample &sample : *samples) {
            ASSERT_THAT(sample.turns, SizeIs(1));
            EXPECT_THAT(sample.turns[0].wordings, ElementsAre("Is there a defect?"));
            answers[fs::path(sample.picture).filename().string()] = sample.turns[0].answer;
        }
    }
    EXPECT_THAT(answers, UnorderedElementsAre(Pair(fileOf(1).substr(7), "no"), Pair(fileOf(3).substr(7), "yes")));
}

TEST_F(TrainingSetTest, TakesAnAnswerWithoutAVerdictThatAPersonCalledRight)
{
    for (const int seed : {1, 2}) {
        AnswerRecord free = answered("/a/" + std::to_string(seed) + ".png", "3");
        free.question = "How many bottles are there?";
        free.verdict.reset();
        review(store(free, picture(seed)), seed == 1 ? Verdict::Ok : Verdict::Ng);
    }
    const TrainingSetReport report = written();
    EXPECT_EQ(report.good, 1);
    EXPECT_EQ(report.bad, 1);
    EXPECT_EQ(report.conversations, 1) << "of the other one the right answer is not known";
    const std::vector<Json> talks = lines("conversations.jsonl");
    ASSERT_THAT(talks, SizeIs(1));
    EXPECT_EQ(talks[0]["image"], fileOf(1));
    EXPECT_EQ(talks[0]["conversations"][1]["value"], "3");
}

/// A session of the program is one group, also over midnight; the next one on the same day is another.
TEST_F(TrainingSetTest, SplitsTheAnswersOfACameraBySession)
{
    constexpr std::int64_t kMidnight = 1'700'006'400'000;
    std::map<std::string, std::set<int>> sessionsOfPicture;
    int seed = 0;
    for (int session = 0; session < 6; ++session) {
        ASSERT_TRUE(m_store->beginSession("window", {1, "maria"}));
        for (int i = 0; i < 4; ++i, ++seed) {
            AnswerRecord live = answered("uvc:left", "no");
            live.sourceSha256.clear();
            live.timeUtcMs = kMidnight + (i < 2 ? -1000 : 1000) + session;
            const int shown = session == 5 && i == 0 ? 0 : seed; // a picture of the first session, once more
            review(store(live, picture(shown)), i % 2 == 0 ? Verdict::Ng : Verdict::Ok);
            sessionsOfPicture[fileOf(shown)].insert(session);
        }
        ASSERT_TRUE(m_store->endSession(2));
    }
    const TrainingSetReport report = written();
    EXPECT_EQ(report.groups, 5) << "the last one has a picture of the first one";
    std::map<int, std::set<std::string>> groups, splits;
    for (const Json &line : lines("reviewed.jsonl")) {
        for (const int session : sessionsOfPicture[line["image"]]) {
            groups[session].insert(line["group"].get<std::string>());
            splits[session].insert(line["split"].get<std::string>());
        }
    }
    for (int session = 0; session < 6; ++session) {
        EXPECT_THAT(groups[session], SizeIs(1)) << session;
        EXPECT_THAT(splits[session], SizeIs(1)) << session;
    }
    EXPECT_EQ(groups[0], groups[5]);
    EXPECT_NE(groups[0], groups[1]) << "of the same camera and day";
}

TEST_F(TrainingSetTest, HasNoGroupOnBothSides)
{
    std::mt19937 random(3);
    // Some pictures were seen in two folders, which must stay together.
    for (int i = 0; i < 120; ++i) {
        const int line = static_cast<int>(random() % 12);
        const int seed = i % 15 == 0 ? i / 30 : 20 + i;
        reviewed("line" + std::to_string(line), seed, random() % 3 == 0 ? Verdict::Ng : Verdict::Ok);
    }
    for (const std::uint64_t seed : {1, 2, 3}) {
        SCOPED_TRACE(seed);
        m_options.seed = seed;
        m_options.replaces = true;
        const TrainingSetReport report = written();
        std::map<std::string, std::set<std::string>> splits, groupsOfPicture;
        for (const char *file : {"reviewed.jsonl", "conversations.jsonl"}) {
            for (const Json &line : lines(file)) {
                ASSERT_TRUE(line.contains("split")) << line;
                splits[line["group"]].insert(line["split"].get<std::string>());
                groupsOfPicture[line["image"]].insert(line["group"].get<std::string>());
            }
        }
        EXPECT_EQ(static_cast<int>(splits.size()), report.groups);
        EXPECT_GT(report.groups, 3);
        EXPECT_LT(report.groups, 12) << "some folders share a picture";
        EXPECT_GT(report.measuring, 0);
        for (const auto &[group, sides] : splits)
            EXPECT_THAT(sides, SizeIs(1)) << group;
        for (const auto &[picture, groups] : groupsOfPicture)
            EXPECT_THAT(groups, SizeIs(1)) << picture;
    }
}

TEST_F(TrainingSetTest, HoldsWholeFoldersOutButThoseThatShareAPictureTogether)
{
    for (int line = 0; line < 10; ++line) {
        for (int i = 0; i < 3; ++i)
            reviewed("line" + std::to_string(line), 3 * line + i, i == 0 ? Verdict::Ng : Verdict::Ok);
    }
    reviewed("line1", 0, Verdict::Ng); // also seen at line 0
    const TrainingSetReport report = written();
    EXPECT_EQ(report.groups, 9);
    EXPECT_GT(report.measuring, 0);
    EXPECT_LT(report.measuring, 15);
    std::map<std::string, std::set<std::string>> groupsOfLine;
    for (const Json &line : lines("reviewed.jsonl"))
        groupsOfLine[fs::path(line["source"].get<std::string>()).parent_path()].insert(line["group"].get<std::string>());
    EXPECT_EQ(groupsOfLine["/line0"], groupsOfLine["/line1"]);
    EXPECT_NE(groupsOfLine["/line0"], groupsOfLine["/line2"]);
    EXPECT_EQ(std::ranges::count_if(records().records, &ReviewedRecord::isForMeasuring), report.measuring);
}

TEST_F(TrainingSetTest, LeavesTheHoldingOutToFinetuneWhereAllIsOneSession)
{
    reviewed("a", 1, Verdict::Ok);
    reviewed("a", 2, Verdict::Ng);
    EXPECT_EQ(written().measuring, 0);
    for (const Json &line : lines("reviewed.jsonl"))
        EXPECT_FALSE(line.contains("split"));
    EXPECT_THAT(manifest()["split"].get<std::string>(), HasSubstr("all pictures are of one session"));
}

TEST_F(TrainingSetTest, LeavesOutWhatTeachesNothingAndSaysWhy)
{
    reviewed("a", 1, Verdict::Ok);
    reviewed("b", 2, Verdict::Unsure);
    store(answered(), picture(3));
    review(store(answered()), Verdict::Ok);
    reviewed("c", 4, Verdict::Ng);
    std::ofstream(data() / "pictures" / sha256Hex(picture(4).bytes).substr(0, 2) / (sha256Hex(picture(4).bytes) + ".png")) << "altered";
    const TrainingSetReport report = written();
    EXPECT_EQ(report.good + report.bad, 1);
    EXPECT_THAT(report.leftOut, UnorderedElementsAre(Pair("reviewed as UNSURE", 1), Pair("not reviewed", 1), Pair("no picture was kept", 1),
                                                     Pair("its picture is missing or altered", 1)));
    EXPECT_THAT(namesIn("set/images"), ElementsAre(fileOf(1).substr(7)));
}

TEST_F(TrainingSetTest, CallsAPictureBadWhenAnyReviewDoes)
{
    reviewed("a", 1, Verdict::Ok);
    AnswerRecord part = answered("/a/1.png");
    part.roi = PixelBox{4, 5, 20, 10};
    review(store(part, picture(1)), Verdict::Ng, "none"); // no name of a class
    const TrainingSetReport report = written();
    EXPECT_EQ(report.bad, 1);
    EXPECT_EQ(report.good, 0);
    const ReviewedRecords read = records();
    ASSERT_THAT(read.records, SizeIs(1));
    ASSERT_THAT(read.records[0].defects, SizeIs(1));
    EXPECT_EQ(read.records[0].defects[0].name, "defect");
    EXPECT_EQ(read.records[0].defects[0].box, *part.roi);
}

TEST_F(TrainingSetTest, APartThatIsGoodMakesNoGoodPicture)
{
    reviewed("a", 1, Verdict::Ok);
    AnswerRecord part = answered("/a/2.png");
    part.roi = PixelBox{4, 5, 20, 10};
    review(store(part, picture(2)), Verdict::Ok);
    const TrainingSetReport report = written();
    EXPECT_EQ(report.good, 1);
    EXPECT_THAT(report.leftOut, ElementsAre(Pair("only a part of its picture was judged good", 1)));
    EXPECT_THAT(namesIn("set/images"), ElementsAre(fileOf(1).substr(7)));
}

TEST_F(TrainingSetTest, SaysInItsManifestWhatItIsMadeOf)
{
    reviewed("a", 1, Verdict::Ok);
    reviewed("b", 2, Verdict::Ng);
    m_options.licence = "CC-BY-4.0";
    m_options.filter = "--reviewed-only";
    written();
    const Json made = manifest();
    EXPECT_EQ(made["format"], "auroraedge-training-set");
    EXPECT_EQ(made["licence"], "CC-BY-4.0");
    EXPECT_EQ(made["filter"], "--reviewed-only");
    EXPECT_EQ(made["pictures"], (Json{{"good", 1}, {"bad", 1}, {"measuring", made["pictures"]["measuring"]}}));
    EXPECT_EQ(made["models"], Json::array({{{"name", "nano"}, {"sha256", std::string(64, 'a')}, {"rows", 2}}}));
}

TEST_F(TrainingSetTest, IsNotThereWhenItIsStoppedOrHasNothing)
{
    store(answered(), picture(3));
    const Result<TrainingSetReport> empty = write();
    ASSERT_FALSE(empty);
    EXPECT_EQ(empty.error().code, code::RecipeValue);
    EXPECT_THAT(namesIn(""), ElementsAre("data"));

    for (int i = 0; i < 20; ++i)
        reviewed("a", i, Verdict::Ok);
    std::stop_source stop;
    stop.request_stop();
    const Result<TrainingSetReport> stopped = write(stop.get_token());
    ASSERT_FALSE(stopped);
    EXPECT_EQ(stopped.error().code, code::Cancelled);
    EXPECT_THAT(namesIn(""), ElementsAre("data"));
}

} // namespace
} // namespace auroraedge::app

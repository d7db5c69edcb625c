// The store's commands as processes, with the model that ships: what it said once it must say again.

#include "app/imaging/picture_encoder.h"
#include "app/products/reviewed_records.h"
#include "app/storage/answer_store.h"
#include "tests/e2e/cli_process.h"
#include "tests/support/test_frame.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>
#include <sqlite3.h>
#include <sys/mount.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <sstream>

namespace auroraedge::app {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using namespace auroraedge::testing;
using Json = nlohmann::ordered_json;
using Words = std::vector<std::string>;
namespace fs = std::filesystem;

class DbProcessTest : public ::testing::Test
{
protected:
    static Words program(Words words)
    {
        words.insert(words.begin(), AURORAEDGE_BIN_DIR "/auroraedge");
        return words;
    }
    Words here(Words words) const
    {
        words.insert(words.end(), {"--data-dir", at("data"), "--quiet"});
        return program(words);
    }
    Ended run(const Words &words) const { return CliProcess(here(words)).wait(); }
    static Json lastLine(const std::string &out)
    {
        Json last;
        std::istringstream stream(out);
        for (std::string line; std::getline(stream, line);)
            last = Json::parse(line);
        return last;
    }
    std::string at(std::string_view name) const { return (m_folder / name).string(); }

    /// The demonstration's pictures, each asked @p questions by the model that ships.
    int askDemo(const Words &questions)
    {
        int asked = 0;
        std::vector<fs::path> pictures;
        for (const auto &entry : fs::recursive_directory_iterator(fs::path(AURORAEDGE_SOURCE_DIR) / "resources/demo")) {
            if (entry.path().extension() == ".png" || entry.path().extension() == ".jpg")
                pictures.push_back(entry.path());
        }
        std::ranges::sort(pictures);
        for (const fs::path &picture : pictures) {
            Words words = {"ask", "--image", picture, "--device", "cpu", "--threads", "1"};
            for (const std::string &question : questions)
                words.insert(words.end(), {"--question", question});
            const Ended ended = run(words);
            EXPECT_EQ(ended.exitCode, 0) << ended.err;
            asked += static_cast<int>(questions.size());
        }
        return asked;
    }
    void runSql(const std::string &sql) const
    {
        sqlite3 *connection = nullptr;
        ASSERT_EQ(sqlite3_open((m_folder / "data/inspector.db").c_str(), &connection), SQLITE_OK);
        EXPECT_EQ(sqlite3_exec(connection, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(connection);
        sqlite3_close(connection);
    }
    /// Rows without a model: a station's day in a moment.
    void storeAnswers(int count, bool areReviewed = false) const
    {
        fs::create_directories(m_folder / "data");
        const std::unique_ptr<AnswerStore> store = *AnswerStore::open(m_folder / "data");
        for (int i = 0; i < count; ++i) {
            AnswerRecord record;
            record.timeUtcMs = 1'700'000'000'000 + i;
            record.source = "/line" + std::to_string(i % 7) + "/" + std::to_string(i) + ".png";
            record.sourceSha256 = std::string(64, 'b');
            record.pictureWidthPx = 48;
            record.pictureHeightPx = 32;
            record.question = "Is there a defect?";
            record.answer = "a \"long\" answer, with commas\nand lines " + std::string(200, 'x');
            record.modelName = "nano";
            record.modelSha256 = std::string(64, 'a');
            std::optional<EvidencePicture> picture;
            if (areReviewed)
                picture = {*encodePng(testFrame(48, 32, i)), EvidenceFormat::Png};
            const std::int64_t row = *store->insertAnswer(record, picture);
            ReviewRecord review;
            review.answerRow = row;
            review.timeUtcMs = record.timeUtcMs;
            review.verdict = i % 3 == 0 ? Verdict::Ng : Verdict::Ok;
            review.reviewer = "maria";
            if (areReviewed) {
                EXPECT_TRUE(store->insertReview(review));
            }
        }
    }

    TemporaryFolder m_folder;
};

TEST_F(DbProcessTest, TheShippedModelSaysTheSameAgainAndATamperedAnswerIsFound)
{
    const int asked = askDemo({"Is there a bottle?", "How many bottles are there?"});
    ASSERT_GE(asked, 4);
    const Ended same = run({"db", "replay", "--json", "--threads", "1"});
    EXPECT_EQ(same.exitCode, 0) << same.out << same.err;
    EXPECT_EQ(lastLine(same.out), (Json{{"same", asked}, {"differs", 0}, {"not_replayed", 0}, {"unanswered", 0}}));
    runSql("UPDATE answer SET answer = answer || ' indeed' WHERE id = 2");
    const Ended tampered = run({"db", "replay", "--threads", "1"});
    EXPECT_EQ(tampered.exitCode, 3);
    EXPECT_THAT(tampered.out, HasSubstr("row 2 differs: stored '"));
    EXPECT_THAT(tampered.out, HasSubstr(std::to_string(asked - 1) + " answers are the same, 1 differ, 0 could not be replayed\n"));
    runSql("UPDATE model SET sha256 = replace(sha256, substr(sha256, 1, 8), '00000000')");
    const Ended other = run({"db", "replay", "--limit", "1"});
    EXPECT_EQ(other.exitCode, 3);
    EXPECT_THAT(other.out, HasSubstr("with the hash 00000000"));
}

TEST_F(DbProcessTest, ADatabaseThatIsDamagedUnderARunningProgramStaysWhereThatProgramWritesIt)
{
    storeAnswers(500);
    const std::string picture = m_folder.write("line/1.png", *encodePng(testFrame(64, 48, 1))).string();
    const Words ask = {"ask", "--image", picture, "--question", "Is there a bottle?", "--json", "--device", "cpu", "--threads", "1"};
    CliProcess watch(here({"batch", at("line"), "--watch", "--settle", "0", "--question", "Is there a bottle?", "--out", at("out.jsonl"), "--json",
                           "--device", "cpu", "--threads", "1"}));
    ASSERT_TRUE(watch.waitForALine());
    std::string bytes = readFile(m_folder / "data/inspector.db");
    const std::size_t page = bytes.size() / 2 / 4096 * 4096;
    bytes.replace(page, 4096, std::string(4096, 'Z'));
    m_folder.write("data/inspector.db", bytes);
    const auto asides = [this] { return fs::exists(m_folder / "data/inspector.db.damaged"); };

    const Ended refused = run(ask);
    EXPECT_EQ(refused.exitCode, 5);
    EXPECT_THAT(refused.out, HasSubstr("another program has it open, so it was left as it is"));
    EXPECT_THAT(refused.out, HasSubstr("\"code\":\"DB-02\""));
    EXPECT_FALSE(asides());
    EXPECT_EQ(run({"db", "tag", "x", "--row", "1"}).exitCode, 5);
    EXPECT_FALSE(asides());
    watch.killNow();
    (void)watch.wait();
    EXPECT_EQ(run({"db", "tag", "x", "--row", "1"}).exitCode, 5) << "a db command never does";
    EXPECT_FALSE(asides());
    const Ended alone = run(ask);
    EXPECT_EQ(alone.exitCode, 0) << alone.err;
    EXPECT_THAT(alone.err, HasSubstr("DB-02: database failed its check; kept as inspector.db.damaged; a new one was started"));
    EXPECT_TRUE(asides());
}

TEST_F(DbProcessTest, ABackupDuringABatchHoldsEveryAnswerThatWasPrinted)
{
    for (int i = 0; i < 30; ++i)
        m_folder.write("line/" + std::to_string(i) + ".png", *encodePng(testFrame(64, 48, i)));
    const TemporaryFolder output;
    const std::string printed = output.write("printed", std::string()).string();
    CliProcess batch(here({"batch", at("line"), "--question", "Is there a bottle?", "--out", at("out.jsonl"), "--json", "--device", "cpu",
                           "--threads", "1"}),
                     {}, printed);
    const auto lines = [&printed] { return std::ranges::count(readFile(printed), '\n'); };
    int rounds = 0;
    for (bool isRunning = true; isRunning; ++rounds) {
        isRunning = !batch.waitForEnd(std::chrono::milliseconds(20));
        const auto before = lines();
        if (before == 0)
            continue;
        const Ended ended = run({"db", "backup", "--out", at("copy.db"), "--overwrite", "--json"});
        ASSERT_EQ(ended.exitCode, 0) << ended.out << ended.err;
        EXPECT_GE(lastLine(ended.out)["answers"].get<std::int64_t>(), before);
    }
    EXPECT_EQ(batch.wait().exitCode, 0);
    EXPECT_EQ(lines(), 30);
    EXPECT_GT(rounds, 1);
}

TEST_F(DbProcessTest, AnExportOntoAFullDiskLeavesNothing)
{
    storeAnswers(1000);
    fs::create_directories(m_folder / "small");
    if (mount("tmpfs", at("small").c_str(), "tmpfs", 0, "size=128k") != 0)
        GTEST_SKIP() << "a small disk cannot be mounted here: " << std::strerror(errno);
    std::vector<Ended> ended;
    for (const char *name : {"small/out.csv", "small/out.jsonl"})
        ended.push_back(run({"db", "export", "--out", at(name)}));
    ended.push_back(run({"db", "backup", "--out", at("small/copy.db")}));
    ended.push_back(run({"db", "backup", "--out", at("small/copy"), "--with-pictures"}));
    const bool isEmpty = fs::is_empty(m_folder / "small");
    umount2(at("small").c_str(), MNT_DETACH);
    EXPECT_TRUE(isEmpty);
    for (const Ended &one : ended) {
        EXPECT_EQ(one.exitCode, 5) << one.out << one.err;
        EXPECT_THAT(one.err, HasSubstr("FS-09: disk full"));
    }
}

TEST_F(DbProcessTest, AStoppedExportLeavesNothing)
{
    storeAnswers(3000);
    m_folder.write("out/out.csv", std::string("old"));
    for (int delay = 0; delay < 5; ++delay) {
        CliProcess process(here({"db", "export", "--out", at("out/out.csv"), "--overwrite"}));
        (void)process.waitForEnd(std::chrono::milliseconds(8 * delay));
        process.interrupt();
        const Ended ended = process.wait();
        const std::string content = readFile(m_folder / "out/out.csv");
        const bool isWhole = std::ranges::count(content, '\r') == 3001;
        EXPECT_TRUE(isWhole || (content == "old" && ended.exitCode != 0)) << ended.exitCode;
        std::vector<std::string> names;
        for (const auto &entry : fs::directory_iterator(m_folder / "out"))
            names.push_back(entry.path().filename().string());
        EXPECT_THAT(names, ElementsAre("out.csv")) << ended.err;
    }
}

TEST_F(DbProcessTest, ARetentionThatIsKilledAtAnyPointIsFinishedByTheNext)
{
    constexpr int kAnswers = 240;
    storeAnswers(kAnswers, true);
    std::vector<std::string> mayGo, mustStay;
    {
        const std::unique_ptr<AnswerStore> store = *AnswerStore::open(m_folder / "data");
        std::vector<std::int64_t> unreviewed, held;
        const std::vector<AnswerRecord> answers = *store->recentAnswers(kAnswers);
        for (const AnswerRecord &record : answers) {
            if (record.row % 5 == 0)
                unreviewed.push_back(record.row);
            else if (record.row % 7 == 0)
                held.push_back(record.row);
            const fs::path file = m_folder / "data" / record.picturePath;
            (record.row % 5 == 0 || record.row % 7 == 0 ? mustStay : mayGo).push_back(file);
            fs::last_write_time(file, fs::file_time_type::clock::now() - std::chrono::hours(48));
        }
        ASSERT_TRUE(store->undoReviews(unreviewed, "maria", 1));
        ASSERT_TRUE(store->setHeld(held, true, "", {1, "maria"}));
    }
    const std::string unknown = m_folder.write("data/pictures/ff/unknown.png", std::string("x")).string();
    const Words apply = {"db", "retention", "--apply", "--older-than-days", "30", "--json"};
    const auto areThere = [](const std::vector<std::string> &files) {
        return std::ranges::count_if(files, [](const std::string &file) { return fs::exists(file); });
    };
    int killed = 0;
    for (int delay = 0; delay < 120 && areThere(mayGo) > 0; delay += 2) {
        CliProcess process(here(apply));
        if (!process.waitForEnd(std::chrono::milliseconds(delay))) {
            process.killNow();
            ++killed;
        }
        (void)process.wait();
        ASSERT_EQ(areThere(mustStay), static_cast<std::ptrdiff_t>(mustStay.size())) << delay;
    }
    const Ended last = run(apply);
    ASSERT_EQ(last.exitCode, 0) << last.out << last.err;
    EXPECT_GT(killed, 1);
    EXPECT_EQ(areThere(mayGo), 0);
    EXPECT_EQ(areThere(mustStay), static_cast<std::ptrdiff_t>(mustStay.size()));
    EXPECT_TRUE(fs::exists(unknown)) << "the database does not know it";
    const Ended check = run({"db", "check", "--json"});
    EXPECT_EQ(check.exitCode, 0) << check.out;
    EXPECT_EQ(lastLine(check.out)["answers"], kAnswers);
    EXPECT_EQ(lastLine(check.out)["pictures"], mustStay.size());
}

TEST_F(DbProcessTest, ATrainingSetIsReadAsFinetuneReadsIt)
{
    storeAnswers(60, true);
    const Ended ended = run({"db", "export", "--out", at("set"), "--format", "training", "--json"});
    ASSERT_EQ(ended.exitCode, 0) << ended.out << ended.err;
    const Result<ReviewedRecords> records = readReviewedRecords(m_folder / "set/reviewed.jsonl");
    ASSERT_TRUE(records) << records.error().message;
    EXPECT_THAT(records->badRecords, IsEmpty());
    const Json told = lastLine(ended.out);
    EXPECT_EQ(std::ranges::count_if(records->records, &ReviewedRecord::isBad), told["bad"].get<int>());
    EXPECT_EQ(records->records.size(), told["good"].get<std::size_t>() + told["bad"].get<std::size_t>());
    EXPECT_EQ(std::ranges::count_if(records->records, &ReviewedRecord::isForMeasuring), told["measuring"].get<int>());
    EXPECT_GT(told["measuring"], 0);
}

} // namespace
} // namespace auroraedge::app

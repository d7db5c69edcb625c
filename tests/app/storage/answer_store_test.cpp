#include "app/storage/answer_store.h"

#include "app/storage/answer_query.h"
#include "app/storage/database.h"
#include "app/storage/facet_check.h"
#include "app/storage/facet_filter.h"
#include "app/storage/picture_rows.h"
#include "app/storage/picture_store.h"
#include "app/storage/schema.h"
#include "app/storage/store_check.h"
#include "app/storage/write_turn.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <sqlite3.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <limits>
#include <thread>

namespace auroraedge::app {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::readFile;
using testing::TemporaryFolder;

EvidencePicture picture(const std::string &content = "picture bytes", EvidenceFormat format = EvidenceFormat::Jpeg)
{
    return {{content.begin(), content.end()}, format};
}

AnswerRecord fullRecord()
{
    AnswerRecord record;
    record.timeUtcMs = 1'700'000'000'123;
    record.source = "file:/line 1/\xFF\xFE odd.mp4"; // a name need not be UTF-8
    record.frameSequence = 4711;
    record.sourceSha256 = std::string(64, 'b');
    record.pictureWidthPx = 640;
    record.pictureHeightPx = 480;
    record.roi = PixelBox{1, 2, 30, 40};
    record.question = "Is there a bottle? 划痕 🍾";
    record.answer = "yes";
    record.probability = 0.97;
    record.verdict = Verdict::Ok;
    record.modelName = "nano";
    record.modelSha256 = std::string(64, 'a');
    record.device = "cpu";
    record.precision = "fp32";
    record.tokens = {64, 24, 2};
    record.latency = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
    record.encoderReused = true;
    record.options = {.maxNewTokens = 7, .temperature = 0.25, .seed = std::numeric_limits<std::uint64_t>::max() - 1, .choices = {"yes", "no, \"never\"", "划痕"}};
    record.golden = "/line/golden";
    record.finding = ProductFinding{0.91, 2.3, 2.1, 1.7, {10, 20, 160, 160}, "scratch"};
    return record;
}

ReviewRecord review(std::int64_t row, Verdict verdict, const std::string &reason = "dirt, not a scratch")
{
    return {row, 1'700'000'050'000, verdict, reason, "maria"};
}

std::unique_ptr<AnswerStore> opened(const fs::path &folder)
{
    Result<std::unique_ptr<AnswerStore>> store = AnswerStore::open(folder);
    EXPECT_TRUE(store) << store.error().message;
    return store ? *std::move(store) : nullptr;
}

std::string openCode(const fs::path &folder)
{
    const Result<std::unique_ptr<AnswerStore>> store = AnswerStore::open(folder);
    return store ? "opened" : std::string(store.error().code.text());
}

void runSql(const fs::path &file, const std::string &sql)
{
    sqlite3 *connection = nullptr;
    ASSERT_EQ(sqlite3_open(file.c_str(), &connection), SQLITE_OK);
    char *message = nullptr;
    EXPECT_EQ(sqlite3_exec(connection, sql.c_str(), nullptr, nullptr, &message), SQLITE_OK) << message;
    sqlite3_close(connection);
}

TEST(AnswerStore, GivesBackEveryFieldOfARecord)
{
    const TemporaryFolder folder;
    const auto store = opened(folder.path());
    const AnswerRecord record = fullRecord();
    const Result<std::int64_t> row = store->insertAnswer(record, picture());
    ASSERT_TRUE(row) << row.error().message;
    EXPECT_EQ(*row, 1);
    const Result<std::optional<AnswerRecord>> stored = store->answer(*row);
    ASSERT_TRUE(stored && *stored);
    const AnswerRecord &got = **stored;
    EXPECT_EQ(got.row, 1);
    EXPECT_EQ(got.timeUtcMs, record.timeUtcMs);
    EXPECT_EQ(got.source, record.source);
    EXPECT_EQ(got.frameSequence, record.frameSequence);
    EXPECT_EQ(got.sourceSha256, record.sourceSha256);
    EXPECT_EQ(got.pictureWidthPx, 640);
    EXPECT_EQ(got.pictureHeightPx, 480);
    EXPECT_EQ(got.roi, record.roi);
    EXPECT_EQ(got.question, record.question);
    EXPECT_EQ(got.answer, record.answer);
    EXPECT_EQ(got.probability, record.probability);
    EXPECT_EQ(got.verdict, Verdict::Ok);
    EXPECT_EQ(got.code, "");
    EXPECT_EQ(got.modelName, "nano");
    EXPECT_EQ(got.modelSha256, record.modelSha256);
    EXPECT_EQ(got.device, "cpu");
    EXPECT_EQ(got.precision, "fp32");
    EXPECT_EQ(got.tokens.visual, 64);
    EXPECT_EQ(got.tokens.prompt, 24);
    EXPECT_EQ(got.tokens.answer, 2);
    EXPECT_TRUE(got.encoderReused);
    EXPECT_EQ(got.latency.loadMs, 1);
    EXPECT_EQ(got.latency.decodeMs, 2);
    EXPECT_EQ(got.latency.preprocessMs, 3);
    EXPECT_EQ(got.latency.encodeMs, 4);
    EXPECT_EQ(got.latency.projectMs, 5);
    EXPECT_EQ(got.latency.compressMs, 6);
    EXPECT_EQ(got.latency.fuseMs, 7);
    EXPECT_EQ(got.latency.prefillMs, 8);
    EXPECT_EQ(got.latency.firstTokenMs, 9);
    EXPECT_EQ(got.latency.perTokenMs, 10);
    EXPECT_EQ(got.latency.totalMs, 11);
    ASSERT_TRUE(got.options);
    EXPECT_EQ(got.options->maxNewTokens, 7);
    EXPECT_EQ(got.options->temperature, 0.25);
    EXPECT_EQ(got.options->seed, record.options->seed);
    EXPECT_EQ(got.options->choices, record.options->choices);
    EXPECT_EQ(got.golden, "/line/golden");
    EXPECT_EQ(got.appVersion, AURORAEDGE_VERSION);
    EXPECT_EQ(got.finding, record.finding);
}

TEST(AnswerStore, KeepsThePictureUnderItsHash)
{
    const TemporaryFolder folder;
    const auto store = opened(folder.path());
    ASSERT_TRUE(store->insertAnswer(fullRecord(), picture("abc")));
    const AnswerRecord stored = store->recentAnswers(1)->front();
    EXPECT_EQ(stored.pictureSha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(stored.picturePath, "pictures/ba/" + stored.pictureSha256 + ".jpg");
    EXPECT_EQ(stored.pictureBytes, 3);
    EXPECT_EQ(readFile(folder.path() / stored.picturePath), "abc");
}

TEST(AnswerStore, KeepsAFailureWithoutAnAnswerOrAPicture)
{
    const TemporaryFolder folder;
    const auto store = opened(folder.path());
    AnswerRecord record;
    record.question = "q";
    record.code = "IMG-02";
    record.message = "part7.jpg is incomplete: picture data ends early";
    record.verdict = Verdict::Unsure;
    const Result<std::int64_t> row = store->insertAnswer(record, std::nullopt);
    ASSERT_TRUE(row) << row.error().message;
    const AnswerRecord got = **store->answer(*row);
    EXPECT_FALSE(got.answer);
    EXPECT_FALSE(got.probability);
    EXPECT_FALSE(got.roi);
    EXPECT_EQ(got.code, "IMG-02");
    EXPECT_EQ(got.message, record.message);
    EXPECT_EQ(got.verdict, Verdict::Unsure);
    EXPECT_EQ(got.pictureSha256, "");
    EXPECT_FALSE(got.options);
    EXPECT_FALSE(got.finding);
}

TEST(AnswerStore, KeepsNoNumberForAProbabilityThatIsNone)
{
    const TemporaryFolder folder;
    const auto store = opened(folder.path());
    AnswerRecord record = fullRecord();
    record.probability = std::numeric_limits<double>::quiet_NaN();
    ASSERT_TRUE(store->insertAnswer(record, std::nullopt));
    EXPECT_FALSE(store->recentAnswers(1)->front().probability);
}

TEST(AnswerStore, ListsTheNewestFirst)
{
    const TemporaryFolder folder;
    const auto store = opened(folder.path());
    for (int i = 1; i <= 5; ++i) {
        AnswerRecord record = fullRecord();
        record.answer = std::to_string(i);
        ASSERT_TRUE(store->insertAnswer(record, picture()));
    }
    EXPECT_EQ(*store->countAnswers(), 5);
    const std::vector<AnswerRecord> recent = *store->recentAnswers(2);
    ASSERT_EQ(recent.size(), 2U);
    EXPECT_EQ(recent[0].answer, "5");
    EXPECT_EQ(recent[1].answer, "4");
    EXPECT_FALSE(*store->answer(99));
}

TEST(AnswerStore, FindsItsRowsAgainAfterAStart)
{
    const TemporaryFolder folder;
    ASSERT_TRUE(opened(folder.path())->insertAnswer(fullRecord(), picture()));
    const auto store = opened(folder.path());
    EXPECT_THAT(store->notices(), IsEmpty());
    EXPECT_EQ(*store->countAnswers(), 1);
}

TEST(AnswerStore, CheckpointsByItself)
{
    const TemporaryFolder folder;
    const auto store = opened(folder.path());
    for (std::size_t i = 0; i < AnswerStore::kRowsPerCheckpoint; ++i)
        ASSERT_TRUE(store->insertAnswer(fullRecord(), std::nullopt));
    // The rows are in the file itself now, not only in the log.
    EXPECT_GT(fs::file_size(folder / "inspector.db"), 60'000U);
}

TEST(AnswerStore, LosesNoAcknowledgedRowWhenItIsKilled)
{
    for (int round = 0; round < 10; ++round) {
        SCOPED_TRACE(round);
        const TemporaryFolder folder;
        int acknowledged[2];
        ASSERT_EQ(pipe(acknowledged), 0);
        const pid_t child = fork();
        if (child == 0) {
            close(acknowledged[0]);
            Result<std::unique_ptr<AnswerStore>> store = AnswerStore::open(folder.path());
            while (store) {
                const Result<std::int64_t> row = (*store)->insertAnswer(fullRecord(), picture());
                if (!row || write(acknowledged[1], "x", 1) != 1)
                    break;
            }
            _exit(1);
        }
        close(acknowledged[1]);
        char byte = 0;
        const int wanted = 3 + 5 * round;
        int count = 0;
        while (count < wanted && read(acknowledged[0], &byte, 1) == 1)
            ++count;
        kill(child, SIGKILL);
        while (read(acknowledged[0], &byte, 1) == 1)
            ++count;
        waitpid(child, nullptr, 0);
        close(acknowledged[0]);
        const auto store = opened(folder.path());
        EXPECT_THAT(store->notices(), IsEmpty());
        EXPECT_GE(*store->countAnswers(), count);
        const AnswerRecord last = store->recentAnswers(1)->front();
        EXPECT_TRUE(PictureStore(folder.path()).read(last.picturePath, last.pictureSha256));
    }
}

/// A store of today made of the fixture of a past schema.
std::unique_ptr<AnswerStore> openedFromSchema(int version, const TemporaryFolder &folder)
{
    const std::string number = std::to_string(version);
    runSql(folder / "inspector.db", readFile(fs::path(AURORAEDGE_SOURCE_DIR) / ("tests/data/storage/schema_v" + number + ".sql")));
    auto store = opened(folder.path());
    EXPECT_THAT(store->notices(), IsEmpty());
    EXPECT_TRUE(fs::exists(folder / ("inspector.db.version-" + number))) << "the file from before must be kept";
    return store;
}

TEST(AnswerStore, OpensADatabaseOfTheFirstSchema)
{
    const TemporaryFolder folder;
    const auto store = openedFromSchema(1, folder);
    const AnswerRecord got = store->recentAnswers(1)->front();
    EXPECT_EQ(got.row, 7);
    EXPECT_EQ(got.answer, "3");
    EXPECT_EQ(got.question, "How many bottles are there?");
    EXPECT_EQ(got.modelName, "nano");
    EXPECT_EQ(got.latency.encodeMs, 11.5);
    const Result<std::int64_t> row = store->insertAnswer(fullRecord(), picture());
    ASSERT_TRUE(row) << row.error().message;
    EXPECT_EQ(*row, 8);
    EXPECT_FALSE(got.review);
    ASSERT_TRUE(store->insertReview(review(7, Verdict::Ng)));
    EXPECT_EQ((**store->answer(7)).review, review(7, Verdict::Ng));
    EXPECT_EQ(store->counts(0)->total, 2);
}

TEST(AnswerStore, OpensADatabaseOfTheSecondSchema)
{
    const TemporaryFolder folder;
    const auto store = openedFromSchema(2, folder);
    const AnswerRecord got = store->recentAnswers(1)->front();
    EXPECT_EQ(got.row, 7);
    ASSERT_TRUE(got.review);
    EXPECT_EQ(*got.review, (ReviewRecord{7, 1'700'000'100'000, Verdict::Ok, "reflection", "maria"}));
    EXPECT_EQ(store->counts(0)->total, 0) << "the counters were reset after it";
    EXPECT_EQ(store->counts(0)->sinceUtcMs, 1'700'000'200'000);
}

TEST(AnswerStore, OpensADatabaseOfTheThirdSchema)
{
    const TemporaryFolder folder;
    const auto store = openedFromSchema(3, folder);
    EXPECT_EQ(*store->countAnswers(), 4);
    EXPECT_EQ((**store->answer(1)).review, (ReviewRecord{1, 1'700'000'100'000, Verdict::Ok, "reflection", "maria"}));
    EXPECT_EQ((**store->answer(2)).review->verdict, Verdict::Ng) << "what stood before the undo";
    EXPECT_EQ((**store->answer(4)).session, 0);

    const auto reader = *AnswerReader::open(folder.path());
    const Database &database = reader->database();
    const auto found = [&](const AnswerFilter &filter) {
        std::vector<std::int64_t> rows;
        const Result<AnswerPage> page = selectPage(database, filter, std::nullopt, 10);
        EXPECT_TRUE(page) << page.error().message;
        for (const AnswerRecord &record : page->records)
            rows.push_back(record.row);
        return rows;
    };
    EXPECT_THAT(found({}), ElementsAre(4, 2, 3, 1)) << "by time";
    AnswerFilter edge, noted, gone, pair, maria;
    edge.text = "left edge";
    EXPECT_THAT(found(edge), ElementsAre(1)) << "notes from before are found";
    noted.text = "look again";
    EXPECT_THAT(found(noted), ElementsAre(3));
    gone.text = "clean after all";
    EXPECT_THAT(found(gone), IsEmpty()) << "it was taken back";
    pair.reviewer = "maria";
    pair.secondReviewer = "jonas";
    pair.pairAgrees = false;
    EXPECT_THAT(found(pair), ElementsAre(1));
    maria.reviewer = "maria";
    EXPECT_THAT(found(maria), ElementsAre(2, 1));
    const Result<std::vector<StoredModel>> models = selectModels(database);
    ASSERT_TRUE(models) << models.error().message;
    ASSERT_EQ(models->size(), 2U);
    EXPECT_EQ((*models)[0].name, "nano");
    EXPECT_EQ((*models)[0].firstUsedUtcMs, 1'700'000'000'000);
    EXPECT_EQ((*models)[0].lastUsedUtcMs, 1'700'007'200'000);
    EXPECT_EQ((*models)[0].answers, 3);

    // A note from before the step is taken out by the words that the step put in.
    const std::vector<ReviewDecision> decision{{1, 1'700'000'300'000, std::nullopt, "", "right edge", "jonas"}};
    ASSERT_TRUE(store->insertDecisions(decision));
    EXPECT_THAT(found(edge), IsEmpty());
    runSql(folder / "inspector.db", "INSERT INTO answer_text (answer_text) VALUES ('integrity-check')");
    const auto isClean = checkDatabase(database, {}, {});
    ASSERT_TRUE(isClean) << isClean.error().message;
    EXPECT_EQ(*isClean, 0);
}

TEST(AnswerReader, ReadsADatabaseOfTheThirdSchemaAsItIs)
{
    const TemporaryFolder folder;
    runSql(folder / "inspector.db",
           readFile(fs::path(AURORAEDGE_SOURCE_DIR) / "tests/data/storage/schema_v3.sql"));
    const Result<std::unique_ptr<AnswerReader>> reader = AnswerReader::open(folder.path());
    ASSERT_TRUE(reader) << reader.error().message;
    const Result<std::vector<AnswerRecord>> recent = (*reader)->recentAnswers(10);
    ASSERT_TRUE(recent) << recent.error().message;
    ASSERT_EQ(recent->size(), 4U);
    EXPECT_EQ(recent->back().review->reviewer, "maria");
    EXPECT_FALSE(recent->back().isHeld);
    EXPECT_EQ(*countPictures((*reader)->database()), 2);
    const Result<AnswerPage> page = selectPage((*reader)->database(), {}, std::nullopt, 10);
    ASSERT_FALSE(page);
    EXPECT_EQ(page.error().code, code::DatabaseMigration) << "there is nothing to look in yet";
}

TEST(AnswerStore, OpensADatabaseOfTheFourthSchema)
{
    const TemporaryFolder folder;
    const auto store = openedFromSchema(4, folder);
    const auto reader = *AnswerReader::open(folder.path());
    const Database &database = reader->database();
    EXPECT_EQ(*database.number("PRAGMA user_version"), newestSchemaVersion());

    EXPECT_EQ(*store->countAnswers(), 5);
    const AnswerRecord first = **store->answer(1), second = **store->answer(2), third = **store->answer(3), fourth = **store->answer(4), fifth = **store->answer(5);
    EXPECT_EQ(first.review, (ReviewRecord{1, 1'700'000'100'000, Verdict::Ok, "reflection", "maria"}));
    EXPECT_EQ(second.review->verdict, Verdict::Ng) << "what stood before the undo";
    EXPECT_EQ(second.answer, "有划痕");
    EXPECT_EQ(third.code, "RUN-07");
    EXPECT_EQ(fourth.modelName, "nano");
    EXPECT_THAT((std::vector{first.session, second.session, third.session, fourth.session, fifth.session}), ElementsAre(0, 1, 1, 2, 2));
    EXPECT_THAT((std::vector{first.isHeld, second.isHeld, third.isHeld, fourth.isHeld, fifth.isHeld}), ElementsAre(false, true, false, false, false));
    EXPECT_THAT(second.tags, ElementsAre("shift change"));
    EXPECT_THAT(fourth.tags, ElementsAre("Einlauf"));
    EXPECT_EQ(fifth.pictureRemovedUtcMs, 1'700'007'300'000);
    EXPECT_FALSE(fourth.pictureRemovedUtcMs);
    EXPECT_EQ(*countPictures(database), 2);
    EXPECT_EQ(store->counts(0)->total, 0) << "the counters were reset after them";

    AnswerFilter edge, pair;
    edge.text = "left edge";
    pair.reviewer = "maria";
    pair.secondReviewer = "jonas";
    pair.pairAgrees = false;
    for (const AnswerFilter &filter : {edge, pair}) {
        const Result<AnswerPage> page = selectPage(database, filter, std::nullopt, 10);
        ASSERT_TRUE(page) << page.error().message;
        ASSERT_EQ(page->records.size(), 1U);
        EXPECT_EQ(page->records[0].row, 1);
    }

    // And goes on from there, also with what the new step is for.
    EXPECT_EQ(*store->beginSession("batch", {10, "maria"}), 3);
    std::vector<BatchAnswer> batch = {{fullRecord(), picture(), std::string(64, 'k')}};
    const Result<void> stored = store->insertBatch(batch);
    ASSERT_TRUE(stored) << stored.error().message;
    EXPECT_EQ(batch[0].record.row, 6);
    EXPECT_EQ((**store->answer(6)).session, 3);
    const std::vector<std::int64_t> rows = {4};
    ASSERT_TRUE(store->setHeld(rows, true, "audit", {20, "maria"}));
    EXPECT_TRUE((**store->answer(4)).isHeld);
    runSql(folder / "inspector.db", "INSERT INTO answer_text (answer_text) VALUES ('integrity-check')");
    const auto isClean = checkDatabase(database, {}, {});
    ASSERT_TRUE(isClean) << isClean.error().message;
    EXPECT_EQ(*isClean, 0);
}

TEST(AnswerStore, OpensADatabaseOfTheFifthSchema)
{
    const TemporaryFolder folder;
    const auto store = openedFromSchema(5, folder);
    EXPECT_EQ(*store->countAnswers(), 6);
    const AnswerRecord sixth = **store->answer(6);
    EXPECT_EQ(sixth.question, "ＡＢＣ　ｶﾞﾗｽ?") << "texts stay as they were";
    EXPECT_FALSE(sixth.options) << "how it was asked was not kept then";
    EXPECT_EQ(sixth.appVersion, "");
    EXPECT_FALSE(sixth.finding);
    EXPECT_THAT((**store->answer(2)).tags, ElementsAre("shift change"));

    const auto reader = *AnswerReader::open(folder.path());
    const auto found = [&](const std::string &text) {
        std::vector<std::int64_t> rows;
        AnswerFilter filter;
        filter.text = text;
        const Result<AnswerPage> page = selectPage(reader->database(), filter, std::nullopt, 10);
        EXPECT_TRUE(page) << page.error().message;
        for (const AnswerRecord &record : page->records)
            rows.push_back(record.row);
        return rows;
    };
    for (const char *text : {"ABC", "abc", "ＡＢＣ", "ガラス", "ｶﾞﾗｽ", "ハイ"})
        EXPECT_THAT(found(text), ElementsAre(6)) << text;
    EXPECT_THAT(found("left edge"), ElementsAre(1)) << "notes are indexed anew, too";
    EXPECT_THAT(found("划痕"), ElementsAre(2));

    // The key of the batch is known, and a note is taken out by the words that the step put in.
    std::vector<BatchAnswer> batch = {{fullRecord(), std::nullopt, std::string(64, 'k')}};
    ASSERT_TRUE(store->insertBatch(batch));
    EXPECT_EQ(batch[0].record.row, 6);
    const std::vector<ReviewDecision> decision{{1, 1'700'000'300'000, std::nullopt, "", "right edge", "jonas"}};
    ASSERT_TRUE(store->insertDecisions(decision));
    EXPECT_THAT(found("left edge"), IsEmpty());
    EXPECT_EQ(*store->insertAnswer(fullRecord(), picture()), 7);
    EXPECT_EQ((**store->answer(7)).finding, fullRecord().finding);
    runSql(folder / "inspector.db", "INSERT INTO answer_text (answer_text) VALUES ('integrity-check')");
    EXPECT_EQ(*checkDatabase(reader->database(), {}, {}), 0);
}

TEST(AnswerStore, OpensADatabaseOfTheSixthSchema)
{
    const TemporaryFolder folder;
    const auto store = openedFromSchema(6, folder);
    EXPECT_EQ(*store->countAnswers(), 9);
    EXPECT_EQ((**store->answer(1)).review, (ReviewRecord{1, 1'700'000'100'000, Verdict::Ok, "reflection", "maria"}));
    EXPECT_EQ((**store->answer(2)).review->verdict, Verdict::Ng) << "what stood before the undo";
    EXPECT_EQ((**store->answer(7)).options->maxNewTokens, 7);
    EXPECT_EQ((**store->answer(7)).review->reviewer, "ben") << "maria has only noted something since";
    EXPECT_EQ((**store->answer(8)).review->reviewer, "ben") << "maria has only taken something back since";
    EXPECT_EQ((**store->answer(9)).review->reviewer, "maria") << "she has said it once more";

    const auto reader = *AnswerReader::open(folder.path());
    const Database &database = reader->database();
    const auto found = [&](const std::string &text) {
        AnswerFilter filter;
        filter.text = text;
        return *countMatching(database, filter);
    };
    for (const char *word : {"reflection", "dull", "wet", "left edge", "ガラス"})
        EXPECT_EQ(found(word), 1) << word;
    const auto expectWhole = [&] {
        EXPECT_EQ(*checkDatabase(database, {}, {}), 0);
        const Result<void> followed = checkFacets(database, [](const Error &fault) { ADD_FAILURE() << fault.message; }, {});
        EXPECT_TRUE(followed) << followed.error().message;
        runSql(folder / "inspector.db", "INSERT INTO answer_text (answer_text) VALUES ('integrity-check')");
    };
    expectWhole();

    // And goes on from there: a chain of old rows and new ones is as old as its first.
    const std::vector<ReviewDecision> noted{{8, 1'700'020'000'000, std::nullopt, "", "no, it is not", "maria"}};
    ASSERT_TRUE(store->insertDecisions(noted));
    EXPECT_EQ((**store->answer(8)).review->reviewer, "ben");
    EXPECT_EQ(found("dull"), 1);
    ASSERT_TRUE(store->insertReview(review(8, Verdict::Ng)));
    EXPECT_EQ((**store->answer(8)).review->reviewer, "maria");
    ASSERT_TRUE(store->undoHeld(2, true, {1, "maria"}));
    EXPECT_FALSE((**store->answer(2)).isHeld);
    ASSERT_TRUE(store->insertAnswer(fullRecord(), picture()));
    expectWhole();
}

TEST(AnswerReader, ReadsADatabaseOfTheSixthSchemaAsItIs)
{
    const TemporaryFolder folder;
    runSql(folder / "inspector.db",
           readFile(fs::path(AURORAEDGE_SOURCE_DIR) / "tests/data/storage/schema_v6.sql"));
    const std::string before = readFile(folder / "inspector.db");
    {
        const auto reader = *AnswerReader::open(folder.path());
        const Result<AnswerPage> page = selectPage(reader->database(), {}, std::nullopt, 10);
        ASSERT_TRUE(page) << page.error().message;
        ASSERT_EQ(page->records.size(), 9U);
        EXPECT_EQ(page->records[0].review->reviewer, "maria");
        EXPECT_TRUE(checkFacets(reader->database(), [](const Error &fault) { ADD_FAILURE() << fault.message; }, {}));
    }
    EXPECT_EQ(readFile(folder / "inspector.db"), before);
}

TEST(AnswerReader, ReadsADatabaseOfTheFifthSchemaAsItIs)
{
    const TemporaryFolder folder;
    runSql(folder / "inspector.db",
           readFile(fs::path(AURORAEDGE_SOURCE_DIR) / "tests/data/storage/schema_v5.sql"));
    const std::string before = readFile(folder / "inspector.db");
    {
        const auto reader = *AnswerReader::open(folder.path());
        const Result<AnswerPage> page = selectPage(reader->database(), {}, std::nullopt, 10);
        ASSERT_TRUE(page) << page.error().message;
        ASSERT_EQ(page->records.size(), 6U);
        EXPECT_FALSE(page->records[0].options);
        EXPECT_FALSE(page->records[0].finding);
    }
    EXPECT_EQ(readFile(folder / "inspector.db"), before);
}

TEST(AnswerReader, ReadsADatabaseOfTheFourthSchemaAsItIs)
{
    const TemporaryFolder folder;
    runSql(folder / "inspector.db",
           readFile(fs::path(AURORAEDGE_SOURCE_DIR) / "tests/data/storage/schema_v4.sql"));
    const std::string before = readFile(folder / "inspector.db");
    {
        const Result<std::unique_ptr<AnswerReader>> reader = AnswerReader::open(folder.path());
        ASSERT_TRUE(reader) << reader.error().message;
        const Result<std::vector<AnswerRecord>> recent = (*reader)->recentAnswers(10);
        ASSERT_TRUE(recent) << recent.error().message;
        ASSERT_EQ(recent->size(), 5U);
        EXPECT_EQ(recent->back().review->reviewer, "maria");
        EXPECT_TRUE((*recent)[3].isHeld);
        EXPECT_THAT((*recent)[3].tags, ElementsAre("shift change"));
        EXPECT_EQ((*recent)[0].session, 2);
        EXPECT_EQ(*countPictures((*reader)->database()), 2);
        const Result<AnswerPage> page = selectPage((*reader)->database(), {}, std::nullopt, 10);
        ASSERT_TRUE(page) << page.error().message;
        EXPECT_EQ(page->records.size(), 5U);
        EXPECT_EQ(*checkDatabase((*reader)->database(), {}, {}), 0);
    }
    EXPECT_EQ(readFile(folder / "inspector.db"), before);
}

TEST(AnswerStore, AnAnswerBelongsToTheSessionInWhichItWasStored)
{
    const TemporaryFolder folder;
    auto store = opened(folder.path());
    ASSERT_TRUE(store->insertAnswer(fullRecord(), std::nullopt));
    EXPECT_TRUE(store->endSession(5)) << "none was begun";
    EXPECT_EQ(*store->beginSession("window", {10, "maria"}), 1);
    ASSERT_TRUE(store->insertAnswer(fullRecord(), std::nullopt));
    ASSERT_TRUE(store->insertAnswer(fullRecord(), std::nullopt));
    ASSERT_TRUE(store->endSession(20));
    EXPECT_EQ(*store->beginSession("batch", {30, "jonas"}), 2);
    ASSERT_TRUE(store->insertAnswer(fullRecord(), std::nullopt));
    store.reset(); // as if it were killed
    store = opened(folder.path());
    std::vector<std::int64_t> sessions;
    const std::vector<AnswerRecord> recent = *store->recentAnswers(10);
    for (const AnswerRecord &record : recent)
        sessions.push_back(record.session);
    EXPECT_THAT(sessions, ElementsAre(2, 1, 1, 0));
    const Result<std::vector<StoredSession>> listed = selectSessions((*AnswerReader::open(folder.path()))->database(), 10);
    ASSERT_TRUE(listed) << listed.error().message;
    ASSERT_EQ(listed->size(), 2U);
    EXPECT_EQ((*listed)[0].program, "batch");
    EXPECT_EQ((*listed)[0].endedUtcMs, std::nullopt) << "nobody knows when";
    EXPECT_EQ((*listed)[1].account, "maria");
    EXPECT_EQ((*listed)[1].beganUtcMs, 10);
    EXPECT_EQ((*listed)[1].endedUtcMs, 20);
    EXPECT_EQ((*listed)[1].answers, 2);
}

TEST(AnswerStore, KeepsEveryHoldAndEveryTagAndCountsTheNewest)
{
    const TemporaryFolder folder;
    const auto store = opened(folder.path());
    for (int i = 0; i < 3; ++i)
        ASSERT_TRUE(store->insertAnswer(fullRecord(), std::nullopt));
    const std::vector<std::int64_t> both{1, 2}, first{1}, none{2, 99};
    ASSERT_TRUE(store->setHeld(both, true, "complaint 17", {10, "maria"}));
    ASSERT_TRUE(store->setHeld(first, false, "settled", {20, "jonas"}));
    EXPECT_FALSE((**store->answer(1)).isHeld);
    EXPECT_TRUE((**store->answer(2)).isHeld);
    const Result<void> missing = store->setHeld(none, false, "", {30, "jonas"});
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().code, code::Internal);
    EXPECT_TRUE((**store->answer(2)).isHeld) << "all or none";

    EXPECT_EQ(*store->tag(both, "shift B", {10, "maria"}), 2);
    EXPECT_EQ(*store->tag(both, "shift B", {11, "maria"}), 0) << "it is there already";
    EXPECT_EQ(*store->tag(first, "划痕", {12, "maria"}), 1);
    EXPECT_THAT((**store->answer(1)).tags, ElementsAre("shift B", "划痕"));
    EXPECT_EQ(*store->untag(both, "划痕", {13, "jonas"}), 1);
    EXPECT_THAT((**store->answer(1)).tags, ElementsAre("shift B"));
    EXPECT_FALSE(store->tag(none, "shift B", {14, "jonas"}));
    for (const char *name : {"", " shift", "shift ", "a\nb"})
        EXPECT_EQ(store->tag(first, name, {15, "jonas"}).error().code, code::Usage) << name;

    const auto database = *Database::open(folder / "inspector.db", Database::Access::ReadOnly);
    EXPECT_EQ(*database->text("SELECT group_concat(answer_id || ':' || is_held || ' ' || reason || ' ' || who, '; ') FROM hold"),
              "1:1 complaint 17 maria; 2:1 complaint 17 maria; 1:0 settled jonas");
    EXPECT_EQ(*database->number("SELECT count(*) FROM tagging"), 4) << "three set, one taken off";
    EXPECT_EQ(*database->text("SELECT who FROM tagging WHERE is_set = 0"), "jonas");
}

TEST(AnswerStore, SetsTheTagsOfAnAnswerAllOrNone)
{
    const TemporaryFolder folder;
    const auto store = opened(folder.path());
    ASSERT_TRUE(store->insertAnswer(fullRecord(), std::nullopt));
    using Tags = std::vector<std::string>;
    ASSERT_TRUE(store->changeTags(1, Tags{"audit", "shift B"}, {}, false, {10, "maria"}));
    ASSERT_TRUE(store->changeTags(1, Tags{"划痕"}, Tags{"shift B", "never set"}, false, {11, "jonas"}));
    EXPECT_THAT((**store->answer(1)).tags, ElementsAre("audit", "划痕")) << "what is not named stays";
    EXPECT_EQ(store->changeTags(1, Tags{"new", ""}, {}, false, {12, "jonas"}).error().code, code::Usage);
    EXPECT_EQ(store->changeTags(1, {}, Tags{"audit", ""}, false, {12, "jonas"}).error().code, code::Usage);
    EXPECT_THAT((**store->answer(1)).tags, ElementsAre("audit", "划痕")) << "all or none";
    EXPECT_FALSE(store->changeTags(99, Tags{"new"}, {}, false, {13, "jonas"}));

    const auto database = *Database::open(folder / "inspector.db", Database::Access::ReadOnly);
    EXPECT_EQ(*database->number("SELECT count(*) FROM tagging"), 4) << "three set, one taken off";
    EXPECT_EQ(*database->number("SELECT count(*) FROM tag WHERE name = 'new'"), 0) << "a failed setting leaves nothing";
    ASSERT_TRUE(store->changeTags(1, {}, Tags{"audit", "划痕"}, false, {14, "jonas"}));
    EXPECT_TRUE((**store->answer(1)).tags.empty());
}

TEST(AnswerStore, TakingTagsBackLeavesWhatAnotherPersonSetOrTookOffSince)
{
    const TemporaryFolder folder;
    const auto store = opened(folder.path());
    ASSERT_TRUE(store->insertAnswer(fullRecord(), std::nullopt));
    using Tags = std::vector<std::string>;
    ASSERT_TRUE(store->changeTags(1, Tags{"cap"}, {}, false, {1, "ben"}));
    ASSERT_TRUE(store->changeTags(1, Tags{"cap", "night"}, {}, false, {2, "maria"})); // she did not see ben's yet
    ASSERT_TRUE(store->changeTags(1, Tags{"audit"}, {}, false, {3, "ben"}));
    ASSERT_TRUE(store->changeTags(1, {}, Tags{"cap", "night"}, true, {4, "maria"}));
    EXPECT_THAT((**store->answer(1)).tags, ElementsAre("audit", "cap"));

    ASSERT_TRUE(store->changeTags(1, {}, Tags{"audit"}, false, {5, "maria"}));
    ASSERT_TRUE(store->changeTags(1, Tags{"audit"}, {}, true, {6, "maria"}));
    EXPECT_THAT((**store->answer(1)).tags, ElementsAre("audit", "cap")) << "what she took off is there again";
}

TEST(AnswerStore, TakingAHoldBackReleasesNoHoldOfAnotherPerson)
{
    const TemporaryFolder folder;
    const auto store = opened(folder.path());
    for (int i = 0; i < 4; ++i)
        ASSERT_TRUE(store->insertAnswer(fullRecord(), std::nullopt));
    const auto press = [&](std::int64_t row, bool isHeld, const std::string &who) {
        const std::vector<std::int64_t> rows{row};
        ASSERT_TRUE(store->setHeld(rows, isHeld, "of " + who, {1, who}));
    };
    const auto takeBack = [&](std::int64_t row, bool wasHeld, const std::string &who) { ASSERT_TRUE(store->undoHeld(row, wasHeld, {2, who})); };
    const auto isHeld = [&](std::int64_t row) { return (**store->answer(row)).isHeld; };

    press(1, true, "maria");
    takeBack(1, true, "maria");
    EXPECT_FALSE(isHeld(1)) << "alone, it is released";

    press(2, true, "ben");
    press(2, true, "maria"); // she did not see his
    takeBack(2, true, "maria");
    EXPECT_TRUE(isHeld(2));
    takeBack(2, true, "maria");
    EXPECT_TRUE(isHeld(2)) << "there is nothing of hers left to take back";

    press(3, true, "maria");
    press(3, true, "ben");
    takeBack(3, true, "maria");
    EXPECT_TRUE(isHeld(3)) << "held since, by another person";
    takeBack(3, true, "ben");
    EXPECT_FALSE(isHeld(3));

    press(4, true, "ben");
    press(4, false, "maria");
    takeBack(4, true, "maria");
    EXPECT_FALSE(isHeld(4)) << "her newest press released it: a hold that was never stored is not taken back";
    takeBack(4, false, "maria");
    EXPECT_TRUE(isHeld(4)) << "a release is taken back, too";
    const auto database = *Database::open(folder / "inspector.db", Database::Access::ReadOnly);
    EXPECT_EQ(*database->text("SELECT reason || ' ' || who FROM hold ORDER BY id DESC LIMIT 1"), "of ben maria") << "whose hold it is stays known";
    const Result<void> followed = checkFacets(*database, [](const Error &fault) { ADD_FAILURE() << fault.message; }, {});
    EXPECT_TRUE(followed) << followed.error().message;
}

TEST(AnswerStore, AJudgementKeepsTheNoteAndANoteKeepsTheReason)
{
    const TemporaryFolder folder;
    const auto store = opened(folder.path());
    ASSERT_TRUE(store->insertAnswer(fullRecord(), std::nullopt));
    const auto noted = [](const std::string &note) { return std::vector<ReviewDecision>{{1, 5, std::nullopt, "", note, "maria"}}; };
    ASSERT_TRUE(store->insertDecisions(noted("left edge")));
    ASSERT_TRUE(store->insertReview(review(1, Verdict::Ng, "dirt")));
    EXPECT_EQ((**store->answer(1)).review->note, "left edge");
    EXPECT_EQ((**store->answer(1)).review->reason, "dirt");
    ASSERT_TRUE(store->insertDecisions(noted("right edge")));
    EXPECT_EQ((**store->answer(1)).review->reason, "dirt");
    EXPECT_EQ((**store->answer(1)).review->note, "right edge");

    const auto reader = *AnswerReader::open(folder.path());
    const auto finds = [&](const std::string &text) {
        AnswerFilter filter;
        filter.text = text;
        return *countMatching(reader->database(), filter) == 1;
    };
    EXPECT_TRUE(finds("dirt")) << "reasons are found by their words";
    EXPECT_TRUE(finds("right edge"));
    EXPECT_FALSE(finds("left"));
    const std::vector<ReviewDecision> anew{{1, 6, Verdict::Ok, "", std::nullopt, "maria"}};
    ASSERT_TRUE(store->insertDecisions(anew));
    EXPECT_EQ((**store->answer(1)).review->reason, "") << "it belonged to the judgement before";
    EXPECT_FALSE(finds("dirt"));
    const std::vector<std::int64_t> rows{1};
    ASSERT_TRUE(store->undoReviews(rows, "maria", 7));
    EXPECT_EQ((**store->answer(1)).review->reason, "dirt");
    EXPECT_TRUE(finds("dirt"));
    runSql(folder / "inspector.db", "INSERT INTO answer_text (answer_text) VALUES ('integrity-check')");
}

TEST(AnswerStore, GivesBackTheNewestOfTheReviewsAndKeepsThemAll)
{
    const TemporaryFolder folder;
    const auto store = opened(folder.path());
    for (int i = 0; i < 2; ++i)
        ASSERT_TRUE(store->insertAnswer(fullRecord(), std::nullopt));
    ReviewRecord second = review(1, Verdict::Ok, "划痕 “reflection”");
    second.timeUtcMs -= 60'000; // the clock was set back
    ASSERT_TRUE(store->insertReview(review(1, Verdict::Ng)));
    ASSERT_TRUE(store->insertReview(second));
    EXPECT_EQ((**store->answer(1)).review, second);
    EXPECT_EQ((**store->answer(1)).verdict, Verdict::Ok) << "a review edits nothing";
    const std::vector<AnswerRecord> recent = *store->recentAnswers(10);
    ASSERT_EQ(recent.size(), 2U) << "two reviews make no two rows";
    EXPECT_FALSE(recent[0].review);
    EXPECT_EQ(recent[1].review, second);
    EXPECT_EQ((*Database::open(folder / "inspector.db", Database::Access::ReadOnly))->number("SELECT count(*) FROM review").value(), 2);
}

TEST(AnswerStore, RefusesAReviewOfAnAnswerThatIsNotThere)
{
    const TemporaryFolder folder;
    const auto store = opened(folder.path());
    const Result<void> refused = store->insertReview(review(5, Verdict::Ok));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, code::Internal);
    ASSERT_TRUE(store->insertAnswer(fullRecord(), std::nullopt)) << "the store must stay usable";
}

TEST(AnswerStore, FindsAReviewAgainAfterAKill)
{
    const TemporaryFolder folder;
    ASSERT_TRUE(opened(folder.path())->insertAnswer(fullRecord(), std::nullopt));
    int acknowledged[2];
    ASSERT_EQ(pipe(acknowledged), 0);
    const pid_t child = fork();
    if (child == 0) {
        close(acknowledged[0]);
        Result<std::unique_ptr<AnswerStore>> store = AnswerStore::open(folder.path());
        if (store && (*store)->insertReview(review(1, Verdict::Ng)))
            (void)!write(acknowledged[1], "x", 1);
        raise(SIGKILL);
    }
    close(acknowledged[1]);
    char byte = 0;
    EXPECT_EQ(read(acknowledged[0], &byte, 1), 1);
    waitpid(child, nullptr, 0);
    close(acknowledged[0]);
    EXPECT_EQ((**opened(folder.path())->answer(1)).review, review(1, Verdict::Ng));
}

TEST(AnswerStore, CountsAnswersByVerdictSinceTheLastReset)
{
    constexpr std::int64_t kNow = 1'700'000'000'000, kMinute = 60'000;
    const TemporaryFolder folder;
    auto store = opened(folder.path());
    EXPECT_EQ(*store->counts(kNow), AnswerCounts());
    AnswerCounts expected;
    const auto insert = [&](std::optional<Verdict> verdict, bool isAnswered, std::int64_t time) {
        AnswerRecord record = fullRecord();
        record.timeUtcMs = time;
        record.verdict = verdict;
        if (!isAnswered) {
            record.answer.reset();
            record.code = "GPU-03";
        }
        ASSERT_TRUE(store->insertAnswer(record, std::nullopt));
        add(expected, record);
    };
    insert(Verdict::Ok, true, kNow - 61 * kMinute);
    insert(Verdict::Ok, true, kNow - 59 * kMinute);
    insert(Verdict::Ng, true, kNow - 2 * kMinute);
    insert(Verdict::Unsure, true, kNow - kMinute);
    insert(Verdict::Unsure, false, kNow);
    insert(std::nullopt, true, kNow + 5 * kMinute); // the clock was set back meanwhile
    insert(std::nullopt, false, kNow);
    EXPECT_EQ(*store->counts(kNow), (AnswerCounts{{}, 7, 2, 1, 2, 2, 5}));
    expected.lastHour = 5; // one is too old, one comes later
    EXPECT_EQ(*store->counts(kNow), expected) << "counting one by one comes to the same";

    ASSERT_TRUE(store->resetCounters(kNow, "maria"));
    EXPECT_EQ(*store->counts(kNow), (AnswerCounts{kNow, 0, 0, 0, 0, 0, 5, 7}));
    insert(Verdict::Ng, true, kNow - 3 * kMinute); // stored after the reset, whatever the clock says
    EXPECT_EQ(*store->countAnswers(), 8) << "a reset deletes nothing";
    store.reset();
    store = opened(folder.path());
    EXPECT_EQ(*store->counts(kNow), (AnswerCounts{kNow, 1, 0, 1, 0, 0, 6, 7}));
}

TEST(AnswerStore, CountsFromOneIndexAlone)
{
    const TemporaryFolder folder;
    opened(folder.path()).reset();
    const auto database = *Database::open(folder / "inspector.db", Database::Access::ReadOnly);
    std::vector<AnswerFilter> filters(4); // those of the counters
    filters[0].verdicts = {Verdict::Ng};
    filters[1].withoutVerdict = true;
    filters[2].failedOnly = true;
    for (std::size_t i = 0; i < 3; ++i) {
        filters.push_back(filters[i]);
        filters.back().afterRow = 7;
    }
    filters[3].fromUtcMs = 1;
    filters[3].untilUtcMs = 2;
    for (const AnswerFilter &filter : filters) {
        const std::string sql = indexCountSql(conditionsOf(filter));
        ASSERT_NE(sql, "");
        Result<Statement> plan = database->prepare("EXPLAIN QUERY PLAN " + sql);
        ASSERT_TRUE(plan) << plan.error().message;
        std::vector<std::string> steps;
        ASSERT_TRUE(forEachRow(*plan, [&](const Statement &step) { steps.push_back(step.text(3)); }));
        ASSERT_EQ(steps.size(), 1U) << sql;
        EXPECT_THAT(steps[0], HasSubstr("SEARCH facet USING COVERING INDEX"));
        if (filter.afterRow > 0) {
            EXPECT_THAT(steps[0], HasSubstr("rowid>?")) << "only the new ones are looked at";
        }
    }
}

TEST(AnswerReader, ReadsADatabaseOfTheFirstSchemaAsItIs)
{
    const TemporaryFolder folder;
    runSql(folder / "inspector.db",
           readFile(fs::path(AURORAEDGE_SOURCE_DIR) / "tests/data/storage/schema_v1.sql"));
    const Result<std::unique_ptr<AnswerReader>> reader = AnswerReader::open(folder.path());
    ASSERT_TRUE(reader) << reader.error().message;
    const Result<std::vector<AnswerRecord>> recent = (*reader)->recentAnswers(10);
    ASSERT_TRUE(recent) << recent.error().message;
    ASSERT_EQ(recent->size(), 1U);
    EXPECT_EQ(recent->front().answer, "3");
    EXPECT_FALSE(recent->front().review);
}

TEST(AnswerStore, KeepsADamagedDatabaseAndStartsANewOne)
{
    const TemporaryFolder folder;
    {
        const auto store = opened(folder.path());
        for (int i = 0; i < 300; ++i)
            ASSERT_TRUE(store->insertAnswer(fullRecord(), std::nullopt));
    }
    std::string bytes = readFile(folder / "inspector.db");
    ASSERT_GT(bytes.size(), 40'000U);
    bytes.replace(8192, 8192, std::string(8192, '\x5A'));
    folder.write("inspector.db", bytes);
    {
        const auto store = opened(folder.path());
        ASSERT_EQ(store->notices().size(), 1U);
        EXPECT_EQ(store->notices()[0].code, code::DatabaseDamaged);
        EXPECT_EQ(store->notices()[0].message,
                  "database failed its check; kept as inspector.db.damaged; a new one was started");
        EXPECT_EQ(*store->countAnswers(), 0);
        EXPECT_TRUE(store->insertAnswer(fullRecord(), picture()));
    }
    EXPECT_EQ(readFile(folder / "inspector.db.damaged"), bytes);

    folder.write("inspector.db", std::string(5000, 'x')); // not a database at all
    const auto store = opened(folder.path());
    ASSERT_EQ(store->notices().size(), 1U);
    EXPECT_THAT(store->notices()[0].message, HasSubstr("kept as inspector.db.damaged-2"));
    EXPECT_EQ(readFile(folder / "inspector.db.damaged"), bytes) << "the first one must not be lost";
}

TEST(AnswerStore, TakesAnEmptyFileAsANewDatabase)
{
    const TemporaryFolder folder;
    folder.write("inspector.db", std::string());
    const auto store = opened(folder.path());
    EXPECT_THAT(store->notices(), IsEmpty());
    EXPECT_TRUE(store->insertAnswer(fullRecord(), picture()));
}

TEST(AnswerStore, OpensANewerDatabaseForReadingOnly)
{
    const TemporaryFolder folder;
    ASSERT_TRUE(opened(folder.path())->insertAnswer(fullRecord(), picture()));
    runSql(folder / "inspector.db", "ALTER TABLE answer ADD COLUMN later TEXT; PRAGMA user_version = 8");
    const auto store = opened(folder.path());
    ASSERT_EQ(store->notices().size(), 1U);
    EXPECT_EQ(store->notices()[0].code, code::DatabaseNewer);
    EXPECT_EQ(store->notices()[0].message, "made by version 8, this is 7; opened read-only");
    EXPECT_EQ(*store->countAnswers(), 1);
    const Result<std::int64_t> row = store->insertAnswer(fullRecord(), picture());
    ASSERT_FALSE(row);
    EXPECT_EQ(row.error().code, code::DatabaseNewer);
}

TEST(AnswerStore, RefusesTheDatabaseOfAnotherProgram)
{
    const TemporaryFolder folder;
    runSql(folder / "inspector.db", "CREATE TABLE theirs (a); INSERT INTO theirs VALUES (1)");
    const std::string before = readFile(folder / "inspector.db");
    EXPECT_EQ(openCode(folder.path()), "DB-04");
    EXPECT_EQ(readFile(folder / "inspector.db"), before);
}

TEST(AnswerStore, RefusesAPlantedTrigger)
{
    const TemporaryFolder folder;
    opened(folder.path()).reset();
    runSql(folder / "inspector.db",
           "CREATE TRIGGER spy AFTER INSERT ON answer BEGIN DELETE FROM answer; END");
    const Result<std::unique_ptr<AnswerStore>> store = AnswerStore::open(folder.path());
    ASSERT_FALSE(store);
    EXPECT_EQ(store.error().code, code::DatabaseSchema);
    EXPECT_EQ(store.error().message, "unexpected schema object 'spy'");
}

TEST(AnswerStore, TellsThatAnotherProgramHoldsTheDatabase)
{
    const TemporaryFolder folder;
    opened(folder.path()).reset();
    sqlite3 *other = nullptr;
    ASSERT_EQ(sqlite3_open((folder / "inspector.db").c_str(), &other), SQLITE_OK);
    sqlite3_exec(other, "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; DELETE FROM answer", nullptr, nullptr,
                 nullptr);
    EXPECT_EQ(openCode(folder.path()), "DB-01");
    sqlite3_close(other);
    EXPECT_EQ(openCode(folder.path()), "opened");
}

TEST(AnswerStore, TellsAFolderThatCannotBeWritten)
{
    EXPECT_EQ(openCode("/nonexistent/place"), "FS-07");
    EXPECT_EQ(openCode("/proc/self"), "FS-07");
}

TEST(AnswerStore, TwoProcessesStoreSideBySideWithoutLosingARow)
{
    const TemporaryFolder folder;
    opened(folder.path()).reset();
    constexpr int kRows = 40;
    pid_t children[2];
    for (pid_t &child : children) {
        child = fork();
        if (child == 0) {
            Result<std::unique_ptr<AnswerStore>> store = AnswerStore::open(folder.path());
            bool isGood = store.has_value();
            for (int i = 0; i < kRows && isGood; ++i)
                isGood = (*store)->insertAnswer(fullRecord(), picture()).has_value()
                    && (*store)->checkpoint().has_value();
            if (store)
                store->reset();
            _exit(isGood ? 0 : 1);
        }
    }
    for (const pid_t child : children) {
        int status = 0;
        waitpid(child, &status, 0);
        EXPECT_EQ(status, 0);
    }
    const auto store = opened(folder.path());
    EXPECT_THAT(store->notices(), IsEmpty());
    EXPECT_EQ(*store->countAnswers(), 2 * kRows);
}

/// A small disk of its own in a folder, where one can be mounted.
class SmallDisk final
{
public:
    explicit SmallDisk(const char *size) : m_isMounted(mount("tmpfs", m_folder.path().c_str(), "tmpfs", 0, (std::string("size=") + size).c_str()) == 0) {}
    ~SmallDisk()
    {
        if (m_isMounted)
            umount2(m_folder.path().c_str(), MNT_DETACH);
    }
    [[nodiscard]] bool isThere() const { return m_isMounted; }
    [[nodiscard]] const fs::path &path() const { return m_folder.path(); }
    /// Files of pictures, whole or begun.
    [[nodiscard]] std::vector<fs::path> pictures() const
    {
        std::vector<fs::path> files;
        for (const auto &entry : fs::recursive_directory_iterator(path() / "pictures"))
            if (entry.is_regular_file())
                files.push_back(entry.path());
        return files;
    }

private:
    TemporaryFolder m_folder;
    bool m_isMounted;
};

TEST(AnswerStore, StopsSavingPicturesBeforeTheDiskIsFull)
{
    const SmallDisk disk("32m");
    if (!disk.isThere())
        GTEST_SKIP() << "a small disk cannot be mounted here";
    const auto store = opened(disk.path());
    ASSERT_TRUE(store);
    std::int64_t stored = 0;
    Result<std::int64_t> row = 0;
    for (int i = 0; i < 1000 && row; ++i) {
        row = store->insertAnswer(fullRecord(), picture(std::string(400'000, static_cast<char>(i)) + std::to_string(i)));
        stored += row ? 1 : 0;
    }
    ASSERT_FALSE(row);
    EXPECT_EQ(row.error().code, code::DiskTooFull);
    EXPECT_THAT(row.error().message, EndsWith("needed; the picture was not saved"));
    EXPECT_EQ(*store->countAnswers(), stored);
    EXPECT_EQ(disk.pictures().size(), static_cast<std::size_t>(stored));
    EXPECT_GT(fs::space(disk.path()).available, (32U << 20U) / 20 - 1) << "what is kept free is free";
    // There is room for what people say of the answers, and for one about a picture that is there.
    EXPECT_TRUE(store->insertReview(review(1, Verdict::Ng)));
    const std::vector<std::int64_t> first = {1};
    EXPECT_TRUE(store->setHeld(first, true, "complaint", {1, "maria"}));
    EXPECT_TRUE(store->insertAnswer(fullRecord(), picture(std::string(400'000, '\0') + "0")));
    for (int i = 0; i < 300; ++i)
        ASSERT_TRUE(store->insertReview(review(1 + i % stored, Verdict::Ok))) << i << " and for long, as the log is used again";
}

TEST(AnswerStore, StoresNothingAndTellsWhenTheDiskIsFull)
{
    const SmallDisk disk("512k");
    if (!disk.isThere())
        GTEST_SKIP() << "a small disk cannot be mounted here";
    const auto store = opened(disk.path());
    ASSERT_TRUE(store);
    std::int64_t stored = 0;
    Result<std::int64_t> row = 0;
    AnswerRecord record = fullRecord();
    record.answer = std::string(3000, 'y'); // rows alone fill it
    for (int i = 0; i < 1000 && row; ++i) {
        row = store->insertAnswer(record, std::nullopt);
        stored += row ? 1 : 0;
    }
    ASSERT_FALSE(row);
    EXPECT_EQ(row.error().code, code::DiskFull);
    EXPECT_EQ(row.error().message, "disk full: result could not be stored");
    EXPECT_EQ(*store->countAnswers(), stored);
}

TEST(AnswerStore, APictureWhoseRowWasRefusedIsNotKept)
{
    const TemporaryFolder folder;
    const auto store = opened(folder.path());
    AnswerRecord refused = fullRecord();
    refused.answer.reset(); // neither an answer nor a reason: no row is like that
    EXPECT_FALSE(store->insertAnswer(refused, picture("one")));
    EXPECT_FALSE(fs::exists(folder.path() / PictureStore::placeOf(picture("one")).path));
    ASSERT_TRUE(store->insertAnswer(fullRecord(), picture("two")));
    EXPECT_FALSE(store->insertAnswer(refused, picture("two")));
    EXPECT_TRUE(fs::exists(folder.path() / PictureStore::placeOf(picture("two")).path)) << "an answer is about it";
}

TEST(AnswerStore, FindsTheNgsThatNobodyHasJudged)
{
    const TemporaryFolder folder;
    const auto store = opened(folder.path());
    for (int i = 1; i <= 9; ++i) {
        AnswerRecord record = fullRecord();
        record.verdict = i % 2 == 0 ? Verdict::Ng : Verdict::Ok;
        ASSERT_TRUE(store->insertAnswer(record, std::nullopt));
    }
    ASSERT_TRUE(store->insertReview(review(4, Verdict::Ok)));
    const auto rows = [&](std::int64_t before, int limit) {
        std::vector<std::int64_t> found;
        const Result<std::vector<AnswerRecord>> records = store->unreviewedNgs(before, limit);
        EXPECT_TRUE(records) << records.error().message;
        for (const AnswerRecord &record : *records)
            found.push_back(record.row);
        return found;
    };
    EXPECT_THAT(rows(100, 20), ElementsAre(8, 6, 2));
    EXPECT_THAT(rows(8, 1), ElementsAre(6));
    EXPECT_THAT(rows(2, 20), IsEmpty());
}

TEST(AnswerReader, SeesRowsWhileAnotherThreadWrites)
{
    const TemporaryFolder folder;
    const auto store = opened(folder.path());
    ASSERT_TRUE(store->insertAnswer(fullRecord(), picture()));
    std::thread([&] {
        const Result<std::unique_ptr<AnswerReader>> reader = AnswerReader::open(folder.path());
        ASSERT_TRUE(reader) << reader.error().message;
        EXPECT_EQ(*(*reader)->countAnswers(), 1);
        EXPECT_EQ((**(*reader)->answer(1)).question, fullRecord().question);
        EXPECT_EQ((*reader)->recentAnswers(10)->size(), 1U);
    }).join();
    ASSERT_TRUE(store->insertAnswer(fullRecord(), picture()));
}

TEST(AnswerReader, TellsThatThereIsNoDatabaseYet)
{
    const TemporaryFolder folder;
    const Result<std::unique_ptr<AnswerReader>> reader = AnswerReader::open(folder.path());
    ASSERT_FALSE(reader);
    EXPECT_EQ(reader.error().code, code::FileNotFound);
}

TEST(PictureStore, WritesAPictureOnce)
{
    const TemporaryFolder folder;
    const PictureStore store(folder.path());
    const auto first = store.save(picture("one", EvidenceFormat::Png));
    ASSERT_TRUE(first) << first.error().message;
    EXPECT_THAT(first->path, EndsWith(".png"));
    struct stat before{};
    ASSERT_EQ(stat((folder.path() / first->path).c_str(), &before), 0);
    ASSERT_TRUE(store.save(picture("one", EvidenceFormat::Png)));
    struct stat after{};
    ASSERT_EQ(stat((folder.path() / first->path).c_str(), &after), 0);
    EXPECT_EQ(before.st_ino, after.st_ino);
}

TEST(PictureStore, DeletesNothingThatAnotherProgramHasSavedSince)
{
    const TemporaryFolder folder;
    const PictureStore store(folder.path());
    const StoredPicture first = *store.save(picture("one")), second = *store.save(picture("one"));
    store.removeUnlessSavedAgain(first);
    EXPECT_TRUE(store.read(first.path, first.sha256)) << "the answer of the second one is on its way";
    store.removeUnlessSavedAgain(second);
    EXPECT_FALSE(fs::exists(folder.path() / first.path));
}

TEST(PictureStore, WhatAKilledProgramHasBegunIsDeletedAtTheOpeningOnceItIsOld)
{
    const TemporaryFolder folder;
    opened(folder.path()).reset();
    const fs::path old = folder.write("pictures/.saving-a1b2c3", std::string("half")), fresh = folder.write("pictures/.saving-d4e5f6", std::string("half")),
                   foreign = folder.write("pictures/notes.txt", std::string("somebody's"));
    for (const fs::path &file : {old, foreign})
        fs::last_write_time(file, fs::file_time_type::clock::now() - std::chrono::hours(2));
    opened(folder.path()).reset();
    EXPECT_FALSE(fs::exists(old));
    EXPECT_TRUE(fs::exists(fresh)) << "another program may be about to finish it";
    EXPECT_TRUE(fs::exists(foreign));
}

TEST(PictureStore, NoticesAMissingOrAlteredPictureAndRepairsItWhenItIsSavedAgain)
{
    const TemporaryFolder folder;
    const PictureStore store(folder.path());
    const StoredPicture stored = *store.save(picture("one"));
    folder.write(stored.path, std::string("two"));
    EXPECT_EQ(store.read(stored.path, stored.sha256).error().code, code::EvidenceAltered);
    ASSERT_TRUE(store.save(picture("one")));
    EXPECT_TRUE(store.read(stored.path, stored.sha256));
    fs::remove(folder.path() / stored.path);
    EXPECT_EQ(store.read(stored.path, stored.sha256).error().code, code::EvidenceMissing);
}

TEST(PictureStore, TakesNoFolderAndNoPipeForAPicture)
{
    const TemporaryFolder folder;
    const PictureStore store(folder.path());
    const StoredPicture stored = *store.save(picture("one"));
    const fs::path place = folder.path() / stored.path;
    fs::remove(place);
    fs::create_directory(place);
    EXPECT_EQ(store.read(stored.path, stored.sha256).error().code, code::EvidenceMissing);
    EXPECT_FALSE(store.save(picture("one"))) << "it is told, and the folder stays";
    fs::remove(place);
    ASSERT_EQ(mkfifo(place.c_str(), 0600), 0);
    EXPECT_EQ(store.read(stored.path, stored.sha256).error().code, code::EvidenceMissing);
}

TEST(PictureStore, TellsAFolderThatCannotBeWrittenAndLeavesNothing)
{
    const TemporaryFolder folder;
    folder.write("pictures", std::string("a file where the folder belongs"));
    const auto stored = PictureStore(folder.path()).save(picture());
    ASSERT_FALSE(stored);
    EXPECT_EQ(stored.error().code, code::FolderNotWritable);
}

TEST(WriteTurn, WaitsAndThenTellsWhoIsInTheWay)
{
    const TemporaryFolder folder;
    const auto first = *WriteTurn::create(folder / "turn");
    const auto second = *WriteTurn::create(folder / "turn");
    {
        const Result<WriteTurn::Held> held = first->take();
        ASSERT_TRUE(held);
        const Result<WriteTurn::Held> refused = second->take(std::chrono::milliseconds(20));
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().code, code::DatabaseLocked);
    }
    EXPECT_TRUE(second->take(std::chrono::milliseconds(20)));
}

TEST(Migration, RunsEveryStepAfterTheVersionOfTheFile)
{
    const TemporaryFolder folder;
    const auto database = *Database::open(folder / "a.db", Database::Access::ReadWrite);
    const std::vector<Migration> first = {{1, "CREATE TABLE a (x)"}};
    ASSERT_TRUE(migrate(*database, 0, first));
    const std::vector<Migration> both = {{1, "CREATE TABLE a (x)"}, {2, "ALTER TABLE a ADD COLUMN y"}};
    ASSERT_TRUE(migrate(*database, 1, both));
    EXPECT_EQ(*database->number("PRAGMA user_version"), 2);
    EXPECT_EQ(*database->number("PRAGMA application_id"), kApplicationId);
    EXPECT_TRUE(database->run("INSERT INTO a (x, y) VALUES (1, 2)"));
}

TEST(Migration, LeavesTheOldDatabaseWhenAStepFails)
{
    const TemporaryFolder folder;
    const auto database = *Database::open(folder / "a.db", Database::Access::ReadWrite);
    ASSERT_TRUE(migrate(*database, 0, std::vector<Migration>{{1, "CREATE TABLE a (x)"}}));
    const std::vector<Migration> bad
        = {{1, ""}, {2, "CREATE TABLE b (x)"}, {3, "ALTER TABLE nothing ADD COLUMN y"}};
    const Result<void> migrated = migrate(*database, 1, bad);
    ASSERT_FALSE(migrated);
    EXPECT_EQ(migrated.error().code, code::DatabaseMigration);
    EXPECT_EQ(*database->number("PRAGMA user_version"), 1);
    EXPECT_EQ(*database->number("SELECT count(*) FROM sqlite_schema"), 1);
}

TEST(Database, CopiesItselfByTheBackupInterface)
{
    const TemporaryFolder folder;
    const auto database = *Database::open(folder / "a.db", Database::Access::ReadWrite);
    ASSERT_TRUE(database->run("CREATE TABLE a (x); INSERT INTO a VALUES (5)"));
    const Result<void> copied = database->backup(folder / "b.db");
    ASSERT_TRUE(copied) << copied.error().message;
    EXPECT_EQ(*(*Database::open(folder / "b.db", Database::Access::ReadOnly))->number("SELECT x FROM a"), 5);
}

TEST(Database, RollsBackWhatWasNotCommitted)
{
    const TemporaryFolder folder;
    const auto database = *Database::open(folder / "a.db", Database::Access::ReadWrite);
    ASSERT_TRUE(database->run("CREATE TABLE a (x)"));
    {
        const auto transaction = TransactionGuard::begin(*database);
        ASSERT_TRUE(transaction);
        ASSERT_TRUE(database->run("INSERT INTO a VALUES (1)"));
    }
    EXPECT_EQ(*database->number("SELECT count(*) FROM a"), 0);
    const auto transaction = TransactionGuard::begin(*database);
    ASSERT_TRUE(transaction) << "the first one must be over";
}

} // namespace
} // namespace auroraedge::app

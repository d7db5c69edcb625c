#include "app/imaging/thumbnails.h"
#include "app/storage/database.h"
#include "tests/app/batch/other_user.h"
#include "tests/app/cli/cli_fixture.h"

#include <sys/stat.h>

#include <chrono>
#include <fstream>

namespace auroraedge::app {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

class DbCommandsTest : public CliFixture
{
protected:
    Outcome db(Words words, const Words &more = {})
    {
        words.insert(words.begin(), "db");
        words.insert(words.end(), more.begin(), more.end());
        words.insert(words.end(), {"--data-dir", dataFolder()});
        return run(words);
    }
    Outcome replay(const Words &more = {})
    {
        Words words = {"replay", "--model", modelFolder()};
        words.insert(words.end(), more.begin(), more.end());
        return db(words);
    }
    /// A stored answer about a picture of its own. @return its row.
    std::int64_t answer(int seed)
    {
        const std::string picture = writePng("line/" + std::to_string(seed) + ".png", seed);
        const Outcome outcome = runHere({"ask", "--image", picture, "--question", "Is there a bottle?", "--json", "--quiet"});
        EXPECT_EQ(outcome.exitCode, 0) << outcome.err;
        return outcome.json().at(0).at("row");
    }
    void review(std::int64_t row, Verdict verdict)
    {
        ReviewRecord review;
        review.answerRow = row;
        review.timeUtcMs = 1'700'000'050'000;
        review.verdict = verdict;
        review.reviewer = "maria";
        EXPECT_TRUE((*AnswerStore::open(dataFolder()))->insertReview(review));
    }
    std::string refusal(const Words &words)
    {
        const Outcome outcome = db(words);
        EXPECT_EQ(outcome.exitCode, 2) << outcome.err;
        EXPECT_THAT(outcome.out, IsEmpty());
        return outcome.err;
    }
};

// --- check -----------------------------------------------------------------------------------------------------------

TEST_F(DbCommandsTest, CheckEndsWithFiveWhenAPictureIsNotAsItWas)
{
    answer(1);
    answer(2);
    const Outcome whole = db({"check"});
    EXPECT_EQ(whole.exitCode, 0);
    EXPECT_EQ(whole.out, "2 answers, 2 pictures, 0 faults; 0 files among the pictures belong to no answer\n");
    std::ofstream(at("data") + "/" + storedAnswers()[0].picturePath, std::ios::app) << "x";
    const Outcome altered = db({"check"});
    EXPECT_EQ(altered.exitCode, 5);
    EXPECT_THAT(altered.err, HasSubstr("DB-09: evidence hash differs: pictures/"));
    fs::remove(at("data") + "/" + storedAnswers()[1].picturePath);
    const Outcome missing = db({"check", "--json"});
    EXPECT_EQ(missing.exitCode, 5);
    ASSERT_THAT(missing.json(), SizeIs(3));
    EXPECT_EQ(missing.json()[2]["faults"], 2);
    EXPECT_EQ(missing.json()[2]["answers"], 2);
    EXPECT_THAT(missing.out, HasSubstr("{\"error\":{\"code\":\"DB-08\""));
    EXPECT_EQ(m_timesOpened, 2) << "no model is needed to look";
}

TEST_F(DbCommandsTest, SayWhereThereAreNoAnswers)
{
    for (const Words &words : {Words{"check"}, {"backup", "--out", at("copy.db")}, {"export", "--out", at("out.csv")}, {"replay"}, {"retention"}, {"retention", "--apply"}, {"hold", "--row", "1"}, {"tag", "x", "--row", "1"}}) {
        const Outcome outcome = db(words);
        EXPECT_EQ(outcome.exitCode, 4) << words[0];
        EXPECT_EQ(outcome.err, "FS-12: there are no answers yet in " + dataFolder() + "\n");
    }
    EXPECT_FALSE(fs::exists(dataFolder())) << "looking makes nothing";
}

TEST_F(DbCommandsTest, AStoreOnADiskThatCannotBeWrittenIsReadAndNotChanged)
{
    answer(1);
    answer(2);
    for (const char *name : {"inspector.db-wal", "inspector.db-shm", "inspector.db.turn", "inspector.db.users"})
        fs::remove(fs::path(dataFolder()) / name); // as who copies one file leaves them
    fs::permissions(m_folder.path(), fs::perms::all);
    for (const fs::directory_entry &each : fs::recursive_directory_iterator(m_folder.path()))
        fs::permissions(each.path(), fs::perms::all);
    fs::permissions(dataFolder(), fs::perms(0555));
    {
        const OtherUser other;
        const Outcome check = db({"check"});
        EXPECT_EQ(check.exitCode, 0) << check.err;
        EXPECT_THAT(check.out, StartsWith("2 answers, 2 pictures, 0 faults"));
        const Outcome written = db({"export", "--out", at("out.csv"), "--json"});
        EXPECT_EQ(written.exitCode, 0) << written.err;
        EXPECT_EQ(written.json().at(0)["rows"], 2);
        const Outcome tag = db({"tag", "x", "--row", "1"});
        EXPECT_EQ(tag.exitCode, 5);
        EXPECT_THAT(tag.err, StartsWith("FS-07: cannot write to " + dataFolder()));
    }
    fs::permissions(dataFolder(), fs::perms::all);
}

// --- backup ----------------------------------------------------------------------------------------------------------

TEST_F(DbCommandsTest, BackupWithPicturesIsADataFolder)
{
    answer(1);
    answer(2);
    const Outcome outcome = db({"backup", "--out", at("copy"), "--with-pictures", "--json"});
    ASSERT_EQ(outcome.exitCode, 0) << outcome.err << outcome.out;
    EXPECT_EQ(outcome.json().at(0), (Json{{"file", at("copy")}, {"answers", 2}, {"pictures", 2}, {"missing", 0}}));
    const Outcome check = run({"db", "check", "--data-dir", at("copy")});
    EXPECT_EQ(check.exitCode, 0) << check.err;
    EXPECT_THAT(check.out, StartsWith("2 answers, 2 pictures, 0 faults"));
    EXPECT_EQ(db({"backup", "--out", at("copy"), "--with-pictures"}).exitCode, 2) << "a data folder is never replaced";
}

TEST_F(DbCommandsTest, BackupSaysWhatWasMissingInWhatItCopied)
{
    answer(1);
    answer(2);
    const std::string gone = storedAnswers()[0].picturePath;
    fs::remove(at("data") + "/" + gone);
    const Outcome outcome = db({"backup", "--out", at("copy"), "--with-pictures"});
    EXPECT_EQ(outcome.exitCode, 5);
    EXPECT_THAT(outcome.err, HasSubstr("DB-08: " + gone + ": evidence image missing"));
    EXPECT_THAT(outcome.err, HasSubstr("2 answers, 1 picture; "));
}

TEST_F(DbCommandsTest, BackupReplacesAnOlderCopyWhenItIsAsked)
{
    answer(1);
    const Words words = {"backup", "--out", at("copy.db")};
    EXPECT_EQ(db(words).exitCode, 0);
    EXPECT_THAT(refusal(words), EndsWith("copy.db is there already\n"));
    EXPECT_EQ(db(words, {"--overwrite"}).exitCode, 0);
    EXPECT_THAT(refusal({"backup", "--out", at("copy"), "--with-pictures", "--overwrite"}), StartsWith("CLI-01: "));
    EXPECT_THAT(refusal({"backup"}), HasSubstr("--out is required"));
}

TEST_F(DbCommandsTest, BackupAndExportDoNotTurnAFifoIntoAFile)
{
    answer(1);
    ASSERT_EQ(mkfifo(at("pipe.csv").c_str(), 0600), 0);
    for (const char *command : {"backup", "export"})
        EXPECT_EQ(refusal({command, "--out", at("pipe.csv"), "--overwrite"}), "CLI-01: --out " + at("pipe.csv") + " is not a regular file; choose another name\n");
    EXPECT_TRUE(fs::is_fifo(at("pipe.csv")));
}

// --- export ----------------------------------------------------------------------------------------------------------

TEST_F(DbCommandsTest, ExportWritesByTheNameOfTheFile)
{
    answer(1);
    answer(2);
    const Outcome csv = db({"export", "--out", at("out.csv"), "--json"});
    EXPECT_EQ(csv.exitCode, 0) << csv.err;
    EXPECT_EQ(csv.out, "{\"file\":\"" + at("out.csv") + "\",\"rows\":2}\n");
    EXPECT_THAT(testing::readFile(at("out.csv")), StartsWith("row,time,path,"));
    const Outcome jsonl = db({"export", "--out", at("out.jsonl")});
    EXPECT_EQ(jsonl.err, "2 rows; " + at("out.jsonl") + "\n");
    EXPECT_THAT(testing::readFile(at("out.jsonl")), StartsWith("{\"image\":{\"path\":"));
    EXPECT_EQ(db({"export", "--out", at("odd.name"), "--format", "csv"}).exitCode, 0);
    EXPECT_EQ(testing::readFile(at("odd.name")), testing::readFile(at("out.csv")));
}

TEST_F(DbCommandsTest, ExportTakesEveryFilter)
{
    const std::int64_t first = answer(1);
    answer(2);
    review(first, Verdict::Ng);
    ASSERT_EQ(db({"tag", "shift B", "--row", "2"}).exitCode, 0);
    ASSERT_EQ(db({"hold", "--row", "1"}).exitCode, 0);
    const std::string now = "2999-01-01";
    const std::vector<std::pair<Words, int>> filters{{{}, 2},
                                                     {{"--reviewed-only"}, 1},
                                                     {{"--unreviewed-only"}, 1},
                                                     {{"--reviewer", "maria"}, 1},
                                                     {{"--reviewer", "otto"}, 0},
                                                     {{"--class", "scratch"}, 0},
                                                     {{"--verdict", "OK,NG"}, 0}, // ask gives no verdict
                                                     {{"--failed-only"}, 0},
                                                     {{"--disagree-only"}, 1},
                                                     {{"--question", "Is there a bottle?"}, 2},
                                                     {{"--question", "Is there"}, 0},
                                                     {{"--model", storedAnswers()[0].modelName}, 2},
                                                     {{"--source", at("line/1.png")}, 1},
                                                     {{"--from", now}, 0},
                                                     {{"--until", now}, 2},
                                                     {{"--from", "2020-01-01T00:00Z", "--until", now}, 2},
                                                     {{"--slower-than", "1000000"}, 0},
                                                     {{"--text", "bott"}, 2},
                                                     {{"--text", "can"}, 0},
                                                     {{"--no-verdict"}, 2},
                                                     {{"--judgement", "NG,UNSURE"}, 1},
                                                     {{"--judgement", "OK"}, 0},
                                                     {{"--device", storedAnswers()[0].device}, 2},
                                                     {{"--device", "cuda:7"}, 0},
                                                     {{"--session", "1"}, 1}, // each ask is one
                                                     {{"--session", "9"}, 0},
                                                     {{"--tag", "shift B"}, 1},
                                                     {{"--held-only"}, 1}};
    for (const auto &[more, rows] : filters) {
        Words words = {"export", "--out", at("out.csv"), "--overwrite", "--json"};
        words.insert(words.end(), more.begin(), more.end());
        const Outcome outcome = db(words);
        ASSERT_EQ(outcome.exitCode, 0) << outcome.err << outcome.out;
        EXPECT_EQ(outcome.json().at(0).at("rows"), rows) << (more.empty() ? "all" : more[0] + " " + more.back());
    }
}

TEST_F(DbCommandsTest, ExportRefusesWhatItCannotMean)
{
    answer(1);
    EXPECT_EQ(refusal({"export", "--out", at("folder")}),
              "CLI-01: --out " + at("folder") + " ends neither in .csv nor in .jsonl; a folder needs --format training\n");
    EXPECT_EQ(refusal({"export", "--out", at("a.csv"), "--from", "yesterday"}),
              "CLI-01: --from: 'yesterday' is no time as 2026-11-26 or 2026-11-26T14:30\n");
    EXPECT_THAT(refusal({"export", "--out", at("a.csv"), "--until", "2026-02-30"}), HasSubstr("--until"));
    EXPECT_THAT(refusal({"export", "--out", at("a.csv"), "--verdict", "GOOD"}), HasSubstr("GOOD not in {OK,NG,UNSURE}"));
    EXPECT_THAT(refusal({"export", "--out", at("a.csv"), "--format", "xlsx"}), HasSubstr("xlsx not in {csv,jsonl,training}"));
    EXPECT_THAT(refusal({"export", "--out", at("a.csv"), "--slower-than", "nan"}), HasSubstr("--slower-than: 'nan' is not a number"));
    EXPECT_THAT(refusal({"export", "--out", at("set"), "--format", "training", "--unreviewed-only"}), HasSubstr("--unreviewed-only is of no use"));
    EXPECT_THAT(refusal({"export", "--out", at("a.csv"), "--reviewed-only", "--unreviewed-only"}), StartsWith("CLI-01: "));
    m_folder.write("a.csv", std::string("mine"));
    EXPECT_EQ(refusal({"export", "--out", at("a.csv")}), "CLI-01: " + at("a.csv") + " is there already\n");
    EXPECT_EQ(testing::readFile(at("a.csv")), "mine");
    for (const char *own : {"/inspector.db", "/inspector.db-wal", "/pictures/ab/rows.csv"})
        EXPECT_THAT(refusal({"export", "--out", dataFolder() + own, "--format", "csv", "--overwrite"}), HasSubstr("is the database itself, or a part of it"));
    EXPECT_EQ(db({"check"}).exitCode, 0);
}

TEST_F(DbCommandsTest, ExportMakesATrainingSetOfReviewedAnswers)
{
    review(answer(1), Verdict::Ok);
    review(answer(2), Verdict::Ng);
    answer(3);
    const Words words = {"export", "--out", at("set"), "--format", "training", "--licence", "own", "--json"};
    const Outcome outcome = db(words);
    ASSERT_EQ(outcome.exitCode, 0) << outcome.err << outcome.out;
    EXPECT_EQ(outcome.json().at(0)["good"], 1);
    EXPECT_EQ(outcome.json().at(0)["bad"], 1);
    const Json manifest = Json::parse(testing::readFile(at("set/auroraedge-training-set.json")));
    EXPECT_EQ(manifest["licence"], "own");
    EXPECT_EQ(manifest["filter"], "--reviewed-only");
    EXPECT_EQ(db(words).exitCode, 2);
    EXPECT_EQ(db(words, {"--overwrite"}).exitCode, 0);
}

// --- replay ----------------------------------------------------------------------------------------------------------

TEST_F(DbCommandsTest, ReplayFindsTheSameAnswers)
{
    m_script.answerFor = [](const Frame &frame, const std::string &) { return Result<std::string>(std::to_string(frame.row(0)[2])); };
    for (int seed = 1; seed <= 3; ++seed)
        answer(seed);
    const Outcome outcome = replay();
    EXPECT_EQ(outcome.exitCode, 0) << outcome.err << outcome.out;
    EXPECT_EQ(outcome.out, "3 answers are the same, 0 differ, 0 could not be replayed\n");
    EXPECT_THAT(storedAnswers(), SizeIs(3)) << "nothing is stored";
    EXPECT_THAT(replay({"--limit", "2"}).out, StartsWith("2 answers are the same"));
}

TEST_F(DbCommandsTest, ReplayAsksAboutThePartThatWasAskedAbout)
{
    m_script.answerFor = [](const Frame &frame, const std::string &) { return Result<std::string>(std::to_string(frame.widthPx)); };
    EXPECT_EQ(ask({"--question", "How wide?", "--roi", "4,5,20,10"}).exitCode, 0);
    EXPECT_EQ(storedAnswers()[0].answer, "20");
    EXPECT_EQ(replay().exitCode, 0);
}

TEST_F(DbCommandsTest, ReplayPrintsWhatDiffersAndWhatItCannotAsk)
{
    const std::int64_t first = answer(1), second = answer(2), third = answer(3);
    const std::vector<AnswerRecord> records = storedAnswers();
    fs::remove(at("data") + "/" + records[1].picturePath);
    m_script.answerFor = [&](const Frame &frame, const std::string &) {
        const bool isThird = frame.row(0)[2] == testing::testFrame(48, 32, 3).row(0)[2];
        return Result<std::string>(isThird ? "no\x1b[2J" : "yes");
    };
    const Outcome outcome = replay();
    EXPECT_EQ(outcome.exitCode, 3);
    EXPECT_THAT(outcome.out, HasSubstr("row " + std::to_string(third) + " differs: stored 'yes', now 'no\\x1b[2J'\n"));
    EXPECT_THAT(outcome.out, HasSubstr("row " + std::to_string(second) + " not replayed: DB-08: evidence image missing\n"));
    EXPECT_THAT(outcome.out, EndsWith("1 answers are the same, 1 differ, 1 could not be replayed\n"));
    const Outcome one = replay({"--row", std::to_string(first), "--json"});
    EXPECT_EQ(one.exitCode, 0);
    EXPECT_EQ(one.json().at(0),
              (Json{{"row", first}, {"result", "same"}, {"stored", "yes"}, {"again", "yes"}, {"why", nullptr}, {"live", false}, {"options", "stored"}}));
    EXPECT_THAT(refusal({"replay", "--row", "4711"}), HasSubstr("there is no row 4711"));
    EXPECT_THAT(refusal({"replay", "--row", "1", "--limit", "5"}), StartsWith("CLI-01: "));
    EXPECT_THAT(refusal({"replay", "--limit", "0"}), HasSubstr("--limit: '0' is not a number"));
}

TEST_F(DbCommandsTest, ReplayNamesTheModelThatIsNotHere)
{
    const std::int64_t row = answer(1);
    m_script.describeError = Error{code::ModelFolder, "no model", {}};
    const Outcome outcome = replay();
    EXPECT_EQ(outcome.exitCode, 3);
    EXPECT_THAT(outcome.out, StartsWith("row " + std::to_string(row) + " not replayed: model "));
    EXPECT_THAT(outcome.out, HasSubstr("... is not on this station\n"));
}

TEST_F(DbCommandsTest, ReplayAsksWithTheOptionsOfTheAnswer)
{
    ASSERT_EQ(ask({"--question", "Which?", "--choices", "cap,label", "--temperature", "0.5", "--seed", "18446744073709551615", "--max-tokens", "3"}).exitCode, 0);
    const AnswerRecord record = storedAnswers().at(0);
    ASSERT_TRUE(record.options);
    EXPECT_EQ(record.options->seed, 18446744073709551615U);
    EXPECT_THAT(record.appVersion, Not(IsEmpty()));
    m_script.options.clear();
    const Outcome outcome = replay({"--json"});
    EXPECT_EQ(outcome.exitCode, 0) << outcome.err << outcome.out;
    EXPECT_EQ(outcome.json().at(0)["options"], "stored");
    ASSERT_THAT(m_script.options, SizeIs(1));
    EXPECT_THAT(m_script.options[0].choices, ElementsAre("cap", "label"));
    EXPECT_EQ(m_script.options[0].temperature, 0.5);
    EXPECT_EQ(m_script.options[0].seed, 18446744073709551615U);
    EXPECT_EQ(m_script.options[0].maxNewTokens, 3);
}

TEST_F(DbCommandsTest, ReplaySaysWhereTheOptionsWereNotKept)
{
    const std::int64_t row = answer(1);
    {
        const Result<std::unique_ptr<Database>> database = Database::open(dataFolder() + "/inspector.db", Database::Access::ReadWrite);
        ASSERT_TRUE(database);
        ASSERT_TRUE((*database)->run("UPDATE answer SET max_tokens = NULL, temperature = NULL, seed = NULL, choices = NULL, golden = NULL"));
    }
    EXPECT_EQ(replay({"--json"}).json().at(0)["options"], "unknown");
    m_script.defaultAnswer = "no";
    EXPECT_THAT(replay().out,
                StartsWith("row " + std::to_string(row) + " differs: stored 'yes', now 'no' (with which options it was asked was not kept)\n"));
}

// --- a damaged database ----------------------------------------------------------------------------------------------

TEST_F(DbCommandsTest, NoneOfThemPutsADamagedDatabaseAside)
{
    answer(1);
    ASSERT_EQ(db({"tag", "x", "--row", "1"}).exitCode, 0);
    const std::string file = dataFolder() + "/inspector.db";
    std::string bytes = testing::readFile(file);
    ASSERT_EQ(db({"retention", "--older-than-days", "0"}).exitCode, 0);
    // A page that no query of these commands reads; only the check at opening does.
    const Result<std::int64_t> page = [&]() -> Result<std::int64_t> {
        const Result<std::unique_ptr<Database>> database = Database::open(file, Database::Access::ReadOnly);
        return (*database)->number("SELECT rootpage FROM sqlite_schema WHERE name = 'counter_reset'");
    }();
    ASSERT_TRUE(page);
    bytes.replace(static_cast<std::size_t>(*page - 1) * 4096, 4096, std::string(4096, '\x5A'));
    m_folder.write("data/inspector.db", bytes);
    for (const Words &words : {Words{"tag", "x", "--row", "1"}, {"hold", "--row", "1"}, {"retention", "--older-than-days", "0", "--apply"}}) {
        const Outcome outcome = db(words);
        EXPECT_EQ(outcome.exitCode, 5) << words[0];
        EXPECT_THAT(outcome.err, HasSubstr("DB-02: inspector.db is damaged")) << words[0];
        EXPECT_THAT(outcome.err, EndsWith("; it was left as it is\n")) << words[0];
    }
    EXPECT_EQ(testing::readFile(file), bytes);
    EXPECT_FALSE(fs::exists(file + ".damaged"));
    EXPECT_THAT(ask({"--question", "Is there a bottle?"}).err, HasSubstr("DB-02: database failed its check; kept as inspector.db.damaged; a new one was started\n"));
}

TEST_F(DbCommandsTest, TellWhatIsToBeKnownOfTheDatabase)
{
    answer(1);
    {
        const Result<std::unique_ptr<Database>> database = Database::open(dataFolder() + "/inspector.db", Database::Access::ReadWrite);
        ASSERT_TRUE((*database)->run("PRAGMA user_version = 99"));
    }
    EXPECT_THAT(db({"tag", "x", "--row", "1"}).err, StartsWith("DB-03: made by version 99"));
}

// --- retention -------------------------------------------------------------------------------------------------------

TEST_F(DbCommandsTest, RetentionPlansAndTouchesNothing)
{
    review(answer(1), Verdict::Ok);
    review(answer(2), Verdict::Ng);
    answer(3);
    EXPECT_THAT(db({"retention"}).out, StartsWith("0 pictures of 0 answers, 0 bytes, need not be kept; 3 pictures stay\n"));
    const Outcome all = db({"retention", "--older-than-days", "0", "--json"});
    ASSERT_EQ(all.exitCode, 0) << all.err;
    EXPECT_EQ(all.json().back()["pictures"], 2) << "never of an answer that nobody reviewed";
    EXPECT_EQ(all.json().back()["kept_pictures"], 1);
    const Outcome good = db({"retention", "--older-than-days", "0", "--keep-verdict", "NG,UNSURE", "--json"});
    EXPECT_EQ(good.json().back()["pictures"], 1);
    EXPECT_EQ(good.json().front()["picture"], storedAnswers()[2].picturePath);
    EXPECT_EQ(storedPictures(), 3);
    EXPECT_THAT(refusal({"retention", "--older-than-days", "-1"}), HasSubstr("--older-than-days"));
    EXPECT_THAT(refusal({"retention", "--keep-verdict", "ALL"}), HasSubstr("ALL not in {OK,NG,UNSURE}"));
}

TEST_F(DbCommandsTest, RetentionRemovesWhenItIsTold)
{
    review(answer(1), Verdict::Ok);
    review(answer(2), Verdict::Ok);
    review(answer(3), Verdict::Ok);
    answer(4);
    ASSERT_EQ(db({"hold", "--row", "2", "--reason", "complaint 17"}).exitCode, 0);
    const std::vector<AnswerRecord> answers = storedAnswers(); // newest first
    const auto fileOf = [&](std::size_t row) { return fs::path(at("data")) / answers[4 - row].picturePath; };
    const auto thumbnailOf = [&](std::size_t row) { return Thumbnails(at("data")).placeOf(answers[4 - row].pictureSha256); };
    for (std::size_t row = 1; row <= 4; ++row) {
        ASSERT_TRUE(Thumbnails(at("data")).of(answers[4 - row].pictureSha256, answers[4 - row].picturePath));
        fs::last_write_time(fileOf(row), fs::file_time_type::clock::now() - std::chrono::hours(row == 3 ? 0 : 24));
    }
    const Outcome outcome = db({"retention", "--older-than-days", "0", "--apply", "--json"});
    ASSERT_EQ(outcome.exitCode, 0) << outcome.err;
    const Json sum = outcome.json().back();
    EXPECT_EQ(sum["pictures"], 2);
    EXPECT_EQ(sum["removed"], 1);
    EXPECT_EQ(sum["busy"], 1);
    EXPECT_FALSE(fs::exists(fileOf(1)));
    EXPECT_FALSE(fs::exists(thumbnailOf(1)));
    for (const std::size_t row : {2, 3, 4}) {
        EXPECT_TRUE(fs::exists(fileOf(row))) << row;
        EXPECT_TRUE(fs::exists(thumbnailOf(row))) << row;
    }
    EXPECT_EQ(db({"check"}).exitCode, 0);
    ASSERT_EQ(db({"export", "--out", at("out.jsonl")}).exitCode, 0);
    EXPECT_THAT(testing::readFile(at("out.jsonl")), HasSubstr("\"removed\":\"20"));
    const Outcome replayed = replay({"--row", "1"});
    EXPECT_EQ(replayed.exitCode, 3);
    EXPECT_THAT(replayed.out, HasSubstr("row 1 not replayed: its picture was removed by retention on 20"));
}

TEST_F(DbCommandsTest, RetentionTellsWhatIsNoPlainFileAndRemovesTheOthers)
{
    for (int seed = 1; seed <= 2; ++seed)
        review(answer(seed), Verdict::Ok);
    const std::vector<AnswerRecord> answers = storedAnswers(); // newest first
    for (const AnswerRecord &each : answers)
        fs::last_write_time(fs::path(at("data")) / each.picturePath, fs::file_time_type::clock::now() - std::chrono::hours(24));
    const fs::path odd = fs::path(at("data")) / answers[0].picturePath;
    fs::remove(odd);
    fs::create_directory(odd);
    const Outcome outcome = db({"retention", "--older-than-days", "0", "--apply", "--json"});
    ASSERT_EQ(outcome.exitCode, 0) << outcome.err;
    EXPECT_EQ(outcome.json().back()["removed"], 1);
    EXPECT_EQ(outcome.json().back()["refused"], 1);
    EXPECT_THAT(outcome.err, HasSubstr("DB-09: '" + answers[0].picturePath + "' is no plain file; nothing was deleted"));
}

// --- hold and tag ----------------------------------------------------------------------------------------------------

TEST_F(DbCommandsTest, HoldAndTagChangeTheRowsThatAreMeant)
{
    for (int seed = 1; seed <= 3; ++seed)
        answer(seed);
    EXPECT_EQ(db({"hold", "--row", "1,3", "--reason", "audit"}).err, "2 answers held\n");
    EXPECT_EQ(db({"hold", "--row", "1"}).err, "1 answer held\n");
    EXPECT_EQ(db({"tag", "shift B", "--held-only", "--json"}).out, "{\"tag\":\"shift B\",\"set\":true,\"changed\":2}\n");
    EXPECT_EQ(db({"hold", "--release", "--tag", "shift B", "--text", "bottle", "--json"}).out, "{\"held\":false,\"answers\":2}\n");
    EXPECT_EQ(db({"tag", "shift B", "--row", "1", "--remove"}).err, "1 answer lost the tag shift B\n");
    const std::vector<AnswerRecord> answers = storedAnswers();
    EXPECT_THAT(answers[0].tags, ElementsAre("shift B"));
    EXPECT_THAT(answers[2].tags, IsEmpty());
    for (const AnswerRecord &record : answers)
        EXPECT_FALSE(record.isHeld);
    EXPECT_EQ(m_timesOpened, 3) << "no model is needed";
}

TEST_F(DbCommandsTest, HoldAndTagRefuseWhatTheyCannotMean)
{
    answer(1);
    EXPECT_THAT(refusal({"hold", "--release", "--verdict", "OK", "--tag", ""}), HasSubstr("--tag: is empty"));
    EXPECT_THAT(refusal({"hold", "--release", "--text", "  "}), HasSubstr("--text '  ' holds no word to look for"));
    for (const char *option : {"--from", "--until", "--question", "--model", "--device", "--source", "--tag", "--reviewer", "--class", "--text"})
        EXPECT_THAT(refusal({"export", "--out", at("out.csv"), option, ""}), HasSubstr(std::string(option) + ": is empty"));
    EXPECT_THAT(refusal({"hold"}), HasSubstr("say which answers: --row N, or a filter"));
    EXPECT_THAT(refusal({"hold", "--row", "1", "--tag", "x"}), HasSubstr("--row is of no use beside a filter"));
    EXPECT_THAT(refusal({"hold", "--row", "7"}), HasSubstr("there is no row 7"));
    EXPECT_THAT(refusal({"hold", "--row", "0"}), HasSubstr("--row"));
    EXPECT_THAT(refusal({"tag", "--row", "1"}), HasSubstr("name is required"));
    EXPECT_THAT(refusal({"tag", " x", "--row", "1"}), HasSubstr("is no name of a tag"));
    EXPECT_THAT(refusal({"tag", "a,b", "--row", "1"}), HasSubstr("is no name of a tag")); // the window would take it for two
    EXPECT_THAT(refusal({"tag", "x", "--row", "1", "--from", "yesterday"}), HasSubstr("is no time as"));
    EXPECT_THAT(storedAnswers()[0].tags, IsEmpty());
}

} // namespace
} // namespace auroraedge::app

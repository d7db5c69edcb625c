#include "app/storage/batch_journal.h"

#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>
#include <sched.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <random>

namespace auroraedge::app {
namespace {

namespace fs = std::filesystem;
using ::testing::AnyOf;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;
using testing::readFile;
using State = BatchJournal::State;
using namespace std::string_literals;

constexpr char kIdentity[] = R"({"question":["Is there a bottle?"],"model":"nano aa","shard":"1/1"})";

JournalEntry answered(const std::string &path, int question = 0, const std::string &sha256 = "aa")
{
    return {{path, 100, 200, sha256}, question, "", "", R"({"answer":"yes"})"};
}

JournalEntry failed(const std::string &path, int question = 0, const std::string &sha256 = {})
{
    return {{path, 100, 200, sha256}, question, "IMG-02", path + " is incomplete", R"({"error":{}})"};
}

class BatchJournalTest : public ::testing::Test
{
protected:
    fs::path file() const { return m_folder / "out.jsonl.journal"; }

    std::unique_ptr<BatchJournal> opened(const std::string &identity = kIdentity, bool isFresh = false) const
    {
        Result<std::unique_ptr<BatchJournal>> journal = BatchJournal::open(file(), identity, isFresh);
        EXPECT_TRUE(journal) << journal.error().message;
        return journal ? *std::move(journal) : nullptr;
    }
    /// "CLI-01: out.jsonl has ..."; "opened" where nothing is refused.
    std::string refusal(const std::string &identity = kIdentity, bool isFresh = false) const
    {
        const Result<std::unique_ptr<BatchJournal>> journal = BatchJournal::open(file(), identity, isFresh);
        return journal ? "opened" : std::string(journal.error().code.text()) + ": " + journal.error().message;
    }
    static void commit(BatchJournal &journal, const std::vector<JournalEntry> &entries)
    {
        const Result<void> committed = journal.commit(entries);
        ASSERT_TRUE(committed) << committed.error().message;
    }
    static std::vector<JournalEntry> all(const BatchJournal &journal)
    {
        std::vector<JournalEntry> entries;
        const Result<void> read = journal.forEach([&](const JournalEntry &entry) -> Result<void> {
            entries.push_back(entry);
            return {};
        });
        EXPECT_TRUE(read) << read.error().message;
        return entries;
    }
    /// "PATH QUESTION" of each entry, and its code where it failed.
    static std::vector<std::string> told(const BatchJournal &journal)
    {
        std::vector<std::string> lines;
        for (const JournalEntry &entry : all(journal))
            lines.push_back(entry.file.path + ' ' + std::to_string(entry.question) + (entry.code.empty() ? "" : ' ' + entry.code));
        return lines;
    }
    void runSql(const std::string &sql) const
    {
        sqlite3 *connection = nullptr;
        ASSERT_EQ(sqlite3_open(file().c_str(), &connection), SQLITE_OK);
        char *message = nullptr;
        EXPECT_EQ(sqlite3_exec(connection, sql.c_str(), nullptr, nullptr, &message), SQLITE_OK) << (message ? message : "");
        sqlite3_close(connection);
    }
    std::vector<std::string> names() const
    {
        std::vector<std::string> all;
        for (const auto &entry : fs::directory_iterator(m_folder.path()))
            all.push_back(entry.path().filename().string());
        std::sort(all.begin(), all.end());
        return all;
    }

    testing::TemporaryFolder m_folder;
};

TEST_F(BatchJournalTest, GivesBackEveryFieldOfAnEntry)
{
    const JournalEntry answer{{"line/a.png", std::int64_t{5} << 40, 1'700'000'000'123'456'789, std::string(64, 'a')}, 3, "", "", R"({"answer":"有划痕"})"};
    const JournalEntry none{{"line/b.png", 0, -1, ""}, 0, "IMG-02", "raw\xFF.png is incomplete", "{}"};
    commit(*opened(), {answer, none});
    const std::vector<JournalEntry> entries = all(*opened());
    ASSERT_THAT(entries, SizeIs(2));
    EXPECT_EQ(entries[0].file.path, answer.file.path);
    EXPECT_EQ(entries[0].file.bytes, answer.file.bytes);
    EXPECT_EQ(entries[0].file.modifiedNs, answer.file.modifiedNs);
    EXPECT_EQ(entries[0].file.sha256, answer.file.sha256);
    EXPECT_EQ(entries[0].question, 3);
    EXPECT_EQ(entries[0].code, "");
    EXPECT_EQ(entries[0].record, answer.record);
    EXPECT_EQ(entries[1].file.modifiedNs, -1);
    EXPECT_EQ(entries[1].file.sha256, "");
    EXPECT_EQ(entries[1].code, "IMG-02");
    EXPECT_EQ(entries[1].message, none.message) << "bytes as they are";
}

TEST_F(BatchJournalTest, GoesByTheBytesOfPathsAndThenByQuestion)
{
    const std::string longest(4095, 'z');
    const std::vector<std::string> sorted = {"\x01", "\t", "\n", "\r", " ", "'=1", "+1", "A", "a", "a\x01" "b", "a\nb", "a b", "a/b", "aa", "b",
                                             longest, "\x7F", "\x80", "\xC3\xA9", "\xED\xA0\x80", "\xF0\x9F\x8D\xBE", "\xFE", "\xFF", "\xFF\xFF"};
    ASSERT_TRUE(std::is_sorted(sorted.begin(), sorted.end()));
    std::vector<JournalEntry> entries;
    for (const std::string &path : sorted)
        for (const int question : {10, 0, 2})
            entries.push_back(answered(path, question));
    std::shuffle(entries.begin(), entries.end(), std::mt19937(7));
    const auto journal = opened();
    for (const JournalEntry &entry : entries)
        commit(*journal, {entry});
    std::vector<std::string> expected;
    for (const std::string &path : sorted)
        for (const char *question : {" 0", " 2", " 10"})
            expected.push_back(path + question);
    EXPECT_EQ(told(*journal), expected);
    for (const std::string &path : sorted)
        EXPECT_EQ(*journal->stateOf(path, 100, 200, 1), State::Answered) << path;
}

TEST_F(BatchJournalTest, EndsAWalkWithTheErrorOfWhoTakes)
{
    const auto journal = opened();
    commit(*journal, {answered("a"), answered("b"), answered("c")});
    int taken = 0;
    const Result<void> walked = journal->forEach([&](const JournalEntry &) -> Result<void> {
        return ++taken < 2 ? Result<void>() : failure(code::DiskFull, "no room");
    });
    ASSERT_FALSE(walked);
    EXPECT_EQ(walked.error().message, "no room");
    EXPECT_EQ(taken, 2);
    commit(*journal, {answered("d")}); // the walk is over
}

TEST_F(BatchJournalTest, ReplacesTheEntryOfTheSamePathAndQuestion)
{
    const auto journal = opened();
    EXPECT_EQ(*journal->attempts("a", 0), 0);
    commit(*journal, {failed("a", 0), answered("a", 1)});
    EXPECT_THAT(told(*journal), ElementsAre("a 0 IMG-02", "a 1"));
    EXPECT_EQ(journal->counts()->failed, 1);

    JournalEntry again = answered("a", 0, "bb");
    again.file.bytes = 101;
    again.file.modifiedNs = 201;
    commit(*journal, {again});
    EXPECT_THAT(told(*journal), ElementsAre("a 0", "a 1"));
    const JournalEntry now = all(*journal)[0];
    EXPECT_EQ(now.file.bytes, 101);
    EXPECT_EQ(now.file.modifiedNs, 201);
    EXPECT_EQ(now.file.sha256, "bb");
    EXPECT_EQ(now.message, "");
    EXPECT_EQ(now.record, again.record);
    EXPECT_EQ(journal->counts()->failed, 0);
    EXPECT_EQ(journal->counts()->entries, 2);
    EXPECT_TRUE(*journal->answerAbout("bb", 0));

    commit(*journal, {failed("a", 0)});
    EXPECT_THAT(told(*journal), ElementsAre("a 0 IMG-02", "a 1"));
    EXPECT_EQ(all(*journal)[0].message, "a is incomplete");
    EXPECT_FALSE(*journal->answerAbout("bb", 0)) << "it is no answer any more";
    commit(*journal, {answered("a", 0), failed("a", 0)}); // twice in one batch
    EXPECT_THAT(told(*journal), ElementsAre("a 0 IMG-02", "a 1"));
    EXPECT_EQ(*journal->attempts("a", 0), 5);
    EXPECT_EQ(*journal->attempts("a", 1), 1);
}

TEST_F(BatchJournalTest, CommitsAllEntriesOrNone)
{
    {
        const auto journal = opened();
        commit(*journal, {answered("a"), failed("b")});
        ASSERT_TRUE(journal->finish());
    }
    runSql("CREATE TRIGGER refuse BEFORE INSERT ON entry WHEN new.path = x'64' BEGIN SELECT raise(ABORT, 'no'); END");
    {
        const auto journal = opened();
        const std::vector<JournalEntry> batch = {answered("a", 1), answered("b"), answered("c"), answered("d"), answered("e")};
        EXPECT_FALSE(journal->commit(batch));
        EXPECT_THAT(told(*journal), ElementsAre("a 0", "b 0 IMG-02"));
        EXPECT_EQ(*journal->attempts("b", 0), 1);
        commit(*journal, {});
        EXPECT_FALSE(journal->commit(batch)) << "the first failure is over";
    }
    EXPECT_THAT(told(*opened()), ElementsAre("a 0", "b 0 IMG-02"));
}

TEST_F(BatchJournalTest, IsStillFinishedAfterACommitThatFailed)
{
    {
        const auto journal = opened();
        commit(*journal, {answered("a")});
        ASSERT_TRUE(journal->finish());
    }
    runSql("CREATE TRIGGER refuse BEFORE INSERT ON entry BEGIN SELECT raise(ABORT, 'no'); END");
    {
        const auto journal = opened();
        EXPECT_FALSE(journal->commit(std::vector{answered("b")}));
    }
    EXPECT_EQ(refusal(R"({"question":["How many?"]})"), "opened");
}

TEST_F(BatchJournalTest, KnowsWhatIsNewChangedAnsweredOrFailed)
{
    const auto journal = opened();
    EXPECT_EQ(*journal->stateOf("a", 100, 200, 1), State::New);
    commit(*journal, {answered("a"), failed("b"), answered("two", 0), answered("two", 1), answered("half", 0), failed("half", 1), answered("one", 1)});
    EXPECT_EQ(*journal->stateOf("a", 100, 200, 1), State::Answered);
    EXPECT_EQ(*journal->stateOf("a", 101, 200, 1), State::Changed);
    EXPECT_EQ(*journal->stateOf("a", 100, 199, 1), State::Changed);
    EXPECT_EQ(*journal->stateOf("b", 100, 200, 1), State::Failed);
    EXPECT_EQ(*journal->stateOf("b", 101, 200, 1), State::Changed) << "a changed file is asked about whatever it was";
    EXPECT_EQ(*journal->stateOf("A", 100, 200, 1), State::New) << "paths are bytes";
    EXPECT_EQ(*journal->stateOf("a ", 100, 200, 1), State::New);

    EXPECT_EQ(*journal->stateOf("two", 100, 200, 2), State::Answered);
    EXPECT_EQ(*journal->stateOf("half", 100, 200, 2), State::Failed) << "one question of two";
    EXPECT_EQ(*journal->stateOf("half", 100, 200, 1), State::Answered) << "the second is not asked";
    EXPECT_EQ(*journal->stateOf("a", 100, 200, 2), State::New) << "the second was never asked";
    EXPECT_EQ(*journal->stateOf("one", 100, 200, 2), State::New) << "the first was never asked";
    JournalEntry later = answered("half", 1);
    later.file.modifiedNs = 999;
    commit(*journal, {later});
    EXPECT_EQ(*journal->stateOf("half", 100, 200, 2), State::Changed) << "the questions are about different files";
    EXPECT_EQ(*journal->stateOf("half", 100, 999, 2), State::Changed);
}

TEST_F(BatchJournalTest, FindsTheFirstAnswerAboutTheSameBytesAndNeverAFailure)
{
    const auto journal = opened();
    commit(*journal, {failed("z", 0, "aa"), answered("y", 0, "aa"), answered("b", 0, "aa"), answered("c", 1, "aa"), answered("d", 0, "bb"), failed("e", 0, "cc")});
    commit(*journal, {answered("a", 0, "aa")});
    const auto path = [&](const std::string &sha256, int question) {
        const Result<std::optional<JournalEntry>> found = journal->answerAbout(sha256, question);
        EXPECT_TRUE(found);
        return *found ? (*found)->file.path : "none";
    };
    EXPECT_EQ(path("aa", 0), "y");
    EXPECT_EQ(path("aa", 1), "c");
    EXPECT_EQ(path("aa", 2), "none");
    EXPECT_EQ(path("bb", 0), "d");
    EXPECT_EQ(path("cc", 0), "none");
    EXPECT_EQ(path("", 0), "none");
    JournalEntry changed = answered("y", 0, "dd");
    commit(*journal, {changed});
    EXPECT_EQ(path("aa", 0), "b") << "that file has other bytes now";
    EXPECT_EQ(path("dd", 0), "y");
}

TEST_F(BatchJournalTest, TellsWhichBytesWereAnsweredInWhole)
{
    const auto journal = opened();
    commit(*journal, {answered("a", 0, "aa"), answered("a", 1, "aa"), answered("b", 0, "bb"), failed("b", 1, "bb"), failed("c"), answered("d", 0, "dd"),
                      answered("e", 1, "dd"), answered("f", 0, "aa"), failed("f", 1, "aa")});
    const auto hashes = [&](int questions) {
        std::vector<std::string> all = *journal->answeredHashes(questions);
        std::sort(all.begin(), all.end());
        return all;
    };
    EXPECT_THAT(hashes(2), ElementsAre("aa", "dd")) << "each question has an answer, if under two names";
    EXPECT_THAT(hashes(3), IsEmpty());
    commit(*journal, {answered("b", 1, "bb")});
    EXPECT_THAT(hashes(2), ElementsAre("aa", "bb", "dd"));
}

TEST_F(BatchJournalTest, CountsEntriesAndFilesThatFailed)
{
    const auto journal = opened();
    EXPECT_EQ(journal->counts()->entries, 0);
    EXPECT_EQ(journal->counts()->failed, 0);
    commit(*journal, {answered("a", 0), failed("a", 1), failed("b", 0), failed("b", 1), answered("c", 0), answered("c", 1)});
    EXPECT_EQ(journal->counts()->entries, 6);
    EXPECT_EQ(journal->counts()->failed, 2);
}

TEST_F(BatchJournalTest, GoesOnUnderTheSameNameAndIdentity)
{
    auto journal = opened();
    const std::string name = journal->batchName();
    EXPECT_THAT(name, SizeIs(32));
    commit(*journal, {answered("a")});
    journal.reset();
    journal = opened();
    EXPECT_EQ(journal->batchName(), name);
    commit(*journal, {answered("b")});
    ASSERT_TRUE(journal->finish());
    journal.reset();
    journal = opened();
    EXPECT_EQ(journal->batchName(), name) << "also once it was finished: new files are added";
    EXPECT_THAT(told(*journal), ElementsAre("a 0", "b 0"));
}

TEST_F(BatchJournalTest, RefusesAnotherBatchWhileOneIsUnfinishedAndTellsWhatDiffers)
{
    commit(*opened(), {answered("a")});
    const std::string before = readFile(file());
    EXPECT_EQ(refusal(R"({"question":["Is there a bottle?"],"model":"large bb","shard":"1/1"})"),
              "CLI-01: out.jsonl has an unfinished batch with another model (\"nano aa\"); finish that one with its own command, choose another --out, "
              "or drop it with --fresh");
    EXPECT_THAT(refusal(R"({"question":["划痕?"],"model":"nano aa","shard":"1/1"})"), HasSubstr("another question ([\"Is there a bottle?\"]);"));
    EXPECT_THAT(refusal(R"({"question":["Is there a bottle?"],"model":"nano aa","shard":"1/3"})"), HasSubstr("another shard (\"1/1\");"));
    EXPECT_THAT(refusal(R"({"question":["Is there a bottle?"],"model":"nano aa","shard":"1/1","roi":"1,2,3,4"})"), HasSubstr("another roi (null);"));
    EXPECT_THAT(refusal(R"({"question":["Is there a bottle?"],"model":"nano aa"})"), HasSubstr("another form;")) << "of a version that asks less";
    EXPECT_THAT(refusal("no JSON"), HasSubstr("CLI-01: out.jsonl has an unfinished batch with another form;"));
    EXPECT_EQ(readFile(file()), before);
    EXPECT_THAT(told(*opened()), ElementsAre("a 0"));
}

TEST_F(BatchJournalTest, TellsADifferenceBrieflyHoweverMuchWasNamed)
{
    for (const std::string start : {"", "x", "xx"}) { // the cut falls on each byte of a letter
        std::string paths = '"' + start;
        for (int i = 0; i < 1000; ++i)
            paths += "路径";
        commit(*opened("{\"paths\":[" + paths + "\"]}", true), {answered("a")});
        const std::string sentence = refusal(R"({"paths":["line"]})");
        EXPECT_LT(sentence.size(), 300U);
        EXPECT_THAT(sentence, HasSubstr("another paths ([\"" + start + "路径"));
        EXPECT_THAT(sentence, HasSubstr("...); finish that one"));
        EXPECT_NO_THROW((void)nlohmann::json(sentence).dump()) << "half a letter";
    }
}

TEST_F(BatchJournalTest, BeginsAnewWhenTheOtherBatchWasFinishedOrHadNotBegun)
{
    const std::string other = R"({"question":["How many?"]})", third = R"({"question":["Which?"]})";
    std::string name;
    {
        const auto journal = opened();
        name = journal->batchName();
        commit(*journal, {answered("a")});
        ASSERT_TRUE(journal->finish());
    }
    {
        const auto journal = opened(other);
        EXPECT_NE(journal->batchName(), name) << "its answers must not be taken for those of the first";
        EXPECT_THAT(told(*journal), IsEmpty());
        EXPECT_EQ(*journal->attempts("a", 0), 0);
        commit(*journal, {answered("b")});
    }
    EXPECT_THAT(refusal(third), HasSubstr("CLI-01")) << "the second is unfinished";
    {
        const auto journal = opened(other);
        ASSERT_TRUE(journal->finish());
        commit(*journal, {answered("c")});
    }
    EXPECT_THAT(refusal(third), HasSubstr("CLI-01")) << "something was committed after it was finished";
    {
        const auto journal = opened(third, true);
        EXPECT_THAT(told(*journal), IsEmpty());
    }
    {
        const auto empty = opened(other);
        commit(*empty, {failed("a")});
    }
    EXPECT_EQ(refusal(other), "opened");
}

TEST_F(BatchJournalTest, BeginsAnewWhenItIsToldTo)
{
    std::string name;
    {
        const auto journal = opened();
        name = journal->batchName();
        commit(*journal, {answered("a"), failed("b")});
    }
    const auto journal = opened(kIdentity, true);
    EXPECT_THAT(told(*journal), IsEmpty());
    EXPECT_NE(journal->batchName(), name);
    EXPECT_EQ(*journal->stateOf("a", 100, 200, 1), State::New);
    EXPECT_EQ(*journal->attempts("b", 0), 0);
}

TEST_F(BatchJournalTest, LeavesNothingBehindWhenNothingWasAsked)
{
    opened().reset();
    EXPECT_THAT(names(), IsEmpty());
    commit(*opened(), {failed("a")});
    EXPECT_THAT(names(), ElementsAre("out.jsonl.journal"));
    {
        const auto journal = opened();
        EXPECT_THAT(told(*journal), ElementsAre("a 0 IMG-02"));
    }
    EXPECT_THAT(names(), ElementsAre("out.jsonl.journal"));
    opened(kIdentity, true).reset();
    EXPECT_THAT(names(), IsEmpty());
}

TEST_F(BatchJournalTest, KeepsASecondProgramOut)
{
    const auto journal = opened();
    commit(*journal, {answered("a")});
    EXPECT_EQ(refusal(), "APP-01: already running (pid " + std::to_string(getpid()) + ")");
    EXPECT_THAT(refusal(kIdentity, true), HasSubstr("APP-01"));
    // Of somebody whose run-time files lie elsewhere our lock is not seen, so the file itself is locked.
    const char *const runtime = std::getenv("XDG_RUNTIME_DIR");
    const std::string before = runtime ? runtime : "";
    fs::create_directories(m_folder / "elsewhere");
    setenv("XDG_RUNTIME_DIR", (m_folder / "elsewhere").c_str(), 1);
    const std::string told = refusal(kIdentity, true);
    runtime ? setenv("XDG_RUNTIME_DIR", before.c_str(), 1) : unsetenv("XDG_RUNTIME_DIR");
    EXPECT_EQ(told, "APP-01: already running: another program uses out.jsonl.journal");
    EXPECT_THAT(BatchJournalTest::told(*journal), ElementsAre("a 0"));
    commit(*journal, {answered("b")});
}

TEST_F(BatchJournalTest, RefusesAFileThatIsNoJournalAndLeavesItAsItIs)
{
    const std::string sentence = "DB-04: out.jsonl.journal is not a journal of a batch; move it away or choose another --out";
    for (const std::string &content : {"notes of somebody\n"s, std::string(5000, '\0'), "SQLite format 3\0 of no use"s + std::string(5000, 'x')}) {
        m_folder.write("out.jsonl.journal", content);
        EXPECT_EQ(refusal(), sentence);
        EXPECT_EQ(refusal(kIdentity, true), sentence) << "--fresh drops a journal and nothing else";
        EXPECT_EQ(readFile(file()), content);
    }
    fs::remove(file());
    runSql("CREATE TABLE precious (x); INSERT INTO precious VALUES (1); PRAGMA application_id = 77");
    const std::string content = readFile(file());
    EXPECT_EQ(refusal(), sentence);
    EXPECT_EQ(refusal(kIdentity, true), sentence);
    EXPECT_EQ(readFile(file()), content);
    runSql("PRAGMA application_id = 0");
    EXPECT_EQ(refusal(kIdentity, true), sentence);
    fs::remove(file());
    m_folder.write("out.jsonl.journal", ""s);
    EXPECT_EQ(refusal(), "opened") << "an empty file is nobody's";
}

TEST_F(BatchJournalTest, RefusesAJournalOfAnotherVersionUntilItIsDropped)
{
    commit(*opened(), {answered("a")});
    runSql("PRAGMA user_version = 2; DROP TABLE batch; CREATE TABLE batch (x); ALTER TABLE entry ADD COLUMN y TEXT");
    EXPECT_EQ(refusal(), "DB-03: out.jsonl.journal was made by another version of the program; choose another --out, or drop it with --fresh");
    {
        const auto journal = opened(kIdentity, true);
        commit(*journal, {answered("b")});
    }
    EXPECT_THAT(told(*opened()), ElementsAre("b 0"));
}

TEST_F(BatchJournalTest, TellsAFolderThatCannotBeWritten)
{
    const Result<std::unique_ptr<BatchJournal>> nowhere = BatchJournal::open(m_folder / "nowhere/out.jsonl.journal", kIdentity, false);
    ASSERT_FALSE(nowhere);
    EXPECT_EQ(nowhere.error().code, code::FolderNotWritable);
    fs::create_directories(file());
    EXPECT_THAT(refusal(), HasSubstr("FS-07: cannot write to " + m_folder.path().string()));
    fs::remove(file());
    m_folder.write("precious", ""s);
    fs::create_symlink("precious", file());
    EXPECT_THAT(refusal(kIdentity, true), HasSubstr("FS-07")) << "a link is not followed";
    EXPECT_EQ(fs::file_size(m_folder / "precious"), 0U);
}

TEST_F(BatchJournalTest, TellsDamageWhereverItIsAndIsDroppedWithIt)
{
    {
        const auto journal = opened();
        std::vector<JournalEntry> entries;
        for (int i = 0; i < 300; ++i) {
            entries.push_back(i % 7 == 0 ? failed("line/p" + std::to_string(i)) : answered("line/p" + std::to_string(i), 0, std::string(64, static_cast<char>('a' + i % 5))));
            entries.back().record = std::string(600, 'r');
        }
        commit(*journal, entries);
    }
    const std::string whole = readFile(file());
    constexpr std::size_t kPage = 4096;
    ASSERT_GT(whole.size(), 20 * kPage);
    std::mt19937 random(11);
    int damaged = 0;
    for (int round = 0; round < 100; ++round) {
        SCOPED_TRACE(round);
        std::string content = whole;
        const std::size_t at = random() % content.size();
        switch (round % 4) {
        case 0: content.resize(at); break;
        case 1: content.replace(at / kPage * kPage, kPage, kPage, '\0'); break;
        case 2: content[at] = static_cast<char>(content[at] ^ (1 << random() % 8)); break;
        default: // in the first page, where the names of tables and columns lie
            for (int i = 0; i < 8; ++i)
                content[random() % 2000 + 100] = static_cast<char>(random());
        }
        m_folder.write("out.jsonl.journal", content);
        const auto check = [&](const auto &result) {
            if (result)
                return;
            ++damaged;
            EXPECT_THAT(std::string(result.error().code.text()), AnyOf("DB-02", "DB-04")) << result.error().message;
            if (result.error().code == code::DatabaseDamaged) {
                EXPECT_THAT(result.error().message, StartsWith("out.jsonl.journal is damaged ("));
                EXPECT_THAT(result.error().message, EndsWith("; begin anew with --fresh"));
            }
        };
        {
            const Result<std::unique_ptr<BatchJournal>> journal = BatchJournal::open(file(), kIdentity, false);
            check(journal);
            if (journal) {
                check((*journal)->counts());
                check((*journal)->answeredHashes(1));
                check((*journal)->answerAbout(std::string(64, 'a'), 0));
                check((*journal)->attempts("line/p17", 0));
                check((*journal)->stateOf("line/p17", 100, 200, 1));
                check((*journal)->forEach([](const JournalEntry &) -> Result<void> { return {}; }));
            }
        }
        const std::string fresh = refusal(kIdentity, true);
        EXPECT_THAT(fresh, AnyOf("opened", HasSubstr("DB-04: "))); // the latter where the damage has taken its name
        if (fresh == "opened" || fs::exists(file()))
            fs::remove(file());
    }
    EXPECT_GT(damaged, 30);
}

TEST_F(BatchJournalTest, LosesNothingThatWasCommittedWhenItIsKilled)
{
    constexpr int kEntries = 8; // of each batch
    const auto pathOf = [](int batch, int entry) { return "line/p" + std::to_string(batch) + '-' + std::to_string(entry) + ".png"; };
    for (int round = 0; round < 25; ++round) {
        SCOPED_TRACE(round);
        fs::remove(file());
        int committed[2];
        ASSERT_EQ(pipe(committed), 0);
        const pid_t child = fork();
        if (child == 0) {
            close(committed[0]);
            const Result<std::unique_ptr<BatchJournal>> journal = BatchJournal::open(file(), kIdentity, false);
            for (int batch = 0; journal; ++batch) {
                std::vector<JournalEntry> entries;
                for (int i = 0; i < kEntries; ++i) {
                    entries.push_back(answered(pathOf(batch, i)));
                    entries.back().record = std::string(20'000, 'r'); // so that much of the time goes by within a commit
                }
                if (!(*journal)->commit(entries) || write(committed[1], "x", 1) != 1)
                    break;
            }
            _exit(1);
        }
        close(committed[1]);
        char byte = 0;
        int told = 0;
        while (told < round && read(committed[0], &byte, 1) == 1)
            ++told;
        for (int i = 0; i < 1000 * (round % 5); ++i) // a while later, somewhere in the next commit
            sched_yield();
        kill(child, SIGKILL);
        while (read(committed[0], &byte, 1) == 1)
            ++told;
        int status = 0;
        waitpid(child, &status, 0);
        close(committed[0]);
        ASSERT_TRUE(WIFSIGNALED(status));

        const auto journal = opened();
        ASSERT_TRUE(journal);
        const std::int64_t entries = journal->counts()->entries;
        EXPECT_GE(entries, told * kEntries);
        EXPECT_LE(entries, (told + 1) * kEntries) << "one batch is redone at most";
        EXPECT_EQ(entries % kEntries, 0) << "half a batch";
        for (int batch = 0; batch < told; ++batch)
            for (int i = 0; i < kEntries; ++i)
                EXPECT_EQ(*journal->stateOf(pathOf(batch, i), 100, 200, 1), State::Answered);
        commit(*journal, {answered("later")});
        if (entries > 0) {
            EXPECT_EQ(all(*journal).back().record, std::string(20'000, 'r'));
        }
    }
}

TEST_F(BatchJournalTest, GoesOnAfterADiskThatTookNoMore)
{
    const auto journal = opened();
    commit(*journal, {answered("a")});
    rlimit before{};
    ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
    const auto handler = std::signal(SIGXFSZ, SIG_IGN);
    rlimit small = before;
    small.rlim_cur = 64 << 10;
    ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
    std::vector<JournalEntry> batch;
    for (int i = 0; i < 32; ++i) {
        batch.push_back(answered("b" + std::to_string(i)));
        batch.back().record = std::string(10'000, 'r');
    }
    const Result<void> refused = journal->commit(batch);
    setrlimit(RLIMIT_FSIZE, &before);
    std::signal(SIGXFSZ, handler);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code.family(), "FS") << refused.error().message;
    EXPECT_THAT(told(*journal), ElementsAre("a 0"));
    commit(*journal, batch);
    EXPECT_EQ(journal->counts()->entries, 33);
}

} // namespace
} // namespace auroraedge::app

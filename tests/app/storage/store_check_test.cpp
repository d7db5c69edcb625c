#include "app/storage/store_check.h"

#include "app/storage/answer_store.h"
#include "app/storage/database.h"
#include "app/storage/store_backup.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <sqlite3.h>

#include <atomic>
#include <fstream>
#include <sys/stat.h>
#include <thread>

namespace auroraedge::app {
namespace {

namespace fs = std::filesystem;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using testing::readFile;
using testing::TemporaryFolder;
using namespace std::string_literals;

class StoreCheckTest : public ::testing::Test
{
protected:
    StoreCheckTest()
    {
        fs::create_directories(data());
        m_store = *AnswerStore::open(data());
    }
    fs::path data() const { return m_folder / "data"; }

    /// @return its row, with the picture of that content.
    AnswerRecord store(const std::string &content)
    {
        AnswerRecord record;
        record.timeUtcMs = 1'700'000'000'123;
        record.source = "/line/a.jpg";
        record.question = "Is there a bottle?";
        record.answer = content;
        record.modelName = "nano";
        record.modelSha256 = std::string(64, 'a');
        const Result<std::int64_t> row = m_store->insertAnswer(record, EvidencePicture{{content.begin(), content.end()}, EvidenceFormat::Jpeg});
        EXPECT_TRUE(row);
        return **m_store->answer(*row);
    }
    void overwrite(const std::string &relative, const std::string &content) const { std::ofstream(data() / relative) << content; }
    void runSql(const fs::path &file, const std::string &sql) const
    {
        sqlite3 *connection = nullptr;
        ASSERT_EQ(sqlite3_open(file.c_str(), &connection), SQLITE_OK);
        char *why = nullptr;
        EXPECT_EQ(sqlite3_exec(connection, sql.c_str(), nullptr, nullptr, &why), SQLITE_OK) << (why ? why : "");
        sqlite3_close(connection);
    }
    StoreCheck check(const std::stop_token &stop = {})
    {
        m_faults.clear();
        StoreCheckListener listener;
        listener.onFault = [this](const Error &fault) { m_faults.push_back(std::string(fault.code.text()) + ": " + fault.message); };
        listener.onPicture = [this](std::int64_t done, std::int64_t all) { m_progress = {done, all}; };
        const Result<StoreCheck> checked = checkStore(data(), listener, stop);
        EXPECT_TRUE(checked) << checked.error().message;
        EXPECT_EQ(checked->faults, static_cast<std::int64_t>(m_faults.size()));
        return *checked;
    }

    TemporaryFolder m_folder;
    std::unique_ptr<AnswerStore> m_store;
    std::vector<std::string> m_faults;
    std::pair<std::int64_t, std::int64_t> m_progress;
};

TEST_F(StoreCheckTest, FindsNothingWrongWithAWholeStore)
{
    store("one");
    store("two");
    store("two");
    overwrite("pictures/notes.txt", "somebody's");
    const StoreCheck found = check();
    EXPECT_THAT(m_faults, IsEmpty());
    EXPECT_EQ(found.answers, 3);
    EXPECT_EQ(found.pictures, 2);
    EXPECT_EQ(found.pictureBytes, 6);
    EXPECT_EQ(found.unknownFiles, 1);
    EXPECT_EQ(m_progress, (std::pair<std::int64_t, std::int64_t>(2, 2)));
    EXPECT_EQ(readFile(data() / "pictures/notes.txt"), "somebody's");
}

TEST_F(StoreCheckTest, FindsAChangedByteAndAMissingPicture)
{
    const AnswerRecord changed = store("changed"), missing = store("missing"), link = store("link");
    store("whole");
    overwrite(changed.picturePath, "chanGed");
    fs::remove(data() / missing.picturePath);
    fs::remove(data() / link.picturePath); // a FIFO must not stop the check for ever
    ASSERT_EQ(mkfifo((data() / link.picturePath).c_str(), 0600), 0);
    const StoreCheck found = check();
    EXPECT_EQ(found.faults, 3);
    EXPECT_THAT(m_faults, Contains("DB-09: evidence hash differs: " + changed.picturePath));
    EXPECT_THAT(m_faults, Contains("DB-08: evidence image missing: " + missing.picturePath));
    EXPECT_THAT(m_faults, Contains("DB-08: evidence image missing: " + link.picturePath));
}

TEST_F(StoreCheckTest, ReadsNothingOutsideOfThePictures)
{
    const AnswerRecord record = store("one");
    m_store.reset();
    runSql(data() / "inspector.db", "UPDATE picture SET path = '../../etc/passwd'");
    check();
    EXPECT_THAT(m_faults, ElementsAre("DB-09: '../../etc/passwd' is no place of a picture"));
}

TEST_F(StoreCheckTest, FindsRowsThatPointNowhereAndPlantedTriggers)
{
    const AnswerRecord record = store("one");
    m_store.reset();
    runSql(data() / "inspector.db", "PRAGMA foreign_keys = OFF; DELETE FROM model");
    runSql(data() / "inspector.db", "CREATE TRIGGER quiet AFTER INSERT ON answer BEGIN DELETE FROM review; END");
    check();
    EXPECT_THAT(m_faults, Contains(HasSubstr("DB-02: inspector.db is damaged: row 1 of 'answer' names no row of 'model'")));
    EXPECT_THAT(m_faults, Contains("DB-07: unexpected schema object 'quiet'"));
}

TEST_F(StoreCheckTest, FindsAKeyOfABatchThatNamesNoAnswer)
{
    AnswerRecord record;
    record.question = "q";
    record.answer = "a";
    std::vector<BatchAnswer> batch = {{record, std::nullopt, std::string(64, 'k')}, {record, std::nullopt, std::string(64, 'm')}};
    ASSERT_TRUE(m_store->insertBatch(batch));
    EXPECT_EQ(check().faults, 0);
    m_store.reset();
    runSql(data() / "inspector.db", "PRAGMA foreign_keys = OFF; UPDATE batch_answer SET answer_id = 99 WHERE key = '" + batch[1].key + "'");
    check();
    EXPECT_THAT(m_faults, ElementsAre("DB-02: inspector.db is damaged: a row of 'batch_answer' names no row of 'answer'"));
}

TEST_F(StoreCheckTest, FindsADamagedPage)
{
    for (int i = 0; i < 200; ++i)
        store("answer " + std::to_string(i));
    m_store.reset();
    runSql(data() / "inspector.db", "PRAGMA wal_checkpoint(TRUNCATE)");
    std::fstream file(data() / "inspector.db", std::ios::in | std::ios::out | std::ios::binary);
    const auto pages = static_cast<std::streamoff>(fs::file_size(data() / "inspector.db") / 4096);
    for (std::streamoff page = pages / 2; page < pages; ++page) {
        file.seekp(page * 4096);
        file.write(std::string(64, '\x7F').data(), 64);
    }
    file.close();
    check();
    EXPECT_THAT(m_faults, Contains(HasSubstr("DB-02: inspector.db is damaged")));
}

TEST_F(StoreCheckTest, FindsWhatDoesNotFollowFromTheAnswersAndTheLogs)
{
    for (const char *content : {"yes", "nothing to see", "no"})
        store(content);
    for (const char *reviewer : {"maria", "ben"})
        for (const std::int64_t row : {1, 2})
            ASSERT_TRUE(m_store->insertReview({row, 5, row == 1 ? Verdict::Ng : Verdict::Ok, "dull", reviewer, "dent", "left edge"}));
    const std::vector<std::int64_t> rows{1, 2};
    ASSERT_TRUE(m_store->setHeld(rows, true, "audit", {1, "maria"}));
    ASSERT_TRUE(m_store->tag(rows, "night", {1, "maria"}));
    ASSERT_TRUE(m_store->undoReviews(rows, "maria", 6));
    EXPECT_EQ(check().faults, 0);
    EXPECT_THAT(m_faults, IsEmpty());
    m_store.reset();
    const std::string whole = readFile(data() / "inspector.db");
    const auto toldAfter = [&](const std::string &damage) {
        runSql(data() / "inspector.db", damage);
        check();
        std::string told;
        for (const std::string &fault : m_faults)
            told += fault + '\n';
        for (const char *part : {"inspector.db-wal", "inspector.db-shm"})
            fs::remove(data() / part);
        m_folder.write("data/inspector.db", whole);
        return told;
    };
    const std::string row = "DB-02: inspector.db is damaged: what answer 2 is counted by does not follow from it\n";
    EXPECT_THAT(toldAfter("DELETE FROM facet WHERE answer_id = 2"), HasSubstr(row));
    EXPECT_EQ(toldAfter("UPDATE facet SET is_held = 0 WHERE answer_id = 2"), row);
    EXPECT_EQ(toldAfter("UPDATE facet SET total_us = 3 WHERE answer_id = 2"), row);
    EXPECT_THAT(toldAfter("UPDATE facet SET judgement = 0, review_id = NULL WHERE answer_id = 2"), HasSubstr(row));
    const std::string list = "DB-02: inspector.db is damaged: 1 rows of 'LIST' are missing, or do not follow from the answers\n";
    for (const char *name : {"judged", "tagged"}) {
        std::string expected = list;
        expected.replace(expected.find("LIST"), 4, name);
        EXPECT_EQ(toldAfter(std::string("DELETE FROM ") + name + " WHERE answer_id = 2"), expected);
    }
    EXPECT_THAT(toldAfter("UPDATE hour_count SET answers = answers + 1"), HasSubstr("rows of 'hour_count' are missing"));
    EXPECT_THAT(toldAfter("INSERT INTO judged_pair VALUES (1, 2, 3, 1, 1)"), HasSubstr("1 rows of 'judged_pair' are missing"));
    EXPECT_EQ(toldAfter("INSERT INTO answer_text (answer_text, rowid, body) VALUES ('delete', 3, 'no Is there a bottle? /line/a.jpg')"),
              "DB-02: inspector.db is damaged: the words that answers are found by are not those of the answers, first at 'a'\n");
    EXPECT_THAT(toldAfter("INSERT INTO answer_text (rowid, body) VALUES (3, 'zebra')"), HasSubstr("first at 'zebra'"));
    EXPECT_EQ(check().faults, 0) << "what was put back is whole";
}

TEST_F(StoreCheckTest, StopsWhenItIsAsked)
{
    store("one");
    std::stop_source stop;
    stop.request_stop();
    const Result<StoreCheck> stopped = checkStore(data(), {}, stop.get_token());
    ASSERT_FALSE(stopped);
    EXPECT_EQ(stopped.error().code, code::Cancelled);
}

TEST_F(StoreCheckTest, SaysWhenThereIsNothingToCheck)
{
    const TemporaryFolder empty;
    const Result<StoreCheck> none = checkStore(empty.path(), {}, {});
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().code, code::FileNotFound);
}

class StoreBackupTest : public StoreCheckTest
{
protected:
    fs::path copy() const { return m_folder / "copies/copy.db"; }
    void SetUp() override { fs::create_directories(m_folder / "copies"); }
    std::vector<std::string> copies() const
    {
        std::vector<std::string> names;
        for (const auto &entry : fs::directory_iterator(m_folder / "copies"))
            names.push_back(entry.path().filename().string());
        return names;
    }
    std::string refusal(const fs::path &place, bool replaces = false) const
    {
        const Result<std::int64_t> answers = backUpDatabase(data(), place, replaces, {});
        return answers ? "copied" : std::string(answers.error().code.text()) + ": " + answers.error().message;
    }
};

TEST_F(StoreBackupTest, IsOneFileThatOpensAndHoldsEveryRow)
{
    for (int i = 0; i < 50; ++i)
        store(std::to_string(i));
    const Result<std::int64_t> answers = backUpDatabase(data(), copy(), false, {});
    ASSERT_TRUE(answers) << answers.error().message;
    EXPECT_EQ(*answers, 50);
    EXPECT_THAT(copies(), ElementsAre("copy.db"));
    EXPECT_EQ(fs::status(copy()).permissions(), fs::perms::owner_read | fs::perms::owner_write);
    fs::create_directories(m_folder / "restored");
    fs::copy(copy(), m_folder / "restored/inspector.db");
    const Result<std::unique_ptr<AnswerStore>> restored = AnswerStore::open(m_folder / "restored");
    ASSERT_TRUE(restored);
    EXPECT_THAT((*restored)->notices(), IsEmpty());
    EXPECT_EQ((*restored)->answer(17).value()->answer, "16");
}

TEST_F(StoreBackupTest, HoldsEveryRowThatWasAcknowledgedBeforeItBegan)
{
    std::atomic<std::int64_t> acknowledged = 0;
    std::jthread writer([&](const std::stop_token &stop) {
        const std::unique_ptr<AnswerStore> own = *AnswerStore::open(data());
        for (int i = 0; !stop.stop_requested(); ++i) {
            AnswerRecord record;
            record.question = "q";
            record.answer = std::to_string(i);
            acknowledged = *own->insertAnswer(record, {});
        }
    });
    for (int round = 0; round < 10; ++round) {
        while (acknowledged < 5 * (round + 1))
            std::this_thread::yield();
        const std::int64_t before = acknowledged;
        const Result<std::int64_t> answers = backUpDatabase(data(), copy(), true, {});
        ASSERT_TRUE(answers) << answers.error().message;
        EXPECT_GE(*answers, before);
        const Result<std::unique_ptr<Database>> opened = Database::open(copy(), Database::Access::ReadOnly);
        ASSERT_TRUE(opened);
        EXPECT_EQ(*(*opened)->text("PRAGMA integrity_check"), "ok");
        EXPECT_EQ(*(*opened)->number("SELECT count(*) FROM answer WHERE id <= " + std::to_string(before)), before);
    }
    EXPECT_THAT(copies(), ElementsAre("copy.db"));
}

TEST_F(StoreBackupTest, ReplacesNothingUnaskedAndNeverTheDatabaseItself)
{
    store("one");
    m_folder.write("copies/copy.db", "mine"s);
    EXPECT_THAT(refusal(copy()), HasSubstr("CLI-01: " + copy().string() + " is there already"));
    EXPECT_EQ(readFile(copy()), "mine");
    for (const char *own : {"inspector.db", "inspector.db-wal", "inspector.db.turn", "pictures/ab/copy.db", "../data/inspector.db"})
        EXPECT_THAT(refusal(data() / own, true), HasSubstr("is the database itself, or a part of it")) << own;
    EXPECT_THAT(refusal(m_folder / "copies", true), HasSubstr("CLI-01"));
    EXPECT_EQ(refusal(copy(), true), "copied");
    EXPECT_THAT(refusal(m_folder / "nowhere/copy.db"), HasSubstr("FS-07: cannot write to " + (m_folder / "nowhere").string()));
}

TEST_F(StoreBackupTest, ReplacesNoDatabaseThatSomebodyHasOpenOrThatHasALog)
{
    store("one");
    const fs::path other = m_folder / "other";
    fs::create_directories(other);
    {
        const std::unique_ptr<AnswerStore> inUse = *AnswerStore::open(other);
        EXPECT_THAT(refusal(other / "inspector.db", true), HasSubstr("DB-01: " + (other / "inspector.db").string() + " is in use by another program"));
        EXPECT_EQ(*inUse->countAnswers(), 0) << "who has it open goes on";
    }
    m_folder.write("other/inspector.db-wal", "left by a killed program"s);
    EXPECT_THAT(refusal(other / "inspector.db", true), HasSubstr("CLI-01: " + (other / "inspector.db-wal").string() + " is the log of another database"));
    fs::remove(other / "inspector.db-wal");
    EXPECT_EQ(refusal(other / "inspector.db", true), "copied");
    EXPECT_EQ((*AnswerStore::open(other))->answer(1).value()->answer, "one");
}

TEST_F(StoreBackupTest, AnOlderCopyPutInThePlaceOfAClosedDatabaseIsReadAsItIs)
{
    for (int i = 0; i < 20; ++i)
        store(std::to_string(i));
    ASSERT_TRUE(backUpDatabase(data(), copy(), false, {}));
    for (int i = 20; i < 60; ++i)
        store(std::to_string(i));
    m_store.reset();
    fs::create_directories(m_folder / "moved");
    fs::copy(data() / "inspector.db", m_folder / "moved/inspector.db");
    EXPECT_EQ(*(*AnswerStore::open(m_folder / "moved"))->countAnswers(), 60) << "the file alone has every row";
    fs::copy_file(copy(), data() / "inspector.db", fs::copy_options::overwrite_existing);
    const Result<std::unique_ptr<AnswerStore>> restored = AnswerStore::open(data());
    ASSERT_TRUE(restored) << restored.error().message;
    EXPECT_THAT((*restored)->notices(), IsEmpty());
    EXPECT_EQ(*(*restored)->countAnswers(), 20) << "the log of the newer one is not read into it";
}

TEST_F(StoreBackupTest, RefusesToCopyDamage)
{
    store("one");
    m_store.reset();
    runSql(data() / "inspector.db", "PRAGMA foreign_keys = OFF; DELETE FROM model");
    EXPECT_THAT(refusal(copy()), HasSubstr("DB-02: the copy is not whole: "));
    EXPECT_THAT(copies(), IsEmpty());
}

} // namespace
} // namespace auroraedge::app

#include "app/storage/answer_query.h"
#include "app/storage/answer_statistics.h"
#include "app/storage/answer_store.h"
#include "app/storage/database.h"
#include "app/storage/schema.h"
#include "app/storage/store_users.h"
#include "app/storage/write_turn.h"
#include "tests/app/batch/other_user.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <fstream>
#include <optional>
#include <random>
#include <thread>

namespace auroraedge::app {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using testing::readFile;
using testing::TemporaryFolder;
using Clock = std::chrono::steady_clock;

AnswerRecord numbered(int number)
{
    AnswerRecord record;
    record.timeUtcMs = 1'700'000'000'000 + number;
    record.source = "sim:";
    record.question = "Is there a bottle?";
    record.answer = std::to_string(number) + std::string(100, 'x');
    record.modelName = "nano";
    record.modelSha256 = std::string(64, 'a');
    record.latency.totalMs = number;
    return record;
}

/// A database, and what becomes of it when it is opened.
class StoreOpeningTest : public ::testing::Test
{
protected:
    void fill(int rows)
    {
        const std::unique_ptr<AnswerStore> store = *AnswerStore::open(m_folder.path());
        for (int i = 1; i <= rows; ++i) {
            ASSERT_TRUE(store->insertAnswer(numbered(i), std::nullopt));
            if (i % 3 == 0) {
                ASSERT_TRUE(store->insertReview({i, 1'700'000'050'000, Verdict::Ng, "dent", "maria"}));
            }
        }
    }
    [[nodiscard]] fs::path file() const { return m_folder / "inspector.db"; }
    /// Overwrites a stretch of the database, which nobody has open here: SQLite's locks would go with the closing.
    void damage(std::size_t from = 8192, std::size_t bytes = 8192)
    {
        std::string content = readFile(file());
        ASSERT_GE(content.size(), from + bytes);
        content.replace(from, bytes, std::string(bytes, '\x5A'));
        m_folder.write("inspector.db", content);
    }
    [[nodiscard]] std::vector<std::string> putAside() const
    {
        std::vector<std::string> names;
        for (const auto &entry : fs::directory_iterator(m_folder.path()))
            if (entry.path().filename().string().find(".damaged") != std::string::npos)
                names.push_back(entry.path().filename().string());
        std::ranges::sort(names);
        return names;
    }
    static std::string told(const Result<std::unique_ptr<AnswerStore>> &store)
    {
        return store ? "opened" : std::string(store.error().code.text()) + ": " + store.error().message;
    }

    TemporaryFolder m_folder;
};

/// Another program with the database open, until it is told to end.
class OtherProgram final
{
public:
    explicit OtherProgram(const fs::path &folder)
    {
        int ready[2], end[2];
        if (pipe(ready) != 0 || pipe(end) != 0)
            std::abort();
        m_child = fork();
        if (m_child == 0) {
            close(end[1]);
            Result<std::unique_ptr<AnswerStore>> store = AnswerStore::open(folder);
            char byte = store ? 'o' : 'x';
            (void)!write(ready[1], &byte, 1);
            while (read(end[0], &byte, 1) == 1 && store) {
                const bool isStored = (*store)->insertAnswer(numbered(1000), std::nullopt).has_value();
                byte = isStored ? 's' : 'f';
                (void)!write(ready[1], &byte, 1);
            }
            _exit(0);
        }
        close(ready[1]);
        close(end[0]);
        m_ready = ready[0];
        m_end = end[1];
        m_isOpen = answer() == 'o';
    }
    ~OtherProgram() { end(); }
    [[nodiscard]] bool isOpen() const { return m_isOpen; }
    /// @return whether its next answer is in a row.
    [[nodiscard]] bool stores() const { return write(m_end, "s", 1) == 1 && answer() == 's'; }
    void end()
    {
        if (m_child <= 0)
            return;
        close(m_end);
        close(m_ready);
        waitpid(std::exchange(m_child, 0), nullptr, 0);
    }

private:
    [[nodiscard]] char answer() const
    {
        char byte = 0;
        return read(m_ready, &byte, 1) == 1 ? byte : '\0';
    }

    pid_t m_child = 0;
    int m_ready = -1, m_end = -1;
    bool m_isOpen = false;
};

TEST_F(StoreOpeningTest, LeavesADamagedDatabaseThatAnotherProgramHasOpen)
{
    fill(300);
    OtherProgram other(m_folder.path());
    ASSERT_TRUE(other.isOpen());
    damage(); // as a failing disk would, under the other one's feet
    const Result<std::unique_ptr<AnswerStore>> refused = AnswerStore::open(m_folder.path());
    EXPECT_THAT(told(refused), HasSubstr("DB-02: inspector.db is damaged"));
    EXPECT_THAT(told(refused), EndsWith("; another program has it open, so it was left as it is: close that first"));
    EXPECT_THAT(putAside(), IsEmpty());
    EXPECT_TRUE(fs::exists(file()));
    other.end();
    const std::string damaged = readFile(file());
    const Result<std::unique_ptr<AnswerStore>> store = AnswerStore::open(m_folder.path());
    ASSERT_TRUE(store) << store.error().message;
    ASSERT_THAT((*store)->notices(), SizeIs(1));
    EXPECT_EQ((*store)->notices()[0].code, code::DatabaseDamaged);
    EXPECT_EQ(readFile(m_folder / "inspector.db.damaged"), damaged);
}

TEST_F(StoreOpeningTest, SoWhatAWindowStoresStaysWhereItIsLookedFor)
{
    fill(300);
    OtherProgram window(m_folder.path());
    ASSERT_TRUE(window.isOpen());
    ASSERT_TRUE(window.stores());
    EXPECT_EQ(told(AnswerStore::open(m_folder.path())), "opened") << "a whole one is shared as ever";
    // The last page of the file: the window does not need it for its next row, but whoever checks sees it.
    const std::size_t bytes = readFile(file()).size();
    damage(bytes / 2 / 4096 * 4096, 4096);
    EXPECT_THAT(told(AnswerStore::open(m_folder.path())), HasSubstr("DB-02"));
    EXPECT_THAT(putAside(), IsEmpty());
    const bool isStored = window.stores();
    window.end();
    const Result<std::unique_ptr<Database>> database = Database::open(file(), Database::Access::ReadOnly);
    ASSERT_TRUE(database);
    EXPECT_EQ(*(*database)->number("SELECT max(id) FROM answer"), isStored ? 302 : 301);
}

TEST_F(StoreOpeningTest, ACommandThatOnlyChangesRowsPutsNothingAside)
{
    fill(300);
    damage();
    const std::string before = readFile(file());
    const Result<std::unique_ptr<AnswerStore>> refused = AnswerStore::open(m_folder.path(), IfDamaged::Refuse);
    EXPECT_THAT(told(refused), HasSubstr("DB-02: inspector.db is damaged"));
    EXPECT_THAT(told(refused), EndsWith("; it was left as it is"));
    EXPECT_EQ(readFile(file()), before);
    EXPECT_THAT(putAside(), IsEmpty());
}

TEST_F(StoreOpeningTest, ADamagedDatabaseKeepsItsLog)
{
    fill(100);
    // A program that was killed has left rows in the log; then the database itself is damaged.
    const pid_t child = fork();
    if (child == 0) {
        Result<std::unique_ptr<AnswerStore>> store = AnswerStore::open(m_folder.path());
        for (int i = 101; store && i <= 120; ++i)
            (void)(*store)->insertAnswer(numbered(i), std::nullopt);
        raise(SIGKILL);
    }
    waitpid(child, nullptr, 0);
    damage(4096, 4096);
    const std::string database = readFile(file()), log = readFile(m_folder / "inspector.db-wal");
    ASSERT_GT(log.size(), 20'000U);
    {
        const Result<std::unique_ptr<AnswerStore>> store = AnswerStore::open(m_folder.path());
        ASSERT_TRUE(store) << store.error().message;
        ASSERT_FALSE((*store)->notices().empty()) << "the log must not hold every page that was damaged";
        EXPECT_EQ(*(*store)->countAnswers(), 0);
    }
    EXPECT_EQ(readFile(m_folder / "inspector.db.damaged"), database);
    EXPECT_EQ(readFile(m_folder / "inspector.db.damaged-wal"), log);
}

TEST_F(StoreOpeningTest, OfTwoProgramsThatFindItDamagedNoMoreThanOnePutsItAside)
{
    for (int round = 0; round < 5; ++round) {
        SCOPED_TRACE(round);
        const TemporaryFolder folder;
        {
            const std::unique_ptr<AnswerStore> store = *AnswerStore::open(folder.path());
            for (int i = 1; i <= 100; ++i)
                ASSERT_TRUE(store->insertAnswer(numbered(i), std::nullopt));
        }
        std::string bytes = readFile(folder / "inspector.db");
        bytes.replace(8192, 8192, std::string(8192, '\x5A'));
        folder.write("inspector.db", bytes);
        pid_t children[2];
        for (pid_t &child : children) {
            child = fork();
            if (child == 0) {
                const Result<std::unique_ptr<AnswerStore>> store = AnswerStore::open(folder.path());
                if (!store)
                    _exit(store.error().code == code::DatabaseDamaged ? 0 : 1);
                _exit((*store)->insertAnswer(numbered(1), std::nullopt) ? 10 : 1);
            }
        }
        int stored = 0;
        for (const pid_t child : children) {
            int status = 0;
            waitpid(child, &status, 0);
            EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) != 1);
            stored += WEXITSTATUS(status) == 10 ? 1 : 0;
        }
        const std::unique_ptr<AnswerStore> after = *AnswerStore::open(folder.path());
        EXPECT_EQ(*after->countAnswers(), stored) << "what was acknowledged is in the database that everybody opens";
        EXPECT_EQ(readFile(folder / "inspector.db.damaged"), bytes);
        EXPECT_FALSE(fs::exists(folder / "inspector.db.damaged-2"));
    }
}

TEST_F(StoreOpeningTest, OthersWriteWhileALargeDatabaseIsChecked)
{
    fill(10);
    {
        const Result<std::unique_ptr<Database>> database = Database::open(file(), Database::Access::ReadWrite);
        ASSERT_TRUE(database);
        ASSERT_TRUE((*database)->run("CREATE TABLE ballast (a, b); CREATE INDEX ballast_by_a ON ballast (a);"
                                     "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 800000)"
                                     " INSERT INTO ballast SELECT x * 7919 % 1000003, randomblob(150) FROM n"));
        ASSERT_TRUE((*database)->checkpoint());
    }
    const std::unique_ptr<WriteTurn> other = *WriteTurn::create(m_folder / "inspector.db.turn");
    std::atomic<bool> isOpen = false;
    Clock::duration longest{}, opening{};
    std::jthread opener([&] {
        const Clock::time_point start = Clock::now();
        EXPECT_EQ(told(AnswerStore::open(m_folder.path())), "opened");
        opening = Clock::now() - start;
        isOpen = true;
    });
    while (!isOpen) {
        const Clock::time_point start = Clock::now();
        EXPECT_TRUE(other->take());
        longest = std::max(longest, Clock::now() - start);
        std::this_thread::sleep_for(1ms);
    }
    opener.join();
    RecordProperty("openingMs", static_cast<int>(opening / 1ms));
    RecordProperty("longestWaitMs", static_cast<int>(longest / 1ms));
    EXPECT_LT(longest * 2, opening) << opening / 1ms << " ms were needed to open it, another program waited " << longest / 1ms;
}

TEST_F(StoreOpeningTest, WhoIsAloneKeepsOthersOutUntilItLetsThemJoin)
{
    const fs::path place = m_folder / "users";
    const std::unique_ptr<StoreUsers> first = *StoreUsers::join(place);
    {
        const std::unique_ptr<StoreUsers> second = *StoreUsers::join(place);
        EXPECT_FALSE(second->beAlone());
    }
    EXPECT_TRUE(first->beAlone());
    const Result<std::unique_ptr<StoreUsers>> refused = StoreUsers::join(place, 20ms);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, code::DatabaseLocked);
    first->letOthersJoin();
    EXPECT_TRUE(StoreUsers::join(place, 20ms));
    EXPECT_EQ(StoreUsers::join("/proc/self/users").error().code, code::FolderNotWritable);
}

TEST_F(StoreOpeningTest, TheConnectionThatCommitsFlushesEachCommit)
{
    fill(1);
    const Result<std::unique_ptr<Database>> database = Database::open(file(), Database::Access::ReadWrite);
    ASSERT_TRUE(database);
    EXPECT_EQ(*(*database)->number("PRAGMA synchronous"), 2) << "FULL: the log is flushed at each commit";
    EXPECT_EQ(*(*database)->text("PRAGMA journal_mode"), "wal");
    EXPECT_EQ(*(*database)->number("PRAGMA foreign_keys"), 1);
    EXPECT_EQ(*(*database)->number("PRAGMA wal_autocheckpoint"), 0) << "checkpoints are the store's";
    EXPECT_EQ(*(*database)->number("PRAGMA cell_size_check"), 1);
    EXPECT_EQ(*(*database)->number("PRAGMA trusted_schema"), 0);
    EXPECT_EQ(*(*database)->number("PRAGMA mmap_size"), 0);
    // And the store's own one obeys what can be seen from outside.
    const std::unique_ptr<AnswerStore> store = *AnswerStore::open(m_folder.path());
    EXPECT_FALSE(store->insertReview({99, 1, Verdict::Ok, "", "maria"})) << "a key that names nothing";
    ASSERT_TRUE(store->insertAnswer(numbered(2), std::nullopt));
    EXPECT_GT(fs::file_size(m_folder / "inspector.db-wal"), 0U) << "a commit goes to the log";
}

TEST_F(StoreOpeningTest, AReaderTakesAFileThatIsBeingMadeForOneWithoutAnswers)
{
    std::ofstream(file()).flush(); // as it is until its tables are committed
    EXPECT_EQ(AnswerReader::open(m_folder.path()).error().code, code::FileNotFound);
    fill(1);
    EXPECT_TRUE(AnswerReader::open(m_folder.path()));
}

/// A filled database in a folder that cannot be written, as on a disk that is kept.
class SealedStoreTest : public StoreOpeningTest
{
protected:
    SealedStoreTest()
    {
        fill(60);
        fs::create_directory(folder());
        fs::copy_file(file(), folder() / "inspector.db");
        for (const fs::path &path : {m_folder.path(), folder(), folder() / "inspector.db"})
            fs::permissions(path, fs::perms::all);
    }
    ~SealedStoreTest() override { fs::permissions(folder(), fs::perms::owner_all); }
    [[nodiscard]] fs::path folder() const { return m_folder / "kept disk? 100%#1"; } ///< with what means something in an address
    void seal() const { fs::permissions(folder(), fs::perms(0555)); }
    /// How many answers a program finds that may not write. @return the error's code where it finds none.
    [[nodiscard]] std::string found() const
    {
        const OtherUser other;
        const Result<std::unique_ptr<AnswerReader>> reader = AnswerReader::open(folder());
        const Result<std::int64_t> count = reader ? (*reader)->countAnswers() : Result<std::int64_t>(failure(reader.error()));
        return count ? std::to_string(*count) : std::string(count.error().code.text());
    }
};

TEST_F(SealedStoreTest, IsReadThoughNothingCanBeMadeBesideIt)
{
    seal();
    EXPECT_EQ(found(), "60");
    EXPECT_THAT(std::vector<fs::path>(fs::directory_iterator(folder()), {}), SizeIs(1));
}

TEST_F(SealedStoreTest, IsReadBesideALogThatIsEmpty)
{
    std::ofstream(folder() / "inspector.db-wal");
    seal();
    EXPECT_EQ(found(), "60");
}

TEST_F(SealedStoreTest, IsNotReadWithoutTheRowsOfItsLog)
{
    std::ofstream(folder() / "inspector.db-wal") << std::string(4096, 'x');
    seal();
    EXPECT_EQ(found(), "FS-07");
}

TEST_F(SealedStoreTest, IsNotReadWhileAChangeIsHalfInIt)
{
    std::ofstream(folder() / "inspector.db-journal") << std::string(4096, 'x');
    seal();
    EXPECT_EQ(found(), "FS-07");
}

TEST_F(SealedStoreTest, OfWhatMayNotBeReadNobodySaysThatItIsEmpty)
{
    const std::string unreadable(code::FileUnreadable.text());
    fs::permissions(folder() / "inspector.db", fs::perms::owner_read);
    EXPECT_EQ(found(), unreadable);
    fs::permissions(folder(), fs::perms::owner_all);
    EXPECT_EQ(found(), unreadable);
}

TEST_F(SealedStoreTest, WhereItCanBeWrittenEveryNewAnswerIsSeen)
{
    const std::unique_ptr<AnswerReader> reader = *AnswerReader::open(folder());
    ASSERT_EQ(*reader->countAnswers(), 60);
    ASSERT_TRUE((*AnswerStore::open(folder()))->insertAnswer(numbered(61), std::nullopt));
    EXPECT_EQ(*reader->countAnswers(), 61);
}

TEST_F(SealedStoreTest, IsNotWritten)
{
    seal();
    const OtherUser other;
    const Result<std::unique_ptr<AnswerStore>> refused = AnswerStore::open(folder());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, code::FolderNotWritable);
    EXPECT_THAT(refused.error().message, HasSubstr("cannot write to " + folder().string()));
}

/// Every row as text; empty where it cannot be read.
std::string contentOf(const AnswerStore &store)
{
    std::string content;
    const Result<std::vector<AnswerRecord>> records = store.recentAnswers(1000);
    if (!records)
        return content;
    for (const AnswerRecord &record : *records)
        content += std::to_string(record.row) + *record.answer + (record.review ? record.review->reason : "") + '\n';
    return content;
}

TEST_F(StoreOpeningTest, AnyDamagedPageIsToldAndTheFileKept)
{
    fill(60);
    const std::string whole = readFile(file());
    const std::string content = contentOf(**AnswerStore::open(m_folder.path()));
    const std::size_t pages = whole.size() / 4096;
    std::mt19937_64 random(20261126); // NOLINT: the same damage each time
    int aside = 0, refused = 0, same = 0;
    for (std::size_t page = 0; page < pages; ++page) {
        SCOPED_TRACE(page);
        const TemporaryFolder folder;
        std::string bytes = whole;
        for (std::size_t i = page * 4096; i < (page + 1) * 4096; ++i)
            bytes[i] = static_cast<char>(random());
        folder.write("inspector.db", bytes);
        const Result<std::unique_ptr<AnswerStore>> store = AnswerStore::open(folder.path());
        if (!store) {
            ++refused;
            EXPECT_EQ(readFile(folder / "inspector.db"), bytes) << told(store);
        } else if (!(*store)->notices().empty()) {
            ++aside;
            EXPECT_EQ((*store)->notices()[0].code, code::DatabaseDamaged);
            EXPECT_EQ(readFile(folder / "inspector.db.damaged"), bytes);
            EXPECT_TRUE((*store)->insertAnswer(numbered(1), std::nullopt)) << "the new one works";
        } else {
            ++same;
            EXPECT_EQ(contentOf(**store), content) << "used without a word";
        }
    }
    RecordProperty("pages", static_cast<int>(pages));
    RecordProperty("same", same);
    EXPECT_EQ(refused, 0);
    EXPECT_GT(aside, static_cast<int>(pages * 9 / 10));
}

/// Counts and finds all that it can.
void readAll(const fs::path &folder)
{
    const Result<std::unique_ptr<AnswerReader>> reader = AnswerReader::open(folder);
    if (!reader)
        return;
    const Database &database = (*reader)->database();
    AnswerFilter words, slow;
    words.text = "bottle";
    slow.stageFromMs = 1;
    for (const AnswerFilter &filter : {AnswerFilter(), words, slow}) {
        (void)selectLatencies(database, filter);
        (void)selectHours(database, filter, true);
        (void)selectDefectClasses(database, filter);
        (void)selectConfusion(database, filter);
        (void)selectAgreement(database, filter);
        (void)selectMatching(database, filter);
        (void)countMatching(database, filter);
        std::optional<PageEdge> edge;
        for (int page = 0; page < 4; ++page) {
            const Result<AnswerPage> found = selectPage(database, filter, edge, 20);
            if (!found || found->records.empty())
                break;
            edge = PageEdge{found->records.back().row, true};
        }
    }
    (void)selectChoices(database);
}

TEST_F(StoreOpeningTest, FlippedBytesNeverCostTheFile)
{
    fill(60);
    const std::string whole = readFile(file());
    std::mt19937_64 random(4711); // NOLINT: as above
    for (int round = 0; round < 150; ++round) {
        SCOPED_TRACE(round);
        const TemporaryFolder folder;
        std::string bytes = whole;
        for (std::size_t flips = 1 + random() % 8; flips > 0; --flips)
            bytes[random() % (round % 3 == 0 ? 200 : bytes.size())] ^= static_cast<char>(1U << (random() % 8));
        folder.write("inspector.db", bytes);
        const Result<std::unique_ptr<AnswerStore>> store = AnswerStore::open(folder.path());
        const bool isAside = fs::exists(folder / "inspector.db.damaged");
        if (isAside || !store) {
            EXPECT_EQ(readFile(folder / (isAside ? "inspector.db.damaged" : "inspector.db")), bytes) << told(store);
        } else if ((*store)->notices().empty()) {
            (void)contentOf(**store); // reads what it can
            readAll(folder.path());
        }
    }
}

} // namespace
} // namespace auroraedge::app

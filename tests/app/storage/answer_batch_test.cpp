#include "app/storage/answer_store.h"

#include "app/storage/database.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

namespace auroraedge::app {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

BatchAnswer answer(const std::string &key, const std::string &text = "yes", const std::string &picture = {})
{
    BatchAnswer made;
    made.record.timeUtcMs = 1'700'000'000'123;
    made.record.source = "/line/" + key + ".png";
    made.record.question = "Is there a bottle?";
    made.record.answer = text;
    made.record.modelName = "nano";
    made.record.modelSha256 = std::string(64, 'a');
    if (!picture.empty())
        made.picture = EvidencePicture{{picture.begin(), picture.end()}, EvidenceFormat::Png};
    made.key = std::string(64 - key.size(), '0') + key;
    return made;
}

class AnswerBatchTest : public ::testing::Test
{
protected:
    AnswerBatchTest() { open(); }
    void open()
    {
        m_store.reset();
        m_store = *AnswerStore::open(m_folder.path());
    }
    std::vector<std::int64_t> insert(std::vector<BatchAnswer> batch)
    {
        const Result<void> inserted = m_store->insertBatch(batch);
        EXPECT_TRUE(inserted) << inserted.error().message;
        std::vector<std::int64_t> rows;
        for (const BatchAnswer &stored : batch)
            rows.push_back(stored.record.row);
        return rows;
    }
    int pictureFiles() const
    {
        int count = 0;
        std::error_code problem;
        for (const auto &entry : fs::recursive_directory_iterator(m_folder / "pictures", problem))
            count += entry.is_regular_file() ? 1 : 0;
        return count;
    }
    std::int64_t number(const char *sql) const { return *(*AnswerReader::open(m_folder.path()))->database().number(sql); }

    testing::TemporaryFolder m_folder;
    std::unique_ptr<AnswerStore> m_store;
};

TEST_F(AnswerBatchTest, StoresEachAnswerWithItsPicture)
{
    std::vector<BatchAnswer> batch = {answer("a", "yes", "picture a"), answer("b", "no", "picture b"), answer("c")};
    batch[2].record.answer.reset();
    batch[2].record.code = "IMG-02";
    batch[2].record.message = "c.png is incomplete";
    ASSERT_TRUE(m_store->insertBatch(batch));
    for (std::int64_t row = 1; row <= 3; ++row) {
        const BatchAnswer &given = batch[static_cast<std::size_t>(row - 1)];
        EXPECT_EQ(given.record.row, row);
        const AnswerRecord stored = **m_store->answer(row);
        EXPECT_EQ(stored.source, given.record.source);
        EXPECT_EQ(stored.answer, given.record.answer);
        EXPECT_EQ(stored.code, given.record.code);
        EXPECT_EQ(stored.pictureSha256, given.record.pictureSha256);
        if (given.picture) {
            EXPECT_EQ(*m_store->pictureOf(stored), given.picture->bytes);
        }
    }
    EXPECT_EQ((**m_store->answer(3)).pictureSha256, "");
    EXPECT_EQ(pictureFiles(), 2);
    open();
    EXPECT_EQ(*m_store->countAnswers(), 3);
}

TEST_F(AnswerBatchTest, GivesBackTheRowsOfKeysThatAreThereAlready)
{
    EXPECT_THAT(insert({answer("a", "yes", "picture a"), answer("b")}), ElementsAre(1, 2));
    open(); // as the run after a kill does
    EXPECT_THAT(insert({answer("b", "no"), answer("c"), answer("a", "no", "picture a"), answer("d")}), ElementsAre(2, 3, 1, 4));
    EXPECT_EQ(*m_store->countAnswers(), 4);
    EXPECT_EQ((**m_store->answer(2)).answer, "yes") << "what is stored stays as it was";
    EXPECT_EQ(number("SELECT count(*) FROM batch_answer"), 4);
    EXPECT_EQ(number("SELECT count(*) FROM facet"), 4) << "nor is it counted twice";
    EXPECT_EQ(number("SELECT sum(answers) FROM hour_count"), 4);
    EXPECT_THAT(insert({answer("e"), answer("e")}), ElementsAre(5, 5)) << "the same key twice in one batch";
    EXPECT_EQ(*m_store->countAnswers(), 5);
}

TEST_F(AnswerBatchTest, StoresNothingOfABatchOfWhichOneAnswerIsRefused)
{
    EXPECT_THAT(insert({answer("a")}), ElementsAre(1));
    std::vector<BatchAnswer> batch = {answer("b", "yes", "picture b"), answer("a"), answer("c"), answer("d")};
    batch[2].record.answer.reset(); // neither an answer nor a reason
    const Result<void> refused = m_store->insertBatch(batch);
    ASSERT_FALSE(refused);
    EXPECT_EQ(*m_store->countAnswers(), 1);
    EXPECT_EQ(number("SELECT count(*) FROM batch_answer"), 1);
    EXPECT_EQ(number("SELECT count(*) FROM picture"), 0);
    batch = {answer("b"), answer("c")};
    batch[1].key = "too short";
    EXPECT_FALSE(m_store->insertBatch(batch));
    EXPECT_EQ(*m_store->countAnswers(), 1);
    EXPECT_THAT(insert({answer("b", "yes", "picture b"), answer("c")}), ElementsAre(2, 3)) << "the failures left nothing in the way";
    EXPECT_EQ(pictureFiles(), 1);
}

TEST_F(AnswerBatchTest, KeepsEqualPicturesOnce)
{
    insert({answer("a", "yes", "the same"), answer("b", "yes", "the same"), answer("c", "yes", "another")});
    insert({answer("d", "yes", "the same")});
    EXPECT_EQ(pictureFiles(), 2);
    EXPECT_EQ(number("SELECT count(*) FROM picture"), 2);
    EXPECT_EQ((**m_store->answer(1)).picturePath, (**m_store->answer(4)).picturePath);
}

TEST_F(AnswerBatchTest, BelongsToTheSessionInWhichItWasStored)
{
    insert({answer("a")});
    EXPECT_EQ(*m_store->beginSession("batch", {10, "maria"}), 1);
    insert({answer("b"), answer("c")});
    ASSERT_TRUE(m_store->endSession(20));
    EXPECT_EQ(*m_store->beginSession("batch", {30, "maria"}), 2);
    insert({answer("b"), answer("d")});
    std::vector<std::int64_t> sessions;
    for (std::int64_t row = 1; row <= 4; ++row)
        sessions.push_back((**m_store->answer(row)).session);
    EXPECT_THAT(sessions, ElementsAre(0, 1, 1, 2)) << "one that was stored before stays in its session";
}

TEST_F(AnswerBatchTest, TakesAnEmptyBatch)
{
    EXPECT_THAT(insert({}), IsEmpty());
    EXPECT_EQ(*m_store->countAnswers(), 0);
}

TEST_F(AnswerBatchTest, StoresWholeBatchesOnceHoweverOftenItIsKilled)
{
    constexpr int kBatches = 12, kAnswers = 8;
    m_store.reset();
    constexpr int kNobody = -1;
    const auto storeAll = [&](int told) {
        Result<std::unique_ptr<AnswerStore>> store = AnswerStore::open(m_folder.path());
        for (int i = 0; store && i < kBatches; ++i) { // all of them, as nobody knows what is there
            std::vector<BatchAnswer> batch;
            for (int k = 0; k < kAnswers; ++k)
                batch.push_back(answer(std::to_string(i) + "-" + std::to_string(k), "yes", "picture " + std::to_string(i * k)));
            if (!(*store)->insertBatch(batch) || (told != kNobody && write(told, "x", 1) != 1))
                return false;
        }
        return true;
    };
    for (int round = 0; round < 8; ++round) {
        SCOPED_TRACE(round);
        int told[2];
        ASSERT_EQ(pipe(told), 0);
        const pid_t child = fork();
        if (child == 0) {
            close(told[0]);
            storeAll(told[1]);
            _exit(0);
        }
        close(told[1]);
        char byte = 0;
        int count = 0;
        while (count < round + 2 && read(told[0], &byte, 1) == 1)
            ++count;
        kill(child, SIGKILL);
        while (read(told[0], &byte, 1) == 1)
            ++count;
        waitpid(child, nullptr, 0);
        close(told[0]);
        const std::int64_t answers = number("SELECT count(*) FROM answer");
        EXPECT_GE(answers, count * kAnswers);
        EXPECT_EQ(answers % kAnswers, 0) << "half a batch";
        EXPECT_EQ(number("SELECT count(*) FROM batch_answer"), answers);
        EXPECT_EQ(number("SELECT count(DISTINCT source) FROM answer"), answers) << "a row twice";
    }
    EXPECT_TRUE(storeAll(kNobody));
    EXPECT_EQ(number("SELECT count(*) FROM answer"), kBatches * kAnswers);
}

} // namespace
} // namespace auroraedge::app

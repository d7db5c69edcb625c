#include "app/pipeline/storage_worker.h"

#include "app/storage/answer_store.h"
#include "app/storage/picture_store.h"
#include "tests/app/pipeline/journal.h"
#include "tests/app/pipeline/test_frames.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <latch>
#include <memory>
#include <optional>
#include <unistd.h>
#include <utility>
#include <vector>

namespace auroraedge::app {
namespace {

using auroraedge::testing::Journal;
using auroraedge::testing::makeFrame;

struct Ending
{
    StorageJob job;
    std::optional<Error> error;
};

class StorageWorkerTest : public ::testing::Test
{
protected:
    StorageWorkerTest() { std::filesystem::create_directories(m_folder); }
    ~StorageWorkerTest() override
    {
        m_worker.reset();
        std::filesystem::remove_all(m_folder);
    }

    StorageListener listener()
    {
        return {[this](std::int64_t rows, const std::vector<Error> &) { m_opened.add(rows); },
                [this](const AnswerRecord &record, const Frame &picture) {
                    m_recent.add({StorageJob{0, record, picture}, {}});
                },
                [this](const Error &error) { m_openFailures.add(error); },
                [this](const StorageJob &job) { m_endings.add({job, {}}); },
                [this](const StorageJob &job, const Error &error) { m_endings.add({job, error}); }};
    }
    void start() { m_worker.emplace(m_folder, listener()); }

    static StorageJob job(std::int64_t id)
    {
        StorageJob result;
        result.id = id;
        result.record.timeUtcMs = 1'700'000'000'000 + id;
        result.record.source = "sim:";
        result.record.question = "Is the cap on?";
        result.record.answer = "yes";
        result.record.modelName = "nano";
        result.record.latency = {.loadMs = 100, .decodeMs = 1, .preprocessMs = 2, .encodeMs = 3, .projectMs = 4,
                                 .compressMs = 5, .fuseMs = 6, .prefillMs = 7, .firstTokenMs = 8, .perTokenMs = 9,
                                 .totalMs = 10};
        result.frame = makeFrame(static_cast<std::uint64_t>(id), 64, 48);
        return result;
    }

    static inline int s_count = 0;
    const std::filesystem::path m_folder = std::filesystem::temp_directory_path()
        / ("auroraedge_storage_worker_" + std::to_string(getpid()) + "_" + std::to_string(++s_count));
    Journal<std::int64_t> m_opened;
    Journal<Ending> m_recent, m_endings;
    Journal<Error> m_openFailures;
    std::optional<StorageWorker> m_worker;
};

TEST_F(StorageWorkerTest, TellsStoredOnlyWhenRowAndPictureAreOnTheDisk)
{
    start();
    ASSERT_TRUE(m_worker->store(job(1)));
    ASSERT_TRUE(m_endings.waitForCount(1));
    const Ending ending = m_endings.entries()[0];
    ASSERT_FALSE(ending.error) << ending.error->message;
    EXPECT_GT(ending.job.record.row, 0);

    const auto reader = AnswerReader::open(m_folder);
    ASSERT_TRUE(reader);
    const auto record = (*reader)->answer(ending.job.record.row);
    ASSERT_TRUE(record && *record);
    EXPECT_EQ((*record)->question, "Is the cap on?");
    EXPECT_EQ((*record)->latency.prefillMs, 7);
    std::ifstream file(m_folder / (*record)->picturePath, std::ios::binary);
    const std::vector<std::uint8_t> bytes{std::istreambuf_iterator<char>(file), {}};
    ASSERT_FALSE(bytes.empty());
    EXPECT_EQ(sha256Hex(bytes), (*record)->pictureSha256);
    EXPECT_EQ(ending.job.record.pictureSha256, (*record)->pictureSha256);
}

TEST_F(StorageWorkerTest, StoresAllThatItAcceptedBeforeItEnds)
{
    start();
    int accepted = 0;
    for (std::int64_t id = 1; id <= 10; ++id)
        accepted += m_worker->store(job(id)) ? 1 : 0;
    m_worker.reset();
    const auto reader = AnswerReader::open(m_folder);
    ASSERT_TRUE(reader);
    EXPECT_EQ(accepted, 10);
    EXPECT_EQ(*(*reader)->countAnswers(), accepted);
}

TEST_F(StorageWorkerTest, RefusesWhenFullAndLosesNothingItAccepted)
{
    const auto entered = std::make_shared<std::latch>(1), goOn = std::make_shared<std::latch>(1);
    StorageListener slow = listener();
    slow.onStored = [&, entered, goOn, first = true](const StorageJob &stored) mutable {
        m_endings.add({stored, {}});
        if (std::exchange(first, false)) {
            entered->count_down();
            goOn->wait();
        }
    };
    m_worker.emplace(m_folder, slow);
    ASSERT_TRUE(m_worker->store(job(1)));
    entered->wait();
    std::int64_t accepted = 1;
    while (m_worker->store(job(accepted + 1)))
        ++accepted;
    EXPECT_EQ(accepted, 1 + static_cast<std::int64_t>(StorageWorker::kCapacity));
    EXPECT_TRUE(m_worker->isFull());
    goOn->count_down();
    m_worker.reset();
    EXPECT_EQ(m_endings.entries().size(), static_cast<std::size_t>(accepted));
}

TEST_F(StorageWorkerTest, GivesTheLastAnswersWithTheirPicturesAfterARestart)
{
    start();
    for (std::int64_t id = 1; id <= 3; ++id)
        ASSERT_TRUE(m_worker->store(job(id)));
    m_worker.reset();
    start();
    ASSERT_TRUE(m_opened.waitForCount(2));
    EXPECT_EQ(m_opened.entries()[1], 3);
    const std::vector<Ending> recent = m_recent.entries();
    ASSERT_EQ(recent.size(), 3U);
    EXPECT_EQ(recent[0].job.record.timeUtcMs, 1'700'000'000'003); // newest first
    EXPECT_EQ(recent[0].job.frame.widthPx, 64);
}

TEST_F(StorageWorkerTest, AnAlteredPictureIsNotShownAsEvidence)
{
    start();
    ASSERT_TRUE(m_worker->store(job(1)));
    ASSERT_TRUE(m_endings.waitForCount(1));
    const std::string path = m_endings.entries()[0].job.record.picturePath;
    m_worker.reset();
    std::filesystem::permissions(m_folder / path, std::filesystem::perms::owner_write, std::filesystem::perm_options::add);
    std::ofstream(m_folder / path, std::ios::binary | std::ios::app) << 'x';
    start();
    ASSERT_TRUE(m_opened.waitForCount(2));
    ASSERT_EQ(m_recent.entries().size(), 1U);
    EXPECT_TRUE(m_recent.entries()[0].job.frame.isEmpty());
}

TEST_F(StorageWorkerTest, TellsWhyTheStoreDoesNotOpenAndOpensItWhenItCan)
{
    // A folder in the database's place cannot be opened, not even by root.
    std::filesystem::create_directory(m_folder / "inspector.db");
    start();
    ASSERT_TRUE(m_openFailures.waitForCount(1));
    ASSERT_TRUE(m_worker->store(job(1)));
    ASSERT_TRUE(m_endings.waitForCount(1));
    EXPECT_TRUE(m_endings.entries()[0].error);
    std::filesystem::remove(m_folder / "inspector.db");
    ASSERT_TRUE(m_worker->store(job(2)));
    ASSERT_TRUE(m_endings.waitForCount(2));
    EXPECT_FALSE(m_endings.entries()[1].error);
}

} // namespace
} // namespace auroraedge::app

#include "app/pipeline/storage_worker.h"

#include "app/imaging/thumbnails.h"
#include "app/pipeline/library_worker.h"
#include "app/storage/answer_query.h"
#include "app/storage/answer_store.h"
#include "app/storage/picture_store.h"
#include "app/storage/write_turn.h"
#include "tests/app/pipeline/journal.h"
#include "tests/app/pipeline/test_frames.h"
#include "tests/support/file_limit.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <latch>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <thread>
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
                [this](const StorageJob &job, const Error &error) { m_endings.add({job, error}); },
                [this](const AnswerCounts &counts) { m_counts.add(counts); },
                [this](const Error &error) { m_failures.add(error); },
                [this](const ReviewRecord &review) { m_reviews.add(review); },
                [this](const ReviewRecord &, const Error &error) { m_failures.add(error); },
                [this](const std::vector<std::int64_t> &rows, const std::vector<std::int64_t> &reviews) {
                    m_reviewIds.add(reviews);
                    m_decided.add(rows);
                },
                [this](const std::vector<std::int64_t> &, const Error &error) { m_failures.add(error); },
                [this](std::int64_t row, const Frame &picture) { m_pictures.add({row, picture}); },
                [this](const Error &error) { m_failures.add(error); },
                [this](const Error &error) { m_faults.add(error); },
                [this](const DiskRoom &room) { m_rooms.add(room.freeBytes); }};
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

    [[nodiscard]] int storedPictures() const
    {
        int count = 0;
        for (const auto &entry : std::filesystem::recursive_directory_iterator(m_folder / "pictures"))
            count += entry.is_regular_file() ? 1 : 0;
        return count;
    }

    static inline int s_count = 0;
    const std::filesystem::path m_folder = std::filesystem::temp_directory_path()
        / ("auroraedge_storage_worker_" + std::to_string(getpid()) + "_" + std::to_string(++s_count));
    Journal<std::int64_t> m_opened;
    Journal<Ending> m_recent, m_endings;
    Journal<Error> m_openFailures, m_failures; ///< the second: of reviews and resets
    Journal<Error> m_faults; ///< of the store itself
    Journal<AnswerCounts> m_counts;
    Journal<std::int64_t> m_rooms;
    Journal<ReviewRecord> m_reviews;
    Journal<std::vector<std::int64_t>> m_decided, m_reviewIds;
    Journal<std::pair<std::int64_t, Frame>> m_pictures;
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

TEST_F(StorageWorkerTest, ItsAnswersAreOfOneSessionThatEndsWithIt)
{
    m_worker.emplace(m_folder, listener(), "maria");
    ASSERT_TRUE(m_worker->store(job(1)));
    ASSERT_TRUE(m_worker->store(job(2)));
    m_worker.reset();
    const auto reader = AnswerReader::open(m_folder);
    ASSERT_TRUE(reader);
    const auto sessions = selectSessions((*reader)->database(), 10);
    ASSERT_TRUE(sessions) << sessions.error().message;
    ASSERT_EQ(sessions->size(), 1U);
    EXPECT_EQ(sessions->front().program, "window");
    EXPECT_EQ(sessions->front().account, "maria");
    EXPECT_EQ(sessions->front().answers, 2);
    EXPECT_TRUE(sessions->front().endedUtcMs);
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

TEST_F(StorageWorkerTest, GivesPicturesInSmallAfterARestartAndKeepsThem)
{
    start();
    StorageJob large = job(1);
    large.frame = makeFrame(1, 800, 600);
    ASSERT_TRUE(m_worker->store(std::move(large)));
    m_worker.reset();
    start();
    ASSERT_TRUE(m_opened.waitForCount(2));
    const Ending told = m_recent.entries().at(0);
    EXPECT_EQ(told.job.frame.widthPx, Thumbnails::kLongestSidePx);
    EXPECT_TRUE(std::filesystem::exists(Thumbnails(m_folder).placeOf(told.job.record.pictureSha256)));
    ASSERT_TRUE(m_worker->readPicture(1));
    ASSERT_TRUE(m_pictures.waitForCount(1));
    EXPECT_EQ(m_pictures.entries()[0].second.widthPx, 800) << "whole when it is asked for";
}

TEST_F(StorageWorkerTest, NgsThatNobodyHasJudgedComeBackHoweverOldTheyAre)
{
    {
        const std::unique_ptr<AnswerStore> store = *AnswerStore::open(m_folder);
        for (int i = 1; i <= StorageWorker::kUnreviewedNgs + 5 + StorageWorker::kRecentAnswers; ++i) {
            AnswerRecord record = job(i).record;
            record.verdict = i <= StorageWorker::kUnreviewedNgs + 5 ? Verdict::Ng : Verdict::Ok;
            ASSERT_TRUE(store->insertAnswer(record, std::nullopt));
        }
        ASSERT_TRUE(store->insertReview({24, 1, Verdict::Ok, "", "maria"}));
    }
    start();
    ASSERT_TRUE(m_opened.waitForCount(1));
    const std::vector<Ending> recent = m_recent.entries();
    ASSERT_EQ(recent.size(), static_cast<std::size_t>(StorageWorker::kRecentAnswers + StorageWorker::kUnreviewedNgs));
    EXPECT_EQ(recent[49].job.record.row, 26);
    EXPECT_EQ(recent[50].job.record.row, 25);
    EXPECT_EQ(recent[51].job.record.row, 23) << "24 is judged";
    EXPECT_EQ(recent.back().job.record.row, 5);
}

TEST_F(StorageWorkerTest, AnAnswerWaitsForAProgramThatKeepsTheDatabaseToItself)
{
    start();
    ASSERT_TRUE(m_opened.waitForCount(1));
    const std::unique_ptr<WriteTurn> other = *WriteTurn::create(m_folder / "inspector.db.turn");
    {
        const Result<WriteTurn::Held> held = other->take();
        ASSERT_TRUE(held);
        ASSERT_TRUE(m_worker->store(job(1)));
        ASSERT_TRUE(m_worker->decide({{1, 5, Verdict::Ng, "dent", std::nullopt, "maria"}}));
        std::this_thread::sleep_for(std::chrono::milliseconds(5'300)); // longer than one attempt waits
        EXPECT_TRUE(m_endings.entries().empty());
    }
    ASSERT_TRUE(m_decided.waitForCount(1));
    ASSERT_EQ(m_endings.entries().size(), 1U);
    EXPECT_FALSE(m_endings.entries()[0].error);
    EXPECT_TRUE(m_failures.entries().empty());
}

TEST_F(StorageWorkerTest, AnAnswerThatIsInNoRowLeavesNoPicture)
{
    start();
    StorageJob refused = job(1);
    refused.record.answer.reset(); // neither an answer nor a reason: no row is like that
    ASSERT_TRUE(m_worker->store(std::move(refused)));
    ASSERT_TRUE(m_endings.waitForCount(1));
    EXPECT_TRUE(m_endings.entries()[0].error);
    EXPECT_EQ(storedPictures(), 0);

    m_worker->saveAhead(2, job(2).frame);
    StorageJob ahead = job(2);
    ahead.record.answer.reset();
    ASSERT_TRUE(m_worker->store(std::move(ahead)));
    ASSERT_TRUE(m_endings.waitForCount(2));
    EXPECT_EQ(storedPictures(), 0);

    ASSERT_TRUE(m_worker->store(job(3)));
    StorageJob again = job(3);
    again.record.answer.reset();
    ASSERT_TRUE(m_worker->store(std::move(again)));
    m_worker.reset();
    EXPECT_EQ(storedPictures(), 1) << "another answer is about it";
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

TEST_F(StorageWorkerTest, AnAnswerFindsThePictureThatWasSavedAhead)
{
    start();
    StorageJob plain = job(1);
    m_worker->saveAhead(1, plain.frame);
    plain.frame = {}; // it cannot come from here
    ASSERT_TRUE(m_worker->store(std::move(plain)));
    ASSERT_TRUE(m_endings.waitForCount(1));
    const Ending ending = m_endings.entries()[0];
    ASSERT_FALSE(ending.error) << ending.error->message;
    const auto reader = AnswerReader::open(m_folder);
    ASSERT_TRUE(reader);
    const AnswerRecord row = **(*reader)->answer(ending.job.record.row);
    EXPECT_EQ(row.picturePath, ending.job.record.picturePath);
    EXPECT_TRUE(PictureStore(m_folder).read(row.picturePath, row.pictureSha256));
}

TEST_F(StorageWorkerTest, APictureSavedAheadOfNoAnswerIsDeleted)
{
    start();
    m_worker->saveAhead(1, job(1).frame); // cancelled
    m_worker->saveAhead(2, job(2).frame);
    ASSERT_TRUE(m_worker->store(job(2)));
    m_worker->saveAhead(3, job(3).frame); // cancelled by the end
    m_worker.reset();
    EXPECT_EQ(storedPictures(), 1);
    EXPECT_FALSE(m_endings.entries().at(0).error);
}

TEST_F(StorageWorkerTest, APictureSavedAheadIsKeptWhenAnotherAnswerIsAboutIt)
{
    start();
    ASSERT_TRUE(m_worker->store(job(1)));
    m_worker->saveAhead(2, job(1).frame); // the same picture, frozen; cancelled
    m_worker.reset();
    EXPECT_EQ(storedPictures(), 1);
}

TEST_F(StorageWorkerTest, AnAnswerTakesNoPictureOfAnotherAsking)
{
    start();
    m_worker->saveAhead(1, job(1).frame);
    ASSERT_TRUE(m_worker->store(job(2)));
    m_worker.reset();
    start();
    ASSERT_TRUE(m_worker->store(job(2))); // nothing is saved ahead of it
    ASSERT_TRUE(m_endings.waitForCount(2));
    EXPECT_EQ(m_endings.entries()[0].job.record.picturePath, m_endings.entries()[1].job.record.picturePath);
}

TEST_F(StorageWorkerTest, TellsAReviewWhenItIsOnTheDisk)
{
    start();
    ASSERT_TRUE(m_worker->store(job(1)));
    const ReviewRecord review{1, 1'700'000'000'500, Verdict::Ok, "reflection", "maria"};
    ASSERT_TRUE(m_worker->review(review)); // waits for the answer that is stored before it
    ASSERT_TRUE(m_reviews.waitForCount(1));
    EXPECT_EQ(m_reviews.entries()[0], review);
    const auto reader = AnswerReader::open(m_folder);
    ASSERT_TRUE(reader);
    EXPECT_EQ((**(*reader)->answer(1)).review, review);
}

TEST_F(StorageWorkerTest, TellsThatAReviewWasNotStored)
{
    start();
    ASSERT_TRUE(m_worker->review({99, 1, Verdict::Ok, "", "maria"})); // there is no such answer
    ASSERT_TRUE(m_failures.waitForCount(1));
    EXPECT_TRUE(m_reviews.entries().empty());
}

TEST_F(StorageWorkerTest, APressIsStoredWholeOrNotAtAllAndCanBeTakenBack)
{
    start();
    ASSERT_TRUE(m_worker->store(job(1)));
    ASSERT_TRUE(m_worker->store(job(2)));
    ASSERT_TRUE(m_worker->decide({{1, 5, Verdict::Ng, "dent", std::nullopt, "maria"}, {2, 5, Verdict::Ok, "", std::nullopt, "maria"}}));
    ASSERT_TRUE(m_decided.waitForCount(1));
    EXPECT_EQ(m_decided.entries()[0], (std::vector<std::int64_t>{1, 2}));
    EXPECT_EQ(m_reviewIds.entries()[0], (std::vector<std::int64_t>{1, 2}));
    ASSERT_TRUE(m_worker->decide({{1, 6, Verdict::Ok, "", std::nullopt, "maria"}, {77, 6, Verdict::Ok, "", std::nullopt, "maria"}}));
    ASSERT_TRUE(m_failures.waitForCount(1));

    LibraryWorker library(m_folder);
    Journal<std::optional<AnswerRecord>> read;
    const auto readRow = [&](std::int64_t row) {
        return library.run([&read, row](const Result<const AnswerReader *> &reader) {
            const Result<std::optional<AnswerRecord>> record = reader ? (*reader)->answer(row) : Result<std::optional<AnswerRecord>>(std::nullopt);
            read.add(record ? *record : std::nullopt);
        });
    };
    ASSERT_TRUE(readRow(1));
    ASSERT_TRUE(read.waitForCount(1));
    ASSERT_TRUE(read.entries()[0] && read.entries()[0]->review);
    EXPECT_EQ(read.entries()[0]->review->verdict, Verdict::Ng) << "the second press was not stored in part";

    ASSERT_TRUE(m_worker->undo({1, 2}, "maria"));
    ASSERT_TRUE(m_decided.waitForCount(2));
    EXPECT_EQ(m_reviewIds.entries()[1], (std::vector<std::int64_t>{3, 4})) << "taking back is a row of its own";
    ASSERT_TRUE(readRow(1));
    ASSERT_TRUE(read.waitForCount(2));
    EXPECT_FALSE(read.entries()[1]->review);
}

TEST_F(StorageWorkerTest, ALibraryFindsADatabaseThatIsMadeAfterIt)
{
    LibraryWorker library(m_folder);
    Journal<std::string> told;
    const LibraryWorker::Job look = [&](const Result<const AnswerReader *> &reader) {
        told.add(reader ? "found" : std::string(reader.error().code.text()));
    };
    ASSERT_TRUE(library.run(look));
    ASSERT_TRUE(told.waitForCount(1));
    EXPECT_EQ(told.entries()[0], code::FileNotFound.text());
    start();
    ASSERT_TRUE(m_worker->store(job(1)));
    ASSERT_TRUE(m_endings.waitForCount(1));
    ASSERT_TRUE(library.run(look));
    ASSERT_TRUE(told.waitForCount(2));
    EXPECT_EQ(told.entries()[1], "found");
}

TEST_F(StorageWorkerTest, WhatALibraryTripsOverIsToldAndItGoesOn)
{
    (*AnswerStore::open(m_folder)).reset();
    LibraryWorker library(m_folder);
    Journal<std::string> told;
    const auto job = [&told](auto trip) {
        return [&told, trip](const Result<const AnswerReader *> &reader) {
            if (reader)
                trip();
            told.add(reader ? "read" : std::string(reader.error().code.text()));
        };
    };
    ASSERT_TRUE(library.run(job([] { (void)std::vector<int>().at(7); })));
    ASSERT_TRUE(library.run(job([] { throw std::bad_alloc(); })));
    ASSERT_TRUE(library.run(job([] {})));
    ASSERT_TRUE(told.waitForCount(3));
    EXPECT_EQ(told.entries(), (std::vector<std::string>{"DB-02", "ENG-01", "read"}));
}

TEST_F(StorageWorkerTest, AStoreThatWritesNothingAnyMoreIsToldWithTheWriteThatWasStillStored)
{
    {
        const std::unique_ptr<AnswerStore> store = *AnswerStore::open(m_folder);
        std::vector<BatchAnswer> batch(4000);
        for (std::size_t i = 0; i < batch.size(); ++i) {
            batch[i].record = job(static_cast<std::int64_t>(i)).record;
            batch[i].key = sha256Hex({reinterpret_cast<const std::uint8_t *>(&i), sizeof i});
        }
        ASSERT_TRUE(store->insertBatch(batch));
    }
    start();
    ASSERT_TRUE(m_opened.waitForCount(1));
    const testing::FileLimit limit(std::filesystem::file_size(m_folder / "inspector.db") / 2);
    std::vector<ReviewDecision> decisions; // so many that a checkpoint follows
    for (std::size_t i = 0; i < AnswerStore::kRowsPerCheckpoint; ++i)
        decisions.push_back({4000, 5, Verdict::Ng, "dent", std::nullopt, "maria"});
    ASSERT_TRUE(m_worker->decide(decisions));
    ASSERT_TRUE(m_faults.waitForCount(1)) << "nobody has to try to store something first";
    EXPECT_EQ(m_decided.entries().size(), 1U);
    EXPECT_TRUE(m_failures.entries().empty());
    EXPECT_EQ(m_faults.entries()[0].code, code::DiskFault);
    ASSERT_TRUE(m_worker->recount());
    ASSERT_TRUE(m_worker->decide({{1, 6, Verdict::Ok, "", std::nullopt, "maria"}}));
    ASSERT_TRUE(m_failures.waitForCount(1));
    EXPECT_EQ(m_faults.entries().size(), 1U) << "once";
}

TEST_F(StorageWorkerTest, GivesAStoredPictureOnRequestAndNoneThatWasAltered)
{
    start();
    ASSERT_TRUE(m_worker->store(job(1)));
    ASSERT_TRUE(m_worker->readPicture(1));
    ASSERT_TRUE(m_worker->readPicture(2)); // there is none
    ASSERT_TRUE(m_pictures.waitForCount(2));
    EXPECT_EQ(m_pictures.entries()[0].first, 1);
    EXPECT_EQ(m_pictures.entries()[0].second.widthPx, 64);
    EXPECT_TRUE(m_pictures.entries()[1].second.isEmpty());

    const std::filesystem::path picture = m_folder / m_endings.entries().at(0).job.record.picturePath;
    std::filesystem::permissions(picture, std::filesystem::perms::owner_write, std::filesystem::perm_options::add);
    std::ofstream(picture, std::ios::binary | std::ios::app) << 'x';
    ASSERT_TRUE(m_worker->readPicture(1));
    ASSERT_TRUE(m_pictures.waitForCount(3));
    EXPECT_TRUE(m_pictures.entries()[2].second.isEmpty());
}

TEST_F(StorageWorkerTest, CountsEachStoredAnswerAsTheDatabaseDoes)
{
    start();
    ASSERT_TRUE(m_counts.waitForCount(1)); // at the opening
    EXPECT_EQ(m_counts.entries()[0].total, 0);
    for (std::int64_t id = 1; id <= 3; ++id) {
        StorageJob next = job(id);
        next.record.timeUtcMs = std::chrono::duration_cast<std::chrono::milliseconds>(
                                    std::chrono::system_clock::now().time_since_epoch()).count();
        next.record.verdict = id == 1 ? Verdict::Ng : Verdict::Ok;
        ASSERT_TRUE(m_worker->store(std::move(next)));
    }
    ASSERT_TRUE(m_counts.waitForCount(4));
    const AnswerCounts counted = m_counts.entries()[3];
    EXPECT_EQ(counted, (AnswerCounts{{}, 3, 2, 1, 0, 0, 3}));
    ASSERT_TRUE(m_worker->recount());
    ASSERT_TRUE(m_counts.waitForCount(5));
    EXPECT_EQ(m_counts.entries()[4], counted);
}

TEST_F(StorageWorkerTest, TellsTheRoomOfItsDiskAtTheStartAndWithEachRecount)
{
    std::atomic<std::int64_t> left = 900;
    m_worker.emplace(m_folder, listener(), "maria", [&](const std::filesystem::path &folder) {
        EXPECT_EQ(folder, m_folder);
        return left == 0 ? std::optional<DiskRoom>() : DiskRoom{left, 1000};
    });
    ASSERT_TRUE(m_rooms.waitForCount(1));
    left = 20;
    ASSERT_TRUE(m_worker->recount());
    ASSERT_TRUE(m_rooms.waitForCount(2));
    left = 0; // a system that does not say
    ASSERT_TRUE(m_worker->recount());
    m_worker.reset();
    EXPECT_EQ(m_rooms.entries(), (std::vector<std::int64_t>{900, 20}));
}

TEST_F(StorageWorkerTest, AResetOfTheCountersSurvivesARestart)
{
    start();
    ASSERT_TRUE(m_worker->store(job(1)));
    ASSERT_TRUE(m_worker->resetCounters("maria"));
    ASSERT_TRUE(m_counts.waitForCount(3));
    EXPECT_EQ(m_counts.entries()[2].total, 0);
    EXPECT_TRUE(m_counts.entries()[2].sinceUtcMs);
    ASSERT_TRUE(m_worker->store(job(2)));
    m_worker.reset();
    start();
    ASSERT_TRUE(m_opened.waitForCount(2));
    EXPECT_EQ(m_opened.entries()[1], 2) << "a reset deletes nothing";
    ASSERT_TRUE(m_counts.waitForCount(5));
    EXPECT_EQ(m_counts.entries()[4].total, 1);
    EXPECT_EQ(m_counts.entries()[4].sinceUtcMs, m_counts.entries()[2].sinceUtcMs);
}

TEST_F(StorageWorkerTest, IsIdleOnlyWhenAllThatItAcceptedIsTold)
{
    const auto entered = std::make_shared<std::latch>(1), goOn = std::make_shared<std::latch>(1);
    StorageListener slow = listener();
    slow.onStored = [&, entered, goOn](const StorageJob &stored) {
        entered->count_down();
        goOn->wait();
        m_endings.add({stored, {}});
    };
    m_worker.emplace(m_folder, slow);
    ASSERT_TRUE(m_worker->store(job(1)));
    entered->wait();
    EXPECT_EQ(m_worker->waiting(), 0U);
    EXPECT_FALSE(m_worker->isIdle());
    goOn->count_down();
    while (!m_worker->isIdle())
        std::this_thread::yield();
    EXPECT_EQ(m_endings.entries().size(), 1U);
}

TEST_F(StorageWorkerTest, WhatPeoplePressHasRoomOfItsOwnAndTakesNoneFromAnswers)
{
    const auto entered = std::make_shared<std::latch>(1), goOn = std::make_shared<std::latch>(1);
    StorageListener slow = listener();
    slow.onStored = [entered, goOn](const StorageJob &stored) {
        if (stored.id == 1)
            entered->count_down();
        goOn->wait();
    };
    m_worker.emplace(m_folder, slow);
    ASSERT_TRUE(m_worker->store(job(1)));
    entered->wait();
    std::size_t accepted = 0;
    while (m_worker->readPicture(1))
        ++accepted;
    EXPECT_EQ(accepted, StorageWorker::kLightCapacity);
    EXPECT_FALSE(m_worker->review({1, 1, Verdict::Ok, "", "maria"}));
    EXPECT_FALSE(m_worker->isFull());
    EXPECT_TRUE(m_worker->store(job(2)));
    goOn->count_down();
}

} // namespace
} // namespace auroraedge::app

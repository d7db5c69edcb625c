#include "app/export/retention.h"

#include "app/export/answer_export.h"
#include "app/storage/picture_store.h"
#include "app/storage/store_check.h"
#include "tests/app/export/stored_station.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <random>

namespace auroraedge::app {
namespace {

namespace fs = std::filesystem;

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::int64_t kLimit = 1000;

RetainedAnswer old(const std::string &picture)
{
    return {picture, "pictures/" + picture, 10, kLimit - 1, {Verdict::Ok, Verdict::Ok}, true, false};
}

std::vector<std::string> droppedOf(const std::vector<RetainedAnswer> &answers, const std::vector<Verdict> &kept = {})
{
    Retention retention({kLimit, kept});
    for (const RetainedAnswer &answer : answers)
        retention.add(answer);
    std::vector<std::string> names;
    for (const DroppedPicture &picture : retention.plan().dropped)
        names.push_back(picture.sha256);
    return names;
}

TEST(Retention, DropsOldReviewedPicturesAlone)
{
    RetainedAnswer recent = old("recent"), unreviewed = old("unreviewed"), held = old("held"), none = old("");
    recent.timeUtcMs = kLimit;
    unreviewed.isReviewed = false;
    held.isHeld = true;
    EXPECT_THAT(droppedOf({old("gone"), recent, unreviewed, held, none}), ElementsAre("gone"));
}

TEST(Retention, KeepsVerdictsOfMachineAndPeople)
{
    RetainedAnswer byMachine = old("machine"), byPerson = old("person");
    byMachine.verdicts = {Verdict::Ng, Verdict::Ok};
    byPerson.verdicts = {Verdict::Ok, Verdict::Ng};
    EXPECT_THAT(droppedOf({byMachine, byPerson, old("other")}, {Verdict::Ng}), ElementsAre("other"));
    EXPECT_THAT(droppedOf({byMachine, byPerson, old("other")}), ElementsAre("machine", "other", "person"));
}

TEST(Retention, KeepsAPictureThatAnotherAnswerNeeds)
{
    RetainedAnswer unreviewed = old("shared");
    unreviewed.isReviewed = false;
    EXPECT_THAT(droppedOf({old("shared"), unreviewed}), IsEmpty());
    EXPECT_THAT(droppedOf({unreviewed, old("shared")}), IsEmpty()) << "in whatever order they come";
}

TEST(Retention, CountsRowsAndBytes)
{
    Retention retention({kLimit, {}});
    for (const char *name : {"a", "a", "b"})
        retention.add(old(name));
    RetainedAnswer recent = old("c");
    recent.timeUtcMs = kLimit + 1;
    retention.add(recent);
    const RetentionPlan plan = retention.plan();
    EXPECT_EQ(plan.rows, 3);
    EXPECT_EQ(plan.bytes, 20);
    EXPECT_EQ(plan.keptPictures, 1);
    EXPECT_EQ(plan.dropped.at(0).rows, 2);
    EXPECT_EQ(plan.dropped.at(0).path, "pictures/a");
}

TEST(RetentionProperty, NeverPlansAPictureThatAnyAnswerKeeps)
{
    std::mt19937 random(11);
    const auto upTo = [&random](int most) { return static_cast<int>(random() % static_cast<unsigned>(most + 1)); };
    int dropped = 0;
    for (int round = 0; round < 500; ++round) {
        SCOPED_TRACE(round);
        std::vector<RetainedAnswer> answers;
        for (int i = upTo(40); i > 0; --i) {
            RetainedAnswer answer = old(upTo(9) == 0 ? "" : std::to_string(upTo(15)));
            answer.timeUtcMs = kLimit - 2 + upTo(upTo(3));
            answer.verdicts.clear();
            for (int verdict = upTo(2); verdict > 0; --verdict)
                answer.verdicts.push_back(static_cast<Verdict>(1 + upTo(2)));
            answer.isReviewed = upTo(5) != 0;
            answer.isHeld = upTo(9) == 0;
            answers.push_back(answer);
        }
        std::vector<Verdict> kept;
        for (int verdict = upTo(2); verdict > 0; --verdict)
            kept.push_back(static_cast<Verdict>(1 + upTo(2)));
        const std::vector<std::string> names = droppedOf(answers, kept);
        dropped += static_cast<int>(names.size());
        // Said anew, answer by answer.
        for (const RetainedAnswer &answer : answers) {
            const bool isWanted = std::ranges::any_of(answer.verdicts, [&](Verdict verdict) { return std::ranges::count(kept, verdict) > 0; });
            const bool mustStay = !answer.isReviewed || answer.isHeld || isWanted || !(answer.timeUtcMs < kLimit);
            const bool isDropped = std::ranges::find(names, answer.pictureSha256) != names.end();
            ASSERT_FALSE(mustStay && isDropped) << answer.pictureSha256;
            const bool isFree = std::ranges::none_of(answers, [&](const RetainedAnswer &other) {
                return other.pictureSha256 == answer.pictureSha256 && other.keepsPicture({kLimit, kept});
            });
            ASSERT_EQ(isDropped, isFree && !answer.pictureSha256.empty()) << "and whatever may go does";
        }
    }
    EXPECT_GT(dropped, 100) << "else nothing was tried";
}

class RetentionTest : public StoredStation
{
protected:
    static constexpr std::int64_t kNow = 1'800'000'000'000;

    /// An answer, reviewed as OK, about the picture of @p seed, which was saved long ago.
    std::int64_t reviewed(int seed)
    {
        const std::int64_t row = store(answered(), picture(seed));
        review(row, Verdict::Ok);
        age(seed);
        return row;
    }
    void age(int seed) { fs::last_write_time(fileOf(seed), fs::file_time_type::clock::now() - std::chrono::hours(24 * 365)); }
    fs::path fileOf(int seed) const { return data() / PictureStore::placeOf(picture(seed)).path; }
    bool isThere(int seed) const { return fs::exists(fileOf(seed)); }
    std::string hashOf(int seed) const { return PictureStore::placeOf(picture(seed)).sha256; }

    RetentionPlan plan() const
    {
        const auto opened = reader();
        Result<RetentionPlan> made = planRetention(m_policy, pagesOf(*opened, {}));
        EXPECT_TRUE(made) << made.error().message;
        return *std::move(made);
    }
    /// With the clock of this machine: files are as old as it says.
    RetentionOutcome apply(const RetentionPlan &plan)
    {
        const std::int64_t now = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
        const Result<RetentionOutcome> outcome = applyRetention(
            *m_store, plan, m_policy, {now, "maria"}, [this](const std::string &sha256) { m_forgotten.push_back(sha256); }, {}, {});
        EXPECT_TRUE(outcome) << outcome.error().message;
        return outcome ? *outcome : RetentionOutcome();
    }
    std::int64_t mark(const std::vector<std::string> &sha256s)
    {
        return *m_store->markPicturesRemoved(sha256s, [](const AnswerRecord &) { return true; }, {kNow, "maria"});
    }

    RetentionPolicy m_policy{kNow, {}};
    std::vector<std::string> m_forgotten;
};

TEST_F(RetentionTest, RemovesWhatItPlansAndKeepsTheRows)
{
    const std::int64_t first = reviewed(1), shared = reviewed(2), held = reviewed(3), unreviewed = store(answered(), picture(4));
    store(answered(), picture(2)); // nobody reviewed this one
    age(2);
    age(4);
    const std::vector<std::int64_t> rows{held};
    ASSERT_TRUE(m_store->setHeld(rows, true, "complaint", {1, "eva"}));
    const fs::path unknown = fileOf(1).parent_path() / "unknown.png";
    std::ofstream(unknown) << "x";
    const RetentionOutcome outcome = apply(plan());
    EXPECT_EQ(outcome.removed, 1);
    EXPECT_EQ(outcome.bytes, static_cast<std::int64_t>(picture(1).bytes.size()));
    EXPECT_FALSE(isThere(1));
    for (const int seed : {2, 3, 4})
        EXPECT_TRUE(isThere(seed)) << seed;
    EXPECT_TRUE(fs::exists(unknown)) << "the database does not know it";
    EXPECT_THAT(m_forgotten, ElementsAre(hashOf(1)));
    EXPECT_TRUE((**m_store->answer(first)).pictureRemovedUtcMs);
    EXPECT_EQ((**m_store->answer(first)).pictureSha256, hashOf(1)) << "what it was stays known";
    for (const std::int64_t row : {shared, held, unreviewed})
        EXPECT_FALSE((**m_store->answer(row)).pictureRemovedUtcMs) << row;
    EXPECT_EQ(plan().dropped.size(), 0U) << "what is gone is not planned again";
    const Result<StoreCheck> check = checkStore(data(), {}, {});
    ASSERT_TRUE(check) << check.error().message;
    EXPECT_EQ(check->faults, 0) << "a removed picture is not missed";
    EXPECT_EQ(check->pictures, 3);
}

TEST_F(RetentionTest, FinishesWhatAKilledRunBegan)
{
    for (int seed = 1; seed <= 3; ++seed)
        reviewed(seed);
    EXPECT_EQ(mark({hashOf(1), hashOf(2)}), 2); // killed after the marks
    fs::remove(fileOf(2));                       // and the second one after its file went
    EXPECT_EQ(apply({}).removed, 2);
    EXPECT_FALSE(isThere(1));
    EXPECT_TRUE(isThere(3));
    EXPECT_EQ(m_forgotten.size(), 2U);
    EXPECT_EQ(apply({}).removed, 0) << "once is enough";
}

TEST_F(RetentionTest, KeepsAMarkedPictureThatIsNeededAgain)
{
    const std::vector<std::int64_t> held{reviewed(1)};
    const std::int64_t undone = reviewed(2);
    reviewed(3);
    EXPECT_EQ(mark({hashOf(1), hashOf(2), hashOf(3)}), 3);
    ASSERT_TRUE(m_store->setHeld(held, true, "", {1, "eva"}));
    const std::vector<std::int64_t> rows{undone};
    ASSERT_TRUE(m_store->undoReviews(rows, "maria", 1));
    const std::int64_t again = store(answered(), picture(3));
    age(3);
    const RetentionOutcome outcome = apply({});
    EXPECT_EQ(outcome.removed, 0);
    EXPECT_EQ(outcome.kept, 2) << "the third lost its mark with the new answer";
    for (const int seed : {1, 2, 3})
        EXPECT_TRUE(isThere(seed)) << seed;
    EXPECT_FALSE((**m_store->answer(again)).pictureRemovedUtcMs);
    EXPECT_FALSE((**m_store->answer(held.front())).pictureRemovedUtcMs);
}

TEST_F(RetentionTest, LooksAgainAtAnswersThatCameAfterThePlan)
{
    reviewed(1);
    const RetentionPlan planned = plan();
    ASSERT_EQ(planned.dropped.size(), 1U);
    store(answered(), picture(1));
    age(1);
    EXPECT_EQ(apply(planned).kept, 1);
    EXPECT_TRUE(isThere(1));
}

TEST_F(RetentionTest, LeavesAPictureThatAnAnswerMayBeOnItsWayWith)
{
    reviewed(1);
    const RetentionPlan planned = plan();
    ASSERT_TRUE(m_store->savePicture(picture(1))); // it is there already; its answer comes later
    EXPECT_EQ(apply(planned).busy, 1);
    EXPECT_TRUE(isThere(1));
    age(1);
    EXPECT_EQ(apply({}).removed, 1) << "none came";
    const std::int64_t row = store(answered(), picture(1)); // it comes long after
    EXPECT_TRUE(isThere(1));
    EXPECT_TRUE(m_store->pictureOf(**m_store->answer(row))) << "saved anew";
}

TEST_F(RetentionTest, TouchesNothingOutsideOfThePictures)
{
    reviewed(1);
    const std::string other = m_folder.write("data/keep.png", std::string("keep")).string();
    fs::remove(fileOf(1));
    fs::create_symlink(other, fileOf(1));
    mark({hashOf(1)});
    const auto outcome = m_store->deleteRemovedPictures([](const AnswerRecord &) { return true; }, [](const std::string &) {}, INT64_MAX);
    ASSERT_TRUE(outcome) << outcome.error().message;
    EXPECT_EQ(outcome->deleted, 0);
    ASSERT_EQ(outcome->refused.size(), 1U);
    EXPECT_EQ(outcome->refused.front().code, code::EvidenceAltered);
    EXPECT_EQ(testing::readFile(other), "keep");
    EXPECT_TRUE(fs::is_symlink(fileOf(1)));
}

TEST_F(RetentionTest, WhatIsNoPlainFileIsToldAndStopsNoOther)
{
    for (int seed = 1; seed <= 30; ++seed) // more than one turn
        reviewed(seed);
    for (const int seed : {1, 2})
        fs::remove(fileOf(seed));
    fs::create_directory(fileOf(1));
    fs::create_symlink("/etc/passwd", fileOf(2));
    const RetentionOutcome outcome = apply(plan());
    EXPECT_EQ(outcome.removed, 28);
    ASSERT_EQ(outcome.refused.size(), 2U);
    EXPECT_NE(outcome.refused.front().message.find("is no plain file; nothing was deleted"), std::string::npos);
    for (int seed = 1; seed <= 30; ++seed)
        EXPECT_EQ(fs::exists(fs::symlink_status(fileOf(seed))), seed <= 2) << seed;
    EXPECT_EQ(apply({}).refused.size(), 2U) << "and told again by the next run";
}

TEST_F(RetentionTest, KeepsAMarkedPictureThatGotAVerdictWhichThePolicyKeeps)
{
    m_policy.keptVerdicts = {Verdict::Ng};
    const std::int64_t overridden = reviewed(1);
    reviewed(2);
    EXPECT_EQ(mark({hashOf(1), hashOf(2)}), 2);
    review(overridden, Verdict::Ng);
    const RetentionOutcome outcome = apply({});
    EXPECT_EQ(outcome.removed, 1);
    EXPECT_EQ(outcome.kept, 1);
    EXPECT_TRUE(isThere(1));
    EXPECT_FALSE(isThere(2));
    EXPECT_FALSE((**m_store->answer(overridden)).pictureRemovedUtcMs);
}

} // namespace
} // namespace auroraedge::app

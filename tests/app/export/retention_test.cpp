#include "app/export/retention.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <random>

namespace auroraedge::app {
namespace {

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

} // namespace
} // namespace auroraedge::app

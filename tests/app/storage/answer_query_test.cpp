#include "app/storage/answer_query.h"

#include "app/storage/answer_rows.h"
#include "app/storage/database.h"
#include "app/storage/search_text.h"
#include "tests/app/storage/filled_store.h"

#include <gmock/gmock.h>

#include <algorithm>

namespace auroraedge::app {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::int64_t> rowsOf(const std::vector<AnswerRecord> &records)
{
    std::vector<std::int64_t> rows;
    for (const AnswerRecord &record : records)
        rows.push_back(record.row);
    return rows;
}

bool contains(const std::string &text, const std::string &part) { return text.find(part) != std::string::npos; }

/// The filter by hand. Its text is one of those that `anyFilter` draws.
bool meets(const FilledStore::Kept &kept, const AnswerFilter &filter)
{
    const AnswerRecord &record = kept.record;
    const auto disagrees = [&] {
        return std::ranges::any_of(kept.reviews, [&](const ReviewRecord &review) { return review.verdict != kept.reviews.back().verdict; })
            || (!kept.reviews.empty() && kept.reviews.back().verdict != record.verdict);
    };
    return (!filter.fromUtcMs || record.timeUtcMs >= *filter.fromUtcMs) && (!filter.untilUtcMs || record.timeUtcMs < *filter.untilUtcMs)
        && (filter.verdicts.empty() || (record.verdict && std::ranges::count(filter.verdicts, *record.verdict) > 0))
        && (filter.question.empty() || record.question == filter.question) && (filter.model.empty() || record.modelName == filter.model)
        && (filter.source.empty() || record.source == filter.source)
        && (filter.reviewer.empty() || std::ranges::any_of(kept.reviews, [&](const ReviewRecord &review) { return review.reviewer == filter.reviewer; }))
        && (filter.defectClass.empty() || (!kept.reviews.empty() && kept.reviews.back().defectClass == filter.defectClass))
        && (!filter.unreviewedOnly || kept.reviews.empty()) && (!filter.reviewedOnly || !kept.reviews.empty())
        && (!filter.disagreeOnly || disagrees()) && (!filter.failedOnly || !record.answer)
        && (!filter.latencyAboveMs || record.latency.totalMs > *filter.latencyAboveMs)
        && (filter.text.empty() || contains(record.answer.value_or("") + ' ' + record.question, filter.text));
}

AnswerFilter anyFilter(FilledStore &filled)
{
    AnswerFilter filter;
    if (filled.upTo(3) == 0)
        filter.fromUtcMs = 1'000'000 + filled.upTo(400) * 600'000LL;
    if (filled.upTo(3) == 0)
        filter.untilUtcMs = 1'000'000 + filled.upTo(400) * 600'000LL;
    if (filled.upTo(2) == 0)
        filter.verdicts = filled.upTo(1) == 0 ? std::vector{Verdict::Ng} : std::vector{Verdict::Ok, Verdict::Unsure};
    if (filled.upTo(3) == 0)
        filter.question = FilledStore::kQuestions[filled.upTo(3)];
    if (filled.upTo(4) == 0)
        filter.model = filled.upTo(2) == 0 ? "none of that name" : "large";
    if (filled.upTo(3) == 0)
        filter.source = FilledStore::kSources[filled.upTo(2)];
    if (filled.upTo(5) == 0)
        filter.reviewer = "maria";
    if (filled.upTo(5) == 0)
        filter.defectClass = "dent";
    filter.unreviewedOnly = filled.upTo(6) == 0;
    filter.reviewedOnly = filled.upTo(6) == 0;
    filter.disagreeOnly = filled.upTo(6) == 0;
    filter.failedOnly = filled.upTo(9) == 0;
    if (filled.upTo(4) == 0)
        filter.latencyAboveMs = filled.upTo(100);
    constexpr const char *kWords[] = {"bottle", "Kratzer", "划", "划痕", "傷"};
    if (filled.upTo(3) == 0)
        filter.text = kWords[filled.upTo(4)];
    return filter;
}

TEST(AnswerQuery, FindsExactlyWhatAFilterByHandFinds)
{
    FilledStore filled(400, 7);
    for (int round = 0; round < 300; ++round) {
        const AnswerFilter filter = anyFilter(filled);
        std::vector<std::int64_t> expected;
        for (auto kept = filled.all.rbegin(); kept != filled.all.rend(); ++kept)
            if (meets(*kept, filter))
                expected.push_back(kept->record.row);
        const Result<AnswerPage> page = selectPage(filled.reader->database(), filter, std::nullopt, 1000);
        ASSERT_TRUE(page) << page.error().message;
        ASSERT_EQ(rowsOf(page->records), expected) << "round " << round;
        EXPECT_FALSE(page->hasMore);
        const Result<std::int64_t> count = countMatching(filled.reader->database(), filter);
        ASSERT_TRUE(count) << count.error().message;
        EXPECT_EQ(*count, static_cast<std::int64_t>(expected.size())) << "round " << round;
    }
}

TEST(AnswerQuery, PagesGiveEveryRowOnceInBothDirections)
{
    FilledStore filled(60, 3);
    const AnswerFilter all;
    std::vector<std::int64_t> seen;
    std::optional<PageEdge> edge;
    for (bool hasMore = true; hasMore;) {
        const Result<AnswerPage> page = selectPage(filled.reader->database(), all, edge, 7);
        ASSERT_TRUE(page) << page.error().message;
        std::ranges::copy(rowsOf(page->records), std::back_inserter(seen));
        hasMore = page->hasMore;
        edge = PageEdge{seen.back(), true};
    }
    ASSERT_EQ(seen.size(), 60U);
    EXPECT_TRUE(std::ranges::is_sorted(seen, std::greater<>()));

    const Result<AnswerPage> newer = selectPage(filled.reader->database(), all, PageEdge{10, false}, 3);
    ASSERT_TRUE(newer) << newer.error().message;
    EXPECT_THAT(rowsOf(newer->records), ElementsAre(13, 12, 11)) << "those next to the edge, newest first";
    EXPECT_TRUE(newer->hasMore);
}

TEST(AnswerQuery, FindsWordsOfAnyLengthInEveryScript)
{
    FilledStore filled(200, 5);
    const auto found = [&](const std::string &text) {
        AnswerFilter filter;
        filter.text = text;
        const Result<std::int64_t> count = countMatching(filled.reader->database(), filter);
        EXPECT_TRUE(count) << count.error().message;
        return count ? *count : -1;
    };
    const auto holding = [&](const std::string &part) {
        return std::ranges::count_if(filled.all, [&](const auto &kept) {
            return contains(kept.record.answer.value_or("") + ' ' + kept.record.question + ' ' + kept.record.source, part);
        });
    };
    EXPECT_EQ(found("划"), holding("划"));
    EXPECT_EQ(found("划痕"), holding("划痕"));
    EXPECT_EQ(found("痕划"), 0);
    EXPECT_EQ(found("傷"), holding("傷"));
    EXPECT_EQ(found("ありま"), holding("ありま"));
    EXPECT_EQ(found("Kratz"), holding("Kratzer")) << "the last word may be cut short";
    EXPECT_EQ(found("HULLE"), holding("Hülle")) << "neither case nor accents matter";
    EXPECT_EQ(found("bottle there"), holding("Is there a bottle"));
    EXPECT_EQ(found("mp4"), holding("mp4"));
    EXPECT_EQ(found("\"bottle"), holding("bottle")) << "a quotation mark is no operator";
    EXPECT_EQ(found("NOT bottle*"), 0) << "neither is a word";
    EXPECT_GT(holding("划"), 0);
}

TEST(AnswerQuery, AStopEndsIt)
{
    FilledStore filled(1, 1);
    std::stop_source stop;
    stop.request_stop();
    const Database::Stoppable stoppable(filled.reader->database(), stop.get_token());
    const Result<std::int64_t> endless = filled.reader->database().number(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT sum(i) FROM n");
    ASSERT_FALSE(endless);
    EXPECT_EQ(endless.error().code, code::Cancelled);
}

TEST(AnswerQuery, ChoicesAreWhatThereIsWithItsCounts)
{
    FilledStore filled(100, 9);
    const Result<AnswerChoices> choices = selectChoices(filled.reader->database());
    ASSERT_TRUE(choices) << choices.error().message;
    std::int64_t questions = 0;
    for (const AnswerChoice &choice : choices->questions) {
        EXPECT_EQ(choice.count, std::ranges::count_if(filled.all, [&](const auto &kept) { return kept.record.question == choice.value; }));
        questions += choice.count;
    }
    EXPECT_EQ(questions, 100);
    EXPECT_EQ(choices->models.size(), 2U);
    EXPECT_EQ(choices->sources.size(), 3U);
    EXPECT_EQ(choices->reviewers.size(), 2U);
    for (const AnswerChoice &choice : choices->defectClasses)
        EXPECT_EQ(choice.count, std::ranges::count_if(filled.all, [&](const auto &kept) {
            return !kept.reviews.empty() && kept.reviews.back().defectClass == choice.value;
        })) << choice.value;
}

TEST(AnswerQuery, NeighboursAreOfTheSameSource)
{
    FilledStore filled(60, 2);
    const auto &middle = filled.all[30].record;
    const Result<std::vector<AnswerRecord>> around = selectNeighbours(filled.reader->database(), middle.row, 3, 2);
    ASSERT_TRUE(around) << around.error().message;
    ASSERT_EQ(around->size(), 6U);
    EXPECT_EQ((*around)[2].row, middle.row);
    for (const AnswerRecord &record : *around)
        EXPECT_EQ(record.source, middle.source);
    EXPECT_TRUE(std::ranges::is_sorted(rowsOf(*around), std::greater<>()));
}

TEST(Review, AnUndoBringsBackWhatStoodBefore)
{
    FilledStore filled(1, 4);
    AnswerStore &store = *filled.store;
    const auto counts = [&] { return (*store.answer(1))->review; };
    while (*store.undoReview(1, "maria", 1) || *store.undoReview(1, "jan", 1)) { }
    EXPECT_FALSE(counts());
    ASSERT_TRUE(store.insertReview({1, 10, Verdict::Ok, "", "maria"}));
    ASSERT_TRUE(store.insertReview({1, 20, Verdict::Ng, "", "jan", "dent", "left edge"}));
    ASSERT_TRUE(store.insertReview({1, 30, Verdict::Unsure, "", "jan"}));
    EXPECT_EQ(counts()->verdict, Verdict::Unsure);
    EXPECT_TRUE(*store.undoReview(1, "jan", 40));
    EXPECT_EQ(counts()->verdict, Verdict::Ng);
    EXPECT_EQ(counts()->defectClass, "dent");
    EXPECT_EQ(counts()->note, "left edge");
    EXPECT_TRUE(*store.undoReview(1, "jan", 50));
    EXPECT_EQ(counts()->verdict, Verdict::Ok) << "maria's judgement stands";
    EXPECT_FALSE(*store.undoReview(1, "jan", 60)) << "nothing of his is left";
    EXPECT_TRUE(*store.undoReview(1, "maria", 70));
    EXPECT_FALSE(counts());

    const Result<std::vector<ReviewEntry>> history = selectReviews(filled.reader->database(), 1);
    ASSERT_TRUE(history) << history.error().message;
    EXPECT_GE(history->size(), 6U) << "nothing is ever deleted";
    EXPECT_FALSE(history->front().isJudgement);
    EXPECT_NE(history->front().undoes, 0);
    EXPECT_EQ((*store.answer(1))->verdict, filled.all[0].record.verdict) << "the machine's verdict stays";
}

TEST(Review, ADecisionKeepsWhatItDoesNotSay)
{
    FilledStore filled(3, 6);
    AnswerStore &store = *filled.store;
    const std::int64_t row = filled.all[1].record.row;
    const std::vector<ReviewDecision> first{{row, 1, Verdict::Ng, "dent", std::nullopt, "eva"}};
    ASSERT_TRUE(store.insertDecisions(first));
    const std::vector<ReviewDecision> note{{row, 2, std::nullopt, "", "seen twice", "eva"}};
    ASSERT_TRUE(store.insertDecisions(note));
    EXPECT_EQ((*store.answer(row))->review, (ReviewRecord{row, 2, Verdict::Ng, "", "eva", "dent", "seen twice"}));
    const std::vector<ReviewDecision> ok{{row, 3, Verdict::Ok, "", std::nullopt, "eva"}};
    ASSERT_TRUE(store.insertDecisions(ok));
    EXPECT_EQ((*store.answer(row))->review, (ReviewRecord{row, 3, Verdict::Ok, "", "eva", "", "seen twice"}));

    const auto before = (*store.answer(row))->review;
    const std::vector<ReviewDecision> onlyNote{{row, 4, std::nullopt, "", "look again", "olaf"}};
    ASSERT_TRUE(store.insertDecisions(onlyNote));
    EXPECT_EQ((*store.answer(row))->review, before) << "a note is no judgement";

    const std::vector<ReviewDecision> one{{row, 5, Verdict::Ng, "", std::nullopt, "eva"}, {999, 5, Verdict::Ng, "", std::nullopt, "eva"}};
    EXPECT_FALSE(store.insertDecisions(one)) << "there is no such answer";
    EXPECT_EQ((*store.answer(row))->review, before) << "all or none";
}

TEST(SearchText, PutsASpaceRoundCharactersOfUnspacedScripts)
{
    EXPECT_EQ(searchText("abc 划痕x"), "abc  划  痕 x");
    EXPECT_EQ(searchText(std::string("a\xFF") + "b\xE5"), "a b ");
    EXPECT_EQ(textQuery("  "), "");
    EXPECT_EQ(textQuery("bottle there"), "\"bottle\" \"there\"*");
}

} // namespace
} // namespace auroraedge::app

#include "app/storage/answer_query.h"

#include "app/storage/answer_rows.h"
#include "app/storage/database.h"
#include "app/storage/facet_filter.h"
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
            || (!kept.reviews.empty() && kept.reviews.back().verdict != record.verdict.value_or(Verdict::Ok));
    };
    const auto isAnyOf = [](const std::vector<Verdict> &wanted, bool orNone, const std::optional<Verdict> &verdict) {
        return (wanted.empty() && !orNone) || (verdict ? std::ranges::count(wanted, *verdict) > 0 : orNone);
    };
    const auto judged = [&]() -> std::optional<Verdict> { return kept.reviews.empty() ? std::nullopt : std::optional(kept.reviews.back().verdict); };
    const std::optional<Verdict> first = kept.saidBy(filter.reviewer), second = kept.saidBy(filter.secondReviewer);
    const double stageMs = filter.stage == LatencyStage::Encode ? record.latency.encodeMs : record.latency.totalMs;
    std::string text = record.answer.value_or("") + ' ' + record.question;
    for (const ReviewRecord &review : kept.reviews)
        text += ' ' + review.note;
    return (!filter.fromUtcMs || record.timeUtcMs >= *filter.fromUtcMs) && (!filter.untilUtcMs || record.timeUtcMs < *filter.untilUtcMs)
        && isAnyOf(filter.verdicts, filter.withoutVerdict, record.verdict) && isAnyOf(filter.judgements, false, judged())
        && isAnyOf(filter.outcomes, filter.withoutOutcome, kept.outcome()) && (filter.device.empty() || record.device == filter.device)
        && (filter.tag.empty() || std::ranges::count(record.tags, filter.tag) > 0) && (filter.session == 0 || record.session == filter.session)
        && (!filter.heldOnly || record.isHeld) && (!filter.timedOnly || (record.answer && record.latency.totalMs > 0)) && record.row > filter.afterRow
        && ((!filter.stageFromMs && !filter.stageBelowMs)
            || (record.answer && record.latency.totalMs > 0 && stageMs >= filter.stageFromMs.value_or(0) && stageMs < filter.stageBelowMs.value_or(1e9)))
        && (filter.question.empty() || record.question == filter.question) && (filter.model.empty() || record.modelName == filter.model)
        && (filter.source.empty() || record.source == filter.source)
        && (filter.reviewer.empty() || (first && (!filter.reviewerSaid || first == filter.reviewerSaid)))
        && (filter.secondReviewer.empty()
            || (first && second && (!filter.secondReviewerSaid || second == filter.secondReviewerSaid)
                && (!filter.pairAgrees || (first == second) == *filter.pairAgrees)))
        && (filter.defectClass.empty() || (!kept.reviews.empty() && kept.reviews.back().defectClass == filter.defectClass))
        && (!filter.withoutClass || kept.reviews.empty() || kept.reviews.back().defectClass.empty())
        && (!filter.unreviewedOnly || kept.reviews.empty()) && (!filter.reviewedOnly || !kept.reviews.empty())
        && (!filter.disagreeOnly || disagrees()) && (!filter.failedOnly || !record.answer)
        && (!filter.latencyAboveMs || record.latency.totalMs > *filter.latencyAboveMs)
        && (filter.text.empty() || contains(text, filter.text));
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
    const auto someVerdicts = [&] { return filled.upTo(1) == 0 ? std::vector{Verdict::Ok} : std::vector{Verdict::Unsure, Verdict::Ng}; };
    filter.withoutVerdict = filled.upTo(5) == 0;
    if (filled.upTo(5) == 0)
        filter.judgements = someVerdicts();
    if (filled.upTo(5) == 0)
        filter.outcomes = someVerdicts();
    filter.withoutOutcome = filled.upTo(9) == 0;
    if (filled.upTo(4) == 0)
        filter.device = filled.upTo(2) == 0 ? "cuda:0" : "cpu";
    if (filled.upTo(4) == 0)
        filter.tag = FilledStore::kTags[filled.upTo(1)];
    if (filled.upTo(4) == 0)
        filter.session = 1 + filled.upTo(2); // there are two
    filter.heldOnly = filled.upTo(7) == 0;
    filter.timedOnly = filled.upTo(7) == 0;
    if (filled.upTo(7) == 0)
        filter.afterRow = filled.upTo(400);
    if (filled.upTo(3) == 0) {
        filter.stage = filled.upTo(1) == 0 ? LatencyStage::Encode : LatencyStage::Total;
        if (filled.upTo(2) > 0)
            filter.stageFromMs = filled.upTo(60);
        if (filled.upTo(2) > 0)
            filter.stageBelowMs = filled.upTo(100);
    }
    if (filled.upTo(3) == 0)
        filter.reviewer = FilledStore::kReviewers[filled.upTo(2)];
    if (!filter.reviewer.empty() && filled.upTo(2) == 0)
        filter.reviewerSaid = Verdict(1 + filled.upTo(2));
    if (!filter.reviewer.empty() && filled.upTo(1) == 0) {
        while (filter.secondReviewer.empty() || filter.secondReviewer == filter.reviewer)
            filter.secondReviewer = FilledStore::kReviewers[filled.upTo(2)];
        if (filled.upTo(2) == 0)
            filter.secondReviewerSaid = Verdict(1 + filled.upTo(2));
        if (filled.upTo(1) == 0)
            filter.pairAgrees = filled.upTo(1) == 0;
    }
    if (filled.upTo(5) == 0)
        filter.defectClass = "dent";
    else
        filter.withoutClass = filled.upTo(6) == 0;
    filter.unreviewedOnly = filled.upTo(6) == 0;
    filter.reviewedOnly = filled.upTo(6) == 0;
    filter.disagreeOnly = filled.upTo(6) == 0;
    filter.failedOnly = filled.upTo(9) == 0;
    if (filled.upTo(4) == 0)
        filter.latencyAboveMs = filled.upTo(100);
    constexpr const char *kWords[] = {"bottle", "Kratzer", "划", "划痕", "傷", "left edge", "边"};
    if (filled.upTo(3) == 0)
        filter.text = kWords[filled.upTo(6)];
    return filter;
}

/// As pages have them: newest first; of the same time, what was stored last first.
std::vector<std::int64_t> rowsByHand(const FilledStore &filled, const AnswerFilter &filter)
{
    std::vector<std::pair<std::int64_t, std::int64_t>> found;
    for (const FilledStore::Kept &kept : filled.all)
        if (meets(kept, filter))
            found.emplace_back(kept.record.timeUtcMs, kept.record.row);
    std::ranges::sort(found, std::greater<>());
    std::vector<std::int64_t> rows;
    for (const auto &[time, row] : found)
        rows.push_back(row);
    return rows;
}

TEST(AnswerQuery, FindsExactlyWhatAFilterByHandFinds)
{
    FilledStore filled(400, 7);
    int roundsWithRows = 0;
    for (int round = 0; round < 1000; ++round) {
        const AnswerFilter filter = anyFilter(filled);
        const std::vector<std::int64_t> expected = rowsByHand(filled, filter);
        roundsWithRows += expected.empty() ? 0 : 1;
        const Result<AnswerPage> page = selectPage(filled.reader->database(), filter, std::nullopt, 1000);
        ASSERT_TRUE(page) << page.error().message;
        ASSERT_EQ(rowsOf(page->records), expected) << "round " << round;
        EXPECT_FALSE(page->hasMore);
        const Result<std::int64_t> count = countMatching(filled.reader->database(), filter);
        ASSERT_TRUE(count) << count.error().message;
        EXPECT_EQ(*count, static_cast<std::int64_t>(expected.size())) << "round " << round;
    }
    EXPECT_GT(roundsWithRows, 100);
}

TEST(AnswerQuery, FindsTheSameInWhateverWayItLooks)
{
    FilledStore filled(400, 11);
    constexpr FewRows kAlwaysWalks{0, 0, 0}, kByList{0, 1000, 0}, kInOrder{0, 0, 1000};
    for (int round = 0; round < 400; ++round) {
        const AnswerFilter filter = anyFilter(filled);
        std::vector<std::int64_t> expected = rowsByHand(filled, filter);
        std::ranges::sort(expected);
        for (const FewRows &few : {kAlwaysWalks, kByList, kInOrder, kFewForPage}) {
            const Result<FacetSelection> selection = selectionOf(filled.reader->database(), filter, kNarrowWalk, few);
            ASSERT_TRUE(selection) << selection.error().message;
            if (few.ofList == 0) {
                EXPECT_FALSE(selection->driver) << "nothing but walks";
            }
            Result<Statement> statement = filled.reader->database().prepare("SELECT answer_id FROM " + selection->from + " WHERE " + selection->where
                                                                            + " ORDER BY answer_id");
            ASSERT_TRUE(statement) << statement.error().message;
            selection->bind(*statement);
            std::vector<std::int64_t> found;
            ASSERT_TRUE(forEachRow(*statement, [&](const Statement &row) { found.push_back(row.integer(0)); }));
            ASSERT_EQ(found, expected) << "round " << round << ": " << selection->from;
        }
    }
}

TEST(AnswerQuery, OneSessionIsReadInOrderWithoutSorting)
{
    FilledStore filled(40, 12);
    AnswerFilter filter;
    filter.session = 1;
    const Result<FacetSelection> selection = selectionOf(filled.reader->database(), filter, kNarrowWalk, kFewForPage);
    ASSERT_TRUE(selection) << selection.error().message;
    Result<Statement> plan = filled.reader->database().prepare("EXPLAIN QUERY PLAN SELECT answer_id FROM " + selection->from + " WHERE " + selection->where
                                                               + " AND (time_utc_ms, answer_id) < (5, 5) ORDER BY time_utc_ms DESC, answer_id DESC");
    ASSERT_TRUE(plan) << plan.error().message;
    std::string steps;
    ASSERT_TRUE(forEachRow(*plan, [&](const Statement &step) { steps += step.text(3); }));
    EXPECT_EQ(steps, "SEARCH facet USING COVERING INDEX facet_by_session (session_id=? AND time_utc_ms<?)");
}

TEST(AnswerQuery, WhatIsNewerIsCountedAsItsPageWouldGiveIt)
{
    const FilledStore filled(60, 3);
    AnswerFilter some;
    some.verdicts = {Verdict::Ok};
    for (const AnswerFilter &filter : {AnswerFilter(), some}) {
        const std::vector<std::int64_t> expected = rowsByHand(filled, filter);
        ASSERT_GT(expected.size(), 8U);
        const Database &database = filled.reader->database();
        EXPECT_EQ(countNewer(database, filter, expected[0], 100).value(), 0);
        EXPECT_EQ(countNewer(database, filter, expected[8], 100).value(), 8);
        EXPECT_EQ(countNewer(database, filter, expected[8], 5).value(), 5);
        EXPECT_EQ(countNewer(database, filter, 0, 100).value(), static_cast<int>(expected.size()));
    }
}

TEST(AnswerQuery, PagesGiveEveryRowOnceInBothDirections)
{
    FilledStore filled(60, 3);
    const AnswerFilter all;
    const std::vector<std::int64_t> expected = rowsByHand(filled, all);
    std::vector<std::int64_t> seen;
    std::optional<PageEdge> edge;
    for (bool hasMore = true; hasMore;) {
        const Result<AnswerPage> page = selectPage(filled.reader->database(), all, edge, 7);
        ASSERT_TRUE(page) << page.error().message;
        std::ranges::copy(rowsOf(page->records), std::back_inserter(seen));
        hasMore = page->hasMore;
        edge = PageEdge{seen.back(), true};
    }
    EXPECT_EQ(seen, expected);
    EXPECT_FALSE(std::ranges::is_sorted(seen, std::greater<>())) << "the clock was set back, and pages go by time";

    const Result<AnswerPage> newer = selectPage(filled.reader->database(), all, PageEdge{expected[20], false}, 3);
    ASSERT_TRUE(newer) << newer.error().message;
    EXPECT_THAT(rowsOf(newer->records), ElementsAre(expected[17], expected[18], expected[19])) << "those next to the edge, newest first";
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

TEST(AnswerQuery, FindsGermanWordsInEitherSpelling)
{
    FilledStore filled(1, 1);
    for (const char *answer : {"Kratzer auf der Straße", "Grosse Oberflaeche matt", "große Oberfläche glatt", "blurred, to the left", "Maße: 3"}) {
        AnswerRecord record;
        record.question = "q";
        record.answer = answer;
        ASSERT_TRUE(filled.store->insertAnswer(record, {}));
    }
    const auto found = [&](const std::string &text) {
        AnswerFilter filter;
        filter.text = text;
        const Result<std::int64_t> count = countMatching(filled.reader->database(), filter);
        EXPECT_TRUE(count) << text << ": " << count.error().message;
        return count ? *count : -1;
    };
    for (const char *text : {"Straße", "strasse", "STRASSE", "stra"})
        EXPECT_EQ(found(text), 1) << text;
    for (const char *text : {"Oberfläche", "Oberflaeche", "OBERFLÄCHE", "oberflache große", "große Oberflaeche", "grosse Oberfläche", "Gross"})
        EXPECT_EQ(found(text), text == std::string("oberflache große") ? 1 : 2) << text;
    EXPECT_EQ(found("Masse"), 1);
    EXPECT_EQ(found("blue"), 0) << "is no beginning of another word";
    EXPECT_EQ(found("toe"), 0);
    EXPECT_EQ(found("- straße"), 1) << "what is no word asks for nothing";
    EXPECT_EQ(found("ss ss ss ss ss ss ss ss ß \" OR aeaeaeaeaeaeaeaeae"), 0);
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
    EXPECT_EQ(choices->devices.size(), 2U);
    ASSERT_EQ(choices->reviewers.size(), 3U);
    for (const AnswerChoice &choice : choices->reviewers)
        EXPECT_EQ(choice.count, std::ranges::count_if(filled.all, [&](const auto &kept) { return kept.saidBy(choice.value).has_value(); }));
    ASSERT_EQ(choices->tags.size(), 2U);
    for (const AnswerChoice &choice : choices->tags)
        EXPECT_EQ(choice.count, std::ranges::count_if(filled.all, [&](const auto &kept) { return std::ranges::count(kept.record.tags, choice.value) > 0; }));
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
    EXPECT_TRUE(std::ranges::is_sorted(*around, std::greater<>(), [](const AnswerRecord &record) { return std::pair(record.timeUtcMs, record.row); }));
}

TEST(Review, AnUndoBringsBackWhatStoodBefore)
{
    FilledStore filled(1, 4);
    AnswerStore &store = *filled.store;
    const auto counts = [&] { return (*store.answer(1))->review; };
    const auto undo = [&](const char *reviewer, std::int64_t now) {
        const std::int64_t rows[] = {1};
        const Result<std::vector<std::int64_t>> undone = store.undoReviews(rows, reviewer, now);
        EXPECT_TRUE(undone) << undone.error().message;
        return undone && !undone->empty();
    };
    while (undo("maria", 1) || undo("jan", 1) || undo("eva", 1)) { }
    EXPECT_FALSE(counts());
    ASSERT_TRUE(store.insertReview({1, 10, Verdict::Ok, "", "maria"}));
    ASSERT_TRUE(store.insertReview({1, 20, Verdict::Ng, "", "jan", "dent", "left edge"}));
    ASSERT_TRUE(store.insertReview({1, 30, Verdict::Unsure, "", "jan"}));
    EXPECT_EQ(counts()->verdict, Verdict::Unsure);
    EXPECT_TRUE(undo("jan", 40));
    EXPECT_EQ(counts()->verdict, Verdict::Ng);
    EXPECT_EQ(counts()->defectClass, "dent");
    EXPECT_EQ(counts()->note, "left edge");
    EXPECT_TRUE(undo("jan", 50));
    EXPECT_EQ(counts()->verdict, Verdict::Ok) << "maria's judgement stands";
    EXPECT_FALSE(undo("jan", 60)) << "nothing of his is left";
    EXPECT_TRUE(undo("maria", 70));
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

    const Result<std::vector<std::int64_t>> told = store.insertDecisions(onlyNote);
    ASSERT_TRUE(told) << told.error().message;
    EXPECT_THAT(*told, ElementsAre((*selectReviews(filled.reader->database(), row)).front().id)) << "which review says so";

    const std::vector<ReviewDecision> one{{row, 5, Verdict::Ng, "", std::nullopt, "eva"}, {999, 5, Verdict::Ng, "", std::nullopt, "eva"}};
    EXPECT_FALSE(store.insertDecisions(one)) << "there is no such answer";
    EXPECT_EQ((*store.answer(row))->review, before) << "all or none";
}

TEST(Review, HistoriesOfAPageAreReadAtOnce)
{
    FilledStore filled(60, 8);
    const Database &database = filled.reader->database();
    std::vector<std::int64_t> rows{9999};
    for (const auto &kept : filled.all)
        rows.push_back(kept.record.row);
    const auto histories = selectReviewsOf(database, rows);
    ASSERT_TRUE(histories) << histories.error().message;
    EXPECT_EQ(static_cast<std::int64_t>(histories->size()), *database.number("SELECT count(DISTINCT answer_id) FROM review"));
    for (const auto &[row, history] : *histories) {
        EXPECT_EQ(static_cast<std::int64_t>(history.size()), *database.number("SELECT count(*) FROM review WHERE answer_id = " + std::to_string(row)));
        EXPECT_TRUE(std::ranges::is_sorted(history, std::greater<>(), &ReviewEntry::id));
        for (const ReviewEntry &entry : history)
            EXPECT_EQ(entry.review.answerRow, row);
    }
    EXPECT_THAT(*selectReviewsOf(database, {}), IsEmpty());
    const std::vector<std::int64_t> turned{5, 9999, 2, 40};
    EXPECT_THAT(rowsOf(*selectRows(database, turned)), ElementsAre(5, 2, 40)) << "in the order that was asked for";
}

TEST(Review, ANoteIsFoundByItsWordsAsLongAsItStands)
{
    FilledStore filled(3, 10);
    AnswerStore &store = *filled.store;
    const std::int64_t row = filled.all[1].record.row;
    const auto found = [&](const std::string &text) {
        AnswerFilter filter;
        filter.text = text;
        return rowsOf(selectPage(filled.reader->database(), filter, std::nullopt, 10)->records);
    };
    const auto write = [&](const char *reviewer, const std::string &note) {
        const std::vector<ReviewDecision> decision{{row, 1, std::nullopt, "", note, reviewer}};
        ASSERT_TRUE(store.insertDecisions(decision));
    };
    write("olaf", "griffspur oben");
    EXPECT_THAT(found("Griffspur"), ElementsAre(row));
    EXPECT_THAT(found("griffspur " + filled.all[1].record.question), ElementsAre(row)) << "beside the words of the answer";
    write("rita", "指纹");
    EXPECT_THAT(found("griffspur 指纹"), ElementsAre(row)) << "each person's newest one";
    write("olaf", "doch keine");
    EXPECT_THAT(found("griffspur"), IsEmpty());
    EXPECT_THAT(found("keine 指"), ElementsAre(row));
    const std::int64_t rows[] = {row};
    ASSERT_TRUE(store.undoReviews(rows, "olaf", 2));
    EXPECT_THAT(found("keine"), IsEmpty());
    EXPECT_THAT(found("griffspur"), ElementsAre(row)) << "what stood before stands again";
    ASSERT_TRUE(store.undoReviews(rows, "olaf", 3));
    ASSERT_TRUE(store.undoReviews(rows, "rita", 3));
    EXPECT_THAT(found("griffspur"), IsEmpty());
    EXPECT_THAT(found("指纹"), IsEmpty());
    EXPECT_TRUE(std::ranges::count(found(filled.all[1].record.question), row) == 1) << "the answer's own words stay";
}

TEST(SearchText, PutsASpaceRoundCharactersOfUnspacedScripts)
{
    EXPECT_EQ(searchText("abc 划痕x"), "abc  划  痕 x");
    EXPECT_EQ(searchText("ＡＢＣ１２　ａ！～"), "ABC12 a!~") << "full width";
    EXPECT_EQ(searchText("ｶﾞｷﾞﾊﾟｳﾞｰ､ﾝｱ"), searchText("ガギパヴー、ンア")) << "half width, with its marks";
    EXPECT_EQ(searchText("か\u3099は\u309Aう\u3099"), searchText("がぱゔ")) << "marks of their own";
    EXPECT_EQ(searchText("ｱﾞ"), " ア  \u3099 ") << "there is no such character";
    EXPECT_EQ(searchText("￥￡￦"), "¥£₩");
    EXPECT_EQ(searchText("é🍾\u07FF\uFFFD"), "é🍾\u07FF\uFFFD") << "others stay";
    EXPECT_EQ(textQuery("ＡＢＣ　ｶﾞﾗｽ"), "\"ABC\" \" ガ  ラ  ス \"*");
    EXPECT_EQ(searchText(std::string("a\xFF") + "b\xE5"), "a b ");
    EXPECT_EQ(textQuery("  "), "");
    EXPECT_EQ(textQuery("bottle there"), "\"bottle\" \"there\"*");
}

} // namespace
} // namespace auroraedge::app

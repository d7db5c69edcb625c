#include "app/storage/answer_statistics.h"

#include "app/storage/database.h"
#include "tests/app/storage/filled_store.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>

namespace auroraedge::app {
namespace {

using ::testing::IsEmpty;

/// By sorting all of them.
Percentiles percentilesBySorting(std::vector<double> values)
{
    std::ranges::sort(values);
    const auto at = [&](double share) { return values[static_cast<std::size_t>(std::ceil(share * static_cast<double>(values.size()))) - 1]; };
    return {at(0.50), at(0.95), at(0.99), values.back()};
}

void expectNear(const Percentiles &got, const Percentiles &expected)
{
    EXPECT_NEAR(got.p50, expected.p50, 1e-9);
    EXPECT_NEAR(got.p95, expected.p95, 1e-9);
    EXPECT_NEAR(got.p99, expected.p99, 1e-9);
    EXPECT_NEAR(got.max, expected.max, 1e-9);
}

TEST(AnswerStatistics, PercentilesAreThoseOfSortedValues)
{
    FilledStore filled(500, 11);
    AnswerFilter filter;
    filter.question = FilledStore::kQuestions[1];
    for (const AnswerFilter &asked : {AnswerFilter(), filter}) {
        const Result<LatencyStatistics> statistics = selectLatencies(filled.reader->database(), asked);
        ASSERT_TRUE(statistics) << statistics.error().message;
        std::vector<double> encode, total;
        std::map<std::string, std::vector<double>> byModel, byDevice;
        for (const auto &kept : filled.all) {
            if (!kept.record.answer || kept.record.latency.totalMs == 0 || (!asked.question.empty() && kept.record.question != asked.question))
                continue;
            encode.push_back(kept.record.latency.encodeMs);
            total.push_back(kept.record.latency.totalMs);
            byModel[kept.record.modelName].push_back(kept.record.latency.totalMs);
            byDevice[kept.record.device].push_back(kept.record.latency.totalMs);
        }
        EXPECT_EQ(statistics->all.answers, static_cast<std::int64_t>(total.size()));
        expectNear(statistics->all.stages[3], percentilesBySorting(encode));
        expectNear(statistics->all.stages.back(), percentilesBySorting(total));
        ASSERT_EQ(statistics->byModel.size(), byModel.size());
        for (const LatencyTable &table : statistics->byModel)
            expectNear(table.stages.back(), percentilesBySorting(byModel.at(table.name)));
        ASSERT_EQ(statistics->byDevice.size(), byDevice.size());
        for (const LatencyTable &table : statistics->byDevice)
            expectNear(table.stages.back(), percentilesBySorting(byDevice.at(table.name)));
        std::int64_t inBins = 0, inBinsOfEach = 0;
        for (const LatencyHistogram &histogram : statistics->histograms)
            for (const std::int64_t count : histogram.counts)
                (histogram.model.empty() ? inBins : inBinsOfEach) += count;
        EXPECT_EQ(inBins, statistics->all.answers);
        EXPECT_EQ(inBinsOfEach, statistics->all.answers);
    }
}

TEST(AnswerStatistics, HoursAreTheSameFromTheRollUpAndFromTheAnswers)
{
    FilledStore filled(300, 13);
    for (const bool prefersReviews : {false, true}) {
        const Result<std::vector<HourCounts>> rolledUp = selectHours(filled.reader->database(), {}, prefersReviews);
        AnswerFilter everyOne; // above nothing: the roll-up does not know times
        everyOne.latencyAboveMs = -1;
        const Result<std::vector<HourCounts>> counted = selectHours(filled.reader->database(), everyOne, prefersReviews);
        ASSERT_TRUE(rolledUp && counted);
        EXPECT_EQ(*rolledUp, *counted);
        std::int64_t ng = 0, total = 0;
        for (const HourCounts &hour : *rolledUp) {
            ng += hour.ng;
            total += hour.ok + hour.ng + hour.unsure + hour.none;
        }
        EXPECT_EQ(total, 300);
        EXPECT_EQ(ng, std::ranges::count_if(filled.all, [&](const auto &kept) {
            return (prefersReviews && !kept.reviews.empty() ? kept.reviews.back().verdict : kept.record.verdict) == Verdict::Ng;
        }));
    }
}

TEST(AnswerStatistics, TheRollUpFollowsReviewsAndUndos)
{
    FilledStore filled(40, 17);
    for (int round = 0; round < 100; ++round) {
        const auto index = static_cast<std::size_t>(filled.upTo(39));
        const std::int64_t rows[] = {filled.all[index].record.row};
        if (filled.upTo(2) > 0)
            filled.judge(index, filled.upTo(1) == 0 ? "maria" : "jan");
        else
            ASSERT_TRUE(filled.store->undoReviews(rows, "maria", 1));
    }
    const Result<std::int64_t> differences = filled.reader->database().number(
        "SELECT count(*) FROM (SELECT time_utc_ms / 3600000, question_id, source_id, model_id, verdict, judgement, is_failed, count(*) FROM facet"
        " GROUP BY 1, 2, 3, 4, 5, 6, 7 EXCEPT SELECT * FROM hour_count)");
    ASSERT_TRUE(differences) << differences.error().message;
    EXPECT_EQ(*differences, 0);
    EXPECT_EQ(*filled.reader->database().number("SELECT sum(answers) FROM hour_count"), 40);
    EXPECT_EQ(*filled.reader->database().number("SELECT count(*) FROM hour_count WHERE answers <= 0"), 0);
    // What stands of each person and pair follows, too: here reckoned anew from the reviews.
    EXPECT_EQ(*filled.reader->database().number(
                  "WITH standing AS (SELECT reviewer.id AS who, answer_id, name, CASE judgement WHEN 'OK' THEN 1 WHEN 'NG' THEN 2 ELSE 3 END AS said"
                  " FROM review r JOIN reviewer ON name = reviewer WHERE judgement IS NOT NULL AND r.id = (SELECT max(id) FROM review"
                  " WHERE answer_id = r.answer_id AND reviewer = r.reviewer)), pair AS (SELECT a.who, b.who, a.answer_id, a.said, b.said"
                  " FROM standing a JOIN standing b ON a.answer_id = b.answer_id AND a.name < b.name)"
                  " SELECT (SELECT count(*) FROM (SELECT who, answer_id, said FROM standing EXCEPT SELECT * FROM judged))"
                  " + (SELECT count(*) FROM (SELECT * FROM judged EXCEPT SELECT who, answer_id, said FROM standing))"
                  " + (SELECT count(*) FROM (SELECT * FROM pair EXCEPT SELECT * FROM judged_pair))"
                  " + (SELECT count(*) FROM (SELECT * FROM judged_pair EXCEPT SELECT * FROM pair))"),
              0);
    EXPECT_GT(*filled.reader->database().number("SELECT count(*) FROM judged_pair"), 0);
}

/// Every bar of every chart, as the filter that describes it; @p tell gets the filter and the bar's number.
void forEachBar(const Database &database, const AnswerFilter &base, const std::function<void(const AnswerFilter &, std::int64_t, const std::string &)> &tell)
{
    const Result<LatencyStatistics> latencies = selectLatencies(database, base);
    ASSERT_TRUE(latencies) << latencies.error().message;
    const auto timed = [&](const std::string &model, const std::string &device) {
        AnswerFilter filter = base;
        filter.timedOnly = true;
        filter.model = model.empty() ? base.model : model;
        filter.device = device.empty() ? base.device : device;
        return filter;
    };
    tell(timed("", ""), latencies->all.answers, "all");
    for (const LatencyTable &table : latencies->byModel)
        tell(timed(table.name, ""), table.answers, "model");
    for (const LatencyTable &table : latencies->byDevice)
        tell(timed("", table.name), table.answers, "device");
    for (const LatencyHistogram &histogram : latencies->histograms) {
        for (std::size_t i = 0; i < histogram.counts.size(); ++i) {
            AnswerFilter filter = timed(histogram.model, histogram.device);
            filter.stageFromMs = static_cast<double>(i) * histogram.binMs;
            if (i + 1 < histogram.counts.size())
                filter.stageBelowMs = static_cast<double>(i + 1) * histogram.binMs;
            tell(filter, histogram.counts[i], "histogram");
        }
    }
    for (const bool prefersReviews : {false, true}) {
        const Result<std::vector<HourCounts>> hours = selectHours(database, base, prefersReviews);
        ASSERT_TRUE(hours) << hours.error().message;
        for (const HourCounts &hour : *hours) {
            AnswerFilter filter = base;
            filter.fromUtcMs = std::max(base.fromUtcMs.value_or(0), hour.fromUtcMs);
            filter.untilUtcMs = std::min(base.untilUtcMs.value_or(INT64_MAX), hour.fromUtcMs + 3'600'000);
            const std::pair<Verdict, std::int64_t> kinds[] = {{Verdict::Ok, hour.ok}, {Verdict::Ng, hour.ng}, {Verdict::Unsure, hour.unsure}};
            for (const auto &[verdict, count] : kinds) {
                AnswerFilter kind = filter;
                (prefersReviews ? kind.outcomes : kind.verdicts) = {verdict};
                tell(kind, count, "hour");
            }
            AnswerFilter none = filter, failed = filter;
            (prefersReviews ? none.withoutOutcome : none.withoutVerdict) = true;
            tell(none, hour.none, "hour, none");
            failed.failedOnly = true;
            tell(failed, hour.failed, "hour, failed");
        }
    }
    const Result<std::vector<AnswerChoice>> classes = selectDefectClasses(database, base);
    ASSERT_TRUE(classes) << classes.error().message;
    for (const AnswerChoice &choice : *classes) {
        AnswerFilter filter = base;
        filter.defectClass = choice.value;
        if (choice.value.empty()) {
            filter.withoutClass = true;
            filter.judgements = {Verdict::Ng};
        }
        tell(filter, choice.count, "class");
    }
    const Result<Confusion> confusion = selectConfusion(database, base);
    ASSERT_TRUE(confusion) << confusion.error().message;
    for (std::size_t machine = 0; machine < 4; ++machine) {
        for (std::size_t person = 0; person < 3; ++person) {
            AnswerFilter filter = base;
            if (machine < 3)
                filter.verdicts = {Verdict(machine + 1)};
            else
                filter.withoutVerdict = true;
            filter.judgements = {Verdict(person + 1)};
            tell(filter, (*confusion)[machine][person], "confusion");
        }
    }
    const Result<std::vector<Agreement>> agreements = selectAgreement(database, base);
    ASSERT_TRUE(agreements) << agreements.error().message;
    for (const Agreement &agreement : *agreements) {
        AnswerFilter pair = base;
        pair.reviewer = agreement.second; // in either order
        pair.secondReviewer = agreement.first;
        std::int64_t agreed = 0, both = 0;
        for (std::size_t first = 0; first < 3; ++first) {
            for (std::size_t second = 0; second < 3; ++second) {
                AnswerFilter cell = pair;
                cell.reviewerSaid = Verdict(second + 1);
                cell.secondReviewerSaid = Verdict(first + 1);
                tell(cell, agreement.counts[first][second], "agreement");
                both += agreement.counts[first][second];
                agreed += first == second ? agreement.counts[first][second] : 0;
            }
        }
        tell(pair, both, "both");
        pair.pairAgrees = true;
        tell(pair, agreed, "agreed");
        pair.pairAgrees = false;
        tell(pair, both - agreed, "disagreed");
    }
}

TEST(AnswerStatistics, TheFilterOfEveryBarMeansExactlyTheAnswersThatItCounts)
{
    FilledStore filled(400, 29);
    std::vector<AnswerFilter> bases(9);
    bases[1].fromUtcMs = 3'600'000 * 10;
    bases[1].untilUtcMs = 3'600'000 * 50;
    bases[2].fromUtcMs = 20'000'123; // no whole hour: not from the roll-up
    bases[3].tag = FilledStore::kTags[0];
    bases[4].session = 2;
    bases[5].device = "cpu";
    bases[5].reviewedOnly = true;
    bases[6].heldOnly = true;
    bases[7].question = FilledStore::kQuestions[1];
    bases[7].text = "Kratzer";
    bases[8].afterRow = 111;
    for (const AnswerFilter &base : bases) {
        int bars = 0, counting = 0;
        forEachBar(filled.reader->database(), base, [&](const AnswerFilter &filter, std::int64_t number, const std::string &bar) {
            const Result<std::int64_t> count = countMatching(filled.reader->database(), filter);
            ASSERT_TRUE(count) << count.error().message;
            EXPECT_EQ(*count, number) << bar << " of base " << &base - bases.data();
            ++bars;
            counting += number > 0 ? 1 : 0;
        });
        EXPECT_GT(counting, 20) << "of " << bars;
    }
}

TEST(AnswerStatistics, TheCountersAreWhatTheirFiltersMean)
{
    FilledStore filled(120, 31);
    constexpr std::int64_t kNow = 1'000'000 + 90 * 600'000;
    for (const bool wasReset : {false, true}) {
        if (wasReset) {
            ASSERT_TRUE(filled.store->resetCounters(kNow, "maria"));
        }
        for (int i = 0; i < 20; ++i) { // some come after it
            AnswerRecord record = filled.all[static_cast<std::size_t>(filled.upTo(119))].record;
            record.timeUtcMs = kNow - filled.upTo(7'200) * 1000;
            ASSERT_TRUE(filled.store->insertAnswer(record, std::nullopt));
        }
        const Result<AnswerCounts> counts = filled.store->counts(kNow);
        ASSERT_TRUE(counts) << counts.error().message;
        EXPECT_EQ(counts->afterRow, wasReset ? 140 : 0);
        AnswerFilter since, ng, failed;
        since.afterRow = ng.afterRow = failed.afterRow = counts->afterRow;
        ng.verdicts = {Verdict::Ng};
        failed.failedOnly = true;
        EXPECT_EQ(counts->total, *countMatching(filled.reader->database(), since));
        EXPECT_EQ(counts->ng, *countMatching(filled.reader->database(), ng));
        EXPECT_EQ(counts->failed, *countMatching(filled.reader->database(), failed));
        EXPECT_EQ(counts->total, wasReset ? 20 : 140);
    }
}

TEST(AnswerStatistics, ConfusionAndClassesCountTheJudgementThatCounts)
{
    FilledStore filled(200, 19);
    const Result<Confusion> confusion = selectConfusion(filled.reader->database(), {});
    const Result<std::vector<AnswerChoice>> classes = selectDefectClasses(filled.reader->database(), {});
    ASSERT_TRUE(confusion && classes);
    Confusion expected{};
    std::map<std::string, std::int64_t> named;
    for (const auto &kept : filled.all) {
        if (kept.reviews.empty())
            continue;
        const std::size_t machine = kept.record.verdict ? static_cast<std::size_t>(*kept.record.verdict) - 1 : 3;
        ++expected.at(machine).at(static_cast<std::size_t>(kept.reviews.back().verdict) - 1);
        if (!kept.reviews.back().defectClass.empty() || kept.reviews.back().verdict == Verdict::Ng)
            ++named[kept.reviews.back().defectClass];
    }
    EXPECT_EQ(*confusion, expected);
    EXPECT_GT(named[""], 0) << "NGs without a class are one of their own";
    ASSERT_EQ(classes->size(), named.size());
    for (const AnswerChoice &choice : *classes)
        EXPECT_EQ(choice.count, named[choice.value]);
}

TEST(AnswerStatistics, AgreementCountsWhatTwoPeopleSaidOfTheSameAnswers)
{
    FilledStore filled(50, 23);
    for (std::size_t i = 0; i < 50; ++i) { // 20 both OK, 5 OK and NG, 10 NG and OK, 15 both NG
        const Verdict first = i < 25 ? Verdict::Ok : Verdict::Ng, second = i < 20 || (i >= 25 && i < 35) ? Verdict::Ok : Verdict::Ng;
        ASSERT_TRUE(filled.store->insertReview({filled.all[i].record.row, 1, first, "", "jan"}));
        ASSERT_TRUE(filled.store->insertReview({filled.all[i].record.row, 2, second, "", "maria"}));
    }
    const Result<std::vector<Agreement>> agreement = selectAgreement(filled.reader->database(), {});
    ASSERT_TRUE(agreement) << agreement.error().message;
    const auto pair = std::ranges::find_if(*agreement, [](const Agreement &each) { return each.first == "jan" && each.second == "maria"; });
    ASSERT_NE(pair, agreement->end());
    EXPECT_TRUE(std::ranges::all_of(*agreement, [](const Agreement &each) { return each.first < each.second; })) << "each pair once";
    const std::array<std::array<std::int64_t, 3>, 3> expected{{{20, 5, 0}, {10, 15, 0}, {0, 0, 0}}};
    EXPECT_EQ(pair->counts, expected);
}

TEST(AnswerStatistics, AnswersThatABatchRepeatsAreNotTimed)
{
    FilledStore filled(0, 1);
    AnswerRecord record;
    record.question = "Is there a bottle?";
    record.answer = "yes";
    for (const double totalMs : {40.0, 0.0, 0.0}) {
        record.latency.totalMs = totalMs;
        record.latency.encodeMs = totalMs / 4;
        ASSERT_TRUE(filled.store->insertAnswer(record, std::nullopt));
    }
    const Result<LatencyStatistics> statistics = selectLatencies(filled.reader->database(), {});
    ASSERT_TRUE(statistics) << statistics.error().message;
    EXPECT_EQ(statistics->all.answers, 1);
    EXPECT_EQ(statistics->all.stages.back().p50, 40);
    EXPECT_EQ(statistics->histograms.front().counts.front(), 0);
    for (const LatencyStage stage : {LatencyStage::Total, LatencyStage::Encode}) {
        AnswerFilter bar;
        bar.stage = stage;
        bar.stageFromMs = 0;
        EXPECT_EQ(*countMatching(filled.reader->database(), bar), 1) << "a bar opens what it counts";
    }
}

TEST(AnswerStatistics, WeightsOfOneNameAreToldApart)
{
    FilledStore filled(0, 1);
    AnswerRecord record;
    record.timeUtcMs = 7'200'000;
    record.question = "Is there a bottle?";
    record.answer = "yes";
    record.device = "cpu";
    const std::pair<const char *, char> models[] = {{"nano", 'a'}, {"nano", 'b'}, {"nano", 'b'}, {"large", 'c'}};
    for (const auto &[name, digit] : models) {
        record.modelName = name;
        record.modelSha256 = std::string(64, digit);
        record.latency.totalMs = digit == 'a' ? 10 : 90;
        ASSERT_TRUE(filled.store->insertAnswer(record, std::nullopt));
    }
    const Database &database = filled.reader->database();
    const Result<LatencyStatistics> statistics = selectLatencies(database, {});
    ASSERT_TRUE(statistics) << statistics.error().message;
    std::map<std::string, double> slowest;
    for (const LatencyTable &table : statistics->byModel) {
        slowest[table.name] = table.stages.back().max;
        AnswerFilter filter;
        filter.model = table.name;
        EXPECT_EQ(*countMatching(database, filter), table.answers) << table.name << " opens what it counts";
        EXPECT_EQ(selectHours(database, filter, true)->front().none, table.answers);
    }
    EXPECT_EQ(slowest, (std::map<std::string, double>{{"large", 90}, {"nano aaaaaaaa", 10}, {"nano bbbbbbbb", 90}}));
    const std::vector<AnswerChoice> choices = selectChoices(database)->models;
    ASSERT_EQ(choices.size(), 3U);
    EXPECT_EQ(choices.front().value, "nano bbbbbbbb");
    EXPECT_EQ(choices.front().count, 2);
    AnswerFilter byName;
    byName.model = "nano";
    EXPECT_EQ(*countMatching(database, byName), 3) << "the name alone means all of them";
}

/// Maria calls an NG, then ben an OK.
class StandingTest : public ::testing::Test
{
protected:
    StandingTest() : m_filled(0, 1)
    {
        AnswerRecord record;
        record.timeUtcMs = 7'200'000;
        record.question = "Is there a scratch?";
        record.answer = "no";
        record.verdict = Verdict::Ok;
        EXPECT_TRUE(m_filled.store->insertAnswer(record, std::nullopt));
        say("maria", Verdict::Ng);
        say("ben", Verdict::Ok);
    }
    void say(const std::string &who, std::optional<Verdict> verdict, std::optional<std::string> note = {}) const
    {
        const std::vector<ReviewDecision> decision{{1, 5, verdict, "", std::move(note), who}};
        const auto stored = m_filled.store->insertDecisions(decision);
        ASSERT_TRUE(stored) << stored.error().message;
    }
    void takeBack(const std::string &who) const
    {
        const std::vector<std::int64_t> rows{1};
        const auto stored = m_filled.store->undoReviews(rows, who, 6);
        ASSERT_TRUE(stored) << stored.error().message;
    }
    void expectCounts(const std::string &who, Verdict verdict) const
    {
        SCOPED_TRACE(who);
        const Database &database = m_filled.reader->database();
        const AnswerRecord stored = **m_filled.reader->answer(1);
        ASSERT_TRUE(stored.review);
        EXPECT_EQ(stored.review->reviewer, who);
        EXPECT_EQ(stored.review->verdict, verdict);
        EXPECT_EQ(*database.number("SELECT judgement FROM facet"), static_cast<std::int64_t>(verdict));
        EXPECT_EQ(*selectHours(database, {}, true), (std::vector{HourCounts{7'200'000, verdict == Verdict::Ok ? 1 : 0, verdict == Verdict::Ng ? 1 : 0, 0, 0, 0}}));
        EXPECT_EQ((*selectConfusion(database, {}))[0][static_cast<std::size_t>(verdict) - 1], 1);
        AnswerFilter ofVerdict, apart;
        ofVerdict.outcomes = {verdict};
        apart.disagreeOnly = true;
        EXPECT_EQ(*countMatching(database, ofVerdict), 1);
        EXPECT_EQ(*countMatching(database, apart), 1) << "two people say different things, whichever of them counts";
    }

    FilledStore m_filled;
};

TEST_F(StandingTest, ANoteDoesNotMakeAnOlderJudgementCountAgain)
{
    expectCounts("ben", Verdict::Ok);
    say("maria", std::nullopt, "look at the left edge");
    expectCounts("ben", Verdict::Ok);
    say("ben", std::nullopt, "a reflection");
    expectCounts("ben", Verdict::Ok);
    say("maria", Verdict::Ng); // once more
    expectCounts("maria", Verdict::Ng);
}

TEST_F(StandingTest, TakingBackDoesNotMakeAnOlderJudgementCountAgain)
{
    say("maria", Verdict::Unsure);
    takeBack("maria");
    expectCounts("ben", Verdict::Ok);
    say("maria", std::nullopt, "wet");
    takeBack("maria");
    expectCounts("ben", Verdict::Ok);
    takeBack("ben"); // what stands is maria's again
    EXPECT_EQ((**m_filled.reader->answer(1)).review->reviewer, "maria");
}

TEST(AnswerStatistics, ValuesThatNoStoreWritesAreLeftOut)
{
    FilledStore filled(60, 37);
    filled.store.reset();
    {
        const auto database = *Database::open(filled.folder() / "inspector.db", Database::Access::ReadWrite);
        for (const char *damage : {"UPDATE facet SET total_us = -7 WHERE answer_id = 1", "UPDATE facet SET encode_us = -5000000000 WHERE answer_id > 10",
                                   "UPDATE facet SET verdict = 9, judgement = -3 WHERE answer_id = 2", "UPDATE facet SET judgement = 77 WHERE answer_id = 3",
                                   "UPDATE judged_pair SET first_judgement = 0, second_judgement = 12", "INSERT INTO hour_count VALUES (9223372036854775807, 1, 1, 1, 1, 1, 0, 1)",
                                   "UPDATE facet SET time_utc_ms = -9223372036854775807 WHERE answer_id = 5",
                                   "INSERT INTO answer_text (rowid, body) VALUES (-4, 'bottle'), (4611686018427387904, 'bottle')"}) {
            const Result<void> done = database->run(damage);
            ASSERT_TRUE(done) << done.error().message;
        }
    }
    const Database &database = filled.reader->database();
    AnswerFilter words;
    words.text = "bottle";
    words.afterRow = 55; // so few that the words are looked for among them
    for (const AnswerFilter &filter : {AnswerFilter(), words}) {
        EXPECT_TRUE(selectLatencies(database, filter));
        EXPECT_TRUE(selectHours(database, filter, true));
        EXPECT_TRUE(selectDefectClasses(database, filter));
        EXPECT_TRUE(selectConfusion(database, filter));
        EXPECT_TRUE(selectAgreement(database, filter));
        EXPECT_TRUE(selectPage(database, filter, std::nullopt, 20));
        EXPECT_TRUE(countMatching(database, filter));
    }
}

TEST(AnswerStatistics, AnEmptyStoreHasEmptyStatistics)
{
    FilledStore filled(0, 1);
    const Database &database = filled.reader->database();
    const Result<LatencyStatistics> latencies = selectLatencies(database, {});
    ASSERT_TRUE(latencies) << latencies.error().message;
    EXPECT_EQ(latencies->all.answers, 0);
    EXPECT_THAT(latencies->histograms, IsEmpty());
    EXPECT_THAT(*selectHours(database, {}, true), IsEmpty());
    EXPECT_THAT(*selectAgreement(database, {}), IsEmpty());
}

} // namespace
} // namespace auroraedge::app

#include "app/storage/answer_statistics.h"

#include "app/storage/database.h"
#include "tests/app/storage/filled_store.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
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
            if (!kept.record.answer || (!asked.question.empty() && kept.record.question != asked.question))
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
        if (filled.upTo(2) > 0)
            filled.judge(index, filled.upTo(1) == 0 ? "maria" : "jan");
        else
            ASSERT_TRUE(filled.store->undoReview(filled.all[index].record.row, "maria", 1));
    }
    const Result<std::int64_t> differences = filled.reader->database().number(
        "SELECT count(*) FROM (SELECT time_utc_ms / 3600000, question_id, source_id, model_id, verdict, judgement, is_failed, count(*) FROM facet"
        " GROUP BY 1, 2, 3, 4, 5, 6, 7 EXCEPT SELECT * FROM hour_count)");
    ASSERT_TRUE(differences) << differences.error().message;
    EXPECT_EQ(*differences, 0);
    EXPECT_EQ(*filled.reader->database().number("SELECT sum(answers) FROM hour_count"), 40);
    EXPECT_EQ(*filled.reader->database().number("SELECT count(*) FROM hour_count WHERE answers <= 0"), 0);
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
        if (!kept.reviews.back().defectClass.empty())
            ++named[kept.reviews.back().defectClass];
    }
    EXPECT_EQ(*confusion, expected);
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
    ASSERT_EQ(agreement->size(), 1U);
    const std::array<std::array<std::int64_t, 3>, 3> expected{{{20, 5, 0}, {10, 15, 0}, {0, 0, 0}}};
    EXPECT_EQ(agreement->front().first, "jan");
    EXPECT_EQ(agreement->front().counts, expected);
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

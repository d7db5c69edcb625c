#include "app/storage/answer_statistics.h"

#include "app/storage/database.h"
#include "app/storage/facet_filter.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <tuple>
#include <utility>

namespace auroraedge::app {
namespace {

constexpr std::int64_t kHourMs = 3'600'000;
constexpr std::size_t kStages = kLatencyStages.size();
constexpr std::size_t kBins = 40;

using Samples = std::array<std::vector<std::int32_t>, kStages>; ///< microseconds, at most half an hour

Percentiles percentilesOf(std::vector<std::int32_t> &samples)
{
    if (samples.empty())
        return {};
    auto from = samples.begin();
    const auto at = [&](double share) {
        const auto rank = static_cast<std::ptrdiff_t>(std::ceil(share * static_cast<double>(samples.size())));
        const auto place = samples.begin() + std::max<std::ptrdiff_t>(rank, 1) - 1;
        if (place > from)
            std::nth_element(from, place, samples.end());
        else
            std::nth_element(samples.begin(), place, samples.end());
        from = place;
        return static_cast<double>(*place) / 1000;
    };
    Percentiles percentiles;
    percentiles.p50 = at(0.50);
    percentiles.p95 = at(0.95);
    percentiles.p99 = at(0.99);
    percentiles.max = static_cast<double>(*std::max_element(from, samples.end())) / 1000;
    return percentiles;
}

LatencyTable tableOf(Samples &samples)
{
    LatencyTable table;
    table.answers = static_cast<std::int64_t>(samples.back().size());
    for (std::size_t i = 0; i < kStages; ++i)
        table.stages[i] = percentilesOf(samples[i]);
    return table;
}

void append(Samples &all, const Samples &some)
{
    for (std::size_t i = 0; i < kStages; ++i)
        all[i].insert(all[i].end(), some[i].begin(), some[i].end());
}

/// 40 bins up to the 99th percentile, of 1, 2 or 5 times a power of ten.
LatencyHistogram histogramOf(const std::vector<std::int32_t> &totals, double p99Ms)
{
    LatencyHistogram histogram;
    if (totals.empty())
        return histogram;
    const double wanted = std::max(p99Ms, 0.001) / static_cast<double>(kBins);
    double step = std::pow(10, std::floor(std::log10(wanted)));
    for (const double factor : {2.0, 2.5, 2.0})
        if (step < wanted)
            step *= factor;
    histogram.binMs = step;
    histogram.counts.resize(kBins);
    for (const std::int32_t total : totals) {
        const auto bin = static_cast<std::size_t>(static_cast<double>(total) / 1000 / step);
        ++histogram.counts[std::min(bin, kBins - 1)];
    }
    return histogram;
}

/// Runs @p sql with the filter's values bound, @p each for every row.
template <typename Each>
Result<void> forEachRow(const Database &database, const std::string &sql, const std::vector<FacetCondition> &conditions, Each each)
{
    Result<Statement> statement = database.prepare(sql);
    if (!statement)
        return failure(statement.error());
    bindValues(*statement, conditions, 1);
    for (;;) {
        const Result<bool> row = statement->step();
        if (!row)
            return failure(row.error());
        if (!*row)
            return {};
        each(*statement);
    }
}

bool isWholeHour(const std::optional<std::int64_t> &time) { return !time || *time % kHourMs == 0; }

/// Whether the roll-up table knows all that @p filter asks for.
bool isRolledUp(const AnswerFilter &filter)
{
    return isWholeHour(filter.fromUtcMs) && isWholeHour(filter.untilUtcMs) && filter.reviewer.empty() && filter.defectClass.empty()
        && !filter.disagreeOnly && !filter.latencyAboveMs && filter.text.empty();
}

void add(HourCounts &hour, int kind, bool isFailed, std::int64_t count)
{
    constexpr std::int64_t HourCounts::*kKinds[] = {&HourCounts::none, &HourCounts::ok, &HourCounts::ng, &HourCounts::unsure};
    hour.*kKinds[static_cast<std::size_t>(std::clamp(kind, 0, 3))] += count;
    if (isFailed)
        hour.failed += count;
}

} // namespace

Result<LatencyStatistics> selectLatencies(const Database &database, const AnswerFilter &filter, const std::stop_token &stop)
{
    const Database::Stoppable stoppable(database, stop);
    if (const Result<void> usable = requireFacets(database); !usable)
        return failure(usable.error());
    std::string columns = "name, device";
    for (const char *stage : kLatencyStages)
        columns += std::string(", ") + stage + "_us";
    const std::vector<FacetCondition> conditions = conditionsOf(filter);
    using Machine = std::pair<std::string, std::string>; // model and device
    std::map<Machine, Samples> byMachine;
    std::pair<Machine, Samples *> last{{}, nullptr}; // rows of one machine follow each other
    // What failed has no times of its own.
    const Result<void> read = forEachRow(
        database, "SELECT " + columns + " FROM facet NOT INDEXED CROSS JOIN model ON model.id = model_id WHERE is_failed = 0 AND " + whereOf(conditions),
        conditions, [&](const Statement &row) {
            if (Machine machine{row.text(0), row.text(1)}; !last.second || machine != last.first) {
                last.second = &byMachine[machine];
                last.first = std::move(machine);
            }
            for (std::size_t i = 0; i < kStages; ++i)
                (*last.second)[i].push_back(static_cast<std::int32_t>(std::min<std::int64_t>(row.integer(static_cast<int>(i) + 2), INT32_MAX)));
        });
    if (!read)
        return failure(read.error());

    LatencyStatistics statistics;
    Samples all;
    for (const auto &[machine, samples] : byMachine)
        append(all, samples);
    for (auto &[machine, samples] : byMachine) {
        statistics.byModel.push_back(tableOf(samples));
        std::tie(statistics.byModel.back().model, statistics.byModel.back().device) = machine;
    }
    statistics.all = tableOf(all);
    statistics.histogram = histogramOf(all.back(), statistics.all.stages.back().p99);
    const auto byAnswers = [](const LatencyTable &a, const LatencyTable &b) { return a.answers > b.answers; };
    std::ranges::stable_sort(statistics.byModel, byAnswers);
    return statistics;
}

Result<std::vector<HourCounts>> selectHours(const Database &database, const AnswerFilter &filter, bool prefersReviews, const std::stop_token &stop)
{
    const Database::Stoppable stoppable(database, stop);
    if (const Result<void> usable = requireFacets(database); !usable)
        return failure(usable.error());
    const std::vector<FacetCondition> conditions = conditionsOf(filter);
    const std::string kind = prefersReviews ? "CASE WHEN judgement > 0 THEN judgement ELSE verdict END" : "verdict";
    // The roll-up table has the facet's own columns, and hours for its times.
    const std::string from = isRolledUp(filter)
        ? "(SELECT hour, hour * 3600000 AS time_utc_ms, question_id, source_id, model_id, verdict, judgement, is_failed, answers FROM hour_count)"
        : "(SELECT *, time_utc_ms / 3600000 AS hour, 1 AS answers FROM facet)";
    std::vector<HourCounts> hours;
    const Result<void> read = forEachRow(
        database, "SELECT hour, " + kind + ", is_failed, sum(answers) FROM " + from + " WHERE " + whereOf(conditions) + " GROUP BY 1, 2, 3 ORDER BY 1",
        conditions, [&](const Statement &row) {
            const std::int64_t fromUtcMs = row.integer(0) * kHourMs;
            if (hours.empty() || hours.back().fromUtcMs != fromUtcMs)
                hours.push_back({.fromUtcMs = fromUtcMs});
            add(hours.back(), static_cast<int>(row.integer(1)), row.integer(2) != 0, row.integer(3));
        });
    if (!read)
        return failure(read.error());
    return hours;
}

Result<std::vector<AnswerChoice>> selectDefectClasses(const Database &database, const AnswerFilter &filter, const std::stop_token &stop)
{
    const Database::Stoppable stoppable(database, stop);
    if (const Result<void> usable = requireFacets(database); !usable)
        return failure(usable.error());
    const std::vector<FacetCondition> conditions = conditionsOf(filter);
    std::vector<AnswerChoice> classes;
    const Result<void> read = forEachRow(database,
                                         "SELECT name, count(*) FROM facet JOIN defect_class ON defect_class.id = class_id WHERE class_id > 0 AND "
                                             + whereOf(conditions) + " GROUP BY 1 ORDER BY 2 DESC, 1",
                                         conditions, [&](const Statement &row) { classes.push_back({row.text(0), row.integer(1)}); });
    if (!read)
        return failure(read.error());
    return classes;
}

Result<Confusion> selectConfusion(const Database &database, const AnswerFilter &filter, const std::stop_token &stop)
{
    const Database::Stoppable stoppable(database, stop);
    if (const Result<void> usable = requireFacets(database); !usable)
        return failure(usable.error());
    const std::vector<FacetCondition> conditions = conditionsOf(filter);
    Confusion confusion{};
    const Result<void> read = forEachRow(
        database, "SELECT verdict, judgement, count(*) FROM facet WHERE judgement > 0 AND " + whereOf(conditions) + " GROUP BY 1, 2", conditions,
        [&](const Statement &row) {
            const auto machine = row.integer(0) == 0 ? std::size_t{3} : static_cast<std::size_t>(row.integer(0) - 1);
            confusion.at(machine).at(static_cast<std::size_t>(row.integer(1) - 1)) = row.integer(2);
        });
    if (!read)
        return failure(read.error());
    return confusion;
}

Result<std::vector<Agreement>> selectAgreement(const Database &database, const AnswerFilter &filter, const std::stop_token &stop)
{
    const Database::Stoppable stoppable(database, stop);
    if (const Result<void> usable = requireFacets(database); !usable)
        return failure(usable.error());
    const std::vector<FacetCondition> conditions = conditionsOf(filter);
    // Of each person the newest judgement of each answer.
    using Pair = std::pair<std::string, std::string>;
    std::map<Pair, std::map<Pair, std::int64_t>> judged; // two people: their two judgements
    const Result<void> read = forEachRow(
        database,
        "WITH meant AS (SELECT answer_id AS row FROM facet WHERE judgement > 0 AND " + whereOf(conditions) + "),"
        " standing AS (SELECT answer_id, reviewer, judgement FROM review r WHERE answer_id IN (SELECT row FROM meant) AND judgement IS NOT NULL"
        " AND id = (SELECT max(id) FROM review WHERE answer_id = r.answer_id AND reviewer = r.reviewer))"
        " SELECT a.reviewer, b.reviewer, a.judgement, b.judgement, count(*) FROM standing a JOIN standing b"
        " ON a.answer_id = b.answer_id AND a.reviewer < b.reviewer GROUP BY 1, 2, 3, 4",
        conditions, [&](const Statement &row) { judged[{row.text(0), row.text(1)}][{row.text(2), row.text(3)}] = row.integer(4); });
    if (!read)
        return failure(read.error());
    std::vector<Agreement> agreements;
    for (const auto &[people, judgements] : judged) {
        Agreement agreement{people.first, people.second};
        std::map<std::string, double> first, second;
        for (const auto &[pair, count] : judgements) {
            agreement.both += count;
            if (pair.first == pair.second)
                agreement.equal += count;
            first[pair.first] += static_cast<double>(count);
            second[pair.second] += static_cast<double>(count);
        }
        const auto n = static_cast<double>(agreement.both);
        double byChance = 0;
        for (const auto &[judgement, count] : first)
            byChance += second.contains(judgement) ? count / n * (second.at(judgement) / n) : 0;
        const double observed = static_cast<double>(agreement.equal) / n;
        agreement.kappa = byChance < 1 ? (observed - byChance) / (1 - byChance) : 1;
        agreements.push_back(agreement);
    }
    return agreements;
}

ControlChart controlChartOf(const std::vector<HourCounts> &hours)
{
    ControlChart chart;
    std::int64_t n = 0, ng = 0;
    for (const HourCounts &hour : hours) {
        if (hour.ok + hour.ng == 0)
            continue;
        chart.points.push_back({.fromUtcMs = hour.fromUtcMs, .n = hour.ok + hour.ng, .ng = hour.ng});
        n += hour.ok + hour.ng;
        ng += hour.ng;
    }
    if (n == 0)
        return chart;
    chart.mean = static_cast<double>(ng) / static_cast<double>(n);
    constexpr std::size_t kRun = 8;
    std::size_t runLength = 0;
    int side = 0;
    for (std::size_t i = 0; i < chart.points.size(); ++i) {
        ControlPoint &point = chart.points[i];
        const double share = static_cast<double>(point.ng) / static_cast<double>(point.n);
        const double width = 3 * std::sqrt(chart.mean * (1 - chart.mean) / static_cast<double>(point.n));
        point.lower = std::max(chart.mean - width, 0.0);
        point.upper = std::min(chart.mean + width, 1.0);
        point.isBeyond = share < point.lower || share > point.upper;
        point.isThin = static_cast<double>(point.n) * chart.mean < 5;
        const int newSide = share > chart.mean ? 1 : share < chart.mean ? -1 : 0;
        runLength = newSide != 0 && newSide == side ? runLength + 1 : newSide != 0 ? 1 : 0;
        side = newSide;
        for (std::size_t back = 0; runLength >= kRun && back < runLength; ++back)
            chart.points[i - back].isRun = true;
    }
    return chart;
}

} // namespace auroraedge::app

#include "app/storage/answer_statistics.h"

#include "app/storage/database.h"
#include "app/storage/facet_filter.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
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

/// So that 40 bins reach the 99th percentile: 1, 2 or 5 times a power of ten.
double binFor(double p99Ms)
{
    const double wanted = std::max(p99Ms, 0.001) / static_cast<double>(kBins);
    double step = std::pow(10, std::floor(std::log10(wanted)));
    for (const double factor : {2.0, 2.5, 2.0})
        if (step < wanted)
            step *= factor;
    return step;
}

LatencyHistogram histogramOf(const std::vector<std::int32_t> &totals, double binMs)
{
    LatencyHistogram histogram;
    histogram.binMs = binMs;
    histogram.counts.resize(kBins);
    for (const std::int32_t total : totals)
        ++histogram.counts[std::min(static_cast<std::size_t>(static_cast<double>(total) / 1000 / binMs), kBins - 1)];
    return histogram;
}

using Machine = std::pair<std::string, std::string>; ///< model and device

/// Of the machines that share a name, together; one group in memory at a time.
std::vector<LatencyTable> tablesBy(const std::map<Machine, Samples> &byMachine, std::string Machine::*name)
{
    std::vector<std::string> names;
    for (const auto &[machine, samples] : byMachine)
        if (std::ranges::find(names, machine.*name) == names.end())
            names.push_back(machine.*name);
    std::vector<LatencyTable> tables;
    for (const std::string &each : names) {
        Samples together;
        for (const auto &[machine, samples] : byMachine)
            if (machine.*name == each)
                append(together, samples);
        tables.push_back(tableOf(together));
        tables.back().name = each;
    }
    std::ranges::stable_sort(tables, std::greater<>(), &LatencyTable::answers);
    return tables;
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
    statistics.byModel = tablesBy(byMachine, &Machine::first);
    statistics.byDevice = tablesBy(byMachine, &Machine::second);
    Samples all;
    for (const auto &[machine, samples] : byMachine)
        append(all, samples);
    statistics.all = tableOf(all);
    if (statistics.all.answers == 0)
        return statistics;
    const double binMs = binFor(statistics.all.stages.back().p99);
    statistics.histograms.push_back(histogramOf(all.back(), binMs));
    for (const auto &[machine, samples] : byMachine) {
        statistics.histograms.push_back(histogramOf(samples.back(), binMs));
        std::tie(statistics.histograms.back().model, statistics.histograms.back().device) = machine;
    }
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
    std::vector<Agreement> agreements;
    const auto place = [](const std::string &judgement) {
        return static_cast<std::size_t>(verdictFromName(judgement).value_or(Verdict::Unsure)) - 1;
    };
    const Result<void> read = forEachRow(
        database,
        "WITH meant AS (SELECT answer_id AS row FROM facet WHERE judgement > 0 AND " + whereOf(conditions) + "),"
        " standing AS (SELECT answer_id, reviewer, judgement FROM review r WHERE answer_id IN (SELECT row FROM meant) AND judgement IS NOT NULL"
        " AND id = (SELECT max(id) FROM review WHERE answer_id = r.answer_id AND reviewer = r.reviewer))"
        " SELECT a.reviewer, b.reviewer, a.judgement, b.judgement, count(*) FROM standing a JOIN standing b"
        " ON a.answer_id = b.answer_id AND a.reviewer < b.reviewer GROUP BY 1, 2, 3, 4 ORDER BY 1, 2",
        conditions, [&](const Statement &row) {
            const std::string first = row.text(0), second = row.text(1);
            if (agreements.empty() || agreements.back().first != first || agreements.back().second != second)
                agreements.push_back({first, second});
            agreements.back().counts.at(place(row.text(2))).at(place(row.text(3))) = row.integer(4);
        });
    if (!read)
        return failure(read.error());
    return agreements;
}

} // namespace auroraedge::app

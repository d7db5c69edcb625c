#include "app/storage/answer_statistics.h"

#include "app/storage/database.h"
#include "app/storage/facet_filter.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <functional>
#include <iterator>
#include <limits>
#include <map>
#include <optional>
#include <tuple>
#include <utility>

namespace auroraedge::app {
namespace {

constexpr std::int64_t kHourMs = 3'600'000;
constexpr std::size_t kStages = kLatencyStages.size();
constexpr std::size_t kBins = 40;

using Samples = std::array<std::vector<std::int32_t>, kStages>; ///< microseconds, none below 0, at most half an hour

/// Exact, by the nearest rank. Counting values by their upper bits finds the few among which each rank lies; sorting a million
/// of them, even in parts, takes ten times as long.
Percentiles percentilesOf(const std::vector<std::int32_t> &samples)
{
    if (samples.empty())
        return {};
    constexpr int kUpperBits = 12;
    const std::int32_t largest = *std::ranges::max_element(samples);
    const int lowerBits = std::max(0, static_cast<int>(std::bit_width(static_cast<std::uint32_t>(largest))) - kUpperBits);
    const auto upperOf = [lowerBits](std::int32_t sample) { return static_cast<std::size_t>(sample) >> lowerBits; };
    std::vector<std::size_t> counts(std::size_t{1} << kUpperBits);
    for (const std::int32_t sample : samples)
        ++counts[upperOf(sample)];
    const auto at = [&](double share) {
        auto rank = static_cast<std::size_t>(std::max(std::ceil(share * static_cast<double>(samples.size())), 1.0)) - 1;
        std::size_t upper = 0;
        for (; rank >= counts[upper]; ++upper)
            rank -= counts[upper];
        std::vector<std::int32_t> alike;
        alike.reserve(counts[upper]);
        std::ranges::copy_if(samples, std::back_inserter(alike), [&](std::int32_t sample) { return upperOf(sample) == upper; });
        std::ranges::nth_element(alike, alike.begin() + static_cast<std::ptrdiff_t>(rank));
        return static_cast<double>(alike[rank]) / 1000;
    };
    return {at(0.50), at(0.95), at(0.99), static_cast<double>(largest) / 1000};
}

LatencyTable tableOf(const Samples &samples)
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
    const double wanted = std::max(p99Ms / static_cast<double>(kBins), 0.001); // a microsecond is all that is kept
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
    std::array<std::int64_t, kBins> from{}; // where each bin begins, parted as a filter parts it
    for (std::size_t i = 0; i < kBins; ++i)
        from[i] = stageUs(static_cast<double>(i) * binMs);
    for (const std::int32_t total : totals)
        ++histogram.counts[static_cast<std::size_t>(std::ranges::upper_bound(from, total) - from.begin()) - 1];
    return histogram;
}

using Machine = std::pair<std::string, std::string>; ///< kModelLabel and device

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

/// Runs "SELECT @p columns FROM (what @p filter means) @p rest"; @p each for every row.
template <typename Each>
Result<void> forEachMeant(const Database &database, const AnswerFilter &filter, const std::string &columns, const std::string &walk,
                          const std::string &joined, const std::string &rest, Each each)
{
    const Result<FacetSelection> selection = selectionOf(database, filter, walk, kFewForSum);
    if (!selection)
        return failure(selection.error());
    Result<Statement> statement = database.prepare("SELECT " + columns + " FROM " + selection->from + joined + " WHERE " + selection->where + rest);
    if (!statement)
        return failure(statement.error());
    selection->bind(*statement);
    return forEachRow(*statement, each);
}

/// Of a verdict in a table; nothing for a number that is none, as a damaged database may have.
std::optional<std::size_t> placeOf(std::int64_t verdict)
{
    return verdict >= 1 && verdict <= 3 ? std::optional(static_cast<std::size_t>(verdict - 1)) : std::nullopt;
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
    std::map<std::int64_t, std::string> labels;
    Result<Statement> models = database.prepare(std::string("SELECT id, ") + kModelLabel + " FROM model");
    if (!models)
        return failure(models.error());
    if (const Result<void> read = forEachRow(*models, [&](const Statement &row) { labels[row.integer(0)] = row.text(1); }); !read)
        return failure(read.error());
    std::string columns = "model_id, device";
    for (const char *stage : kLatencyStages)
        columns += std::string(", ") + stage + "_us";
    AnswerFilter timed = filter;
    timed.timedOnly = true;
    std::map<Machine, Samples> byMachine;
    std::pair<Machine, Samples *> last{{}, nullptr}; // rows of one machine follow each other
    const Result<void> read = forEachMeant(
        database, timed, columns, kWideWalk, "", "", [&](const Statement &row) {
            if (Machine machine{labels[row.integer(0)], row.text(1)}; !last.second || machine != last.first) {
                last.second = &byMachine[machine];
                last.first = std::move(machine);
            }
            for (std::size_t i = 0; i < kStages; ++i)
                (*last.second)[i].push_back(static_cast<std::int32_t>(std::clamp<std::int64_t>(row.integer(static_cast<int>(i) + 2), 0, INT32_MAX)));
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
    const std::string kind = prefersReviews ? "CASE WHEN judgement > 0 THEN judgement ELSE verdict END" : "verdict";
    std::vector<HourCounts> hours;
    const auto take = [&](const Statement &row) {
        constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max() / kHourMs; // a damaged hour may be any number
        const std::int64_t fromUtcMs = std::clamp(row.integer(0), -kMost, kMost) * kHourMs;
        if (hours.empty() || hours.back().fromUtcMs != fromUtcMs)
            hours.push_back({.fromUtcMs = fromUtcMs});
        add(hours.back(), static_cast<int>(row.integer(1)), row.integer(2) != 0, row.integer(3));
    };
    const std::vector<FacetCondition> conditions = conditionsOf(filter);
    const auto read = [&]() -> Result<void> {
        if (!std::ranges::all_of(conditions, &FacetCondition::isRolledUp))
            return forEachMeant(database, filter, "time_utc_ms / 3600000, " + kind + ", is_failed, count(*)", kNarrowWalk, "",
                                " GROUP BY 1, 2, 3 ORDER BY 1", take);
        // The roll-up table has the facet's own columns, and hours for its times.
        Result<Statement> statement = database.prepare(
            "SELECT hour, " + kind + ", is_failed, sum(answers) FROM (SELECT *, hour * 3600000 AS time_utc_ms FROM hour_count) WHERE "
            + whereOf(conditions) + " GROUP BY 1, 2, 3 ORDER BY 1");
        if (!statement)
            return failure(statement.error());
        bindValues(*statement, conditions, 1);
        return forEachRow(*statement, take);
    }();
    if (!read)
        return failure(read.error());
    return hours;
}

Result<std::vector<AnswerChoice>> selectDefectClasses(const Database &database, const AnswerFilter &filter, const std::stop_token &stop)
{
    const Database::Stoppable stoppable(database, stop);
    if (const Result<void> usable = requireFacets(database); !usable)
        return failure(usable.error());
    std::vector<AnswerChoice> classes;
    const Result<void> read
        = forEachMeant(database, filter, "coalesce(name, ''), count(*)", kNarrowWalk, " LEFT JOIN defect_class ON defect_class.id = class_id",
                       " AND (class_id > 0 OR judgement = 2) GROUP BY 1 ORDER BY 2 DESC, 1",
                       [&](const Statement &row) { classes.push_back({row.text(0), row.integer(1)}); });
    if (!read)
        return failure(read.error());
    return classes;
}

Result<Confusion> selectConfusion(const Database &database, const AnswerFilter &filter, const std::stop_token &stop)
{
    const Database::Stoppable stoppable(database, stop);
    if (const Result<void> usable = requireFacets(database); !usable)
        return failure(usable.error());
    AnswerFilter reviewed = filter;
    reviewed.reviewedOnly = true;
    Confusion confusion{};
    const Result<void> read = forEachMeant(
        database, reviewed, "verdict, judgement, count(*)", kNarrowWalk, "", " GROUP BY 1, 2", [&](const Statement &row) {
            const std::optional<std::size_t> machine = row.integer(0) == 0 ? std::optional<std::size_t>(3) : placeOf(row.integer(0));
            if (const std::optional<std::size_t> person = placeOf(row.integer(1)); machine && person)
                confusion[*machine][*person] = row.integer(2);
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
    std::vector<Agreement> agreements;
    const std::vector<FacetCondition> conditions = conditionsOf(filter);
    // Few answers have two judgements, so those are looked up.
    Result<Statement> statement = database.prepare(
        "SELECT first.name, second.name, first_judgement, second_judgement, count(*) FROM judged_pair CROSS JOIN facet USING (answer_id)"
        " JOIN reviewer first ON first.id = first_id JOIN reviewer second ON second.id = second_id WHERE " + whereOf(conditions)
        + " GROUP BY 1, 2, 3, 4 ORDER BY 1, 2");
    if (!statement)
        return failure(statement.error());
    bindValues(*statement, conditions, 1);
    const Result<void> read = forEachRow(*statement, [&](const Statement &row) {
        const std::string first = row.text(0), second = row.text(1);
        if (agreements.empty() || agreements.back().first != first || agreements.back().second != second)
            agreements.push_back({first, second});
        const std::optional<std::size_t> firstSaid = placeOf(row.integer(2)), secondSaid = placeOf(row.integer(3));
        if (firstSaid && secondSaid)
            agreements.back().counts[*firstSaid][*secondSaid] = row.integer(4);
    });
    if (!read)
        return failure(read.error());
    return agreements;
}

} // namespace auroraedge::app

#include "tests/trials/figure_table.h"

#include "app/products/product_measurement.h"

#include <nlohmann/json.hpp>

#include <cstdarg>
#include <cstdio>
#include <limits>
#include <set>
#include <stdexcept>

namespace auroraedge::trials {
namespace {

using Json = nlohmann::ordered_json;

[[gnu::format(printf, 1, 2)]] std::string formatted(const char *format, ...)
{
    char text[256];
    va_list values;
    va_start(values, format);
    std::vsnprintf(text, sizeof text, format, values);
    va_end(values);
    return text;
}

std::string precisionText(const Outcome &outcome)
{
    return outcome.okPrecision ? formatted("%.3f", *outcome.okPrecision) : "-";
}

app::Interval intervalOf(const std::vector<Scored> &pictures)
{
    std::vector<app::ScoredPicture> scores;
    std::vector<std::string> clusters;
    for (const auto &[score, isBad, cluster] : pictures) {
        scores.push_back({score, isBad});
        clusters.push_back(cluster);
    }
    constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
    return app::aurocInterval(scores, clusters).value_or(app::Interval{kNone, kNone});
}

} // namespace

std::string clusterKind(const std::vector<TrialRecord> &records)
{
    constexpr std::size_t kFewestGroups = 10;
    std::set<std::string_view> groups;
    for (const TrialRecord &record : records)
        groups.insert(record.group);
    return groups.size() >= kFewestGroups ? "group" : "picture";
}

std::vector<Scored> scoredOf(const Scores &scores, const std::vector<TrialRecord> &records)
{
    const bool isByGroup = clusterKind(records) == "group";
    std::vector<Scored> scored;
    for (const TrialRecord &record : records) {
        if (const auto found = scores.find(record.image); found != scores.end())
            scored.push_back({found->second, record.isBad(), isByGroup ? record.group : std::string(record.picture())});
    }
    return scored;
}

FigureRow measured(const std::string &name, const Scores &scores, const std::vector<TrialRecord> &test,
                   const std::vector<TrialRecord> &others)
{
    const std::vector<Scored> scored = scoredOf(scores, test);
    if (scored.size() != test.size())
        throw std::runtime_error(name + ": " + std::to_string(test.size() - scored.size()) + " test pictures have no score");
    const std::vector<Scored> calibration = scoredOf(scores, others);
    if (calibration.empty())
        throw std::runtime_error(name + ": no picture of train.jsonl has a score to choose a threshold by");
    std::vector<TrialRecord> scans;
    for (const TrialRecord &record : test) {
        if (!record.isTemplate())
            scans.push_back(record);
    }
    return {.name = name,
            .auroc = auroc(scored),
            .interval = intervalOf(scored),
            .aurocWithoutTemplates = auroc(scoredOf(scores, scans)),
            .accuracy = accuracyAt(scored, mostAccurateThreshold(calibration)),
            .recallAt1 = recallAtFalseAlarms(scored, 0.01),
            .recallAt5 = recallAtFalseAlarms(scored, 0.05),
            .outcome = outcomeOf(decided(scored, thresholdsFor(calibration))),
            .fitted = outcomeOf(decided(scored, thresholdsFor(scored)))};
}

std::string tableOf(const std::vector<FigureRow> &rows)
{
    std::string table = formatted("%-52s %-22s %-9s %-8s %-14s %-29s %s\n", "", "AUROC [95 %]", "without", "accuracy",
                                  "recall at false", "OK at 99 % by other records", "OK at 99 % by the test itself");
    table += formatted("%-52s %-22s %-9s %-8s %-14s %-29s %s\n", "", "", "templates", "", "alarms 1 % 5 %",
                       "good OK, precision, UNSURE", "good OK, precision, UNSURE");
    for (const FigureRow &row : rows) {
        table += formatted("%-52s %.3f [%.3f, %.3f]   %-9.3f %-8.3f  %.3f  %.3f   %.3f  %-5s  %-14.3f %.3f  %-5s  %.3f\n",
                           row.name.c_str(), row.auroc, row.interval.low, row.interval.high, row.aurocWithoutTemplates, row.accuracy,
                           row.recallAt1, row.recallAt5, row.outcome.goodOk, precisionText(row.outcome).c_str(), row.outcome.unsure,
                           row.fitted.goodOk, precisionText(row.fitted).c_str(), row.fitted.unsure);
    }
    return table;
}

Json jsonOf(const Outcome &outcome)
{
    return {{"good_ok", outcome.goodOk},
            {"good_unsure", outcome.goodUnsure},
            {"bad_ok", outcome.badOk},
            {"unsure", outcome.unsure},
            {"ok_precision", outcome.okPrecision ? Json(*outcome.okPrecision) : Json(nullptr)}};
}

Json jsonOf(const FigureRow &row)
{
    return {{"name", row.name},
            {"auroc", row.auroc},
            {"auroc_interval", {row.interval.low, row.interval.high}},
            {"auroc_without_templates", row.aurocWithoutTemplates},
            {"accuracy", row.accuracy},
            {"recall_at_1_percent", row.recallAt1},
            {"recall_at_5_percent", row.recallAt5},
            {"ok_at_99_percent", jsonOf(row.outcome)},
            {"ok_at_99_percent_of_test", jsonOf(row.fitted)}};
}

} // namespace auroraedge::trials

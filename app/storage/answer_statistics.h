#pragma once

#include "app/storage/answer_query.h"

#include <array>
#include <string>
#include <vector>

namespace auroraedge::app {

// All of these read the answers that a filter means, on the caller's thread, and end with RUN-01 when they are stopped.

inline constexpr std::array kLatencyStages = {"load",    "decode", "preprocess",  "encode",    "project", "compress",
                                              "fuse",    "prefill", "first_token", "per_token", "total"};

/// Exact, by the nearest rank; milliseconds.
struct Percentiles
{
    double p50 = 0, p95 = 0, p99 = 0, max = 0;
    friend bool operator==(const Percentiles &, const Percentiles &) = default;
};

struct LatencyTable
{
    std::string model, device; ///< empty: of all
    std::int64_t answers = 0;
    std::array<Percentiles, kLatencyStages.size()> stages; ///< in the order of kLatencyStages
};

/// Times of whole answers: bin i counts those in [i, i + 1) x binMs, the last one also all above.
struct LatencyHistogram
{
    double binMs = 0;
    std::vector<std::int64_t> counts;
};

struct LatencyStatistics
{
    LatencyTable all;
    std::vector<LatencyTable> byModel; ///< and device; most answers first
    LatencyHistogram histogram;
};
Result<LatencyStatistics> selectLatencies(const Database &database, const AnswerFilter &filter, const std::stop_token &stop = {});

/// By what counts: a person's judgement where there is one and @p prefersReviews, else the machine's verdict.
struct HourCounts
{
    std::int64_t fromUtcMs = 0; ///< a whole hour
    std::int64_t ok = 0, ng = 0, unsure = 0, none = 0; ///< none: no verdict at all
    std::int64_t failed = 0; ///< of all of these: got no answer
    friend bool operator==(const HourCounts &, const HourCounts &) = default;
};
/// Hours with answers alone, oldest first. From the roll-up table where the filter asks for whole hours and for nothing
/// that it does not know.
Result<std::vector<HourCounts>> selectHours(const Database &database, const AnswerFilter &filter, bool prefersReviews, const std::stop_token &stop = {});

/// How often people named each class, most frequent first.
Result<std::vector<AnswerChoice>> selectDefectClasses(const Database &database, const AnswerFilter &filter, const std::stop_token &stop = {});

/// Reviewed answers: machine (row: OK, NG, UNSURE, none) against the judgement that counts (column: OK, NG, UNSURE).
using Confusion = std::array<std::array<std::int64_t, 3>, 4>;
Result<Confusion> selectConfusion(const Database &database, const AnswerFilter &filter, const std::stop_token &stop = {});

/// Two people who judged the same answers.
struct Agreement
{
    std::string first, second;
    std::int64_t both = 0, equal = 0; ///< answers that both judged, and alike
    double kappa = 0;                 ///< Cohen's; 1 where all is equal, also when only one judgement occurs
};
Result<std::vector<Agreement>> selectAgreement(const Database &database, const AnswerFilter &filter, const std::stop_token &stop = {});

/// One subgroup of a chart of the share of NG.
struct ControlPoint
{
    std::int64_t fromUtcMs = 0;
    std::int64_t n = 0, ng = 0; ///< n: OK and NG
    double lower = 0, upper = 0; ///< p +- 3 sqrt(p (1 - p) / n), within 0..1
    bool isBeyond = false;   ///< outside its limits
    bool isRun = false;      ///< one of eight or more in a row on one side of the mean
    bool isThin = false;     ///< n p < 5: the limits mean little
};
struct ControlChart
{
    double mean = 0; ///< p: the share of NG over all subgroups
    std::vector<ControlPoint> points;
};
/// Subgroups are hours. (Montgomery, Introduction to Statistical Quality Control, variable sample size; run rule of eight.)
[[nodiscard]] ControlChart controlChartOf(const std::vector<HourCounts> &hours);

} // namespace auroraedge::app

#pragma once

#include "app/storage/answer_query.h"

#include <array>
#include <string>
#include <vector>

namespace auroraedge::app {

// All of these read the answers that a filter means, on the caller's thread, and end with RUN-01 when they are stopped.

/// Exact, by the nearest rank; milliseconds.
struct Percentiles
{
    double p50 = 0, p95 = 0, p99 = 0, max = 0;
    friend bool operator==(const Percentiles &, const Percentiles &) = default;
};

struct LatencyTable
{
    std::string name; ///< kModelLabel of the model, or the device; empty: of all
    std::int64_t answers = 0; ///< AnswerFilter::timedOnly
    std::array<Percentiles, kLatencyStages.size()> stages; ///< in the order of kLatencyStages
};

/// Times of whole answers: bin i counts those in [i, i + 1) x binMs, the last one also all above. AnswerFilter::stageFromMs
/// and stageBelowMs mean the same limits.
struct LatencyHistogram
{
    std::string model, device; ///< both empty: of all
    double binMs = 0;
    std::vector<std::int64_t> counts;
};

struct LatencyStatistics
{
    LatencyTable all;
    std::vector<LatencyTable> byModel, byDevice;   ///< most answers first
    std::vector<LatencyHistogram> histograms; ///< of all, then of each model on each device; equal bins
};
Result<LatencyStatistics> selectLatencies(const Database &database, const AnswerFilter &filter, const std::stop_token &stop = {});

/// By what counts: a person's judgement where there is one and @p prefersReviews (AnswerFilter::outcomes), else the
/// machine's verdict (AnswerFilter::verdicts).
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

/// How often people named each class, most frequent first. The class "" stands for the NGs that nobody gave one:
/// AnswerFilter::withoutClass with the judgement NG.
Result<std::vector<AnswerChoice>> selectDefectClasses(const Database &database, const AnswerFilter &filter, const std::stop_token &stop = {});

/// Reviewed answers: machine (row: OK, NG, UNSURE, none) against the judgement that counts (column: OK, NG, UNSURE). A cell is
/// AnswerFilter::verdicts or withoutVerdict, with judgements.
using Confusion = std::array<std::array<std::int64_t, 3>, 4>;
Result<Confusion> selectConfusion(const Database &database, const AnswerFilter &filter, const std::stop_token &stop = {});

/// Two people who judged the same answers: of those, how often which said what (OK, NG, UNSURE each): AnswerFilter's
/// reviewer, secondReviewer and what they said.
struct Agreement
{
    std::string first, second;
    std::array<std::array<std::int64_t, 3>, 3> counts{}; ///< [first][second]
};
Result<std::vector<Agreement>> selectAgreement(const Database &database, const AnswerFilter &filter, const std::stop_token &stop = {});

} // namespace auroraedge::app

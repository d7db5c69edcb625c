#pragma once

#include "app/storage/answer_record.h"
#include "engine/api/result.h"

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace auroraedge::app {

class Database;

/// Which answers are meant. What is empty asks for nothing: the default filter means all of them.
struct AnswerFilter
{
    std::optional<std::int64_t> fromUtcMs, untilUtcMs; ///< answered at or after, and before
    std::vector<Verdict> verdicts;                     ///< of the machine, any of these
    std::string question, model, source;               ///< the whole text of each; model: its name
    std::string reviewer;                              ///< has judged it
    std::string defectClass;                           ///< of the judgement that counts
    bool unreviewedOnly = false, reviewedOnly = false;
    bool disagreeOnly = false; ///< a person judged otherwise than the machine, or than another person
    bool failedOnly = false;   ///< got no answer
    std::optional<double> latencyAboveMs; ///< of the whole answer
    std::string text; ///< words in question, answer or source, of any length and script; the last one may be cut short

    friend bool operator==(const AnswerFilter &, const AnswerFilter &) = default;
};

/// Where a page goes on from the one that is shown.
struct PageEdge
{
    std::int64_t row = 0;  ///< the outermost one that is shown
    bool isOlder = true;   ///< what lies before it in time, else after it
};

struct AnswerPage
{
    std::vector<AnswerRecord> records; ///< newest first, each with the review that counts
    bool hasMore = false;              ///< in the direction that was asked for
};

/// By the rows' own order, which is that of storing. A page costs the same wherever it is.
/// @param edge nothing: the newest page. @return RUN-01 when @p stop is asked for.
Result<AnswerPage> selectPage(const Database &database, const AnswerFilter &filter, const std::optional<PageEdge> &edge, int limit,
                              const std::stop_token &stop = {});
/// Exact. @return RUN-01 when @p stop is asked for.
Result<std::int64_t> countMatching(const Database &database, const AnswerFilter &filter, const std::stop_token &stop = {});

/// A value that a filter can ask for, and how many answers have it.
struct AnswerChoice
{
    std::string value;
    std::int64_t count = 0;
};

/// Most frequent first.
struct AnswerChoices
{
    std::vector<AnswerChoice> questions, models, sources, reviewers, defectClasses;
};
Result<AnswerChoices> selectChoices(const Database &database);

/// A database of an older schema has nothing to look in: @return DB-05 until a program that writes has opened it.
Result<void> requireFacets(const Database &database);

/// Answers of the same source as @p row around it, newest first, itself among them.
Result<std::vector<AnswerRecord>> selectNeighbours(const Database &database, std::int64_t row, int before, int after);

} // namespace auroraedge::app

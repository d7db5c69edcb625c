#include "app/storage/answer_counts.h"

#include "app/storage/answer_query.h"
#include "app/storage/database.h"

#include <utility>

namespace auroraedge::app {
namespace {

constexpr std::int64_t kHourMs = 3'600'000;

} // namespace

void add(AnswerCounts &counts, const AnswerRecord &record)
{
    ++counts.total;
    ++counts.lastHour;
    counts.failed += record.answer ? 0 : 1;
    counts.ok += record.verdict == Verdict::Ok ? 1 : 0;
    counts.ng += record.verdict == Verdict::Ng ? 1 : 0;
    counts.unsure += record.verdict == Verdict::Unsure ? 1 : 0;
}

Result<AnswerCounts> selectCounts(const Database &database, std::int64_t nowUtcMs)
{
    AnswerCounts counts;
    Result<Statement> newest = database.prepare("SELECT time_utc_ms, after_answer FROM counter_reset ORDER BY id DESC LIMIT 1");
    if (!newest)
        return failure(newest.error());
    const Result<bool> wasReset = newest->step();
    if (!wasReset)
        return failure(wasReset.error());
    // Which answers are new is told by their ids and not by their times: a clock that is set back would count some twice.
    if (*wasReset) {
        counts.sinceUtcMs = newest->integer(0);
        counts.afterRow = newest->integer(1);
    }
    AnswerFilter since, lastHour;
    since.afterRow = counts.afterRow;
    lastHour.fromUtcMs = nowUtcMs - kHourMs;
    lastHour.untilUtcMs = nowUtcMs + 1;
    std::int64_t none = 0;
    const auto ofVerdict = [&](Verdict verdict) {
        AnswerFilter filter = since;
        filter.verdicts = {verdict};
        return filter;
    };
    AnswerFilter withoutVerdict = since, failed = since;
    withoutVerdict.withoutVerdict = true;
    failed.failedOnly = true;
    const std::pair<std::int64_t *, AnswerFilter> counted[] = {
        {&counts.ok, ofVerdict(Verdict::Ok)},
        {&counts.ng, ofVerdict(Verdict::Ng)},
        {&counts.unsure, ofVerdict(Verdict::Unsure)},
        {&none, withoutVerdict},
        {&counts.failed, failed},
        {&counts.lastHour, lastHour},
    };
    for (const auto &[count, filter] : counted) {
        const Result<std::int64_t> matching = countMatching(database, filter);
        if (!matching)
            return failure(matching.error());
        *count = *matching;
    }
    counts.total = counts.ok + counts.ng + counts.unsure + none;
    return counts;
}

Result<void> insertCounterReset(const Database &database, std::int64_t nowUtcMs, const std::string &who)
{
    Result<Statement> statement
        = database.prepare("INSERT INTO counter_reset (time_utc_ms, after_answer, who)"
                           " VALUES (?, ifnull((SELECT max(id) FROM answer), 0), ?)");
    if (!statement)
        return failure(statement.error());
    return statement->bind(1, nowUtcMs).bind(2, who).run();
}

} // namespace auroraedge::app

#include "app/storage/answer_counts.h"

#include "app/storage/database.h"

namespace auroraedge::app {
namespace {

constexpr std::int64_t kHourMs = 3'600'000;

// Each count is one range of one index. Which answers are new is told by their
// ids and not by their times: a clock that is set back would count some twice.
constexpr const char *kCountSql = R"sql(
WITH mark (id) AS (SELECT ifnull((SELECT after_answer FROM counter_reset ORDER BY id DESC LIMIT 1), 0))
SELECT (SELECT count(*) FROM answer WHERE verdict = 'OK' AND id > (SELECT id FROM mark)),
       (SELECT count(*) FROM answer WHERE verdict = 'NG' AND id > (SELECT id FROM mark)),
       (SELECT count(*) FROM answer WHERE verdict = 'UNSURE' AND id > (SELECT id FROM mark)),
       (SELECT count(*) FROM answer WHERE verdict IS NULL AND id > (SELECT id FROM mark)),
       (SELECT count(*) FROM answer WHERE answer IS NULL AND id > (SELECT id FROM mark)),
       (SELECT count(*) FROM answer WHERE time_utc_ms BETWEEN ?1 AND ?2),
       (SELECT time_utc_ms FROM counter_reset ORDER BY id DESC LIMIT 1)
)sql";

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

std::string_view countSql() { return kCountSql; }

Result<AnswerCounts> selectCounts(const Database &database, std::int64_t nowUtcMs)
{
    Result<Statement> statement = database.prepare(kCountSql);
    if (!statement)
        return failure(statement.error());
    const Result<bool> row = statement->bind(1, nowUtcMs - kHourMs).bind(2, nowUtcMs).step();
    if (!row)
        return failure(row.error());
    AnswerCounts counts;
    counts.ok = statement->integer(0);
    counts.ng = statement->integer(1);
    counts.unsure = statement->integer(2);
    counts.total = counts.ok + counts.ng + counts.unsure + statement->integer(3);
    counts.failed = statement->integer(4);
    counts.lastHour = statement->integer(5);
    if (!statement->isNull(6))
        counts.sinceUtcMs = statement->integer(6);
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

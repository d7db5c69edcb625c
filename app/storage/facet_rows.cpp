#include "app/storage/facet_rows.h"

#include "app/storage/database.h"

#include <array>
#include <string>

namespace auroraedge::app {
namespace {

Result<void> runFor(const Database &database, std::string_view sql, std::int64_t row)
{
    Result<Statement> statement = database.prepare(sql);
    if (!statement)
        return failure(statement.error());
    return statement->bind(1, row).run();
}

/// Adds @p change to the hour of an answer, as its facet says now.
Result<void> countInHour(const Database &database, std::int64_t row, int change)
{
    Result<Statement> statement = database.prepare(
        "INSERT INTO hour_count SELECT time_utc_ms / 3600000, question_id, source_id, model_id, verdict, judgement, is_failed, ?2"
        " FROM facet WHERE answer_id = ?1"
        " ON CONFLICT DO UPDATE SET answers = answers + excluded.answers");
    if (!statement)
        return failure(statement.error());
    return statement->bind(1, row).bind(2, change).run();
}

/// Of the reviews of answer ?1, what stands: the newest of each person, unless it was taken back.
constexpr char kStanding[] = "WITH standing AS (SELECT * FROM review r WHERE answer_id = ?1 AND judgement IS NOT NULL"
                             " AND id = (SELECT max(id) FROM review WHERE answer_id = ?1 AND reviewer = r.reviewer)),"
                             " counts AS (SELECT * FROM standing ORDER BY id DESC LIMIT 1) ";

} // namespace

Result<void> insertFacet(const Database &database, std::int64_t row)
{
    constexpr std::array kStatements = {
        "INSERT OR IGNORE INTO question (text) SELECT question FROM answer WHERE id = ?1",
        "INSERT OR IGNORE INTO source (uri) SELECT source FROM answer WHERE id = ?1",
        "INSERT INTO facet SELECT answer.id, time_utc_ms,"
        " CASE verdict WHEN 'OK' THEN 1 WHEN 'NG' THEN 2 WHEN 'UNSURE' THEN 3 ELSE 0 END, 0, NULL, 0, question.id, source.id, model_id,"
        " device, 0, answer IS NULL, round(load_ms * 1000), round(decode_ms * 1000), round(preprocess_ms * 1000), round(encode_ms * 1000),"
        " round(project_ms * 1000), round(compress_ms * 1000), round(fuse_ms * 1000), round(prefill_ms * 1000),"
        " round(first_token_ms * 1000), round(per_token_ms * 1000), round(total_ms * 1000)"
        " FROM answer JOIN question ON question.text = answer.question JOIN source ON source.uri = answer.source"
        " WHERE answer.id = ?1",
        "INSERT INTO answer_text (rowid, body)"
        " SELECT id, search_text(coalesce(answer, '') || ' ' || question || ' ' || source) FROM answer WHERE id = ?1",
    };
    for (const char *sql : kStatements)
        if (const Result<void> done = runFor(database, sql, row); !done)
            return failure(done.error());
    return countInHour(database, row, 1);
}

Result<void> refreshFacet(const Database &database, std::int64_t answerRow)
{
    if (const Result<void> left = countInHour(database, answerRow, -1); !left)
        return failure(left.error());
    const std::array<std::string, 3> statements = {
        "INSERT OR IGNORE INTO defect_class (name) SELECT defect_class FROM review WHERE answer_id = ?1 AND defect_class <> ''",
        std::string("UPDATE facet SET (judgement, review_id, disagrees, class_id) = (") + kStanding
            + "SELECT CASE counts.judgement WHEN 'OK' THEN 1 WHEN 'NG' THEN 2 WHEN 'UNSURE' THEN 3 ELSE 0 END, counts.id,"
              " counts.id IS NOT NULL AND (counts.judgement IS NOT answer.verdict"
              " OR EXISTS (SELECT 1 FROM standing WHERE judgement <> counts.judgement)),"
              " coalesce((SELECT id FROM defect_class WHERE name = counts.defect_class), 0)"
              " FROM answer LEFT JOIN counts WHERE answer.id = ?1) WHERE answer_id = ?1",
        "DELETE FROM hour_count WHERE answers = 0 AND hour = (SELECT time_utc_ms / 3600000 FROM facet WHERE answer_id = ?1)",
    };
    for (const std::string &sql : statements)
        if (const Result<void> done = runFor(database, sql, answerRow); !done)
            return failure(done.error());
    return countInHour(database, answerRow, 1);
}

} // namespace auroraedge::app

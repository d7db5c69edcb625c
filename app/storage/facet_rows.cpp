#include "app/storage/facet_rows.h"

#include "app/storage/database.h"

#include <array>
#include <string>
#include <utility>

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

/// Of the reviews of answer ?1, what stands: the newest of each person, unless it was taken back; and of those the one that was
/// said last. A note repeats what the person said before, and so does a taking back.
constexpr char kStanding[] = "WITH standing AS (SELECT * FROM review r WHERE answer_id = ?1 AND judgement IS NOT NULL"
                             " AND id = (SELECT max(id) FROM review WHERE answer_id = ?1 AND reviewer = r.reviewer)),"
                             " counts AS (SELECT * FROM standing ORDER BY coalesce(stands_since, id) DESC LIMIT 1) ";

/// The newest reason and note of each person, of the reviews up to @p reviewRow.
Result<std::string> wordsOf(const Database &database, std::int64_t answerRow, std::int64_t reviewRow)
{
    Result<Statement> statement = database.prepare(
        "SELECT coalesce(group_concat(reason || ' ' || note, ' '), '') FROM (SELECT reason, note FROM review r WHERE answer_id = ?1"
        " AND (reason <> '' OR note <> '') AND id = (SELECT max(id) FROM review WHERE answer_id = ?1 AND reviewer = r.reviewer AND id <= ?2) ORDER BY id)");
    if (!statement)
        return failure(statement.error());
    const Result<bool> row = statement->bind(1, answerRow).bind(2, reviewRow).step();
    if (!row)
        return failure(row.error());
    return statement->text(0);
}

/// What an answer is found by, with ?2, what people wrote about it.
constexpr char kText[] = "search_text(coalesce(answer, '') || ' ' || question || ' ' || source || CASE ?2 WHEN '' THEN '' ELSE ' ' || ?2 END)";

/// The table has no texts, so a word is taken out by the same text that it was put in with.
Result<void> refreshWords(const Database &database, std::int64_t answerRow, std::int64_t reviewRow)
{
    const Result<std::string> before = wordsOf(database, answerRow, reviewRow - 1);
    if (!before)
        return failure(before.error());
    const Result<std::string> now = wordsOf(database, answerRow, reviewRow);
    if (!now)
        return failure(now.error());
    if (*before == *now)
        return {};
    const std::pair<const std::string &, const char *> steps[]
        = {{*before, "INSERT INTO answer_text (answer_text, rowid, body) SELECT 'delete', id, "}, {*now, "INSERT INTO answer_text (rowid, body) SELECT id, "}};
    for (const auto &[words, insert] : steps) {
        Result<Statement> statement = database.prepare(std::string(insert) + kText + " FROM answer WHERE id = ?1");
        if (!statement)
            return failure(statement.error());
        if (const Result<void> done = statement->bind(1, answerRow).bind(2, words).run(); !done)
            return failure(done.error());
    }
    return {};
}

} // namespace

Result<void> insertFacet(const Database &database, std::int64_t row)
{
    constexpr std::array kStatements = {
        "INSERT OR IGNORE INTO question (text) SELECT question FROM answer WHERE id = ?1",
        "INSERT OR IGNORE INTO source (uri) SELECT source FROM answer WHERE id = ?1",
        "INSERT INTO facet SELECT answer.id, time_utc_ms," // is_held: not yet
        " CASE verdict WHEN 'OK' THEN 1 WHEN 'NG' THEN 2 WHEN 'UNSURE' THEN 3 ELSE 0 END, 0, NULL, 0, question.id, source.id, model_id,"
        " device, 0, answer IS NULL, round(load_ms * 1000), round(decode_ms * 1000), round(preprocess_ms * 1000), round(encode_ms * 1000),"
        " round(project_ms * 1000), round(compress_ms * 1000), round(fuse_ms * 1000), round(prefill_ms * 1000),"
        " round(first_token_ms * 1000), round(per_token_ms * 1000), round(total_ms * 1000), coalesce(session_id, 0), 0"
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

Result<void> refreshFacet(const Database &database, std::int64_t answerRow, std::int64_t reviewRow)
{
    if (const Result<void> left = countInHour(database, answerRow, -1); !left)
        return failure(left.error());
    const std::array<std::string, 8> statements = {
        "INSERT OR IGNORE INTO defect_class (name) SELECT defect_class FROM review WHERE answer_id = ?1 AND defect_class <> ''",
        std::string("UPDATE facet SET (judgement, review_id, disagrees, class_id) = (") + kStanding
            + "SELECT CASE counts.judgement WHEN 'OK' THEN 1 WHEN 'NG' THEN 2 WHEN 'UNSURE' THEN 3 ELSE 0 END, counts.id,"
              " counts.id IS NOT NULL AND (counts.judgement IS NOT answer.verdict"
              " OR EXISTS (SELECT 1 FROM standing WHERE judgement <> counts.judgement)),"
              " coalesce((SELECT id FROM defect_class WHERE name = counts.defect_class), 0)"
              " FROM answer LEFT JOIN counts WHERE answer.id = ?1) WHERE answer_id = ?1",
        "DELETE FROM hour_count WHERE answers = 0 AND hour = (SELECT time_utc_ms / 3600000 FROM facet WHERE answer_id = ?1)",
        "INSERT OR IGNORE INTO reviewer (name) SELECT reviewer FROM review WHERE answer_id = ?1",
        "DELETE FROM judged WHERE answer_id = ?1",
        "DELETE FROM judged_pair WHERE answer_id = ?1",
        std::string("INSERT INTO judged ") + kStanding
            + "SELECT reviewer.id, ?1, CASE judgement WHEN 'OK' THEN 1 WHEN 'NG' THEN 2 ELSE 3 END"
              " FROM standing JOIN reviewer ON reviewer.name = standing.reviewer",
        "INSERT INTO judged_pair SELECT a.reviewer_id, b.reviewer_id, ?1, a.judgement, b.judgement"
        " FROM judged a JOIN judged b ON b.answer_id = a.answer_id JOIN reviewer first ON first.id = a.reviewer_id"
        " JOIN reviewer second ON second.id = b.reviewer_id WHERE a.answer_id = ?1 AND first.name < second.name",
    };
    for (const std::string &sql : statements)
        if (const Result<void> done = runFor(database, sql, answerRow); !done)
            return failure(done.error());
    if (const Result<void> found = refreshWords(database, answerRow, reviewRow); !found)
        return failure(found.error());
    return countInHour(database, answerRow, 1);
}

} // namespace auroraedge::app

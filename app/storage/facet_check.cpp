#include "app/storage/facet_check.h"

#include "app/storage/answer_query.h"
#include "app/storage/database.h"
#include "app/storage/schema.h"

#include <string>
#include <utility>

namespace auroraedge::app {
namespace {

using Tell = std::function<void(const std::string &what)>;

/// Everything in it is of one moment, and what it makes in the temporary database goes with it.
class Snapshot final
{
public:
    explicit Snapshot(const Database &database) : m_database(database), m_begun(database.run("BEGIN")) {}
    Snapshot(const Snapshot &) = delete;
    Snapshot &operator=(const Snapshot &) = delete;
    ~Snapshot() { (void)m_database.run("ROLLBACK"); }
    [[nodiscard]] const Result<void> &begun() const { return m_begun; }

private:
    const Database &m_database;
    Result<void> m_begun;
};

/// Of alias r, which is the newest row of its person.
constexpr char kNewest[] = "r.id = (SELECT max(id) FROM review WHERE answer_id = r.answer_id AND reviewer = r.reviewer)";

/// "CASE x WHEN 'OK' THEN 1 ..."
std::string numberOf(const std::string &verdict)
{
    return "CASE " + verdict + " WHEN 'OK' THEN 1 WHEN 'NG' THEN 2 WHEN 'UNSURE' THEN 3 ELSE 0 END";
}

Result<void> checkRows(const Database &database, const Tell &tell)
{
    std::string stored, reckoned;
    for (const char *stage : kLatencyStages) {
        stored += std::string(", facet.") + stage + "_us";
        reckoned += std::string(", round(") + stage + "_ms * 1000)";
    }
    Result<Statement> statement = database.prepare(
        "SELECT answer.id FROM answer LEFT JOIN facet ON facet.answer_id = answer.id LEFT JOIN question ON question.text = answer.question"
        " LEFT JOIN source ON source.uri = answer.source LEFT JOIN review counts ON counts.id = (SELECT id FROM review r"
        "   WHERE answer_id = answer.id AND judgement IS NOT NULL AND " + std::string(kNewest) + " ORDER BY coalesce(stands_since, id) DESC LIMIT 1)"
        " WHERE facet.answer_id IS NULL OR (facet.time_utc_ms, facet.verdict, facet.judgement, facet.review_id, facet.disagrees, facet.question_id,"
        "   facet.source_id, facet.model_id, facet.device, facet.class_id, facet.is_failed, facet.session_id, facet.is_held" + stored + ") IS NOT ("
        "   answer.time_utc_ms, " + numberOf("answer.verdict") + ", " + numberOf("counts.judgement") + ", counts.id,"
        "   counts.id IS NOT NULL AND (counts.judgement IS NOT answer.verdict OR EXISTS (SELECT 1 FROM review r WHERE answer_id = answer.id"
        "     AND judgement <> counts.judgement AND " + kNewest + ")),"
        "   question.id, source.id, answer.model_id, answer.device, coalesce((SELECT id FROM defect_class WHERE name = counts.defect_class), 0),"
        "   answer.answer IS NULL, coalesce(answer.session_id, 0),"
        "   coalesce((SELECT is_held FROM hold WHERE answer_id = answer.id ORDER BY id DESC LIMIT 1), 0)" + reckoned + ") LIMIT 100");
    if (!statement)
        return failure(statement.error());
    return forEachRow(*statement, [&](const Statement &row) {
        tell("what answer " + std::to_string(row.integer(0)) + " is counted by does not follow from it");
    });
}

/// What else follows, table by table: each has the very rows that are reckoned here.
Result<void> checkLists(const Database &database, const Tell &tell)
{
    const std::pair<const char *, std::string> lists[] = {
        {"hour_count", "SELECT time_utc_ms / 3600000, question_id, source_id, model_id, verdict, judgement, is_failed, count(*) FROM facet"
                       " GROUP BY 1, 2, 3, 4, 5, 6, 7"},
        {"judged", "SELECT reviewer.id, answer_id, " + numberOf("judgement") + " FROM review r JOIN reviewer ON name = r.reviewer"
                   " WHERE judgement IS NOT NULL AND " + kNewest},
        {"judged_pair", "SELECT a.reviewer_id, b.reviewer_id, a.answer_id, a.judgement, b.judgement FROM judged a JOIN judged b ON b.answer_id = a.answer_id"
                        " JOIN reviewer first ON first.id = a.reviewer_id JOIN reviewer second ON second.id = b.reviewer_id WHERE first.name < second.name"},
        {"tagged", "SELECT tag_id, answer_id FROM tagging t WHERE is_set = 1"
                   " AND id = (SELECT max(id) FROM tagging WHERE answer_id = t.answer_id AND tag_id = t.tag_id)"},
    };
    for (const auto &[table, reckoned] : lists) {
        const std::string stored = std::string("SELECT * FROM ") + table;
        const Result<std::int64_t> differences = database.number("SELECT (SELECT count(*) FROM (" + stored + " EXCEPT " + reckoned
                                                                 + ")) + (SELECT count(*) FROM (" + reckoned + " EXCEPT " + stored + "))");
        if (!differences)
            return failure(differences.error());
        if (*differences > 0)
            tell(std::to_string(*differences) + " rows of '" + table + "' are missing, or do not follow from the answers");
    }
    return {};
}

/// The words that answers are found by, against an index that is made anew beside it. Reading all of it is its integrity check:
/// the one of SQLite writes.
Result<void> checkWords(const Database &database, const Tell &tell)
{
    constexpr char kMake[]
        = "CREATE VIRTUAL TABLE temp.made_text USING fts5 (body, content = '', tokenize = 'unicode61 remove_diacritics 2');"
          "INSERT INTO temp.made_text (rowid, body) SELECT id, search_text(coalesce(answer, '') || ' ' || question || ' ' || source || coalesce(' ' || ("
          " SELECT group_concat(reason || ' ' || note, ' ') FROM review r WHERE answer_id = answer.id AND (reason <> '' OR note <> '')"
          " AND id = (SELECT max(id) FROM review WHERE answer_id = r.answer_id AND reviewer = r.reviewer)), '')) FROM answer;"
          "CREATE VIRTUAL TABLE temp.made_word USING fts5vocab (temp, made_text, instance);"
          "CREATE VIRTUAL TABLE temp.stored_word USING fts5vocab (main, answer_text, instance)";
    if (const Result<void> made = database.run(kMake); !made)
        return failure(made.error());
    // Both are in the order of their words and rows.
    Result<Statement> expected = database.prepare("SELECT term, doc FROM temp.made_word"), stored = database.prepare("SELECT term, doc FROM temp.stored_word");
    if (!expected || !stored)
        return failure(expected ? stored.error() : expected.error());
    for (;;) {
        const Result<bool> isExpected = expected->step(), isStored = stored->step();
        if (!isExpected || !isStored)
            return failure(isExpected ? isStored.error() : isExpected.error());
        if (!*isExpected && !*isStored)
            return {};
        if (*isExpected && *isStored && expected->integer(1) == stored->integer(1) && expected->text(0) == stored->text(0))
            continue;
        tell("the words that answers are found by are not those of the answers, first at '"
             + (*isExpected ? expected->text(0) : stored->text(0)) + "'");
        return {};
    }
}

} // namespace

Result<void> checkFacets(const Database &database, const std::function<void(const Error &)> &onFault, const std::stop_token &stop)
{
    const Database::Stoppable stoppable(database, stop);
    const Result<std::int64_t> version = database.number("PRAGMA user_version");
    if (!version)
        return failure(version.error());
    if (*version != newestSchemaVersion())
        return {}; // the next program that writes makes them anew
    const std::string name = database.file().filename().string();
    const Tell tell = [&](const std::string &what) { onFault({code::DatabaseDamaged, name + " is damaged: " + what, name}); };
    const Snapshot snapshot(database);
    if (!snapshot.begun())
        return failure(snapshot.begun().error());
    for (const auto check : {checkRows, checkLists, checkWords})
        if (Result<void> checked = check(database, tell); !checked)
            return checked;
    return {};
}

} // namespace auroraedge::app

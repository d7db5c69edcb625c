#include "app/storage/answer_query.h"

#include "app/storage/answer_rows.h"
#include "app/storage/database.h"
#include "app/storage/facet_filter.h"

#include <algorithm>

namespace auroraedge::app {
namespace {

/// So few rows are found by an index of their own and sorted; more of them lie close together along the walk.
constexpr int kFew = 5000;

/// The condition that is met by the fewest rows, if by few; by bounded counts, a fraction of a millisecond each.
Result<const FacetCondition *> mostSelective(const Database &database, const std::vector<FacetCondition> &conditions)
{
    const FacetCondition *best = nullptr;
    std::int64_t fewest = kFew;
    for (const FacetCondition &condition : conditions) {
        Result<Statement> statement = database.prepare("SELECT count(*) FROM (" + condition.alone + " LIMIT " + std::to_string(kFew) + ")");
        if (!statement)
            return failure(statement.error());
        bindValues(*statement, condition, 1);
        const Result<bool> row = statement->step();
        if (!row)
            return failure(row.error());
        if (statement->integer(0) < fewest) {
            fewest = statement->integer(0);
            best = &condition;
        }
    }
    return best;
}

Result<std::vector<std::int64_t>> rowsOf(Statement &statement)
{
    std::vector<std::int64_t> rows;
    for (;;) {
        const Result<bool> row = statement.step();
        if (!row)
            return failure(row.error());
        if (!*row)
            return rows;
        rows.push_back(statement.integer(0));
    }
}

} // namespace

Result<void> requireFacets(const Database &database)
{
    constexpr int kFacetsSince = 3;
    const Result<std::int64_t> version = database.number("PRAGMA user_version");
    if (!version)
        return failure(version.error());
    if (*version < kFacetsSince)
        return failure(code::DatabaseMigration, "database is of an older version; open it once with the window or store an answer",
                       database.file().filename().string());
    return {};
}

Result<AnswerPage> selectPage(const Database &database, const AnswerFilter &filter, const std::optional<PageEdge> &edge, int limit,
                              const std::stop_token &stop)
{
    const Database::Stoppable stoppable(database, stop);
    if (const Result<void> usable = requireFacets(database); !usable)
        return failure(usable.error());
    const std::vector<FacetCondition> conditions = conditionsOf(filter);
    const Result<const FacetCondition *> driver = mostSelective(database, conditions);
    if (!driver)
        return failure(driver.error());
    const bool isOlder = !edge || edge->isOlder;
    // The driver is one of the conditions, so its values are bound once more in front of all.
    const std::string from = *driver ? "(" + (*driver)->alone + ") JOIN facet USING (answer_id)" : "facet INDEXED BY facet_walk";
    const std::string beyond = !edge ? "" : isOlder ? " AND answer_id < ?" : " AND answer_id > ?";
    Result<Statement> statement = database.prepare("SELECT answer_id FROM " + from + " WHERE " + whereOf(conditions) + beyond
                                                   + " ORDER BY answer_id " + (isOlder ? "DESC" : "ASC") + " LIMIT ?");
    if (!statement)
        return failure(statement.error());
    int parameter = *driver ? bindValues(*statement, **driver, 1) : 1;
    parameter = bindValues(*statement, conditions, parameter);
    if (edge)
        statement->bind(parameter++, edge->row);
    statement->bind(parameter, std::max(limit, 0) + 1);
    Result<std::vector<std::int64_t>> rows = rowsOf(*statement);
    if (!rows)
        return failure(rows.error());
    AnswerPage page;
    page.hasMore = rows->size() > static_cast<std::size_t>(std::max(limit, 0));
    if (page.hasMore)
        rows->pop_back();
    if (!isOlder)
        std::ranges::reverse(*rows);
    Result<std::vector<AnswerRecord>> records = selectRows(database, *rows);
    if (!records)
        return failure(records.error());
    page.records = *std::move(records);
    return page;
}

Result<std::int64_t> countMatching(const Database &database, const AnswerFilter &filter, const std::stop_token &stop)
{
    const Database::Stoppable stoppable(database, stop);
    if (const Result<void> usable = requireFacets(database); !usable)
        return failure(usable.error());
    const std::vector<FacetCondition> conditions = conditionsOf(filter);
    Result<Statement> statement = database.prepare(
        conditions.size() == 1 ? "SELECT count(*) FROM (" + conditions.front().alone + ")"
                               : "SELECT count(*) FROM facet INDEXED BY facet_walk WHERE " + whereOf(conditions));
    if (!statement)
        return failure(statement.error());
    bindValues(*statement, conditions, 1);
    const Result<bool> row = statement->step();
    if (!row)
        return failure(row.error());
    return statement->integer(0);
}

Result<AnswerChoices> selectChoices(const Database &database)
{
    if (const Result<void> usable = requireFacets(database); !usable)
        return failure(usable.error());
    AnswerChoices choices;
    const std::pair<std::vector<AnswerChoice> *, const char *> lists[] = {
        {&choices.questions, "SELECT text, sum(answers) FROM hour_count JOIN question ON question.id = question_id GROUP BY 1 ORDER BY 2 DESC, 1"},
        {&choices.models, "SELECT name, sum(answers) FROM hour_count JOIN model ON model.id = model_id GROUP BY 1 ORDER BY 2 DESC, 1"},
        {&choices.sources, "SELECT uri, sum(answers) FROM hour_count JOIN source ON source.id = source_id GROUP BY 1 ORDER BY 2 DESC, 1"},
        {&choices.reviewers, "SELECT reviewer, count(DISTINCT answer_id) FROM review GROUP BY 1 ORDER BY 2 DESC, 1"},
        {&choices.defectClasses, "SELECT name, count(*) FROM facet JOIN defect_class ON defect_class.id = class_id WHERE class_id > 0"
                                 " GROUP BY 1 ORDER BY 2 DESC, 1"},
    };
    for (const auto &[list, sql] : lists) {
        Result<Statement> statement = database.prepare(sql);
        if (!statement)
            return failure(statement.error());
        for (;;) {
            const Result<bool> row = statement->step();
            if (!row)
                return failure(row.error());
            if (!*row)
                break;
            list->push_back({statement->text(0), statement->integer(1)});
        }
    }
    return choices;
}

Result<std::vector<AnswerRecord>> selectNeighbours(const Database &database, std::int64_t row, int before, int after)
{
    if (const Result<void> usable = requireFacets(database); !usable)
        return failure(usable.error());
    // The index of the source ends with the row, so both directions are read in order.
    const auto side = [&](const char *condition, const char *order, int limit) -> Result<std::vector<std::int64_t>> {
        Result<Statement> statement = database.prepare(
            std::string("SELECT answer_id FROM facet INDEXED BY facet_by_source WHERE source_id = (SELECT source_id FROM facet WHERE answer_id = ?1)"
                        " AND answer_id ") + condition + " ?1 ORDER BY answer_id " + order + " LIMIT ?2");
        if (!statement)
            return failure(statement.error());
        statement->bind(1, row).bind(2, limit);
        return rowsOf(*statement);
    };
    Result<std::vector<std::int64_t>> rows = side(">", "ASC", after);
    if (!rows)
        return failure(rows.error());
    std::ranges::reverse(*rows);
    const Result<std::vector<std::int64_t>> older = side("<=", "DESC", before + 1);
    if (!older)
        return failure(older.error());
    rows->insert(rows->end(), older->begin(), older->end());
    return selectRows(database, *rows);
}

} // namespace auroraedge::app

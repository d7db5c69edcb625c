#include "app/storage/answer_query.h"

#include "app/storage/answer_rows.h"
#include "app/storage/database.h"
#include "app/storage/facet_filter.h"

#include <algorithm>

namespace auroraedge::app {
namespace {

Result<std::vector<std::int64_t>> rowsOf(Statement &statement)
{
    std::vector<std::int64_t> rows;
    if (const Result<void> read = forEachRow(statement, [&](const Statement &row) { rows.push_back(row.integer(0)); }); !read)
        return failure(read.error());
    return rows;
}

/// The time of the row that a page goes on from.
Result<std::int64_t> timeOf(const Database &database, std::int64_t row)
{
    Result<Statement> statement = database.prepare("SELECT time_utc_ms FROM facet WHERE answer_id = ?");
    if (!statement)
        return failure(statement.error());
    const Result<bool> found = statement->bind(1, row).step();
    if (!found)
        return failure(found.error());
    if (!*found)
        return failure(code::Internal, "there is no row " + std::to_string(row) + " to go on from");
    return statement->integer(0);
}

/// The rows of a page, in the direction of @p edge, at most @p limit.
Result<std::vector<std::int64_t>> pageRows(const Database &database, const AnswerFilter &filter, const std::optional<PageEdge> &edge, int limit)
{
    if (const Result<void> usable = requireFacets(database); !usable)
        return failure(usable.error());
    const Result<FacetSelection> selection = selectionOf(database, filter, kNarrowWalk, kFewForPage);
    if (!selection)
        return failure(selection.error());
    const Result<std::int64_t> edgeTime = edge ? timeOf(database, edge->row) : Result<std::int64_t>(0);
    if (!edgeTime)
        return failure(edgeTime.error());
    const bool isOlder = !edge || edge->isOlder;
    const std::string beyond = !edge ? "" : isOlder ? " AND (time_utc_ms, answer_id) < (?, ?)" : " AND (time_utc_ms, answer_id) > (?, ?)";
    const std::string order = isOlder ? "DESC" : "ASC";
    Result<Statement> statement = database.prepare("SELECT answer_id FROM " + selection->from + " WHERE " + selection->where + beyond
                                                   + " ORDER BY time_utc_ms " + order + ", answer_id " + order + " LIMIT ?");
    if (!statement)
        return failure(statement.error());
    int parameter = selection->bind(*statement);
    if (edge) {
        statement->bind(parameter++, *edgeTime);
        statement->bind(parameter++, edge->row);
    }
    statement->bind(parameter, limit);
    return rowsOf(*statement);
}

} // namespace

std::optional<LatencyStage> latencyStageNamed(std::string_view name)
{
    const auto known = std::ranges::find(kLatencyStages, name);
    return known == kLatencyStages.end() ? std::nullopt : std::optional(LatencyStage(known - kLatencyStages.begin() + 1));
}

Result<void> requireFacets(const Database &database)
{
    constexpr int kFacetsSince = 4; // as they are asked for here
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
    Result<std::vector<std::int64_t>> rows = pageRows(database, filter, edge, std::max(limit, 0) + 1);
    if (!rows)
        return failure(rows.error());
    AnswerPage page;
    page.hasMore = rows->size() > static_cast<std::size_t>(std::max(limit, 0));
    if (page.hasMore)
        rows->pop_back();
    if (edge && !edge->isOlder)
        std::ranges::reverse(*rows);
    Result<std::vector<AnswerRecord>> records = selectRows(database, *rows);
    if (!records)
        return failure(records.error());
    page.records = *std::move(records);
    return page;
}

Result<int> countNewer(const Database &database, const AnswerFilter &filter, std::int64_t row, int most, const std::stop_token &stop)
{
    const Database::Stoppable stoppable(database, stop);
    const Result<std::vector<std::int64_t>> rows
        = pageRows(database, filter, row > 0 ? std::optional(PageEdge{row, false}) : std::nullopt, std::max(most, 0));
    return rows ? Result<int>(static_cast<int>(rows->size())) : failure(rows.error());
}

Result<std::vector<std::int64_t>> selectMatching(const Database &database, const AnswerFilter &filter, const std::stop_token &stop)
{
    const Database::Stoppable stoppable(database, stop);
    if (const Result<void> usable = requireFacets(database); !usable)
        return failure(usable.error());
    const Result<FacetSelection> selection = selectionOf(database, filter, kNarrowWalk, kFewForSum);
    if (!selection)
        return failure(selection.error());
    Result<Statement> statement = database.prepare("SELECT answer_id FROM " + selection->from + " WHERE " + selection->where
                                                   + " ORDER BY time_utc_ms DESC, answer_id DESC");
    if (!statement)
        return failure(statement.error());
    selection->bind(*statement);
    return rowsOf(*statement);
}

Result<std::int64_t> countMatching(const Database &database, const AnswerFilter &filter, const std::stop_token &stop)
{
    const Database::Stoppable stoppable(database, stop);
    if (const Result<void> usable = requireFacets(database); !usable)
        return failure(usable.error());
    const std::vector<FacetCondition> conditions = conditionsOf(filter);
    const auto counted = [](Statement &statement) -> Result<std::int64_t> {
        const Result<bool> row = statement.step();
        if (!row)
            return failure(row.error());
        return statement.integer(0);
    };
    if (const std::string sql = indexCountSql(conditions); !sql.empty()) {
        Result<Statement> statement = database.prepare(sql);
        if (!statement)
            return failure(statement.error());
        bindValues(*statement, conditions, 1);
        return counted(*statement);
    }
    const Result<FacetSelection> selection = selectionOf(database, filter, kNarrowWalk, kFewForSum);
    if (!selection)
        return failure(selection.error());
    Result<Statement> statement = database.prepare("SELECT count(*) FROM " + selection->from + " WHERE " + selection->where);
    if (!statement)
        return failure(statement.error());
    selection->bind(*statement);
    return counted(*statement);
}

Result<AnswerChoices> selectChoices(const Database &database)
{
    if (const Result<void> usable = requireFacets(database); !usable)
        return failure(usable.error());
    AnswerChoices choices;
    const std::pair<std::vector<AnswerChoice> *, std::string> lists[] = {
        {&choices.questions, "SELECT text, sum(answers) FROM hour_count JOIN question ON question.id = question_id GROUP BY 1 ORDER BY 2 DESC, 1"},
        {&choices.models, std::string("SELECT ") + kModelLabel + ", sum(answers) FROM (SELECT model_id, sum(answers) AS answers FROM hour_count GROUP BY 1)"
                                                       " JOIN model ON model.id = model_id GROUP BY 1 ORDER BY 2 DESC, 1"},
        {&choices.sources, "SELECT uri, sum(answers) FROM hour_count JOIN source ON source.id = source_id GROUP BY 1 ORDER BY 2 DESC, 1"},
        {&choices.devices, "SELECT device, count(*) FROM facet GROUP BY 1 ORDER BY 2 DESC, 1"},
        {&choices.reviewers, "SELECT name, count(*) FROM judged JOIN reviewer ON reviewer.id = reviewer_id GROUP BY reviewer_id ORDER BY 2 DESC, 1"},
        {&choices.tags, "SELECT name, count(*) FROM tagged JOIN tag ON tag.id = tag_id GROUP BY tag_id ORDER BY 2 DESC, 1"},
        {&choices.defectClasses, "SELECT name, count(*) FROM facet JOIN defect_class ON defect_class.id = class_id WHERE class_id > 0"
                                 " GROUP BY 1 ORDER BY 2 DESC, 1"},
    };
    for (const auto &[list, sql] : lists) {
        Result<Statement> statement = database.prepare(sql);
        if (!statement)
            return failure(statement.error());
        const Result<void> read = forEachRow(*statement, [list = list](const Statement &row) { list->push_back({row.text(0), row.integer(1)}); });
        if (!read)
            return failure(read.error());
    }
    return choices;
}

Result<std::vector<StoredSession>> selectSessions(const Database &database, int limit)
{
    if (const Result<void> usable = requireFacets(database); !usable)
        return failure(usable.error());
    Result<Statement> statement = database.prepare("SELECT id, began_utc_ms, ended_utc_ms, program, account,"
                                                   " (SELECT count(*) FROM facet WHERE session_id = session.id) FROM session ORDER BY id DESC LIMIT ?");
    if (!statement)
        return failure(statement.error());
    statement->bind(1, std::max(limit, 0));
    std::vector<StoredSession> sessions;
    const Result<void> read = forEachRow(*statement, [&](const Statement &row) {
        sessions.push_back({row.integer(0), row.integer(1), row.isNull(2) ? std::nullopt : std::optional(row.integer(2)), row.text(3), row.text(4),
                            row.integer(5)});
    });
    if (!read)
        return failure(read.error());
    return sessions;
}

Result<std::vector<StoredModel>> selectModels(const Database &database)
{
    if (const Result<void> usable = requireFacets(database); !usable)
        return failure(usable.error());
    Result<Statement> statement
        = database.prepare("SELECT name, sha256, first_used_utc_ms, last_used_utc_ms, (SELECT sum(answers) FROM hour_count WHERE model_id = model.id)"
                           " FROM model ORDER BY last_used_utc_ms DESC, id DESC");
    if (!statement)
        return failure(statement.error());
    std::vector<StoredModel> models;
    const Result<void> read = forEachRow(*statement, [&](const Statement &row) {
        models.push_back({row.text(0), row.text(1), row.integer(2), row.integer(3), row.integer(4)});
    });
    if (!read)
        return failure(read.error());
    return models;
}

Result<std::vector<AnswerRecord>> selectNeighbours(const Database &database, std::int64_t row, int before, int after)
{
    if (const Result<void> usable = requireFacets(database); !usable)
        return failure(usable.error());
    const Result<std::int64_t> time = timeOf(database, row);
    if (!time)
        return failure(time.error());
    // The index of the source goes on with the time and ends with the row, so both directions are read in order.
    const auto side = [&](const char *comparison, const char *order, int limit) -> Result<std::vector<std::int64_t>> {
        Result<Statement> statement = database.prepare(
            std::string("SELECT answer_id FROM facet INDEXED BY facet_by_source WHERE source_id = (SELECT source_id FROM facet WHERE answer_id = ?1)"
                        " AND (time_utc_ms, answer_id) ") + comparison + " (?2, ?1) ORDER BY time_utc_ms " + order + ", answer_id " + order + " LIMIT ?3");
        if (!statement)
            return failure(statement.error());
        statement->bind(1, row).bind(2, *time).bind(3, limit);
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

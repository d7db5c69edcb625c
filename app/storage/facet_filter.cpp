#include "app/storage/facet_filter.h"

#include "app/storage/database.h"
#include "app/storage/search_text.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace auroraedge::app {
namespace {

constexpr std::int64_t kHourMs = 3'600'000;
constexpr char kAfterRow[] = "answer_id > ?";
constexpr char kTimed[] = "is_failed = 0 AND total_us > 0"; ///< what failed, or was repeated, has no times of its own

using Values = decltype(FacetCondition::values);

FacetCondition inIndex(std::string sql, const std::string &index, Values values, bool isRolledUp = false)
{
    std::string alone = "SELECT answer_id FROM facet INDEXED BY " + index + " WHERE " + sql;
    return {std::move(sql), std::move(alone), std::move(values), isRolledUp};
}

/// The same where the index goes on with the time.
FacetCondition inOrder(std::string sql, const std::string &index, Values values, bool isRolledUp = false)
{
    FacetCondition condition = inIndex(std::move(sql), index, std::move(values), isRolledUp);
    condition.ordered = index;
    return condition;
}

/// Of a value that a dictionary keeps once. A value that it does not know is met by no row.
FacetCondition ofDictionary(const std::string &column, const std::string &table, const std::string &name, const std::string &value, bool isRolledUp)
{
    return inOrder(column + " = (SELECT id FROM " + table + " WHERE " + name + " = ?)", "facet_by_" + table, {value}, isRolledUp);
}

/// Of a table that lists answers: @p listed is its rows' condition.
FacetCondition ofList(const std::string &table, const std::string &listed, Values values)
{
    return {"EXISTS (SELECT 1 FROM " + table + " WHERE " + listed + " AND answer_id = facet.answer_id)",
            "SELECT answer_id FROM " + table + " WHERE " + listed, std::move(values), false, false};
}

/// "1, 3" of OK and UNSURE; 0 stands for none.
std::string listOf(const std::vector<Verdict> &verdicts, bool withNone)
{
    std::string list = withNone ? "0" : "";
    for (const Verdict verdict : verdicts)
        list += (list.empty() ? "" : ", ") + std::to_string(static_cast<int>(verdict));
    return list;
}

void addTimes(const AnswerFilter &filter, std::vector<FacetCondition> &conditions)
{
    const auto isWholeHour = [](const std::optional<std::int64_t> &time) { return !time || *time % kHourMs == 0; };
    const bool isRolledUp = isWholeHour(filter.fromUtcMs) && isWholeHour(filter.untilUtcMs);
    if (filter.fromUtcMs && filter.untilUtcMs)
        conditions.push_back(inIndex("time_utc_ms >= ? AND time_utc_ms < ?", "facet_by_time", {*filter.fromUtcMs, *filter.untilUtcMs}, isRolledUp));
    else if (filter.fromUtcMs)
        conditions.push_back(inIndex("time_utc_ms >= ?", "facet_by_time", {*filter.fromUtcMs}, isRolledUp));
    else if (filter.untilUtcMs)
        conditions.push_back(inIndex("time_utc_ms < ?", "facet_by_time", {*filter.untilUtcMs}, isRolledUp));
}

void addVerdicts(const AnswerFilter &filter, std::vector<FacetCondition> &conditions)
{
    if (const std::string list = listOf(filter.verdicts, filter.withoutVerdict); !list.empty())
        conditions.push_back(inIndex("verdict IN (" + list + ")", "facet_by_verdict", {}, true));
    if (const std::string list = listOf(filter.judgements, false); !list.empty())
        conditions.push_back(inIndex("judgement IN (" + list + ")", "facet_by_judgement", {}, true));
    if (const std::string list = listOf(filter.outcomes, filter.withoutOutcome); !list.empty()) {
        const std::string judged = "SELECT answer_id FROM facet INDEXED BY facet_by_judgement WHERE judgement ";
        conditions.push_back({"CASE WHEN judgement > 0 THEN judgement ELSE verdict END IN (" + list + ")",
                              judged + "> 0 AND judgement IN (" + list + ") UNION ALL " + judged + "= 0 AND verdict IN (" + list + ")",
                              {},
                              true});
    }
    if (filter.unreviewedOnly)
        conditions.push_back(inIndex("judgement = 0", "facet_by_judgement", {}, true));
    if (filter.reviewedOnly)
        conditions.push_back(inIndex("judgement > 0", "facet_by_judgement", {}, true));
}

void addReviewers(const AnswerFilter &filter, std::vector<FacetCondition> &conditions)
{
    const auto said = [](const char *column, const std::optional<Verdict> &verdict) {
        return verdict ? std::string(" AND ") + column + " = " + std::to_string(static_cast<int>(*verdict)) : std::string();
    };
    constexpr char kReviewer[] = "(SELECT id FROM reviewer WHERE name = ?)";
    if (filter.reviewer.empty())
        return;
    if (filter.secondReviewer.empty()) {
        conditions.push_back(ofList("judged", std::string("reviewer_id = ") + kReviewer + said("judgement", filter.reviewerSaid), {filter.reviewer}));
        return;
    }
    // The table has each pair once, in the order of their names.
    const bool isTurned = filter.secondReviewer < filter.reviewer;
    conditions.push_back(ofList("judged_pair",
                                std::string("first_id = ") + kReviewer + " AND second_id = " + kReviewer
                                    + said(isTurned ? "second_judgement" : "first_judgement", filter.reviewerSaid)
                                    + said(isTurned ? "first_judgement" : "second_judgement", filter.secondReviewerSaid)
                                    + (filter.pairAgrees ? *filter.pairAgrees ? " AND first_judgement = second_judgement"
                                                                              : " AND first_judgement <> second_judgement"
                                                         : ""),
                                isTurned ? Values{filter.secondReviewer, filter.reviewer} : Values{filter.reviewer, filter.secondReviewer}));
}

void addLatencies(const AnswerFilter &filter, std::vector<FacetCondition> &conditions)
{
    if (filter.latencyAboveMs)
        conditions.push_back(inIndex("total_us > ?", "facet_by_total", {static_cast<std::int64_t>(std::llround(*filter.latencyAboveMs * 1000))}));
    if (!filter.stageFromMs && !filter.stageBelowMs)
        return;
    const std::string stage = kLatencyStages[static_cast<std::size_t>(filter.stage) - 1];
    std::string range = kTimed;
    Values values;
    const auto add = [&](const char *comparison, const std::optional<double> &ms) {
        if (!ms)
            return;
        range += " AND " + stage + "_us " + comparison + " ?";
        values.emplace_back(stageUs(*ms));
    };
    add(">=", filter.stageFromMs);
    add("<", filter.stageBelowMs);
    conditions.push_back(inIndex(std::move(range), "facet_by_" + stage, std::move(values)));
}

/// All that meet @p condition, before anything else is asked.
Result<std::shared_ptr<const RowSet>> rowsOf(const Database &database, const FacetCondition &condition)
{
    Result<Statement> statement = database.prepare(condition.alone);
    if (!statement)
        return failure(statement.error());
    bindValues(*statement, condition, 1);
    const auto rows = std::make_shared<RowSet>();
    if (const Result<void> read = forEachRow(*statement, [&](const Statement &row) { rows->insert(row.integer(0)); }); !read)
        return failure(read.error());
    return std::shared_ptr<const RowSet>(rows);
}

} // namespace

std::int64_t stageUs(double ms) { return static_cast<std::int64_t>(std::ceil(ms * 1000 - 1e-6)); }

std::vector<FacetCondition> conditionsOf(const AnswerFilter &filter)
{
    std::vector<FacetCondition> conditions;
    addTimes(filter, conditions);
    addVerdicts(filter, conditions);
    if (!filter.question.empty())
        conditions.push_back(ofDictionary("question_id", "question", "text", filter.question, true));
    if (!filter.source.empty())
        conditions.push_back(ofDictionary("source_id", "source", "uri", filter.source, true));
    if (!filter.model.empty())
        conditions.push_back(
            inIndex(std::string("model_id IN (SELECT id FROM model WHERE ? IN (name, ") + kModelLabel + "))", "facet_by_model", {filter.model}, true));
    if (!filter.device.empty())
        conditions.push_back(inOrder("device = ?", "facet_by_device", {filter.device}));
    if (!filter.defectClass.empty())
        conditions.push_back(ofDictionary("class_id", "defect_class", "name", filter.defectClass, false));
    if (filter.withoutClass)
        conditions.push_back(inOrder("class_id = 0", "facet_by_defect_class", {}));
    if (!filter.tag.empty())
        conditions.push_back(ofList("tagged", "tag_id = (SELECT id FROM tag WHERE name = ?)", {filter.tag}));
    if (filter.session != 0)
        conditions.push_back(inOrder("session_id = ?", "facet_by_session", {filter.session}));
    addReviewers(filter, conditions);
    if (filter.disagreeOnly) // the column has whatever was judged where the machine gave no verdict: there OK agrees with what it said
        conditions.push_back(inIndex("disagrees = 1 AND (verdict > 0 OR judgement <> 1 OR EXISTS (SELECT 1 FROM judged_pair WHERE judged_pair.answer_id = facet.answer_id"
                                     " AND first_judgement <> second_judgement))",
                                     "facet_disagreeing", {}));
    if (filter.failedOnly)
        conditions.push_back(inIndex("is_failed = 1", "facet_failed", {}, true));
    if (filter.timedOnly) // nearly all of them: no index finds them faster
        conditions.push_back({kTimed, "", {}});
    if (filter.heldOnly)
        conditions.push_back(inIndex("is_held = 1", "facet_held", {}));
    addLatencies(filter, conditions);
    if (filter.afterRow > 0)
        conditions.push_back({kAfterRow, std::string("SELECT answer_id FROM facet WHERE ") + kAfterRow, {filter.afterRow}});
    if (const std::string query = textQuery(filter.text); !query.empty()) {
        const std::string found = "SELECT rowid AS answer_id FROM answer_text WHERE answer_text MATCH ?";
        conditions.push_back({"facet.answer_id IN (" + found + ")", found, {query}});
        conditions.back().isText = true;
        conditions.back().isWalked = false;
    }
    return conditions;
}

std::string whereOf(const std::vector<FacetCondition> &conditions)
{
    std::string where;
    for (const FacetCondition &condition : conditions)
        where += (where.empty() ? "" : " AND ") + condition.sql;
    return where.empty() ? "1" : where;
}

int bindValues(Statement &statement, const FacetCondition &condition, int first)
{
    for (const auto &value : condition.values) {
        if (const auto *number = std::get_if<std::int64_t>(&value))
            statement.bind(first++, *number);
        else if (const auto *text = std::get_if<std::string>(&value))
            statement.bind(first++, std::string_view(*text));
        else
            statement.bind(first++, *std::get<std::shared_ptr<const RowSet>>(value));
    }
    return first;
}

int bindValues(Statement &statement, const std::vector<FacetCondition> &conditions, int first)
{
    for (const FacetCondition &condition : conditions)
        first = bindValues(statement, condition, first);
    return first;
}

int FacetSelection::bind(Statement &statement) const
{
    const int parameter = driver ? bindValues(statement, *driver, 1) : 1;
    return bindValues(statement, conditions, parameter);
}

Result<FacetSelection> selectionOf(const Database &database, const AnswerFilter &filter, const std::string &walk, const FewRows &few)
{
    FacetSelection selection;
    selection.conditions = conditionsOf(filter);
    std::optional<std::size_t> best;
    std::int64_t fewest = std::max({few.ofFacets, few.ofList, few.inOrder});
    // By bounded counts, a millisecond each.
    for (std::size_t i = 0; i < selection.conditions.size(); ++i) {
        const FacetCondition &condition = selection.conditions[i];
        const std::int64_t most = std::min(fewest, !condition.ordered.empty() ? few.inOrder : condition.isWalked ? few.ofFacets : few.ofList);
        if (condition.alone.empty())
            continue;
        Result<Statement> statement = database.prepare("SELECT count(*) FROM (" + condition.alone + " LIMIT " + std::to_string(most) + ")");
        if (!statement)
            return failure(statement.error());
        bindValues(*statement, condition, 1);
        const Result<bool> row = statement->step();
        if (!row)
            return failure(row.error());
        if (statement->integer(0) < most) {
            fewest = statement->integer(0);
            best = i;
        }
    }
    selection.from = walk;
    if (best && !selection.conditions[*best].ordered.empty()) {
        selection.from = "facet INDEXED BY " + selection.conditions[*best].ordered;
    } else if (best) {
        selection.driver = std::move(selection.conditions[*best]);
        selection.conditions.erase(selection.conditions.begin() + static_cast<std::ptrdiff_t>(*best));
        selection.from = "(" + selection.driver->alone + ") CROSS JOIN facet USING (answer_id)";
    }
    for (FacetCondition &condition : selection.conditions) {
        if (!condition.isText)
            continue;
        const Result<std::shared_ptr<const RowSet>> rows = rowsOf(database, condition);
        if (!rows)
            return failure(rows.error());
        condition.sql = "in_rows(facet.answer_id, ?)";
        condition.values = {*rows};
    }
    selection.where = whereOf(selection.conditions);
    return selection;
}

std::string indexCountSql(const std::vector<FacetCondition> &conditions)
{
    if (conditions.empty())
        return "SELECT count(*) FROM facet";
    if (conditions.front().alone.empty())
        return {};
    const std::string count = "SELECT count(*) FROM (" + conditions.front().alone + ")";
    if (conditions.size() == 1)
        return count;
    // Every index ends with the row, so a range of rows is a range of each of its entries.
    return conditions.size() == 2 && conditions.back().sql == kAfterRow ? count + " WHERE " + kAfterRow : std::string();
}

} // namespace auroraedge::app

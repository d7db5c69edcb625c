#include "app/storage/facet_filter.h"

#include "app/storage/database.h"
#include "app/storage/search_text.h"

#include <cmath>

namespace auroraedge::app {
namespace {

FacetCondition inIndex(std::string sql, const std::string &index, std::vector<std::variant<std::int64_t, std::string>> values)
{
    std::string alone = "SELECT answer_id FROM facet INDEXED BY " + index + " WHERE " + sql;
    return {std::move(sql), std::move(alone), std::move(values)};
}

/// Of a value that a dictionary keeps once. A value that it does not know is met by no row.
FacetCondition ofDictionary(const std::string &column, const std::string &table, const std::string &name, const std::string &value)
{
    return inIndex(column + " = (SELECT id FROM " + table + " WHERE " + name + " = ?)", "facet_by_" + table, {value});
}

} // namespace

std::vector<FacetCondition> conditionsOf(const AnswerFilter &filter)
{
    std::vector<FacetCondition> conditions;
    if (filter.fromUtcMs && filter.untilUtcMs)
        conditions.push_back(inIndex("time_utc_ms >= ? AND time_utc_ms < ?", "facet_by_time", {*filter.fromUtcMs, *filter.untilUtcMs}));
    else if (filter.fromUtcMs)
        conditions.push_back(inIndex("time_utc_ms >= ?", "facet_by_time", {*filter.fromUtcMs}));
    else if (filter.untilUtcMs)
        conditions.push_back(inIndex("time_utc_ms < ?", "facet_by_time", {*filter.untilUtcMs}));
    if (!filter.verdicts.empty()) {
        std::string list;
        FacetCondition any;
        for (const Verdict verdict : filter.verdicts) {
            list += list.empty() ? "?" : ", ?";
            any.values.emplace_back(static_cast<std::int64_t>(verdict));
        }
        conditions.push_back(inIndex("verdict IN (" + list + ")", "facet_by_verdict", std::move(any.values)));
    }
    if (!filter.question.empty())
        conditions.push_back(ofDictionary("question_id", "question", "text", filter.question));
    if (!filter.source.empty())
        conditions.push_back(ofDictionary("source_id", "source", "uri", filter.source));
    if (!filter.model.empty())
        conditions.push_back(inIndex("model_id IN (SELECT id FROM model WHERE name = ?)", "facet_by_model", {filter.model}));
    if (!filter.defectClass.empty())
        conditions.push_back(ofDictionary("class_id", "defect_class", "name", filter.defectClass));
    if (!filter.reviewer.empty()) {
        const std::string judged = "SELECT answer_id FROM review own WHERE reviewer = ? AND judgement IS NOT NULL"
                                   " AND id = (SELECT max(id) FROM review WHERE answer_id = own.answer_id AND reviewer = own.reviewer)";
        conditions.push_back({"answer_id IN (" + judged + ")", judged, {filter.reviewer}});
    }
    if (filter.unreviewedOnly)
        conditions.push_back(inIndex("judgement = 0", "facet_by_judgement", {}));
    if (filter.reviewedOnly)
        conditions.push_back(inIndex("judgement > 0", "facet_by_judgement", {}));
    if (filter.disagreeOnly)
        conditions.push_back(inIndex("disagrees = 1", "facet_disagreeing", {}));
    if (filter.failedOnly)
        conditions.push_back(inIndex("is_failed = 1", "facet_failed", {}));
    if (filter.latencyAboveMs)
        conditions.push_back(inIndex("total_us > ?", "facet_by_total", {static_cast<std::int64_t>(std::llround(*filter.latencyAboveMs * 1000))}));
    if (const std::string query = textQuery(filter.text); !query.empty()) {
        const std::string found = "SELECT rowid AS answer_id FROM answer_text WHERE answer_text MATCH ?";
        conditions.push_back({"answer_id IN (" + found + ")", found, {query}});
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
        else
            statement.bind(first++, std::get<std::string>(value));
    }
    return first;
}

int bindValues(Statement &statement, const std::vector<FacetCondition> &conditions, int first)
{
    for (const FacetCondition &condition : conditions)
        first = bindValues(statement, condition, first);
    return first;
}

} // namespace auroraedge::app

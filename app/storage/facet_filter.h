#pragma once

#include "app/storage/answer_query.h"

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace auroraedge::app {

class Statement;

/// One condition of a filter over the table facet.
struct FacetCondition
{
    std::string sql;   ///< with a parameter for each of `values`
    std::string alone; ///< a query of the rows that meet it, by an index of its own: SELECT answer_id FROM ... WHERE ...
    std::vector<std::variant<std::int64_t, std::string>> values;
};

[[nodiscard]] std::vector<FacetCondition> conditionsOf(const AnswerFilter &filter);
/// Of all conditions; "1" when there is none.
[[nodiscard]] std::string whereOf(const std::vector<FacetCondition> &conditions);
/// @return the next free parameter number.
int bindValues(Statement &statement, const std::vector<FacetCondition> &conditions, int first);
int bindValues(Statement &statement, const FacetCondition &condition, int first);

} // namespace auroraedge::app

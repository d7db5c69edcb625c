#pragma once

#include "app/storage/answer_query.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace auroraedge::app {

class Database;
class RowSet;
class Statement;

/// One condition of a filter over the table facet.
struct FacetCondition
{
    std::string sql;   ///< with a parameter for each of `values`
    std::string alone; ///< a query of the rows that meet it, by an index of its own: SELECT answer_id FROM ... WHERE ...; or empty
    std::vector<std::variant<std::int64_t, std::string, std::shared_ptr<const RowSet>>> values;
    bool isRolledUp = false; ///< the table hour_count knows what it asks about
    bool isWalked = true;    ///< the index that is walked knows it; else each row on the way costs a look elsewhere
    bool isText = false;     ///< is answered by its own index alone, at once
    std::string ordered = {}; ///< an index that has the rows that meet it by time; empty: there is none
};

[[nodiscard]] std::vector<FacetCondition> conditionsOf(const AnswerFilter &filter);
/// Of all conditions; "1" when there is none.
[[nodiscard]] std::string whereOf(const std::vector<FacetCondition> &conditions);
/// @return the next free parameter number.
int bindValues(Statement &statement, const std::vector<FacetCondition> &conditions, int first);
int bindValues(Statement &statement, const FacetCondition &condition, int first);

/// How the facets that a filter means are read: "FROM <from> WHERE <where>".
struct FacetSelection
{
    std::optional<FacetCondition> driver; ///< is met by so few rows that those are looked up; nothing: rows are walked by time
    std::vector<FacetCondition> conditions; ///< all but the driver
    std::string from;  ///< names the table facet; with the driver's values
    std::string where; ///< of all conditions but the driver

    /// @return the next free parameter.
    int bind(Statement &statement) const;
};
/// So few rows are found by an index of their own and looked up one by one, a few microseconds each; more of them lie close
/// together along the walk, where a row takes a tenth of one. Rows of a list make the walk slow, so more of them are few.
/// Where an index has them by time, the newest come first and nothing is sorted.
struct FewRows
{
    std::int64_t ofFacets, ofList, inOrder;
};
/// A page is full after some rows, so that a walk ends early; a sum needs all of them.
inline constexpr FewRows kFewForPage{10'000, 20'000, 40'000}, kFewForSum{40'000, 150'000, 40'000};

/// @param walk what is walked where no condition is met by few rows.
Result<FacetSelection> selectionOf(const Database &database, const AnswerFilter &filter, const std::string &walk, const FewRows &few);

inline constexpr char kNarrowWalk[] = "facet INDEXED BY facet_walk"; ///< by time; has no stage but the whole
inline constexpr char kWideWalk[] = "facet NOT INDEXED";             ///< has everything

/// As a model is shown: its name, with the beginning of its hash where there are others of that name.
inline constexpr char kModelLabel[] = "CASE WHEN (SELECT count(*) FROM model other WHERE other.name = model.name) > 1"
                                      " THEN model.name || ' ' || substr(model.sha256, 1, 8) ELSE model.name END";

/// The query that counts from one index alone what @p conditions mean, with their values bound in order; empty: no index can.
[[nodiscard]] std::string indexCountSql(const std::vector<FacetCondition> &conditions);

/// As the tables have it: whole microseconds, so that a limit parts the same rows wherever it is compared.
[[nodiscard]] std::int64_t stageUs(double ms);

} // namespace auroraedge::app

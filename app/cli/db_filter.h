#pragma once

#include "app/cli/commands.h"
#include "app/storage/answer_query.h"

#include <cstdint>
#include <string>
#include <vector>

namespace auroraedge::app {

class AnswerReader;

/// @return CLI-01 where a time is none.
Result<AnswerFilter> filterOf(const DbFilterOptions &options);
/// The filter as it was given, for a manifest; empty when nothing was asked for.
[[nodiscard]] std::string filterText(const DbFilterOptions &options);

/// The answers that a command changes: those of --row, or all that the filter means, newest first.
/// @return CLI-01 where neither is given, or both, or there is no such row; what selectMatching() returns.
Result<std::vector<std::int64_t>> chosenRows(const AnswerReader &reader, const std::vector<std::int64_t> &rows, const DbFilterOptions &options,
                                             const CliContext &context);

} // namespace auroraedge::app

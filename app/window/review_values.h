#pragma once

#include "app/pipeline/storage_worker.h"
#include "app/storage/answer_query.h"
#include "app/storage/answer_record.h"
#include "app/storage/answer_store.h"
#include "ui/models/review_page.h"

#include <span>

// What the Review page shows, made from rows of the store, and back. Thread: any.
namespace auroraedge::app {

/// REQUIRES: it has no span (fixedAt()).
[[nodiscard]] AnswerFilter filterOf(const ui::ReviewFilter &filter);
[[nodiscard]] ui::ReviewChoices choicesOf(const AnswerChoices &choices);
[[nodiscard]] ReviewDecision decisionOf(const ui::ReviewDecision &decision, std::int64_t nowUtcMs);

/// Holding or tagging. REQUIRES: decision.isMark().
[[nodiscard]] AnswerMark markOf(const ui::ReviewDecision &decision);

/// Rows with all that people said of them. Thread: the reader's.
Result<ui::ReviewItems> readItems(const AnswerReader &reader, std::span<const AnswerRecord> records);
/// History and neighbours of one row. Thread: the reader's.
Result<ui::ReviewDetail> readDetail(const AnswerReader &reader, std::int64_t row);

} // namespace auroraedge::app

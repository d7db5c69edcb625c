#pragma once

#include "app/storage/answer_record.h"
#include "app/storage/database.h"

#include <map>
#include <span>
#include <vector>

namespace auroraedge::app {

/// SQL of the answer table, for the writer and the readers alike.

/// REQUIRES: inside a transaction. @return the new row's id.
Result<std::int64_t> insertRow(const Database &database, const AnswerRecord &record);
/// A judgement with its reason; without a note the person's note stays. REQUIRES: inside a transaction. @return INT-01 when there
/// is no such answer.
Result<void> insertReviewRow(const Database &database, const ReviewRecord &review);
/// The same, filled up with what the person had said before. A note of somebody who never judged is no judgement.
/// @return the new row's id.
Result<std::int64_t> insertDecisionRow(const Database &database, const ReviewDecision &decision);
/// Takes back the newest judgement of @p reviewer that was not taken back yet; what stood before stands again. It is a row of
/// its own. REQUIRES: inside a transaction. @return the new row's id; 0 when there is nothing to take back.
Result<std::int64_t> insertUndoRow(const Database &database, std::int64_t answerRow, const std::string &reviewer, std::int64_t nowUtcMs);
/// All of them, newest first, of each of @p answerRows that has any; one query for all.
Result<std::map<std::int64_t, std::vector<ReviewEntry>>> selectReviewsOf(const Database &database, std::span<const std::int64_t> answerRows);
/// The same of one.
Result<std::vector<ReviewEntry>> selectReviews(const Database &database, std::int64_t answerRow);
/// Of each person the newest note, the newest person first; none that is empty now.
[[nodiscard]] std::vector<ReviewNote> notesOf(std::span<const ReviewEntry> newestFirst);
/// Sets the notes of @p records; one query for all.
Result<void> addNotes(const Database &database, std::span<AnswerRecord> records);
/// In the order of @p rows, less those that there are not; one query for all.
Result<std::vector<AnswerRecord>> selectRows(const Database &database, const std::vector<std::int64_t> &rows);
/// With the reviews that count, newest answer first; at most @p limit. Also from a database of the first schema.
Result<std::vector<AnswerRecord>> selectRecent(const Database &database, int limit);
/// Of those before @p row the ones with the verdict NG that nobody has judged, newest first.
Result<std::vector<AnswerRecord>> selectUnreviewedNgs(const Database &database, std::int64_t row, int limit);
Result<std::optional<AnswerRecord>> selectRow(const Database &database, std::int64_t row);
/// Every answer about a picture.
Result<std::vector<AnswerRecord>> selectAbout(const Database &database, const std::string &pictureSha256);
Result<std::int64_t> countRows(const Database &database);

} // namespace auroraedge::app

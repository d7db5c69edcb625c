#pragma once

#include "app/storage/answer_record.h"
#include "engine/api/result.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <vector>

namespace auroraedge::app {

class AnswerReader;
struct AnswerFilter;

/// Hands out the next rows; an empty page is the end.
using AnswerPages = std::function<Result<std::vector<AnswerRecord>>()>;
/// The rows of a filter, newest first, as they are found at the first page. @p reader outlives what is returned; thread: the reader's.
[[nodiscard]] AnswerPages pagesOf(const AnswerReader &reader, const AnswerFilter &filter, const std::stop_token &stop = {});

/// Told how many rows are done, after each page; may be empty.
using ExportProgress = std::function<void(std::int64_t rows)>;

enum class ExportFormat { Csv = 1, Jsonl };

/// Writes all rows of @p pages into the file @p place, a page in memory at a time. It is there when this returns, whole and
/// on the disk; a failure leaves nothing of its own. @return the rows; CLI-01 where @p place is there and shall not be
/// replaced, what @p pages fails with, FS-07, FS-09, FS-10, APP-01 (another program writes there), code::Cancelled.
Result<std::int64_t> exportAnswers(const AnswerPages &pages, ExportFormat format, const std::filesystem::path &place,
                                   bool replaces, const ExportProgress &progress, const std::stop_token &stop);

} // namespace auroraedge::app

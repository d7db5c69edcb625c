#pragma once

#include "app/storage/answer_record.h"
#include "engine/api/result.h"

#include <nlohmann/json_fwd.hpp>

#include <string>

namespace auroraedge::app {

// One answer as a line. Fields and their order are public (interfaces.md): they grow by addition alone.

/// The object that `ask --json` prints. @param path of the picture as the user gave it. The row is null when 0.
[[nodiscard]] nlohmann::ordered_json answerJson(const AnswerRecord &record, const std::string &path);

/// The same as a line of a batch file: nothing in it changes from run to run. Times only with @p withLatency.
[[nodiscard]] nlohmann::ordered_json batchLineJson(const AnswerRecord &record, const std::string &path, bool withLatency);
/// The record that was told by batchLineJson() with times, as text. @return INT-01 for another text.
[[nodiscard]] Result<AnswerRecord> answerRecordOf(const std::string &line);
/// Heading and line of a batch file in CSV; the same content as batchLineJson().
[[nodiscard]] std::string batchCsvHeading(bool withLatency);
[[nodiscard]] std::string batchCsvLine(const AnswerRecord &record, const std::string &path, bool withLatency);

/// answerJson() of a stored answer, with its time, the part that was asked about, its kept picture, its newest review and everybody's notes.
/// A path that is not UTF-8 is also given as hexadecimal bytes, "path_bytes".
[[nodiscard]] nlohmann::ordered_json storedAnswerJson(const AnswerRecord &record);
/// Heading and line in CSV; the same content as storedAnswerJson().
[[nodiscard]] std::string storedAnswerCsvHeading();
[[nodiscard]] std::string storedAnswerCsvLine(const AnswerRecord &record);

/// One line; bytes that are not UTF-8 become U+FFFD.
[[nodiscard]] std::string oneLine(const nlohmann::ordered_json &object);

} // namespace auroraedge::app

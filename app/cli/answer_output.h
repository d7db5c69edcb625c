#pragma once

#include "app/storage/answer_record.h"
#include "engine/api/result.h"

#include <nlohmann/json_fwd.hpp>

#include <string>

namespace auroraedge::app {

/// The object that `ask --json` prints: fields and their order are public (order as in the interface).
/// @param path of the picture as the user gave it. @param row printed as null when 0.
[[nodiscard]] nlohmann::ordered_json answerJson(const AnswerRecord &record, const std::string &path);

/// The same as a line of a batch file: nothing in it changes from run to run. Times only with @p withLatency.
[[nodiscard]] nlohmann::ordered_json batchLineJson(const AnswerRecord &record, const std::string &path,
                                                   bool withLatency);
/// Heading and line of a batch file in CSV; the same content as batchLineJson().
[[nodiscard]] std::string batchCsvHeading(bool withLatency);
[[nodiscard]] std::string batchCsvLine(const AnswerRecord &record, const std::string &path, bool withLatency);

/// {"error":{"code","message","object"}}
[[nodiscard]] nlohmann::ordered_json errorJson(const Error &error);

/// One line; bytes that are not UTF-8 become U+FFFD.
[[nodiscard]] std::string oneLine(const nlohmann::ordered_json &object);

/// "97 % sure, 35 ms (encode 12, ..., generate 8), row 123"
[[nodiscard]] std::string answerSummary(const AnswerRecord &record);

} // namespace auroraedge::app

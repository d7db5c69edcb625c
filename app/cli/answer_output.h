#pragma once

#include "app/export/answer_lines.h"
#include "engine/api/result.h"

#include <nlohmann/json_fwd.hpp>

#include <string>

namespace auroraedge::app {

/// {"error":{"code","message","object"}}
[[nodiscard]] nlohmann::ordered_json errorJson(const Error &error);

/// "97 % sure, 35 ms (encode 12, ..., generate 8), row 123"
[[nodiscard]] std::string answerSummary(const AnswerRecord &record);

} // namespace auroraedge::app

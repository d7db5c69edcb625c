#pragma once

#include "app/inspection/verdict.h"
#include "engine/api/result.h"

#include <filesystem>
#include <string>
#include <vector>

namespace auroraedge::app {

/// A question that one key asks, with the rule that judges its answer.
struct Preset
{
    std::string id;   ///< "bottle-present": stable, unique
    std::string text; ///< the question
    AnswerRule rule;  ///< without okAnswers: the answer is shown, no verdict is given
};

/// Reads {"presets":[{"id","question","ok":[..],"ng":[..],"threshold"}]}; ok, ng and threshold may be absent.
/// @return FS-12, RCP-01 (syntax), RCP-02 (unknown key), RCP-04 (value), naming the preset.
Result<std::vector<Preset>> readPresets(const std::filesystem::path &file);

/// The preset whose question is exactly @p question, or null: a typed preset question is judged like the key.
[[nodiscard]] const Preset *presetFor(const std::vector<Preset> &presets, std::string_view question);

} // namespace auroraedge::app

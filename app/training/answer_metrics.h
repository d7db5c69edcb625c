#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace auroraedge::app {

/// When an answer counts as right (model-reference 6).
enum class Metric { Exact = 1, Vqa, Choice, Number };

[[nodiscard]] std::optional<Metric> metricNamed(std::string_view name); ///< exact, vqa, choice, number

/// Exact: byte for byte. Vqa: equal after vqaNormalised(). Choice: the same option letter, or the same text but for case and
/// a full stop. Number: the first number of either, as a figure or as a word up to ten, is the same.
[[nodiscard]] bool isRight(Metric metric, const std::string &answer, const std::string &reference);

/// The normal form of VQA soft accuracy in the M4C variant: lower case, no articles, number words as figures, punctuation
/// and contractions evened out, with the published oddities.
[[nodiscard]] std::string vqaNormalised(std::string text);

} // namespace auroraedge::app

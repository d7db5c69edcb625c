#pragma once

namespace auroraedge::ui {

/// What the rule of a question made of its answer. A question without an expected answer has none (std::optional).
enum class Verdict { Ok = 1, Ng, Unsure };

} // namespace auroraedge::ui

#pragma once

#include "engine/api/error_code.h"
#include "engine/api/inspector.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace auroraedge::app {

/// What the rules made of an answer. Anything that is not surely OK or surely NG is Unsure.
enum class Verdict { Ok = 1, Ng, Unsure };

/// "OK", "NG", "UNSURE": the only spellings anywhere.
[[nodiscard]] std::string_view verdictName(Verdict verdict);
[[nodiscard]] std::optional<Verdict> verdictFromName(std::string_view name);

/// A closed list of answers and what each of them means.
struct AnswerRule
{
    std::vector<std::string> okAnswers; ///< empty: the question has no verdict
    std::vector<std::string> ngAnswers;
    double threshold = 0.8; ///< least probability for OK and NG, 0..1

    [[nodiscard]] bool hasVerdict() const { return !okAnswers.empty(); }
};

struct VerdictResult
{
    Verdict verdict = Verdict::Unsure;
    std::optional<ErrorCode> code; ///< why Unsure
};

/// The answer of a model to what it cannot tell. Without any rule its verdict is UNSURE, with ANS-01.
[[nodiscard]] bool isRefusal(const Answer &answer);

/// OK or NG when the whole answer, byte for byte, is a declared one, the model ended it itself and its probability
/// is finite and reaches the threshold. Otherwise Unsure with ANS-01 (no declared answer, or cut), ANS-02
/// (probability not finite or outside 0..1) or ANS-03 (below the threshold or what is promised, or a model that was never
/// trained). An answer declared both OK and NG is never OK.
[[nodiscard]] VerdictResult verdictOf(const Answer &answer, const AnswerRule &rule);

} // namespace auroraedge::app

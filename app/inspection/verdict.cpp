#include "app/inspection/verdict.h"

#include "engine/api/refusal.h"

#include <algorithm>

namespace auroraedge::app {
namespace {

bool contains(const std::vector<std::string> &list, const std::string &text)
{
    return std::find(list.begin(), list.end(), text) != list.end();
}

} // namespace

std::string_view verdictName(Verdict verdict)
{
    switch (verdict) {
    case Verdict::Ok: return "OK";
    case Verdict::Ng: return "NG";
    case Verdict::Unsure: return "UNSURE";
    }
    return "UNSURE"; // a value that is none of ours
}

std::optional<Verdict> verdictFromName(std::string_view name)
{
    for (const Verdict verdict : {Verdict::Ok, Verdict::Ng, Verdict::Unsure}) {
        if (verdictName(verdict) == name)
            return verdict;
    }
    return std::nullopt;
}

bool isRefusal(const Answer &answer) { return answer.text == kRefusal; }

VerdictResult verdictOf(const Answer &answer, const AnswerRule &rule)
{
    // Fail-safe: OK is only reached when nothing else was possible.
    if (answer.isUntrained)
        return {Verdict::Unsure, code::AnswerMargin};
    const bool isOk = contains(rule.okAnswers, answer.text);
    const bool isNg = contains(rule.ngAnswers, answer.text);
    if (!answer.isComplete || isOk == isNg)
        return {Verdict::Unsure, code::AnswerNotAVerdict};
    if (!(answer.probability >= 0 && answer.probability <= 1)) // also NaN
        return {Verdict::Unsure, code::AnswerNotFinite};
    if (!(answer.probability >= rule.threshold && answer.probability >= answer.promisedFrom)) // also a threshold that is NaN
        return {Verdict::Unsure, code::AnswerMargin};
    return {isOk ? Verdict::Ok : Verdict::Ng, std::nullopt};
}

} // namespace auroraedge::app

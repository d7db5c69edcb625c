#pragma once

#include "app/training/answer_metrics.h"
#include "engine/api/inspector.h"
#include "engine/api/training.h"

#include <functional>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

namespace auroraedge::app {

/// A share with its uncertainty, all 0..1.
struct Interval
{
    double low = 0, high = 1;
};

/// Wilson's 95 % interval of @p hits out of @p count; 0..1 for no count at all.
[[nodiscard]] Interval wilsonInterval(int hits, int count);

/// Answers that are counted together.
struct AnswerScore
{
    int count = 0;
    int right = 0;          ///< by the metric; usually the whole answer equals the label's
    int rightWhenBlank = 0; ///< the same questions about a grey picture of the same size
    std::map<std::string, int> labels; ///< how often each right answer occurs

    void add(const std::string &label, bool isRight, bool isRightWhenBlank);
    [[nodiscard]] double accuracy() const;
    [[nodiscard]] Interval interval() const { return wilsonInterval(right, count); }
    [[nodiscard]] double majorityShare() const; ///< what always giving the commonest answer would reach
    [[nodiscard]] double blankAccuracy() const;
};

/// How one kind of question was answered.
struct FamilyScore : AnswerScore
{
    std::map<std::string, AnswerScore> groups; ///< of each video, meter, ...; each with a commonest answer of its own

    /// Whether the groups say more than the answers one by one: there are several, and not every answer is its own.
    [[nodiscard]] bool hasGroups() const { return groups.size() > 1 && std::cmp_less(groups.size(), count); }
    /// What always giving the commonest answer of each group would reach: a video, told apart from others, may do for an answer.
    [[nodiscard]] double groupMajorityShare() const;
    /// Whether the family may be claimed: the interval's lower end is 10 points above the majority, of all and of each group,
    /// and the picture is looked at: without it at most 3 points above the majority are reached.
    [[nodiscard]] bool passesGate() const;
};

/// One answer with what the model thought of it.
struct ScoredAnswer
{
    std::string family, group;
    double probability = 0;
    bool isRight = false;
    bool isAnswerable = true; ///< there is a right answer other than a refusal
    bool isRefusal = false;   ///< the model said kRefusal
};

/// Answers kept at some threshold, and how many of those are wrong.
struct RiskPoint
{
    double coverage = 0, risk = 0;
};

/// Mean distance between what probabilities promise and how often they are right, in ten bins of equal width, weighted by
/// their size; 0 for no answers.
[[nodiscard]] double expectedCalibrationError(const std::vector<ScoredAnswer> &answers);
/// How likely a right answer has a higher probability than a wrong one; nothing when all are right or all wrong.
[[nodiscard]] std::optional<double> rightnessAuroc(const std::vector<ScoredAnswer> &answers);
/// How likely an answer to a question that has one is trusted more than an answer to one that has none; a refusal is not
/// trusted at all. Nothing when there are no questions of either kind.
[[nodiscard]] std::optional<double> answerableAuroc(const std::vector<ScoredAnswer> &answers);
/// Keeping the surest tenth, two tenths, ... all of the answers.
[[nodiscard]] std::vector<RiskPoint> riskCoverage(std::vector<ScoredAnswer> answers);

struct Evaluation
{
    std::map<std::string, FamilyScore> families;
    std::vector<ScoredAnswer> answers;
    int pictures = 0;
    std::vector<std::string> skippedPictures; ///< "path: reason"
};

struct EvaluationOptions
{
    Metric metric = Metric::Exact;
    bool isBlind = false; ///< every question about a grey picture: what the words alone give away
};

/// Asks every question of @p samples, greedily, and compares. A picture that cannot be read is skipped and named. An answer may
/// be as long as the right one, and 48 tokens in any case, 512 at most.
/// @param onPicture told how many pictures are done. @return what Inspector::ask() returns on a failure.
Result<Evaluation> evaluate(Inspector &inspector, const std::vector<TrainingSample> &samples,
                            const std::function<Result<Frame>(const std::string &)> &loadPicture,
                            const std::function<void(int)> &onPicture, std::stop_token stop,
                            const EvaluationOptions &options = {});

} // namespace auroraedge::app

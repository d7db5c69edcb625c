#include "app/training/evaluation.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <memory>
#include <tuple>

namespace auroraedge::app {
namespace {

/// Tokens that an answer may have: the right one's and a few more. A token is a byte at least; in steps, so that the answer about
/// a grey picture serves right answers of about one length.
int tokensFor(const std::string &rightAnswer)
{
    constexpr std::size_t kLeast = 48, kMost = 512, kStep = 64, kMargin = 16;
    const std::size_t wanted = std::min(rightAnswer.size(), kMost) + kMargin;
    return static_cast<int>(wanted <= kLeast ? kLeast : std::min(kMost, (wanted + kStep - 1) / kStep * kStep));
}

Frame greyFrame(int widthPx, int heightPx)
{
    const auto size = static_cast<std::size_t>(3) * static_cast<std::size_t>(widthPx)
        * static_cast<std::size_t>(heightPx);
    const auto bytes = std::make_shared<std::uint8_t[]>(size);
    std::memset(bytes.get(), 128, size);
    Frame frame;
    frame.pixels = std::shared_ptr<const std::uint8_t>(bytes, bytes.get());
    frame.widthPx = widthPx;
    frame.heightPx = heightPx;
    frame.strideBytes = std::ptrdiff_t{3} * widthPx;
    frame.source = "blank:";
    return frame;
}

Result<Answer> askFor(Inspector &inspector, const Frame &frame, const std::string &text, int maxTokens, std::stop_token stop)
{
    Question question;
    question.text = text;
    question.options.maxNewTokens = maxTokens;
    return inspector.ask(frame, question, {}, std::move(stop));
}

double share(int part, int whole) { return whole > 0 ? static_cast<double>(part) / whole : 0; }

} // namespace

Interval wilsonInterval(int hits, int count)
{
    if (count <= 0)
        return {};
    constexpr double kZ = 1.959963984540054; // 97.5 % point of the normal distribution
    const double n = count, p = share(hits, count);
    const double middle = (p + kZ * kZ / (2 * n)) / (1 + kZ * kZ / n);
    const double half = kZ * std::sqrt(p * (1 - p) / n + kZ * kZ / (4 * n * n)) / (1 + kZ * kZ / n);
    return {std::max(0.0, middle - half), std::min(1.0, middle + half)};
}

void AnswerScore::add(const std::string &label, bool isRight, bool isRightWhenBlank)
{
    ++count;
    ++labels[label];
    right += isRight ? 1 : 0;
    rightWhenBlank += isRightWhenBlank ? 1 : 0;
}

double AnswerScore::accuracy() const { return share(right, count); }

double AnswerScore::majorityShare() const
{
    int most = 0;
    for (const auto &[label, number] : labels)
        most = std::max(most, number);
    return share(most, count);
}

double AnswerScore::blankAccuracy() const { return share(rightWhenBlank, count); }

double FamilyScore::groupMajorityShare() const
{
    double right = 0;
    for (const auto &[name, group] : groups) // what is asked once in a group is not known from the rest of it
        right += group.count > 1 ? group.majorityShare() * group.count : majorityShare();
    return count > 0 ? right / count : 0;
}

bool FamilyScore::passesGate() const
{
    return interval().low >= std::max(majorityShare(), groupMajorityShare()) + 0.10 && blankAccuracy() <= majorityShare() + 0.03;
}

double expectedCalibrationError(const std::vector<ScoredAnswer> &answers)
{
    constexpr int kBins = 10;
    struct Bin
    {
        double promised = 0;
        int right = 0, count = 0;
    };
    std::array<Bin, kBins> bins{};
    for (const ScoredAnswer &answer : answers) {
        Bin &bin = bins[static_cast<std::size_t>(std::clamp(static_cast<int>(answer.probability * kBins), 0, kBins - 1))];
        bin.promised += answer.probability;
        bin.right += answer.isRight ? 1 : 0;
        ++bin.count;
    }
    double error = 0;
    for (const Bin &bin : bins)
        error += std::abs(bin.promised - bin.right); // of the sums: each bin is weighted by its size
    return answers.empty() ? 0 : error / static_cast<double>(answers.size());
}

namespace {

/// A value, and whether it should be among the high ones.
using Ranked = std::pair<double, bool>;

std::optional<double> aurocOf(std::vector<Ranked> values)
{
    std::ranges::sort(values, {}, &Ranked::first);
    double below = 0, lowBefore = 0, high = 0;
    for (std::size_t begin = 0; begin < values.size();) { // equal values together: a tie counts half
        double highHere = 0, lowHere = 0;
        std::size_t end = begin;
        for (; end < values.size() && values[end].first == values[begin].first; ++end)
            ++(values[end].second ? highHere : lowHere);
        below += highHere * (lowBefore + lowHere / 2);
        lowBefore += lowHere;
        high += highHere;
        begin = end;
    }
    return high > 0 && lowBefore > 0 ? std::optional(below / (high * lowBefore)) : std::nullopt;
}

} // namespace

std::optional<double> rightnessAuroc(const std::vector<ScoredAnswer> &answers)
{
    std::vector<Ranked> values;
    for (const ScoredAnswer &answer : answers)
        values.emplace_back(answer.probability, answer.isRight);
    return aurocOf(std::move(values));
}

std::optional<double> answerableAuroc(const std::vector<ScoredAnswer> &answers)
{
    std::vector<Ranked> values;
    for (const ScoredAnswer &answer : answers)
        values.emplace_back(answer.isRefusal ? 0 : answer.probability, answer.isAnswerable);
    return aurocOf(std::move(values));
}

std::vector<RiskPoint> riskCoverage(std::vector<ScoredAnswer> answers)
{
    std::stable_sort(answers.begin(), answers.end(), [](const ScoredAnswer &a, const ScoredAnswer &b) { return a.probability > b.probability; });
    std::vector<RiskPoint> curve;
    constexpr int kPoints = 10;
    for (int point = 1; point <= kPoints && !answers.empty(); ++point) {
        const std::size_t kept = std::max<std::size_t>(1, answers.size() * static_cast<std::size_t>(point) / kPoints);
        const auto wrong = std::count_if(answers.begin(), answers.begin() + static_cast<std::ptrdiff_t>(kept), [](const ScoredAnswer &answer) { return !answer.isRight; });
        curve.push_back({static_cast<double>(kept) / static_cast<double>(answers.size()), static_cast<double>(wrong) / static_cast<double>(kept)});
    }
    return curve;
}

Result<Evaluation> evaluate(Inspector &inspector, const std::vector<TrainingSample> &samples,
                            const std::function<Result<Frame>(const std::string &)> &loadPicture,
                            const std::function<void(int)> &onPicture, std::stop_token stop,
                            const EvaluationOptions &options)
{
    Evaluation evaluation;
    // The answers about a grey picture depend on its size, the question and the limit alone.
    std::map<std::tuple<int, int, std::string, int>, Answer> blankAnswers;
    const auto askBlank = [&](const Frame &like, const std::string &wording, int maxTokens) -> Result<Answer> {
        const auto key = std::tuple(like.widthPx, like.heightPx, wording, maxTokens);
        if (const auto known = blankAnswers.find(key); known != blankAnswers.end())
            return known->second;
        Result<Answer> answer = askFor(inspector, greyFrame(like.widthPx, like.heightPx), wording, maxTokens, stop);
        if (answer)
            blankAnswers[key] = *answer;
        return answer;
    };
    int done = 0;
    for (std::size_t i = 0; i < samples.size(); ++i) {
        const TrainingSample &sample = samples[i];
        if (stop.stop_requested())
            return failure(code::Cancelled, "stopped");
        const Result<Frame> frame = loadPicture(sample.picture);
        if (!frame) {
            evaluation.skippedPictures.push_back(sample.picture + ": " + frame.error().message);
            continue;
        }
        ++evaluation.pictures;
        for (const TrainingTurn &turn : sample.turns) {
            const std::string &wording = turn.wordings[i / 2 % turn.wordings.size()]; // drawn pictures take turns in two backgrounds
            const int maxTokens = tokensFor(turn.answer);
            const Result<Answer> blank = askBlank(*frame, wording, maxTokens);
            if (!blank)
                return failure(blank.error());
            const Result<Answer> answer = options.isBlind ? blank : askFor(inspector, *frame, wording, maxTokens, stop);
            if (!answer)
                return failure(answer.error());
            const bool hasHit = isRight(options.metric, answer->text, turn.answer);
            evaluation.answers.push_back({turn.family, sample.group, answer->probability, hasHit, turn.answer != kRefusal, answer->text == kRefusal});
            const bool hasBlankHit = isRight(options.metric, blank->text, turn.answer);
            FamilyScore &family = evaluation.families[turn.family];
            for (AnswerScore *score : {static_cast<AnswerScore *>(&family), &family.groups[sample.group]})
                score->add(turn.answer, hasHit, hasBlankHit);
        }
        if (onPicture)
            onPicture(++done);
    }
    return evaluation;
}

} // namespace auroraedge::app

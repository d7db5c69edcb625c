#include "app/training/evaluation.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <memory>
#include <tuple>

namespace auroraedge::app {
namespace {

constexpr int kMaxAnswerTokens = 48;

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

Result<std::string> askFor(Inspector &inspector, const Frame &frame, const std::string &text, std::stop_token stop)
{
    Question question;
    question.text = text;
    question.options.maxNewTokens = kMaxAnswerTokens;
    Result<Answer> answer = inspector.ask(frame, question, {}, std::move(stop));
    if (!answer)
        return failure(answer.error());
    return std::move(answer->text);
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

double FamilyScore::accuracy() const { return share(right, count); }

double FamilyScore::majorityShare() const
{
    int most = 0;
    for (const auto &[label, number] : labels)
        most = std::max(most, number);
    return share(most, count);
}

double FamilyScore::blankAccuracy() const { return share(rightWhenBlank, count); }

bool FamilyScore::passesGate() const
{
    return interval().low >= majorityShare() + 0.10 && blankAccuracy() <= majorityShare() + 0.03;
}

Result<Evaluation> evaluate(Inspector &inspector, const std::vector<TrainingSample> &samples,
                            const std::function<Result<Frame>(const std::string &)> &loadPicture,
                            const std::function<void(int)> &onPicture, std::stop_token stop)
{
    Evaluation evaluation;
    // The answers about a grey picture depend on its size and the question alone.
    std::map<std::tuple<int, int, std::string>, std::string> blankAnswers;
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
            const std::string &wording = turn.wordings[i % turn.wordings.size()];
            const Result<std::string> answer = askFor(inspector, *frame, wording, stop);
            if (!answer)
                return failure(answer.error());
            const auto key = std::tuple(frame->widthPx, frame->heightPx, wording);
            FamilyScore &score = evaluation.families[turn.family];
            ++score.count;
            ++score.labels[turn.answer];
            score.right += *answer == turn.answer ? 1 : 0;
            if (!blankAnswers.contains(key)) {
                const Result<std::string> blank
                    = askFor(inspector, greyFrame(frame->widthPx, frame->heightPx), wording, stop);
                if (!blank)
                    return failure(blank.error());
                blankAnswers[key] = *blank;
            }
            score.rightWhenBlank += blankAnswers[key] == turn.answer ? 1 : 0;
        }
        if (onPicture)
            onPicture(++done);
    }
    return evaluation;
}

} // namespace auroraedge::app

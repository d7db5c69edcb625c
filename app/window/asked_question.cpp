#include "app/window/asked_question.h"

#include "app/inspection/verdict.h"
#include "app/window/view_values.h"

#include <QDateTime>

namespace auroraedge::app {

AnswerRecord recordOf(const AskedQuestion &asked, const Result<Answer> &result, const ModelCard &card, const Preset *preset)
{
    const Frame &frame = asked.picture.frame;
    AnswerRecord record;
    record.timeUtcMs = QDateTime::currentMSecsSinceEpoch();
    record.source = frame.source;
    record.frameSequence = frame.sequence;
    record.pictureWidthPx = frame.widthPx;
    record.pictureHeightPx = frame.heightPx;
    record.roi = asked.picture.region;
    record.question = asked.question.toStdString();
    record.options = GenerationOptions(); // as the window asks
    record.modelName = card.name;
    record.modelSha256 = card.sha256;
    record.device = card.device;
    record.precision = std::string(precisionName(card.precision));
    const bool hasRule = preset && preset->rule.hasVerdict();
    if (!result) {
        record.code = std::string(result.error().code.text());
        record.message = result.error().message;
        if (hasRule)
            record.verdict = Verdict::Unsure;
        return record;
    }
    record.answer = result->text;
    record.probability = result->probability;
    record.tokens = result->tokens;
    record.latency = result->latency;
    record.latency.loadMs = card.loadMs;
    record.encoderReused = result->encoderReused;
    if (hasRule) {
        const VerdictResult verdict = verdictOf(*result, preset->rule);
        record.verdict = verdict.verdict;
        record.code = verdict.code ? std::string(verdict.code->text()) : std::string();
    } else if (isRefusal(*result)) {
        record.verdict = Verdict::Unsure;
        record.code = code::AnswerNotAVerdict.text();
    }
    return record;
}

ui::AnswerView answerViewOf(const AnswerRecord &record, const AskedQuestion &asked, const Answer &answer, const Preset *preset)
{
    ui::AnswerView view = answerViewOf(record);
    view.id = asked.id;
    view.isComplete = answer.isComplete;
    view.thumbnail = asked.thumbnail;
    if (preset && preset->rule.hasVerdict()) {
        view.reason = reasonOf(answer, preset->rule, verdictOf(answer, preset->rule));
        view.expectedAnswer = textOf(preset->rule.okAnswers.front());
    } else if (isRefusal(answer)) {
        view.reason = refusalReason();
    }
    return view;
}

ui::AnswerView failedViewOf(const AnswerRecord &record, const AskedQuestion &asked)
{
    ui::AnswerView view = answerViewOf(record);
    view.id = asked.id;
    view.thumbnail = asked.thumbnail;
    return view;
}

} // namespace auroraedge::app

#include "app/window/view_values.h"

#include <QCoreApplication>
#include <QFileInfo>

#include <algorithm>

namespace auroraedge::app {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("Station", text);
}

ui::Verdict shownVerdict(Verdict verdict)
{
    switch (verdict) {
    case Verdict::Ok: return ui::Verdict::Ok;
    case Verdict::Ng: return ui::Verdict::Ng;
    case Verdict::Unsure: break;
    }
    return ui::Verdict::Unsure;
}

ui::Fault fault(const char *topic, const Error &error, const QString &effect, const char *actionId = "",
                const QString &actionText = {})
{
    ui::Fault result;
    result.topic = QString::fromLatin1(topic);
    result.code = codeOf(error);
    result.cause = textOf(error.message);
    result.effect = effect;
    result.actionId = QString::fromLatin1(actionId);
    result.actionText = actionText;
    result.detail = textOf(error.object);
    return result;
}

} // namespace

QString textOf(std::string_view utf8)
{
    return QString::fromUtf8(utf8.data(), static_cast<qsizetype>(utf8.size()));
}

QString codeOf(const Error &error)
{
    return textOf(error.code.text());
}

ui::PresetQuestions presetQuestionsOf(const std::vector<Preset> &presets)
{
    ui::PresetQuestions questions;
    for (const Preset &preset : presets) {
        QString label = textOf(preset.id).replace(QLatin1Char('-'), QLatin1Char(' '));
        if (!label.isEmpty())
            label[0] = label[0].toUpper();
        questions.append({label, textOf(preset.text),
                          preset.rule.hasVerdict() ? textOf(preset.rule.okAnswers.front()) : QString()});
    }
    return questions;
}

ui::SourceState sourceStateOf(const CaptureState &state, const SourceAddress &address)
{
    ui::SourceState result;
    result.uri = textOf(address.shown);
    result.name = address.isSimulated ? tr("Simulated line")
        : state.source.label.empty()  ? result.uri
                                      : textOf(state.source.label);
    result.isSimulated = address.isSimulated;
    const bool isAgain = state.error.has_value();
    if (state.condition == CaptureState::Condition::Live) {
        result.condition = ui::SourceCondition::Live;
    } else if (state.condition == CaptureState::Condition::Opening && !isAgain) {
        result.condition = ui::SourceCondition::Opening;
    } else {
        result.condition = state.wasLive ? ui::SourceCondition::Lost : ui::SourceCondition::Failed;
        result.code = codeOf(*state.error);
        result.sentence = tr("%1; reconnecting (try %2)").arg(textOf(state.error->message)).arg(std::max(1, state.attempt));
    }
    return result;
}

ui::ModelState modelStateOf(const ModelStatus &status)
{
    ui::ModelState result;
    result.folder = textOf(status.folder);
    result.name = QFileInfo(result.folder).fileName();
    result.progress = status.progress;
    switch (status.condition) {
    case ModelStatus::Condition::Loading: result.condition = ui::ModelCondition::Loading; break;
    case ModelStatus::Condition::Failed:
        if (status.error->code == code::Cancelled) // the operator's own wish is no failure
            break;
        result.condition = ui::ModelCondition::Failed;
        result.sentence = textOf(status.error->message);
        result.code = codeOf(*status.error);
        break;
    case ModelStatus::Condition::Ready:
        result.condition = ui::ModelCondition::Ready;
        result.name = textOf(status.card.name);
        result.folder = textOf(status.card.folder);
        result.device = textOf(status.card.device);
        result.deviceReason = textOf(status.card.deviceReason);
        result.precision = textOf(precisionName(status.card.precision));
        result.parameters = status.card.parameters;
        result.weightBytes = status.card.weightBytes;
        result.loadMs = status.card.loadMs;
        result.sha256 = textOf(status.card.sha256);
        result.visualTokens = status.card.visualTokens;
        result.maxQuestionTokens = status.card.maxQuestionTokens;
        for (const std::string &warning : status.card.warnings)
            result.warnings.append(textOf(warning));
        break;
    }
    return result;
}

ui::AnswerView answerViewOf(const AnswerRecord &record)
{
    ui::AnswerView view;
    view.row = record.row;
    view.question = textOf(record.question);
    view.isAnswered = record.answer.has_value();
    view.answer = record.answer ? textOf(*record.answer) : textOf(record.message);
    view.probability = record.probability.value_or(0);
    if (record.verdict)
        view.verdict = shownVerdict(*record.verdict);
    view.code = textOf(record.code);
    view.reason = record.answer ? QString() : textOf(record.message);
    view.encoderReused = record.encoderReused;
    view.answerTokens = record.tokens.answer;
    view.latency = record.latency;
    view.source = textOf(record.source);
    view.model = textOf(record.modelName);
    view.answeredAt = QDateTime::fromMSecsSinceEpoch(record.timeUtcMs, Qt::UTC);
    return view;
}

QString reasonOf(const Answer &answer, const AnswerRule &rule, const VerdictResult &result)
{
    if (result.verdict == Verdict::Ok)
        return {};
    if (result.verdict == Verdict::Ng)
        return tr("expected: %1").arg(textOf(rule.okAnswers.front()));
    if (answer.isUntrained)
        return tr("the model was never trained");
    if (result.code == code::AnswerMargin)
        return tr("probability %1 is below %2")
            .arg(answer.probability, 0, 'f', 2)
            .arg(rule.threshold, 0, 'f', 2);
    if (result.code == code::AnswerNotFinite)
        return tr("the model gave no usable probability");
    if (!answer.isComplete)
        return tr("the answer was cut at the token limit");
    return tr("“%1” is not one of the declared answers").arg(textOf(answer.text));
}

ui::Fault sourceFault(const Error &error)
{
    return fault("source", error, tr("There is no live picture; nothing can be inspected."), kChooseSourceAction,
                 tr("Choose source"));
}

ui::Fault modelFault(const Error &error, bool keptOldModel)
{
    return fault("model", error,
                 keptOldModel ? tr("The model from before goes on answering.") : tr("Questions cannot be answered."),
                 kShowModelsAction, tr("Choose model"));
}

ui::Fault storeFault(const Error &error)
{
    return fault("database", error, tr("Answers are shown but not stored, and none of them counts as OK."));
}

} // namespace auroraedge::app

#include "app/window/view_values.h"

#include "app/window/told_errors.h"

#include <QCoreApplication>
#include <QFileInfo>

#include <algorithm>
#include <cmath>

namespace auroraedge::app {

namespace {

constexpr int kMostDecimals = 6; ///< of a probability

/// What the free functions here say; a translator finds it under this name.
struct Station
{
    Q_DECLARE_TR_FUNCTIONS(Station)
};

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
    result.cause = sentenceOf(error);
    result.effect = effect;
    result.actionId = QString::fromLatin1(actionId);
    result.actionText = actionText;
    result.detail = detailOf(error);
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
    result.name = address.isSimulated ? Station::tr("Simulated line")
        : state.source.label.empty()  ? result.uri
                                      : textOf(state.source.label);
    result.isSimulated = address.isSimulated;
    const bool isAgain = state.error.has_value();
    if (state.condition == CaptureState::Condition::Live) {
        result.condition = ui::SourceCondition::Live;
        result.isStill = state.isStill;
    } else if (state.condition == CaptureState::Condition::Opening && !isAgain) {
        result.condition = ui::SourceCondition::Opening;
    } else {
        result.condition = state.wasLive ? ui::SourceCondition::Lost : ui::SourceCondition::Failed;
        result.code = codeOf(*state.error);
        result.sentence = state.error->code == code::CameraLogin
            ? Station::tr("%1; it is not tried again by itself, so that the camera does not lock the login").arg(sentenceOf(*state.error))
            : Station::tr("%1; reconnecting (try %2)").arg(sentenceOf(*state.error)).arg(std::max(1, state.attempt));
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
    case ModelStatus::Condition::Unloaded: break;
    case ModelStatus::Condition::Failed:
        if (status.error->code == code::Cancelled) // the operator's own wish is no failure
            break;
        result.condition = ui::ModelCondition::Failed;
        result.sentence = sentenceOf(*status.error);
        result.code = codeOf(*status.error);
        break;
    case ModelStatus::Condition::Ready:
        result.condition = ui::ModelCondition::Ready;
        result.name = textOf(status.card.name);
        result.folder = textOf(status.card.folder);
        result.device = textOf(status.card.device);
        result.deviceReason = wordsOf(status.card.deviceReason);
        result.precision = textOf(precisionName(status.card.precision));
        result.parameters = status.card.parameters;
        result.weightBytes = status.card.weightBytes;
        result.loadMs = status.card.loadMs;
        result.sha256 = textOf(status.card.sha256);
        result.visualTokens = status.card.visualTokens;
        result.maxQuestionTokens = status.card.maxQuestionTokens;
        for (const std::string &warning : status.card.warnings)
            result.warnings.append(wordsOf(warning));
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
    view.reason = sentenceOf(record.code, record.message);
    view.answer = record.answer ? textOf(*record.answer) : view.reason;
    view.probability = record.probability.value_or(0);
    if (record.verdict)
        view.verdict = shownVerdict(*record.verdict);
    view.code = textOf(record.code);
    view.encoderReused = record.encoderReused;
    view.answerTokens = record.tokens.answer;
    view.latency = record.latency;
    view.source = textOf(record.source);
    view.model = textOf(record.modelName);
    view.answeredAt = QDateTime::fromMSecsSinceEpoch(record.timeUtcMs, Qt::UTC);
    if (record.roi)
        view.region = regionOf(*record.roi, record.pictureWidthPx, record.pictureHeightPx);
    if (record.review)
        view.review = reviewOf(*record.review);
    return view;
}

ui::ShiftCounters shiftCountersOf(const AnswerCounts &counts)
{
    ui::ShiftCounters shown;
    if (counts.sinceUtcMs)
        shown.since = QDateTime::fromMSecsSinceEpoch(*counts.sinceUtcMs, Qt::UTC);
    shown.total = counts.total;
    shown.ok = counts.ok;
    shown.ng = counts.ng;
    shown.unsure = counts.unsure;
    shown.failed = counts.failed;
    shown.lastHour = static_cast<int>(counts.lastHour);
    return shown;
}

ui::Review reviewOf(const ReviewRecord &record)
{
    return {shownVerdict(record.verdict), textOf(record.reason), textOf(record.reviewer),
            QDateTime::fromMSecsSinceEpoch(record.timeUtcMs, Qt::UTC)};
}

Verdict verdictOf(ui::Verdict verdict)
{
    switch (verdict) {
    case ui::Verdict::Ok: return Verdict::Ok;
    case ui::Verdict::Ng: return Verdict::Ng;
    case ui::Verdict::Unsure: break;
    }
    return Verdict::Unsure;
}

std::optional<PixelBox> pixelBoxOf(const QRectF &region, int widthPx, int heightPx)
{
    const auto pixel = [](double share, int length) { return static_cast<int>(std::lround(std::clamp(share, 0.0, 1.0) * length)); };
    const int left = pixel(region.left(), widthPx), right = pixel(region.right(), widthPx);
    const int top = pixel(region.top(), heightPx), bottom = pixel(region.bottom(), heightPx);
    const PixelBox box{left, top, right - left, bottom - top};
    if (region.isNull() || box == PixelBox{0, 0, widthPx, heightPx})
        return std::nullopt;
    return box;
}

QRectF regionOf(const PixelBox &box, int widthPx, int heightPx)
{
    return {double(box.x) / widthPx, double(box.y) / heightPx, double(box.width) / widthPx, double(box.height) / heightPx};
}

QString refusalReason() { return Station::tr("the model cannot tell"); }

QString reasonOf(const Answer &answer, const AnswerRule &rule, const VerdictResult &result)
{
    if (result.verdict == Verdict::Ok)
        return {};
    if (result.verdict == Verdict::Ng)
        return Station::tr("expected: %1").arg(textOf(rule.okAnswers.front()));
    if (answer.isUntrained)
        return Station::tr("the model was never trained");
    if (result.code == code::AnswerMargin && answer.promisedFrom > 1)
        return Station::tr("this model promises nothing here");
    if (result.code == code::AnswerMargin) {
        const double least = std::max(rule.threshold, answer.promisedFrom);
        const auto text = [](double probability, int decimals) { return QString::number(probability, 'f', decimals); };
        int decimals = 2; // more where it takes them to see that it is below
        while (decimals < kMostDecimals && text(answer.probability, decimals) == text(least, decimals))
            ++decimals;
        return Station::tr("probability %1 is below %2").arg(text(answer.probability, decimals), text(least, decimals));
    }
    if (result.code == code::AnswerNotFinite)
        return Station::tr("the model gave no usable probability");
    if (!answer.isComplete)
        return Station::tr("the answer was cut at the token limit");
    return Station::tr("“%1” is not one of the declared answers").arg(textOf(answer.text));
}

ui::Fault sourceFault(const Error &error)
{
    return fault("source", error,
                 error.code == code::CameraLogin
                     ? Station::tr("There is no live picture. Mend the login of the source, or choose it again to try once more.")
                     : Station::tr("There is no live picture; nothing can be inspected."),
                 kChooseSourceAction, Station::tr("Choose source"));
}

ui::Fault leftOutFault(const plugins::LeftOut &leftOut)
{
    const Error &first = *leftOut.first;
    ui::Fault told = fault("left-out", first,
                           Station::tr("Pictures that are left out of the folder: %1. The first of them is %2.")
                               .arg(leftOut.pictures).arg(QFileInfo(textOf(first.object)).fileName()));
    told.severity = ui::Fault::Severity::Warning;
    return told;
}

ui::Fault modelFault(const Error &error, bool keptOldModel)
{
    return fault("model", error,
                 keptOldModel ? Station::tr("The model from before goes on answering.") : Station::tr("Questions cannot be answered."),
                 kShowModelsAction, Station::tr("Choose model"));
}

ui::Fault storeFault(const Error &error)
{
    ui::Fault told = fault("database", error, Station::tr("Answers are shown but not stored, and none of them counts as OK."));
    told.isLatched = true;
    return told;
}

ui::Fault storeWorksAgain(const Error &error, int lostAnswers)
{
    ui::Fault told = storeFault(error);
    told.effect = lostAnswers > 0 ? Station::tr("Storing works again. Answers that are in no row: %1.").arg(lostAnswers)
                                  : Station::tr("Storing works again.");
    told.severity = ui::Fault::Severity::Warning;
    return told;
}

ui::Fault slowDiskFault()
{
    ui::Fault told = fault("slow-disk", {code::DatabaseLocked, {}, {}}, Station::tr("No verdict is shown before its answer is stored."));
    told.severity = ui::Fault::Severity::Warning;
    told.cause = Station::tr("The disk is slow: an answer has been waiting for more than 2 s.");
    told.detail.clear();
    return told;
}

ui::Fault roomFault(const DiskRoom &room)
{
    const std::string least = sizeText(diskReserve(room.diskBytes));
    ui::Fault told = fault("room", {code::DiskTooFull, {}, {}},
                           Station::tr("Below %1 no picture is saved any more, and no answer counts as OK.").arg(textOf(least)));
    told.severity = ui::Fault::Severity::Warning;
    told.cause = Station::tr("The disk is nearly full: %1 are left. Make room soon.").arg(textOf(sizeText(room.freeBytes)));
    told.detail.clear();
    return told;
}

ui::Fault sizeFault(const Error &error)
{
    ui::Fault told = fault("picture-size", error, Station::tr("Questions get no answer until the new size is accepted."),
                           kAcceptSizeAction, Station::tr("Accept new size"));
    told.severity = ui::Fault::Severity::Warning;
    told.isStanding = true; // the only way to accept it
    return told;
}

ui::Fault sourceListFault(const Error &error)
{
    return fault("sources", error, Station::tr("Saved cameras, their logins or settings may be missing."));
}

ui::Fault ownListFault(const Error &error)
{
    const QString name = QFileInfo(textOf(error.object)).fileName();
    ui::Fault told = fault(error.object.c_str(), error, Station::tr("What ships with the program is used in its place."));
    told.severity = ui::Fault::Severity::Warning;
    told.cause = Station::tr("%1: %2").arg(name, sentenceOf(error));
    return told;
}

ui::Fault reviewFault(const Error &error)
{
    return fault("review", error, Station::tr("The judgement was not stored. Give it again."));
}

ui::Fault countersFault(const Error &error)
{
    return fault("counters", error, Station::tr("The counters were not reset."));
}

} // namespace auroraedge::app

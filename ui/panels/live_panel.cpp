#include "ui/panels/live_panel.h"

#include "ui/theme/theme.h"
#include "ui/widgets/ask_bar.h"
#include "ui/widgets/fault_bar.h"
#include "ui/widgets/latency_card.h"
#include "ui/widgets/picture_view.h"
#include "ui/widgets/preset_bar.h"
#include "ui/widgets/recent_strip.h"
#include "ui/widgets/result_card.h"

#include <QGridLayout>
#include <QKeyEvent>
#include <QVBoxLayout>

namespace auroraedge::ui {

namespace {
/// Height of the page below which what is good to have makes room, one after the other.
constexpr int kRoomForLegendPx = 632, kRoomForTimesPx = 548, kRoomForRecentPx = 472;
}

LivePanel::LivePanel(const Theme &theme, QWidget *parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("livePanel"));
    // In the order of the work, which is the way that Tab goes: picture, questions, result, history.
    m_faults = new FaultBar(theme, this);
    m_picture = new PictureView(theme, this);
    m_presetBar = new PresetBar(theme, this);
    m_askBar = new AskBar(theme, this);
    m_result = new ResultCard(theme, this);
    m_latency = new LatencyCard(theme, this);
    m_recent = new RecentStrip(theme, this);

    auto *left = new QVBoxLayout;
    left->setSpacing(space::kM);
    left->addWidget(m_picture, 1);
    left->addWidget(m_presetBar);
    left->addWidget(m_askBar);
    auto *right = new QVBoxLayout;
    right->setSpacing(space::kM);
    right->addWidget(m_result, 1);
    right->addWidget(m_latency);
    auto *grid = new QGridLayout(this);
    grid->setContentsMargins(space::kL, space::kL, space::kL, space::kS);
    grid->setHorizontalSpacing(space::kL);
    grid->setVerticalSpacing(space::kM);
    grid->addWidget(m_faults, 0, 0, 1, 2);
    grid->addLayout(left, 1, 0);
    grid->addLayout(right, 1, 1);
    grid->addWidget(m_recent, 2, 0, 1, 2);
    grid->setRowStretch(1, 1);
    grid->setColumnStretch(0, 19);
    grid->setColumnStretch(1, 10);

    connect(m_picture, &PictureView::chooseSourceRequested, this, &LivePanel::sourceChooserRequested);
    connect(m_presetBar, &PresetBar::chosen, this, &LivePanel::askPreset);
    connect(m_askBar, &AskBar::askPressed, this, &LivePanel::ask);
    connect(m_askBar, &AskBar::freezePressed, this, [this] { setFrozen(!isFrozen()); });
    connect(m_askBar, &AskBar::escapePressed, this, [this] { handleKey(Qt::Key_Escape); });
    connect(m_result, &ResultCard::cancelPressed, this, &LivePanel::cancel);
    connect(m_faults, &FaultBar::changed, this, &LivePanel::fitToRoom);
    connect(m_faults, &FaultBar::actionChosen, this, &LivePanel::faultActionChosen);
    connect(m_recent, &RecentStrip::chosen, this, [this](const AnswerView &answer) {
        if (m_activity == Activity::Idle) {
            m_result->showEarlier(answer);
            m_latency->showLatencies(answer.latency, answer.encoderReused, answer.answerTokens);
        }
        Q_EMIT recentChosen(answer);
    });
    updateAvailability();
}

LivePanel::~LivePanel() = default;

bool LivePanel::isFrozen() const
{
    return m_picture->isFrozen();
}

std::optional<std::chrono::milliseconds> LivePanel::frameAge() const
{
    return m_picture->age();
}

void LivePanel::showFrame(const QImage &picture, const FrameStatus &status)
{
    const bool wasEmpty = m_picture->picture().isNull();
    m_picture->setPicture(picture, status);
    m_result->setOnScreen(m_picture->status().sequence == m_last.frameSequence);
    if (wasEmpty)
        updateAvailability();
}

void LivePanel::setSourceState(const SourceState &state)
{
    if (state.uri != m_source.uri) { // nothing of another source, picture or verdict, may be taken for this one's
        setFrozen(false);
        m_picture->clearPicture();
        if (m_activity == Activity::Idle) {
            m_result->clear();
            m_latency->clear();
        }
    }
    m_source = state;
    m_picture->setSourceState(state);
    updateAvailability();
}

void LivePanel::setModelState(const ModelState &state)
{
    m_model = state;
    updateAvailability();
}

void LivePanel::setPresets(const PresetQuestions &presets)
{
    m_presets = presets;
    m_presetBar->setPresets(presets);
    updateAvailability();
}

void LivePanel::answerStarted(qint64 id, const QString &, const QImage &thumbnail)
{
    m_askId = id;
    m_result->setThumbnail(thumbnail);
}

void LivePanel::answerPhase(qint64 id, Stage stage)
{
    if (m_activity == Activity::Busy && id == m_askId)
        m_result->setPhase(stage);
}

void LivePanel::answerText(qint64 id, const QString &piece)
{
    if (m_activity == Activity::Busy && id == m_askId)
        m_result->append(piece);
}

void LivePanel::answerFinished(const AnswerView &answer)
{
    m_recent->answers().prepend(answer);
    if (m_activity != Activity::Busy || answer.id != m_askId)
        return;
    m_result->finish(answer);
    m_latency->showLatencies(answer.latency, answer.encoderReused, answer.answerTokens);
    setActivity(Activity::Idle);
}

void LivePanel::answerFailed(qint64 id, const QString &code, const QString &sentence, const QString &detail)
{
    if (m_activity != Activity::Busy || (id != 0 && id != m_askId))
        return;
    m_result->fail(code, sentence, detail);
    m_latency->clear();
    setActivity(Activity::Idle);
}

void LivePanel::setRecent(const AnswerViews &newestFirst)
{
    m_recent->answers().setAnswers(newestFirst);
}

void LivePanel::raiseFault(const Fault &fault)
{
    m_faults->raise(fault);
}

void LivePanel::clearFault(const QString &topic)
{
    m_faults->clear(topic);
}

void LivePanel::ask()
{
    if (!m_askBar->question().isEmpty())
        request(m_askBar->question(), -1);
    else if (!m_last.question.isEmpty())
        request(m_last.question, m_last.presetIndex);
    else if (obstacle().isEmpty()) {
        m_askBar->showHint(tr("Type a question first."));
        m_askBar->focusField();
    }
}

void LivePanel::askPreset(int index)
{
    if (index >= 0 && index < m_presets.size())
        request(m_presets.at(index).question, index);
}

void LivePanel::request(const QString &question, int presetIndex)
{
    if (m_activity == Activity::Busy || !obstacle().isEmpty())
        return;
    m_last = {question, presetIndex, m_picture->status().sequence};
    m_askId = 0;
    if (presetIndex < 0)
        m_askBar->remember(question);
    m_askBar->setRepeatable(question);
    m_result->start(question, m_picture->picture());
    m_latency->clear();
    setActivity(Activity::Busy);
    Q_EMIT askRequested(m_last);
}

void LivePanel::cancel()
{
    if (m_activity != Activity::Busy)
        return;
    m_result->setCancelling();
    Q_EMIT cancelRequested();
}

void LivePanel::setFrozen(bool isFrozen)
{
    if (isFrozen == m_picture->isFrozen() || (isFrozen && m_picture->picture().isNull()))
        return;
    m_picture->setFrozen(isFrozen);
    m_askBar->setFrozen(isFrozen);
    updateAvailability();
    Q_EMIT freezeToggled(isFrozen);
}

bool LivePanel::handleKey(int key)
{
    if (key >= Qt::Key_F1 && key < Qt::Key_F1 + PresetBar::kMaxPresets) {
        askPreset(key - Qt::Key_F1);
        return true;
    }
    switch (key) {
    case Qt::Key_Escape:
        if (m_activity == Activity::Busy)
            cancel();
        else
            m_picture->setFocus(Qt::ShortcutFocusReason);
        return true;
    case Qt::Key_Space: ask(); return true;
    case Qt::Key_F: setFrozen(!isFrozen()); return true;
    case Qt::Key_Slash: m_askBar->focusField(); return true;
    case Qt::Key_Home: m_picture->zoomToFit(); return true;
    case Qt::Key_End: m_picture->zoomToPixels(); return true;
    default: return false;
    }
}

void LivePanel::keyPressEvent(QKeyEvent *event)
{
    // Keys that a field or a focused button wants never come here.
    if (event->isAutoRepeat() || (event->modifiers() & ~Qt::KeypadModifier & ~Qt::ShiftModifier) || !handleKey(event->key()))
        QWidget::keyPressEvent(event);
}

void LivePanel::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    m_picture->setFocus(Qt::OtherFocusReason); // so that Space asks from the first moment
}

void LivePanel::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    fitToRoom();
}

void LivePanel::fitToRoom()
{
    const int room = height() - (m_faults->hasFault() ? m_faults->sizeHint().height() + space::kM : 0);
    m_latency->setCompact(room < kRoomForLegendPx);
    m_latency->setVisible(room >= kRoomForTimesPx);
    m_recent->setVisible(room >= kRoomForRecentPx);
}

void LivePanel::setActivity(Activity activity)
{
    m_activity = activity;
    m_askBar->setBusy(activity == Activity::Busy);
    updateAvailability();
    Q_EMIT activityChanged(activity);
}

void LivePanel::updateAvailability()
{
    const QString why = obstacle();
    m_askBar->setObstacle(why);
    m_askBar->setCanFreeze(!m_picture->picture().isNull());
    m_presetBar->setObstacle(!why.isEmpty() ? why : m_activity == Activity::Busy ? tr("A question is being answered.") : QString());
}

QString LivePanel::obstacle() const
{
    switch (m_model.condition) {
    case ModelCondition::NotLoaded: return tr("No model is loaded: open the Models page.");
    case ModelCondition::Loading: return tr("The model is loading. The picture can be watched meanwhile.");
    case ModelCondition::Failed: return tr("The model could not be loaded: open the Models page.");
    case ModelCondition::Ready: break;
    }
    if (m_picture->picture().isNull())
        return m_source.condition == SourceCondition::NotChosen ? tr("Choose a picture source first.") : tr("There is no picture to ask about yet.");
    if (m_picture->isFrozen())
        return {};
    if (m_source.condition == SourceCondition::Lost || m_source.condition == SourceCondition::Failed)
        return tr("The source gives no picture; an old one gets no answer.");
    return {};
}

} // namespace auroraedge::ui

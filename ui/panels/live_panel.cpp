#include "ui/panels/live_panel.h"

#include "ui/theme/theme.h"
#include "ui/widgets/ask_bar.h"
#include "ui/widgets/fault_bar.h"
#include "ui/widgets/focused_button.h"
#include "ui/widgets/latency_card.h"
#include "ui/widgets/picture_view.h"
#include "ui/widgets/preset_bar.h"
#include "ui/widgets/recent_strip.h"
#include "ui/widgets/region_bar.h"
#include "ui/widgets/result_card.h"
#include "ui/widgets/review_bar.h"
#include "ui/widgets/shift_card.h"
#include "ui/widgets/stored_picture.h"
#include "ui/widgets/trigger_bar.h"

#include <QApplication>
#include <QGridLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace auroraedge::ui {

namespace {

/// Height of the page below which what is good to have makes room, one after the other.
constexpr int kRoomForLegendPx = 860, kRoomForShiftPx = 640, kRoomForTimesPx = 500, kRoomForRecentPx = 472, kRoomForHintPx = 350;

/// A verdict is read from two metres: its field takes this share of the window, and the picture what is left.
constexpr double kFieldShare = 0.252;
constexpr int kLeastFieldPx = 320; ///< width
constexpr double kMostFieldShare = 0.55; ///< of the width of the page

bool isTyping()
{
    return qobject_cast<QLineEdit *>(QApplication::focusWidget()) != nullptr;
}

} // namespace

LivePanel::LivePanel(const Theme &theme, QWidget *parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("livePanel"));
    // In the order of the work, which is the way that Tab goes: picture, questions, result, history.
    m_faults = new FaultBar(theme, this);
    m_picture = new PictureView(theme, this);
    m_storedPicture = new StoredPicture(theme, this);
    m_presetBar = new PresetBar(theme, this);
    m_regionBar = new RegionBar(this);
    m_triggerBar = new TriggerBar(theme, this);
    m_askBar = new AskBar(theme, this);
    m_newest = new QWidget(this);
    m_result = new ResultCard(theme, {}, m_newest);
    m_latency = new LatencyCard(theme, m_newest);
    m_latency->setObjectName(QStringLiteral("latencyCard"));
    m_shift = new ShiftCard(theme, m_newest);
    m_earlier = new QWidget(this);
    m_storedResult = new ResultCard(theme, QStringLiteral("stored."), m_earlier);
    m_storedLatency = new LatencyCard(theme, m_earlier);
    m_storedLatency->setObjectName(QStringLiteral("stored.latencyCard"));
    m_recent = new RecentStrip(theme, this);
    m_moreWaiting = new QPushButton(this);
    m_moreWaiting->setObjectName(QStringLiteral("moreWaiting"));
    m_moreWaiting->setFocusPolicy(Qt::TabFocus);
    m_moreWaiting->setAutoDefault(false);
    m_moreWaiting->hide();
    m_storedPicture->hide();
    m_earlier->hide();
    setLayout(makeLayout());
    connectParts();
    updateBand();
    updateAvailability();
}

QLayout *LivePanel::makeLayout()
{
    const auto column = [](QWidget *owner, std::initializer_list<QWidget *> parts) {
        auto *made = new QVBoxLayout(owner);
        made->setContentsMargins({});
        made->setSpacing(space::kS);
        for (QWidget *part : parts)
            made->addWidget(part, part == *parts.begin() ? 1 : 0);
    };
    column(m_newest, {m_result, m_latency, m_shift});
    column(m_earlier, {m_storedResult, m_storedLatency});
    auto *left = new QVBoxLayout;
    left->setSpacing(space::kM);
    left->addWidget(m_picture, 1);
    left->addWidget(m_storedPicture, 1);
    left->addWidget(m_presetBar);
    left->addWidget(m_regionBar);
    left->addWidget(m_triggerBar);
    left->addWidget(m_askBar);
    auto *middle = new QHBoxLayout;
    middle->setSpacing(space::kL);
    middle->addLayout(left, 1);
    middle->addWidget(m_newest);
    middle->addWidget(m_earlier);
    auto *page = new QVBoxLayout;
    page->setContentsMargins(space::kL, space::kL, space::kL, space::kS);
    page->setSpacing(space::kM);
    page->addWidget(m_faults);
    page->addLayout(middle, 1);
    auto *history = new QHBoxLayout;
    history->setSpacing(space::kM);
    history->addWidget(m_recent, 1);
    history->addWidget(m_moreWaiting);
    page->addLayout(history);
    return page;
}

void LivePanel::connectParts()
{
    connect(m_picture, &PictureView::chooseSourceRequested, this, &LivePanel::sourceChooserRequested);
    connect(m_picture, &PictureView::regionChanged, this, [this](const QRectF &region) {
        updateBand();
        if (region != m_last.region) // the picture marks another part than the verdict is about
            m_result->leaveScreen();
        Q_EMIT regionChanged(region);
    });
    connect(m_picture, &PictureView::drawingChanged, this, &LivePanel::updateBand);
    connect(m_regionBar, &RegionBar::acceptPressed, m_picture, &PictureView::acceptRegion);
    connect(m_regionBar, &RegionBar::wholePressed, m_picture, &PictureView::clearRegion);
    connect(m_regionBar, &RegionBar::leavePressed, m_picture, &PictureView::leaveRegion);
    connect(m_triggerBar, &TriggerBar::chosen, this, [this](const TriggerSettings &settings) {
        m_faults->clear(QStringLiteral("trigger"));
        Q_EMIT triggerChosen(settings);
    });
    connect(m_presetBar, &PresetBar::chosen, this, &LivePanel::askPreset);

    connect(m_askBar, &AskBar::askPressed, this, &LivePanel::ask);
    connect(m_askBar, &AskBar::freezePressed, this, [this] { setFrozen(!isFrozen()); });
    connect(m_askBar, &AskBar::regionPressed, this, &LivePanel::toggleRegion);
    connect(m_askBar, &AskBar::triggerPressed, this, &LivePanel::toggleTrigger);
    connect(m_askBar, &AskBar::escapePressed, this, &LivePanel::goBack);

    connect(m_result, &ResultCard::cancelPressed, this, &LivePanel::cancel);
    for (ResultCard *card : {m_result, m_storedResult}) {
        connect(card, &ResultCard::reviewGiven, this, [this](qint64 row, Verdict verdict, const QString &reason) {
            focusPicture(); // the button that was pressed is gone
            m_reviewsBeingStored.insert(row);
            m_lastJudged = {row, {}};
            for (ResultCard *shown : {m_result, m_storedResult})
                shown->holdReview(row);
            Q_EMIT reviewGiven(row, verdict, reason);
        });
        connect(&card->review(), &ReviewBar::stateChanged, this, &LivePanel::updateKeys);
    }
    connect(m_shift, &ShiftCard::resetChosen, this, &LivePanel::countersResetRequested);
    connect(m_faults, &FaultBar::changed, this, &LivePanel::fitToRoom);
    connect(m_faults, &FaultBar::changed, this, &LivePanel::faultsChanged);
    connect(m_faults, &FaultBar::actionChosen, this, &LivePanel::faultActionChosen);

    connect(m_recent, &RecentStrip::chosen, this, [this](const AnswerView &answer) {
        openStored(answer);
        Q_EMIT recentChosen(answer);
    });
    connect(&m_recent->answers(), &RecentModel::leftOutChanged, this, [this] {
        const int count = m_recent->answers().leftOut();
        m_moreWaiting->setText(tr("+%1 more\nin Review").arg(count));
        m_moreWaiting->setVisible(count > 0 && m_recent->isVisibleTo(this));
    });
    connect(m_moreWaiting, &QPushButton::clicked, this, &LivePanel::waitingWanted);
    connect(m_storedPicture, &StoredPicture::newerPressed, this, [this] { stepStored(-1); });
    connect(m_storedPicture, &StoredPicture::olderPressed, this, [this] { stepStored(1); });
    connect(m_storedPicture, &StoredPicture::closePressed, this, &LivePanel::closeStored);
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
    m_picture->showFrame(picture, status);
    m_storedPicture->setLivePicture(m_picture->picture());
    const FrameStatus &shown = m_picture->status(); // a frozen picture stays
    if (!shown.showsAsked && shown.sequence != m_last.frameSequence)
        m_result->leaveScreen();
    if (wasEmpty)
        updateAvailability();
}

void LivePanel::setSourceState(const SourceState &state)
{
    if (state.uri != m_source.uri) { // nothing of another source, picture or verdict, may be taken for this one's
        setFrozen(false);
        closeStored();
        m_picture->clearPicture();
        m_storedPicture->setLivePicture({});
        if (m_activity == Activity::Idle) {
            m_result->clear();
            m_latency->clear();
        }
        m_isOfOtherSource = m_activity == Activity::Busy;
    }
    m_source = state;
    m_picture->setSourceState(state);
    updateScene();
    updateAvailability();
}

void LivePanel::setModelState(const ModelState &state)
{
    m_model = state;
    updateAvailability();
}

void LivePanel::setPresets(const PresetQuestions &presets)
{
    TriggerSettings trigger = m_trigger.settings;
    const bool hasRun = trigger.kind != TriggerKind::Off;
    const QString triggered = m_presets.value(trigger.presetIndex).question;
    m_presets = presets;
    if (m_presets.value(trigger.presetIndex).question != triggered) { // it asks what it was set to, or nothing
        trigger.kind = TriggerKind::Off;
        trigger.presetIndex = 0;
    }
    if (trigger != m_trigger.settings)
        Q_EMIT triggerChosen(trigger);
    if (hasRun && trigger.kind == TriggerKind::Off)
        m_faults->raise({Fault::Severity::Warning, QStringLiteral("trigger"), {},
                         tr("The trigger was switched off: its question is not among the presets any more."),
                         tr("Nothing is asked without a person until a trigger is chosen again."), {}, {}, {}});
    m_presetBar->setPresets(presets);
    m_triggerBar->setPresets(presets);
    updateBand();
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

void LivePanel::answerStoring(qint64 id)
{
    if (m_activity != Activity::Busy || id != m_askId)
        return;
    m_isStoring = true;
    if (m_result->cancelHasFocus())
        focusPicture();
    m_result->setStoring();
}

void LivePanel::answerFinished(const AnswerView &answer)
{
    m_recent->answers().add(answer);
    updateNeighbours();
    if (m_activity != Activity::Busy || answer.id != m_askId)
        return;
    if (m_isOfOtherSource) { // it is in the strip, and beside no picture of this source
        m_result->clear();
        m_latency->clear();
    } else {
        m_result->finish(answer);
        m_latency->showLatencies(answer.latency, answer.encoderReused, answer.answerTokens);
    }
    setActivity(Activity::Idle);
}

void LivePanel::answerFailed(qint64 id, const QString &code, const QString &sentence, const QString &detail)
{
    if (m_activity != Activity::Busy || (id != 0 && id != m_askId))
        return;
    if (m_result->cancelHasFocus())
        focusPicture();
    m_result->fail(code, sentence, detail);
    m_latency->clear();
    setActivity(Activity::Idle);
}

void LivePanel::setRecent(const AnswerViews &newestFirst)
{
    m_recent->answers().setAnswers(newestFirst);
    updateNeighbours();
}

bool LivePanel::askByTrigger(int presetIndex)
{
    const bool isJudging = m_result->review().state() == ReviewBar::State::Choosing; // a reason is not taken away half chosen
    if (m_activity == Activity::Busy || isJudging || presetIndex < 0 || presetIndex >= m_presets.size() || !obstacle().isEmpty())
        return false;
    request(m_presets.at(presetIndex).question, presetIndex, Asker::Trigger);
    return true;
}

void LivePanel::setReview(qint64 row, const Review &review)
{
    if (m_reviewsBeingStored.remove(row) && row == m_lastJudged.row)
        m_lastJudged.reviewer = review.reviewer;
    if (row == m_undone.row)
        m_undone = {};
    m_recent->answers().setReview(row, review);
    m_result->setReview(row, review);
    m_storedResult->setReview(row, review);
    if (row != 0 && row == m_stored.row)
        m_stored.review = review;
    updateNeighbours();
}

void LivePanel::withdrawReview(qint64 row)
{
    m_reviewsBeingStored.remove(row);
    if (row == m_undone.row)
        m_undone = {};
    m_recent->answers().withdrawReview(row);
    m_result->withdrawReview(row);
    m_storedResult->withdrawReview(row);
    if (row != 0 && row == m_stored.row)
        m_stored.review.reset();
    updateNeighbours();
}

void LivePanel::reviewFailed(qint64 row)
{
    m_reviewsBeingStored.remove(row);
    if (row == m_lastJudged.row)
        m_lastJudged = {};
    m_result->offerReviewAgain(row);
    m_storedResult->offerReviewAgain(row);
}

void LivePanel::undoFailed(qint64 row)
{
    if (row != m_undone.row)
        return;
    if (m_lastJudged.row == 0)
        m_lastJudged = m_undone;
    m_undone = {};
}

void LivePanel::showStoredPicture(qint64 row, const QImage &picture)
{
    if (isStoredOpen() && row == m_stored.row)
        m_storedPicture->showPicture(picture);
}

void LivePanel::setShiftCounters(const ShiftCounters &counters)
{
    m_shift->setCounters(counters);
}

void LivePanel::setTriggerState(const TriggerState &state)
{
    m_trigger = state;
    m_triggerBar->setState(state);
    m_picture->setTriggerText(TriggerBar::statusText(state));
    updateBand();
}

bool LivePanel::hasAlarm() const
{
    return m_faults->hasAlarm();
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
    if (m_askBar->isTooLong()) // which stands below the field
        return;
    if (!m_askBar->question().isEmpty())
        request(m_askBar->question(), -1, Asker::Person);
    else if (!m_repeat.question.isEmpty())
        request(m_repeat.question, m_repeat.presetIndex, Asker::Person);
    else if (obstacle().isEmpty()) {
        m_askBar->showHint(tr("Type a question first."));
        m_askBar->focusField();
    }
}

void LivePanel::askPreset(int index)
{
    if (index >= 0 && index < m_presets.size())
        request(m_presets.at(index).question, index, Asker::Person);
}

void LivePanel::request(const QString &question, int presetIndex, Asker asker)
{
    if (m_activity == Activity::Busy || !obstacle().isEmpty())
        return;
    if (asker == Asker::Person) {
        m_picture->acceptRegion(); // what is asked about is what is shown
        closeStored();             // and that is the live picture
    }
    if (m_result->review().isAncestorOf(QApplication::focusWidget()))
        focusPicture();
    m_last = {question, presetIndex, m_picture->status().sequence, m_picture->region()};
    m_askId = 0;
    m_isStoring = false;
    m_isOfOtherSource = false;
    if (asker == Asker::Person) {
        m_repeat = m_last;
        if (presetIndex < 0)
            m_askBar->remember(question);
        m_askBar->setRepeatable(question);
    }
    m_result->start(question, m_picture->picture(), m_picture->region());
    m_latency->clear();
    setActivity(Activity::Busy);
    Q_EMIT askRequested(m_last);
}

void LivePanel::cancel()
{
    if (m_activity != Activity::Busy || m_isStoring)
        return;
    if (m_result->cancelHasFocus())
        focusPicture();
    m_result->setCancelling();
    Q_EMIT cancelRequested();
}

void LivePanel::setFrozen(bool isFrozen)
{
    if (isFrozen == m_picture->isFrozen() || (isFrozen && m_picture->picture().isNull()))
        return;
    m_picture->setFrozen(isFrozen);
    m_askBar->setFrozen(isFrozen);
    updateScene();
    updateAvailability();
    Q_EMIT freezeToggled(isFrozen);
}

void LivePanel::toggleRegion()
{
    if (m_picture->isDrawingRegion()) {
        m_picture->leaveRegion();
        return;
    }
    closeStored();
    m_picture->drawRegion();
    m_picture->setFocus(Qt::ShortcutFocusReason); // the arrows are its
}

void LivePanel::toggleTrigger()
{
    m_isTriggerOpen = !m_isTriggerOpen;
    const bool hadFocus = m_triggerBar->isAncestorOf(QApplication::focusWidget());
    updateBand();
    if (m_isTriggerOpen && m_triggerBar->isVisible())
        m_triggerBar->focusKind();
    else if (hadFocus)
        focusPicture();
}

bool LivePanel::isStoredOpen() const
{
    return m_storedPicture->isVisibleTo(this);
}

void LivePanel::openStored(const AnswerView &answer)
{
    const bool wasTyping = isTyping(); // Qt hands the focus of the picture that is hidden to what comes next
    m_picture->leaveRegion();
    m_stored = answer;
    m_storedPicture->showAnswer(answer);
    m_storedResult->showEarlier(answer);
    if (m_reviewsBeingStored.contains(answer.row))
        m_storedResult->holdReview(answer.row);
    m_storedLatency->showLatencies(answer.latency, answer.encoderReused, answer.answerTokens);
    m_picture->hide();
    m_newest->hide();
    m_storedPicture->show();
    m_earlier->show();
    if (!wasTyping)
        focusPicture();
    m_recent->showCurrent(answer);
    updateNeighbours();
    updateKeys();
    if (answer.row != 0)
        Q_EMIT storedPictureRequested(answer.row);
    else
        m_storedPicture->showPicture({});
}

void LivePanel::closeStored()
{
    if (!isStoredOpen())
        return;
    const bool wasTyping = isTyping();
    m_stored = {};
    m_storedPicture->hide();
    m_earlier->hide();
    m_picture->show();
    m_newest->show();
    if (!wasTyping)
        focusPicture();
    updateKeys();
}

void LivePanel::stepStored(int direction)
{
    RecentModel &answers = m_recent->answers();
    const int index = isStoredOpen() ? answers.indexOf(m_stored) + direction : 0;
    if (index >= 0 && index < answers.rowCount())
        openStored(answers.at(index));
}

void LivePanel::undoReview()
{
    const qint64 row = m_lastJudged.row;
    if (row == 0 || m_reviewsBeingStored.contains(row))
        return m_askBar->showHint(row == 0 ? tr("There is no judgement to take back.") : tr("The judgement is still being stored."));
    m_undone = std::exchange(m_lastJudged, {});
    RecentModel &answers = m_recent->answers();
    AnswerView judged;
    judged.row = row;
    // What is taken back is seen, and can be judged anew.
    if (const int index = answers.indexOf(judged); index >= 0 && m_result->shownRow() != row)
        openStored(answers.at(index));
    Q_EMIT reviewUndoRequested(row, QString(m_undone.reviewer));
}

void LivePanel::updateNeighbours()
{
    RecentModel &answers = m_recent->answers();
    const int index = answers.indexOf(m_stored);
    m_storedPicture->setNeighbours(index > 0, index + 1 < answers.rowCount());
}

void LivePanel::focusPicture()
{
    (isStoredOpen() ? static_cast<QWidget *>(m_storedPicture) : m_picture)->setFocus(Qt::ShortcutFocusReason);
}

void LivePanel::goBack()
{
    if (judged().review().state() == ReviewBar::State::Choosing) {
        judged().review().closeReasons();
        focusPicture();
    } else if (m_shift->isAskingBack()) {
        m_shift->keep();
    } else if (m_picture->isDrawingRegion()) {
        m_picture->leaveRegion();
    } else if (isStoredOpen()) {
        closeStored();
    } else if (m_activity == Activity::Busy) {
        cancel();
    } else {
        focusPicture();
    }
}

bool LivePanel::handleReviewKey(int key)
{
    ReviewBar &review = judged().review();
    if (review.state() == ReviewBar::State::Choosing && key >= Qt::Key_1 && key <= Qt::Key_9) {
        review.choose(key - Qt::Key_0);
        return true;
    }
    const bool isOffered = review.state() == ReviewBar::State::Offered || review.state() == ReviewBar::State::Settling;
    if (!isOffered || isTyping())
        return false;
    switch (key) { // the bar knows whether it takes them already
    case Qt::Key_Return:
    case Qt::Key_Enter: review.confirm(); return true;
    case Qt::Key_O: review.overrule(); return true;
    default: return false;
    }
}

bool LivePanel::handleKey(int key)
{
    if (key >= Qt::Key_F1 && key < Qt::Key_F1 + PresetBar::kMaxPresets) {
        askPreset(key - Qt::Key_F1);
        return true;
    }
    if (handleReviewKey(key))
        return true;
    switch (key) {
    case Qt::Key_Escape: goBack(); return true;
    case Qt::Key_Space: ask(); return true;
    case Qt::Key_F: setFrozen(!isFrozen()); return true;
    case Qt::Key_D: toggleRegion(); return true;
    case Qt::Key_T: toggleTrigger(); return true;
    case Qt::Key_J: stepStored(1); return true;
    case Qt::Key_K: stepStored(-1); return true;
    case Qt::Key_Z: undoReview(); return true;
    case Qt::Key_Slash: m_askBar->focusField(); return true;
    case Qt::Key_Home:
    case Qt::Key_End: {
        PictureCanvas &canvas = isStoredOpen() ? static_cast<PictureCanvas &>(*m_storedPicture) : *m_picture;
        if (key == Qt::Key_Home)
            canvas.zoomToFit();
        else
            canvas.zoomToPixels();
        return true;
    }
    default: return false;
    }
}

void LivePanel::keyPressEvent(QKeyEvent *event)
{
    // Keys that a field wants never come here. An Enter on a button is no judgement.
    const bool isPlain = !(event->modifiers() & ~Qt::KeypadModifier & ~Qt::ShiftModifier);
    if (event->isAutoRepeat() || !isPlain || !(pressFocusedButton(*event) || handleKey(event->key())))
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
    m_latency->setSlim(room < kRoomForLegendPx);
    m_storedLatency->setVisible(room >= kRoomForTimesPx);
    m_storedLatency->setSlim(room < kRoomForShiftPx); // it has the room of the counters
    m_shift->setVisible(room >= kRoomForShiftPx);
    m_recent->setVisible(room >= kRoomForRecentPx);
    m_moreWaiting->setVisible(room >= kRoomForRecentPx && m_recent->answers().leftOut() > 0);

    // As wide as the field of a verdict needs for its share. Faults come and go: the width does not follow them.
    int fieldWidth = fieldWidthFor(1);
    const int lines = fieldWidth < ShiftCard::kRoomForOneLinePx ? 2 : 1;
    if (lines > 1)
        fieldWidth = fieldWidthFor(lines);
    const int most = mostFieldWidth();
    m_latency->setVisible(room >= kRoomForTimesPx && fieldWidth <= most); // where it cannot be wide enough it is higher
    fieldWidth = std::min(fieldWidth, most);
    m_askBar->setHintVisible(room >= kRoomForHintPx);
    m_shift->setLines(lines);
    m_newest->setFixedWidth(fieldWidth);
    m_earlier->setFixedWidth(fieldWidth);
}

int LivePanel::fieldWidthFor(int shiftLines) const
{
    const QMargins margins = layout()->contentsMargins();
    int fieldHeight = height() - margins.top() - margins.bottom();
    if (height() >= kRoomForRecentPx)
        fieldHeight -= m_recent->height() + space::kM;
    if (height() >= kRoomForTimesPx)
        fieldHeight -= m_latency->sizeHint().height() + space::kS;
    if (height() >= kRoomForShiftPx)
        fieldHeight -= ShiftCard::heightPx(shiftLines) + space::kS;
    const QSize whole = window()->size();
    const int needed = int(kFieldShare * whole.width() * whole.height() / std::max(1, fieldHeight)) + 1;
    return std::max(needed, kLeastFieldPx);
}

int LivePanel::mostFieldWidth() const
{
    const QMargins margins = layout()->contentsMargins();
    const int room = width() - margins.left() - margins.right();
    const int beside = std::max(m_askBar->minimumSizeHint().width(), m_presetBar->minimumSizeHint().width());
    return std::max(kLeastFieldPx, std::min(int(kMostFieldShare * room), room - space::kL - beside));
}

void LivePanel::setActivity(Activity activity)
{
    m_activity = activity;
    updateAvailability();
    Q_EMIT activityChanged(activity);
}

void LivePanel::updateScene()
{
    m_storedPicture->setLiveSource(m_source, isFrozen());
    const bool isLive = m_source.condition == SourceCondition::Live && !m_source.isStill;
    // Nobody can tell what stands before a camera that is lost or hangs. What is frozen, or the last of a recording, stays.
    if (!isLive && !isFrozen() && m_source.condition != SourceCondition::Ended)
        m_result->leaveScreen();
}

void LivePanel::updateAvailability()
{
    const QString why = obstacle();
    // Qt hands the focus of a button that is switched off to what comes next, where the same key means something else.
    const bool canAsk = why.isEmpty() && m_activity == Activity::Idle;
    if (!canAsk && (m_presetBar->isAncestorOf(window()->focusWidget()) || m_askBar->askHasFocus()))
        focusPicture();
    m_askBar->setObstacle(why);
    m_askBar->setBusy(m_activity == Activity::Busy);
    m_askBar->setHasPicture(!m_picture->picture().isNull());
    m_presetBar->setObstacle(!why.isEmpty() ? why : m_activity == Activity::Busy ? tr("A question is being answered.") : QString());
    updateKeys();
}

void LivePanel::updateBand()
{
    const bool isDrawing = m_picture->isDrawingRegion();
    m_regionBar->setVisible(isDrawing);
    m_triggerBar->setVisible(m_isTriggerOpen && !isDrawing);
    m_presetBar->setVisible(!m_isTriggerOpen && !isDrawing && !m_presets.isEmpty());
    m_askBar->setRegionMarked(isDrawing || !m_picture->region().isNull());
    m_askBar->setTriggerMarked(m_isTriggerOpen || m_trigger.settings.kind != TriggerKind::Off);
    updateKeys();
}

void LivePanel::updateKeys()
{
    const ReviewBar::State review = judged().review().state();
    if (review == ReviewBar::State::Choosing)
        m_askBar->setKeys(tr("1–5 reason · Esc back"));
    else if (review == ReviewBar::State::Settling)
        m_askBar->setKeys(tr("This is another NG than a moment ago: look, then judge"));
    else if (m_picture->isDrawingRegion())
        m_askBar->setKeys(tr("Drag, or arrows move · Shift+arrows size · Enter use · Delete whole · Esc leave"));
    else if (isStoredOpen() && review == ReviewBar::State::Offered)
        m_askBar->setKeys(tr("Enter confirm NG · O overrule · J older · K newer · F1–F8 ask live · Esc live picture"));
    else if (isStoredOpen())
        m_askBar->setKeys(tr("J older · K newer · F1–F8 ask live · Home whole · End 100 % · Esc live picture"));
    else if (review == ReviewBar::State::Offered && obstacle().isEmpty())
        m_askBar->setKeys(tr("Enter confirm NG · O overrule · F1–F8 question · Space ask · / type · F freeze"));
    else
        m_askBar->setKeys({});
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
    if (m_source.isStill)
        return tr("The picture stands perfectly still, as if the camera hung: no answer until it changes.");
    return {};
}

} // namespace auroraedge::ui

#include "ui/widgets/picture_view.h"

#include "ui/theme/theme.h"
#include "ui/widgets/painting.h"

#include <QApplication>
#include <QKeyEvent>
#include <QLocale>
#include <QMouseEvent>
#include <QPainter>

#include <cmath>

namespace auroraedge::ui {

namespace {
/// Older than this while the source says it is live: the badge turns amber (the watchdog's own limit is app's).
constexpr std::chrono::milliseconds kStale{2000};
constexpr double kRegionStep = 0.02; ///< of the picture's side, for one press of an arrow
constexpr int kHandlePx = 12;
constexpr int kRoomForTwoBadgesPx = 540; ///< in one line
}

PictureView::PictureView(const Theme &theme, QWidget *parent) : PictureCanvas(theme, parent)
{
    setObjectName(QStringLiteral("pictureView"));
    setAccessibleName(tr("Picture"));
    // The age grows without new frames; a picture at camera rate repaints anyway.
    m_badgeTimer.setInterval(200);
    connect(&m_badgeTimer, &QTimer::timeout, this, qOverload<>(&QWidget::update));
    setSourceState({});
}

void PictureView::showFrame(const QImage &picture, const FrameStatus &status)
{
    if (m_isFrozen)
        return;
    m_selection.setPictureSize(picture.size());
    m_status = status;
    setPicture(picture);
    if (!m_badgeTimer.isActive())
        m_badgeTimer.start();
    refreshNotice();
}

void PictureView::clearPicture()
{
    setPicture({});
    m_status = {};
    m_badgeTimer.stop();
    clearRegion();
    refreshNotice();
}

void PictureView::setSourceState(const SourceState &state)
{
    m_source = state;
    setCursor(state.condition == SourceCondition::NotChosen && picture().isNull() ? Qt::PointingHandCursor
                                                                                   : Qt::ArrowCursor);
    refreshNotice();
}

void PictureView::setFrozen(bool isFrozen)
{
    m_isFrozen = isFrozen;
    if (isFrozen)
        m_frozenSince.start();
    refreshNotice();
}

void PictureView::setTriggerText(const QString &text)
{
    m_triggerText = text;
    update();
}

std::optional<std::chrono::milliseconds> PictureView::age() const
{
    if (picture().isNull())
        return std::nullopt;
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - m_status.capturedAt);
}

template <typename Change>
void PictureView::changeSelection(Change change)
{
    const QRectF before = m_selection.region();
    const bool wasEditing = m_selection.isEditing();
    change();
    m_drag = Drag::None;
    m_tapCorner.reset();
    if (m_selection.isEditing())
        setCursor(Qt::CrossCursor);
    else
        unsetCursor();
    update();
    if (m_selection.isEditing() != wasEditing)
        Q_EMIT drawingChanged(m_selection.isEditing());
    if (m_selection.region() != before)
        Q_EMIT regionChanged(m_selection.region());
}

void PictureView::drawRegion()
{
    if (!picture().isNull())
        changeSelection([this] { m_selection.begin(); });
}

void PictureView::acceptRegion()
{
    if (m_selection.isEditing())
        changeSelection([this] { m_selection.accept(); });
}

void PictureView::leaveRegion()
{
    changeSelection([this] { m_selection.leave(); });
}

void PictureView::clearRegion()
{
    changeSelection([this] { m_selection.clear(); });
}

std::optional<PictureView::Notice> PictureView::notice() const
{
    const bool isEmpty = picture().isNull();
    switch (m_source.condition) {
    case SourceCondition::NotChosen:
        if (isEmpty)
            return Notice{QStringLiteral("camera"), tr("No picture yet"), tr("Choose a camera, a file or the simulated line.")};
        break;
    case SourceCondition::Opening:
        if (isEmpty)
            return Notice{QStringLiteral("camera"), tr("Opening %1").arg(m_source.name), {}};
        break;
    case SourceCondition::Lost:
        if (!m_isFrozen)
            return Notice{QStringLiteral("camera-lost"), tr("Camera lost"), m_source.sentence, true};
        break;
    case SourceCondition::Failed:
        if (!m_isFrozen)
            return Notice{QStringLiteral("camera-lost"), tr("No picture"), m_source.sentence, true};
        break;
    case SourceCondition::Live:
        if (isEmpty)
            return Notice{QStringLiteral("camera"), tr("Waiting for the first picture"), {}};
        break;
    case SourceCondition::Ended:
        if (isEmpty)
            return Notice{QStringLiteral("video"), tr("The recording has ended"), {}};
        break;
    }
    return std::nullopt;
}

void PictureView::refreshNotice()
{
    const std::optional<Notice> told = notice();
    setAccessibleDescription(told ? QStringLiteral("%1 %2").arg(told->title, told->sentence).trimmed() : QString());
    update();
}

void PictureView::paintOver(QPainter &painter)
{
    const ThemeColours &c = m_theme.colours();
    if (!picture().isNull() && !m_selection.shown().isNull()) {
        if (m_selection.isEditing())
            paintRegionDraft(painter);
        else
            paintRegion(painter, target(), m_selection.region(), c.onOverlay);
    }
    if (const std::optional<Notice> told = notice()) {
        if (!picture().isNull()) {
            QColor veil = c.stage;
            veil.setAlphaF(0.82F);
            painter.fillRect(rect(), veil); // an old picture is never mistaken for the live one
        }
        paintNotice(painter, rect(), *told);
    }
    paintBadges(painter);
}

void PictureView::paintRegionDraft(QPainter &painter) const
{
    const ThemeColours dark = Theme::coloursOf(ThemeKind::Dark);
    const QRectF box = target();
    const auto place = [&box](QPointF share) {
        return QPointF(box.x() + share.x() * box.width(), box.y() + share.y() * box.height());
    };
    const QRectF &draft = m_selection.shown();
    paintRegion(painter, box, draft, dark.accent);
    painter.setPen(QPen(QColor(0, 0, 0, 200), 1));
    painter.setBrush(dark.accent);
    for (const QPointF &corner : {draft.topLeft(), draft.topRight(), draft.bottomLeft(), draft.bottomRight()}) {
        QRectF handle(0, 0, kHandlePx, kHandlePx);
        handle.moveCenter(place(corner));
        painter.drawRoundedRect(handle, 3, 3);
    }
    if (m_tapCorner) {
        const QPointF at = place(*m_tapCorner);
        painter.setPen(QPen(dark.accent, 2));
        painter.drawLine(at - QPointF(kHandlePx, 0), at + QPointF(kHandlePx, 0));
        painter.drawLine(at - QPointF(0, kHandlePx), at + QPointF(0, kHandlePx));
    }
}

void PictureView::paintBadges(QPainter &painter) const
{
    const ThemeColours &c = m_theme.colours();
    const ThemeColours dark = Theme::coloursOf(ThemeKind::Dark);
    if (m_source.isSimulated && m_source.condition != SourceCondition::NotChosen)
        paintBadge(painter, Qt::TopRightCorner, 0, {tr("SIMULATION"), glass(), c.onOverlay, QStringLiteral("simulation")});
    if (!m_triggerText.isEmpty())
        paintBadge(painter, Qt::TopLeftCorner, m_isFrozen || width() < kRoomForTwoBadgesPx ? 1 : 0,
                   {m_triggerText, glass(), c.onOverlay, QStringLiteral("trigger")});
    if (picture().isNull())
        return;
    if (m_isFrozen) {
        const qint64 seconds = m_frozenSince.elapsed() / 1000;
        paintBadge(painter, Qt::TopLeftCorner, 0,
                   {seconds == 0 ? tr("FROZEN") : tr("FROZEN %1 s").arg(QLocale().toString(seconds)), dark.accent, dark.onAccent,
                    QStringLiteral("freeze")});
    }
    const auto pictureAge = age().value_or(std::chrono::milliseconds{0});
    const bool isStale = !m_isFrozen && m_source.condition == SourceCondition::Live && pictureAge > kStale;
    if (m_source.condition != SourceCondition::Ended)
        paintBadge(painter, Qt::BottomLeftCorner, 0,
                   {tr("age %1").arg(durationText(double(pictureAge.count()))), isStale ? dark.unsure : glass(),
                    isStale ? dark.onUnsure : c.onOverlay, QStringLiteral("clock")});
    if (m_source.isStill && !m_isFrozen)
        paintBadge(painter, Qt::BottomLeftCorner, 1, {tr("STANDS STILL"), dark.unsure, dark.onUnsure, QStringLiteral("warning")});
    const double shownZoom = zoom() * devicePixelRatioF();
    paintBadge(painter, Qt::BottomRightCorner, 0,
               {isZoomed() ? tr("%1 %").arg(QLocale().toString(shownZoom * 100, 'f', 0)) : tr("Fit"), glass(), c.onOverlay, {}});
    if (const QRectF &part = m_selection.shown(); !part.isNull())
        paintBadge(painter, Qt::BottomRightCorner, 1,
                   {tr("%1 × %2 px").arg(QLocale().toString(std::lround(part.width() * picture().width())),
                                         QLocale().toString(std::lround(part.height() * picture().height()))),
                    glass(), c.onOverlay, QStringLiteral("region")});
}

bool PictureView::handleRegionKey(const QKeyEvent &event)
{
    const auto arrow = [&](double x, double y) {
        const QPointF delta = QPointF(x, y) * kRegionStep;
        if (event.modifiers() & Qt::ShiftModifier)
            m_selection.growBy(delta);
        else
            m_selection.moveBy(delta);
        update();
    };
    switch (event.key()) {
    case Qt::Key_Left: arrow(-1, 0); return true;
    case Qt::Key_Right: arrow(1, 0); return true;
    case Qt::Key_Up: arrow(0, -1); return true;
    case Qt::Key_Down: arrow(0, 1); return true;
    case Qt::Key_Return:
    case Qt::Key_Enter: acceptRegion(); return true;
    default: return false;
    }
}

void PictureView::keyPressEvent(QKeyEvent *event)
{
    if (m_selection.isEditing() && handleRegionKey(*event))
        return;
    switch (event->key()) {
    case Qt::Key_Delete:
    case Qt::Key_Backspace: clearRegion(); return;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (m_source.condition == SourceCondition::NotChosen) {
            Q_EMIT chooseSourceRequested();
            return;
        }
        break;
    default: break;
    }
    PictureCanvas::keyPressEvent(event);
}

void PictureView::mousePressEvent(QMouseEvent *event)
{
    if (!m_selection.isEditing()) {
        PictureCanvas::mousePressEvent(event);
        if (m_source.condition == SourceCondition::NotChosen && picture().isNull())
            Q_EMIT chooseSourceRequested();
        return;
    }
    m_pressedAt = event->position();
    m_drag = Drag::Span;
    m_anchor = m_tapCorner.value_or(toPicture(m_pressedAt));
    if (m_selection.region().isNull() || m_tapCorner)
        return; // the first draft is only an offer: it is drawn anew
    const QRectF draft = m_selection.shown();
    const double reach = kTouchPx / 2.0;
    const QPointF at = toPicture(m_pressedAt);
    for (const auto &[corner, opposite] : {std::pair{draft.topLeft(), draft.bottomRight()}, {draft.topRight(), draft.bottomLeft()},
                                           {draft.bottomLeft(), draft.topRight()}, {draft.bottomRight(), draft.topLeft()}}) {
        const QPointF gap = corner - at;
        if (std::hypot(gap.x() * target().width(), gap.y() * target().height()) <= reach) {
            m_anchor = opposite;
            return;
        }
    }
    if (draft.contains(at)) {
        m_drag = Drag::Move;
        m_anchor = at - draft.topLeft();
    }
}

void PictureView::mouseMoveEvent(QMouseEvent *event)
{
    if (!m_selection.isEditing()) {
        PictureCanvas::mouseMoveEvent(event);
        return;
    }
    const bool isTap = (event->position() - m_pressedAt).manhattanLength() < QApplication::startDragDistance();
    if (isTap || m_drag == Drag::None)
        return;
    const QPointF at = toPicture(event->position());
    if (m_drag == Drag::Move)
        m_selection.moveTo(at - m_anchor);
    else
        m_selection.span(m_anchor, at);
    update();
}

void PictureView::mouseReleaseEvent(QMouseEvent *event)
{
    if (!m_selection.isEditing()) {
        PictureCanvas::mouseReleaseEvent(event);
        return;
    }
    if (m_drag == Drag::None)
        return;
    const bool isTap = (event->position() - m_pressedAt).manhattanLength() < QApplication::startDragDistance();
    m_drag = Drag::None;
    if (isTap && !m_tapCorner) { // for gloves, that tap better than they drag
        m_tapCorner = toPicture(event->position());
        update();
        return;
    }
    if (isTap)
        m_selection.span(*m_tapCorner, toPicture(event->position()));
    acceptRegion();
}

void PictureView::mouseDoubleClickEvent(QMouseEvent *event)
{
    if (m_selection.isEditing())
        mousePressEvent(event); // two quick taps are two corners
    else
        PictureCanvas::mouseDoubleClickEvent(event);
}

} // namespace auroraedge::ui

#include "ui/widgets/picture_view.h"

#include "ui/theme/theme.h"
#include "ui/widgets/painting.h"

#include <QKeyEvent>
#include <QLocale>
#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

namespace auroraedge::ui {

namespace {

constexpr double kMaxZoom = 16;
constexpr double kZoomStep = 1.25;
constexpr int kPanStepPx = 48;
/// Older than this while the source says it is live: the badge turns amber (the watchdog's own limit is app's).
constexpr std::chrono::milliseconds kStale{2000};

} // namespace

PictureView::PictureView(const Theme &theme, QWidget *parent) : QWidget(parent), m_theme(theme)
{
    setObjectName(QStringLiteral("pictureView"));
    setAccessibleName(tr("Picture"));
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
    // The age grows without new frames; a picture at camera rate repaints anyway.
    m_badgeTimer.setInterval(200);
    connect(&m_badgeTimer, &QTimer::timeout, this, qOverload<>(&QWidget::update));
    setSourceState({});
}

void PictureView::setPicture(const QImage &picture, const FrameStatus &status)
{
    if (m_isFrozen)
        return;
    if (picture.size() != m_picture.size()) {
        m_userZoom = 0;
        m_offset = {};
    }
    m_picture = picture;
    m_status = status;
    if (!m_badgeTimer.isActive())
        m_badgeTimer.start();
    refreshNotice();
}

void PictureView::clearPicture()
{
    m_picture = {};
    m_status = {};
    m_badgeTimer.stop();
    refreshNotice();
}

void PictureView::setSourceState(const SourceState &state)
{
    m_source = state;
    setCursor(state.condition == SourceCondition::NotChosen && m_picture.isNull() ? Qt::PointingHandCursor
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

std::optional<std::chrono::milliseconds> PictureView::age() const
{
    if (m_picture.isNull())
        return std::nullopt;
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - m_status.capturedAt);
}

double PictureView::fitZoom() const
{
    if (m_picture.isNull())
        return 1;
    return std::min(double(width()) / m_picture.width(), double(height()) / m_picture.height());
}

double PictureView::zoom() const
{
    return m_userZoom > 0 ? m_userZoom : fitZoom();
}

void PictureView::zoomToFit()
{
    m_userZoom = 0;
    m_offset = {};
    update();
}

void PictureView::zoomToPixels()
{
    m_userZoom = 1 / devicePixelRatioF(); // one sensor pixel on one screen pixel
    clampOffset();
    update();
}

QRectF PictureView::target() const
{
    const QSizeF size = QSizeF(m_picture.size()) * zoom();
    const QPointF middle = QRectF(rect()).center() + m_offset;
    return {middle.x() - size.width() / 2, middle.y() - size.height() / 2, size.width(), size.height()};
}

void PictureView::zoomAbout(QPointF anchor, double factor)
{
    if (m_picture.isNull())
        return;
    const double before = zoom();
    const double after = std::clamp(before * factor, std::min(fitZoom(), 1.0), kMaxZoom);
    const QPointF middle = QRectF(rect()).center() + m_offset;
    m_offset += (anchor - middle) * (1 - after / before);
    m_userZoom = after <= fitZoom() * 1.001 && factor < 1 ? 0 : after;
    if (m_userZoom == 0)
        m_offset = {};
    clampOffset();
    update();
}

void PictureView::panBy(QPointF delta)
{
    m_offset += delta;
    clampOffset();
    update();
}

void PictureView::clampOffset()
{
    const QSizeF size = QSizeF(m_picture.size()) * zoom();
    const double spareX = std::max(0.0, (size.width() - width()) / 2);
    const double spareY = std::max(0.0, (size.height() - height()) / 2);
    m_offset = {std::clamp(m_offset.x(), -spareX, spareX), std::clamp(m_offset.y(), -spareY, spareY)};
}

std::optional<PictureView::Notice> PictureView::notice() const
{
    const bool isEmpty = m_picture.isNull();
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
            return Notice{QStringLiteral("camera-lost"), tr("Camera lost"), m_source.sentence};
        break;
    case SourceCondition::Failed:
        if (!m_isFrozen)
            return Notice{QStringLiteral("camera-lost"), tr("No picture"), m_source.sentence};
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

void PictureView::paintEvent(QPaintEvent *)
{
    const ThemeColours &c = m_theme.colours();
    QPainter painter(this);
    painter.setRenderHints(QPainter::Antialiasing | QPainter::SmoothPixmapTransform);
    QPainterPath shape;
    shape.addRoundedRect(QRectF(rect()), radius::kLarge, radius::kLarge);
    painter.setClipPath(shape);
    painter.fillRect(rect(), c.stage);

    if (!m_picture.isNull()) {
        painter.setRenderHint(QPainter::SmoothPixmapTransform, zoom() < 4); // single pixels stay square when looked at
        painter.drawImage(target(), m_picture);
    }
    if (const std::optional<Notice> told = notice()) {
        if (!m_picture.isNull()) {
            QColor veil = c.stage;
            veil.setAlphaF(0.82F);
            painter.fillRect(rect(), veil); // an old picture is never mistaken for the live one
        }
        paintNotice(painter, *told);
    }
    paintBadges(painter);
    painter.setClipping(false);
    if (m_showsFocus)
        paintFocusRing(painter, QRectF(rect()), radius::kLarge, c.focus);
}

void PictureView::paintNotice(QPainter &painter, const Notice &told) const
{
    const auto &[icon, title, sentence] = told;
    const ThemeColours &c = m_theme.colours();
    const bool isFault = icon == QLatin1String("camera-lost");
    const int iconPx = height() < 280 ? 40 : 64;
    const int textWidth = std::min(width() - 2 * space::kXl, 460);
    const QFontMetrics titleMetrics(m_theme.font(TextRole::Title));
    const QFontMetrics bodyMetrics(m_theme.font(TextRole::Body));
    const int flags = Qt::AlignHCenter | Qt::AlignTop | Qt::TextWordWrap;
    const QRect bounds(0, 0, textWidth, 1000);
    const int titleHeight = titleMetrics.boundingRect(bounds, flags, title).height();
    const int bodyHeight = sentence.isEmpty() ? 0 : bodyMetrics.boundingRect(bounds, flags, sentence).height();
    int y = (height() - iconPx - space::kL - titleHeight - (bodyHeight ? space::kS + bodyHeight : 0)) / 2;
    const int x = (width() - textWidth) / 2;

    const QColor iconColour = isFault ? m_theme.coloursOf(ThemeKind::Dark).ngText : QColor(0x8c, 0x95, 0xa1);
    m_theme.icon(icon, iconColour).paint(&painter, (width() - iconPx) / 2, y, iconPx, iconPx);
    y += iconPx + space::kL;
    painter.setPen(c.onOverlay);
    painter.setFont(m_theme.font(TextRole::Title));
    painter.drawText(QRect(x, y, textWidth, titleHeight), flags, title);
    y += titleHeight + space::kS;
    painter.setPen(QColor(0xb6, 0xbd, 0xc6)); // the stage is dark in both themes
    painter.setFont(m_theme.font(TextRole::Body));
    painter.drawText(QRect(x, y, textWidth, bodyHeight), flags, sentence);
}

void PictureView::paintBadges(QPainter &painter) const
{
    const ThemeColours &c = m_theme.colours();
    const ThemeColours dark = Theme::coloursOf(ThemeKind::Dark);
    painter.setFont(m_theme.font(TextRole::Label));
    const QFontMetrics metrics(painter.font());
    constexpr int kHeight = 30;
    const auto badge = [&](const QString &text, bool isRight, bool isTop, const QColor &fill, const QColor &ink,
                           const QString &icon = {}) {
        const int iconWidth = icon.isEmpty() ? 0 : 22;
        const int badgeWidth = metrics.horizontalAdvance(text) + iconWidth + 2 * space::kM;
        const QRect box(isRight ? width() - space::kM - badgeWidth : space::kM,
                        isTop ? space::kM : height() - space::kM - kHeight, badgeWidth, kHeight);
        painter.setPen(Qt::NoPen);
        painter.setBrush(fill);
        painter.drawRoundedRect(box, kHeight / 2, kHeight / 2);
        if (!icon.isEmpty())
            m_theme.icon(icon, ink).paint(&painter, box.x() + space::kM - 2, box.y() + 6, 18, 18);
        painter.setPen(ink);
        painter.drawText(box.adjusted(space::kM + iconWidth, 0, -space::kM, 0), Qt::AlignVCenter | Qt::AlignLeft, text);
    };
    QColor glass = c.overlay;
    glass.setAlphaF(0.78F);

    if (m_source.isSimulated && m_source.condition != SourceCondition::NotChosen)
        badge(tr("SIMULATION"), true, true, glass, c.onOverlay, QStringLiteral("simulation"));
    if (m_picture.isNull())
        return;
    if (m_isFrozen) {
        const qint64 seconds = m_frozenSince.elapsed() / 1000;
        badge(seconds == 0 ? tr("FROZEN") : tr("FROZEN %1 s").arg(QLocale().toString(seconds)), false, true, dark.accent,
              dark.onAccent, QStringLiteral("freeze"));
    }
    const auto pictureAge = age().value_or(std::chrono::milliseconds{0});
    const bool isStale = !m_isFrozen && m_source.condition == SourceCondition::Live && pictureAge > kStale;
    if (m_source.condition != SourceCondition::Ended)
        badge(tr("age %1").arg(durationText(double(pictureAge.count()))), false, false,
              isStale ? dark.unsure : glass, isStale ? dark.onUnsure : c.onOverlay, QStringLiteral("clock"));
    const double shownZoom = zoom() * devicePixelRatioF();
    badge(m_userZoom > 0 ? tr("%1 %").arg(QLocale().toString(shownZoom * 100, 'f', 0)) : tr("Fit"), true, false, glass,
          c.onOverlay);
}

void PictureView::keyPressEvent(QKeyEvent *event)
{
    const bool canPan = m_userZoom > 0;
    switch (event->key()) {
    case Qt::Key_Home: zoomToFit(); return;
    case Qt::Key_End: zoomToPixels(); return;
    case Qt::Key_Plus:
    case Qt::Key_Equal: zoomAbout(QRectF(rect()).center(), kZoomStep); return;
    case Qt::Key_Minus: zoomAbout(QRectF(rect()).center(), 1 / kZoomStep); return;
    case Qt::Key_Left:
        if (canPan)
            return panBy({kPanStepPx, 0});
        break;
    case Qt::Key_Right:
        if (canPan)
            return panBy({-kPanStepPx, 0});
        break;
    case Qt::Key_Up:
        if (canPan)
            return panBy({0, kPanStepPx});
        break;
    case Qt::Key_Down:
        if (canPan)
            return panBy({0, -kPanStepPx});
        break;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (m_source.condition == SourceCondition::NotChosen) {
            Q_EMIT chooseSourceRequested();
            return;
        }
        break;
    default: break;
    }
    QWidget::keyPressEvent(event);
}

void PictureView::wheelEvent(QWheelEvent *event)
{
    zoomAbout(event->position(), std::pow(kZoomStep, event->angleDelta().y() / 120.0));
    event->accept();
}

void PictureView::mousePressEvent(QMouseEvent *event)
{
    m_dragFrom = event->position();
    if (m_source.condition == SourceCondition::NotChosen && m_picture.isNull())
        Q_EMIT chooseSourceRequested();
}

void PictureView::mouseMoveEvent(QMouseEvent *event)
{
    if (m_userZoom <= 0 || !(event->buttons() & Qt::LeftButton))
        return;
    setCursor(Qt::ClosedHandCursor);
    panBy(event->position() - m_dragFrom);
    m_dragFrom = event->position();
}

void PictureView::mouseReleaseEvent(QMouseEvent *)
{
    unsetCursor();
}

void PictureView::focusInEvent(QFocusEvent *event)
{
    m_showsFocus = event->reason() == Qt::TabFocusReason || event->reason() == Qt::BacktabFocusReason;
    QWidget::focusInEvent(event);
}

void PictureView::focusOutEvent(QFocusEvent *event)
{
    m_showsFocus = false;
    QWidget::focusOutEvent(event);
}

void PictureView::mouseDoubleClickEvent(QMouseEvent *event)
{
    if (m_userZoom > 0)
        zoomToFit();
    else
        zoomAbout(event->position(), 1 / (fitZoom() * devicePixelRatioF()));
}

} // namespace auroraedge::ui

#include "ui/widgets/picture_canvas.h"

#include "ui/theme/theme.h"
#include "ui/widgets/painting.h"

#include <QKeyEvent>
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
constexpr int kBadgePx = 30;
}

PictureCanvas::PictureCanvas(const Theme &theme, QWidget *parent) : QWidget(parent), m_theme(theme)
{
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void PictureCanvas::setPicture(const QImage &picture)
{
    if (picture.size() != m_picture.size()) {
        m_userZoom = 0;
        m_offset = {};
    }
    m_picture = picture;
    update();
}

double PictureCanvas::fitZoom() const
{
    if (m_picture.isNull())
        return 1;
    return std::min(double(width()) / m_picture.width(), double(height()) / m_picture.height());
}

double PictureCanvas::zoom() const
{
    return m_userZoom > 0 ? m_userZoom : fitZoom();
}

void PictureCanvas::zoomToFit()
{
    m_userZoom = 0;
    m_offset = {};
    update();
    Q_EMIT sightChanged();
}

void PictureCanvas::zoomToPixels()
{
    m_userZoom = 1 / devicePixelRatioF(); // one sensor pixel on one screen pixel
    clampOffset();
    update();
    Q_EMIT sightChanged();
}

void PictureCanvas::zoomIn()
{
    zoomAbout(QRectF(rect()).center(), kZoomStep);
}

void PictureCanvas::zoomOut()
{
    zoomAbout(QRectF(rect()).center(), 1 / kZoomStep);
}

PictureCanvas::Sight PictureCanvas::sight() const
{
    const QSizeF drawn = QSizeF(m_picture.size()) * zoom();
    if (m_userZoom <= 0 || drawn.isEmpty())
        return {};
    return {m_userZoom / fitZoom(), {m_offset.x() / drawn.width(), m_offset.y() / drawn.height()}};
}

void PictureCanvas::setSight(const Sight &sight)
{
    m_userZoom = m_picture.isNull() ? 0 : sight.factor * fitZoom();
    const QSizeF drawn = QSizeF(m_picture.size()) * zoom();
    m_offset = {sight.shift.x() * drawn.width(), sight.shift.y() * drawn.height()};
    clampOffset();
    update();
}

QRectF PictureCanvas::target() const
{
    const QSizeF size = QSizeF(m_picture.size()) * zoom();
    const QPointF middle = QRectF(rect()).center() + m_offset;
    return {middle.x() - size.width() / 2, middle.y() - size.height() / 2, size.width(), size.height()};
}

QPointF PictureCanvas::toPicture(QPointF position) const
{
    const QRectF box = target();
    return {(position.x() - box.x()) / box.width(), (position.y() - box.y()) / box.height()};
}

void PictureCanvas::zoomAbout(QPointF anchor, double factor)
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
    Q_EMIT sightChanged();
}

void PictureCanvas::panBy(QPointF delta)
{
    m_offset += delta;
    clampOffset();
    update();
    Q_EMIT sightChanged();
}

void PictureCanvas::clampOffset()
{
    const QSizeF size = QSizeF(m_picture.size()) * zoom();
    const double spareX = std::max(0.0, (size.width() - width()) / 2);
    const double spareY = std::max(0.0, (size.height() - height()) / 2);
    m_offset = {std::clamp(m_offset.x(), -spareX, spareX), std::clamp(m_offset.y(), -spareY, spareY)};
}

void PictureCanvas::paintEvent(QPaintEvent *)
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
    paintOver(painter);
    painter.setClipping(false);
    if (m_showsFocus)
        paintFocusRing(painter, QRectF(rect()), radius::kLarge, c.focus);
}

void PictureCanvas::paintNotice(QPainter &painter, const QRect &room, const Notice &told) const
{
    const ThemeColours &c = m_theme.colours();
    const int textWidth = std::min(room.width() - 2 * space::kXl, 460);
    const QFontMetrics titleMetrics(m_theme.font(TextRole::Title));
    const QFontMetrics bodyMetrics(m_theme.font(TextRole::Body));
    const int flags = Qt::AlignHCenter | Qt::AlignTop | Qt::TextWordWrap;
    const QRect bounds(0, 0, textWidth, 1000);
    const int titleHeight = titleMetrics.boundingRect(bounds, flags, told.title).height();
    const int bodyHeight = told.sentence.isEmpty() ? 0 : bodyMetrics.boundingRect(bounds, flags, told.sentence).height();
    const int textHeight = titleHeight + (bodyHeight ? space::kS + bodyHeight : 0);
    const int spare = room.height() - textHeight - space::kL;
    const int iconPx = spare >= 96 ? 64 : spare >= 40 ? 40 : 0;
    const int iconRoom = iconPx ? iconPx + space::kL : 0;
    int y = room.y() + (room.height() - iconRoom - textHeight) / 2;
    const int x = room.x() + (room.width() - textWidth) / 2;

    const QColor iconColour = told.isFault ? Theme::coloursOf(ThemeKind::Dark).ngText : QColor(0x8c, 0x95, 0xa1);
    if (iconPx)
        m_theme.icon(told.icon, iconColour).paint(&painter, x + (textWidth - iconPx) / 2, y, iconPx, iconPx);
    y += iconRoom;
    painter.setPen(c.onOverlay);
    painter.setFont(m_theme.font(TextRole::Title));
    painter.drawText(QRect(x, y, textWidth, titleHeight), flags, told.title);
    y += titleHeight + space::kS;
    painter.setPen(QColor(0xb6, 0xbd, 0xc6)); // the stage is dark in both themes
    painter.setFont(m_theme.font(TextRole::Body));
    painter.drawText(QRect(x, y, textWidth, bodyHeight), flags, told.sentence);
}

void PictureCanvas::paintBadge(QPainter &painter, Qt::Corner corner, int below, const Badge &badge) const
{
    painter.setFont(m_theme.font(TextRole::Label));
    const QFontMetrics metrics(painter.font());
    const int iconWidth = badge.icon.isEmpty() ? 0 : 22;
    const int room = width() - 4 * space::kM - iconWidth;
    const QString text = metrics.elidedText(badge.text, Qt::ElideRight, room);
    const int badgeWidth = metrics.horizontalAdvance(text) + iconWidth + 2 * space::kM;
    const int inwards = space::kM + below * (kBadgePx + space::kXs);
    const bool isRight = corner == Qt::TopRightCorner || corner == Qt::BottomRightCorner;
    const bool isTop = corner == Qt::TopLeftCorner || corner == Qt::TopRightCorner;
    const QRect box(isRight ? width() - space::kM - badgeWidth : space::kM, isTop ? inwards : height() - inwards - kBadgePx,
                    badgeWidth, kBadgePx);
    painter.setPen(Qt::NoPen);
    painter.setBrush(badge.fill);
    painter.drawRoundedRect(box, kBadgePx / 2, kBadgePx / 2);
    if (!badge.icon.isEmpty())
        m_theme.icon(badge.icon, badge.ink).paint(&painter, box.x() + space::kM - 2, box.y() + 6, 18, 18);
    painter.setPen(badge.ink);
    painter.drawText(box.adjusted(space::kM + iconWidth, 0, -space::kM, 0), Qt::AlignVCenter | Qt::AlignLeft, text);
}

QColor PictureCanvas::glass() const
{
    QColor glass = m_theme.colours().overlay;
    glass.setAlphaF(0.78F);
    return glass;
}

void PictureCanvas::keyPressEvent(QKeyEvent *event)
{
    const auto panOr = [&](QPointF delta) {
        if (isZoomed())
            panBy(delta);
        else
            QWidget::keyPressEvent(event);
    };
    switch (event->key()) {
    case Qt::Key_Home: zoomToFit(); return;
    case Qt::Key_End: zoomToPixels(); return;
    case Qt::Key_Plus:
    case Qt::Key_Equal: zoomIn(); return;
    case Qt::Key_Minus: zoomOut(); return;
    case Qt::Key_Left: panOr({kPanStepPx, 0}); return;
    case Qt::Key_Right: panOr({-kPanStepPx, 0}); return;
    case Qt::Key_Up: panOr({0, kPanStepPx}); return;
    case Qt::Key_Down: panOr({0, -kPanStepPx}); return;
    default: QWidget::keyPressEvent(event);
    }
}

void PictureCanvas::wheelEvent(QWheelEvent *event)
{
    zoomAbout(event->position(), std::pow(kZoomStep, event->angleDelta().y() / 120.0));
    event->accept();
}

void PictureCanvas::mousePressEvent(QMouseEvent *event)
{
    m_dragFrom = event->position();
}

void PictureCanvas::mouseMoveEvent(QMouseEvent *event)
{
    if (m_userZoom <= 0 || !(event->buttons() & Qt::LeftButton))
        return;
    setCursor(Qt::ClosedHandCursor);
    panBy(event->position() - m_dragFrom);
    m_dragFrom = event->position();
}

void PictureCanvas::mouseReleaseEvent(QMouseEvent *)
{
    unsetCursor();
}

void PictureCanvas::mouseDoubleClickEvent(QMouseEvent *event)
{
    if (m_userZoom > 0)
        zoomToFit();
    else
        zoomAbout(event->position(), 1 / (fitZoom() * devicePixelRatioF()));
}

void PictureCanvas::focusInEvent(QFocusEvent *event)
{
    m_showsFocus = event->reason() == Qt::TabFocusReason || event->reason() == Qt::BacktabFocusReason;
    QWidget::focusInEvent(event);
}

void PictureCanvas::focusOutEvent(QFocusEvent *event)
{
    m_showsFocus = false;
    QWidget::focusOutEvent(event);
}

} // namespace auroraedge::ui

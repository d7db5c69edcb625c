#include "ui/widgets/filter_chip.h"

#include "ui/theme/theme.h"
#include "ui/widgets/painting.h"

#include <QKeyEvent>
#include <QPainter>
#include <QToolButton>

#include <algorithm>

namespace auroraedge::ui {

namespace {
constexpr int kMostTextPx = 260; ///< a span within one day is told whole
constexpr int kSignPx = 18;
}

FilterChip::FilterChip(const Theme &theme, Kind kind, const QString &title, QWidget *parent)
    : QAbstractButton(parent), m_theme(theme), m_kind(kind)
{
    setText(title);
    setFocusPolicy(Qt::TabFocus);
    setAttribute(Qt::WA_Hover);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    m_clear = new QToolButton(this);
    m_clear->setFocusPolicy(Qt::NoFocus); // Delete does the same
    m_clear->setIconSize({kSignPx, kSignPx});
    m_clear->setAccessibleName(tr("Clear %1").arg(title));
    m_clear->setToolTip(tr("Clear %1 (Delete)").arg(title).toHtmlEscaped());
    connect(m_clear, &QToolButton::clicked, this, &FilterChip::clearPressed);
    if (kind == Kind::Told)
        connect(this, &QAbstractButton::clicked, this, &FilterChip::clearPressed);
    connect(&theme, &Theme::changed, this, &FilterChip::refresh);
    setValue({});
}

void FilterChip::setValue(const QString &value)
{
    m_value = value;
    refresh();
}

QString FilterChip::label() const
{
    return m_value.isEmpty() || m_kind == Kind::Switch ? text() : tr("%1: %2").arg(text(), m_value);
}

void FilterChip::refresh()
{
    setAccessibleName(label());
    m_clear->setObjectName(objectName() + QStringLiteral(".clear"));
    m_clear->setVisible(!m_value.isEmpty());
    m_clear->setIcon(m_theme.icon(QStringLiteral("cross"), m_theme.colours().accentText));
    const bool isWhole = QFontMetrics(m_theme.font(TextRole::Label)).horizontalAdvance(label()) <= kMostTextPx;
    setToolTip(isWhole ? QString() : label().toHtmlEscaped());
    updateGeometry();
    update();
}

QSize FilterChip::sizeHint() const
{
    const int textWidth = std::min(QFontMetrics(m_theme.font(TextRole::Label)).horizontalAdvance(label()) + 1, kMostTextPx);
    const int sign = !m_value.isEmpty() ? kTouchPx : m_kind == Kind::List ? kSignPx + space::kM : space::kM;
    const int beforeSign = m_value.isEmpty() && m_kind == Kind::List ? space::kXs : 0;
    return {std::max(kTouchPx, space::kM + textWidth + beforeSign + sign), kTouchPx};
}

void FilterChip::resizeEvent(QResizeEvent *event)
{
    QAbstractButton::resizeEvent(event);
    m_clear->setGeometry(width() - kTouchPx, 0, kTouchPx, height());
}

void FilterChip::keyPressEvent(QKeyEvent *event)
{
    switch (event->key()) {
    case Qt::Key_Return:
    case Qt::Key_Enter: click(); return;
    case Qt::Key_Delete:
    case Qt::Key_Backspace:
        if (!m_value.isEmpty())
            Q_EMIT clearPressed();
        return;
    case Qt::Key_Left:
    case Qt::Key_Right:
    case Qt::Key_Up:
    case Qt::Key_Down: event->ignore(); return; // they belong to the pictures
    default: QAbstractButton::keyPressEvent(event);
    }
}

void FilterChip::paintEvent(QPaintEvent *)
{
    const ThemeColours &c = m_theme.colours();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const bool isSet = !m_value.isEmpty();
    painter.setPen(QPen(isSet ? c.accentText : c.outline, isSet ? 2 : 1));
    painter.setBrush(isDown() ? c.pressed : underMouse() ? c.hover : isSet ? c.accentSoft : c.surface);
    painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), radius::kMedium, radius::kMedium);
    const int sign = isSet ? kTouchPx : m_kind == Kind::List ? kSignPx + space::kM : space::kM;
    const QRect room = rect().adjusted(space::kM, 0, -sign, 0);
    painter.setFont(m_theme.font(TextRole::Label));
    painter.setPen(isSet && !underMouse() && !isDown() ? c.accentText : c.text);
    painter.drawText(room, Qt::AlignLeft | Qt::AlignVCenter, painter.fontMetrics().elidedText(label(), Qt::ElideRight, room.width()));
    if (!isSet && m_kind == Kind::List)
        m_theme.icon(QStringLiteral("chevron-down"), c.textMuted)
            .paint(&painter, width() - kSignPx - space::kS, (height() - kSignPx) / 2, kSignPx, kSignPx);
    if (hasFocus())
        paintFocusRing(painter, QRectF(rect()), radius::kMedium, c.focus);
}

} // namespace auroraedge::ui

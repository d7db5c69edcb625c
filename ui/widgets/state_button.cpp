#include "ui/widgets/state_button.h"

#include "ui/theme/theme.h"
#include "ui/widgets/painting.h"

#include <QPainter>

#include <algorithm>

namespace auroraedge::ui {

namespace {
constexpr int kIconPx = 22;
constexpr int kChevronPx = 16;
constexpr int kMaxWidthPx = 300;
} // namespace

StateButton::StateButton(const Theme &theme, const QString &icon, QWidget *parent)
    : QAbstractButton(parent), m_theme(theme), m_icon(icon)
{
    setFocusPolicy(Qt::TabFocus);
    setAttribute(Qt::WA_Hover);
    setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void StateButton::setState(const QString &name, const QString &state, Tone tone)
{
    setText(name);
    setToolTip(QStringLiteral("%1\n%2").arg(name, state).toHtmlEscaped());
    m_state = state;
    m_tone = tone;
    setAccessibleDescription(state);
    updateGeometry();
    update();
}

QSize StateButton::sizeHint() const
{
    const int textWidth = std::max(QFontMetrics(m_theme.font(TextRole::Label)).horizontalAdvance(text()),
                              QFontMetrics(m_theme.font(TextRole::Caption)).horizontalAdvance(m_state) + 14);
    return {std::min(kMaxWidthPx, space::kM + kIconPx + space::kM + textWidth + space::kM + kChevronPx + space::kM), kTouchPx};
}

QSize StateButton::minimumSizeHint() const
{
    return {150, kTouchPx};
}

void StateButton::paintEvent(QPaintEvent *)
{
    const ThemeColours &c = m_theme.colours();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(isDown() ? c.pressed : underMouse() ? c.hover : c.raised);
    painter.drawRoundedRect(rect(), radius::kMedium, radius::kMedium);
    m_theme.icon(m_icon, c.textMuted).paint(&painter, space::kM, (height() - kIconPx) / 2, kIconPx, kIconPx);
    m_theme.icon(QStringLiteral("chevron-down"), c.textMuted)
        .paint(&painter, width() - space::kM - kChevronPx, (height() - kChevronPx) / 2, kChevronPx, kChevronPx);

    const int x = space::kM + kIconPx + space::kM;
    const int textWidth = width() - x - space::kM - kChevronPx - space::kS;
    painter.setFont(m_theme.font(TextRole::Label));
    const QFontMetrics strong = painter.fontMetrics();
    painter.setFont(m_theme.font(TextRole::Caption));
    const QFontMetrics small = painter.fontMetrics();
    const int top = (height() - strong.height() - small.height()) / 2;
    painter.setFont(m_theme.font(TextRole::Label));
    painter.setPen(c.text);
    painter.drawText(QRect(x, top, textWidth, strong.height()), Qt::AlignLeft | Qt::AlignVCenter,
                     strong.elidedText(text(), Qt::ElideMiddle, textWidth));
    const QColor ink = m_tone == Tone::Fault     ? c.ngText
                       : m_tone == Tone::Warning ? c.unsureText
                       : m_tone == Tone::Active  ? c.accentText
                                                 : c.textMuted;
    const qreal dotY = top + strong.height() + small.height() / 2.0;
    painter.setPen(m_tone == Tone::Neutral ? QPen(ink, 1.5) : QPen(Qt::NoPen));
    painter.setBrush(m_tone == Tone::Neutral ? QBrush(Qt::NoBrush) : QBrush(ink));
    if (m_tone == Tone::Fault) // told apart from the round ones by shape
        painter.drawRect(QRectF(x, dotY - 4, 8, 8));
    else
        painter.drawEllipse(QPointF(x + 4, dotY), 3.5, 3.5);
    painter.setFont(m_theme.font(TextRole::Caption));
    painter.setPen(m_tone == Tone::Active ? c.textMuted : ink);
    painter.drawText(QRect(x + 14, top + strong.height(), textWidth - 14, small.height()), Qt::AlignLeft | Qt::AlignVCenter,
                     small.elidedText(m_state, Qt::ElideRight, textWidth - 14));
    if (hasFocus())
        paintFocusRing(painter, QRectF(rect()), radius::kMedium, c.focus);
}

} // namespace auroraedge::ui

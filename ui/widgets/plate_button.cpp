#include "ui/widgets/plate_button.h"

#include "ui/theme/theme.h"
#include "ui/widgets/painting.h"

#include <QPainter>

#include <algorithm>

namespace auroraedge::ui {

namespace {
constexpr int kMarkPx = 24;
constexpr int kLines = 2;
constexpr int kNarrowPx = 160;
constexpr int kLeastTextPx = 40, kMostTextPx = 200;
constexpr double kDisabledOpacity = 0.4;
}

PlateButton::PlateButton(const Theme &theme, Weight weight, QWidget *parent)
    : QAbstractButton(parent), m_theme(theme), m_weight(weight)
{
    setFocusPolicy(Qt::TabFocus);
    setAttribute(Qt::WA_Hover);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void PlateButton::setLabel(const QString &text)
{
    setText(text);
    updateGeometry();
    update();
}

void PlateButton::setKey(const QString &key)
{
    m_key = key;
    updateGeometry();
}

void PlateButton::setMark(Verdict verdict)
{
    m_mark = verdict;
    updateGeometry();
}

void PlateButton::setColours(const QColor &ground, const QColor &ink)
{
    m_ground = ground;
    m_ink = ink;
    update();
}

QFont PlateButton::labelFont() const
{
    return m_theme.font(m_mark || m_weight == Weight::Calm ? TextRole::Label : TextRole::Heading); // one of a list, or one of two
}

int PlateButton::keyWidth() const
{
    return QFontMetrics(m_theme.font(TextRole::Caption)).horizontalAdvance(m_key);
}

int PlateButton::padding() const
{
    return width() < kNarrowPx ? space::kS : space::kM;
}

int PlateButton::besideText(bool withKey) const
{
    return 2 * padding() + (m_mark ? kMarkPx + space::kS : 0) + (withKey ? keyWidth() + space::kS : 0);
}

int PlateButton::longestWord() const
{
    const QFontMetrics metrics(labelFont());
    int longest = kLeastTextPx;
    for (const QString &word : text().split(QLatin1Char(' ')))
        longest = std::max(longest, metrics.horizontalAdvance(word) + 1);
    return longest;
}

bool PlateButton::showsKey() const
{
    if (m_key.isEmpty())
        return false;
    const int room = width() - besideText(true);
    return longestWord() <= room && elidedLines(text(), labelFont(), room, kLines).isWhole;
}

QSize PlateButton::sizeHint() const
{
    int textWidth = longestWord();
    while (textWidth < kMostTextPx && !elidedLines(text(), labelFont(), textWidth, kLines).isWhole)
        textWidth += space::kS;
    const int paddings = 2 * (space::kM - padding()); // what a narrow one has saved
    return {besideText(!m_key.isEmpty()) + paddings + textWidth, kTouchPx};
}

QSize PlateButton::minimumSizeHint() const
{
    return {2 * space::kS + (m_mark ? kMarkPx + space::kS : 0) + longestWord(), kTouchPx};
}

void PlateButton::resizeEvent(QResizeEvent *event)
{
    QAbstractButton::resizeEvent(event);
    const int room = width() - besideText(showsKey());
    setToolTip(elidedLines(text(), labelFont(), room, kLines).isWhole ? m_key : text().toHtmlEscaped());
}

void PlateButton::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setOpacity(isEnabled() ? 1 : kDisabledOpacity);
    const bool isFilled = (m_weight == Weight::Strong) != isDown();
    const bool isCalm = m_weight == Weight::Calm;
    const ThemeColours &c = m_theme.colours();
    const QColor ink = isFilled ? m_ground : m_ink;
    const QColor ground = isFilled ? m_ink : isCalm && underMouse() ? c.hover : m_ground;
    painter.setPen(QPen(isCalm ? c.outline : m_ink, underMouse() && !isFilled && !isCalm ? 3 : 2));
    painter.setBrush(ground);
    painter.drawRoundedRect(QRectF(rect()).adjusted(1.5, 1.5, -1.5, -1.5), radius::kMedium, radius::kMedium);

    int x = padding();
    if (m_mark) {
        paintVerdictMark(painter, QRectF(x, (height() - kMarkPx) / 2.0, kMarkPx, kMarkPx), *m_mark,
                         isCalm ? verdictFill(c, *m_mark) : ink, isCalm ? verdictInk(c, *m_mark) : ground);
        x += kMarkPx + space::kS;
    }
    const int right = width() - padding();
    painter.setPen(ink);
    int labelRight = right;
    if (showsKey()) {
        labelRight -= keyWidth() + space::kS;
        painter.setFont(m_theme.font(TextRole::Caption));
        painter.drawText(QRect(labelRight, 0, right - labelRight, height()), Qt::AlignRight | Qt::AlignVCenter, m_key);
    }
    painter.setFont(labelFont());
    const QStringList lines = elidedLines(text(), painter.font(), labelRight - x, kLines).texts;
    const int textHeight = int(lines.size()) * painter.fontMetrics().height();
    const bool isAlone = m_key.isEmpty() && !m_mark;
    paintLines(painter, QRect(x, (height() - textHeight) / 2, labelRight - x, textHeight), lines, isAlone ? Qt::AlignHCenter : Qt::AlignLeft);
    if (hasFocus()) { // inside the edge, in the colour of the label: seen on every ground
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(ink, 2));
        painter.drawRoundedRect(QRectF(rect()).adjusted(5.5, 5.5, -5.5, -5.5), radius::kSmall, radius::kSmall);
    }
}

} // namespace auroraedge::ui

#include "ui/widgets/elided_label.h"

#include "ui/widgets/painting.h"

#include <QPainter>

#include <algorithm>

namespace auroraedge::ui {

ElidedLabel::ElidedLabel(int maxLines, QWidget *parent) : QLabel(parent), m_maxLines(maxLines)
{
    setTextFormat(Qt::PlainText);
    setWordWrap(true); // without it QLabel forgets heightForWidth() at each new text
    setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Minimum);
}

void ElidedLabel::setText(const QString &text)
{
    QLabel::setText(text);
    refreshToolTip();
    updateGeometry();
}

QSize ElidedLabel::sizeHint() const
{
    return {fontMetrics().horizontalAdvance(text()), fontMetrics().height()};
}

QSize ElidedLabel::minimumSizeHint() const
{
    return {0, fontMetrics().height()};
}

int ElidedLabel::heightForWidth(int width) const
{
    return std::max<int>(1, int(elidedLines(text(), font(), width, m_maxLines).texts.size())) * fontMetrics().height();
}

void ElidedLabel::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setPen(palette().color(foregroundRole()));
    const QStringList lines = elidedLines(text(), font(), width(), m_maxLines).texts;
    const int top = (height() - int(lines.size()) * fontMetrics().height()) / 2;
    paintLines(painter, rect().adjusted(0, top, 0, 0), lines, alignment() & Qt::AlignHorizontal_Mask);
}

void ElidedLabel::resizeEvent(QResizeEvent *event)
{
    QLabel::resizeEvent(event);
    refreshToolTip();
}

void ElidedLabel::refreshToolTip()
{
    setToolTip(elidedLines(text(), font(), width(), m_maxLines).isWhole ? QString() : text().toHtmlEscaped());
}

} // namespace auroraedge::ui

#include "ui/charts/chart_view.h"

#include "ui/theme/theme.h"
#include "ui/widgets/painting.h"

#include <QAccessible>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>

#include <algorithm>

namespace auroraedge::ui {

namespace {
constexpr int kMarginPx = 6; ///< for the focus ring
}

ChartView::ChartView(const Theme &theme, QWidget *parent) : QWidget(parent), m_theme(theme)
{
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    QSizePolicy policy(QSizePolicy::Ignored, QSizePolicy::Minimum);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void ChartView::setChart(std::shared_ptr<const Chart> chart)
{
    // What is counted anew under the eyes of a person stays marked where it is.
    const bool isSame = hasFocus() && m_chart && chart && m_chart->title() == chart->title();
    const int marked = m_marked;
    const qsizetype marks = m_marks.size();
    m_chart = std::move(chart);
    setAccessibleName(m_chart ? m_chart->title() : QString());
    layOut();
    mark(isSame && marks == m_marks.size() ? marked : -1);
    updateGeometry();
    update();
}

void ChartView::layOut()
{
    const QRectF area = QRectF(rect()).adjusted(kMarginPx, kMarginPx, -kMarginPx, -kMarginPx);
    m_marks = m_chart && !area.isEmpty() ? m_chart->marks(area, m_theme) : QList<ChartMark>();
    if (m_marked >= m_marks.size())
        m_marked = -1;
}

QSize ChartView::sizeHint() const
{
    return {480, heightForWidth(480)};
}

int ChartView::heightForWidth(int width) const
{
    return m_chart ? m_chart->heightFor(width - 2 * kMarginPx, m_theme) + 2 * kMarginPx : 0;
}

QRect ChartView::markedBox() const
{
    if (m_marked < 0)
        return {};
    const ChartMark &marked = m_marks.at(m_marked);
    return (marked.outline.isNull() ? marked.box : marked.outline).adjusted(-3, -3, 3, 3).toAlignedRect();
}

void ChartView::mark(int index)
{
    m_marked = index;
    const QString text = index >= 0 ? m_marks.at(index).text : QString();
    setAccessibleDescription(text.isEmpty() && m_chart ? m_chart->summary() : text);
    QAccessibleEvent told(this, QAccessible::DescriptionChanged);
    QAccessible::updateAccessibility(&told);
    Q_EMIT markChanged(text);
    update();
}

void ChartView::paintEvent(QPaintEvent *)
{
    if (!m_chart)
        return;
    QPainter painter(this);
    const ThemeColours &c = m_theme.colours();
    const QRectF area = QRectF(rect()).adjusted(kMarginPx, kMarginPx, -kMarginPx, -kMarginPx);
    painter.save();
    m_chart->paint(painter, area, m_theme);
    painter.restore();
    if (m_marked >= 0) {
        const QRectF box = QRectF(markedBox()).adjusted(1, 1, -1, -1);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(c.surface, 4)); // seen on every fill
        painter.drawRoundedRect(box, 4, 4);
        painter.setPen(QPen(c.focus, 2));
        painter.drawRoundedRect(box, 4, 4);
    }
    if (hasFocus())
        paintFocusRing(painter, QRectF(rect()), radius::kSmall, c.focus);
}

void ChartView::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    layOut();
}

void ChartView::keyPressEvent(QKeyEvent *event)
{
    const auto go = [&](int index) {
        if (index < 0 || index == m_marked)
            return event->ignore(); // the page scrolls
        mark(index);
    };
    switch (event->key()) {
    case Qt::Key_Left: return go(neighbourMark(m_marks, m_marked, -1, 0));
    case Qt::Key_Right: return go(neighbourMark(m_marks, m_marked, 1, 0));
    case Qt::Key_Up: return go(neighbourMark(m_marks, m_marked, 0, -1));
    case Qt::Key_Down: return go(neighbourMark(m_marks, m_marked, 0, 1));
    case Qt::Key_Home: return go(m_marks.isEmpty() ? -1 : 0);
    case Qt::Key_End: return go(int(m_marks.size()) - 1);
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (m_marked >= 0)
            Q_EMIT opened(ReviewFilter(m_marks.at(m_marked).opens)); // the marks may go with what it opens
        return;
    default: QWidget::keyPressEvent(event);
    }
}

void ChartView::mouseMoveEvent(QMouseEvent *event)
{
    const int under = markAt(m_marks, event->position());
    setCursor(under >= 0 ? Qt::PointingHandCursor : Qt::ArrowCursor);
    if (under >= 0 && under != m_marked)
        mark(under);
}

void ChartView::mouseReleaseEvent(QMouseEvent *event)
{
    const int under = markAt(m_marks, event->position());
    if (event->button() != Qt::LeftButton || under < 0)
        return;
    mark(under);
    Q_EMIT opened(ReviewFilter(m_marks.at(under).opens));
}

void ChartView::leaveEvent(QEvent *)
{
    if (!hasFocus())
        mark(-1);
}

void ChartView::focusInEvent(QFocusEvent *event)
{
    QWidget::focusInEvent(event);
    if (m_marked < 0 && !m_marks.isEmpty() && event->reason() != Qt::MouseFocusReason)
        mark(0);
}

void ChartView::focusOutEvent(QFocusEvent *event)
{
    QWidget::focusOutEvent(event);
    mark(-1);
}

} // namespace auroraedge::ui

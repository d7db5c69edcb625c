#include "ui/widgets/verdict_tile.h"

#include "ui/theme/theme.h"
#include "ui/widgets/painting.h"

#include <QPainter>

namespace auroraedge::ui {

VerdictTile::VerdictTile(const Theme &theme, QWidget *parent) : QWidget(parent), m_theme(theme)
{
    setObjectName(QStringLiteral("verdictTile"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void VerdictTile::showVerdict(Verdict verdict, const QString &reason)
{
    m_verdict = verdict;
    m_reason = reason;
    setAccessibleName(tr("Verdict %1").arg(verdictWord(verdict)));
    setAccessibleDescription(reason);
    setToolTip(reason.toHtmlEscaped());
    setVisible(true);
    update();
}

void VerdictTile::paintEvent(QPaintEvent *)
{
    if (!m_verdict)
        return;
    const ThemeColours &c = m_theme.colours();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QColor fill = verdictFill(c, *m_verdict);
    const QColor ink = verdictInk(c, *m_verdict);
    painter.setPen(Qt::NoPen);
    painter.setBrush(fill);
    painter.drawRoundedRect(rect(), radius::kMedium, radius::kMedium);

    const int markPx = height() - 2 * space::kL - 8;
    const QRectF mark(space::kXl, (height() - markPx) / 2.0, markPx, markPx);
    paintVerdictMark(painter, mark, *m_verdict, ink, fill);

    const int x = int(mark.right()) + space::kXl;
    const QRect text(x, 0, width() - x - space::kL, height());
    QFont word = m_theme.font(TextRole::Display);
    word.setPixelSize(*m_verdict == Verdict::Unsure ? 38 : 46);
    word.setWeight(QFont::Bold);
    const QFontMetrics wordMetrics(word);
    const QFontMetrics reasonMetrics(m_theme.font(TextRole::Label));
    const int reasonHeight = m_reason.isEmpty() ? 0 : reasonMetrics.height();
    const int top = (height() - wordMetrics.capHeight() - (reasonHeight ? reasonHeight + space::kS : 0)) / 2;
    painter.setPen(ink);
    painter.setFont(word);
    painter.drawText(QPoint(x, top + wordMetrics.capHeight()), verdictWord(*m_verdict));
    if (reasonHeight) {
        painter.setFont(m_theme.font(TextRole::Label));
        painter.drawText(QRect(x, top + wordMetrics.capHeight() + space::kS, text.width(), reasonHeight),
                         Qt::AlignLeft | Qt::AlignVCenter,
                         reasonMetrics.elidedText(m_reason, Qt::ElideRight, text.width()));
    }
}

} // namespace auroraedge::ui

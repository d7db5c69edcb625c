#include "ui/widgets/verdict_tile.h"

#include "ui/theme/theme.h"
#include "ui/widgets/painting.h"

#include <QPainter>

#include <algorithm>

namespace auroraedge::ui {

namespace {
constexpr int kMaxHeightPx = 220;
constexpr int kReasonLines = 2;
}

VerdictTile::VerdictTile(const Theme &theme, QWidget *parent) : QWidget(parent), m_theme(theme)
{
    setObjectName(QStringLiteral("verdictTile"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    setMaximumHeight(kMaxHeightPx);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void VerdictTile::showVerdict(Verdict verdict, const QString &reason, Age age)
{
    m_verdict = verdict;
    m_reason = reason;
    m_age = age;
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
    const bool isNewest = m_age == Age::Newest;
    const QColor fill = isNewest ? verdictFill(c, *m_verdict) : c.surface;
    const QColor ink = isNewest ? verdictInk(c, *m_verdict) : verdictText(c, *m_verdict);
    painter.setPen(isNewest ? QPen(Qt::NoPen) : QPen(ink, 2));
    painter.setBrush(fill);
    painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), radius::kMedium, radius::kMedium);

    const int markPx = std::min(height() - 2 * space::kXl, width() / 4);
    const QRectF mark(space::kL, (height() - markPx) / 2.0, markPx, markPx);
    paintVerdictMark(painter, mark, *m_verdict, ink, fill);

    const int x = int(mark.right()) + space::kL;
    const int room = width() - x - space::kL;
    QFont word = m_theme.font(TextRole::Display);
    word.setWeight(QFont::Bold);
    word.setPixelSize(height() * 4 / 9);
    if (const int needed = QFontMetrics(word).horizontalAdvance(verdictWord(*m_verdict)); needed > room)
        word.setPixelSize(word.pixelSize() * room / needed);
    const QFontMetrics wordMetrics(word);
    const QFont small = m_theme.font(TextRole::Label);
    const QStringList reason = elidedLines(m_reason, small, room, kReasonLines).texts;
    const int reasonHeight = reason.isEmpty() ? 0 : space::kM + int(reason.size()) * QFontMetrics(small).height();
    const int top = (height() - wordMetrics.capHeight() - reasonHeight) / 2;
    painter.setPen(ink);
    painter.setFont(word);
    painter.drawText(QPoint(x, top + wordMetrics.capHeight()), verdictWord(*m_verdict));
    painter.setFont(small);
    paintLines(painter, QRect(x, top + wordMetrics.capHeight() + space::kM, room, reasonHeight), reason);
}

} // namespace auroraedge::ui

#include "ui/widgets/verdict_tile.h"

#include "ui/theme/theme.h"
#include "ui/widgets/painting.h"

#include <QPainter>

#include <algorithm>

namespace auroraedge::ui {

namespace {
constexpr int kMostMarkPx = 200;
constexpr int kReasonLines = 2;
constexpr int kRoomForLargeReasonPx = 150; ///< height of the tile
}

VerdictTile::VerdictTile(const Theme &theme, QWidget *parent) : QWidget(parent), m_theme(theme)
{
    setObjectName(QStringLiteral("verdictTile"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
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
    const QColor ground = isNewest ? verdictFill(c, *m_verdict) : c.surface;
    const QColor ink = isNewest ? verdictInk(c, *m_verdict) : verdictText(c, *m_verdict);

    const bool isTall = height() > width(); // on a screen that stands upright the word goes below the mark
    const int markPx = isTall ? std::min({width() * 6 / 10, height() * 4 / 10, kMostMarkPx})
                              : std::min({height() - 2 * space::kM, width() * 3 / 10, kMostMarkPx});
    const int x = isTall ? 0 : markPx + space::kXl;
    const int room = width() - x;
    QFont word = m_theme.font(TextRole::Display);
    word.setWeight(QFont::Bold);
    word.setPixelSize(markPx * 9 / 10);
    if (const int needed = QFontMetrics(word).horizontalAdvance(verdictWord(*m_verdict)); needed > room)
        word.setPixelSize(word.pixelSize() * room / needed);
    const QFontMetrics wordMetrics(word);
    QFont small = m_theme.font(height() >= kRoomForLargeReasonPx ? TextRole::Title : TextRole::Heading);
    small.setWeight(QFont::Medium);
    const QStringList reason = m_reason.isEmpty() ? QStringList() : elidedLines(m_reason, small, room, kReasonLines).texts;
    const int reasonHeight = reason.isEmpty() ? 0 : space::kM + int(reason.size()) * QFontMetrics(small).height();
    const int above = isTall ? markPx + space::kXl : 0;
    const int start = (height() - above - wordMetrics.capHeight() - reasonHeight) / 2;
    const int top = start + above;
    paintVerdictMark(painter, QRectF(0, isTall ? start : (height() - markPx) / 2.0, markPx, markPx), *m_verdict, ink, ground);
    painter.setPen(ink);
    painter.setFont(word);
    painter.drawText(QPoint(x - wordMetrics.leftBearing(verdictWord(*m_verdict).front()), top + wordMetrics.capHeight()),
                     verdictWord(*m_verdict));
    painter.setFont(small);
    paintLines(painter, QRect(x, top + wordMetrics.capHeight() + space::kM, room, reasonHeight), reason);
}

} // namespace auroraedge::ui

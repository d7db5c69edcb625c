#include "ui/widgets/latency_card.h"

#include "ui/theme/theme.h"
#include "ui/widgets/painting.h"

#include <QLocale>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <array>

namespace auroraedge::ui {

namespace {

/// Cool steps of one family, told apart by lightness; verdict colours stay out of it.
QColor partColour(qsizetype index, ThemeKind kind)
{
    static constexpr std::array kDark{0x5b6b86, 0x8ab0f5, 0x4f8f9d, 0x7fc4c9, 0x9a8fe0, 0xc7b9f7, 0xdfe6f2};
    static constexpr std::array kLight{0x8a97ad, 0x2b5cbf, 0x1e6f7c, 0x4aa5ab, 0x5b4bb5, 0x9283d8, 0x3a4557};
    const auto &row = kind == ThemeKind::Dark ? kDark : kLight;
    return QColor(QRgb(row[std::size_t(index) % row.size()]));
}

constexpr int kBarPx = 14;
constexpr int kSlimPx = 36;
constexpr int kLegendRows = 4;

} // namespace

LatencyCard::LatencyCard(const Theme &theme, QWidget *parent) : QFrame(parent), m_theme(theme)
{
    setAccessibleName(tr("Time of each stage"));
    setProperty("card", true);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

int LatencyCard::lineHeight() const
{
    return QFontMetrics(m_theme.font(TextRole::Caption)).height() + space::kXs;
}

int LatencyCard::barBottom() const
{
    return space::kM + QFontMetrics(m_theme.font(TextRole::Label)).height() + space::kS + kBarPx;
}

QSize LatencyCard::sizeHint() const
{
    const int legend = kLegendRows * lineHeight() - space::kXs + space::kM;
    return {240, m_isSlim ? kSlimPx : barBottom() + space::kM + legend};
}

void LatencyCard::setSlim(bool isSlim)
{
    if (isSlim == m_isSlim)
        return;
    m_isSlim = isSlim;
    updateGeometry();
    update();
}

void LatencyCard::clear()
{
    m_parts.clear();
    m_totalMs = 0;
    m_note.clear();
    setToolTip({});
    update();
}

void LatencyCard::showLatencies(const StageLatencies &latency, bool encoderReused, int answerTokens)
{
    m_parts = parts(latency);
    m_totalMs = latency.totalMs;
    QStringList notes;
    if (encoderReused)
        notes << tr("picture features reused");
    if (answerTokens > 1 && latency.perTokenMs > 0)
        notes << tr("%1 tokens/s").arg(QLocale().toString(1000 / latency.perTokenMs, 'f', 0));
    m_note = notes.join(QStringLiteral(" · "));
    for (const Part &part : m_parts)
        notes << tr("%1 %2").arg(part.name, durationText(part.ms));
    setToolTip(notes.join(QLatin1Char('\n')));
    update();
}

QList<LatencyCard::Part> LatencyCard::parts(const StageLatencies &l)
{
    const double named = l.preprocessMs + l.encodeMs + l.projectMs + l.compressMs + l.fuseMs + l.prefillMs;
    return {{tr("Prepare"), l.preprocessMs}, {tr("Encode"), l.encodeMs}, {tr("Project"), l.projectMs},
            {tr("Compress"), l.compressMs},  {tr("Fuse"), l.fuseMs},     {tr("Prefill"), l.prefillMs},
            {tr("Generate"), std::max(0.0, l.totalMs - named)}};
}

void LatencyCard::paintEvent(QPaintEvent *event)
{
    QFrame::paintEvent(event);
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    if (m_isSlim)
        paintSlim(painter, rect().adjusted(space::kL, 0, -space::kL, 0));
    else
        paintFull(painter, rect().adjusted(space::kL, space::kM, -space::kL, -space::kM));
}

void LatencyCard::paintBar(QPainter &painter, const QRectF &bar) const
{
    QPainterPath shape;
    shape.addRoundedRect(bar, kBarPx / 2.0, kBarPx / 2.0);
    painter.fillPath(shape, m_theme.colours().raised);
    double sum = 0;
    for (const Part &part : m_parts)
        sum += part.ms;
    if (sum <= 0)
        return;
    painter.save();
    painter.setClipPath(shape);
    double x = bar.left();
    for (qsizetype index = 0; index < m_parts.size(); ++index) {
        const double width = bar.width() * m_parts.at(index).ms / sum;
        painter.fillRect(QRectF(x, bar.top(), std::max(0.0, width - (width > 4 ? 1.5 : 0)), bar.height()),
                         partColour(index, m_theme.kind()));
        x += width;
    }
    painter.restore();
}

void LatencyCard::paintSlim(QPainter &painter, const QRect &inner) const
{
    const ThemeColours &c = m_theme.colours();
    const QString total = m_parts.isEmpty() ? QStringLiteral("–") : durationText(m_totalMs);
    painter.setFont(m_theme.font(TextRole::Caption));
    painter.setPen(c.textMuted);
    const int titleWidth = painter.fontMetrics().horizontalAdvance(tr("Time")) + space::kM;
    painter.drawText(inner, Qt::AlignLeft | Qt::AlignVCenter, tr("Time"));
    painter.setFont(m_theme.font(TextRole::Label));
    painter.setPen(c.text);
    const int totalWidth = painter.fontMetrics().horizontalAdvance(total) + space::kM;
    painter.drawText(inner, Qt::AlignRight | Qt::AlignVCenter, total);
    paintBar(painter, QRectF(inner.left() + titleWidth, (height() - kBarPx) / 2.0, inner.width() - titleWidth - totalWidth, kBarPx));
}

void LatencyCard::paintFull(QPainter &painter, const QRect &inner) const
{
    const ThemeColours &c = m_theme.colours();
    painter.setFont(m_theme.font(TextRole::Label));
    painter.setPen(c.textMuted);
    const QFontMetrics metrics = painter.fontMetrics();
    painter.drawText(inner.left(), inner.top() + metrics.ascent(), tr("Time"));
    if (!m_parts.isEmpty()) {
        painter.setFont(m_theme.font(TextRole::Heading));
        painter.setPen(c.text);
        const QString total = durationText(m_totalMs);
        const int totalWidth = painter.fontMetrics().horizontalAdvance(total);
        painter.drawText(inner.right() - totalWidth + 1, inner.top() + metrics.ascent(), total);
        painter.setFont(m_theme.font(TextRole::Caption));
        painter.setPen(c.textMuted);
        const int noteLeft = inner.left() + metrics.horizontalAdvance(tr("Time")) + space::kM;
        const int noteWidth = inner.right() - totalWidth - space::kM - noteLeft;
        painter.drawText(QRect(noteLeft, inner.top(), noteWidth, metrics.height()), Qt::AlignLeft | Qt::AlignVCenter,
                         painter.fontMetrics().elidedText(m_note, Qt::ElideRight, noteWidth));
    }
    paintBar(painter, QRectF(inner.left(), barBottom() - kBarPx, inner.width(), kBarPx));

    painter.setFont(m_theme.font(TextRole::Caption));
    const QFontMetrics small = painter.fontMetrics();
    const int top = barBottom() + space::kM;
    if (m_parts.isEmpty()) {
        painter.setPen(c.textMuted);
        painter.drawText(QRect(inner.left(), top, inner.width(), inner.bottom() - top), Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap,
                         tr("Each stage of the next answer is shown here in milliseconds."));
        return;
    }
    constexpr int kGapPx = space::kXl;
    const int columnWidth = (inner.width() - kGapPx) / 2;
    for (qsizetype index = 0; index < m_parts.size(); ++index) {
        const Part &part = m_parts.at(index);
        const int x = inner.left() + int(index / kLegendRows) * (columnWidth + kGapPx);
        const int y = top + int(index % kLegendRows) * lineHeight();
        painter.setPen(Qt::NoPen);
        painter.setBrush(partColour(index, m_theme.kind()));
        painter.drawRoundedRect(QRectF(x, y + (small.height() - 10) / 2.0, 10, 10), 3, 3);
        painter.setPen(part.ms > 0 ? c.text : c.textDisabled);
        painter.drawText(QRect(x + 10 + space::kS, y, columnWidth - 10 - space::kS, small.height()), Qt::AlignLeft | Qt::AlignVCenter, part.name);
        painter.drawText(QRect(x, y, columnWidth, small.height()), Qt::AlignRight | Qt::AlignVCenter,
                         part.ms > 0 ? durationText(part.ms) : QStringLiteral("–"));
    }
}

} // namespace auroraedge::ui

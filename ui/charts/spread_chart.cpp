#include "ui/charts/spread_chart.h"

#include "ui/charts/chart_painting.h"
#include "ui/widgets/painting.h"

#include <QPainter>

#include <algorithm>
#include <array>

namespace auroraedge::ui {

namespace {

constexpr double kRowPx = 32, kBarPx = 14;
constexpr std::array kFigures{&LatencySpread::p50Ms, &LatencySpread::p95Ms, &LatencySpread::p99Ms, &LatencySpread::maxMs};

double headPx(const Theme &theme)
{
    return QFontMetricsF(theme.font(TextRole::Caption)).height() + space::kS;
}

ReviewFilter slowestOf(const LatencySpread &spread, ReviewFilter about)
{
    about.stage = {spread.stage, spread.p95Ms, 0};
    return about;
}

} // namespace

SpreadChart::SpreadChart(QString title, QList<Row> rows) : m_title(std::move(title)), m_rows(std::move(rows))
{
    for (Row &row : m_rows)
        row.spread.name = shownName(row.spread.name);
}

std::shared_ptr<const Chart> SpreadChart::stages(const LatencySpreads &stages, const ReviewFilter &about)
{
    QList<Row> rows;
    for (const LatencySpread &stage : stages)
        rows.append({stage, slowestOf(stage, about), false});
    return std::make_shared<SpreadChart>(tr("Time of each stage"), rows);
}

std::shared_ptr<const Chart> SpreadChart::groups(const LatencySpreads &byModel, const LatencySpreads &byDevice, const ReviewFilter &about)
{
    QList<Row> rows;
    const auto add = [&](const QString &heading, const LatencySpreads &spreads, bool isModel) {
        if (spreads.isEmpty())
            return;
        rows.append({{.name = heading}, {}, true});
        for (const LatencySpread &spread : spreads) {
            ReviewFilter opens = slowestOf(spread, about);
            (isModel ? opens.model : opens.device) = spread.name;
            rows.append({spread, opens, false});
        }
    };
    add(tr("by model"), byModel, true);
    add(tr("by device"), byDevice, false);
    return std::make_shared<SpreadChart>(tr("Time by model and device"), rows);
}

bool SpreadChart::isEmpty() const
{
    return std::ranges::all_of(m_rows, [](const Row &row) { return row.spread.count == 0; });
}

QString SpreadChart::summary() const
{
    const auto first = std::ranges::find_if(m_rows, [](const Row &row) { return !row.isHeading && row.spread.count > 0; });
    if (first == m_rows.end())
        return {};
    return tr("%1: half below %2, 95 % below %3").arg(first->spread.name, durationText(first->spread.p50Ms), durationText(first->spread.p95Ms));
}

int SpreadChart::heightFor(int, const Theme &theme) const
{
    return int(headPx(theme) + kRowPx * double(m_rows.size())) + space::kXs;
}

double SpreadChart::topMs() const
{
    double top = 0;
    for (const Row &row : m_rows)
        top = std::max(top, row.spread.p99Ms);
    return top > 0 ? top : 1;
}

double SpreadChart::figurePx(const Theme &theme) const
{
    const QFontMetricsF metrics(theme.font(TextRole::Caption));
    double width = metrics.horizontalAdvance(QStringLiteral("p50"));
    for (const Row &row : m_rows) {
        for (const auto figure : kFigures)
            width = std::max(width, metrics.horizontalAdvance(durationText(row.spread.*figure)));
    }
    return width + space::kM;
}

QRectF SpreadChart::plotOf(const QRectF &area, const Theme &theme) const
{
    const QFontMetricsF metrics(theme.font(TextRole::Caption));
    double names = 0;
    for (const Row &row : m_rows)
        names = std::max(names, metrics.horizontalAdvance(row.spread.name) + 2);
    names = std::min(names, area.width() * 0.26);
    const double left = names + space::kM;
    return {area.left() + left, area.top() + headPx(theme), std::max(0.0, area.width() - left - figurePx(theme) * double(kFigures.size())),
            kRowPx * double(m_rows.size())};
}

QList<ChartMark> SpreadChart::marks(const QRectF &area, const Theme &theme) const
{
    const QRectF plot = plotOf(area, theme);
    QList<ChartMark> marks;
    for (int i = 0; i < m_rows.size(); ++i) {
        const LatencySpread &spread = m_rows.at(i).spread;
        if (m_rows.at(i).isHeading || spread.count == 0)
            continue;
        QString told = tr("%1: half below %2, 95 % below %3, 99 % below %4, longest %5, %6 answers")
                           .arg(spread.name, durationText(spread.p50Ms), durationText(spread.p95Ms), durationText(spread.p99Ms),
                                durationText(spread.maxMs), countText(spread.count));
        if (spread.slow >= 0)
            told = tr("%1; opens the slowest %2").arg(told, countText(spread.slow));
        marks.append({QRectF(area.left(), plot.top() + i * kRowPx, area.width(), kRowPx), told, m_rows.at(i).opens, spread.slow, 0, i});
    }
    return marks;
}

void SpreadChart::paint(QPainter &painter, const QRectF &area, const Theme &theme) const
{
    const ThemeColours &c = theme.colours();
    const QRectF plot = plotOf(area, theme);
    const double figure = figurePx(theme), pxPerMs = plot.width() / topMs();
    painter.setFont(theme.font(TextRole::Caption));
    const QFontMetricsF metrics(painter.font());
    const auto column = [&](std::size_t index, double y, double height) {
        return QRectF(plot.right() + double(index) * figure, y, figure, height);
    };
    painter.setPen(c.textMuted);
    const std::array heads{QStringLiteral("p50"), QStringLiteral("p95"), QStringLiteral("p99"), tr("max")};
    for (std::size_t i = 0; i < heads.size(); ++i)
        painter.drawText(column(i, area.top(), metrics.height()), int(Qt::AlignRight | Qt::AlignVCenter), heads[i]);
    for (int i = 0; i < m_rows.size(); ++i) {
        const Row &row = m_rows.at(i);
        const double y = plot.top() + i * kRowPx;
        painter.setPen(row.isHeading ? c.textMuted : c.text);
        paintLine(painter, QRectF(area.left(), y, plot.left() - area.left() - space::kM, kRowPx), Qt::AlignLeft | Qt::AlignVCenter, row.spread.name);
        if (row.isHeading || row.spread.count == 0)
            continue;
        const double middle = y + kRowPx / 2, barTop = middle - kBarPx / 2;
        const double half = row.spread.p50Ms * pxPerMs, most = row.spread.p95Ms * pxPerMs, nearlyAll = row.spread.p99Ms * pxPerMs;
        painter.setPen(QPen(c.text, 2));
        painter.drawLine(QPointF(plot.left() + most, middle), QPointF(plot.left() + nearlyAll, middle));
        painter.drawLine(QPointF(plot.left() + nearlyAll, middle - 5), QPointF(plot.left() + nearlyAll, middle + 5));
        paintBar(painter, QRectF(plot.left() + half, barTop, std::max(0.0, most - half), kBarPx), {c.accentSoft, c.accentText, Pattern::Diagonal});
        paintBar(painter, QRectF(plot.left(), barTop, half, kBarPx), {c.accent, c.onAccent, Pattern::Solid});
        painter.setPen(c.text);
        for (std::size_t value = 0; value < kFigures.size(); ++value)
            painter.drawText(column(value, y, kRowPx), int(Qt::AlignRight | Qt::AlignVCenter), durationText(row.spread.*kFigures[value]));
    }
}

} // namespace auroraedge::ui

#include "ui/charts/pareto_chart.h"

#include "ui/charts/chart_painting.h"

#include <QPainter>
#include <QPolygonF>

#include <algorithm>

namespace auroraedge::ui {

namespace {

constexpr double kRowPx = 30, kBarPx = 18, kLeastBarPx = 2;

double headPx(const Theme &theme)
{
    return QFontMetricsF(theme.font(TextRole::Caption)).height() + space::kS;
}

} // namespace

ParetoChart::ParetoChart(const DefectCounts &defects, ReviewFilter about)
{
    DefectCounts sorted = defects;
    std::ranges::stable_sort(sorted, std::greater(), &DefectCount::count);
    for (const DefectCount &defect : std::as_const(sorted))
        m_total += defect.count;
    about.verdicts.clear(); // a class is what a person said
    qint64 sum = 0;
    const auto add = [&](const QString &name, qint64 count, const QString &defectClass) {
        sum += count;
        ReviewFilter opens = about;
        opens.defectClass = defectClass;
        if (defectClass.isEmpty()) {
            opens.withoutClass = true;
            opens.judgements = {Verdict::Ng};
        }
        m_rows.append({name, count, double(sum) / double(m_total), opens});
    };
    for (const DefectCount &defect : std::as_const(sorted)) {
        if (defect.count <= 0)
            continue;
        if (m_rows.size() < kMostRows) {
            add(defect.defectClass.isEmpty() ? tr("no class") : shownName(defect.defectClass), defect.count, defect.defectClass);
        } else {
            ++m_restClasses;
            m_restDefects += defect.count;
        }
    }
}

QString ParetoChart::title() const
{
    return tr("Defects");
}

QString ParetoChart::summary() const
{
    if (isEmpty())
        return {};
    const QString told = tr("%1 defects found by people; most often: %2 (%3)")
                             .arg(countText(m_total), m_rows.first().name, shareText(m_rows.first().cumulative));
    return m_restClasses > 0 ? tr("%1. Not drawn: %2 more classes with %3").arg(told, countText(m_restClasses), countText(m_restDefects)) : told;
}

int ParetoChart::heightFor(int, const Theme &theme) const
{
    return int(headPx(theme) + kRowPx * double(m_rows.size())) + space::kXs;
}

QRectF ParetoChart::plotOf(const QRectF &area, const Theme &theme) const
{
    const QFontMetricsF metrics(theme.font(TextRole::Caption));
    double names = 0;
    for (const Row &row : m_rows)
        names = std::max(names, metrics.horizontalAdvance(row.name) + 2);
    names = std::min(names, area.width() * 0.34);
    const double counts = std::max(metrics.horizontalAdvance(countText(m_total)), metrics.horizontalAdvance(tr("count"))) + space::kL;
    const double shares = metrics.horizontalAdvance(shareText(0.999)) + space::kM;
    return {area.left() + names + space::kM, area.top() + headPx(theme), area.width() - names - space::kM - counts - shares,
            kRowPx * double(m_rows.size())};
}

QList<ChartMark> ParetoChart::marks(const QRectF &area, const Theme &theme) const
{
    const QRectF plot = plotOf(area, theme);
    QList<ChartMark> marks;
    for (int i = 0; i < m_rows.size(); ++i) {
        const Row &row = m_rows.at(i);
        const double share = double(row.count) / double(m_total);
        const double y = plot.top() + i * kRowPx;
        marks.append({QRectF(area.left(), y, area.width(), kRowPx),
                      tr("%1: %2 (%3), with those above %4")
                          .arg(row.name, countText(row.count), shareText(share), shareText(row.cumulative)),
                      row.opens, row.count, 0, i,
                      QRectF(plot.left(), y + (kRowPx - kBarPx) / 2, std::max(kLeastBarPx, plot.width() * share), kBarPx)});
    }
    return marks;
}

void ParetoChart::paint(QPainter &painter, const QRectF &area, const Theme &theme) const
{
    const ThemeColours &c = theme.colours();
    const QRectF plot = plotOf(area, theme);
    painter.setFont(theme.font(TextRole::Caption));
    const QFontMetricsF metrics(painter.font());
    const double shares = metrics.horizontalAdvance(shareText(0.999)) + space::kM;
    painter.setPen(c.textMuted);
    painter.drawText(QRectF(plot.right(), area.top(), area.right() - plot.right() - shares, metrics.height()),
                     int(Qt::AlignRight | Qt::AlignVCenter), tr("count"));
    painter.drawText(QRectF(area.right() - shares, area.top(), shares, metrics.height()), int(Qt::AlignRight | Qt::AlignVCenter),
                     tr("sum"));
    for (int quarter = 0; quarter <= 4; ++quarter) {
        const double x = plot.left() + plot.width() * quarter / 4;
        painter.setPen(QPen(quarter == 0 ? c.outlineStrong : c.outline, 1));
        painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()));
        painter.setPen(c.textMuted);
        if (quarter % 2 == 0) // the last one ends at its line: the counts begin beyond it
            painter.drawText(QRectF(quarter == 4 ? x - 60 : x - 30, area.top(), 60, metrics.height()),
                             int(quarter == 4 ? Qt::AlignRight : Qt::AlignHCenter) | Qt::AlignVCenter, shareText(quarter / 4.0));
    }
    const QList<ChartMark> rows = marks(area, theme);
    QPolygonF line;
    for (int i = 0; i < m_rows.size(); ++i) {
        const Row &row = m_rows.at(i);
        const double y = plot.top() + i * kRowPx;
        paintBar(painter, rows.at(i).outline, {c.accent, c.onAccent, Pattern::Solid});
        painter.setPen(c.text);
        paintLine(painter, QRectF(area.left(), y, plot.left() - area.left() - space::kM, kRowPx), Qt::AlignLeft | Qt::AlignVCenter, row.name);
        painter.drawText(QRectF(plot.right(), y, area.right() - plot.right() - shares, kRowPx), int(Qt::AlignRight | Qt::AlignVCenter),
                         countText(row.count));
        painter.setPen(c.textMuted);
        painter.drawText(QRectF(area.right() - shares, y, shares, kRowPx), int(Qt::AlignRight | Qt::AlignVCenter), shareText(row.cumulative));
        line << QPointF(plot.left() + plot.width() * row.cumulative, y + kRowPx / 2);
    }
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(c.surface, 5)); // keeps off the bars
    painter.drawPolyline(line);
    painter.setPen(QPen(c.text, 2));
    painter.drawPolyline(line);
    painter.setPen(QPen(c.text, 2));
    painter.setBrush(c.surface);
    for (const QPointF &point : std::as_const(line))
        painter.drawEllipse(point, 4, 4);
}

} // namespace auroraedge::ui

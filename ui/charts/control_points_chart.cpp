#include "ui/charts/control_points_chart.h"

#include "ui/charts/chart_painting.h"
#include "ui/widgets/painting.h"

#include <QPainter>
#include <QPolygonF>

#include <algorithm>
#include <cmath>

namespace auroraedge::ui {

namespace {

constexpr double kMarkPx = 16, kSquarePx = 9;

double shareOf(const ControlPoint &point)
{
    return point.count > 0 ? double(point.ng) / double(point.count) : 0;
}

void paintPoint(QPainter &painter, const QPointF &at, bool isBeyond, bool isInRun, double radiusPx, const ThemeColours &c)
{
    if (isBeyond) {
        paintVerdictMark(painter, QRectF(at.x() - kMarkPx / 2, at.y() - kMarkPx / 2, kMarkPx, kMarkPx), Verdict::Ng, c.ng, c.onNg);
        return;
    }
    painter.setPen(QPen(isInRun ? c.text : c.accentText, 1.5));
    painter.setBrush(isInRun ? c.unsure : c.surface);
    if (isInRun)
        painter.drawRect(QRectF(at.x() - kSquarePx / 2, at.y() - kSquarePx / 2, kSquarePx, kSquarePx));
    else
        painter.drawEllipse(at, radiusPx, radiusPx);
}

} // namespace

ControlPointsChart::ControlPointsChart(ControlChart chart, ReviewFilter about) : m_chart(std::move(chart)), m_about(std::move(about)) {}

QString ControlPointsChart::title() const
{
    return tr("NG share and its limits");
}

QString ControlPointsChart::summary() const
{
    if (isEmpty())
        return {};
    const qint64 beyond = std::ranges::count_if(m_chart.points, &ControlPoint::isBeyond);
    const qint64 runs = std::ranges::count_if(m_chart.points, &ControlPoint::isInRun);
    QString sentence = tr("NG share %1 in all; beyond a limit: %2, in runs of eight: %3 of %4 groups")
                           .arg(shareText(m_chart.centre), countText(beyond), countText(runs), countText(m_chart.points.size()));
    if (m_chart.isSparse)
        sentence += tr(". Few NG are expected in a group: the limits are rough.");
    return sentence;
}

int ControlPointsChart::heightFor(int, const Theme &) const
{
    return 228;
}

ControlPointsChart::Layout ControlPointsChart::layOut(const QRectF &area, const Theme &theme) const
{
    const double caption = QFontMetricsF(theme.font(TextRole::Caption)).height();
    double most = 0;
    for (const ControlPoint &point : m_chart.points)
        most = std::max({most, shareOf(point), point.high});
    const Axis axis = niceAxis(most * 1.05, 4, false);
    Layout layout;
    layout.top = axis.top;
    layout.step = axis.step;
    const double left = levelWidth(axis, true, theme) + space::kS;
    layout.plot = area.adjusted(left, caption * 1.5 + space::kM, 0, -caption - space::kS);
    layout.columnPx = layout.plot.width() / double(std::max<qsizetype>(1, m_chart.points.size()));
    return layout;
}

QPointF ControlPointsChart::pointAt(int index, double share, const QRectF &area, const Theme &theme) const
{
    const Layout layout = layOut(area, theme);
    return {layout.plot.left() + (index + 0.5) * layout.columnPx, layout.plot.bottom() - layout.plot.height() * share / layout.top};
}

QList<ChartMark> ControlPointsChart::marks(const QRectF &area, const Theme &theme) const
{
    QList<ChartMark> marks;
    const Layout layout = layOut(area, theme);
    for (int i = 0; i < m_chart.points.size(); ++i) {
        const ControlPoint &point = m_chart.points.at(i);
        ReviewFilter opens = m_about;
        opens.from = m_about.from.isValid() ? std::max(point.from, m_about.from) : point.from;
        opens.until = m_about.until.isValid() ? std::min(point.until, m_about.until) : point.until;
        opens.counted = {Verdict::Ng};
        QString told = tr("%1: NG %2 of %3 (%4), limits %5 to %6")
                           .arg(spanText(opens.from, opens.until), countText(point.ng), countText(point.count), shareText(shareOf(point)),
                                shareText(point.low), shareText(point.high));
        if (point.isBeyond)
            told += tr(", beyond a limit");
        if (point.isInRun)
            told += tr(", in a run of eight");
        const QPointF at(layout.plot.left() + (i + 0.5) * layout.columnPx, layout.plot.bottom() - layout.plot.height() * shareOf(point) / layout.top);
        marks.append({QRectF(layout.plot.left() + i * layout.columnPx, layout.plot.top(), layout.columnPx, layout.plot.height()), told, opens, point.ng, i, 0,
                      QRectF(at.x() - 11, at.y() - 11, 22, 22)});
    }
    return marks;
}

void ControlPointsChart::paint(QPainter &painter, const QRectF &area, const Theme &theme) const
{
    const ThemeColours &c = theme.colours();
    const Layout layout = layOut(area, theme);
    const QRectF &plot = layout.plot;
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(theme.font(TextRole::Caption));
    const QFontMetricsF metrics(painter.font());
    const double legendMiddle = area.top() + metrics.height() / 2;
    double x = area.left();
    const auto legend = [&](const QString &words, auto paintSign) {
        paintSign(QPointF(x + 9, legendMiddle));
        painter.setPen(c.text);
        const double width = metrics.horizontalAdvance(words) + 2;
        painter.drawText(QRectF(x + 18 + space::kS, area.top(), width, metrics.height()), int(Qt::AlignLeft | Qt::AlignVCenter), words);
        x += 18 + space::kS + width + space::kL;
    };
    legend(tr("limits"), [&](const QPointF &at) {
        painter.setPen(QPen(c.textMuted, 1.5));
        painter.drawLine(at - QPointF(9, 0), at + QPointF(9, 0));
    });
    legend(tr("beyond a limit"), [&](const QPointF &at) { paintPoint(painter, at, true, false, 3, c); });
    legend(tr("run of eight"), [&](const QPointF &at) { paintPoint(painter, at, false, true, 3, c); });

    painter.setRenderHint(QPainter::Antialiasing, false);
    paintLevels(painter, plot, {layout.top, layout.step}, true, theme);
    painter.setRenderHint(QPainter::Antialiasing);
    const auto yOf = [&](double share) { return plot.bottom() - plot.height() * share / layout.top; };
    QPolygonF low, high, line;
    for (int i = 0; i < m_chart.points.size(); ++i) {
        const ControlPoint &point = m_chart.points.at(i);
        const double left = plot.left() + i * layout.columnPx, right = left + layout.columnPx;
        low << QPointF(left, yOf(point.low)) << QPointF(right, yOf(point.low));
        high << QPointF(left, yOf(point.high)) << QPointF(right, yOf(point.high));
        line << QPointF((left + right) / 2, yOf(shareOf(point)));
    }
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(c.textMuted, 1.5));
    painter.drawPolyline(high);
    painter.drawPolyline(low);
    QPen dashes(c.textMuted, 1.5);
    dashes.setDashPattern({5, 4});
    painter.setPen(dashes);
    painter.drawLine(QPointF(plot.left(), yOf(m_chart.centre)), QPointF(plot.right(), yOf(m_chart.centre)));
    painter.setPen(QPen(c.accentText, 1.5));
    painter.drawPolyline(line);
    const double radius = std::clamp(layout.columnPx / 3, 1.0, 4.0);
    for (int i = 0; i < m_chart.points.size(); ++i)
        paintPoint(painter, line.at(i), m_chart.points.at(i).isBeyond, m_chart.points.at(i).isInRun, radius, c);

    painter.setPen(c.textMuted);
    const double labelPx = metrics.horizontalAdvance(QStringLiteral("88 MMM")) + space::kM;
    const int every = std::max(1, int(std::ceil(labelPx / layout.columnPx)));
    for (int i = 0; i < m_chart.points.size(); i += every) {
        const ControlPoint &point = m_chart.points.at(i);
        const bool isDay = point.from.secsTo(point.until) >= 24 * 3600 || point.from.toLocalTime().time() == QTime(0, 0);
        const QRectF box(plot.left() + (i + 0.5) * layout.columnPx - labelPx / 2, plot.bottom() + space::kXs, labelPx, metrics.height());
        if (box.right() > area.right() + space::kM)
            continue; // it would reach into the one before, or out of the chart
        painter.drawText(box, Qt::AlignCenter, isDay ? dayText(point.from) : clockText(point.from));
    }
}

} // namespace auroraedge::ui

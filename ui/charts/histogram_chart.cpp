#include "ui/charts/histogram_chart.h"

#include "ui/charts/chart_painting.h"
#include "ui/widgets/painting.h"

#include <QPainter>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace auroraedge::ui {

namespace {

constexpr double kFirstRowPx = 132, kRowPx = 72; ///< without the name above it
constexpr double kLeastBarPx = 2;

qint64 sumOf(const LatencyHistogram &times)
{
    return std::accumulate(times.counts.begin(), times.counts.end(), qint64(0));
}

double captionPx(const Theme &theme)
{
    return QFontMetricsF(theme.font(TextRole::Caption)).height();
}

} // namespace

HistogramChart::HistogramChart(QList<LatencyHistogram> times, ReviewFilter about) : m_times(std::move(times)), m_about(std::move(about))
{
    for (const LatencyHistogram &each : std::as_const(m_times)) {
        for (int bin = 0; bin < each.counts.size(); ++bin)
            m_bins = each.counts.at(bin) > 0 ? std::max(m_bins, bin + 1) : m_bins;
    }
}

QString HistogramChart::title() const
{
    return tr("Time of an answer");
}

bool HistogramChart::isEmpty() const
{
    return m_bins == 0;
}

QString HistogramChart::summary() const
{
    if (isEmpty())
        return {};
    const LatencyHistogram &all = m_times.first();
    const auto most = std::ranges::max_element(all.counts);
    const double from = double(most - all.counts.begin()) * all.binMs;
    return tr("%1 answers, most often between %2 and %3").arg(countText(sumOf(all)), durationText(from), durationText(from + all.binMs));
}

QString HistogramChart::nameOf(const LatencyHistogram &times)
{
    if (!times.model.isEmpty() && !times.device.isEmpty())
        return tr("%1 on %2").arg(shownName(times.model), shownName(times.device));
    const QString name = shownName(times.model + times.device);
    return name.isEmpty() ? tr("All answers") : name;
}

int HistogramChart::heightFor(int, const Theme &theme) const
{
    const double names = double(m_times.size()) * (captionPx(theme) + space::kM);
    return int(kFirstRowPx + kRowPx * double(m_times.size() - 1) + names + captionPx(theme) + space::kS);
}

QList<HistogramChart::Row> HistogramChart::layOut(const QRectF &area, const Theme &theme) const
{
    QList<Row> rows;
    double left = 0, y = area.top();
    for (const LatencyHistogram &times : m_times)
        left = std::max(left, levelWidth(niceAxis(double(*std::ranges::max_element(times.counts)), 2, true), false, theme) + space::kS);
    for (int i = 0; i < m_times.size(); ++i) {
        Row row;
        row.name = QRectF(area.left(), y, area.width(), captionPx(theme));
        row.plot = QRectF(area.left() + left, y + captionPx(theme) + space::kM - space::kXs, area.width() - left,
                          (i == 0 ? kFirstRowPx : kRowPx) - space::kXs);
        row.top = niceAxis(double(*std::ranges::max_element(m_times.at(i).counts)), 2, true).top;
        y = row.plot.bottom() + 2 * space::kXs;
        rows.append(row);
    }
    return rows;
}

QRectF HistogramChart::barOf(int row, int bin, const Row &layout) const
{
    const qint64 count = m_times.at(row).counts.at(bin);
    const double width = layout.plot.width() / m_bins;
    const double height = count > 0 ? std::max(kLeastBarPx, layout.plot.height() * double(count) / layout.top) : 0;
    const double gap = width > 5 ? 1 : 0;
    return {layout.plot.left() + bin * width, layout.plot.bottom() - height, width - gap, height};
}

QList<ChartMark> HistogramChart::marks(const QRectF &area, const Theme &theme) const
{
    QList<ChartMark> marks;
    if (isEmpty())
        return marks;
    const QList<Row> rows = layOut(area, theme);
    for (int row = 0; row < m_times.size(); ++row) {
        const LatencyHistogram &times = m_times.at(row);
        const qint64 sum = sumOf(times);
        for (int bin = 0; bin < std::min(m_bins, int(times.counts.size())); ++bin) {
            const qint64 count = times.counts.at(bin);
            if (count == 0)
                continue;
            const QRectF bar = barOf(row, bin, rows.at(row));
            ReviewFilter opens = m_about;
            const bool isLast = bin + 1 == times.counts.size();
            opens.stage = {QStringLiteral("total"), bin * times.binMs, isLast ? 0 : (bin + 1) * times.binMs};
            if (!times.model.isEmpty())
                opens.model = times.model;
            if (!times.device.isEmpty())
                opens.device = times.device;
            const QString span = isLast ? tr("%1 and more").arg(durationText(bin * times.binMs))
                                        : tr("%1 to %2").arg(durationText(bin * times.binMs), durationText((bin + 1) * times.binMs));
            marks.append({QRectF(bar.left(), rows.at(row).plot.top(), bar.width(), rows.at(row).plot.height()),
                          tr("%1, %2: %3 of %4 (%5)")
                              .arg(nameOf(times), span, countText(count), countText(sum), shareText(double(count) / double(sum))),
                          opens, count, bin, row, bar});
        }
    }
    return marks;
}

void HistogramChart::paint(QPainter &painter, const QRectF &area, const Theme &theme) const
{
    if (isEmpty())
        return;
    const ThemeColours &c = theme.colours();
    const QList<Row> rows = layOut(area, theme);
    for (int row = 0; row < m_times.size(); ++row) {
        const Row &layout = rows.at(row);
        painter.setFont(theme.font(TextRole::Caption));
        painter.setPen(row == 0 ? c.text : c.textMuted);
        paintLine(painter, layout.name, Qt::AlignLeft | Qt::AlignVCenter,
                  tr("%1 (%2)").arg(nameOf(m_times.at(row)), countText(sumOf(m_times.at(row)))));
        paintLevels(painter, layout.plot, niceAxis(double(*std::ranges::max_element(m_times.at(row).counts)), 2, true), false, theme);
        for (int bin = 0; bin < std::min(m_bins, int(m_times.at(row).counts.size())); ++bin) {
            if (const QRectF bar = barOf(row, bin, layout); !bar.isEmpty())
                paintBar(painter, bar, {c.accent, c.onAccent, Pattern::Solid});
        }
    }
    const QRectF plot = rows.last().plot;
    const double allMs = m_bins * m_times.first().binMs;
    const QFontMetricsF metrics(painter.font());
    const double labelPx = metrics.horizontalAdvance(durationText(8888)) + space::kXl;
    const Axis axis = niceAxis(allMs, std::max(1, int(plot.width() / labelPx) - 1), false);
    painter.setPen(c.textMuted);
    for (double ms = 0; ms <= allMs * 1.0001; ms += axis.step) {
        QRectF box(plot.left() + plot.width() * ms / allMs - labelPx / 2, plot.bottom() + space::kXs, labelPx, metrics.height());
        const bool isAtEnd = box.right() > area.right();
        if (isAtEnd)
            box.moveRight(area.right());
        painter.drawText(box, int(isAtEnd ? Qt::AlignRight : Qt::AlignHCenter) | Qt::AlignVCenter,
                         ms > 0 ? durationText(ms) : tr("0"));
    }
}

} // namespace auroraedge::ui

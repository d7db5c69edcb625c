#include "ui/charts/hours_chart.h"

#include "ui/charts/chart_painting.h"
#include "ui/widgets/painting.h"

#include <QMap>
#include <QPainter>

#include <algorithm>
#include <array>
#include <cmath>

namespace auroraedge::ui {

namespace {

struct Part
{
    std::optional<Verdict> verdict; ///< none: neither judged nor with a verdict
    qint64 HourCounts::*count;
};
/// From the top, as they are stacked.
constexpr std::array kParts{Part{std::nullopt, &HourCounts::none}, Part{Verdict::Unsure, &HourCounts::unsure},
                            Part{Verdict::Ng, &HourCounts::ng}, Part{Verdict::Ok, &HourCounts::ok}};
constexpr double kLeastColumnPx = 9, kMostBarPx = 64, kLeastPartPx = 2;
constexpr std::array kHoursEach{1, 2, 3, 4, 6, 12, 24, 48, 168, 336, 720, 2160, 8760};

QString partName(const Part &part)
{
    return part.verdict ? verdictWord(*part.verdict) : HoursChart::tr("no verdict");
}

/// Hours on the wall clock, so that longer bars begin at local midnight.
qint64 localHour(const QDateTime &at)
{
    const QDateTime local = at.toLocalTime();
    return (local.toSecsSinceEpoch() + local.offsetFromUtc()) / 3600;
}

QDateTime atLocalHour(qint64 hour)
{
    const QDateTime wall = QDateTime::fromSecsSinceEpoch(hour * 3600, Qt::UTC);
    return QDateTime(wall.date(), wall.time()).toUTC();
}

} // namespace

HoursChart::HoursChart(HoursCounted hours, ReviewFilter about) : m_hours(std::move(hours)), m_about(std::move(about)) {}

QString HoursChart::title() const
{
    return tr("Answers by hour");
}

bool HoursChart::isEmpty() const
{
    return std::ranges::all_of(m_hours, [](const HourCounts &hour) { return hour.all() == 0; });
}

QString HoursChart::summary() const
{
    HourCounts sum;
    for (const HourCounts &hour : m_hours) {
        for (const Part &part : kParts)
            sum.*part.count += hour.*part.count;
        sum.failed += hour.failed;
    }
    const qint64 judged = sum.ok + sum.ng;
    const QString yield = judged > 0 ? shareText(double(sum.ok) / double(judged)) : QStringLiteral("–");
    const QString told = tr("%1 answers, yield %2 (OK of OK and NG)").arg(countText(sum.all()), yield);
    return sum.failed > 0 ? tr("%1, failed: %2").arg(told, countText(sum.failed)) : told;
}

int HoursChart::heightFor(int, const Theme &) const
{
    return 228;
}

HoursChart::Layout HoursChart::layOut(const QRectF &area, const Theme &theme) const
{
    const QFontMetricsF caption(theme.font(TextRole::Caption));
    Layout layout;
    qint64 first = 0, last = 0; // hours, both drawn
    if (m_about.from.isValid() && m_about.until.isValid()) {
        first = localHour(m_about.from);
        last = localHour(m_about.until.addSecs(-1));
    } else if (!m_hours.isEmpty()) {
        first = localHour(m_hours.first().from);
        last = localHour(m_hours.last().from);
    }
    for (const HourCounts &hour : m_hours) { // whatever was counted is drawn
        first = std::min(first, localHour(hour.from));
        last = std::max(last, localHour(hour.from));
    }
    const double legend = caption.height() + space::kM;
    const double labels = caption.height() + space::kS;
    const double roomForLevels = caption.horizontalAdvance(countText(88'888)) + space::kM;
    const double widest = area.width() - roomForLevels;
    for (const int hours : kHoursEach) {
        layout.hoursEach = hours;
        layout.columns = int(last / hours - first / hours) + 1;
        if (layout.columns * kLeastColumnPx <= widest)
            break;
    }
    layout.firstColumn = first / layout.hoursEach;
    QMap<qint64, Bar> bars;
    qint64 most = 0;
    for (const HourCounts &hour : m_hours) {
        if (hour.all() == 0)
            continue;
        const qint64 place = localHour(hour.from) / layout.hoursEach;
        Bar &bar = bars[place];
        bar.from = atLocalHour(place * layout.hoursEach);
        bar.until = atLocalHour((place + 1) * layout.hoursEach);
        bar.first = bar.first.isValid() ? std::min(bar.first, hour.from) : hour.from;
        bar.last = bar.last.isValid() ? std::max(bar.last, hour.from) : hour.from;
        bar.column = int(place - layout.firstColumn);
        for (const Part &part : kParts)
            bar.counts.*part.count += hour.*part.count;
        bar.counts.failed += hour.failed;
        most = std::max(most, bar.counts.all());
    }
    layout.bars = bars.values();
    const Axis axis = niceAxis(double(most), 4, true);
    layout.top = axis.top;
    layout.step = axis.step;
    const double left = levelWidth(axis, false, theme) + space::kS;
    layout.plot = area.adjusted(left, legend + caption.height() / 2, 0, -labels);
    layout.columnPx = layout.plot.width() / layout.columns;
    layout.barPx = std::min(kMostBarPx, layout.columnPx * 0.78);
    return layout;
}

QRectF HoursChart::boxOf(const Layout &layout, const Bar &bar, int part)
{
    const double x = layout.plot.left() + (bar.column + 0.5) * layout.columnPx - layout.barPx / 2;
    double bottom = layout.plot.bottom();
    for (int i = int(kParts.size()) - 1; i >= 0; --i) {
        const qint64 count = bar.counts.*kParts[std::size_t(i)].count;
        // A single NG among thousands must be seen.
        const double height = count > 0 ? std::max(kLeastPartPx, layout.plot.height() * double(count) / layout.top) : 0;
        bottom -= height;
        if (i == part)
            return {x, bottom, layout.barPx, height};
    }
    return {};
}

QList<ChartMark> HoursChart::marks(const QRectF &area, const Theme &theme) const
{
    const Layout layout = layOut(area, theme);
    QList<ChartMark> marks;
    for (const Bar &bar : layout.bars) {
        ReviewFilter filter = m_about;
        const QDateTime first = bar.first.toUTC(), end = bar.last.toUTC().addSecs(3600);
        filter.from = m_about.from.isValid() ? std::max(first, m_about.from.toUTC()) : first;
        filter.until = m_about.until.isValid() ? std::min(end, m_about.until.toUTC()) : end;
        const QString when = spanText(m_about.from.isValid() ? std::max(bar.from, m_about.from) : bar.from,
                                      m_about.until.isValid() ? std::min(bar.until, m_about.until) : bar.until);
        const qint64 total = bar.counts.all();
        const double x = layout.plot.left() + bar.column * layout.columnPx;
        QStringList counts;
        for (auto part = kParts.rbegin(); part != kParts.rend(); ++part)
            if (part->verdict || bar.counts.*part->count > 0) // that none lacks a verdict goes without saying
                counts.append(QStringLiteral("%1 %2").arg(partName(*part), countText(bar.counts.*part->count)));
        if (bar.counts.failed > 0)
            counts.append(tr("of these failed %1").arg(countText(bar.counts.failed)));
        const double top = boxOf(layout, bar, 0).top();
        marks.append({QRectF(x, layout.plot.top(), layout.columnPx, layout.plot.height()),
                      tr("%1: %2 answers – %3").arg(when, countText(total), counts.join(QStringLiteral(", "))),
                      filter, total, bar.column, 0,
                      QRectF(x + (layout.columnPx - layout.barPx) / 2, top, layout.barPx, layout.plot.bottom() - top)});
        for (int i = 0; i < int(kParts.size()); ++i) {
            const Part &part = kParts[std::size_t(i)];
            const qint64 count = bar.counts.*part.count;
            if (count == 0)
                continue;
            ReviewFilter opens = filter;
            if (part.verdict)
                opens.counted = {*part.verdict};
            else
                opens.countedNone = true;
            marks.append({boxOf(layout, bar, i),
                          tr("%1: %2 %3 of %4 (%5)")
                              .arg(when, partName(part), countText(count), countText(total), shareText(double(count) / double(total))),
                          opens, count, bar.column, i + 1});
        }
    }
    return marks;
}

void HoursChart::paint(QPainter &painter, const QRectF &area, const Theme &theme) const
{
    const ThemeColours &c = theme.colours();
    const Layout layout = layOut(area, theme);
    painter.setFont(theme.font(TextRole::Caption));
    const QFontMetricsF metrics(painter.font());
    double x = area.left();
    for (auto part = kParts.rbegin(); part != kParts.rend(); ++part) {
        paintBar(painter, QRectF(x, area.top() + (metrics.height() - 12) / 2, 16, 12), barLook(c, part->verdict));
        painter.setPen(c.text);
        const double width = metrics.horizontalAdvance(partName(*part)) + 2;
        painter.drawText(QRectF(x + 16 + space::kS, area.top(), width, metrics.height()), int(Qt::AlignLeft | Qt::AlignVCenter), partName(*part));
        x += 16 + space::kS + width + space::kL;
    }
    paintLevels(painter, layout.plot, {layout.top, layout.step}, false, theme);
    for (const Bar &bar : layout.bars) {
        for (int i = 0; i < int(kParts.size()); ++i) {
            if (const QRectF box = boxOf(layout, bar, i); !box.isEmpty())
                paintBar(painter, box, barLook(c, kParts[std::size_t(i)].verdict));
        }
    }
    const bool isDays = layout.hoursEach >= 24;
    const double labelPx = metrics.horizontalAdvance(QStringLiteral("88 MMM")) + space::kM;
    const int every = std::max(1, int(std::ceil(labelPx / layout.columnPx)));
    painter.setPen(c.textMuted);
    for (int column = 0; column < layout.columns; column += every) {
        const QDateTime at = atLocalHour((layout.firstColumn + column) * layout.hoursEach);
        const bool isMidnight = at.toLocalTime().time().hour() == 0;
        const QRectF box(layout.plot.left() + (column + 0.5) * layout.columnPx - labelPx / 2, layout.plot.bottom() + space::kXs, labelPx, metrics.height());
        if (box.right() > area.right() + space::kM)
            continue; // it would reach into the one before, or out of the chart
        painter.drawText(box, Qt::AlignCenter, isDays || isMidnight ? dayText(at) : clockText(at));
    }
}

} // namespace auroraedge::ui

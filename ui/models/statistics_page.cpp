#include "ui/models/statistics_page.h"

#include <algorithm>
#include <cmath>

namespace auroraedge::ui {

namespace {
constexpr qsizetype kRunLength = 8;
constexpr double kLeastExpected = 5;
}

ControlChart controlChart(QList<ControlPoint> points)
{
    ControlChart chart;
    qint64 count = 0, ng = 0;
    for (const ControlPoint &point : points) {
        count += point.count;
        ng += point.ng;
    }
    chart.centre = count > 0 ? double(ng) / double(count) : 0;
    qsizetype runStart = 0;
    int runSide = 0;
    for (qsizetype i = 0; i < points.size(); ++i) {
        ControlPoint &point = points[i];
        const double share = point.count > 0 ? double(point.ng) / double(point.count) : chart.centre;
        const double reach = point.count > 0 ? 3 * std::sqrt(chart.centre * (1 - chart.centre) / double(point.count)) : 1;
        point.low = std::max(0.0, chart.centre - reach);
        point.high = std::min(1.0, chart.centre + reach);
        point.isBeyond = share < point.low || share > point.high;
        point.isInRun = false;
        chart.isSparse = chart.isSparse || double(point.count) * chart.centre < kLeastExpected;
        const int side = share > chart.centre ? 1 : share < chart.centre ? -1 : 0;
        if (side != runSide)
            runStart = i;
        runSide = side;
        if (side != 0 && i - runStart + 1 >= kRunLength)
            std::for_each(points.begin() + runStart, points.begin() + i + 1, [](ControlPoint &each) { each.isInRun = true; });
    }
    chart.points = std::move(points);
    return chart;
}

std::optional<double> cohenKappa(const VerdictTable &table)
{
    double all = 0, agreed = 0;
    std::array<double, 3> first{}, second{};
    for (std::size_t row = 0; row < 3; ++row) {
        for (std::size_t column = 0; column < 3; ++column) {
            const double count = double(table.counts[row][column]);
            all += count;
            first[row] += count;
            second[column] += count;
            agreed += row == column ? count : 0;
        }
    }
    if (all <= 0)
        return std::nullopt;
    double chance = 0;
    for (std::size_t verdict = 0; verdict < 3; ++verdict)
        chance += first[verdict] * second[verdict] / (all * all);
    if (chance >= 1)
        return std::nullopt;
    return (agreed / all - chance) / (1 - chance);
}

} // namespace auroraedge::ui

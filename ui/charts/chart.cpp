#include "ui/charts/chart.h"

#include <algorithm>
#include <cstdlib>
#include <tuple>
#include <utility>

namespace auroraedge::ui {

int neighbourMark(const QList<ChartMark> &marks, int current, int dx, int dy)
{
    if (current < 0 || current >= marks.size())
        return marks.isEmpty() ? -1 : 0;
    if (dx != 0 && std::ranges::all_of(marks, [&](const ChartMark &mark) { return mark.column == marks.first().column; }))
        std::swap(dx, dy); // one column: all arrows go along it
    const ChartMark &from = marks.at(current);
    int best = current;
    std::tuple<int, int> bestDistance;
    for (int i = 0; i < marks.size(); ++i) {
        const int along = dx != 0 ? (marks.at(i).column - from.column) * dx : (marks.at(i).row - from.row) * dy;
        const int aside = std::abs(dx != 0 ? marks.at(i).row - from.row : marks.at(i).column - from.column);
        if (along <= 0 || (dy != 0 && aside != 0))
            continue;
        const std::tuple distance(along, aside);
        if (best == current || distance < bestDistance) {
            best = i;
            bestDistance = distance;
        }
    }
    return best;
}

int markAt(const QList<ChartMark> &marks, const QPointF &point)
{
    int best = -1;
    double bestArea = 0;
    for (int i = 0; i < marks.size(); ++i) {
        const QRectF &box = marks.at(i).box;
        const double area = box.width() * box.height();
        if (box.contains(point) && (best < 0 || area < bestArea)) {
            best = i;
            bestArea = area;
        }
    }
    return best;
}

} // namespace auroraedge::ui

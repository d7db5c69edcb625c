#pragma once

#include "ui/charts/chart.h"
#include "ui/models/statistics_page.h"

#include <QCoreApplication>

namespace auroraedge::ui {

/// NG share of each subgroup as a p-chart: the limits are steps, each of the size of its own subgroup. A point beyond a
/// limit is a red octagon with a cross, one of a run of eight an amber square.
class ControlPointsChart final : public Chart
{
    Q_DECLARE_TR_FUNCTIONS(auroraedge::ui::ControlPointsChart)

public:
    ControlPointsChart(ControlChart chart, ReviewFilter about);

    [[nodiscard]] QString title() const override;
    [[nodiscard]] QString summary() const override;
    [[nodiscard]] bool isEmpty() const override { return m_chart.points.isEmpty(); }
    [[nodiscard]] int heightFor(int width, const Theme &theme) const override;
    [[nodiscard]] QList<ChartMark> marks(const QRectF &area, const Theme &theme) const override;
    void paint(QPainter &painter, const QRectF &area, const Theme &theme) const override;

    /// Where share @p share of the point @p index is drawn.
    [[nodiscard]] QPointF pointAt(int index, double share, const QRectF &area, const Theme &theme) const;

private:
    struct Layout
    {
        QRectF plot;
        double top = 1, step = 1; ///< of the axis
        double columnPx = 1;
    };
    [[nodiscard]] Layout layOut(const QRectF &area, const Theme &theme) const;

    ControlChart m_chart;
    ReviewFilter m_about;
};

} // namespace auroraedge::ui

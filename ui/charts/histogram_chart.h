#pragma once

#include "ui/charts/chart.h"
#include "ui/models/statistics_page.h"

#include <QCoreApplication>

namespace auroraedge::ui {

/// How long answers took: one histogram for all, below it one for each model and device, over one axis of time.
class HistogramChart final : public Chart
{
    Q_DECLARE_TR_FUNCTIONS(auroraedge::ui::HistogramChart)

public:
    /// @p times have equal bins.
    HistogramChart(QList<LatencyHistogram> times, ReviewFilter about);

    [[nodiscard]] QString title() const override;
    [[nodiscard]] QString summary() const override;
    [[nodiscard]] bool isEmpty() const override;
    [[nodiscard]] int heightFor(int width, const Theme &theme) const override;
    [[nodiscard]] QList<ChartMark> marks(const QRectF &area, const Theme &theme) const override;
    void paint(QPainter &painter, const QRectF &area, const Theme &theme) const override;

private:
    struct Row
    {
        QRectF name, plot;
        double top = 1; ///< of its axis
    };
    [[nodiscard]] QList<Row> layOut(const QRectF &area, const Theme &theme) const;
    [[nodiscard]] QRectF barOf(int row, int bin, const Row &layout) const;
    [[nodiscard]] static QString nameOf(const LatencyHistogram &times);

    QList<LatencyHistogram> m_times;
    ReviewFilter m_about;
    int m_bins = 0; ///< up to the last one with an answer
};

} // namespace auroraedge::ui

#pragma once

#include "ui/charts/chart.h"
#include "ui/models/statistics_page.h"

#include <QCoreApplication>

namespace auroraedge::ui {

/// Defect classes, the most frequent first, each a bar of its share of all, and a line of the shares added up. Names stand
/// left of their bars: they are long. Of more than kMostRows the rest is told and not drawn.
class ParetoChart final : public Chart
{
    Q_DECLARE_TR_FUNCTIONS(auroraedge::ui::ParetoChart)

public:
    static constexpr int kMostRows = 40;

    ParetoChart(const DefectCounts &defects, ReviewFilter about);

    [[nodiscard]] QString title() const override;
    [[nodiscard]] QString summary() const override;
    [[nodiscard]] bool isEmpty() const override { return m_total == 0; }
    [[nodiscard]] int heightFor(int width, const Theme &theme) const override;
    [[nodiscard]] QList<ChartMark> marks(const QRectF &area, const Theme &theme) const override;
    void paint(QPainter &painter, const QRectF &area, const Theme &theme) const override;

private:
    struct Row
    {
        QString name;
        qint64 count = 0;
        double cumulative = 0; ///< share, with this one
        ReviewFilter opens;
    };
    [[nodiscard]] QRectF plotOf(const QRectF &area, const Theme &theme) const;

    QList<Row> m_rows;
    qint64 m_total = 0;
    qint64 m_restClasses = 0, m_restDefects = 0; ///< that are not drawn
};

} // namespace auroraedge::ui

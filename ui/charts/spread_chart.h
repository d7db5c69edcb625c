#pragma once

#include "ui/charts/chart.h"
#include "ui/models/statistics_page.h"

#include <QCoreApplication>

#include <memory>

namespace auroraedge::ui {

/// A table of percentiles with a bar in each row: solid up to half of the answers, hatched up to 95 % and a line up to 99 %
/// of them. The greatest value is told as a number only: one answer would press all bars flat.
class SpreadChart final : public Chart
{
    Q_DECLARE_TR_FUNCTIONS(auroraedge::ui::SpreadChart)

public:
    struct Row
    {
        LatencySpread spread;
        ReviewFilter opens;
        bool isHeading = false; ///< only its name is shown
    };
    SpreadChart(QString title, QList<Row> rows);

    /// Stages of an answer. Each opens the answers that took the p95 of that stage, or longer, as do groups().
    [[nodiscard]] static std::shared_ptr<const Chart> stages(const LatencySpreads &stages, const ReviewFilter &about);
    /// Whole answers by model and by device.
    [[nodiscard]] static std::shared_ptr<const Chart> groups(const LatencySpreads &byModel, const LatencySpreads &byDevice, const ReviewFilter &about);

    [[nodiscard]] QString title() const override { return m_title; }
    [[nodiscard]] QString summary() const override;
    [[nodiscard]] bool isEmpty() const override;
    [[nodiscard]] int heightFor(int width, const Theme &theme) const override;
    [[nodiscard]] QList<ChartMark> marks(const QRectF &area, const Theme &theme) const override;
    void paint(QPainter &painter, const QRectF &area, const Theme &theme) const override;

    /// Where the bars are drawn, and up to what time.
    [[nodiscard]] QRectF plotOf(const QRectF &area, const Theme &theme) const;
    [[nodiscard]] double topMs() const;

private:
    [[nodiscard]] double figurePx(const Theme &theme) const;

    QString m_title;
    QList<Row> m_rows;
};

} // namespace auroraedge::ui

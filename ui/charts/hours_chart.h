#pragma once

#include "ui/charts/chart.h"
#include "ui/models/statistics_page.h"

#include <QCoreApplication>

namespace auroraedge::ui {

/// Answers by hour, stacked: OK below, then NG, UNSURE and those without a verdict. Where hours would be too narrow they are added up to
/// longer bars that begin at full local hours or days.
class HoursChart final : public Chart
{
    Q_DECLARE_TR_FUNCTIONS(auroraedge::ui::HoursChart)

public:
    /// @p about: the span that is drawn, where it has both ends, and what every bar opens besides its own time.
    HoursChart(HoursCounted hours, ReviewFilter about);

    [[nodiscard]] QString title() const override;
    [[nodiscard]] QString summary() const override;
    [[nodiscard]] bool isEmpty() const override;
    [[nodiscard]] int heightFor(int width, const Theme &theme) const override;
    [[nodiscard]] QList<ChartMark> marks(const QRectF &area, const Theme &theme) const override;
    void paint(QPainter &painter, const QRectF &area, const Theme &theme) const override;

private:
    struct Bar
    {
        QDateTime from, until;   ///< as it is told
        QDateTime first, last;   ///< of the hours that it adds up, first to last: where local hours are no whole ones, it is exact
        HourCounts counts;
        int column = 0;
    };
    struct Layout
    {
        QRectF plot;
        double top = 1, step = 1; ///< of the axis
        int columns = 1, hoursEach = 1;
        double columnPx = 1, barPx = 1;
        qint64 firstColumn = 0; ///< since 1970, in local time
        QList<Bar> bars;
    };
    [[nodiscard]] Layout layOut(const QRectF &area, const Theme &theme) const;
    [[nodiscard]] static QRectF boxOf(const Layout &layout, const Bar &bar, int part);

    HoursCounted m_hours;
    ReviewFilter m_about;
};

} // namespace auroraedge::ui

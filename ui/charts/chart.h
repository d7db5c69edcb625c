#pragma once

#include "ui/models/review_filter.h"

#include <QList>
#include <QPointF>
#include <QRectF>
#include <QString>

class QPainter;

namespace auroraedge::ui {

class Theme;

/// A place of a chart that can be marked, told in words and opened.
struct ChartMark
{
    QRectF box;           ///< where it is pressed
    QString text;         ///< what it tells: "14:00 – 15:00, NG: 3 of 412"
    ReviewFilter opens;   ///< exactly the answers that it counts
    qint64 count = -1;    ///< of them; below 0: not counted yet
    int column = 0, row = 0; ///< for the arrow keys; rows from the top
    QRectF outline = {}; ///< drawn around it where that is another place than the box
};

/// Values in the form of a picture. It knows no widget: the same code paints on the screen, in a file and on a page.
/// Lengths are device-independent pixels. Thread: any: nothing of it ever changes, and it paints on no pixmap.
class Chart
{
public:
    Chart() = default;
    Chart(const Chart &) = delete;
    Chart &operator=(const Chart &) = delete;
    virtual ~Chart() = default;

    [[nodiscard]] virtual QString title() const = 0;
    [[nodiscard]] virtual QString summary() const = 0; ///< one sentence that tells the whole
    [[nodiscard]] virtual bool isEmpty() const = 0;    ///< there is nothing to draw
    [[nodiscard]] virtual int heightFor(int width, const Theme &theme) const = 0;
    /// In reading order. Pure geometry: what paint() draws in @p area.
    [[nodiscard]] virtual QList<ChartMark> marks(const QRectF &area, const Theme &theme) const = 0;
    virtual void paint(QPainter &painter, const QRectF &area, const Theme &theme) const = 0;
};

/// The mark that an arrow key goes to from @p current: columns by @p dx, rows by @p dy; @p current where none lies there.
[[nodiscard]] int neighbourMark(const QList<ChartMark> &marks, int current, int dx, int dy);
/// The smallest mark under @p point; -1: none.
[[nodiscard]] int markAt(const QList<ChartMark> &marks, const QPointF &point);

} // namespace auroraedge::ui

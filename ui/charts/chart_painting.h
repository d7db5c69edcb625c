#pragma once

#include "ui/models/verdict.h"
#include "ui/theme/theme.h"

#include <QDateTime>
#include <QRectF>
#include <QString>

#include <optional>

class QPainter;

/// Strokes that the charts share. Nothing here clips or needs pixels, as files of lines know neither.
namespace auroraedge::ui {

/// Told apart without colour, too.
enum class Pattern { Solid = 1, Diagonal, Horizontal, Crossed };

struct BarLook
{
    QColor fill, ink;
    Pattern pattern = Pattern::Solid;
};
/// The look of a verdict; none: an answer that failed.
[[nodiscard]] BarLook barLook(const ThemeColours &colours, std::optional<Verdict> verdict);
void paintBar(QPainter &painter, const QRectF &bar, const BarLook &look);

struct Axis
{
    double top = 1;  ///< at least what was asked for
    double step = 1; ///< 1, 2 or 5 times a power of ten
};
/// For values from 0 to @p most in about @p steps steps. @param isWhole of counts: no step below 1.
[[nodiscard]] Axis niceAxis(double most, int steps, bool isWhole);
/// Lines across @p plot with their values left of it. @param isShare told as percentages.
void paintLevels(QPainter &painter, const QRectF &plot, const Axis &axis, bool isShare, const Theme &theme);
[[nodiscard]] double levelWidth(const Axis &axis, bool isShare, const Theme &theme);

/// Text from outside on one line, without signs that no file of lines can hold.
[[nodiscard]] QString shownName(const QString &text);
/// One line, elided in the middle where it does not fit.
void paintLine(QPainter &painter, const QRectF &box, Qt::Alignment alignment, const QString &text);

[[nodiscard]] QString countText(qint64 count);
[[nodiscard]] QString shareText(double share);        ///< one decimal below 10 %
[[nodiscard]] QString clockText(const QDateTime &at); ///< local, "14:00"
[[nodiscard]] QString dayText(const QDateTime &at);   ///< local, "9 Mar"
/// Local: "9 Mar 14:00 – 15:00".
[[nodiscard]] QString spanText(const QDateTime &from, const QDateTime &until);
[[nodiscard]] QString momentText(const QDateTime &at); ///< local, "9 Mar 14:00"

} // namespace auroraedge::ui

#pragma once

#include "ui/models/verdict.h"
#include "ui/theme/theme.h"

#include <QRectF>
#include <QString>
#include <QStringList>

class QPainter;

/// Strokes and words that several painted widgets share, so that a verdict looks the same everywhere.
namespace auroraedge::ui {

/// OK = circle with a tick, NG = octagon with a cross, UNSURE = triangle with a question mark: told apart by shape.
/// @p fill and @p ink: the shape and the sign on it.
void paintVerdictMark(QPainter &painter, const QRectF &box, Verdict verdict, const QColor &fill, const QColor &ink);
[[nodiscard]] QString verdictWord(Verdict verdict); ///< "OK", "NG", "UNSURE": never translated
[[nodiscard]] QColor verdictFill(const ThemeColours &colours, Verdict verdict);
[[nodiscard]] QColor verdictInk(const ThemeColours &colours, Verdict verdict);
[[nodiscard]] QColor verdictText(const ThemeColours &colours, Verdict verdict); ///< on a plain surface

/// The part @p region (shares of the picture) of a picture drawn in @p target: framed, and all around it dimmed.
void paintRegion(QPainter &painter, const QRectF &target, const QRectF &region, const QColor &frame);

/// A focus ring around @p box, inside the widget.
void paintFocusRing(QPainter &painter, const QRectF &box, qreal cornerPx, const QColor &colour);

/// Text broken into lines, the last of them with an ellipsis where not all fits. Thread: GUI.
struct ElidedLines
{
    QStringList texts;
    bool isWhole = true; ///< nothing was left out
};
[[nodiscard]] ElidedLines elidedLines(const QString &text, const QFont &font, int width, int maxLines);
/// Draws with the painter's pen and font, from the top of @p box.
void paintLines(QPainter &painter, const QRect &box, const QStringList &lines, Qt::Alignment horizontal = Qt::AlignLeft);

/// "612 ms", "4.1 s"; one style for every duration of the window.
[[nodiscard]] QString durationText(double ms);
/// "97 %"
[[nodiscard]] QString percentText(double fraction);

} // namespace auroraedge::ui

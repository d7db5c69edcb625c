#include "ui/charts/chart_painting.h"

#include "ui/widgets/painting.h"

#include <QCoreApplication>
#include <QLocale>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace auroraedge::ui {

namespace {

constexpr double kHatchPx = 5;

/// Parallels to the rising diagonal of @p box, @p dx being 1; to the falling one for -1.
void paintDiagonals(QPainter &painter, const QRectF &box, int dx)
{
    for (double offset = kHatchPx; offset < box.width() + box.height(); offset += kHatchPx) {
        // From the left and lower edge to the upper and right one; ends where the box ends.
        const QPointF start(std::max(0.0, offset - box.height()), std::min(offset, box.height()));
        const QPointF end(std::min(offset, box.width()), std::max(0.0, offset - box.width()));
        const auto at = [&](const QPointF &p) { return QPointF(dx > 0 ? box.left() + p.x() : box.right() - p.x(), box.top() + p.y()); };
        painter.drawLine(at(start), at(end));
    }
}

} // namespace

BarLook barLook(const ThemeColours &c, std::optional<Verdict> verdict)
{
    if (!verdict)
        return {c.raised, c.textMuted, Pattern::Crossed};
    const Pattern pattern = *verdict == Verdict::Ok ? Pattern::Solid : *verdict == Verdict::Ng ? Pattern::Diagonal : Pattern::Horizontal;
    return {verdictFill(c, *verdict), verdictInk(c, *verdict), pattern};
}

void paintBar(QPainter &painter, const QRectF &bar, const BarLook &look)
{
    painter.save();
    painter.fillRect(bar, look.fill);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(look.ink, 1, Qt::SolidLine, Qt::FlatCap));
    switch (look.pattern) {
    case Pattern::Solid: break;
    case Pattern::Diagonal: paintDiagonals(painter, bar, 1); break;
    case Pattern::Horizontal:
        for (double y = bar.top() + kHatchPx / 2; y < bar.bottom(); y += kHatchPx)
            painter.drawLine(QPointF(bar.left(), y), QPointF(bar.right(), y));
        break;
    case Pattern::Crossed:
        paintDiagonals(painter, bar, 1);
        paintDiagonals(painter, bar, -1);
        painter.drawRect(bar);
        break;
    }
    painter.restore();
}

Axis niceAxis(double most, int steps, bool isWhole)
{
    if (!(most > 0))
        return {1, 1};
    const double rough = most / std::max(1, steps);
    const double power = std::pow(10, std::floor(std::log10(rough)));
    double step = 10 * power;
    for (const double factor : {1.0, 2.0, 5.0}) {
        if (factor * power >= rough) {
            step = factor * power;
            break;
        }
    }
    if (isWhole)
        step = std::max(1.0, step);
    return {step * std::ceil(most / step - 1e-9), step};
}

namespace {

QString levelText(double value, double step, bool isShare)
{
    if (!isShare)
        return countText(qint64(std::llround(value)));
    const int decimals = step < 0.00099 ? 2 : step < 0.0099 ? 1 : 0;
    return QCoreApplication::translate("charts", "%1 %").arg(QLocale().toString(value * 100, 'f', decimals));
}

} // namespace

double levelWidth(const Axis &axis, bool isShare, const Theme &theme)
{
    const QFontMetricsF metrics(theme.font(TextRole::Caption));
    double width = 0;
    for (double value = 0; value <= axis.top * 1.0001; value += axis.step)
        width = std::max(width, metrics.horizontalAdvance(levelText(value, axis.step, isShare)));
    return std::ceil(width);
}

void paintLevels(QPainter &painter, const QRectF &plot, const Axis &axis, bool isShare, const Theme &theme)
{
    painter.setFont(theme.font(TextRole::Caption));
    const QFontMetricsF metrics(painter.font());
    const double room = levelWidth(axis, isShare, theme) + space::kXs;
    for (double value = 0; value <= axis.top * 1.0001; value += axis.step) {
        const double y = std::round(plot.bottom() - plot.height() * value / axis.top) + 0.5;
        painter.setPen(QPen(value > 0 ? theme.colours().outline : theme.colours().outlineStrong, 1));
        painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y));
        painter.setPen(theme.colours().textMuted);
        const QRectF box(plot.left() - room - space::kXs, y - metrics.height() / 2, room, metrics.height());
        painter.drawText(box, int(Qt::AlignRight | Qt::AlignVCenter), levelText(value, axis.step, isShare));
    }
}

QString shownName(const QString &text)
{
    QString shown;
    for (const QChar sign : text.simplified())
        shown.append(sign.category() == QChar::Other_Control || sign.isNonCharacter() ? QChar(QChar::ReplacementCharacter) : sign);
    return shown;
}

void paintLine(QPainter &painter, const QRectF &box, Qt::Alignment alignment, const QString &text)
{
    const QFontMetricsF metrics(painter.font());
    painter.drawText(box, int(alignment) | Qt::TextSingleLine, metrics.elidedText(text, Qt::ElideMiddle, box.width()));
}

QString countText(qint64 count)
{
    return QLocale().toString(count);
}

QString shareText(double share)
{
    const double percent = 100 * share;
    // 0 % and 100 % are kept for exactly that.
    const double shown = share > 0 && percent < 0.1 ? 0.1 : share < 1 && percent > 99.9 ? 99.9 : percent;
    const bool isWhole = share <= 0 || share >= 1 || (percent >= 10 && percent <= 99);
    return QCoreApplication::translate("charts", "%1 %").arg(QLocale().toString(shown, 'f', isWhole ? 0 : 1));
}

QString clockText(const QDateTime &at)
{
    return at.toLocalTime().toString(QStringLiteral("HH:mm"));
}

QString dayText(const QDateTime &at)
{
    //: day and month, as QLocale takes them
    return QLocale().toString(at.toLocalTime().date(), QCoreApplication::translate("charts", "d MMM"));
}

QString momentText(const QDateTime &at)
{
    return QCoreApplication::translate("charts", "%1 %2").arg(dayText(at), clockText(at));
}

QString spanText(const QDateTime &from, const QDateTime &until)
{
    const bool isOneDay = from.toLocalTime().date() == until.toLocalTime().date();
    return QCoreApplication::translate("charts", "%1 – %2").arg(momentText(from), isOneDay ? clockText(until) : momentText(until));
}

} // namespace auroraedge::ui

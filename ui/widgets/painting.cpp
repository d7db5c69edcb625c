#include "ui/widgets/painting.h"

#include <QCache>
#include <QCoreApplication>
#include <QLocale>
#include <QPainter>
#include <QPainterPath>
#include <QPolygonF>
#include <QTextLayout>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace auroraedge::ui {

namespace {

QPolygonF octagon(const QRectF &box)
{
    QPolygonF points;
    const QPointF centre = box.center();
    const qreal r = box.width() / 2 / std::cos(std::numbers::pi / 8);
    for (int corner = 0; corner < 8; ++corner) {
        const qreal angle = std::numbers::pi / 8 + corner * std::numbers::pi / 4;
        points << QPointF(centre.x() + r * std::cos(angle), centre.y() + r * std::sin(angle));
    }
    return points;
}

} // namespace

void paintVerdictMark(QPainter &painter, const QRectF &box, Verdict verdict, const QColor &fill, const QColor &ink)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    const qreal s = box.width();
    const auto at = [&box, s](qreal x, qreal y) { return QPointF(box.x() + x * s, box.y() + y * s); };
    painter.setPen(QPen(fill, s * 0.06, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.setBrush(fill);
    const QRectF inner = box.adjusted(s * 0.03, s * 0.03, -s * 0.03, -s * 0.03);
    switch (verdict) {
    case Verdict::Ok: painter.drawEllipse(inner); break;
    case Verdict::Ng: painter.drawPolygon(octagon(inner)); break;
    case Verdict::Unsure: painter.drawPolygon(QPolygonF({at(0.5, 0.08), at(0.97, 0.9), at(0.03, 0.9)})); break;
    }
    painter.setPen(QPen(ink, s * 0.11, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.setBrush(Qt::NoBrush);
    switch (verdict) {
    case Verdict::Ok: painter.drawPolyline(QPolygonF({at(0.29, 0.53), at(0.44, 0.68), at(0.72, 0.35)})); break;
    case Verdict::Ng:
        painter.drawLine(at(0.33, 0.33), at(0.67, 0.67));
        painter.drawLine(at(0.67, 0.33), at(0.33, 0.67));
        break;
    case Verdict::Unsure: {
        QPainterPath hook;
        hook.moveTo(at(0.39, 0.5));
        hook.cubicTo(at(0.39, 0.33), at(0.62, 0.33), at(0.61, 0.49));
        hook.cubicTo(at(0.605, 0.58), at(0.5, 0.58), at(0.5, 0.67));
        painter.setPen(QPen(ink, s * 0.085, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        painter.drawPath(hook);
        painter.drawPoint(at(0.5, 0.8));
        break;
    }
    }
    painter.restore();
}

QString verdictWord(Verdict verdict)
{
    switch (verdict) {
    case Verdict::Ok: return QStringLiteral("OK");
    case Verdict::Ng: return QStringLiteral("NG");
    case Verdict::Unsure: return QStringLiteral("UNSURE");
    }
    return {};
}

QColor verdictFill(const ThemeColours &colours, Verdict verdict)
{
    switch (verdict) {
    case Verdict::Ok: return colours.ok;
    case Verdict::Ng: return colours.ng;
    case Verdict::Unsure: return colours.unsure;
    }
    return {};
}

QColor verdictInk(const ThemeColours &colours, Verdict verdict)
{
    switch (verdict) {
    case Verdict::Ok: return colours.onOk;
    case Verdict::Ng: return colours.onNg;
    case Verdict::Unsure: return colours.onUnsure;
    }
    return {};
}

QColor verdictText(const ThemeColours &colours, Verdict verdict)
{
    switch (verdict) {
    case Verdict::Ok: return colours.okText;
    case Verdict::Ng: return colours.ngText;
    case Verdict::Unsure: return colours.unsureText;
    }
    return {};
}

void paintRegion(QPainter &painter, const QRectF &target, const QRectF &region, const QColor &frame)
{
    const QRectF part(target.x() + region.x() * target.width(), target.y() + region.y() * target.height(),
                      region.width() * target.width(), region.height() * target.height());
    painter.save();
    QPainterPath around;
    around.addRect(target);
    around.addRect(part);
    painter.fillPath(around, QColor(0, 0, 0, 150));
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(QColor(0, 0, 0, 200), 4)); // seen on bright pictures, too
    painter.drawRect(part);
    painter.setPen(QPen(frame, 2));
    painter.drawRect(part);
    painter.restore();
}

void paintFocusRing(QPainter &painter, const QRectF &box, qreal cornerPx, const QColor &colour)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(colour, 2));
    painter.setBrush(Qt::NoBrush);
    painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), cornerPx, cornerPx);
    painter.restore();
}

namespace {

ElidedLines laidOut(const QString &text, const QFont &font, int width, int maxLines)
{
    const QString simple = text.simplified();
    const QFontMetrics metrics(font);
    QTextLayout layout(simple, font);
    QTextOption option;
    option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    layout.setTextOption(option);
    ElidedLines result;
    layout.beginLayout();
    for (QTextLine line = layout.createLine(); line.isValid(); line = layout.createLine()) {
        line.setLineWidth(width);
        if (result.texts.size() + 1 == maxLines) {
            const QString rest = simple.mid(line.textStart());
            result.texts.append(metrics.elidedText(rest, Qt::ElideRight, width));
            result.isWhole = result.texts.last() == rest;
            break;
        }
        result.texts.append(simple.mid(line.textStart(), line.textLength()));
    }
    layout.endLayout();
    return result;
}

} // namespace

ElidedLines elidedLines(const QString &text, const QFont &font, int width, int maxLines)
{
    // A layout asks for the same lines many times, and painting once more.
    thread_local QCache<QString, ElidedLines> known(500); // sheets are drawn on a thread of their own
    const QString key = QStringLiteral("%1 %2 %3 %4").arg(QString::number(width), QString::number(maxLines), font.key(), text);
    if (!known.contains(key))
        known.insert(key, new ElidedLines(laidOut(text, font, width, maxLines)));
    return *known.object(key);
}

void paintLines(QPainter &painter, const QRect &box, const QStringList &lines, Qt::Alignment horizontal)
{
    QRect line(box.x(), box.y(), box.width(), painter.fontMetrics().height());
    for (const QString &text : lines) {
        painter.drawText(line, horizontal | Qt::AlignVCenter, text);
        line.translate(0, line.height());
    }
}

QString durationText(double ms)
{
    const QLocale locale;
    if (ms >= 10'000)
        return QCoreApplication::translate("durations", "%1 s").arg(locale.toString(ms / 1000, 'f', 0));
    if (ms >= 1000)
        return QCoreApplication::translate("durations", "%1 s").arg(locale.toString(ms / 1000, 'f', 1));
    return QCoreApplication::translate("durations", "%1 ms").arg(locale.toString(ms, 'f', ms < 10 ? 1 : 0));
}

QString percentText(double fraction)
{
    // 0.9996 is not certainty: 100 % is kept for exactly that.
    const double percent = fraction >= 1 ? 100 : std::min(std::floor(fraction * 1000) / 10, 99.9);
    const int decimals = percent >= 99 && percent < 100 ? 1 : 0;
    return QCoreApplication::translate("durations", "%1 %").arg(QLocale().toString(percent, 'f', decimals));
}

} // namespace auroraedge::ui

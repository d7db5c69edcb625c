#include "ui/theme/svg_icon_engine.h"

#include <QFile>
#include <QPainter>
#include <QPixmap>
#include <QSvgRenderer>

namespace auroraedge::ui {

SvgIconEngine::SvgIconEngine(const QString &name, const QColor &colour, const QColor &disabledColour)
{
    QFile file(QStringLiteral(":/auroraedge/icons/%1.svg").arg(name));
    if (!file.open(QIODevice::ReadOnly)) {
        qWarning("Icon %s is missing", qPrintable(name));
        return;
    }
    const QByteArray source = file.readAll();
    const QByteArray ink = QByteArrayLiteral("currentColor");
    m_svg = QByteArray(source).replace(ink, colour.name().toLatin1());
    m_disabledSvg = QByteArray(source).replace(ink, disabledColour.name().toLatin1());
}

void SvgIconEngine::paint(QPainter *painter, const QRect &rect, QIcon::Mode mode, QIcon::State)
{
    const QByteArray &svg = mode == QIcon::Disabled ? m_disabledSvg : m_svg;
    if (svg.isEmpty())
        return;
    QSvgRenderer renderer(svg);
    renderer.setAspectRatioMode(Qt::KeepAspectRatio);
    renderer.render(painter, QRectF(rect));
}

QPixmap SvgIconEngine::pixmap(const QSize &size, QIcon::Mode mode, QIcon::State state)
{
    QPixmap pixmap(size);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    paint(&painter, QRect(QPoint(0, 0), size), mode, state);
    return pixmap;
}

} // namespace auroraedge::ui

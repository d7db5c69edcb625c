#include "ui/theme/svg_icon_engine.h"

#include <QFile>
#include <QPainter>
#include <QPixmap>
#include <QPixmapCache>
#include <QSvgRenderer>

namespace auroraedge::ui {

namespace {

/// Null for an icon that is not there.
QPixmap drawn(const QString &name, const QColor &colour, const QSize &pixels)
{
    QFile file(QStringLiteral(":/auroraedge/icons/%1.svg").arg(name));
    if (!file.open(QIODevice::ReadOnly)) {
        qWarning("Icon %s is missing", qPrintable(name));
        return {};
    }
    QSvgRenderer renderer(file.readAll().replace("currentColor", colour.name().toLatin1()));
    renderer.setAspectRatioMode(Qt::KeepAspectRatio);
    QPixmap picture(pixels);
    picture.fill(Qt::transparent);
    QPainter painter(&picture);
    renderer.render(&painter, QRectF({}, QSizeF(pixels)));
    return picture;
}

} // namespace

SvgIconEngine::SvgIconEngine(const QString &name, const QColor &colour, const QColor &disabledColour)
    : m_name(name), m_colour(colour), m_disabledColour(disabledColour)
{
}

void SvgIconEngine::paint(QPainter *painter, const QRect &rect, QIcon::Mode mode, QIcon::State)
{
    const qreal ratio = painter->device()->devicePixelRatioF();
    const QSize pixels = (QSizeF(rect.size()) * ratio).toSize();
    if (pixels.isEmpty())
        return;
    const QColor &colour = mode == QIcon::Disabled ? m_disabledColour : m_colour;
    const QString key = QStringLiteral("%1 %2 %3x%4").arg(m_name, colour.name()).arg(pixels.width()).arg(pixels.height());
    QPixmap picture;
    if (!QPixmapCache::find(key, &picture)) {
        picture = drawn(m_name, colour, pixels);
        QPixmapCache::insert(key, picture); // badges are painted with every frame
    }
    painter->drawPixmap(QRectF(rect), picture, QRectF(picture.rect()));
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

#include "ui/widgets/thumbnail.h"

#include "ui/theme/theme.h"
#include "ui/widgets/painting.h"

#include <QPainter>
#include <QPainterPath>

namespace auroraedge::ui {

void paintThumbnail(QPainter &painter, const QRectF &box, const QImage &image, qreal cornerPx, const QColor &ground)
{
    painter.save();
    painter.setRenderHints(QPainter::Antialiasing | QPainter::SmoothPixmapTransform);
    QPainterPath shape;
    shape.addRoundedRect(box, cornerPx, cornerPx);
    painter.fillPath(shape, ground);
    if (!image.isNull()) {
        painter.setClipPath(shape);
        QSizeF size(image.size());
        size.scale(box.size(), Qt::KeepAspectRatio);
        QRectF target({}, size);
        target.moveCenter(box.center());
        painter.drawImage(target, image);
    }
    painter.restore();
}

Thumbnail::Thumbnail(const Theme &theme, QWidget *parent) : QWidget(parent), m_theme(theme)
{
    setObjectName(QStringLiteral("thumbnail"));
    setAccessibleName(tr("Picture of this answer"));
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void Thumbnail::setImage(const QImage &image, const QRectF &region)
{
    m_image = image;
    m_region = region;
    update();
}

void Thumbnail::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const QRectF box(rect());
    paintThumbnail(painter, box, m_image, radius::kMedium, m_theme.colours().raised);
    QPainterPath shape;
    shape.addRoundedRect(box, radius::kMedium, radius::kMedium);
    painter.setClipPath(shape);
    if (!m_image.isNull() && !m_region.isNull())
        paintRegion(painter, box, m_region, m_theme.colours().onOverlay);
}

} // namespace auroraedge::ui

#include "ui/widgets/thumbnail.h"

#include "ui/theme/theme.h"

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

Thumbnail::Thumbnail(const Theme &theme, QSize size, QWidget *parent) : QWidget(parent), m_theme(theme)
{
    setObjectName(QStringLiteral("thumbnail"));
    setFixedSize(size);
    setAccessibleName(tr("Picture of this answer"));
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void Thumbnail::setImage(const QImage &image)
{
    m_image = image;
    update();
}

void Thumbnail::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    paintThumbnail(painter, QRectF(rect()), m_image, radius::kMedium, m_theme.colours().raised);
}

} // namespace auroraedge::ui

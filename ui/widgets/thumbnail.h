#pragma once

#include <QImage>
#include <QWidget>

namespace auroraedge::ui {

class Theme;

/// A small picture with round corners, cut to a square.
class Thumbnail final : public QWidget
{
    Q_OBJECT

public:
    Thumbnail(const Theme &theme, int edgePx, QWidget *parent = nullptr);
    void setImage(const QImage &image);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    const Theme &m_theme;
    QImage m_image;
};

/// The middle square of @p image in @p box, with round corners.
void paintThumbnail(QPainter &painter, const QRectF &box, const QImage &image, qreal cornerPx, const QColor &ground);

} // namespace auroraedge::ui

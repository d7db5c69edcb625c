#pragma once

#include <QImage>
#include <QWidget>

class QPainter;
class QRectF;

namespace auroraedge::ui {

class Theme;

/// A small picture, whole, with round corners.
class Thumbnail final : public QWidget
{
    Q_OBJECT

public:
    Thumbnail(const Theme &theme, QSize size, QWidget *parent = nullptr);
    void setImage(const QImage &image);
    [[nodiscard]] const QImage &image() const { return m_image; }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    const Theme &m_theme;
    QImage m_image;
};

/// All of @p image in @p box, on @p ground: a cut one would hide what its answer is about.
void paintThumbnail(QPainter &painter, const QRectF &box, const QImage &image, qreal cornerPx, const QColor &ground);

} // namespace auroraedge::ui

#pragma once

#include <QImage>
#include <QRectF>
#include <QWidget>

class QPainter;

namespace auroraedge::ui {

class Theme;

/// A small picture, whole, with round corners, and the part of it that was asked about. Its owner gives it the
/// picture's shape.
class Thumbnail final : public QWidget
{
    Q_OBJECT

public:
    explicit Thumbnail(const Theme &theme, QWidget *parent = nullptr);
    /// @p region: shares of the picture, 0..1; null: all of it.
    void setImage(const QImage &image, const QRectF &region = {});
    [[nodiscard]] const QImage &image() const { return m_image; }
    [[nodiscard]] const QRectF &region() const { return m_region; }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    const Theme &m_theme;
    QImage m_image;
    QRectF m_region;
};

/// All of @p image in @p box, on @p ground: a cut one would hide what its answer is about.
void paintThumbnail(QPainter &painter, const QRectF &box, const QImage &image, qreal cornerPx, const QColor &ground);

} // namespace auroraedge::ui

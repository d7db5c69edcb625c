#pragma once

#include <QColor>
#include <QImage>
#include <QString>
#include <QWidget>

namespace auroraedge::ui {

class Theme;

/// One picture on a dark stage, letterboxed, with zoom and pan; what lies over it is painted by the classes below.
/// Wheel or + and - zoom (about the pointer or the middle), drag or arrows pan, Home fits, End is 100 %.
/// The picture is drawn from the image it was given; nothing is copied.
class PictureCanvas : public QWidget
{
    Q_OBJECT

public:
    [[nodiscard]] const QImage &picture() const { return m_picture; }
    /// Screen pixels for one picture pixel.
    [[nodiscard]] double zoom() const;
    [[nodiscard]] bool isZoomed() const { return m_userZoom > 0; }
    void zoomToFit();
    void zoomToPixels();
    void zoomIn();
    void zoomOut();

    /// What of the picture is seen, in measures that fit a picture of another size as well.
    struct Sight
    {
        double factor = 0; ///< times the zoom that fits; 0: fits
        QPointF shift;     ///< of the picture's middle from the view's, in shares of the picture as it is drawn
    };
    [[nodiscard]] Sight sight() const;
    void setSight(const Sight &sight); ///< tells nobody

    [[nodiscard]] QSize minimumSizeHint() const override { return {240, 96}; }
    [[nodiscard]] QSize sizeHint() const override { return {640, 480}; }

Q_SIGNALS:
    void sightChanged(); ///< by a person

protected:
    PictureCanvas(const Theme &theme, QWidget *parent);

    /// What is told in place of a picture.
    struct Notice
    {
        QString icon, title, sentence;
        bool isFault = false;
    };
    struct Badge
    {
        QString text;
        QColor fill, ink;
        QString icon; ///< may be empty
    };

    void setPicture(const QImage &picture); ///< fits it when its size is another
    virtual void paintOver(QPainter &painter) = 0;
    /// In the middle of @p room, without its icon where that is small.
    void paintNotice(QPainter &painter, const QRect &room, const Notice &notice) const;
    /// In the corner @p corner, @p below badges further inwards.
    void paintBadge(QPainter &painter, Qt::Corner corner, int below, const Badge &badge) const;
    [[nodiscard]] QColor glass() const; ///< the ground of a badge that is nothing special

    [[nodiscard]] QRectF target() const; ///< of the picture, in the widget
    [[nodiscard]] QPointF toPicture(QPointF position) const; ///< shares of the picture

    void paintEvent(QPaintEvent *event) final;
    void keyPressEvent(QKeyEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;

    const Theme &m_theme;

private:
    [[nodiscard]] double fitZoom() const;
    void zoomAbout(QPointF anchor, double factor);
    void panBy(QPointF delta);
    void clampOffset();

    QImage m_picture;
    bool m_showsFocus = false; ///< the keyboard brought the focus here
    double m_userZoom = 0;     ///< 0 = fit
    QPointF m_offset;          ///< of the picture's middle from the view's middle
    QPointF m_dragFrom;
};

} // namespace auroraedge::ui

#pragma once

#include "ui/models/frame_status.h"
#include "ui/models/source_state.h"

#include <QElapsedTimer>
#include <QImage>
#include <QTimer>
#include <QWidget>

#include <chrono>
#include <optional>

namespace auroraedge::ui {

class Theme;

/// Shows one picture, letterboxed, with zoom and pan, its age, and what is wrong when there is none.
/// Wheel or + and - zoom (about the pointer or the middle), drag or arrows pan, Home fits, End is 100 %.
/// The picture is drawn from the image it was given; nothing is copied.
class PictureView final : public QWidget
{
    Q_OBJECT

public:
    explicit PictureView(const Theme &theme, QWidget *parent = nullptr);

    /// Dropped while frozen.
    void setPicture(const QImage &picture, const FrameStatus &status);
    void clearPicture();
    void setSourceState(const SourceState &state);
    void setFrozen(bool isFrozen);

    [[nodiscard]] const QImage &picture() const { return m_picture; }
    [[nodiscard]] const FrameStatus &status() const { return m_status; }
    [[nodiscard]] bool isFrozen() const { return m_isFrozen; }
    [[nodiscard]] std::optional<std::chrono::milliseconds> age() const;
    /// Screen pixels for one picture pixel.
    [[nodiscard]] double zoom() const;
    void zoomToFit();
    void zoomToPixels();

    [[nodiscard]] QSize minimumSizeHint() const override { return {240, 96}; }
    [[nodiscard]] QSize sizeHint() const override { return {760, 480}; }

Q_SIGNALS:
    void chooseSourceRequested(); ///< a press while no source is chosen

protected:
    void paintEvent(QPaintEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;

private:
    [[nodiscard]] double fitZoom() const;
    [[nodiscard]] QRectF target() const;
    void zoomAbout(QPointF anchor, double factor);
    void panBy(QPointF delta);
    void clampOffset();
    /// What is told in place of a picture.
    struct Notice
    {
        QString icon, title, sentence;
    };
    [[nodiscard]] std::optional<Notice> notice() const;
    void refreshNotice();
    void paintNotice(QPainter &painter, const Notice &notice) const;
    void paintBadges(QPainter &painter) const;

    const Theme &m_theme;
    QImage m_picture;
    FrameStatus m_status;
    SourceState m_source;
    bool m_isFrozen = false;
    bool m_showsFocus = false; ///< the keyboard brought the focus here
    QElapsedTimer m_frozenSince;
    double m_userZoom = 0; ///< 0 = fit
    QPointF m_offset;      ///< of the picture's middle from the view's middle
    QPointF m_dragFrom;
    QTimer m_badgeTimer;
};

} // namespace auroraedge::ui

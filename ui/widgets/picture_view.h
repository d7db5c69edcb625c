#pragma once

#include "ui/models/frame_status.h"
#include "ui/models/source_state.h"
#include "ui/widgets/picture_canvas.h"
#include "ui/widgets/region_selection.h"

#include <QElapsedTimer>
#include <QTimer>

#include <chrono>
#include <optional>

namespace auroraedge::ui {

/// The live or frozen picture of the source: its age, what is wrong when there is none, and the part that questions
/// are about. While that part is being drawn: a drag spans it (inside an older one: moves it, at a corner: resizes it),
/// two taps are its corners, arrows move it, Shift+arrows resize it, Enter takes it, Delete takes all of the picture.
class PictureView final : public PictureCanvas
{
    Q_OBJECT

public:
    explicit PictureView(const Theme &theme, QWidget *parent = nullptr);

    /// Dropped while frozen.
    void showFrame(const QImage &picture, const FrameStatus &status);
    void clearPicture();
    void setSourceState(const SourceState &state);
    void setFrozen(bool isFrozen);
    /// What asks without a person, told over the picture; empty: nothing.
    void setTriggerText(const QString &text);

    [[nodiscard]] const FrameStatus &status() const { return m_status; }
    [[nodiscard]] bool isFrozen() const { return m_isFrozen; }
    [[nodiscard]] std::optional<std::chrono::milliseconds> age() const;

    /// Of the picture, its sides 0..1; null: all of it.
    [[nodiscard]] const QRectF &region() const { return m_selection.region(); }
    [[nodiscard]] bool isDrawingRegion() const { return m_selection.isEditing(); }
    void drawRegion();
    void acceptRegion();
    void leaveRegion(); ///< what was drawn is dropped
    void clearRegion();

Q_SIGNALS:
    void chooseSourceRequested(); ///< a press while no source is chosen
    void regionChanged(const QRectF &region);
    void drawingChanged(bool isDrawing);

protected:
    void paintOver(QPainter &painter) override;
    void keyPressEvent(QKeyEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;

private:
    enum class Drag { None, Span, Move };

    [[nodiscard]] std::optional<Notice> notice() const;
    void refreshNotice();
    void paintRegionDraft(QPainter &painter) const;
    void paintBadges(QPainter &painter) const;
    [[nodiscard]] bool handleRegionKey(const QKeyEvent &event);
    /// Calls @p change on the selection and tells what came of it.
    template <typename Change>
    void changeSelection(Change change);

    FrameStatus m_status;
    SourceState m_source;
    bool m_isFrozen = false;
    QElapsedTimer m_frozenSince;
    QString m_triggerText;
    QTimer m_badgeTimer;

    RegionSelection m_selection;
    Drag m_drag = Drag::None;
    QPointF m_pressedAt;                ///< in the widget
    QPointF m_anchor;                   ///< Span: the corner that stays; Move: from the region's corner to the press
    std::optional<QPointF> m_tapCorner; ///< the first of two taps
};

} // namespace auroraedge::ui

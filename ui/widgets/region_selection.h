#pragma once

#include <QRectF>
#include <QSize>

namespace auroraedge::ui {

/// The part of a picture that questions are about, and the draft of it while it is being drawn.
/// Lengths and places are shares of the picture, 0..1, so that they hold for every frame of a source.
/// A region is never smaller than kLeastPx picture pixels and never leaves the picture; all of it is the null region.
class RegionSelection final
{
public:
    static constexpr int kLeastPx = 16;

    void setPictureSize(QSize pixels);

    [[nodiscard]] const QRectF &region() const { return m_region; }
    [[nodiscard]] bool isEditing() const { return m_isEditing; }
    [[nodiscard]] const QRectF &shown() const { return m_isEditing ? m_draft : m_region; }

    void begin();  ///< the draft is the region, or the middle of the picture when there is none
    void accept(); ///< the draft becomes the region
    void leave();  ///< the draft is dropped
    void clear();  ///< all of the picture; ends editing

    // Of the draft, while editing.
    void moveBy(QPointF delta);
    void growBy(QPointF delta); ///< at its right and lower side
    void moveTo(QPointF topLeft);
    void span(QPointF corner, QPointF opposite);

private:
    [[nodiscard]] QRectF fitted(QRectF region) const;

    QSize m_pixels;
    QRectF m_region, m_draft;
    bool m_isEditing = false;
};

} // namespace auroraedge::ui

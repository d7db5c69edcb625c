#include "ui/widgets/region_selection.h"

#include <algorithm>

namespace auroraedge::ui {

namespace {
constexpr QRectF kMiddle{0.25, 0.25, 0.5, 0.5};
constexpr QRectF kWhole{0, 0, 1, 1};
}

void RegionSelection::setPictureSize(QSize pixels)
{
    if (pixels == m_pixels)
        return;
    m_pixels = pixels;
    if (!m_region.isNull())
        m_region = fitted(m_region);
    m_draft = fitted(m_draft);
}

void RegionSelection::begin()
{
    m_isEditing = true;
    m_draft = fitted(m_region.isNull() ? kMiddle : m_region);
}

void RegionSelection::accept()
{
    m_region = m_draft == kWhole ? QRectF() : m_draft;
    m_isEditing = false;
}

void RegionSelection::leave()
{
    m_isEditing = false;
}

void RegionSelection::clear()
{
    m_region = {};
    m_isEditing = false;
}

void RegionSelection::moveBy(QPointF delta)
{
    m_draft = fitted(m_draft.translated(delta));
}

void RegionSelection::growBy(QPointF delta)
{
    const QRectF grown = m_draft.adjusted(0, 0, delta.x(), delta.y());
    m_draft = fitted({grown.topLeft(), grown.size().boundedTo({1 - grown.x(), 1 - grown.y()})});
}

void RegionSelection::moveTo(QPointF topLeft)
{
    m_draft.moveTopLeft(topLeft);
    m_draft = fitted(m_draft);
}

void RegionSelection::span(QPointF corner, QPointF opposite)
{
    const auto inside = [](QPointF point) {
        return QPointF(std::clamp(point.x(), 0.0, 1.0), std::clamp(point.y(), 0.0, 1.0));
    };
    m_draft = fitted(QRectF(inside(corner), inside(opposite)).normalized());
}

QRectF RegionSelection::fitted(QRectF region) const
{
    const auto side = [](double length, int pixels) {
        return std::clamp(length, pixels > kLeastPx ? double(kLeastPx) / pixels : 1.0, 1.0);
    };
    region.setSize({side(region.width(), m_pixels.width()), side(region.height(), m_pixels.height())});
    region.moveTo(std::clamp(region.x(), 0.0, 1 - region.width()), std::clamp(region.y(), 0.0, 1 - region.height()));
    return region;
}

} // namespace auroraedge::ui

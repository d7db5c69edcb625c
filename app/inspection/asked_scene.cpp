#include "app/inspection/asked_scene.h"

#include <utility>

namespace auroraedge::app {
namespace {

GreyCells cellsOf(const Frame &frame, const std::optional<PixelBox> &region)
{
    return greyCellsOf(region ? cropped(frame, *region) : frame);
}

} // namespace

void AskedScene::ask(const Frame &frame, std::optional<PixelBox> region)
{
    m_asked = cellsOf(frame, region);
    m_region = region;
    m_widthPx = frame.widthPx;
    m_heightPx = frame.heightPx;
    m_lastAt = frame.capturedAt;
    m_isShown = true;
}

bool AskedScene::isShownBy(const Frame &frame)
{
    if (!m_isShown)
        return false;
    const auto gap = frame.capturedAt - std::exchange(m_lastAt, frame.capturedAt);
    m_isShown = gap <= kLongestGap && frame.widthPx == m_widthPx && frame.heightPx == m_heightPx
        && changeBetween(m_asked, cellsOf(frame, m_region)).value_or(1) < kLeastChange;
    return m_isShown;
}

} // namespace auroraedge::app

#include "app/inspection/asked_scene.h"

#include "app/inspection/frame_check.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <utility>
#include <vector>

namespace auroraedge::app {

AskedScene::Cells AskedScene::cellsOf(const Frame &frame, const std::optional<PixelBox> &region)
{
    const Frame part = region ? cropped(frame, *region) : frame;
    return {greyCellsOf(part, {4, 0, 0}), greyCellsOf(part, {0, 4, 0}), greyCellsOf(part, {0, 0, 4})};
}

void AskedScene::ask(const Frame &frame, std::optional<PixelBox> region)
{
    m_frame = frame;
    m_asked = cellsOf(frame, region);
    m_region = region;
    m_lastAt = m_followedAt = frame.capturedAt;
    m_isShown = true;
}

bool AskedScene::isShownBy(const Frame &frame)
{
    if (!m_isShown)
        return false;
    const auto gap = frame.capturedAt - std::exchange(m_lastAt, frame.capturedAt);
    const bool isOfOneSize = frame.widthPx == m_frame.widthPx && frame.heightPx == m_frame.heightPx;
    const bool isUnbroken = isOfOneSize && (gap <= kLongestGap || isSamePicture(frame, m_frame));
    const Cells now = isUnbroken ? cellsOf(frame, m_region) : Cells();
    if (!isUnbroken || hasChanged(now)) {
        forget();
        return false;
    }
    if (frame.capturedAt - m_followedAt >= kDriftPeriod) {
        m_followedAt = frame.capturedAt;
        followDrift(now);
    }
    return true;
}

bool AskedScene::hasChanged(const Cells &now) const
{
    const auto columns = static_cast<std::size_t>(std::min(GreyCells::kColumns, now.front().widthPx));
    std::vector<int> change(now.front().cells.size()); // of each cell, over the channels
    for (std::size_t channel = 0; channel < now.size(); ++channel) {
        for (std::size_t cell = 0; cell < change.size(); ++cell)
            change[cell] += std::abs(now[channel].cells[cell] - m_asked[channel].cells[cell]);
    }
    constexpr int kLeastSum = kLeastChange * 4 * 3;
    for (std::size_t top = 0; top + columns < change.size(); top += columns) {
        for (std::size_t cell = top; cell + 1 < top + columns; ++cell) {
            if (change[cell] + change[cell + 1] + change[cell + columns] + change[cell + columns + 1] > kLeastSum)
                return true;
        }
    }
    return false;
}

void AskedScene::followDrift(const Cells &now)
{
    for (std::size_t channel = 0; channel < now.size(); ++channel) {
        for (std::size_t i = 0; i < now[channel].cells.size(); ++i) {
            std::uint8_t &asked = m_asked[channel].cells[i];
            const std::uint8_t seen = now[channel].cells[i];
            asked = static_cast<std::uint8_t>(asked + (seen > asked ? 1 : 0) - (seen < asked ? 1 : 0));
        }
    }
}

} // namespace auroraedge::app

#pragma once

#include "app/inspection/motion_trigger.h"
#include "engine/api/frame.h"

#include <chrono>
#include <optional>

namespace auroraedge::app {

/// Tells how long the screen goes on showing what a question was about. From the first picture on that shows something else
/// it does not, also when the view comes back: that may be another part. Nor does it after a gap in which a part could have
/// been exchanged unseen.
class AskedScene final
{
public:
    static constexpr double kLeastChange = 0.005; ///< share of the cells; fewer flicker in any scene
    static constexpr std::chrono::milliseconds kLongestGap{500};

    /// @param region inside @p frame; nothing: all of it.
    void ask(const Frame &frame, std::optional<PixelBox> region);
    void forget() { m_isShown = false; }

    /// @p frame is the next on the screen. @return whether it shows what was asked about, and each one since has.
    [[nodiscard]] bool isShownBy(const Frame &frame);

private:
    GreyCells m_asked;
    std::optional<PixelBox> m_region;
    int m_widthPx = 0, m_heightPx = 0; ///< of the whole frame
    std::chrono::steady_clock::time_point m_lastAt;
    bool m_isShown = false;
};

} // namespace auroraedge::app

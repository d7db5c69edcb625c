#pragma once

#include "app/inspection/motion_trigger.h"
#include "engine/api/frame.h"

#include <array>
#include <chrono>
#include <optional>

namespace auroraedge::app {

/// Tells how long the screen goes on showing what a question was about. From the first picture on that shows something else
/// it does not, also when the view comes back: that may be another part. Nor does it after a gap in which a part could have
/// been exchanged unseen, unless it is the very same picture: a file that is shown again. Light that drifts slowly changes
/// nothing.
class AskedScene final
{
public:
    /// Of 255, the mean of two by two cells over all channels. Sensor noise stays far below it, also where a cell is one
    /// pixel; a part as large as two by two cells is seen by it wherever it lies, and a smaller one that stands out.
    static constexpr int kLeastChange = 12;
    static constexpr std::chrono::milliseconds kDriftPeriod{1'000}; ///< in which the light may drift by 1 of 255
    static constexpr std::chrono::milliseconds kLongestGap{500};

    /// @param region inside @p frame; nothing: all of it.
    void ask(const Frame &frame, std::optional<PixelBox> region);
    void forget()
    {
        m_isShown = false;
        m_frame = {};
    }

    /// @p frame is the next on the screen. @return whether it shows what was asked about, and each one since has.
    [[nodiscard]] bool isShownBy(const Frame &frame);

private:
    using Cells = std::array<GreyCells, 3>; ///< red, green and blue: parts of one grey may differ in colour

    [[nodiscard]] static Cells cellsOf(const Frame &frame, const std::optional<PixelBox> &region);
    [[nodiscard]] bool hasChanged(const Cells &now) const;
    void followDrift(const Cells &now);

    Frame m_frame; ///< that was asked about, whole
    Cells m_asked;
    std::optional<PixelBox> m_region;
    std::chrono::steady_clock::time_point m_lastAt, m_followedAt;
    bool m_isShown = false;
};

} // namespace auroraedge::app

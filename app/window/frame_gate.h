#pragma once

#include "engine/api/frame.h"
#include "engine/api/result.h"
#include "plugins/api/frame_source.h"

#include <chrono>
#include <optional>

namespace auroraedge::app {

/// Older frames get no answer: the one place of this limit.
inline constexpr std::chrono::milliseconds kOldestAnswered{2'000};

/// Decides whether the frame on the screen may get an answer. It may while it is fresh, or was fresh when the operator froze
/// it, has the size that its camera began with, and cannot be the last one of a camera that hangs. Thread: GUI.
class FrameGate final
{
public:
    using Clock = std::chrono::steady_clock;

    explicit FrameGate(std::chrono::milliseconds oldest = kOldestAnswered) : m_oldest(oldest) {}

    /// Another source: nothing is on the screen any more, and any size is right.
    void reset();
    void describe(const plugins::SourceDescription &source) { m_source = source; }
    /// As CaptureState::isStill, or its camera was lost for hanging.
    void setStill(bool isStill) { m_isStill = isStill; }

    /// @p frame is on the screen now.
    void show(const Frame &frame);
    /// @return CAM-05 while a camera's frame on the screen has not the size that its camera began with.
    [[nodiscard]] std::optional<Error> wrongSize() const;
    /// From now on the size of the frame on the screen is the right one.
    void acceptSize() { m_rightSize = m_shownSize; }
    void setFrozen(bool isFrozen, Clock::time_point now);

    /// Why the frame on the screen gets no answer. @return CAM-02 (none, or too old), CAM-03 (it stands
    /// still, and nobody can tell why), CAM-05 (another size).
    [[nodiscard]] std::optional<Error> refusal(Clock::time_point now) const;

private:
    struct Size
    {
        int widthPx = 0, heightPx = 0;
        friend bool operator==(const Size &, const Size &) = default;
    };

    const std::chrono::milliseconds m_oldest;
    plugins::SourceDescription m_source;
    std::optional<Clock::time_point> m_capturedAt; ///< of the frame on the screen
    std::optional<Clock::time_point> m_frozenAt;
    bool m_isStill = false, m_wasStill = false; ///< now; when the operator froze it
    Size m_shownSize, m_rightSize;
};

} // namespace auroraedge::app

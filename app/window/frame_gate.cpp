#include "app/window/frame_gate.h"

#include <algorithm>
#include <string>

namespace auroraedge::app {

using std::chrono::milliseconds;

namespace {

std::string seconds(milliseconds time)
{
    const auto tenths = time.count() / 100;
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " s";
}

} // namespace

void FrameGate::reset()
{
    m_source = {};
    m_capturedAt.reset();
    m_frozenAt.reset();
    m_isStill = m_wasStill = false;
    m_shownSize = m_rightSize = {};
}

void FrameGate::show(const Frame &frame)
{
    m_capturedAt = frame.capturedAt;
    m_shownSize = {frame.widthPx, frame.heightPx};
    if (m_rightSize == Size{})
        m_rightSize = m_shownSize;
}

void FrameGate::setFrozen(bool isFrozen, Clock::time_point now)
{
    m_frozenAt = isFrozen ? std::optional(now) : std::nullopt;
    m_wasStill = m_isStill;
}

std::optional<Error> FrameGate::refusal(Clock::time_point now) const
{
    if (!m_capturedAt)
        return Error{code::CameraNoFrame, "there is no picture to ask about", {}};
    if (const std::optional<Error> wrong = wrongSize())
        return wrong;
    if (m_frozenAt ? m_wasStill : m_isStill)
        return Error{code::CameraFrozen, "the picture stands perfectly still: nobody can tell whether its camera hangs", {}};
    // A folder shows each picture for as long as it says; a camera's picture is old after the limit.
    const milliseconds limit = m_source.isLive ? m_oldest : std::max(m_oldest, m_source.longestGap);
    // Freezing a picture that is old already does not make it young.
    const auto age = std::chrono::duration_cast<milliseconds>(m_frozenAt.value_or(now) - *m_capturedAt);
    if (age > limit)
        return Error{code::CameraNoFrame, "the picture is " + seconds(age) + " old; an old one gets no answer", {}};
    return std::nullopt;
}

std::optional<Error> FrameGate::wrongSize() const
{
    if (!m_source.isLive || m_shownSize == m_rightSize)
        return std::nullopt;
    const auto text = [](Size size) { return std::to_string(size.widthPx) + "x" + std::to_string(size.heightPx); };
    return Error{code::CameraSizeChanged, "picture size changed " + text(m_rightSize) + " -> " + text(m_shownSize), {}};
}

} // namespace auroraedge::app

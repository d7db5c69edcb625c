#pragma once

#include "engine/api/frame.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

namespace auroraedge::app {

/// A small grey copy of a picture: made in a fraction of a millisecond, whatever the size of the picture.
struct GreyCells
{
    static constexpr int kColumns = 64, kRows = 48; ///< fewer for a picture with fewer pixels
    static constexpr int kLeastChange = 12;         ///< of 255; sensor noise is averaged out below it

    int widthPx = 0, heightPx = 0; ///< of the picture
    std::vector<std::uint8_t> cells = {}; ///< row by row
};

/// How much of each channel is in the grey.
struct GreyQuarters
{
    int red = 1, green = 2, blue = 1; ///< of 4
};

[[nodiscard]] GreyCells greyCellsOf(const Frame &picture, const GreyQuarters &quarters = {});
/// @return share of the cells that differ, 0..1; nothing where one is empty, or for pictures of two sizes.
[[nodiscard]] std::optional<double> changeBetween(const GreyCells &a, const GreyCells &b);

/// Measures how much of the watched part changed since the picture before.
class MotionMeter final
{
public:

    /// @return share of the cells that changed, 0..1; nothing for the first picture, and for one of another size.
    std::optional<double> changeTo(const Frame &part);
    void forget() { m_last = {}; }

private:
    GreyCells m_last;
};

/// Asks once for each part: when the watched part of the picture comes to rest after it has moved.
class MotionTrigger final
{
public:
    using Clock = std::chrono::steady_clock;
    static constexpr std::chrono::milliseconds kSettleTime{300};

    /// @param threshold share of change, 0..1, from which on it counts as motion.
    explicit MotionTrigger(double threshold, Clock::duration settleTime = kSettleTime)
        : m_threshold(threshold), m_settleTime(settleTime)
    {
    }

    /// @param motion of MotionMeter, for the picture taken at @p at. @return true once for each part.
    [[nodiscard]] bool update(double motion, Clock::time_point at)
    {
        if (motion >= m_threshold) {
            m_movedAt = at;
            return false;
        }
        if (!m_movedAt || at - *m_movedAt < m_settleTime)
            return false;
        m_movedAt.reset();
        return true;
    }
    /// What moved before does not count any more: another source, another part of the picture.
    void forget() { m_movedAt.reset(); }

private:
    double m_threshold;
    Clock::duration m_settleTime;
    std::optional<Clock::time_point> m_movedAt; ///< last; nothing: at rest, and asked about
};

} // namespace auroraedge::app

#pragma once

#include "engine/api/frame.h"

#include <chrono>

namespace auroraedge::plugins {

/// Tells a camera that hangs from a still scene in a compressed stream.
///
/// The noise of a living sensor is in every picture, but an encoder may leave it out between two key pictures: a still
/// scene is then the same picture for seconds. And where the sensor hangs and the encoder lives, it still refines the
/// pictures between for a while. So
///  - two key pictures (which build on no other) that are equal, with others between them, are a sensor that hangs;
///  - a standstill of kHanging is one where the noise would be seen: where each picture is a key picture, or where most of
///    the pictures between changed all over before it began; elsewhere one of kStillScene is.
class StillWatch final
{
public:
    static constexpr std::chrono::milliseconds kHanging{1'500}, kStillScene{10'000};

    /// The next picture. @param isKey it builds on no other.
    void add(const Frame &picture, bool isKey);

    /// For a standstill that the last picture belongs to.
    [[nodiscard]] std::chrono::milliseconds longestFreeze() const;
    /// Its key pictures are the same, whatever lies between them.
    [[nodiscard]] bool isStuck() const { return m_isStuck; }

private:
    Frame m_last, m_lastKey;
    bool m_isStuck = false;
    int m_sinceKey = 0;  ///< pictures after the last key picture
    int m_equal = 0;     ///< pictures that are like the one before, in a row
    int m_equalKeys = 0; ///< key pictures in this standstill, its first picture included
    int m_noise = 0;     ///< counts pictures between key pictures: up for a change all over, down for one in parts
};

} // namespace auroraedge::plugins

#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace auroraedge::testing {

/// What a clip shows, in grey.
struct ClipScene
{
    int pictures = 0;
    int keyPeriod = 0; ///< every so many pictures one builds on no other
    std::function<std::uint8_t(int picture, int x, int y)> grey;
};
inline constexpr int kClipWidthPx = 128, kClipHeightPx = 96;

/// MPEG-4 in an MPEG-TS, each picture built on the one before. Empty when it could not be made.
[[nodiscard]] std::string videoClip(const ClipScene &scene);

} // namespace auroraedge::testing

#pragma once

#include "app/imaging/picture_decoder.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace auroraedge::app {

/// What a picture's headers say; read by our own code, before a decoder sees the bytes.
struct PictureProbe
{
    PictureFormat format{};
    std::int64_t widthPx = 0, heightPx = 0;
    int orientation = 1;      ///< EXIF 1..8
    bool hasUsefulAlpha = true; ///< BMP: false when the fourth byte of a pixel means nothing
    std::vector<std::string> notes;
};

/// Refuses what is not one still picture of a known format within the limits. Allocates next to nothing.
/// @return IMG-01..IMG-05, IMG-07, IMG-08, IMG-10, IMG-11, IMG-14, IMG-15. TIFF is only recognised here: its
/// directories are checked by decodeTiff().
Result<PictureProbe> probePicture(std::span<const std::uint8_t> bytes, const std::string &name,
                                  const PictureLimits &limits);

/// IMG-04 or IMG-05 for a size that is not acceptable.
Result<void> checkPictureSize(std::int64_t widthPx, std::int64_t heightPx, const std::string &name,
                              const PictureLimits &limits);

} // namespace auroraedge::app

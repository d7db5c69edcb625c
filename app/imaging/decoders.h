#pragma once

#include "app/imaging/picture_probe.h"
#include "app/imaging/pixel_buffer.h"

namespace auroraedge::app {

/// Each decodes what its probe accepted, as stored (not yet upright). They may throw std::bad_alloc.
/// @return IMG-02 or IMG-03 for data that does not give every pixel.
Result<PixelBuffer> decodeJpeg(std::span<const std::uint8_t> bytes, const std::string &name,
                               const PictureProbe &probe, const PictureLimits &limits);
/// PNG and BMP. Adds a note to @p probe when transparency was composed.
Result<PixelBuffer> decodePngOrBmp(std::span<const std::uint8_t> bytes, const std::string &name, PictureProbe &probe);
/// Also fills size, orientation and notes of @p probe. @return besides: IMG-04, IMG-05, IMG-08..IMG-11.
Result<PixelBuffer> decodeTiff(std::span<const std::uint8_t> bytes, const std::string &name, PictureProbe &probe,
                               const PictureLimits &limits);

} // namespace auroraedge::app

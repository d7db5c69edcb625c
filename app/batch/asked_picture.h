#pragma once

#include "app/imaging/picture_decoder.h"
#include "app/storage/answer_record.h"
#include "engine/api/frame.h"

#include <optional>
#include <string>

namespace auroraedge::app {

/// A picture file as a command asks about it.
struct AskedPicture
{
    std::string path; ///< as the user gave it
    DecodedPicture decoded;
    std::optional<PixelBox> roi;
    double decodeMs = 0;

    /// What the model is shown; shares the pixels.
    [[nodiscard]] Frame shown() const { return roi ? cropped(decoded.frame, *roi) : decoded.frame; }
};

/// Reads the picture and checks @p roi ("x,y,w,h" or empty) against it. Safe from any thread.
/// @return what decodePicture() returns, and CLI-01 for a bad part.
Result<AskedPicture> readPicture(const std::string &path, const std::string &roi);

/// What is kept of it: the file itself where its format is one that the store keeps; otherwise its pixels as a PNG.
Result<EvidencePicture> evidenceOf(const DecodedPicture &picture);

} // namespace auroraedge::app

#pragma once

#include "engine/api/frame.h"
#include "engine/api/result.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace auroraedge::app {

/// What a picture file may be at most; checked before anything of that size is allocated.
struct PictureLimits
{
    std::int64_t maxFileBytes = std::int64_t{64} << 20;
    std::int64_t maxPixels = 50'000'000;
    std::int64_t maxMetadataBytes = std::int64_t{1} << 20; ///< EXIF and ICC of one file, together
    int maxJpegScans = 500;
};

enum class PictureFormat { Jpeg = 1, Png, Bmp, Tiff };

/// "JPEG", "PNG", "BMP", "TIFF".
[[nodiscard]] std::string_view pictureFormatName(PictureFormat format);

struct DecodedPicture
{
    Frame frame;                     ///< upright 8-bit RGB; source is the path or name, sequence 0
    PictureFormat format{};          ///< by content, not by name
    std::string sha256;              ///< of the file's bytes, 64 lower-case hex digits
    std::vector<std::uint8_t> bytes; ///< the file as read: evidence is stored byte for byte
    std::vector<std::string> notes;  ///< whatever was done to the pixels or is odd, one sentence each
};

/// The file's bytes, read once and completely. Never blocks on a FIFO or device.
/// @return FS-01, FS-02, FS-03, FS-05, FS-12, IMG-01, IMG-18, IMG-19.
Result<std::vector<std::uint8_t>> readPictureFile(const std::filesystem::path &path, const PictureLimits &limits = {});

/// Strict decoding: a cut, damaged or unusual picture is an error, never a guess.
/// JPEG, PNG, BMP and TIFF only. EXIF orientation is applied once, alpha is composed on white, grey becomes RGB:
/// each is told in the notes. Safe from any thread.
/// @return what readPictureFile() returns, and IMG-01..IMG-05, IMG-07..IMG-11, IMG-14, IMG-15.
Result<DecodedPicture> decodePicture(const std::filesystem::path &path, const PictureLimits &limits = {});
/// The same for bytes that are already here. @param name of the object in messages ("part7.jpg").
Result<DecodedPicture> decodePicture(std::vector<std::uint8_t> bytes, const std::string &name,
                                     const PictureLimits &limits = {});

} // namespace auroraedge::app

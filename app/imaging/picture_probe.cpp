#include "app/imaging/picture_probe.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string_view>

namespace auroraedge::app {
namespace {

using Bytes = std::span<const std::uint8_t>;

std::uint32_t big(Bytes bytes, std::size_t at, int count)
{
    std::uint32_t value = 0;
    for (int i = 0; i < count; ++i)
        value = value << 8 | bytes[at + static_cast<std::size_t>(i)];
    return value;
}

std::uint32_t little(Bytes bytes, std::size_t at, int count)
{
    std::uint32_t value = 0;
    for (int i = count - 1; i >= 0; --i)
        value = value << 8 | bytes[at + static_cast<std::size_t>(i)];
    return value;
}

bool startsWith(Bytes bytes, std::string_view text, std::size_t at = 0)
{
    return bytes.size() >= at + text.size()
        && std::equal(text.begin(), text.end(), bytes.begin() + static_cast<std::ptrdiff_t>(at),
                      [](char a, std::uint8_t b) { return static_cast<std::uint8_t>(a) == b; });
}

Failure incomplete(const std::string &name)
{
    return failure(code::ImageIncomplete, name + " is incomplete: picture data ends early", name);
}

Failure damaged(const std::string &name, const std::string &how)
{
    return failure(code::ImageDamaged, name + " is damaged: " + how, name);
}

Failure brokenMetadata(const std::string &name)
{
    return failure(code::ImageMetadata, name + ": metadata damaged or over 1 MiB; save the picture again without it",
                   name);
}

std::string grouped(std::size_t number)
{
    std::string text = std::to_string(number);
    for (std::size_t at = text.size(); at > 3;) {
        at -= 3;
        text.insert(at, ",");
    }
    return text;
}

void noteTrailingBytes(PictureProbe &probe, std::size_t count)
{
    if (count > 0)
        probe.notes.push_back(grouped(count) + " bytes after image end");
}

/// Orientation of an EXIF block (a TIFF header and its first directory), 1 when it says none.
/// Nothing when the block is broken.
std::optional<int> exifOrientation(Bytes exif)
{
    if (exif.size() < 8)
        return std::nullopt;
    const bool isLittle = startsWith(exif, "II");
    if (!isLittle && !startsWith(exif, "MM"))
        return std::nullopt;
    const auto number = [&](std::size_t at, int count) {
        return isLittle ? little(exif, at, count) : big(exif, at, count);
    };
    const std::size_t directory = number(4, 4);
    if (number(2, 2) != 42 || directory < 8 || directory + 2 > exif.size())
        return std::nullopt;
    const std::size_t entries = number(directory, 2);
    if (directory + 2 + 12 * entries > exif.size())
        return std::nullopt;
    for (std::size_t i = 0; i < entries; ++i) {
        const std::size_t entry = directory + 2 + 12 * i;
        if (number(entry, 2) != 0x0112)
            continue;
        const std::uint32_t value = number(entry + 8, 2);
        if (number(entry + 2, 2) != 3 || number(entry + 4, 4) != 1)
            return std::nullopt;
        return value >= 1 && value <= 8 ? static_cast<int>(value) : 1;
    }
    return 1;
}

bool isIccProfile(Bytes profile) { return profile.size() >= 128 && startsWith(profile, "acsp", 36); }

Result<PictureProbe> probeJpeg(Bytes bytes, const std::string &name, const PictureLimits &limits)
{
    PictureProbe probe;
    probe.format = PictureFormat::Jpeg;
    std::int64_t metadataBytes = 0;
    int scans = 0;
    bool hasFrameHeader = false;
    bool hasExif = false;
    std::size_t at = 2;
    for (;;) {
        if (at + 2 > bytes.size())
            return incomplete(name);
        if (bytes[at] != 0xFF)
            return damaged(name, "decoder reported corrupt data");
        const std::uint8_t marker = bytes[at + 1];
        if (marker == 0xFF) { // fill byte
            ++at;
            continue;
        }
        at += 2;
        if (marker == 0xD9) // end of image
            break;
        if (marker == 0x01 || (marker >= 0xD0 && marker <= 0xD7))
            continue;
        if (at + 2 > bytes.size())
            return incomplete(name);
        const std::size_t length = big(bytes, at, 2);
        if (length < 2)
            return damaged(name, "decoder reported corrupt data");
        if (at + length > bytes.size())
            return incomplete(name);
        const Bytes body = bytes.subspan(at + 2, length - 2);
        at += length;

        const bool isFrameHeader = marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8
            && marker != 0xCC;
        if (isFrameHeader) {
            if (body.size() < 6)
                return damaged(name, "decoder reported corrupt data");
            hasFrameHeader = true;
            probe.heightPx = big(body, 1, 2);
            probe.widthPx = big(body, 3, 2);
            if (const Result<void> size = checkPictureSize(probe.widthPx, probe.heightPx, name, limits); !size)
                return failure(size.error());
            if (body[0] != 8)
                return failure(code::ImageDepth,
                               name + ": " + std::to_string(body[0]) + "-bit image: recipe gives no scaling", name);
            if (body[5] == 4)
                return failure(code::ImageCmyk, name + ": colour model CMYK is not supported; save as RGB", name);
            if (body[5] == 1)
                probe.notes.emplace_back("grey image shown as RGB");
        } else if (marker == 0xE1 && startsWith(body, std::string_view("Exif\0\0", 6))) {
            metadataBytes += static_cast<std::int64_t>(body.size());
            const std::optional<int> orientation = exifOrientation(body.subspan(6));
            if (!orientation)
                return brokenMetadata(name);
            if (!hasExif) // a second block is what editors append; the first one counts
                probe.orientation = *orientation;
            hasExif = true;
        } else if (marker == 0xE2 && startsWith(body, std::string_view("ICC_PROFILE\0", 12))) {
            metadataBytes += static_cast<std::int64_t>(body.size());
            if (body.size() < 14 || (body[12] == 1 && !isIccProfile(body.subspan(14))))
                return brokenMetadata(name);
        } else if (marker >= 0xE0 || marker == 0xFE) { // other application segments, comments
            metadataBytes += static_cast<std::int64_t>(body.size());
        }
        if (metadataBytes > limits.maxMetadataBytes)
            return brokenMetadata(name);
        if (marker != 0xDA)
            continue;

        // A scan: entropy coded bytes up to the next marker that is neither stuffing nor a restart.
        if (!hasFrameHeader)
            return damaged(name, "decoder reported corrupt data");
        if (++scans > limits.maxJpegScans)
            return failure(code::ImageTooManyScans,
                           name + ": too many scans (limit " + std::to_string(limits.maxJpegScans) + ")", name);
        while (at + 1 < bytes.size()
               && (bytes[at] != 0xFF || bytes[at + 1] == 0x00 || bytes[at + 1] == 0xFF
                   || (bytes[at + 1] >= 0xD0 && bytes[at + 1] <= 0xD7)))
            ++at;
    }
    if (scans == 0)
        return incomplete(name);
    noteTrailingBytes(probe, bytes.size() - at);
    return probe;
}

std::uint32_t crc32(Bytes bytes)
{
    static const std::array<std::uint32_t, 256> table = [] {
        std::array<std::uint32_t, 256> values{};
        for (std::uint32_t i = 0; i < 256; ++i) {
            std::uint32_t value = i;
            for (int bit = 0; bit < 8; ++bit)
                value = (value & 1) != 0 ? 0xEDB88320U ^ (value >> 1) : value >> 1;
            values[i] = value;
        }
        return values;
    }();
    std::uint32_t crc = 0xFFFFFFFFU;
    for (const std::uint8_t byte : bytes)
        crc = table[(crc ^ byte) & 0xFF] ^ (crc >> 8);
    return ~crc;
}

Result<PictureProbe> probePng(Bytes bytes, const std::string &name, const PictureLimits &limits)
{
    PictureProbe probe;
    probe.format = PictureFormat::Png;
    std::int64_t metadataBytes = 0;
    bool hasData = false;
    std::size_t at = 8;
    for (bool isFirst = true;; isFirst = false) {
        if (at + 12 > bytes.size())
            return incomplete(name);
        const std::size_t length = big(bytes, at, 4);
        const std::string_view type(reinterpret_cast<const char *>(bytes.data()) + at + 4, 4);
        if (isFirst && (type != "IHDR" || length != 13))
            return damaged(name, "the image header is missing");
        if (!isFirst && type == "IHDR")
            return damaged(name, "there are two image headers");
        if (length > bytes.size() - at - 12)
            return incomplete(name);
        const Bytes body = bytes.subspan(at + 8, length);
        if (isFirst) {
            // Before the checksum: a claim of 3,600 megapixels is told as such, whatever else is wrong.
            probe.widthPx = big(body, 0, 4);
            probe.heightPx = big(body, 4, 4);
            if (const Result<void> size = checkPictureSize(probe.widthPx, probe.heightPx, name, limits); !size)
                return failure(size.error());
        }
        if (crc32(bytes.subspan(at + 4, length + 4)) != big(bytes, at + 8 + length, 4))
            return damaged(name, "checksum error in the image data");
        at += 12 + length;

        if (isFirst) {
            if (body[8] > 8)
                return failure(code::ImageDepth, name + ": 16-bit image: recipe gives no scaling", name);
            if (body[9] == 0 || body[9] == 4)
                probe.notes.emplace_back("grey image shown as RGB");
        } else if (type == "acTL") {
            const std::uint32_t frames = length >= 4 ? big(body, 0, 4) : 0;
            return failure(code::ImageAnimated,
                           name + ": file has " + std::to_string(frames) + (frames == 1 ? " frame of an animation" : " frames") + "; a still image is needed", name);
        } else if (type == "eXIf") {
            const std::optional<int> orientation = exifOrientation(body);
            if (!orientation)
                return brokenMetadata(name);
            probe.orientation = *orientation;
        } else if (type == "IDAT") {
            hasData = true;
        } else if (type == "IEND") {
            break;
        }
        if ((static_cast<unsigned char>(type[0]) & 0x20) != 0) // ancillary
            metadataBytes += static_cast<std::int64_t>(length);
        if (metadataBytes > limits.maxMetadataBytes)
            return brokenMetadata(name);
    }
    if (!hasData)
        return incomplete(name);
    noteTrailingBytes(probe, bytes.size() - at);
    return probe;
}

Result<PictureProbe> probeBmp(Bytes bytes, const std::string &name, const PictureLimits &limits)
{
    PictureProbe probe;
    probe.format = PictureFormat::Bmp;
    if (bytes.size() < 26)
        return incomplete(name);
    const std::size_t dataAt = little(bytes, 10, 4);
    const std::size_t headerSize = little(bytes, 14, 4);
    if (headerSize != 12 && headerSize < 40)
        return damaged(name, "the image header is missing");
    if (14 + headerSize > bytes.size())
        return incomplete(name);
    const bool isOld = headerSize == 12;
    probe.widthPx = isOld ? little(bytes, 18, 2) : static_cast<std::int32_t>(little(bytes, 18, 4));
    // A negative height means that the top row comes first.
    probe.heightPx = isOld ? little(bytes, 20, 2) : std::abs(std::int64_t{static_cast<std::int32_t>(little(bytes, 22, 4))});
    const std::uint32_t depth = little(bytes, isOld ? 24 : 28, 2);
    const std::uint32_t compression = isOld ? 0 : little(bytes, 30, 4);
    if (const Result<void> size = checkPictureSize(probe.widthPx, probe.heightPx, name, limits); !size)
        return failure(size.error());
    if (compression != 0 && compression != 3)
        return failure(code::ImageAnimated,
                       name + ": animated or unsupported format (compressed BMP); use a still image", name);
    if (depth != 1 && depth != 4 && depth != 8 && depth != 16 && depth != 24 && depth != 32)
        return damaged(name, std::to_string(depth) + " bits a pixel are not possible");
    const std::int64_t rowBytes = (probe.widthPx * depth + 31) / 32 * 4;
    const std::int64_t end = static_cast<std::int64_t>(dataAt) + rowBytes * probe.heightPx;
    if (end > static_cast<std::int64_t>(bytes.size()))
        return incomplete(name);
    probe.hasUsefulAlpha = depth == 32 && headerSize >= 56 && compression == 3 && little(bytes, 66, 4) != 0;
    noteTrailingBytes(probe, bytes.size() - static_cast<std::size_t>(end));
    return probe;
}

/// Size that a PPM or PGM header claims: not our format, but a claim of gigapixels is named as what it is.
std::optional<std::pair<std::int64_t, std::int64_t>> portableMapSize(Bytes bytes)
{
    if (bytes.size() < 3 || bytes[0] != 'P' || bytes[1] < '1' || bytes[1] > '6')
        return std::nullopt;
    const std::string head(bytes.begin() + 2, bytes.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(bytes.size(), 64)));
    std::int64_t size[2] = {};
    const char *at = head.data();
    const char *end = head.data() + head.size();
    for (std::int64_t &side : size) {
        while (at != end && (*at == ' ' || *at == '\n' || *at == '\t' || *at == '\r'))
            ++at;
        const auto [next, problem] = std::from_chars(at, end, side);
        if (problem != std::errc())
            return std::nullopt;
        at = next;
    }
    return std::pair(size[0], size[1]);
}

/// As many digits as show that it is more than @p limit.
std::string megapixelText(double megapixels, double limit)
{
    constexpr int kDigitsOfAPixel = 6;
    std::array<char, 64> text{};
    for (int digits = 0; digits <= kDigitsOfAPixel; ++digits) {
        std::snprintf(text.data(), text.size(), "%.*f", digits, megapixels);
        if (std::strtod(text.data(), nullptr) > limit)
            break;
    }
    return text.data();
}

} // namespace

std::string_view pictureFormatName(PictureFormat format)
{
    switch (format) {
    case PictureFormat::Jpeg: return "JPEG";
    case PictureFormat::Png: return "PNG";
    case PictureFormat::Bmp: return "BMP";
    case PictureFormat::Tiff: return "TIFF";
    }
    return "";
}

Result<void> checkPictureSize(std::int64_t widthPx, std::int64_t heightPx, const std::string &name,
                              const PictureLimits &limits)
{
    const std::string size = std::to_string(widthPx) + " x " + std::to_string(heightPx);
    if (widthPx <= 0 || heightPx <= 0)
        return failure(code::ImageNoPixels, name + ": image has no pixels (" + size + ")", name);
    // Both sides are below 2^32, so the product of the bounded ones cannot overflow.
    if (widthPx > limits.maxPixels || heightPx > limits.maxPixels || widthPx * heightPx > limits.maxPixels) {
        const double megapixels = static_cast<double>(widthPx) * static_cast<double>(heightPx) / 1e6;
        return failure(code::ImageTooManyPixels,
                       name + ": " + size + " = " + megapixelText(megapixels, static_cast<double>(limits.maxPixels) / 1e6)
                           + " megapixels; limit is " + std::to_string(limits.maxPixels / 1'000'000),
                       name);
    }
    return {};
}

Result<PictureProbe> probePicture(std::span<const std::uint8_t> bytes, const std::string &name,
                                  const PictureLimits &limits)
{
    if (bytes.empty())
        return failure(code::ImageEmpty, name + " is empty (0 bytes)", name);
    if (startsWith(bytes, "\xFF\xD8\xFF"))
        return probeJpeg(bytes, name, limits);
    if (startsWith(bytes, "\x89PNG\r\n\x1A\n"))
        return probePng(bytes, name, limits);
    if (startsWith(bytes, "BM"))
        return probeBmp(bytes, name, limits);
    if (startsWith(bytes, std::string_view("II*\0", 4)) || startsWith(bytes, std::string_view("MM\0*", 4))
        || startsWith(bytes, std::string_view("II+\0", 4)) || startsWith(bytes, std::string_view("MM\0+", 4))) {
        PictureProbe probe;
        probe.format = PictureFormat::Tiff;
        return probe;
    }
    const bool isGif = startsWith(bytes, "GIF8");
    if (isGif || (startsWith(bytes, "RIFF") && startsWith(bytes, "WEBP", 8)))
        return failure(code::ImageAnimated,
                       name + ": animated or unsupported format (" + (isGif ? "GIF" : "WebP") + "); use a still image",
                       name);
    if (const auto size = portableMapSize(bytes)) {
        if (const Result<void> checked = checkPictureSize(size->first, size->second, name, limits); !checked)
            return failure(checked.error());
    }
    return failure(code::ImageUnknownFormat, name + ": content is not JPEG, PNG, BMP or TIFF", name);
}

} // namespace auroraedge::app

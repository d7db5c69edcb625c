#include "plugins/folder_source/still_decoder.h"

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <turbojpeg.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string_view>
#include <vector>

namespace auroraedge::plugins {

namespace {

constexpr std::int64_t kMaxFileBytes = std::int64_t{64} << 20;
constexpr std::int64_t kMaxPixels = 50'000'000;

struct PixelSize
{
    std::int64_t width = 0, height = 0;
};

Result<std::vector<std::uint8_t>> readWhole(const std::string &path, const std::string &name)
{
    std::error_code error;
    const auto size = static_cast<std::int64_t>(std::filesystem::file_size(path, error));
    if (error)
        return failure(code::FileUnreadable, name + " cannot be read: " + error.message(), path);
    if (size == 0)
        return failure(code::ImageEmpty, name + " is empty (0 bytes)", path);
    if (size > kMaxFileBytes)
        return failure(code::ImageFileTooLarge, name + " is larger than 64 MiB", path);
    std::ifstream file(path, std::ios::binary);
    std::vector<std::uint8_t> bytes(static_cast<std::size_t>(size));
    if (!file.read(reinterpret_cast<char *>(bytes.data()), static_cast<std::streamsize>(size)))
        return failure(code::FileUnreadable, "no permission to read " + name, path);
    return bytes;
}

bool hasPrefix(const std::vector<std::uint8_t> &bytes, std::string_view prefix)
{
    return bytes.size() >= prefix.size()
        && std::string_view(reinterpret_cast<const char *>(bytes.data()), prefix.size()) == prefix;
}

std::int64_t bigEndian32(const std::vector<std::uint8_t> &bytes, std::size_t at)
{
    return std::int64_t{bytes[at]} << 24 | std::int64_t{bytes[at + 1]} << 16 | std::int64_t{bytes[at + 2]} << 8
        | bytes[at + 3];
}

std::int64_t littleEndian32(const std::vector<std::uint8_t> &bytes, std::size_t at)
{
    const auto value = static_cast<std::int32_t>(std::uint32_t{bytes[at]} | std::uint32_t{bytes[at + 1]} << 8
                                                 | std::uint32_t{bytes[at + 2]} << 16 | std::uint32_t{bytes[at + 3]} << 24);
    return value < 0 ? -std::int64_t{value} : value; // a BMP that is stored top down has a negative height
}

/// libjpeg fills up a cut picture with grey and only warns; imdecode hides the warning. So the whole picture is
/// decoded here once, with warnings as errors, before OpenCV sees it.
Result<PixelSize> checkJpeg(const std::vector<std::uint8_t> &bytes, const std::string &path, const std::string &name)
{
    const std::unique_ptr<void, int (*)(tjhandle)> decoder(tjInitDecompress(), &tjDestroy);
    int width = 0, height = 0, subsampling = 0, colourspace = 0;
    const auto size = static_cast<unsigned long>(bytes.size());
    if (!decoder
        || tjDecompressHeader3(decoder.get(), bytes.data(), size, &width, &height, &subsampling, &colourspace) != 0)
        return failure(code::ImageDamaged, name + " is damaged: its JPEG header cannot be read", path);
    if (std::int64_t{width} * height > kMaxPixels)
        return PixelSize{width, height}; // refused by the caller, before anything is allocated
    if (colourspace == TJCS_CMYK || colourspace == TJCS_YCCK)
        return failure(code::ImageCmyk, name + " has the colour model CMYK; save it as RGB", path);
    std::vector<std::uint8_t> pixels(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
    if (tjDecompress2(decoder.get(), bytes.data(), size, pixels.data(), width, 0, height, TJPF_GRAY,
                      TJFLAG_STOPONWARNING | TJFLAG_LIMITSCANS)
        != 0) {
        const std::string_view reason = tjGetErrorStr2(decoder.get());
        const bool isCut = reason.find("remature end") != std::string_view::npos;
        return isCut ? failure(code::ImageIncomplete, name + " is incomplete: picture data ends early", path)
                     : failure(code::ImageDamaged, name + " is damaged: decoder reported corrupt data", path);
    }
    return PixelSize{width, height};
}

/// OpenCV shows the first picture of an animation and the upper half of sixteen bits as if that were all.
Result<PixelSize> checkPng(const std::vector<std::uint8_t> &bytes, const std::string &path, const std::string &name)
{
    constexpr std::size_t kSignature = 8, kAroundChunk = 12, kHeader = 13; // length, type and checksum are around each chunk
    const auto incomplete = [&] { return failure(code::ImageIncomplete, name + " is incomplete: picture data ends early", path); };
    for (std::size_t at = kSignature;;) {
        if (at + kAroundChunk > bytes.size())
            return incomplete();
        const auto length = static_cast<std::size_t>(bigEndian32(bytes, at));
        const std::string_view type(reinterpret_cast<const char *>(bytes.data()) + at + 4, 4);
        if (at == kSignature && (type != "IHDR" || length != kHeader))
            return failure(code::ImageDamaged, name + " is damaged: the image header is missing", path);
        if (length > bytes.size() - at - kAroundChunk)
            return incomplete();
        if (type == "IHDR" && bytes[at + 16] > 8)
            return failure(code::ImageDepth, name + " has 16 bits a colour; save it with 8", path);
        if (type == "acTL")
            return failure(code::ImageAnimated, name + " is animated; only still pictures are shown", path);
        if (type == "IEND")
            return PixelSize{bigEndian32(bytes, 16), bigEndian32(bytes, 20)};
        at += kAroundChunk + length;
    }
}

/// OpenCV tells a cut one, too, but to the log, and anew each time.
Result<PixelSize> checkBmp(const std::vector<std::uint8_t> &bytes, const std::string &path, const std::string &name)
{
    constexpr std::size_t kHeaders = 54;
    const auto incomplete = [&] { return failure(code::ImageIncomplete, name + " is incomplete: picture data ends early", path); };
    if (bytes.size() < kHeaders)
        return incomplete();
    const PixelSize size{littleEndian32(bytes, 18), littleEndian32(bytes, 22)};
    const bool isPacked = bytes[30] == 1 || bytes[30] == 2; // then its length follows from no size
    if (isPacked || size.width > kMaxPixels || size.height > kMaxPixels)
        return size;
    const std::int64_t bitsPerPixel = bytes[28] | bytes[29] << 8;
    const std::int64_t rowBytes = (size.width * bitsPerPixel + 31) / 32 * 4;
    if (size.height > 0 && rowBytes > (static_cast<std::int64_t>(bytes.size()) - littleEndian32(bytes, 10)) / size.height)
        return incomplete();
    return size;
}

/// Checks what can be checked before decoding.
Result<PixelSize> pixelSizeOf(const std::vector<std::uint8_t> &bytes, const std::string &path, const std::string &name)
{
    if (hasPrefix(bytes, "\xff\xd8\xff"))
        return checkJpeg(bytes, path, name);
    if (hasPrefix(bytes, "\x89PNG\r\n\x1a\n"))
        return checkPng(bytes, path, name);
    if (hasPrefix(bytes, "BM"))
        return checkBmp(bytes, path, name);
    return failure(code::ImageUnknownFormat, name + " is not JPEG, PNG or BMP", path);
}

} // namespace

Result<Frame> decodeStill(const std::string &path)
{
    const std::string name = std::filesystem::path(path).filename().string();
    const Result<std::vector<std::uint8_t>> bytes = readWhole(path, name);
    if (!bytes)
        return failure(bytes.error());
    const Result<PixelSize> size = pixelSizeOf(*bytes, path, name);
    if (!size)
        return failure(size.error());
    if (size->width <= 0 || size->height <= 0)
        return failure(code::ImageNoPixels, name + " has no pixels", path);
    if (size->width > kMaxPixels || size->height > kMaxPixels || size->width * size->height > kMaxPixels)
        return failure(code::ImageTooManyPixels,
                       name + " has " + std::to_string(size->width) + " x " + std::to_string(size->height)
                           + " pixels; the limit is 50 million",
                       path);
    try {
        auto rgb = std::make_shared<cv::Mat>(cv::imdecode(*bytes, cv::IMREAD_COLOR)); // turned upright by its EXIF
        if (rgb->empty())
            return failure(code::ImageDamaged, name + " is damaged: it cannot be decoded", path);
        cv::cvtColor(*rgb, *rgb, cv::COLOR_BGR2RGB);
        Frame frame;
        frame.pixels = std::shared_ptr<const std::uint8_t>(rgb, rgb->data);
        frame.widthPx = rgb->cols;
        frame.heightPx = rgb->rows;
        frame.strideBytes = static_cast<std::ptrdiff_t>(rgb->step[0]);
        return frame;
    } catch (const cv::Exception &e) {
        return failure(code::ImageDamaged, name + " is damaged: " + e.err, path);
    }
}

} // namespace auroraedge::plugins

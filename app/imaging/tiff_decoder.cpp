#include "app/imaging/decoders.h"

#include <algorithm>
#include <array>
#include <cstdarg>
#include <cstring>
#include <memory>
#include <tiffio.h>

namespace auroraedge::app {
namespace {

/// A file in memory, as libtiff wants to read it.
struct MemoryFile
{
    std::span<const std::uint8_t> bytes;
    std::uint64_t at = 0;

    static MemoryFile &of(thandle_t handle) { return *static_cast<MemoryFile *>(handle); }
    static tmsize_t read(thandle_t handle, void *to, tmsize_t size)
    {
        MemoryFile &file = of(handle);
        if (file.at >= file.bytes.size() || size <= 0)
            return 0;
        const std::size_t count = std::min<std::size_t>(static_cast<std::size_t>(size), file.bytes.size() - file.at);
        std::memcpy(to, file.bytes.data() + file.at, count);
        file.at += count;
        return static_cast<tmsize_t>(count);
    }
    static tmsize_t write(thandle_t, void *, tmsize_t) { return 0; }
    static toff_t seek(thandle_t handle, toff_t offset, int whence)
    {
        MemoryFile &file = of(handle);
        file.at = whence == SEEK_CUR ? file.at + offset : whence == SEEK_END ? file.bytes.size() + offset : offset;
        return file.at;
    }
    static int close(thandle_t) { return 0; }
    static toff_t size(thandle_t handle) { return of(handle).bytes.size(); }
};

/// What libtiff has to say of one file: whether, not what.
struct Complaints
{
    bool hasErrors = false, hasWarnings = false;

    static int ofError(TIFF *, void *complaints, const char *, const char *, va_list)
    {
        static_cast<Complaints *>(complaints)->hasErrors = true;
        return 1;
    }
    static int ofWarning(TIFF *, void *complaints, const char *, const char *, va_list)
    {
        static_cast<Complaints *>(complaints)->hasWarnings = true;
        return 1;
    }
};

/// Of faxes libtiff makes rows out of anything, and only warns.
bool isFax(std::uint16_t compression)
{
    return compression == COMPRESSION_CCITTRLE || compression == COMPRESSION_CCITTRLEW || compression == COMPRESSION_CCITTFAX3
        || compression == COMPRESSION_CCITTFAX4;
}

struct CloseTiff
{
    void operator()(TIFF *tiff) const { TIFFClose(tiff); }
};

struct FreeOptions
{
    void operator()(TIFFOpenOptions *options) const { TIFFOpenOptionsFree(options); }
};

template <typename T>
T field(TIFF *tiff, std::uint32_t tag, T otherwise)
{
    T value = otherwise;
    return TIFFGetFieldDefaulted(tiff, tag, &value) == 1 ? value : otherwise;
}

/// Whether every strip or tile lies inside the file.
bool isComplete(TIFF *tiff, std::uint64_t fileBytes)
{
    const std::uint32_t parts = TIFFIsTiled(tiff) != 0 ? TIFFNumberOfTiles(tiff) : TIFFNumberOfStrips(tiff);
    for (std::uint32_t part = 0; part < parts; ++part) {
        const std::uint64_t offset = TIFFGetStrileOffset(tiff, part);
        const std::uint64_t count = TIFFGetStrileByteCount(tiff, part);
        if (offset == 0 || count == 0 || offset > fileBytes || count > fileBytes - offset)
            return false;
    }
    return parts > 0;
}

} // namespace

Result<PixelBuffer> decodeTiff(std::span<const std::uint8_t> bytes, const std::string &name, PictureProbe &probe,
                               const PictureLimits &limits)
{
    const auto incomplete = [&] {
        return failure(code::ImageIncomplete, name + " is incomplete: picture data ends early", name);
    };
    const auto damaged = [&] {
        return failure(code::ImageDamaged, name + " is damaged: decoder reported corrupt data", name);
    };
    // The directory of a classic file may lie at its end: a cut file then names a place that is not there.
    if (bytes.size() < 8)
        return incomplete();
    if (bytes[2] == 42 || bytes[3] == 42) {
        std::uint32_t directory = 0;
        for (std::size_t i = 0; i < 4; ++i)
            directory = directory << 8 | bytes[bytes[0] == 'I' ? 7 - i : 4 + i];
        if (std::uint64_t{directory} + 2 > bytes.size())
            return incomplete();
    }

    const std::unique_ptr<TIFFOpenOptions, FreeOptions> options(TIFFOpenOptionsAlloc());
    Complaints complaints;
    TIFFOpenOptionsSetErrorHandlerExtR(options.get(), Complaints::ofError, &complaints);
    TIFFOpenOptionsSetWarningHandlerExtR(options.get(), Complaints::ofWarning, &complaints);
    // A crafted tag or strip size cannot ask for more than the largest picture needs.
    TIFFOpenOptionsSetMaxSingleMemAlloc(options.get(), static_cast<tmsize_t>(4 * limits.maxPixels + (1 << 20)));
    MemoryFile file{bytes};
    const std::unique_ptr<TIFF, CloseTiff> tiff(
        TIFFClientOpenExt(name.c_str(), "rm", &file, MemoryFile::read, MemoryFile::write, MemoryFile::seek,
                          MemoryFile::close, MemoryFile::size, nullptr, nullptr, options.get()));
    if (!tiff)
        return damaged();

    const auto pages = TIFFNumberOfDirectories(tiff.get());
    if (pages > 1)
        return failure(code::ImageSeveralPages,
                       name + ": file has " + std::to_string(pages)
                           + " pages; split it or choose a page in the recipe",
                       name);
    if (pages < 1 || TIFFSetDirectory(tiff.get(), 0) == 0)
        return damaged();
    probe.widthPx = field<std::uint32_t>(tiff.get(), TIFFTAG_IMAGEWIDTH, 0);
    probe.heightPx = field<std::uint32_t>(tiff.get(), TIFFTAG_IMAGELENGTH, 0);
    if (const Result<void> size = checkPictureSize(probe.widthPx, probe.heightPx, name, limits); !size)
        return failure(size.error());

    const auto bits = field<std::uint16_t>(tiff.get(), TIFFTAG_BITSPERSAMPLE, 1);
    const auto sampleFormat = field<std::uint16_t>(tiff.get(), TIFFTAG_SAMPLEFORMAT, SAMPLEFORMAT_UINT);
    if (sampleFormat == SAMPLEFORMAT_IEEEFP || sampleFormat == SAMPLEFORMAT_COMPLEXIEEEFP)
        return failure(code::ImageDepth, name + ": float pixels are not supported", name);
    if (bits > 8 || sampleFormat == SAMPLEFORMAT_INT)
        return failure(code::ImageDepth, name + ": " + std::to_string(bits) + "-bit image: recipe gives no scaling",
                       name);
    std::uint16_t photometric = 0;
    if (TIFFGetField(tiff.get(), TIFFTAG_PHOTOMETRIC, &photometric) == 0)
        return damaged();
    const bool isGrey = photometric == PHOTOMETRIC_MINISBLACK || photometric == PHOTOMETRIC_MINISWHITE;
    if (!isGrey && photometric != PHOTOMETRIC_RGB && photometric != PHOTOMETRIC_PALETTE
        && photometric != PHOTOMETRIC_YCBCR)
        return failure(code::ImageCmyk,
                       name + ": colour model " + (photometric == PHOTOMETRIC_SEPARATED ? "CMYK" : "of this TIFF")
                           + " is not supported; save as RGB",
                       name);
    const auto compression = field<std::uint16_t>(tiff.get(), TIFFTAG_COMPRESSION, COMPRESSION_NONE);
    if (TIFFIsCODECConfigured(compression) == 0)
        return failure(code::ImageAnimated,
                       name + ": animated or unsupported format (TIFF compression " + std::to_string(compression)
                           + "); use a still image",
                       name);
    if (!isComplete(tiff.get(), bytes.size()))
        return incomplete();
    probe.orientation = field<std::uint16_t>(tiff.get(), TIFFTAG_ORIENTATION, ORIENTATION_TOPLEFT);

    std::array<char, 1024> message{};
    TIFFRGBAImage image{};
    if (TIFFRGBAImageOK(tiff.get(), message.data()) == 0
        || TIFFRGBAImageBegin(&image, tiff.get(), /*stop on error*/ 1, message.data()) == 0)
        return damaged();
    image.orientation = ORIENTATION_TOPLEFT; // rows as stored; we turn the picture once, as for every format
    image.req_orientation = ORIENTATION_TOPLEFT;
    const bool hasAlpha = image.alpha != 0;
    const auto width = static_cast<std::uint32_t>(probe.widthPx);
    const auto height = static_cast<std::uint32_t>(probe.heightPx);
    std::vector<std::uint32_t> raster;
    bool isRead = false;
    complaints = {}; // of the pixels alone
    try {
        raster.resize(std::size_t{width} * height);
        isRead = TIFFRGBAImageGet(&image, raster.data(), width, height) != 0;
    } catch (const std::bad_alloc &) {
        TIFFRGBAImageEnd(&image);
        throw;
    }
    TIFFRGBAImageEnd(&image);
    if (!isRead || complaints.hasErrors || (isFax(compression) && complaints.hasWarnings))
        return damaged();

    PixelBuffer picture(static_cast<int>(width), static_cast<int>(height));
    bool wasTransparent = false;
    std::uint8_t *to = picture.bytes.get();
    for (const std::uint32_t pixel : raster) {
        const int alpha = hasAlpha ? static_cast<int>(TIFFGetA(pixel)) : 255;
        wasTransparent = wasTransparent || alpha != 255;
        for (const std::uint32_t value : {TIFFGetR(pixel), TIFFGetG(pixel), TIFFGetB(pixel)})
            *to++ = overWhite(static_cast<int>(value), alpha, true); // libtiff has multiplied alpha in
    }
    if (isGrey)
        probe.notes.emplace_back("grey image shown as RGB");
    if (wasTransparent)
        probe.notes.emplace_back("transparency composed on white");
    return picture;
}

} // namespace auroraedge::app

#include "app/imaging/decoders.h"
#include "app/imaging/picture_encoder.h"

#include <memory>
#include <string_view>
#include <turbojpeg.h>

namespace auroraedge::app {
namespace {

struct DestroyTurboJpeg
{
    void operator()(void *handle) const { tjDestroy(handle); }
};
using TurboJpeg = std::unique_ptr<void, DestroyTurboJpeg>;

struct FreeTurboJpeg
{
    void operator()(unsigned char *bytes) const { tjFree(bytes); }
};

} // namespace

Result<PixelBuffer> decodeJpeg(std::span<const std::uint8_t> bytes, const std::string &name,
                               const PictureProbe &probe, const PictureLimits &limits)
{
    const TurboJpeg decoder(tjInitDecompress());
    if (!decoder)
        return failure(code::MemoryShort, "not enough memory to decode " + name, name);
    // The flags make a warning an error: without them a file cut in half is a full picture of repeated rows.
    constexpr int kFlags = TJFLAG_STOPONWARNING | TJFLAG_LIMITSCANS | TJFLAG_ACCURATEDCT;
    PixelBuffer picture(static_cast<int>(probe.widthPx), static_cast<int>(probe.heightPx));
    int width = 0, height = 0, subsampling = 0, colours = 0;
    const auto size = static_cast<unsigned long>(bytes.size());
    const bool isRead = tjDecompressHeader3(decoder.get(), bytes.data(), size, &width, &height, &subsampling, &colours)
            == 0
        && width == picture.widthPx && height == picture.heightPx
        && tjDecompress2(decoder.get(), bytes.data(), size, picture.bytes.get(), picture.widthPx,
                         3 * picture.widthPx, picture.heightPx, TJPF_RGB, kFlags)
            == 0;
    if (isRead)
        return picture;
    const std::string_view reason = tjGetErrorStr2(decoder.get());
    if (reason.find("Premature end") != std::string_view::npos)
        return failure(code::ImageIncomplete, name + " is incomplete: picture data ends early", name);
    if (reason.find("scans") != std::string_view::npos)
        return failure(code::ImageTooManyScans,
                       name + ": too many scans (limit " + std::to_string(limits.maxJpegScans) + ")", name);
    return failure(code::ImageDamaged, name + " is damaged: decoder reported corrupt data", name);
}

Result<std::vector<std::uint8_t>> encodeJpeg(const Frame &frame, int quality)
{
    if (frame.isEmpty())
        return failure(code::ImageNoPixels, "there is no picture to save");
    const TurboJpeg encoder(tjInitCompress());
    if (!encoder)
        return failure(code::MemoryShort, "not enough memory to save the picture");
    unsigned char *made = nullptr;
    unsigned long size = 0;
    const int status = tjCompress2(encoder.get(), frame.pixels.get(), frame.widthPx,
                                   static_cast<int>(frame.strideBytes), frame.heightPx, TJPF_RGB, &made, &size,
                                   TJSAMP_444, quality, TJFLAG_ACCURATEDCT);
    const std::unique_ptr<unsigned char, FreeTurboJpeg> owned(made);
    if (status != 0)
        return failure(code::Internal,
                       "the picture could not be saved as JPEG: " + std::string(tjGetErrorStr2(encoder.get())));
    return std::vector<std::uint8_t>(made, made + size);
}

} // namespace auroraedge::app

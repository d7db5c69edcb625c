#include "app/imaging/decoders.h"
#include "app/imaging/picture_encoder.h"

#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>

#include <algorithm>
#include <new>
#include <string_view>

namespace auroraedge::app {
namespace {

/// The chunks of a probed PNG that make its pixels. libpng would unpack the others, and write what it thinks of them
/// to stderr.
std::vector<std::uint8_t> withoutMetadata(std::span<const std::uint8_t> png)
{
    std::vector<std::uint8_t> essential(png.begin(), png.begin() + 8);
    essential.reserve(png.size());
    for (std::size_t at = 8; at + 12 <= png.size();) {
        const std::size_t length = std::size_t{png[at]} << 24 | std::size_t{png[at + 1]} << 16
            | std::size_t{png[at + 2]} << 8 | png[at + 3];
        const auto chunk = png.subspan(at, std::min(length + 12, png.size() - at));
        const std::string_view type(reinterpret_cast<const char *>(chunk.data()) + 4, 4);
        const bool isCritical = (static_cast<unsigned char>(type[0]) & 0x20) == 0;
        if (isCritical || type == "tRNS")
            essential.insert(essential.end(), chunk.begin(), chunk.end());
        if (type == "IEND")
            break;
        at += chunk.size();
    }
    return essential;
}

} // namespace

Result<PixelBuffer> decodePngOrBmp(std::span<const std::uint8_t> bytes, const std::string &name, PictureProbe &probe)
try {
    std::vector<std::uint8_t> essential;
    if (probe.format == PictureFormat::Png) {
        essential = withoutMetadata(bytes);
        bytes = essential;
    }
    // The Mat only looks at the bytes.
    const cv::Mat file(1, static_cast<int>(bytes.size()), CV_8UC1, const_cast<std::uint8_t *>(bytes.data()));
    const cv::Mat stored = cv::imdecode(file, cv::IMREAD_UNCHANGED);
    if (stored.empty() || stored.cols != probe.widthPx || stored.rows != probe.heightPx || stored.depth() != CV_8U)
        return failure(code::ImageDamaged, name + " is damaged: decoder reported corrupt data", name);

    PixelBuffer picture(stored.cols, stored.rows);
    bool wasTransparent = false;
    const int channels = stored.channels();
    for (int y = 0; y < stored.rows; ++y) {
        const std::uint8_t *from = stored.ptr<std::uint8_t>(y);
        for (int x = 0; x < stored.cols; ++x, from += channels) {
            std::uint8_t *to = picture.pixel(x, y);
            if (channels < 3) {
                std::fill_n(to, 3, from[0]);
                continue;
            }
            const int alpha = channels == 4 && probe.hasUsefulAlpha ? from[3] : 255;
            wasTransparent = wasTransparent || alpha != 255;
            for (int c = 0; c < 3; ++c) // OpenCV's order is blue, green, red
                to[c] = alpha == 255 ? from[2 - c] : overWhite(from[2 - c], alpha, false);
        }
    }
    if (wasTransparent)
        probe.notes.emplace_back("transparency composed on white");
    return picture;
} catch (const cv::Exception &) {
    return failure(code::ImageDamaged, name + " is damaged: decoder reported corrupt data", name);
}

Result<std::vector<std::uint8_t>> encodePng(const Frame &frame)
try {
    if (frame.isEmpty())
        return failure(code::ImageNoPixels, "there is no picture to save");
    cv::Mat reordered(frame.heightPx, frame.widthPx, CV_8UC3);
    for (int y = 0; y < frame.heightPx; ++y) {
        const std::uint8_t *from = frame.row(y);
        std::uint8_t *to = reordered.ptr<std::uint8_t>(y);
        for (int x = 0; x < frame.widthPx; ++x, from += 3, to += 3)
            std::reverse_copy(from, from + 3, to);
    }
    std::vector<std::uint8_t> bytes;
    if (!cv::imencode(".png", reordered, bytes))
        return failure(code::Internal, "the picture could not be saved as PNG");
    return bytes;
} catch (const cv::Exception &error) {
    if (error.code == cv::Error::StsNoMem)
        return failure(code::MemoryShort, "not enough memory to save the picture");
    return failure(code::Internal, "the picture could not be saved as PNG: " + error.err);
} catch (const std::bad_alloc &) {
    return failure(code::MemoryShort, "not enough memory to save the picture");
}

} // namespace auroraedge::app

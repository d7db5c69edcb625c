#include "app/imaging/thumbnails.h"

#include "app/imaging/picture_decoder.h"
#include "app/imaging/picture_encoder.h"
#include "app/imaging/pixel_buffer.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fcntl.h>
#include <new>
#include <sys/stat.h>
#include <unistd.h>

namespace auroraedge::app {
namespace fs = std::filesystem;
namespace {

constexpr int kQuality = 85;
constexpr std::int64_t kMostBytes = 1 << 20; ///< of a file in the cache

Result<Frame> shrunk(const Frame &frame)
try {
    const double scale = static_cast<double>(Thumbnails::kLongestSidePx) / std::max(frame.widthPx, frame.heightPx);
    if (scale >= 1)
        return frame;
    const auto side = [scale](int px) { return std::max(1, static_cast<int>(std::lround(px * scale))); };
    const PixelBuffer small(side(frame.widthPx), side(frame.heightPx));
    // The Mats only look at the pixels.
    const cv::Mat from(frame.heightPx, frame.widthPx, CV_8UC3, const_cast<std::uint8_t *>(frame.pixels.get()),
                       static_cast<std::size_t>(frame.strideBytes));
    cv::Mat to(small.heightPx, small.widthPx, CV_8UC3, small.bytes.get());
    cv::resize(from, to, to.size(), 0, 0, cv::INTER_AREA);
    return small.toFrame();
} catch (const cv::Exception &) {
    return failure(code::MemoryShort, "not enough memory for a small picture");
} catch (const std::bad_alloc &) {
    return failure(code::MemoryShort, "not enough memory for a small picture");
}

/// Whole or not at all. Not flushed: what a power cut takes is made again.
void keep(const std::vector<std::uint8_t> &bytes, const fs::path &place)
{
    const fs::path folder = place.parent_path();
    for (const fs::path &made : {folder.parent_path(), folder})
        mkdir(made.c_str(), 0700);
    std::string unfinished = (folder / ".saving-XXXXXX").string();
    const int descriptor = mkostemp(unfinished.data(), O_CLOEXEC);
    if (descriptor < 0)
        return;
    const ssize_t written = write(descriptor, bytes.data(), bytes.size());
    const bool isWhole = close(descriptor) == 0 && written == static_cast<ssize_t>(bytes.size());
    if (!isWhole || rename(unfinished.c_str(), place.c_str()) != 0)
        unlink(unfinished.c_str());
}

} // namespace

fs::path Thumbnails::placeOf(const std::string &pictureSha256) const
{
    return m_dataFolder / "thumbnails" / pictureSha256.substr(0, 2) / (pictureSha256 + ".jpg");
}

Result<Frame> Thumbnails::of(const std::string &pictureSha256, const std::string &picturePath) const
{
    const fs::path place = placeOf(pictureSha256);
    PictureLimits limits;
    limits.maxFileBytes = kMostBytes;
    limits.maxPixels = std::int64_t{kLongestSidePx} * kLongestSidePx;
    if (Result<DecodedPicture> cached = decodePicture(place, limits))
        return std::move(cached->frame);
    const Result<DecodedPicture> picture = decodePicture(m_dataFolder / picturePath);
    if (!picture)
        return failure(picture.error());
    if (picture->sha256 != pictureSha256)
        return failure(code::EvidenceAltered, "evidence hash differs", picturePath);
    Result<Frame> small = shrunk(picture->frame);
    if (!small)
        return failure(small.error());
    if (const Result<std::vector<std::uint8_t>> jpeg = encodeJpeg(*small, kQuality))
        keep(*jpeg, place);
    return small;
}

void Thumbnails::forget(const std::string &pictureSha256) const
{
    std::error_code ignored; // one that stays does no harm
    fs::remove(placeOf(pictureSha256), ignored);
}

} // namespace auroraedge::app

#include "app/batch/asked_picture.h"

#include "app/imaging/picture_encoder.h"

#include <array>
#include <charconv>
#include <chrono>
#include <filesystem>
#include <utility>

namespace auroraedge::app {
namespace {

Failure badRoi(const std::string &roi, const std::string &why)
{
    return failure(code::Usage, "--roi " + roi + " " + why, roi);
}

Result<PixelBox> parseRoi(const std::string &roi, const Frame &frame)
{
    std::array<int, 4> sides{};
    const char *at = roi.data();
    const char *const end = roi.data() + roi.size();
    for (std::size_t i = 0; i < sides.size(); ++i) {
        const auto [next, problem] = std::from_chars(at, end, sides[i]);
        const bool isLast = i + 1 == sides.size();
        if (problem != std::errc() || (isLast ? next != end : next == end || *next != ','))
            return badRoi(roi, "is not x,y,width,height in pixels");
        at = next + (isLast ? 0 : 1);
    }
    const PixelBox box{sides[0], sides[1], sides[2], sides[3]};
    if (box.width < 1 || box.height < 1)
        return badRoi(roi, "has no pixels");
    if (box.x < 0 || box.y < 0 || box.width > frame.widthPx - box.x || box.height > frame.heightPx - box.y)
        return badRoi(roi, "does not lie inside the picture (" + std::to_string(frame.widthPx) + " x "
                          + std::to_string(frame.heightPx) + ")");
    return box;
}

} // namespace

Result<AskedPicture> readPicture(const std::string &path, const std::string &roi)
{
    const auto start = std::chrono::steady_clock::now();
    Result<DecodedPicture> decoded = decodePicture(std::filesystem::path(path));
    if (!decoded)
        return failure(decoded.error());
    AskedPicture picture;
    picture.path = path;
    picture.decoded = *std::move(decoded);
    picture.decodeMs
        = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
    if (!roi.empty()) {
        const Result<PixelBox> box = parseRoi(roi, picture.decoded.frame);
        if (!box)
            return failure(box.error());
        picture.roi = *box;
    }
    return picture;
}

Result<EvidencePicture> evidenceOf(const DecodedPicture &picture)
{
    if (picture.format == PictureFormat::Jpeg)
        return EvidencePicture{picture.bytes, EvidenceFormat::Jpeg};
    if (picture.format == PictureFormat::Png)
        return EvidencePicture{picture.bytes, EvidenceFormat::Png};
    Result<std::vector<std::uint8_t>> png = encodePng(picture.frame);
    if (!png)
        return failure(png.error());
    return EvidencePicture{*std::move(png), EvidenceFormat::Png};
}

} // namespace auroraedge::app

#include "app/imaging/heat_map.h"

#include "app/imaging/pixel_buffer.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <new>
#include <vector>

namespace auroraedge::app {
namespace {

constexpr int kCold = 26;         ///< of 255, a tenth: below is no heat, or every picture would be yellow
constexpr int kSure = 128;        ///< one half
constexpr double kMostHeat = 0.6; ///< share of the colour in the hottest pixel; the picture must show through
const cv::Scalar kLine(255, 255, 255), kLineEdge(90, 0, 0); // RGB

struct Tint
{
    double share = 0;
    std::array<double, 3> colour{}; ///< RGB
};

/// By heat of 0..255.
std::array<Tint, 256> makeTints()
{
    std::array<Tint, 256> tints;
    for (int heat = kCold; heat < 256; ++heat) {
        const double hotness = static_cast<double>(heat - kCold) / (255 - kCold);
        const double share = kMostHeat * hotness * (2 - hotness); // soon seen, or one half is lost on a green picture
        tints[static_cast<std::size_t>(heat)] = {share, {255, 210 * (1 - hotness), 0}};
    }
    return tints;
}

/// The map at the size of the part, 0..255. Eight bits are enough for colours, and a quarter of the memory.
cv::Mat heatOf(const PatchMap &map, const PixelBox &part)
{
    cv::Mat patches(map.rows, map.columns, CV_8U);
    std::transform(map.probability.begin(), map.probability.end(), patches.begin<std::uint8_t>(),
                   [](float probability) { return static_cast<std::uint8_t>(std::lround(255 * probability)); });
    cv::Mat heat;
    cv::resize(patches, heat, {part.width, part.height}, 0, 0, cv::INTER_CUBIC);
    return heat;
}

void tint(cv::Mat &picture, const cv::Mat &heat)
{
    static const std::array<Tint, 256> tints = makeTints();
    for (int y = 0; y < picture.rows; ++y) {
        std::uint8_t *pixel = picture.ptr<std::uint8_t>(y);
        for (int x = 0; x < picture.cols; ++x, pixel += 3) {
            const Tint &tint = tints[heat.at<std::uint8_t>(y, x)];
            for (std::size_t c = 0; c < 3; ++c)
                pixel[c] = static_cast<std::uint8_t>(std::lround(pixel[c] + tint.share * (tint.colour[c] - pixel[c])));
        }
    }
}

/// A light line with a dark edge, to be seen on any picture.
void outlineHottest(cv::Mat &picture, const cv::Mat &heat)
{
    double highest = 0;
    cv::Point hottest;
    cv::minMaxLoc(heat, nullptr, &highest, nullptr, &hottest);
    if (highest <= kSure)
        return;
    constexpr int kRegion = 1;
    cv::Mat region = heat > kSure; // 255 there
    cv::floodFill(region, hottest, kRegion);
    std::vector<std::vector<cv::Point>> outlines;
    cv::findContours(region == kRegion, outlines, cv::RETR_EXTERNAL, cv::CHAIN_APPROX_NONE);
    const int thickness = std::max(1, static_cast<int>(std::lround(std::max(picture.cols, picture.rows) / 640.0)));
    cv::drawContours(picture, outlines, -1, kLineEdge, 3 * thickness, cv::LINE_AA);
    cv::drawContours(picture, outlines, -1, kLine, thickness, cv::LINE_AA);
}

} // namespace

Result<Frame> withHeat(const Frame &picture, const PixelBox &part, const PatchMap &map)
try {
    const PixelBuffer pixels = copyOf(picture);
    cv::Mat whole(pixels.heightPx, pixels.widthPx, CV_8UC3, pixels.bytes.get());
    cv::Mat shown = whole({part.x, part.y, part.width, part.height});
    const cv::Mat heat = heatOf(map, part);
    tint(shown, heat);
    outlineHottest(shown, heat);
    return pixels.toFrame();
} catch (const cv::Exception &error) {
    if (error.code == cv::Error::StsNoMem)
        return failure(code::MemoryShort, "not enough memory to draw the map");
    return failure(code::Internal, "the map could not be drawn: " + error.err);
} catch (const std::bad_alloc &) {
    return failure(code::MemoryShort, "not enough memory to draw the map");
}

} // namespace auroraedge::app

#include "app/imaging/registration.h"

#include "app/imaging/pixel_buffer.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <new>
#include <numbers>
#include <optional>
#include <string>
#include <vector>

namespace auroraedge::app {
namespace {

// Refined by Gauss-Newton on the correlation, as cv::findTransformECC does. That one is in opencv_video, which brings
// opencv_dnn and its protobuf into the process (see AuroraEdgeOpenCV.cmake).

constexpr int kCoarseSide = 256, kFineSide = 640; ///< longest side of the reduced pictures
constexpr double kLeastLikeness = 0.5;             ///< correlation of grey values; boards of two designs reach about 0.3
constexpr double kStructure = 4;                   ///< spread of grey values; noise has less after the smoothing
constexpr int kBlocks = 6;                         ///< along a side: in each the pictures are compared for themselves
constexpr double kLeastOverlap = 0.5;              ///< share of the scan that the moved golden picture covers
constexpr double kUnmoved = 0.75;                  ///< pixels of a corner: less is not worth a resampling
constexpr double kWorthMoving = 0.7;               ///< share of the unlikeness that may remain, or nothing is moved

/// Where the golden picture has what the scan has at a point p: turn by the angle about the scan's middle, then shift.
struct Motion
{
    double angle = 0, dx = 0, dy = 0;

    [[nodiscard]] cv::Matx23d matrix(const cv::Size &scan) const
    {
        const double cx = (scan.width - 1) / 2.0, cy = (scan.height - 1) / 2.0, c = std::cos(angle), s = std::sin(angle);
        return {c, -s, cx + dx - c * cx + s * cy, s, c, cy + dy - s * cx - c * cy};
    }
    /// How far a corner of @p scan moves, at most.
    [[nodiscard]] double reach(const cv::Size &scan) const
    {
        return std::hypot(dx, dy) + std::abs(angle) * std::hypot(scan.width, scan.height) / 2;
    }
    [[nodiscard]] Motion atScale(double scale) const { return {angle, dx * scale, dy * scale}; }
};

/// Both pictures as grey floats, reduced and a little smoothed: noise and steps of one pixel would lead astray.
struct GreyPair
{
    cv::Mat scan, golden;
    double scale = 1; ///< of the whole pictures
};

cv::Mat viewOf(const Frame &frame)
{
    return {frame.heightPx, frame.widthPx, CV_8UC3, const_cast<std::uint8_t *>(frame.pixels.get()), static_cast<std::size_t>(frame.strideBytes)};
}

cv::Mat reducedGrey(const Frame &frame, double scale)
{
    cv::Mat grey;
    cv::cvtColor(viewOf(frame), grey, cv::COLOR_RGB2GRAY);
    if (scale < 1)
        cv::resize(grey, grey, {}, scale, scale, cv::INTER_AREA);
    grey.convertTo(grey, CV_32F);
    cv::GaussianBlur(grey, grey, {}, 1.5);
    return grey;
}

GreyPair reduced(const Frame &scan, const Frame &golden, int longestSide)
{
    const double scale = std::min(1.0, static_cast<double>(longestSide) / std::max(scan.widthPx, scan.heightPx));
    return {reducedGrey(scan, scale), reducedGrey(golden, scale), scale};
}

/// The golden picture as it lies after a motion, and where it is at all.
struct Moved
{
    cv::Mat golden, mask;

    Moved(const GreyPair &pair, const Motion &motion)
    {
        const cv::Matx23d matrix = motion.matrix(pair.scan.size());
        cv::warpAffine(pair.golden, golden, matrix, pair.scan.size(), cv::INTER_LINEAR | cv::WARP_INVERSE_MAP);
        cv::warpAffine(cv::Mat(pair.golden.size(), CV_8U, cv::Scalar(255)), mask, matrix, pair.scan.size(), cv::INTER_NEAREST | cv::WARP_INVERSE_MAP);
    }
};

/// Mean and spread of both pictures where they overlap, and their correlation there; -1 where there is too little to
/// compare.
struct Likeness
{
    double value = -1;
    cv::Scalar scanMean, goldenMean;
    double scanSpread = 0, goldenSpread = 0;

    Likeness(const cv::Mat &scan, const cv::Mat &golden, const cv::Mat &mask)
    {
        const int overlap = cv::countNonZero(mask);
        if (overlap < kLeastOverlap * static_cast<double>(scan.total()))
            return;
        cv::Scalar scanDeviation, goldenDeviation;
        cv::meanStdDev(scan, scanMean, scanDeviation, mask);
        cv::meanStdDev(golden, goldenMean, goldenDeviation, mask);
        scanSpread = scanDeviation[0];
        goldenSpread = goldenDeviation[0];
        if (scanSpread < 1 || goldenSpread < 1) // of 255: plain grey
            return;
        cv::Mat product;
        cv::multiply(scan - scanMean, golden - goldenMean, product);
        value = cv::mean(product, mask)[0] / (scanSpread * goldenSpread);
    }
};

/// How alike the pictures are after a motion: the middle one of the likenesses of those parts that show anything, as a
/// large defect spoils the likeness of the whole picture, not that of most parts. Of the whole where few show anything.
double likenessOf(const GreyPair &pair, const Motion &motion)
{
    const Moved moved(pair, motion);
    std::vector<double> values;
    for (int row = 0; row < kBlocks; ++row) {
        for (int column = 0; column < kBlocks; ++column) {
            const cv::Rect part(cv::Point(column * moved.mask.cols / kBlocks, row * moved.mask.rows / kBlocks),
                                cv::Point((column + 1) * moved.mask.cols / kBlocks, (row + 1) * moved.mask.rows / kBlocks));
            if (part.empty())
                continue;
            if (const Likeness likeness(pair.scan(part), moved.golden(part), moved.mask(part)); likeness.goldenSpread >= kStructure)
                values.push_back(likeness.value);
        }
    }
    if (std::ssize(values) < kBlocks)
        return Likeness(pair.scan, moved.golden, moved.mask).value;
    std::ranges::nth_element(values, values.begin() + std::ssize(values) / 2);
    return values[values.size() / 2];
}

/// The likeliest of a few turns, each with the shift that phase correlation finds.
Motion roughMotion(const GreyPair &pair)
{
    constexpr std::array kDegrees{0.0, -1.5, 1.5, -3.0, 3.0};
    cv::Mat window;
    cv::createHanningWindow(window, pair.scan.size(), CV_32F);
    Motion best;
    double most = likenessOf(pair, best);
    for (const double degrees : kDegrees) {
        const Motion turned{degrees * std::numbers::pi / 180, 0, 0};
        const cv::Mat scan = pair.scan.clone(); // OpenCV 4.6 multiplies the window into a picture of a good size for a DFT
        const cv::Point2d shift = cv::phaseCorrelate(scan, Moved(pair, turned).golden, window);
        // The shift is seen after the turn; the motion's own comes before it.
        const double c = std::cos(turned.angle), s = std::sin(turned.angle);
        const Motion motion{turned.angle, c * shift.x - s * shift.y, s * shift.x + c * shift.y};
        if (const double value = likenessOf(pair, motion); value > most) {
            most = value;
            best = motion;
        }
    }
    return best;
}

/// One step of Gauss-Newton: the turn and shift, seen from the scan, that bring the moved picture nearer.
std::optional<Motion> stepFrom(const GreyPair &pair, const Moved &moved, const Likeness &likeness)
{
    cv::Mat slopeX, slopeY;
    cv::Sobel(moved.golden, slopeX, CV_32F, 1, 0, 3, 1.0 / 8);
    cv::Sobel(moved.golden, slopeY, CV_32F, 0, 1, 3, 1.0 / 8);
    cv::Mat inside; // a slope at the mask's edge would be that of the edge
    cv::erode(moved.mask, inside, {}, {-1, -1}, 2, cv::BORDER_CONSTANT, cv::Scalar(0));
    const double cx = (pair.scan.cols - 1) / 2.0, cy = (pair.scan.rows - 1) / 2.0;
    double sums[9] = {}; // of the normal equations: the upper triangle, then the right side
    const double gain = likeness.scanSpread / likeness.goldenSpread;
    for (int y = 0; y < pair.scan.rows; ++y) {
        const auto *scan = pair.scan.ptr<float>(y), *golden = moved.golden.ptr<float>(y);
        const auto *sx = slopeX.ptr<float>(y), *sy = slopeY.ptr<float>(y);
        const auto *isInside = inside.ptr<std::uint8_t>(y);
        for (int x = 0; x < pair.scan.cols; ++x) {
            if (isInside[x] == 0)
                continue;
            const double dx = gain * sx[x], dy = gain * sy[x], turn = dy * (x - cx) - dx * (y - cy);
            const double distance = scan[x] - likeness.scanMean[0] - gain * (golden[x] - likeness.goldenMean[0]);
            const double terms[9] = {turn * turn, turn * dx, turn * dy, dx * dx, dx * dy, dy * dy, turn * distance, dx * distance, dy * distance};
            for (int i = 0; i < 9; ++i)
                sums[i] += terms[i];
        }
    }
    const cv::Matx33d normal(sums[0], sums[1], sums[2], sums[1], sums[3], sums[4], sums[2], sums[4], sums[5]);
    const cv::Vec3d right(sums[6], sums[7], sums[8]);
    cv::Vec3d step;
    if (!cv::solve(normal, right, step, cv::DECOMP_CHOLESKY))
        return std::nullopt;
    return Motion{step[0], step[1], step[2]};
}

/// Steps as long as they help.
Motion refined(const GreyPair &pair, Motion motion, int steps)
{
    constexpr double kStill = 0.02; ///< pixels
    double reached = -1;
    Motion best = motion;
    for (int i = 0; i <= steps; ++i) {
        const Moved moved(pair, motion);
        const Likeness likeness(pair.scan, moved.golden, moved.mask);
        if (likeness.value <= reached)
            break;
        reached = likeness.value;
        best = motion;
        const std::optional<Motion> step = stepFrom(pair, moved, likeness);
        if (!step || step->reach(pair.scan.size()) < kStill)
            break;
        const double c = std::cos(motion.angle), s = std::sin(motion.angle);
        motion = {motion.angle + step->angle, motion.dx + c * step->dx - s * step->dy, motion.dy + s * step->dx + c * step->dy};
    }
    return best;
}

/// Nothing to see in either: a plain place of a plain part.
bool arePlain(const GreyPair &pair)
{
    constexpr double kNoise = 8, kNothing = 1; ///< of 255
    cv::Scalar mean, scanSpread, goldenSpread;
    cv::meanStdDev(pair.scan, mean, scanSpread);
    cv::meanStdDev(pair.golden, mean, goldenSpread);
    return goldenSpread[0] < kNothing && scanSpread[0] < kNoise && pair.scan.size() == pair.golden.size();
}

/// How the golden picture has to be moved, in whole pixels of the scan; nothing when it is of something else.
std::optional<Motion> motionBetween(const Frame &scan, const Frame &golden)
{
    const GreyPair coarse = reduced(scan, golden, kCoarseSide);
    if (arePlain(coarse))
        return Motion();
    const Motion rough = refined(coarse, roughMotion(coarse), 30).atScale(1 / coarse.scale);
    const GreyPair fine = reduced(scan, golden, kFineSide);
    const double unmoved = likenessOf(fine, {});
    const Motion motion = refined(fine, rough.atScale(fine.scale), 8);
    const double likeness = likenessOf(fine, motion);
    if (std::max(likeness, unmoved) < kLeastLikeness)
        return std::nullopt;
    if (1 - likeness > kWorthMoving * (1 - unmoved))
        return Motion();
    return motion.atScale(1 / fine.scale);
}

Frame copyOf(const Frame &frame)
{
    const PixelBuffer pixels(frame.widthPx, frame.heightPx);
    for (int y = 0; y < frame.heightPx; ++y)
        std::copy_n(frame.row(y), std::ptrdiff_t{3} * frame.widthPx, pixels.pixel(0, y));
    Frame copy = pixels.toFrame();
    copy.source = frame.source;
    return copy;
}

int greyOf(const std::uint8_t *pixel) { return (299 * pixel[0] + 587 * pixel[1] + 114 * pixel[2] + 500) / 1000; }

} // namespace

Result<Frame> registered(const Frame &scan, const Frame &golden)
try {
    for (const Frame *frame : {&scan, &golden}) {
        if (frame->isEmpty())
            return failure(code::ImageNoPixels, "image has no pixels", frame->source);
    }
    const std::optional<Motion> motion = motionBetween(scan, golden);
    if (!motion)
        return failure(kGoldenUnlike, "the picture does not show what the golden picture shows, or lies too far from it", scan.source);
    const bool isOneSize = scan.widthPx == golden.widthPx && scan.heightPx == golden.heightPx;
    if (isOneSize && motion->reach({scan.widthPx, scan.heightPx}) < kUnmoved)
        return golden;
    Frame placed = copyOf(scan);
    placed.source = golden.source;
    cv::Mat pixels = viewOf(placed);
    cv::warpAffine(viewOf(golden), pixels, motion->matrix(pixels.size()), pixels.size(), cv::INTER_LINEAR | cv::WARP_INVERSE_MAP, cv::BORDER_TRANSPARENT);
    return placed;
} catch (const cv::Exception &error) {
    if (error.code == cv::Error::StsNoMem)
        return failure(code::MemoryShort, "not enough memory to lay the golden picture on the other");
    return failure(code::Internal, "the golden picture could not be laid on the other: " + error.err);
} catch (const std::bad_alloc &) {
    return failure(code::MemoryShort, "not enough memory to lay the golden picture on the other");
}

Frame inspectionPlanes(const Frame &scan, const Frame &golden)
{
    const PixelBuffer planes(scan.widthPx, scan.heightPx);
    for (int y = 0; y < scan.heightPx; ++y) {
        const std::uint8_t *seen = scan.row(y), *wanted = golden.row(y);
        std::uint8_t *out = planes.pixel(0, y);
        for (int x = 0; x < scan.widthPx; ++x, seen += 3, wanted += 3, out += 3) {
            const int a = greyOf(seen), b = greyOf(wanted);
            out[0] = static_cast<std::uint8_t>(a);
            out[1] = static_cast<std::uint8_t>(b);
            out[2] = static_cast<std::uint8_t>(std::abs(a - b));
        }
    }
    Frame frame = planes.toFrame();
    frame.source = scan.source;
    frame.sequence = scan.sequence;
    frame.capturedAt = scan.capturedAt;
    return frame;
}

} // namespace auroraedge::app

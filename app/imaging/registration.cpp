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
constexpr double kLeastCompared = 0.75;            ///< the same of where it ends up: beyond it no defect can be seen
constexpr double kLeastSide = 2;                   ///< of a reduced picture; in a line of pixels nothing has its place
constexpr double kUnmoved = 0.75;                  ///< pixels of a corner: less is not worth a resampling
constexpr double kWorthMoving = 0.7;               ///< share of the unlikeness that may remain, or nothing is moved

// Boards stretch, and lenses bend: after one motion of the whole, lines still lie a pixel or two beside one another. On
// DeepPCB boards the largest leftover piece tells one defect from none with an AUROC of 0.83 after the motion alone, 0.98
// after the bend too.
constexpr int kCellPx = 8, kBendWindow = 5; ///< of the fine pair; cells compared together, as a defect alone must not decide
constexpr int kMostBendPx = 3;              ///< further is a part in the wrong place, which is to be seen
constexpr double kWorthBending = 0.75;      ///< share of the difference that may remain: a defect is left over either way
constexpr double kSeenDifference = 1;       ///< of 255: less than noise

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

double scaleTo(int longestSide, const Frame &scan)
{
    return std::min(1.0, static_cast<double>(longestSide) / std::max(scan.widthPx, scan.heightPx));
}

GreyPair reduced(const Frame &scan, const Frame &golden, int longestSide)
{
    const double scale = scaleTo(longestSide, scan);
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

/// What is left between the two pictures when the golden one is looked up @p beside; the mean of a window around each cell.
cv::Mat differenceBeside(const cv::Mat &scan, const cv::Mat &paddedGolden, const cv::Point &beside)
{
    cv::Mat difference, cells;
    cv::absdiff(scan, paddedGolden(cv::Rect(beside + cv::Point(kMostBendPx, kMostBendPx), scan.size())), difference);
    cv::resize(difference, cells, {std::max(1, scan.cols / kCellPx), std::max(1, scan.rows / kCellPx)}, 0, 0, cv::INTER_AREA);
    cv::blur(cells, cells, {kBendWindow, kBendWindow});
    return cells;
}

/// By how much more than the whole pixel between three differences the least one lies aside.
double leastBetween(double before, double middle, double after)
{
    const double curvature = before - 2 * middle + after;
    return curvature > 0 ? std::clamp((before - after) / (2 * curvature), -0.5, 0.5) : 0;
}

/// Where, beside the place that the motion gives, the golden picture has what the scan has: a smooth field of one vector
/// a cell, in pixels of the whole pictures. Empty where nothing is bent.
cv::Mat bendBetween(const GreyPair &pair, const Motion &motion)
{
    const Moved moved(pair, motion);
    const Likeness likeness(pair.scan, moved.golden, moved.mask);
    if (likeness.value < kLeastLikeness)
        return {};
    const double gain = likeness.scanSpread / likeness.goldenSpread;
    cv::Mat golden = moved.golden * gain + (likeness.scanMean[0] - gain * likeness.goldenMean[0]), padded;
    pair.scan.copyTo(golden, ~moved.mask);
    cv::copyMakeBorder(golden, padded, kMostBendPx, kMostBendPx, kMostBendPx, kMostBendPx, cv::BORDER_REPLICATE);

    constexpr int kSide = 2 * kMostBendPx + 1;
    std::array<cv::Mat, kSide * kSide> differences;
    for (int place = 0; place < kSide * kSide; ++place)
        differences[place] = differenceBeside(pair.scan, padded, {place % kSide - kMostBendPx, place / kSide - kMostBendPx});

    constexpr int kStraight = kSide * kSide / 2;
    cv::Mat bend(differences[0].size(), CV_32FC2, cv::Scalar::all(0));
    bool isBent = false;
    for (int row = 0; row < bend.rows; ++row) {
        for (int column = 0; column < bend.cols; ++column) {
            const auto left = [&](int place) { return static_cast<double>(differences[place].at<float>(row, column)); };
            int least = kStraight;
            for (int place = 0; place < kSide * kSide; ++place)
                least = left(place) < left(least) ? place : least;
            if (left(least) > kWorthBending * left(kStraight) || left(kStraight) - left(least) < kSeenDifference)
                continue;
            const int x = least % kSide, y = least / kSide;
            const double asideX = x > 0 && x < kSide - 1 ? leastBetween(left(least - 1), left(least), left(least + 1)) : 0;
            const double asideY = y > 0 && y < kSide - 1 ? leastBetween(left(least - kSide), left(least), left(least + kSide)) : 0;
            bend.at<cv::Vec2f>(row, column) = cv::Vec2d(x - kMostBendPx + asideX, y - kMostBendPx + asideY);
            isBent = true;
        }
    }
    if (!isBent)
        return {};
    cv::blur(bend, bend, {3, 3}); // no steps between cells
    bend /= pair.scale;
    return bend;
}

/// Where the golden picture has what the scan has, in pixels of the whole pictures: beside a point by the bend, then moved.
struct Placement
{
    Motion motion;
    cv::Mat bend;
};

/// How the golden picture has to be laid; nothing when it is of something else.
std::optional<Placement> placementBetween(const Frame &scan, const Frame &golden)
{
    if (scaleTo(kCoarseSide, scan) * std::min({scan.widthPx, scan.heightPx, golden.widthPx, golden.heightPx}) < kLeastSide)
        return std::nullopt;
    const GreyPair coarse = reduced(scan, golden, kCoarseSide);
    if (arePlain(coarse))
        return Placement();
    const Motion rough = refined(coarse, roughMotion(coarse), 30).atScale(1 / coarse.scale);
    const GreyPair fine = reduced(scan, golden, kFineSide);
    const double unmoved = likenessOf(fine, {});
    Motion motion = refined(fine, rough.atScale(fine.scale), 8);
    const double likeness = likenessOf(fine, motion);
    if (std::max(likeness, unmoved) < kLeastLikeness)
        return std::nullopt;
    const bool isOneSize = scan.widthPx == golden.widthPx && scan.heightPx == golden.heightPx;
    const bool isUnmoved = isOneSize && motion.reach(fine.scan.size()) < kUnmoved * fine.scale;
    if (isUnmoved || 1 - likeness > kWorthMoving * (1 - unmoved))
        motion = {};
    if (cv::countNonZero(Moved(fine, motion).mask) < kLeastCompared * static_cast<double>(fine.scan.total()))
        return std::nullopt;
    return Placement{motion.atScale(1 / fine.scale), bendBetween(fine, motion)};
}

/// @p golden as it lies on the picture @p placed, whose pixels stay where the golden picture does not reach.
void lay(const cv::Mat &golden, const Placement &placement, cv::Mat placed)
{
    const cv::Matx23d matrix = placement.motion.matrix(placed.size());
    if (placement.bend.empty()) {
        cv::warpAffine(golden, placed, matrix, placed.size(), cv::INTER_LINEAR | cv::WARP_INVERSE_MAP, cv::BORDER_TRANSPARENT);
        return;
    }
    constexpr int kBandRows = 64; // a map of the whole picture would be as large as three of it
    cv::Mat wide, band;
    cv::resize(placement.bend, wide, {placed.cols, placement.bend.rows}, 0, 0, cv::INTER_LINEAR);
    for (int top = 0; top < placed.rows; top += kBandRows) {
        band.create(std::min(kBandRows, placed.rows - top), placed.cols, CV_32FC2);
        for (int row = 0; row < band.rows; ++row) {
            const int y = top + row;
            const double cell = std::clamp((y + 0.5) * wide.rows / placed.rows - 0.5, 0.0, wide.rows - 1.0);
            const int above = static_cast<int>(cell), below = std::min(above + 1, wide.rows - 1);
            const auto share = static_cast<float>(cell - above);
            const auto *aboveBend = wide.ptr<cv::Vec2f>(above), *belowBend = wide.ptr<cv::Vec2f>(below);
            for (int x = 0; x < placed.cols; ++x) {
                const cv::Vec2f bend = aboveBend[x] * (1 - share) + belowBend[x] * share;
                band.at<cv::Vec2f>(row, x) = matrix * (cv::Vec3d(x, y, 1) + cv::Vec3d(bend[0], bend[1], 0));
            }
        }
        cv::Mat rows = placed.rowRange(top, top + band.rows);
        cv::remap(golden, rows, band, {}, cv::INTER_LINEAR, cv::BORDER_TRANSPARENT);
    }
}

int greyOf(const std::uint8_t *pixel) { return (299 * pixel[0] + 587 * pixel[1] + 114 * pixel[2] + 500) / 1000; }

} // namespace

Result<Frame> registered(const Frame &scan, const Frame &golden)
try {
    for (const Frame *frame : {&scan, &golden}) {
        if (frame->isEmpty())
            return failure(code::ImageNoPixels, "image has no pixels", frame->source);
    }
    const std::optional<Placement> placement = placementBetween(scan, golden);
    if (!placement)
        return failure(kGoldenUnlike, "the picture does not show what the golden picture shows, or lies too far from it", scan.source);
    const bool isOneSize = scan.widthPx == golden.widthPx && scan.heightPx == golden.heightPx;
    if (isOneSize && placement->bend.empty() && placement->motion.reach({scan.widthPx, scan.heightPx}) < kUnmoved)
        return golden;
    Frame placed = copyOf(scan).toFrame();
    placed.source = golden.source;
    lay(viewOf(golden), *placement, viewOf(placed));
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

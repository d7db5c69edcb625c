#include "engine/vision/resample.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace auroraedge::engine {

namespace {

constexpr int kPrecisionBits = 22; // of the integer weights: 32 - 8 - 2, as Pillow
constexpr int kRound = 1 << (kPrecisionBits - 1);

double triangle(double x)
{
    return std::max(0.0, 1.0 - std::abs(x));
}

double cubic(double x)
{
    constexpr double a = -0.5;
    x = std::abs(x);
    if (x < 1)
        return ((a + 2) * x - (a + 3)) * x * x + 1;
    return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0.0;
}

/// For each output position: the first input it reads, how many, and their integer weights.
struct Weights
{
    struct Window
    {
        int first = 0, count = 0;
    };
    std::vector<Window> windows;
    std::vector<int> values; ///< stride a window
    int stride = 0;
};

Weights weightsFor(int in, int out, Filter filter)
{
    const double scale = static_cast<double>(in) / out, stretch = std::max(scale, 1.0);
    const double support = (filter == Filter::Bilinear ? 1.0 : 2.0) * stretch;
    Weights weights;
    weights.stride = static_cast<int>(std::ceil(support)) * 2 + 1;
    weights.windows.resize(static_cast<std::size_t>(out));
    weights.values.assign(static_cast<std::size_t>(out) * static_cast<std::size_t>(weights.stride), 0);
    std::vector<double> exact(static_cast<std::size_t>(weights.stride));
    for (int i = 0; i < out; ++i) {
        const double centre = (i + 0.5) * scale;
        const int first = std::max(static_cast<int>(centre - support + 0.5), 0);
        const int last = std::min(static_cast<int>(centre + support + 0.5), in);
        double sum = 0;
        for (int j = first; j < last; ++j) {
            const double x = (j - centre + 0.5) * (1.0 / stretch);
            exact[static_cast<std::size_t>(j - first)] = filter == Filter::Bilinear ? triangle(x) : cubic(x);
            sum += exact[static_cast<std::size_t>(j - first)];
        }
        int *row = weights.values.data() + static_cast<std::size_t>(i) * static_cast<std::size_t>(weights.stride);
        for (int j = 0; j < last - first; ++j) {
            const double value = exact[static_cast<std::size_t>(j)] * (sum != 0 ? 1.0 / sum : 1.0) * (1 << kPrecisionBits);
            row[j] = static_cast<int>(value < 0 ? value - 0.5 : value + 0.5);
        }
        weights.windows[static_cast<std::size_t>(i)] = {first, last - first};
    }
    return weights;
}

std::uint8_t clipped(int sum)
{
    return static_cast<std::uint8_t>(std::clamp(sum >> kPrecisionBits, 0, 255));
}

} // namespace

ResizedPicture resample(const Frame &frame, PixelSize target, Filter filter)
{
    const int inWidth = frame.widthPx, inHeight = frame.heightPx;
    const auto outWidth = static_cast<std::size_t>(target.widthPx);
    ResizedPicture result;
    result.widthPx = target.widthPx;
    result.heightPx = target.heightPx;
    result.rgb.resize(outWidth * static_cast<std::size_t>(target.heightPx) * 3);

    const Weights down = weightsFor(inHeight, target.heightPx, filter);
    const int firstRow = down.windows.front().first;
    const int rows = down.windows.back().first + down.windows.back().count - firstRow;

    // Horizontal pass over the rows that the vertical pass reads.
    std::vector<std::uint8_t> middle;
    const std::uint8_t *between = nullptr;
    std::ptrdiff_t betweenStride = 0;
    if (target.widthPx == inWidth) {
        between = frame.row(firstRow);
        betweenStride = frame.strideBytes;
    } else {
        const Weights across = weightsFor(inWidth, target.widthPx, filter);
        middle.resize(outWidth * static_cast<std::size_t>(rows) * 3);
        for (int y = 0; y < rows; ++y) {
            const std::uint8_t *in = frame.row(firstRow + y);
            std::uint8_t *out = middle.data() + static_cast<std::size_t>(y) * outWidth * 3;
            for (std::size_t x = 0; x < outWidth; ++x) {
                const Weights::Window window = across.windows[x];
                const int *weight = across.values.data() + x * static_cast<std::size_t>(across.stride);
                const std::uint8_t *pixel = in + std::ptrdiff_t{3} * window.first;
                int red = kRound, green = kRound, blue = kRound;
                for (int j = 0; j < window.count; ++j, pixel += 3) {
                    red += weight[j] * pixel[0];
                    green += weight[j] * pixel[1];
                    blue += weight[j] * pixel[2];
                }
                out[3 * x] = clipped(red);
                out[3 * x + 1] = clipped(green);
                out[3 * x + 2] = clipped(blue);
            }
        }
        between = middle.data();
        betweenStride = static_cast<std::ptrdiff_t>(outWidth * 3);
    }

    if (target.heightPx == inHeight) {
        for (int y = 0; y < rows; ++y)
            std::copy_n(between + y * betweenStride, outWidth * 3, result.rgb.data() + static_cast<std::size_t>(y) * outWidth * 3);
        return result;
    }
    std::vector<int> sums(outWidth * 3);
    for (int y = 0; y < target.heightPx; ++y) {
        const Weights::Window window = down.windows[static_cast<std::size_t>(y)];
        const int *weight = down.values.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(down.stride);
        std::fill(sums.begin(), sums.end(), kRound);
        for (int j = 0; j < window.count; ++j) {
            const std::uint8_t *in = between + (window.first - firstRow + j) * betweenStride;
            for (std::size_t x = 0; x < sums.size(); ++x)
                sums[x] += weight[j] * in[x];
        }
        std::uint8_t *out = result.rgb.data() + static_cast<std::size_t>(y) * outWidth * 3;
        for (std::size_t x = 0; x < sums.size(); ++x)
            out[x] = clipped(sums[x]);
    }
    return result;
}

} // namespace auroraedge::engine

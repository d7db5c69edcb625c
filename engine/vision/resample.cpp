#include "engine/vision/resample.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <optional>
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

/// The inputs that one output pixel is made of: @p count from @p first on.
struct Window
{
    int first = 0, count = 0;
};

/// Integer weights of one axis, each output pixel on its own.
class Weights final
{
public:
    Weights(int in, int out, Filter filter)
        : m_in(in), m_scale(static_cast<double>(in) / out), m_stretch(std::max(m_scale, 1.0)),
          m_support((filter == Filter::Bilinear ? 1.0 : 2.0) * m_stretch), m_filter(filter)
    {
    }

    /// Most inputs that one output reads.
    [[nodiscard]] int longest() const { return static_cast<int>(std::ceil(m_support)) * 2 + 1; }

    [[nodiscard]] Window windowOf(int i) const
    {
        const double centre = (i + 0.5) * m_scale;
        const int first = std::max(static_cast<int>(centre - m_support + 0.5), 0);
        return {first, std::min(static_cast<int>(centre + m_support + 0.5), m_in) - first};
    }

    /// Writes windowOf(i).count weights. @p exact is room for longest() values.
    void write(int i, std::vector<double> &exact, int *weights) const
    {
        const Window window = windowOf(i);
        const double centre = (i + 0.5) * m_scale;
        double sum = 0;
        for (int j = 0; j < window.count; ++j) {
            const double x = (j + window.first - centre + 0.5) * (1.0 / m_stretch);
            const double weight = m_filter == Filter::Bilinear ? triangle(x) : cubic(x);
            exact[static_cast<std::size_t>(j)] = weight;
            sum += weight;
        }
        for (int j = 0; j < window.count; ++j) {
            const double share = sum != 0 ? exact[static_cast<std::size_t>(j)] / sum : exact[static_cast<std::size_t>(j)];
            weights[j] = static_cast<int>(share * (1 << kPrecisionBits) + (share < 0 ? -0.5 : 0.5));
        }
    }

private:
    int m_in;
    double m_scale, m_stretch, m_support;
    Filter m_filter;
};

std::uint8_t clipped(int sum)
{
    return static_cast<std::uint8_t>(std::clamp(sum >> kPrecisionBits, 0, 255));
}

/// One pixel's channels and a fourth lane that is not used: a tap is then one load, one product, one sum.
using Lanes = int __attribute__((vector_size(16)));
using ByteLanes = std::uint8_t __attribute__((vector_size(4)));

/// Rows made narrower or wider, one at a time.
class RowResizer final
{
public:
    RowResizer(int in, int out, Filter filter)
        : m_weights(in, out, filter), m_stride(static_cast<std::size_t>(m_weights.longest())), m_windows(static_cast<std::size_t>(out)),
          m_values(m_windows.size() * m_stride), m_padded(static_cast<std::size_t>(in) * 3 + sizeof(ByteLanes))
    {
        std::vector<double> exact(m_stride);
        for (std::size_t x = 0; x < m_windows.size(); ++x) {
            m_windows[x] = m_weights.windowOf(static_cast<int>(x));
            m_weights.write(static_cast<int>(x), exact, m_values.data() + x * m_stride);
        }
    }

    /// @param in the row's pixels, @p out room for three bytes a pixel.
    void run(const std::uint8_t *in, std::uint8_t *out)
    {
        // The last pixel is read with one byte too many, and the frame may end with it.
        std::copy_n(in, m_padded.size() - sizeof(ByteLanes), m_padded.data());
        resizeRow(m_padded.data(), m_windows.data(), m_values.data(), m_stride, m_windows.size(), out);
    }

private:
    // The compiler makes one version for each processor; the loader picks.
#if defined(__x86_64__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) && !defined(__clang__)
    __attribute__((target_clones("avx2", "sse4.1", "default")))
#endif
    static void resizeRow(const std::uint8_t *in, const Window *windows, const int *values, std::size_t stride, std::size_t width, std::uint8_t *out)
    {
        for (std::size_t x = 0; x < width; ++x) {
            const int *weight = values + x * stride;
            const std::uint8_t *pixel = in + std::size_t{3} * static_cast<std::size_t>(windows[x].first);
            Lanes even = {kRound, kRound, kRound, 0}, odd = {0, 0, 0, 0}; // two sums: a product need not wait for the last
            const auto tap = [&](int j) {
                ByteLanes bytes;
                std::memcpy(&bytes, pixel + std::ptrdiff_t{3} * j, sizeof bytes);
                return __builtin_convertvector(bytes, Lanes) * weight[j];
            };
            const int count = windows[x].count;
            int j = 0;
            for (; j + 1 < count; j += 2) {
                even += tap(j);
                odd += tap(j + 1);
            }
            if (j < count)
                even += tap(j);
            even += odd;
            for (int channel = 0; channel < 3; ++channel)
                out[3 * x + static_cast<std::size_t>(channel)] = clipped(even[channel]);
        }
    }

    Weights m_weights;
    std::size_t m_stride;
    std::vector<Window> m_windows;
    std::vector<int> m_values; ///< m_stride a window
    std::vector<std::uint8_t> m_padded;
};

} // namespace

ResizedPicture resample(const Frame &frame, PixelSize target, Filter filter)
{
    const std::size_t outBytes = static_cast<std::size_t>(target.widthPx) * 3;
    ResizedPicture result;
    result.widthPx = target.widthPx;
    result.heightPx = target.heightPx;
    result.rgb.resize(outBytes * static_cast<std::size_t>(target.heightPx));

    // Each input row is resized when the vertical pass first needs it and kept in a ring: the middle picture of a
    // narrow, tall input would be many times the input.
    const Weights down(frame.heightPx, target.heightPx, filter);
    const bool isSameWidth = target.widthPx == frame.widthPx, isSameHeight = target.heightPx == frame.heightPx;
    const auto ringRows = static_cast<std::size_t>(std::min(down.longest(), frame.heightPx));
    std::vector<std::uint8_t> ring(isSameWidth ? 0 : ringRows * outBytes);
    std::optional<RowResizer> across;
    if (!isSameWidth)
        across.emplace(frame.widthPx, target.widthPx, filter);
    int resizedRows = down.windowOf(0).first; // rows before this one are in the ring or gone
    const auto middleRow = [&](int y) -> const std::uint8_t * {
        if (isSameWidth)
            return frame.row(y);
        for (; resizedRows <= y; ++resizedRows)
            across->run(frame.row(resizedRows), ring.data() + static_cast<std::size_t>(resizedRows) % ringRows * outBytes);
        return ring.data() + static_cast<std::size_t>(y) % ringRows * outBytes;
    };

    std::vector<int> sums(outBytes), weights(static_cast<std::size_t>(down.longest()));
    std::vector<double> exact(weights.size());
    for (int y = 0; y < target.heightPx; ++y) {
        std::uint8_t *out = result.rgb.data() + static_cast<std::size_t>(y) * outBytes;
        if (isSameHeight) {
            std::copy_n(middleRow(y), outBytes, out);
            continue;
        }
        const Window window = down.windowOf(y);
        down.write(y, exact, weights.data());
        std::fill(sums.begin(), sums.end(), kRound);
        for (int j = 0; j < window.count; ++j) {
            const std::uint8_t *in = middleRow(window.first + j);
            const int weight = weights[static_cast<std::size_t>(j)];
            for (std::size_t x = 0; x < outBytes; ++x)
                sums[x] += weight * in[x];
        }
        std::transform(sums.begin(), sums.end(), out, clipped);
    }
    return result;
}

} // namespace auroraedge::engine

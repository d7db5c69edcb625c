#include "engine/vision/resample.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>
#include <span>
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

/// What one output pixel of an axis is made of.
struct Taps
{
    int first = 0;                ///< place in the frame of the first weight; the others follow
    std::span<const int> weights; ///< of the places in the frame, perhaps none; valid until the next call
    int outside = 0;              ///< sum of the weights that lie on the canvas beside the frame
};

/// Integer weights of one axis, each output pixel on its own.
class Weights final
{
public:
    /// A canvas of @p in places is resized to @p out; the frame has @p length of them, from @p start on.
    Weights(int in, int out, int start, int length, Filter filter)
        : m_in(in), m_start(start), m_length(length), m_scale(static_cast<double>(in) / out), m_stretch(std::max(m_scale, 1.0)),
          m_support((filter == Filter::Bilinear ? 1.0 : 2.0) * m_stretch), m_filter(filter)
    {
        const auto longest = static_cast<std::size_t>(std::ceil(m_support)) * 2 + 1;
        m_exact.resize(longest);
        m_weights.resize(longest);
    }

    /// Most places of the frame that one output reads.
    [[nodiscard]] int longest() const { return std::min(static_cast<int>(m_weights.size()), m_length); }

    Taps of(int i)
    {
        const double centre = (i + 0.5) * m_scale;
        const int first = std::max(static_cast<int>(centre - m_support + 0.5), 0);
        const int end = std::min(static_cast<int>(centre + m_support + 0.5), m_in);
        const auto count = static_cast<std::size_t>(end - first);
        double sum = 0;
        for (std::size_t j = 0; j < count; ++j) {
            const double x = (static_cast<int>(j) + first - centre + 0.5) * (1.0 / m_stretch);
            m_exact[j] = m_filter == Filter::Bilinear ? triangle(x) : cubic(x);
            sum += m_exact[j];
        }
        for (std::size_t j = 0; j < count; ++j) {
            const double share = sum != 0 ? m_exact[j] / sum : m_exact[j];
            m_weights[j] = static_cast<int>(share * (1 << kPrecisionBits) + (share < 0 ? -0.5 : 0.5));
        }
        const int from = std::clamp(m_start, first, end), to = std::clamp(m_start + m_length, from, end);
        const std::span<const int> all(m_weights.data(), count);
        const std::span<const int> inside = all.subspan(static_cast<std::size_t>(from - first), static_cast<std::size_t>(to - from));
        return {from - m_start, inside, std::accumulate(all.begin(), all.end(), 0) - std::accumulate(inside.begin(), inside.end(), 0)};
    }

private:
    int m_in, m_start, m_length;
    double m_scale, m_stretch, m_support;
    Filter m_filter;
    std::vector<double> m_exact;
    std::vector<int> m_weights;
};

std::uint8_t clipped(int sum)
{
    return static_cast<std::uint8_t>(std::clamp(sum >> kPrecisionBits, 0, 255));
}

/// One pixel's channels and a fourth lane that is not used: a tap is then one load, one product, one sum.
using Lanes = int __attribute__((vector_size(16)));
using ByteLanes = std::uint8_t __attribute__((vector_size(4)));

/// Rows of the canvas made narrower or wider, one at a time; only the columns of the box.
class RowResizer final
{
public:
    RowResizer(const Frame &frame, const Canvas &canvas, int targetWidth, Filter filter, const PixelBox &box)
        : m_columns(static_cast<std::size_t>(box.width))
    {
        Weights weights(canvas.size.widthPx, targetWidth, canvas.left, frame.widthPx, filter);
        m_stride = static_cast<std::size_t>(weights.longest());
        m_weights.resize(m_columns.size() * m_stride);
        int end = 0;
        m_firstRead = frame.widthPx;
        for (std::size_t x = 0; x < m_columns.size(); ++x) {
            const Taps taps = weights.of(box.x + static_cast<int>(x));
            std::copy(taps.weights.begin(), taps.weights.end(), m_weights.begin() + static_cast<std::ptrdiff_t>(x * m_stride));
            Column &column = m_columns[x];
            column.count = static_cast<int>(taps.weights.size());
            const int all = taps.outside + std::accumulate(taps.weights.begin(), taps.weights.end(), 0);
            for (int channel = 0; channel < 3; ++channel) {
                const int colour = canvas.colour[static_cast<std::size_t>(channel)];
                column.start[channel] = kRound + taps.outside * colour;
                m_emptyRow.push_back(clipped(kRound + all * colour));
            }
            if (column.count == 0)
                continue;
            column.first = taps.first;
            m_firstRead = std::min(m_firstRead, column.first);
            end = std::max(end, column.first + column.count);
        }
        for (Column &column : m_columns)
            column.first = column.count > 0 ? column.first - m_firstRead : 0;
        m_padded.resize(static_cast<std::size_t>(std::max(end - m_firstRead, 0)) * 3 + sizeof(ByteLanes));
    }

    /// @param in a row of the frame, @p out room for three bytes a column.
    void run(const std::uint8_t *in, std::uint8_t *out)
    {
        // The last pixel is read with one byte too many, and the frame may end with it.
        std::copy_n(in + std::ptrdiff_t{3} * m_firstRead, m_padded.size() - sizeof(ByteLanes), m_padded.data());
        resizeRow(m_padded.data(), m_columns.data(), m_weights.data(), m_stride, m_columns.size(), out);
    }

    /// What a row above or below the frame becomes. Not simply the colour: the rounded weights of a long window do not
    /// add up to exactly one.
    [[nodiscard]] const std::vector<std::uint8_t> &emptyRow() const { return m_emptyRow; }

private:
    struct Column
    {
        Lanes start{}; ///< what the canvas beside the frame adds, and half a step for rounding
        int first = 0; ///< in m_padded
        int count = 0;
    };

    // The compiler makes one version for each processor; the loader picks.
#if defined(__x86_64__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) && !defined(__clang__)
    __attribute__((target_clones("avx2", "sse4.1", "default")))
#endif
    static void resizeRow(const std::uint8_t *in, const Column *columns, const int *weights, std::size_t stride, std::size_t width, std::uint8_t *out)
    {
        for (std::size_t x = 0; x < width; ++x) {
            const int *weight = weights + x * stride;
            const std::uint8_t *pixel = in + std::size_t{3} * static_cast<std::size_t>(columns[x].first);
            Lanes even = columns[x].start, odd = {0, 0, 0, 0}; // two sums: a product need not wait for the last
            const auto tap = [&](int j) {
                ByteLanes bytes;
                std::memcpy(&bytes, pixel + std::ptrdiff_t{3} * j, sizeof bytes);
                return __builtin_convertvector(bytes, Lanes) * weight[j];
            };
            const int count = columns[x].count;
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

    std::vector<Column> m_columns;
    std::size_t m_stride = 0;
    std::vector<int> m_weights; ///< m_stride a column
    std::vector<std::uint8_t> m_emptyRow;
    int m_firstRead = 0;                ///< column of the frame
    std::vector<std::uint8_t> m_padded; ///< the pixels from there to the last that is read, and some bytes more
};

} // namespace

ResizedPicture resample(const Frame &frame, PixelSize target, Filter filter)
{
    const Canvas canvas{.size = {frame.heightPx, frame.widthPx}};
    return resample(frame, canvas, target, filter, {0, 0, target.widthPx, target.heightPx});
}

ResizedPicture resample(const Frame &frame, const Canvas &canvas, PixelSize target, Filter filter, const PixelBox &box)
{
    const std::size_t outBytes = static_cast<std::size_t>(box.width) * 3;
    ResizedPicture result;
    result.widthPx = box.width;
    result.heightPx = box.height;
    result.rgb.resize(outBytes * static_cast<std::size_t>(box.height));

    // Each frame row is resized when the vertical pass first needs it and kept in a ring: the middle picture of a
    // narrow, tall input would be many times the input.
    RowResizer across(frame, canvas, target.widthPx, filter, box);
    Weights down(canvas.size.heightPx, target.heightPx, canvas.top, frame.heightPx, filter);
    const auto ringRows = static_cast<std::size_t>(down.longest());
    std::vector<std::uint8_t> ring(ringRows * outBytes);
    int resizedRows = std::max(down.of(box.y).first, 0); // rows before this one are in the ring or gone
    const auto middleRow = [&](int y) -> const std::uint8_t * {
        for (; resizedRows <= y; ++resizedRows)
            across.run(frame.row(resizedRows), ring.data() + static_cast<std::size_t>(resizedRows) % ringRows * outBytes);
        return ring.data() + static_cast<std::size_t>(y) % ringRows * outBytes;
    };

    std::vector<int> sums(outBytes);
    for (int y = 0; y < box.height; ++y) {
        const Taps taps = down.of(box.y + y);
        for (std::size_t x = 0; x < outBytes; ++x)
            sums[x] = kRound + taps.outside * across.emptyRow()[x];
        for (std::size_t j = 0; j < taps.weights.size(); ++j) {
            const std::uint8_t *in = middleRow(taps.first + static_cast<int>(j));
            const int weight = taps.weights[j];
            for (std::size_t x = 0; x < outBytes; ++x)
                sums[x] += weight * in[x];
        }
        std::transform(sums.begin(), sums.end(), result.rgb.data() + static_cast<std::size_t>(y) * outBytes, clipped);
    }
    return result;
}

} // namespace auroraedge::engine

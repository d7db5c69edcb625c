// What lies under a part, and what light and camera add: the parts of Canvas that draw from dice of its own.
#include "app/drawing/canvas.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cstdint>

namespace auroraedge::app {
namespace {

/// Smooth random field that changes @p cellsX times across and @p cellsY times down, mean 0, about -1..1. CV_32F.
cv::Mat smoothField(Dice &dice, int side, int cellsX, int cellsY)
{
    cv::Mat coarse(cellsY + 1, cellsX + 1, CV_32F), field;
    for (float &value : cv::Mat_<float>(coarse))
        value = static_cast<float>(dice.between(-1, 1));
    cv::resize(coarse, field, {side, side}, 0, 0, cv::INTER_CUBIC);
    return field;
}

/// White noise, mean 0, about -1..1. CV_32FC3 or CV_32F.
cv::Mat grain(Dice &dice, int side, int type)
{
    constexpr float kScale = 0.5F / 147.8F; // the sum of four random bytes spreads by 147.8
    cv::Mat noise(side, side, type);
    std::uint64_t state = dice.seed() | 1;
    float *value = noise.ptr<float>();
    for (std::size_t i = 0, values = noise.total() * static_cast<std::size_t>(noise.channels()); i < values; ++i) {
        state ^= state << 13; // xorshift: a tenth of the time of normal numbers
        state ^= state >> 7;
        state ^= state << 17;
        const std::uint64_t pairs = (state & 0x00FF00FF00FF00FFULL) * 0x0001000100010001ULL >> 48;
        value[i] = (static_cast<float>(pairs) - 510) * kScale;
    }
    return noise;
}

/// Adds @p field, of one channel, to every channel, or of three, each to its own.
void addToAll(cv::Mat &picture, const cv::Mat &field, double strength)
{
    const auto scale = static_cast<float>(strength);
    const int step = field.channels() == 1 ? 0 : 1;
    for (int y = 0; y < picture.rows; ++y) {
        std::uint8_t *pixel = picture.ptr(y);
        const float *value = field.ptr<float>(y);
        for (int x = 0; x < picture.cols; ++x, pixel += 3, value += field.channels())
            for (int channel = 0; channel < 3; ++channel) {
                const float sum = static_cast<float>(pixel[channel]) + value[channel * step] * scale + 0.5F;
                pixel[channel] = static_cast<std::uint8_t>(std::clamp(sum, 0.0F, 255.0F));
            }
    }
}

} // namespace

void Canvas::background(bool isUnfamiliar)
{
    if (!isPainting())
        return;
    const double light = m_paint.between(25, 225), tint = m_paint.between(0, 22);
    const double red = m_paint.between(-tint, tint), green = m_paint.between(-tint, tint), blue = m_paint.between(-tint, tint);
    const Colour base(light + red, light + green, light + blue);
    fill(base);
    isUnfamiliar ? unfamiliarSurface(base) : familiarSurface(base);
}

void Canvas::familiarSurface(const Colour &base)
{
    const int side = m_picture.cols;
    const auto uneven = [&](int cellsX, int cellsY, double least, double most) {
        const cv::Mat field = smoothField(m_paint, side, cellsX, cellsY);
        addToAll(m_picture, field, m_paint.between(least, most));
    };
    switch (m_paint.whole(0, 6)) {
    case 0: // plain
        break;
    case 1: // brushed
        uneven(m_paint.whole(2, 4), side / 3, 4, 14);
        break;
    case 2: { // speckled
        const cv::Mat speckles = grain(m_paint, side, CV_32F);
        addToAll(m_picture, speckles, m_paint.between(8, 40));
        break;
    }
    case 3: // gradient
        uneven(1, 1, 15, 45);
        break;
    case 4: { // stripes
        const double gap = m_paint.between(0.04, 0.2);
        const bool isUpright = m_paint.chance(0.5);
        for (double at = 0; at < 1; at += gap)
            isUpright ? line({at, 0}, {at, 1}, gap * 0.45, base * 0.88) : line({0, at}, {1, at}, gap * 0.45, base * 0.88);
        break;
    }
    case 5: { // like wood
        const int cellsX = m_paint.whole(1, 2), cellsY = m_paint.whole(12, 30);
        uneven(cellsX, cellsY, 8, 22);
        break;
    }
    default: // like cloth
        uneven(side / 4, side / 4, 6, 18);
    }
}

void Canvas::unfamiliarSurface(const Colour &base)
{
    switch (m_paint.whole(0, 2)) {
    case 0: // chequered
        for (int row = 0, cells = m_paint.whole(6, 14); row < cells; ++row)
            for (int column = row % 2; column < cells; column += 2) {
                const double size = 1.0 / cells, left = column * size, right = (column + 1) * size, top = row * size, bottom = (row + 1) * size;
                polygon({{left, top}, {right, top}, {right, bottom}, {left, bottom}}, base * m_paint.between(0.8, 0.92));
            }
        break;
    case 1: { // hatched both ways
        const double gap = m_paint.between(0.03, 0.08);
        for (double at = -1; at < 2; at += gap) {
            line({at, 0}, {at + 1, 1}, 0.004, base * 0.8);
            line({at, 1}, {at + 1, 0}, 0.004, base * 0.85);
        }
        break;
    }
    default: { // dotted sheet
        const double gap = m_paint.between(0.05, 0.1);
        for (double y = gap / 2; y < 1; y += gap)
            for (double x = gap / 2; x < 1; x += gap)
                disc({x, y}, gap * 0.2, base * 0.75);
    }
    }
}

void Canvas::finish()
{
    if (!isPainting())
        return;
    const int side = m_picture.cols;
    if (m_paint.chance(0.6)) { // light from somewhere
        const int cellsX = m_paint.whole(1, 2), cellsY = m_paint.whole(1, 2);
        const cv::Mat light = smoothField(m_paint, side, cellsX, cellsY);
        addToAll(m_picture, light, m_paint.between(5, 30));
    }
    if (m_paint.chance(0.4))
        cv::GaussianBlur(m_picture, m_picture, {0, 0}, m_paint.between(0.3, 1.1) * side / 256); // pixels of a picture of 256
    if (m_paint.chance(0.7)) {
        const cv::Mat noise = grain(m_paint, side, CV_32FC3);
        addToAll(m_picture, noise, m_paint.between(2, 14));
    }
}

} // namespace auroraedge::app

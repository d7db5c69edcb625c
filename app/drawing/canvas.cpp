#include "app/drawing/canvas.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace auroraedge::app {
namespace {

constexpr int kFractionBits = 6; // of OpenCV's fixed-point coordinates

std::vector<cv::Point> fixedPoint(const std::vector<Place> &places, int side)
{
    std::vector<cv::Point> points;
    points.reserve(places.size());
    const double scale = side * double{1 << kFractionBits};
    for (const Place &place : places)
        points.emplace_back(static_cast<int>(std::lround(place.x * scale)), static_cast<int>(std::lround(place.y * scale)));
    return points;
}

std::vector<Place> ellipsePoints(Place centre, double radiusX, double radiusY, double angle)
{
    constexpr int kCorners = 48;
    std::vector<Place> points;
    points.reserve(kCorners);
    for (int i = 0; i < kCorners; ++i) {
        const double turn = 2 * std::numbers::pi * i / kCorners;
        const double x = radiusX * std::cos(turn), y = radiusY * std::sin(turn);
        points.push_back({centre.x + x * std::cos(angle) - y * std::sin(angle), centre.y + x * std::sin(angle) + y * std::cos(angle)});
    }
    return points;
}

/// Smooth random field of @p cells waves a side, mean 0, about -1..1. CV_32F.
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

Place Pose::at(double x, double y) const
{
    return {centre.x + scale * (x * std::cos(angle) - y * std::sin(angle)), centre.y + scale * (x * std::sin(angle) + y * std::cos(angle))};
}

Canvas::Canvas(int sidePx, std::uint64_t seed) : m_picture(sidePx, sidePx, CV_8UC3, Colour(128, 128, 128)), m_paint(seed) {}

void Canvas::fill(const Colour &colour)
{
    if (isPainting())
        m_picture.setTo(colour);
}

void Canvas::disc(Place centre, double radius, const Colour &colour)
{
    ellipse(centre, radius, radius, 0, colour);
}

void Canvas::ring(Place centre, double radius, double thickness, const Colour &colour)
{
    if (!isPainting())
        return;
    std::vector<Place> points = ellipsePoints(centre, radius, radius, 0);
    points.push_back(points.front());
    polyline(points, thickness, colour);
}

void Canvas::ellipse(Place centre, double radiusX, double radiusY, double angle, const Colour &colour)
{
    if (isPainting())
        polygon(ellipsePoints(centre, radiusX, radiusY, angle), colour);
}

void Canvas::polygon(const std::vector<Place> &corners, const Colour &colour)
{
    if (isPainting())
        cv::fillPoly(m_picture, std::vector{fixedPoint(corners, m_picture.cols)}, colour, cv::LINE_AA, kFractionBits);
}

void Canvas::line(Place from, Place to, double thickness, const Colour &colour)
{
    polyline({from, to}, thickness, colour);
}

void Canvas::polyline(const std::vector<Place> &points, double thickness, const Colour &colour)
{
    if (!isPainting())
        return;
    const int width = std::max(1, static_cast<int>(std::lround(thickness * m_picture.cols)));
    cv::polylines(m_picture, std::vector{fixedPoint(points, m_picture.cols)}, false, colour, width, cv::LINE_AA, kFractionBits);
}

void Canvas::stain(const std::vector<Place> &corners, const Colour &colour, double opacity, double softness)
{
    if (!isPainting())
        return;
    auto points = fixedPoint(corners, m_picture.cols);
    const cv::Rect box = cv::boundingRect(points); // in fractions of a pixel
    const int pixel = 1 << kFractionBits, margin = 2 + static_cast<int>(4 * softness * m_picture.cols);
    const cv::Point topLeft(box.x / pixel - margin, box.y / pixel - margin);
    const cv::Rect area = cv::Rect(topLeft, cv::Size(box.width / pixel + 2 * margin, box.height / pixel + 2 * margin)) & cv::Rect({}, m_picture.size());
    if (area.empty())
        return;
    for (cv::Point &point : points)
        point -= area.tl() * pixel;
    cv::Mat mask = cv::Mat::zeros(area.size(), CV_8U);
    cv::fillPoly(mask, std::vector{points}, Colour(255), cv::LINE_AA, kFractionBits);
    if (softness > 0)
        cv::GaussianBlur(mask, mask, {0, 0}, softness * m_picture.cols);
    cv::Mat part = m_picture(area);
    const int strength = static_cast<int>(std::lround(opacity * 256));
    const cv::Vec3b cover(cv::saturate_cast<uchar>(colour[0]), cv::saturate_cast<uchar>(colour[1]), cv::saturate_cast<uchar>(colour[2]));
    for (int y = 0; y < area.height; ++y) {
        cv::Vec3b *here = part.ptr<cv::Vec3b>(y);
        const std::uint8_t *covered = mask.ptr(y);
        for (int x = 0; x < area.width; ++x) {
            const int share = covered[x] * strength / 255;
            for (int channel = 0; channel < 3; ++channel)
                here[x][channel] = static_cast<std::uint8_t>(here[x][channel] + (cover[channel] - here[x][channel]) * share / 256);
        }
    }
}

void Canvas::glow(Place centre, double radiusX, double radiusY, const Colour &light)
{
    if (!isPainting())
        return;
    const double side = m_picture.cols, centreX = centre.x * side, centreY = centre.y * side, reachX = radiusX * side, reachY = radiusY * side;
    const cv::Rect reached(static_cast<int>(centreX - reachX), static_cast<int>(centreY - reachY), static_cast<int>(2 * reachX) + 2,
                           static_cast<int>(2 * reachY) + 2);
    const cv::Rect area = reached & cv::Rect({}, m_picture.size());
    for (int y = area.y; y < area.br().y; ++y) {
        for (int x = area.x; x < area.br().x; ++x) {
            const double across = (x + 0.5 - centreX) / reachX, down = (y + 0.5 - centreY) / reachY;
            const double share = std::max(0.0, 1 - across * across - down * down);
            cv::Vec3b &pixel = m_picture.at<cv::Vec3b>(y, x);
            for (int channel = 0; channel < 3; ++channel)
                pixel[channel] = cv::saturate_cast<std::uint8_t>(pixel[channel] + light[channel] * share * share);
        }
    }
}

void Canvas::shade(const std::vector<double> &factors, bool isAcross)
{
    if (!isPainting())
        return;
    cv::Mat values = cv::Mat(factors).reshape(1, isAcross ? 1 : static_cast<int>(factors.size())), spread, wide;
    values.convertTo(values, CV_32F);
    cv::resize(values, spread, m_picture.size(), 0, 0, cv::INTER_LINEAR);
    cv::merge(std::vector<cv::Mat>(3, spread), wide);
    cv::multiply(m_picture, wide, m_picture, 1, CV_8UC3);
}

void Canvas::coarsen(int columns, int rows, double sharpening, double noise)
{
    if (!isPainting())
        return;
    const cv::Size size(std::min(columns, m_picture.cols), std::min(rows, m_picture.rows));
    cv::Mat few, values, soft, grains(size, CV_32FC3);
    cv::resize(m_picture, few, size, 0, 0, cv::INTER_AREA);
    cv::RNG random(m_paint.seed());
    random.fill(grains, cv::RNG::NORMAL, 0, noise);
    few.convertTo(values, CV_32FC3);
    values += grains;
    cv::GaussianBlur(values, soft, {0, 0}, 1);
    values += (values - soft) * sharpening;
    values.convertTo(few, CV_8UC3);
    std::vector<cv::Mat> planes;
    cv::cvtColor(few, few, cv::COLOR_RGB2YCrCb);
    cv::split(few, planes);
    cv::blur(planes[1], planes[1], {3, 3});
    cv::blur(planes[2], planes[2], {3, 3});
    cv::merge(planes, few);
    cv::cvtColor(few, few, cv::COLOR_YCrCb2RGB);
    cv::resize(few, m_picture, m_picture.size(), 0, 0, cv::INTER_LINEAR);
}

void Canvas::background(bool isUnfamiliar)
{
    if (!isPainting())
        return;
    const int side = m_picture.cols;
    const double light = m_paint.between(25, 225), tint = m_paint.between(0, 22);
    const Colour base(light + m_paint.between(-tint, tint), light + m_paint.between(-tint, tint), light + m_paint.between(-tint, tint));
    fill(base);
    const auto unfamiliar = [&](int style) {
        switch (style) {
        case 0: // chequered
            for (int row = 0, cells = m_paint.whole(6, 14); row < cells; ++row)
                for (int column = row % 2; column < cells; column += 2) {
                    const double size = 1.0 / cells;
                    polygon({{column * size, row * size}, {(column + 1) * size, row * size}, {(column + 1) * size, (row + 1) * size}, {column * size, (row + 1) * size}},
                            base * m_paint.between(0.8, 0.92));
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
    };
    if (isUnfamiliar)
        return unfamiliar(m_paint.whole(0, 2));
    switch (m_paint.whole(0, 6)) {
    case 0: // plain
        break;
    case 1: // brushed
        addToAll(m_picture, smoothField(m_paint, side, m_paint.whole(2, 4), side / 3), m_paint.between(4, 14));
        break;
    case 2: // speckled
        addToAll(m_picture, grain(m_paint, side, CV_32F), m_paint.between(8, 40));
        break;
    case 3: // gradient
        addToAll(m_picture, smoothField(m_paint, side, 1, 1), m_paint.between(15, 45));
        break;
    case 4: { // stripes
        const double gap = m_paint.between(0.04, 0.2);
        const bool isUpright = m_paint.chance(0.5);
        for (double at = 0; at < 1; at += gap)
            isUpright ? line({at, 0}, {at, 1}, gap * 0.45, base * 0.88) : line({0, at}, {1, at}, gap * 0.45, base * 0.88);
        break;
    }
    case 5: // like wood
        addToAll(m_picture, smoothField(m_paint, side, m_paint.whole(1, 2), m_paint.whole(12, 30)), m_paint.between(8, 22));
        break;
    default: // like cloth
        addToAll(m_picture, smoothField(m_paint, side, side / 4, side / 4), m_paint.between(6, 18));
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
        cv::GaussianBlur(m_picture, m_picture, {0, 0}, m_paint.between(0.3, 1.1) * side / 256);
    if (m_paint.chance(0.7)) {
        const cv::Mat noise = grain(m_paint, side, CV_32FC3);
        addToAll(m_picture, noise, m_paint.between(2, 14));
    }
}

} // namespace auroraedge::app

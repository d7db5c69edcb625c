#include "app/drawing/canvas.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
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

} // namespace auroraedge::app

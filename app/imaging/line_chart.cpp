#include "app/imaging/line_chart.h"

#include "app/imaging/pixel_buffer.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace auroraedge::app {
namespace {

constexpr int kWidthPx = 1200, kPanelPx = 360;
constexpr int kLeftPx = 90, kRightPx = 30, kTopPx = 50, kBottomPx = 30;
const cv::Scalar kInk(40, 40, 40), kGrid(225, 225, 225);
const std::array kColours{cv::Scalar(150, 180, 215), cv::Scalar(30, 90, 160), cv::Scalar(200, 110, 30)}; // RGB

void write(cv::Mat &picture, const std::string &text, cv::Point at, double size, const cv::Scalar &colour)
{
    cv::putText(picture, text, at, cv::FONT_HERSHEY_SIMPLEX, size, colour, 1, cv::LINE_AA);
}

/// 1, 2, 2.5 or 5 times a power of ten, not below @p value.
double roundedUp(double value)
{
    if (!(value > 0))
        return 1;
    const double power = std::pow(10.0, std::floor(std::log10(value)));
    for (const double step : {1.0, 2.0, 2.5, 5.0}) {
        if (step * power >= value)
            return step * power;
    }
    return 10 * power;
}

void drawPanel(cv::Mat picture, const ChartPanel &panel)
{
    double highest = 0;
    for (const ChartLine &line : panel.lines) {
        for (const double value : line.values)
            highest = std::isfinite(value) ? std::max(highest, value) : highest;
    }
    const double top = roundedUp(highest);
    const int width = picture.cols - kLeftPx - kRightPx, height = picture.rows - kTopPx - kBottomPx;
    const auto yOf = [&](double value) { return kTopPx + static_cast<int>(std::lround(height * (1 - value / top))); };

    write(picture, panel.title, {kLeftPx, 28}, 0.6, kInk);
    constexpr int kTicks = 4;
    for (int tick = 0; tick <= kTicks; ++tick) {
        const double value = top * tick / kTicks;
        std::array<char, 24> text{};
        std::snprintf(text.data(), text.size(), "%.3g", value);
        cv::line(picture, {kLeftPx, yOf(value)}, {kLeftPx + width, yOf(value)}, kGrid);
        write(picture, text.data(), {8, yOf(value) + 5}, 0.45, kInk);
    }
    int nameAt = kLeftPx + width;
    for (std::size_t i = panel.lines.size(); i-- > 0;) {
        const cv::Scalar &colour = kColours[i % kColours.size()];
        nameAt -= 12 * static_cast<int>(panel.lines[i].name.size()) + 20;
        write(picture, panel.lines[i].name, {nameAt, 28}, 0.5, colour);
    }
    for (std::size_t i = 0; i < panel.lines.size(); ++i) {
        const std::vector<double> &values = panel.lines[i].values;
        const double step = values.size() > 1 ? static_cast<double>(width) / static_cast<double>(values.size() - 1) : 0;
        for (std::size_t at = 1; at < values.size(); ++at) {
            if (!std::isfinite(values[at - 1]) || !std::isfinite(values[at]))
                continue;
            const auto xOf = [&](std::size_t index) { return kLeftPx + static_cast<int>(std::lround(step * static_cast<double>(index))); };
            cv::line(picture, {xOf(at - 1), yOf(values[at - 1])}, {xOf(at), yOf(values[at])}, kColours[i % kColours.size()], 1, cv::LINE_AA);
        }
    }
}

} // namespace

Frame drawChart(std::span<const ChartPanel> panels)
{
    const PixelBuffer pixels(kWidthPx, kPanelPx * static_cast<int>(panels.size()));
    cv::Mat picture(pixels.heightPx, pixels.widthPx, CV_8UC3, pixels.bytes.get());
    picture.setTo(cv::Scalar(255, 255, 255));
    for (std::size_t i = 0; i < panels.size(); ++i)
        drawPanel(picture.rowRange(kPanelPx * static_cast<int>(i), kPanelPx * static_cast<int>(i + 1)), panels[i]);
    return pixels.toFrame();
}

} // namespace auroraedge::app

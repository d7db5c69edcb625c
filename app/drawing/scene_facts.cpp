#include "app/drawing/scene_facts.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace auroraedge::app {

DrawnLabel labelAround(std::string name, const std::vector<Place> &points, double margin)
{
    double left = 1, top = 1, right = 0, bottom = 0;
    for (const Place &point : points) {
        left = std::min(left, point.x - margin);
        top = std::min(top, point.y - margin);
        right = std::max(right, point.x + margin);
        bottom = std::max(bottom, point.y + margin);
    }
    left = std::max(left, 0.0);
    top = std::max(top, 0.0);
    return {std::move(name), left, top, std::min(right, 1.0) - left, std::min(bottom, 1.0) - top};
}

std::string sideOf(const DrawnLabel &label)
{
    constexpr double kMiddle = 0.07; // of the picture's width each way: no side for certain
    const double fromMiddle = label.x + label.width / 2 - 0.5;
    return std::abs(fromMiddle) < kMiddle ? "" : fromMiddle < 0 ? "left" : "right";
}

std::string counted(int count, const std::string &thing)
{
    return std::to_string(count) + ' ' + thing + (count == 1 ? "" : "s");
}

} // namespace auroraedge::app

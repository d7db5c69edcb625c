#include "app/drawing/part_surface.h"

#include "app/drawing/colours.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace auroraedge::app {
namespace {

constexpr double kPi = std::numbers::pi;

/// What of a convex outline lies on the side of a line where x cos + y sin < @p limit.
std::vector<Place> cutOff(const std::vector<Place> &outline, double angle, double limit)
{
    const double across = std::cos(angle), down = std::sin(angle);
    std::vector<Place> kept;
    for (std::size_t i = 0; i < outline.size(); ++i) {
        const Place here = outline[i], next = outline[(i + 1) % outline.size()];
        const double hereBeyond = here.x * across + here.y * down - limit, nextBeyond = next.x * across + next.y * down - limit;
        if (hereBeyond <= 0)
            kept.push_back(here);
        if ((hereBeyond < 0) != (nextBeyond < 0)) {
            const double share = hereBeyond / (hereBeyond - nextBeyond);
            kept.push_back({here.x + share * (next.x - here.x), here.y + share * (next.y - here.y)});
        }
    }
    return kept;
}

} // namespace

Material drawnMaterial(Dice &dice)
{
    static const std::vector<Material> kMaterials{
        {"steel", {148, 153, 160}, true},          {"brass", {203, 168, 66}, true},           {"copper", {190, 98, 58}, true},
        {"black plastic", {46, 46, 49}, false}, {"white plastic", {230, 230, 226}, false},
    };
    Material material = dice.oneOf(kMaterials);
    const double light = dice.between(-14, 14);
    material.colour = varied(dice, material.colour + Colour(light, light, light), 5);
    return material;
}

std::vector<Place> regularOutline(int corners, double radius)
{
    std::vector<Place> outline;
    for (int i = 0; i < corners; ++i) {
        const double turn = 2 * kPi * i / corners;
        outline.push_back({radius * std::cos(turn), radius * std::sin(turn)});
    }
    return outline;
}

std::vector<Place> boxOutline(double width, double height, double corner)
{
    constexpr int kSteps = 6; // of each rounded corner
    const double x = width / 2 - corner, y = height / 2 - corner;
    std::vector<Place> outline;
    for (int quarter = 0; quarter < 4; ++quarter) {
        const double signX = quarter == 0 || quarter == 3 ? 1 : -1, signY = quarter < 2 ? 1 : -1;
        for (int step = 0; step <= (corner > 0 ? kSteps : 0); ++step) {
            const double turn = kPi / 2 * (quarter + double(step) / kSteps);
            outline.push_back({signX * x + corner * std::cos(turn), signY * y + corner * std::sin(turn)});
        }
    }
    return outline;
}

std::vector<Place> boxBetween(double left, double top, double right, double bottom)
{
    return {{left, top}, {right, top}, {right, bottom}, {left, bottom}};
}

std::vector<Place> stripOf(const std::vector<Place> &outline, double angle, double low, double high)
{
    return cutOff(cutOff(outline, angle, high), angle + kPi, -low);
}

double distanceInside(const std::vector<Place> &outline, Place place)
{
    double nearest = std::numeric_limits<double>::max();
    for (std::size_t i = 0; i < outline.size(); ++i) {
        const Place from = outline[i], to = outline[(i + 1) % outline.size()];
        const double x = to.x - from.x, y = to.y - from.y;
        nearest = std::min(nearest, (x * (place.y - from.y) - y * (place.x - from.x)) / std::hypot(x, y));
    }
    return nearest;
}

std::vector<Place> placed(const Pose &pose, const std::vector<Place> &outline)
{
    std::vector<Place> places;
    places.reserve(outline.size());
    for (const Place &point : outline)
        places.push_back(pose.at(point.x, point.y));
    return places;
}

void paintFace(Dice &dice, Canvas &canvas, const Pose &pose, const std::vector<Place> &outline, const Colour &colour, bool isMetal)
{
    const double light = dice.between(0, 2 * kPi), height = dice.between(0.006, 0.02);
    const double darkness = dice.between(0.35, 0.65), softness = dice.between(0.004, 0.014);
    canvas.stain(placed(pose.moved(height * std::cos(light), height * std::sin(light)), outline), {8, 8, 10}, darkness, softness);
    const auto corners = placed(pose, outline);
    canvas.polygon(corners, colour);

    const double grainAngle = dice.between(0, kPi), grainStrength = dice.between(0.025, 0.07);
    if (isMetal && dice.chance(0.55)) { // brushed
        for (double at = -0.75; at < 0.75;) {
            const double width = dice.between(0.006, 0.03);
            const double shade = dice.between(-grainStrength, grainStrength);
            if (const auto strip = stripOf(outline, grainAngle, at, at + width); strip.size() > 2)
                canvas.polygon(placed(pose, strip), colour * (1 + shade));
            at += width + dice.between(0, 0.02);
        }
    }
    const int reflections = dice.chance(isMetal ? 0.6 : 0.3) ? dice.whole(1, 2) : 0;
    const double reflectionAngle = dice.between(0, kPi);
    for (int i = 0; i < reflections; ++i) {
        const double from = dice.between(-0.4, 0.3), width = dice.between(0.06, 0.18), opacity = dice.between(0.12, 0.3);
        if (const auto strip = stripOf(outline, reflectionAngle, from, from + width); strip.size() > 2)
            canvas.stain(placed(pose, strip), {255, 255, 250}, opacity, 0.008);
    }
    auto rim = corners;
    rim.push_back(corners.front());
    canvas.polyline(rim, 0.006, colour * dice.between(0.55, 0.8));
}

void paintMark(Dice &dice, Canvas &canvas, const Pose &pose, Place centre, double size, const Colour &surface)
{
    static const std::vector<Colour> kDark{{30, 30, 36}, {30, 50, 130}, {120, 24, 24}};
    const Colour dark = dice.oneOf(kDark), ink = brightness(surface) > 90 ? dark : Colour(214, 214, 208);
    const double half = size / pose.scale / 2;
    const auto at = [&](double x, double y) { return pose.at(centre.x + x * half, centre.y + y * half); };
    switch (dice.whole(0, 2)) {
    case 0:
        canvas.polygon({at(-0.8, 0.7), at(0.8, 0.7), at(0, -0.8)}, ink);
        break;
    case 1:
        canvas.polyline({at(-0.7, -0.7), at(0.7, -0.7), at(0.7, 0.7), at(-0.7, 0.7), at(-0.7, -0.7)}, 0.008, ink);
        break;
    default:
        for (const double x : {-1.0, -0.5, 0.0, 0.5, 1.0})
            canvas.polygon({at(x - 0.13, -0.6), at(x + 0.13, -0.6), at(x + 0.13, 0.6), at(x - 0.13, 0.6)}, ink);
    }
}

} // namespace auroraedge::app

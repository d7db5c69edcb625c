#include "app/drawing/defects.h"

#include "app/drawing/colours.h"
#include "app/drawing/scene_facts.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace auroraedge::app {
namespace {

constexpr double kPi = std::numbers::pi;

Place stepped(Place from, double angle, double length)
{
    return {from.x + length * std::cos(angle), from.y + length * std::sin(angle)};
}

Colour lighter(const Colour &colour, double by)
{
    return {std::min(colour[0] + by, 255.0), std::min(colour[1] + by, 255.0), std::min(colour[2] + by, 255.0)};
}

std::vector<Place> oval(Place centre, double radiusX, double radiusY, double angle)
{
    std::vector<Place> points;
    for (int i = 0; i < 24; ++i) {
        const double turn = 2 * kPi * i / 24;
        points.push_back(Pose{centre, 1, angle}.at(radiusX * std::cos(turn), radiusY * std::sin(turn)));
    }
    return points;
}

std::vector<Place> moved(std::vector<Place> points, double x, double y)
{
    for (Place &point : points)
        point = {point.x + x, point.y + y};
    return points;
}

/// A jagged way from @p from, about @p length long.
std::vector<Place> jaggedWay(Dice &dice, Place from, double angle, double length, int steps)
{
    std::vector<Place> points{from};
    for (int i = 0; i < steps; ++i) {
        const double turn = (i % 2 == 0 ? 1 : -1) * dice.between(0.25, 0.75);
        points.push_back(stepped(points.back(), angle + turn, length / steps));
    }
    return points;
}

} // namespace

const std::vector<std::string> &surfaceDefects()
{
    static const std::vector<std::string> names{"scratch", "dent", "stain", "crack"};
    return names;
}

DrawnLabel scratch(Dice &dice, Canvas &canvas, Place centre, double reach, const Colour &surface)
{
    const double length = std::min(1.9 * reach, dice.between(0.14, 0.34)), angle = dice.between(0, 2 * kPi);
    const double bow = length * dice.between(-0.12, 0.12), thickness = dice.between(0.006, 0.011);
    std::vector<Place> points;
    for (int i = 0; i <= 10; ++i) {
        const double along = i / 10.0;
        const double waver = dice.between(-0.0025, 0.0025);
        points.push_back(Pose{centre, 1, angle}.at((along - 0.5) * length, bow * (std::sin(kPi * along) - 0.5) + waver));
    }
    const bool isBright = brightness(surface) < 110 || (brightness(surface) < 170 && dice.chance(0.5));
    const Colour line = isBright ? lighter(surface, dice.between(105, 150)) : surface * dice.between(0.3, 0.5);
    const Colour edge = isBright ? surface * 0.6 : lighter(surface, 40);
    canvas.polyline(moved(points, thickness * 0.6, thickness * 0.6), thickness, edge);
    canvas.polyline(points, thickness, line);
    return labelAround("scratch", points, thickness);
}

DrawnLabel dent(Dice &dice, Canvas &canvas, Place centre, double reach, const Colour &surface)
{
    const double radius = std::min(0.9 * reach, dice.between(0.045, 0.08)), flat = dice.between(0.65, 1);
    const double angle = dice.between(0, kPi), light = dice.between(0, 2 * kPi);
    const auto part = [&](double size, double shift) {
        return oval(stepped(centre, light, shift * radius), size * radius, size * radius * flat, angle);
    };
    canvas.stain(part(1, 0), surface * 0.4, 0.85, 0.006);
    canvas.stain(part(0.8, 0.2), lighter(surface, 90), 0.9, 0.006);
    canvas.stain(part(0.62, 0), surface * 0.88, 0.85, 0.009);
    return labelAround("dent", part(1, 0));
}

DrawnLabel stain(Dice &dice, Canvas &canvas, Place centre, double reach, const Colour &surface)
{
    static const std::vector<Colour> kColours{{115, 55, 20}, {45, 36, 28}, {228, 226, 205}, {40, 135, 110}, {70, 60, 130}};
    const std::vector<Colour> plain = plainOn(surface, kColours, 140);
    const Colour colour = dice.oneOf(plain);
    const double radius = std::min(0.75 * reach, dice.between(0.045, 0.085));
    const double opacity = dice.between(0.8, 0.95), softness = dice.between(0.005, 0.011);
    double height[3], phase[3];
    for (int wave = 0; wave < 3; ++wave) {
        height[wave] = dice.between(0.03, 0.16);
        phase[wave] = dice.between(0, 2 * kPi);
    }
    std::vector<Place> points;
    for (int i = 0; i < 36; ++i) {
        const double turn = 2 * kPi * i / 36;
        double size = 0.95;
        for (int wave = 0; wave < 3; ++wave)
            size += height[wave] * std::sin((wave + 2) * turn + phase[wave]);
        points.push_back(stepped(centre, turn, size * radius));
    }
    canvas.stain(points, colour, opacity, softness);
    return labelAround("stain", points, softness);
}

DrawnLabel crack(Dice &dice, Canvas &canvas, Place centre, double reach, const Colour &surface)
{
    const double length = std::min(1.8 * reach, dice.between(0.16, 0.32)), angle = dice.between(0, 2 * kPi);
    const int steps = length > 0.2 ? 8 : 6, branches = dice.whole(2, 3);
    std::vector<std::vector<Place>> ways{jaggedWay(dice, stepped(centre, angle, -0.45 * length), angle, length, steps)};
    for (int branch = 0; branch < branches; ++branch) {
        const Place root = ways.front()[static_cast<std::size_t>(steps * (branch + 1) / (branches + 1))];
        const double turn = (branch % 2 == 0 ? 1 : -1) * dice.between(0.6, 1);
        const double share = dice.between(0.25, 0.33);
        ways.push_back(jaggedWay(dice, root, angle + turn, share * length, 3));
    }
    const double thickness = std::min(dice.between(0.008, 0.012), 0.05 * length);
    const bool isDark = brightness(surface) < 70; // the far edge catches the light; on a dark face little else is seen
    const Colour edge = lighter(surface, isDark ? 110 : 45);
    const double aside = isDark ? 0.008 : 0.006;
    std::vector<Place> all;
    for (std::size_t i = 0; i < ways.size(); ++i) {
        canvas.polyline(moved(ways[i], aside, aside), thickness * (isDark ? 1 : 0.6), edge);
        canvas.polyline(ways[i], i == 0 ? thickness : thickness * 0.7, surface * 0.15);
        all.insert(all.end(), ways[i].begin(), ways[i].end());
    }
    return labelAround("crack", all, thickness / 2);
}

DrawnLabel surfaceDefect(const std::string &name, Dice &dice, Canvas &canvas, Place centre, double reach, const Colour &surface)
{
    const auto paint = name == "scratch" ? scratch : name == "dent" ? dent : name == "stain" ? stain : crack;
    return paint(dice, canvas, centre, reach, surface);
}

std::string drawnDefect(Dice &dice, const std::vector<std::string> &possible)
{
    const bool isGood = dice.chance(0.5);
    return isGood ? "none" : dice.oneOf(possible);
}

void tellDefect(Dice &dice, const std::string &defect, const DrawnLabel &label, DrawnScene &scene, const std::vector<std::string> &possible)
{
    const bool isDamaged = defect != "none", isScratched = defect == "scratch";
    scene.facts["defect"] = defect;
    scene.facts["surface"] = isDamaged ? "a " + defect : "no defect";
    scene.facts["damaged"] = isDamaged ? "yes" : "no";
    const double scratched = 0.5 / static_cast<double>(possible.size()); // the share of pictures with a scratch
    if (isScratched || dice.chance(scratched / (1 - scratched)))
        scene.facts["scratched"] = isScratched ? "yes" : "no";
    if (isDamaged || dice.chance(1.0 / 3)) { // yes, no with another defect in sight, no on a good surface: 1/2, 1/4, 1/4
        std::string asked = dice.oneOf(possible);
        while (isDamaged && asked == defect)
            asked = dice.oneOf(possible);
        if (isDamaged && dice.chance(2.0 / 3))
            asked = defect;
        scene.facts["asked defect"] = asked;
        scene.facts["asked defect present"] = asked == defect ? "yes" : "no";
    }
    if (const std::string side = isDamaged ? sideOf(label) : ""; !side.empty())
        scene.facts["defect side"] = side;
}

} // namespace auroraedge::app

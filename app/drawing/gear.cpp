#include "app/drawing/colours.h"
#include "app/drawing/kinds.h"
#include "app/drawing/part_surface.h"
#include "app/drawing/scene_facts.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace auroraedge::app {
namespace {

constexpr double kPi = std::numbers::pi;

/// A gear in units of its outer radius.
struct GearShape
{
    int teeth = 12;
    double root = 0.8;      ///< radius between the teeth
    double tipShare = 0.35; ///< of a tooth's pitch that its tip takes
    int broken = -1;        ///< which tooth, if one is
    std::vector<double> stump; ///< heights of what is left of it, from the root
};

void addTurn(std::vector<Place> &outline, double radius, double turn)
{
    outline.push_back({radius * std::cos(turn), radius * std::sin(turn)});
}

std::vector<Place> gearOutline(const GearShape &shape)
{
    const double pitch = 2 * kPi / shape.teeth, footShare = shape.tipShare + 0.25;
    std::vector<Place> outline;
    for (int tooth = 0; tooth < shape.teeth; ++tooth) {
        const double middle = tooth * pitch;
        addTurn(outline, shape.root, middle - pitch * footShare / 2);
        if (tooth == shape.broken) {
            const double step = pitch * footShare / static_cast<double>(shape.stump.size());
            double turn = middle - pitch * footShare / 2 + step / 2;
            for (const double height : shape.stump) {
                addTurn(outline, shape.root + height, turn);
                turn += step;
            }
        } else {
            addTurn(outline, 1, middle - pitch * shape.tipShare / 2);
            addTurn(outline, 1, middle + pitch * shape.tipShare / 2);
        }
        addTurn(outline, shape.root, middle + pitch * footShare / 2);
        addTurn(outline, shape.root * 0.995, middle + pitch / 2);
    }
    return outline;
}

/// A piece of a ring around the part's centre, from @p turn on.
std::vector<Place> sector(double inner, double outer, double turn, double width)
{
    constexpr int kSteps = 8;
    std::vector<Place> outline;
    for (int i = 0; i <= kSteps; ++i)
        addTurn(outline, outer, turn + width * i / kSteps);
    for (int i = kSteps; i >= 0; --i)
        addTurn(outline, inner, turn + width * i / kSteps);
    return outline;
}

/// Turned metal shines in two opposite fans.
void paintShine(Dice &dice, Canvas &canvas, const Pose &pose, double inner, double outer)
{
    const double turn = dice.between(0, kPi), width = dice.between(0.2, 0.5), opacity = dice.between(0.12, 0.3);
    for (const double side : {0.0, kPi})
        canvas.stain(placed(pose, sector(inner, outer, turn + side, width)), {255, 255, 250}, opacity, 0.012);
}

void paintHub(Dice &dice, Canvas &canvas, const Pose &pose, double radius, const Colour &colour)
{
    const double bore = radius * dice.between(0.45, 0.62);
    const Colour depth = brightness(colour) < 90 ? Colour(190, 190, 190) : Colour(18, 18, 20);
    canvas.disc(pose.centre, radius * pose.scale, colour * 1.08);
    canvas.ring(pose.centre, radius * pose.scale, 0.006, colour * 0.6);
    canvas.disc(pose.centre, bore * pose.scale, depth);
    if (dice.chance(0.5)) // for a key
        canvas.polygon(placed(pose, boxBetween(0, -bore * 0.3, bore * 1.35, bore * 0.3)), depth);
}

} // namespace

DrawnScene drawGear(Dice &dice, Canvas &canvas, bool isUnfamiliar)
{
    canvas.background(isUnfamiliar);
    const Material material = drawnMaterial(dice);
    GearShape shape;
    shape.teeth = dice.whole(8, 20);
    shape.root = dice.between(0.78, 0.83);
    shape.tipShare = dice.between(0.28, 0.4);
    const bool isBroken = dice.chance(0.5);
    if (isBroken) {
        shape.broken = dice.whole(0, shape.teeth - 1);
        for (int i = 0; i < 4; ++i)
            shape.stump.push_back((1 - shape.root) * dice.between(0.02, 0.24));
    }
    Pose pose;
    pose.scale = dice.between(std::clamp(shape.teeth * 0.0195, 0.26, 0.4), 0.43); // no tooth too narrow to see
    const double play = 0.48 - pose.scale;
    pose.centre.x += dice.between(-play, play);
    pose.centre.y += dice.between(-play, play);
    pose.angle = dice.between(0, 2 * kPi);

    const auto outline = gearOutline(shape);
    const double light = dice.between(0, 2 * kPi), height = dice.between(0.006, 0.016);
    const Pose below = pose.moved(height * std::cos(light), height * std::sin(light));
    canvas.stain(placed(below, outline), {8, 8, 10}, 0.5, 0.007);
    auto rim = placed(pose, outline);
    canvas.polygon(rim, material.colour);
    rim.push_back(rim.front());
    canvas.polyline(rim, 0.006, material.colour * dice.between(0.55, 0.75));

    const int spokes = dice.chance(0.55) ? dice.whole(3, 7) : 0;
    const double hub = dice.between(0.24, 0.32), ringInner = shape.root * dice.between(0.76, 0.82);
    if (spokes > 0) {
        const Colour recess = brightness(material.colour) < 90 ? material.colour + Colour(95, 95, 95) : material.colour * 0.3;
        const double half = std::max(0.035 / pose.scale, 0.09) / 2;
        canvas.disc(pose.centre, ringInner * pose.scale, recess);
        for (int i = 0; i < spokes; ++i) {
            const Pose spoke{pose.centre, pose.scale, pose.angle + 2 * kPi * i / spokes};
            canvas.polygon(placed(spoke, {{0, -half * 1.3}, {ringInner * 1.02, -half}, {ringInner * 1.02, half}, {0, half * 1.3}}), material.colour);
        }
    } else {
        const int rings = dice.whole(0, 3);
        for (int i = 0; i < rings; ++i) {
            const double radius = dice.between(hub, ringInner);
            canvas.ring(pose.centre, radius * pose.scale, 0.005, material.colour * dice.between(0.78, 0.92));
        }
    }
    if (material.isMetal && dice.chance(0.6))
        paintShine(dice, canvas, pose, spokes > 0 ? ringInner : hub, shape.root);
    paintHub(dice, canvas, pose, hub, material.colour);
    if (dice.chance(0.35)) { // a mark for fitting, no defect
        const double turn = 2 * kPi * dice.whole(0, shape.teeth - 1) / shape.teeth, radius = (ringInner + shape.root) / 2;
        const Colour ink = brightness(material.colour) > 120 ? Colour(150, 25, 30) : Colour(235, 225, 80);
        canvas.disc(pose.at(radius * std::cos(turn), radius * std::sin(turn)), 0.014, ink);
    }

    DrawnScene scene;
    scene.labels.push_back(labelAround("gear", {pose.centre}, pose.scale));
    scene.facts["material"] = material.name;
    scene.facts["tooth broken"] = isBroken ? "yes" : "no";
    scene.facts["teeth"] = isBroken ? "a broken tooth" : "good teeth";
    scene.facts["spoked"] = spokes > 0 ? "yes" : "no";
    if (spokes > 0) {
        scene.facts["spokes"] = std::to_string(spokes);
        const int asked = dice.whole(2, 7);
        scene.facts["asked number"] = std::to_string(asked);
        scene.facts["more spokes than asked"] = spokes > asked ? "yes" : "no";
    }
    if (isBroken) {
        const double turn = 2 * kPi * shape.broken / shape.teeth, middle = (shape.root + 1) / 2;
        const double half = pose.scale * std::max(1 - shape.root, 0.28) * 0.65;
        const DrawnLabel label = labelAround("broken tooth", {pose.at(middle * std::cos(turn), middle * std::sin(turn))}, half);
        scene.labels.push_back(label);
        if (const std::string side = sideOf(label); !side.empty())
            scene.facts["broken side"] = side;
    }
    return scene;
}

} // namespace auroraedge::app

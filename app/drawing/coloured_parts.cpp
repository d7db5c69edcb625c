#include "app/drawing/colours.h"
#include "app/drawing/kinds.h"
#include "app/drawing/part_surface.h"
#include "app/drawing/scene_facts.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace auroraedge::app {
namespace {

struct Part
{
    Place centre;
    double radius = 0;
    std::size_t colour = 0; ///< of the tray's palette
};

/// What the parts lie on, and the colours that are plain on it: white and black only where they stand out.
struct Ground
{
    std::vector<NamedColour> palette{{"red", {205, 35, 35}}, {"green", {35, 150, 60}}, {"blue", {40, 75, 195}}, {"yellow", {240, 205, 40}}};
    double margin = 0.02; ///< without parts, at the picture's edge
};

Ground drawnGround(Dice &dice, Canvas &canvas)
{
    Ground ground;
    if (dice.chance(0.4))
        return ground;
    const bool isDark = dice.chance(0.5);
    const double edge = dice.between(0.02, 0.06), light = isDark ? dice.between(30, 75) : dice.between(175, 230);
    const Colour mat = varied(dice, Colour(light, light, light), 12);
    canvas.polygon(boxBetween(edge, edge, 1 - edge, 1 - edge), mat);
    ground.margin = edge + 0.02;
    ground.palette.push_back(isDark ? NamedColour{"white", {240, 240, 238}} : NamedColour{"black", {26, 26, 28}});
    return ground;
}

/// Places without overlap. Parts that find no room make all smaller.
std::vector<Part> placedParts(Dice &dice, int count, double margin)
{
    double size = dice.between(0.065, count < 4 ? 0.15 : 0.11);
    for (;; size *= 0.92) {
        std::vector<Part> parts;
        for (int tries = 0; tries < 60 && static_cast<int>(parts.size()) < count; ++tries) {
            const double radius = size * dice.between(0.85, 1.1), edge = margin + radius;
            const Part part{{dice.between(edge, 1 - edge), dice.between(edge, 1 - edge)}, radius, 0};
            if (std::none_of(parts.begin(), parts.end(), [&](const Part &other) {
                    return std::hypot(other.centre.x - part.centre.x, other.centre.y - part.centre.y) < 1.08 * (other.radius + radius) + 0.01;
                }))
                parts.push_back(part);
        }
        if (static_cast<int>(parts.size()) == count)
            return parts;
    }
}

/// @return the label; the shape fills the part's circle.
DrawnLabel paintPart(Dice &dice, Canvas &canvas, const Part &part, int shape, const Colour &ink)
{
    constexpr std::array kCorners{40, 4, 3, 6};
    const Colour colour = varied(dice, ink, 12);
    const Pose pose{part.centre, 1, dice.between(0, 2 * std::numbers::pi)};
    const std::vector<Place> outline = regularOutline(kCorners[static_cast<std::size_t>(shape)], part.radius);
    canvas.stain(placed(pose.moved(0.008, 0.01), outline), {10, 10, 12}, 0.5, 0.006);
    canvas.polygon(placed(pose, outline), colour * 0.8);
    canvas.polygon(placed({pose.centre, 0.86, pose.angle}, outline), colour);
    if (shape == 3) { // a nut
        canvas.disc(part.centre, part.radius * 0.46, colour * 0.55);
        canvas.disc(part.centre, part.radius * 0.4, {45, 45, 48});
    }
    return labelAround("part", placed(pose, outline));
}

/// By weight, so that together with the rows that have a part of a wrong colour each count comes about as often.
int drawnCount(Dice &dice)
{
    const int roll = dice.whole(0, 7);
    return roll == 7 ? dice.whole(1, 2) : roll + 1;
}

void tellColours(Dice &dice, const Ground &ground, const std::vector<Part> &parts, DrawnScene &scene)
{
    std::vector<int> counts(ground.palette.size());
    for (const Part &part : parts)
        ++counts[part.colour];
    const bool isPresent = dice.chance(0.5);
    std::vector<std::size_t> possible;
    for (std::size_t i = 0; i < counts.size(); ++i)
        if ((counts[i] > 0) == isPresent)
            possible.push_back(i);
    if (possible.empty())
        return;
    const std::size_t asked = dice.oneOf(possible);
    scene.facts["asked colour"] = ground.palette[asked].name;
    scene.facts["asked present"] = isPresent ? "yes" : "no";
    if (counts[asked] > 1 || dice.chance(isPresent ? 0.7 : 0.2)) // 0 and 1 are two counts of many
        scene.facts["asked count"] = std::to_string(counts[asked]);
}

} // namespace

DrawnScene drawColouredParts(Dice &dice, Canvas &canvas, bool isUnfamiliar)
{
    canvas.background(isUnfamiliar);
    const Ground ground = drawnGround(dice, canvas);
    const bool isOneKind = dice.chance(0.4), hasOdd = isOneKind && dice.chance(0.5);
    const int count = isOneKind ? dice.whole(3, 7) : drawnCount(dice), colours = static_cast<int>(ground.palette.size());
    std::vector<Part> parts = placedParts(dice, count, ground.margin);
    const int main = dice.whole(0, colours - 1), other = (main + dice.whole(1, colours - 1)) % colours;
    const std::array<int, 3> mixture{main, other, dice.whole(0, colours - 1)};
    for (Part &part : parts)
        part.colour = static_cast<std::size_t>(isOneKind ? main : dice.oneOf(mixture));
    if (hasOdd)
        parts.back().colour = static_cast<std::size_t>(other);

    DrawnScene scene;
    const bool isOneShape = dice.chance(0.4);
    const int shape = dice.whole(0, 3);
    for (const Part &part : parts) {
        const int ownShape = dice.whole(0, 3);
        scene.labels.push_back(paintPart(dice, canvas, part, isOneShape ? shape : ownShape, ground.palette[part.colour].colour));
    }
    scene.facts["parts"] = std::to_string(count);
    tellColours(dice, ground, parts, scene);
    if (isOneKind)
        scene.facts["all same"] = hasOdd ? "no" : "yes";
    if (hasOdd) {
        DrawnLabel odd = scene.labels.back();
        odd.name = "wrong colour";
        scene.labels.push_back(odd);
        scene.facts["odd colour"] = ground.palette[static_cast<std::size_t>(other)].name;
    }
    const bool isOneColour = count == 1 || (isOneKind && !hasOdd);
    const std::string colour = ground.palette[parts.front().colour].name;
    if (isOneColour)
        scene.facts["colour"] = colour;
    scene.facts["caption"] = std::to_string(count) + (isOneColour ? ' ' + colour : "") + (count == 1 ? " part" : " parts");
    return scene;
}

} // namespace auroraedge::app

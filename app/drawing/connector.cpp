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

NamedColour drawnHousing(Dice &dice)
{
    static const std::vector<NamedColour> kHousings{{"black", {42, 42, 46}},  {"white", {228, 228, 222}}, {"blue", {40, 75, 170}},
                                                    {"green", {45, 130, 65}}, {"red", {180, 42, 42}},     {"yellow", {225, 190, 50}}};
    NamedColour housing = dice.oneOf(kHousings);
    housing.colour = varied(dice, housing.colour, 10);
    return housing;
}

/// Measures of a connector, in picture widths; the pins point along y from the housing's edge at y = 0.
struct Measures
{
    int places = 0;
    double pitch = 0, pinWidth = 0, pinLength = 0, housing = 0;

    [[nodiscard]] double placeX(int place) const { return (place - (places - 1) / 2.0) * pitch; }
};

/// The line a pin follows from the housing on; @p lean is 0 for a straight one. A bent one ends before its neighbour, so
/// that it hides none.
std::vector<Place> pinLine(const Measures &measures, int place, double lean)
{
    const double x = measures.placeX(place), bend = measures.pinLength * 0.35, rest = measures.pinLength - bend;
    const bool isOutward = lean < 0 ? place == measures.places - 1 : place == 0; // x falls where the lean is positive
    const double room = measures.pitch - measures.pinWidth * 1.15, aside = rest * std::abs(std::sin(lean));
    const double length = isOutward || aside <= room ? rest : rest * room / aside;
    return {{x, 0}, {x, bend}, {x - length * std::sin(lean), bend + length * std::cos(lean)}};
}

void paintPin(Canvas &canvas, const Pose &pose, const std::vector<Place> &line, double width, const Colour &metal)
{
    const auto along = placed(pose, line);
    const Place aside{width * 0.22 * std::cos(pose.angle), width * 0.22 * std::sin(pose.angle)};
    std::vector<Place> edge;
    for (const Place &place : along)
        edge.push_back({place.x + aside.x, place.y + aside.y});
    canvas.polyline(along, width, metal * 0.45);
    canvas.polyline(along, width * 0.75, metal);
    canvas.polyline(edge, width * 0.25, metal * 1.25);
}

} // namespace

DrawnScene drawConnector(Dice &dice, Canvas &canvas, bool isUnfamiliar)
{
    canvas.background(isUnfamiliar);
    const NamedColour housing = drawnHousing(dice);
    const int pins = dice.whole(3, 10);
    const double luck = dice.between(0, 1); // either fault is asked about and must be about as frequent as its absence
    const bool isBent = luck < 0.44, isMissing = luck > 0.56;
    Measures measures;
    measures.places = pins + (isMissing ? 1 : 0);
    const int faulty = isBent || isMissing ? dice.whole(0, measures.places - 1) : -1;
    const double length = dice.between(std::clamp(0.078 * (measures.places + 0.5), 0.42, 0.86), 0.88);
    measures.pitch = std::min(length / (measures.places + 0.5), 0.16);
    measures.pinWidth = std::clamp(measures.pitch * dice.between(0.34, 0.46), 0.03, 0.055);
    measures.pinLength = dice.between(0.17, 0.25);
    measures.housing = dice.between(0.16, 0.28);

    const double half = (measures.places + 0.5) * measures.pitch / 2, middleY = (measures.pinLength - measures.housing) / 2;
    Pose pose;
    pose.angle = dice.between(0, 2 * kPi);
    const double play = std::max(0.46 - std::hypot(half - measures.pitch * 0.4, measures.pinLength - middleY), 0.0);
    const double playX = dice.between(-play, play), playY = dice.between(-play, play);
    const Place shift = Pose{{0, 0}, 1, pose.angle}.at(0, -middleY); // so that housing and pins together sit in the middle
    pose.centre = {0.5 + shift.x + playX, 0.5 + shift.y + playY};

    static const std::vector<Colour> kMetals{{205, 208, 212}, {212, 178, 84}, {184, 188, 196}};
    const Colour tint = dice.oneOf(kMetals), metal = varied(dice, tint, 10);
    const double leanSize = dice.between(0.6, 0.9);
    const double lean = dice.chance(0.5) ? leanSize : -leanSize;
    DrawnScene scene;
    DrawnLabel fault;
    const auto body = boxOutline(2 * half, measures.housing, dice.between(0, 0.03));
    const Place bodyCentre = pose.at(0, -measures.housing / 2);
    const Pose bodyPose{bodyCentre, 1, pose.angle};
    const double light = dice.between(0, 2 * kPi), height = dice.between(0.006, 0.014);
    const Pose below = pose.moved(height * std::cos(light), height * std::sin(light));
    for (int place = 0; place < measures.places; ++place) {
        const auto line = pinLine(measures, place, isBent && place == faulty ? lean : 0);
        const bool isThere = !isMissing || place != faulty;
        if (isThere) {
            canvas.polyline(placed(below, line), measures.pinWidth, {14, 14, 16});
            paintPin(canvas, pose, line, measures.pinWidth, metal);
            scene.labels.push_back(labelAround("pin", placed(pose, line), measures.pinWidth / 2));
        }
        if (place == faulty) {
            fault = labelAround(isBent ? "bent pin" : "missing pin", placed(pose, line), measures.pinWidth / 2);
            scene.labels.push_back(fault);
        }
    }
    paintFace(dice, canvas, bodyPose, body, housing.colour, false);
    const Colour slot = brightness(housing.colour) < 70 ? housing.colour + Colour(60, 60, 60) : housing.colour * 0.45;
    const double slotHalf = measures.pinWidth * 0.62;
    for (int place = 0; place < measures.places; ++place) {
        const double x = measures.placeX(place);
        const auto boxOf = [&](double reach, double top, double bottom) { // a box in the middle of the place
            return placed(pose, boxBetween(x - reach, top, x + reach, bottom));
        };
        canvas.polygon(boxOf(slotHalf, -0.045, -0.004), slot);
        if (!isMissing || place != faulty)
            canvas.polygon(boxOf(slotHalf * 0.6, -0.035, 0), metal * 0.8);
    }
    if (dice.chance(0.4))
        paintMark(dice, canvas, bodyPose, {dice.between(-half * 0.8, half * 0.8), -measures.housing * 0.12}, 0.06, housing.colour);

    scene.labels.push_back(labelAround("connector", placed(bodyPose, body)));
    scene.facts["housing colour"] = housing.name;
    scene.facts["pins"] = std::to_string(pins);
    scene.facts["pin bent"] = isBent ? "yes" : "no";
    scene.facts["pin missing"] = isMissing ? "yes" : "no";
    scene.facts["fault"] = isBent ? "bent" : isMissing ? "missing" : "none";
    scene.facts["state"] = isBent ? "a bent pin" : isMissing ? "a missing pin" : "good pins";
    if (const std::string side = faulty >= 0 ? sideOf(fault) : ""; !side.empty())
        scene.facts["fault side"] = side;
    return scene;
}

} // namespace auroraedge::app

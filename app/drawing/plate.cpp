#include "app/drawing/colours.h"
#include "app/drawing/defects.h"
#include "app/drawing/kinds.h"
#include "app/drawing/part_surface.h"
#include "app/drawing/scene_facts.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace auroraedge::app {
namespace {

constexpr double kPi = std::numbers::pi;
constexpr double kLeastHole = 0.034; // radius, in picture widths

/// Where the holes of a plate go, in plate widths.
struct Layout
{
    std::string name; ///< row, grid, circle
    std::vector<Place> places;
    std::vector<Place> outline;
    double pitch = 1; ///< from place to place
    int missing = -1; ///< which place stays plain, if one does
};

/// Weighted so that each count comes about as often, with one hole left out of half of the layouts of four and more, or
/// one screw of half of those of two and more.
int drawnPlaces(Dice &dice, bool isScrewed)
{
    constexpr std::array<double, 8> kHoles{1, 1, 0.5, 1, 1, 1, 1, 1.5}, kScrews{0.5, 1, 1, 1, 1, 1, 1, 1.5};
    const auto &weights = isScrewed ? kScrews : kHoles;
    double left = dice.between(0, 8);
    int places = 1;
    for (const double weight : weights) {
        left -= weight;
        if (left < 0)
            break;
        ++places;
    }
    return std::min(places, 8);
}

std::string drawnLayout(Dice &dice, int places)
{
    std::vector<std::string> possible;
    if (places <= 6)
        possible.push_back("row");
    if (places == 4 || places == 6 || places == 8)
        possible.push_back("grid");
    if (places >= 5) // four in a circle are a grid, too
        possible.push_back("circle");
    return dice.oneOf(possible);
}

std::vector<Place> drawnOutline(Dice &dice, double height)
{
    const double corner = dice.chance(0.5) ? dice.between(0.03, 0.1) : 0;
    return boxOutline(1, height, corner);
}

Layout rowsOf(Dice &dice, const std::string &name, int rows, int columns)
{
    const double margin = dice.between(0.55, 0.75), steep = dice.between(1, 1.35);
    const double pitch = 1 / (columns - 1 + 2 * margin);
    Layout layout{name, {}, {}, pitch, -1};
    const double height = rows == 1 ? dice.between(0.36, 0.55) : std::min(1.0, pitch * (steep + 2 * margin));
    const double offset = rows == 1 ? dice.between(-0.2, 0.2) * height : 0;
    for (int row = 0; row < rows; ++row)
        for (int column = 0; column < columns; ++column)
            layout.places.push_back({(column - (columns - 1) / 2.0) * pitch, (row - (rows - 1) / 2.0) * pitch * steep + offset});
    layout.outline = drawnOutline(dice, height);
    return layout;
}

Layout circleOf(Dice &dice, int places)
{
    const int shape = dice.whole(0, 2);
    const double radius = dice.between(0.32, 0.36);
    Layout layout{"circle", regularOutline(places, radius), {}, 2 * radius * std::sin(kPi / places), -1};
    layout.outline = shape == 0 ? regularOutline(48, 0.5) : shape == 1 ? regularOutline(6, 0.53) : drawnOutline(dice, 1);
    return layout;
}

Layout drawnLayoutOf(Dice &dice, int places)
{
    const std::string name = drawnLayout(dice, places);
    if (name == "circle")
        return circleOf(dice, places);
    if (name == "grid")
        return rowsOf(dice, name, 2, places / 2);
    if (places > 1)
        return rowsOf(dice, name, 1, places);
    Layout layout{name, {{0, 0}}, {}, 0.4, -1};
    const int shape = dice.whole(0, 2);
    layout.outline = shape == 0 ? regularOutline(48, 0.5) : shape == 1 ? regularOutline(6, 0.53) : drawnOutline(dice, dice.between(0.6, 1));
    return layout;
}

/// A place of a row's end tells nothing when it is plain, one within does.
int drawnMissing(Dice &dice, const Layout &layout)
{
    const int places = static_cast<int>(layout.places.size());
    return layout.name == "row" ? dice.whole(1, places - 2) : dice.whole(0, places - 1);
}

/// A place on the face.
struct Spot
{
    Place place;    ///< in plate widths
    double room = 0; ///< around it, in picture widths
};

/// The first of some places with enough room, else the roomiest, away from holes and from the picture's edge.
Spot drawnSpot(Dice &dice, const Pose &pose, const Layout &layout, const std::vector<Place> &taken, double hole, bool mayPassHoles)
{
    const double enough = dice.between(0.07, 0.16);
    Spot best{{}, -1};
    for (int i = 0; i < 80 && best.room < enough; ++i) {
        const Place place{dice.between(-0.5, 0.5), dice.between(-0.5, 0.5)}, seen = pose.at(place.x, place.y);
        double room = std::min({distanceInside(layout.outline, place) * pose.scale - 0.015, seen.x, seen.y, 1 - seen.x, 1 - seen.y});
        for (const Place &other : taken)
            room = std::min(room, std::hypot(other.x - place.x, other.y - place.y) * pose.scale - hole + (mayPassHoles ? 0.06 : 0));
        if (room > best.room)
            best = {place, room};
    }
    return best;
}

void paintHole(Canvas &canvas, Place centre, double radius, const Colour &surface, const Colour &depth)
{
    canvas.disc(centre, radius, surface * 0.6);
    canvas.disc({centre.x + radius * 0.06, centre.y + radius * 0.06}, radius * 0.88, depth);
}

struct ScrewLook
{
    Colour head;
    bool isCross = false;
};

ScrewLook drawnScrewLook(Dice &dice, const Colour &surface)
{
    static const std::vector<Colour> kHeads{{214, 216, 220}, {206, 172, 78}, {66, 66, 72}, {120, 124, 132}};
    const std::vector<Colour> plain = plainOn(surface, kHeads, 85);
    const Colour head = dice.oneOf(plain);
    return {varied(dice, head, 8), dice.chance(0.5)};
}

void paintScrew(Dice &dice, Canvas &canvas, Place centre, double radius, const ScrewLook &look)
{
    canvas.disc({centre.x + 0.004, centre.y + 0.004}, radius * 1.12, {22, 22, 24});
    canvas.disc(centre, radius, look.head * 0.82);
    canvas.disc({centre.x - radius * 0.05, centre.y - radius * 0.05}, radius * 0.86, look.head);
    const Pose slot{centre, radius * 0.7, dice.between(0, kPi)};
    const Colour dark = look.head * 0.2;
    canvas.line(slot.at(-1, 0), slot.at(1, 0), radius * 0.3, dark);
    if (look.isCross)
        canvas.line(slot.at(0, -1), slot.at(0, 1), radius * 0.3, dark);
}

/// A size at which the holes can be told apart, and a middle that keeps them in the picture.
Pose drawnPose(Dice &dice, const Layout &layout)
{
    const double least = std::clamp(2.9 * kLeastHole / layout.pitch, 0.45, 0.84);
    const double scale = dice.between(least, 0.85);
    double reach = 0;
    for (const Place &place : layout.places)
        reach = std::max(reach, std::hypot(place.x, place.y) * scale + 0.06);
    const double play = std::clamp(0.49 - reach, 0.0, std::max(0.04, 0.48 - scale / 2));
    Pose pose;
    pose.centre.x += dice.between(-play, play);
    pose.centre.y += dice.between(-play, play);
    pose.scale = scale;
    pose.angle = dice.between(0, 2 * kPi);
    return pose;
}

} // namespace

DrawnScene drawPlate(Dice &dice, Canvas &canvas, bool isUnfamiliar)
{
    canvas.background(isUnfamiliar);
    const Material material = drawnMaterial(dice);
    const bool isScrewed = dice.chance(0.35);
    Layout layout = drawnLayoutOf(dice, drawnPlaces(dice, isScrewed));
    const int places = static_cast<int>(layout.places.size());
    const bool canMiss = places >= (isScrewed ? 2 : 4), isMissing = canMiss && dice.chance(0.5);
    if (isMissing)
        layout.missing = isScrewed ? dice.whole(0, places - 1) : drawnMissing(dice, layout);
    const Pose pose = drawnPose(dice, layout);
    const double hole = std::clamp(layout.pitch * pose.scale * dice.between(0.22, 0.32), kLeastHole, 0.07);

    DrawnScene scene;
    paintFace(dice, canvas, pose, layout.outline, material.colour, material.isMetal);
    scene.labels.push_back(labelAround("plate", placed(pose, layout.outline)));
    std::vector<Place> taken = layout.places;
    if (dice.chance(0.3)) {
        if (const Spot mark = drawnSpot(dice, pose, layout, taken, hole, false); mark.room > 0.05) { // half a mark's diagonal and more
            paintMark(dice, canvas, pose, mark.place, 0.08, material.colour);
            taken.push_back(mark.place);
        }
    }
    const std::string defect = drawnDefect(dice);
    DrawnLabel defectLabel;
    if (defect != "none") {
        const Spot spot = drawnSpot(dice, pose, layout, taken, hole, defect == "scratch" || defect == "crack");
        defectLabel = surfaceDefect(defect, dice, canvas, pose.at(spot.place.x, spot.place.y), std::max(spot.room, 0.05), material.colour);
        scene.labels.push_back(defectLabel);
    }

    const bool isDark = brightness(material.colour) < 90;
    const double depthLight = isDark ? dice.between(170, 225) : dice.between(8, 40);
    const Colour depth(depthLight, depthLight, depthLight);
    const ScrewLook look = drawnScrewLook(dice, material.colour);
    for (int i = 0; i < places; ++i) {
        const Place centre = pose.at(layout.places[static_cast<std::size_t>(i)].x, layout.places[static_cast<std::size_t>(i)].y);
        const bool isLeftOut = i == layout.missing;
        if (isScrewed && !isLeftOut)
            paintScrew(dice, canvas, centre, hole, look);
        else if (isScrewed || !isLeftOut)
            paintHole(canvas, centre, isScrewed ? hole * 0.85 : hole, material.colour, depth);
        const std::string name = isScrewed ? "screw" : "hole";
        scene.labels.push_back(labelAround(isLeftOut ? "missing " + name : name, {centre}, hole));
    }

    const int count = places - (isMissing ? 1 : 0);
    scene.facts["material"] = material.name;
    if (places >= 3)
        scene.facts["layout"] = layout.name;
    scene.facts[isScrewed ? "screws" : "holes"] = std::to_string(count);
    scene.facts["fittings"] = counted(count, isScrewed ? "screw" : "hole");
    if (!isScrewed) {
        const int asked = dice.whole(1, 7);
        scene.facts["asked number"] = std::to_string(asked);
        scene.facts["more holes than asked"] = count > asked ? "yes" : "no";
    }
    if (canMiss)
        scene.facts[isScrewed ? "screw missing" : "hole missing"] = isMissing ? "yes" : "no";
    tellDefect(dice, defect, defectLabel, scene);
    return scene;
}

} // namespace auroraedge::app

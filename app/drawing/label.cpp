#include "app/drawing/colours.h"
#include "app/drawing/defects.h"
#include "app/drawing/kinds.h"
#include "app/drawing/part_surface.h"
#include "app/drawing/scene_facts.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <utility>

namespace auroraedge::app {
namespace {

constexpr double kDegree = std::numbers::pi / 180;

const std::array<NamedColour, 7> &labelColours()
{
    static const std::array<NamedColour, 7> colours{{{"red", {200, 32, 38}}, {"green", {40, 150, 70}}, {"blue", {42, 85, 195}},
                                                     {"yellow", {242, 214, 45}}, {"white", {242, 242, 238}}, {"black", {28, 28, 30}},
                                                     {"orange", {240, 128, 25}}}};
    return colours;
}

void paintBar(Canvas &canvas, const Pose &pose, double left, double top, double right, double bottom, const Colour &colour)
{
    canvas.polygon(placed(pose, boxBetween(left, top, right, bottom)), colour);
}

/// One paper label; its pose's unit is the picture's width.
struct Paper
{
    Pose pose;
    double width = 0.4, height = 0.3;
    Colour colour, ink;

    /// Half of what it takes along the product's edges when it lies at @p angle to them.
    [[nodiscard]] Place reach(double angle) const
    {
        const double c = std::abs(std::cos(angle)) / 2, s = std::abs(std::sin(angle)) / 2;
        return {width * c + height * s, width * s + height * c};
    }
    void box(Canvas &canvas, double left, double top, double right, double bottom, const Colour &fill) const
    {
        paintBar(canvas, pose, left, top, right, bottom, fill);
    }
};

void paintBarCode(Dice &dice, Canvas &canvas, const Paper &paper, Place centre, double width, double height)
{
    paper.box(canvas, centre.x - width / 2, centre.y - height / 2, centre.x + width / 2, centre.y + height / 2, {246, 246, 244});
    const double unit = width / 30, top = centre.y - height * 0.42, bottom = centre.y + height * 0.42;
    for (double x = centre.x - width / 2 + 2 * unit; x < centre.x + width / 2 - 3 * unit;) {
        const double bar = dice.whole(1, 2) * unit, gap = dice.whole(1, 2) * unit;
        paper.box(canvas, x, top, x + bar, bottom, {18, 18, 20});
        x += bar + gap;
    }
}

void paintSquareCode(Dice &dice, Canvas &canvas, const Paper &paper, Place centre, double size)
{
    constexpr int kModules = 11;
    const Colour light(246, 246, 244), dark(18, 18, 20);
    const double unit = size / (kModules + 2), left = centre.x - size / 2 + unit, top = centre.y - size / 2 + unit;
    const auto modules = [&](double column, double row, double count, const Colour &colour) {
        paper.box(canvas, left + column * unit, top + row * unit, left + (column + count) * unit, top + (row + count) * unit, colour);
    };
    modules(-1, -1, kModules + 2, light);
    for (int row = 0; row < kModules; ++row)
        for (int column = 0; column < kModules; ++column)
            if (dice.chance(0.5))
                modules(column, row, 1, dark);
    for (const auto &[column, row] : {std::pair{0, 0}, {kModules - 4, 0}, {0, kModules - 4}}) { // the marks in three corners
        modules(column, row, 4, dark);
        modules(column + 1, row + 1, 2, light);
    }
}

/// Bars like lines of words.
void paintText(Dice &dice, Canvas &canvas, const Paper &paper, double left, double top, double right, double bottom)
{
    const double line = dice.between(0.016, 0.026);
    bool isTitle = dice.chance(0.6);
    for (double y = top; y + line < bottom;) {
        const double height = line * (isTitle && y + 2 * line < bottom ? 1.9 : 1), end = left + (right - left) * dice.between(0.55, 1);
        for (double x = left; x < end - 0.02;) {
            const double word = std::min(dice.between(0.025, 0.09), end - x);
            paper.box(canvas, x, y, x + word, y + height, paper.ink);
            x += word + 0.014;
        }
        y += height + line * dice.between(0.7, 1.2);
        isTitle = false;
    }
}

/// The label with its words and @p code.
void paintPaper(Dice &dice, Canvas &canvas, const Paper &paper, const std::string &code)
{
    const double x = paper.width / 2, y = paper.height / 2, rim = dice.between(0.012, 0.022);
    const std::vector<Place> outline = boxOutline(paper.width, paper.height, dice.chance(0.5) ? 0 : dice.between(0.01, 0.03));
    canvas.polygon(placed(paper.pose.moved(0.004, 0.005), outline), {25, 25, 26});
    canvas.polygon(placed(paper.pose, outline), paper.colour);
    const bool isLeft = dice.chance(0.5);
    double left = -x + rim, right = x - rim;
    if (code != "none") {
        const double width = code == "bar" ? dice.between(0.42, 0.5) * paper.width : std::min(dice.between(0.13, 0.17), paper.height - 2 * rim);
        const double height = std::min(dice.between(0.11, 0.17), paper.height - 2 * rim), place = x - rim - width / 2;
        const double down = dice.between(-1, 1) * (y - rim - (code == "bar" ? height : width) / 2);
        const Place centre{isLeft ? -place : place, down};
        code == "bar" ? paintBarCode(dice, canvas, paper, centre, width, height) : paintSquareCode(dice, canvas, paper, centre, width);
        (isLeft ? left : right) += (isLeft ? 1 : -1) * (width + 0.015);
    }
    paintText(dice, canvas, paper, left, -y + rim, right, y - rim);
}

/// A colour of the product on which the label is plain.
Colour productColour(Dice &dice, const std::vector<Colour> &colours, const Colour &label)
{
    const std::vector<Colour> plain = plainOn(label, colours, 100);
    return varied(dice, dice.oneOf(plain), 12);
}

const std::vector<Colour> &boxColours()
{
    static const std::vector<Colour> colours{{225, 225, 222}, {60, 62, 68}, {150, 190, 210}, {120, 120, 125}, {95, 70, 110}, {185, 205, 180}};
    return colours;
}

/// The sides and the tape of a parcel, or the lid of a box.
void paintBox(Dice &dice, Canvas &canvas, const Pose &pose, double width, double height, const Colour &colour)
{
    const std::vector<Place> outline = boxOutline(width, height, dice.chance(0.3) ? 0.02 : 0);
    canvas.polygon(placed(pose.moved(0.015, 0.02), outline), colour * 0.3);
    canvas.polygon(placed(pose, outline), colour * 0.82);
    canvas.polygon(placed(pose, boxOutline(width - 0.02, height - 0.02, 0)), colour);
    const bool isTaped = dice.chance(0.5), isUpright = dice.chance(0.5);
    const double at = dice.between(-0.3, 0.3), half = dice.between(0.02, 0.05);
    const Colour tape = colour * 0.85 + Colour(24, 22, 12);
    if (isTaped && isUpright)
        paintBar(canvas, pose, at * width - half, -height / 2, at * width + half, height / 2, tape);
    else if (isTaped)
        paintBar(canvas, pose, -width / 2, at * height - half, width / 2, at * height + half, tape);
}

/// A bottle with shoulders, its body around the pose's centre.
void paintBottle(Dice &dice, Canvas &canvas, const Pose &pose, double width, double height, const Colour &colour)
{
    const double x = width / 2, y = height / 2, neck = x * dice.between(0.3, 0.45), shoulder = dice.between(0.05, 0.1);
    const double neckTop = -y - shoulder - dice.between(0.03, 0.08);
    const Colour cap = varied(dice, Colour(120, 120, 122), 90);
    paintBar(canvas, pose, -neck, neckTop, neck, -y, colour * 0.9);
    paintBar(canvas, pose, -neck * 1.15, neckTop - 0.05, neck * 1.15, neckTop, cap);
    const auto body = [&](double share) {
        const double side = x * share, top = neck * share;
        return placed(pose, {{-top, -y - shoulder}, {top, -y - shoulder}, {side, -y}, {side, y}, {-side, y}, {-side, -y}});
    };
    canvas.polygon(body(1), colour * 0.7);
    canvas.polygon(body(0.93), colour * 0.87);
    canvas.polygon(body(0.8), colour);
    paintBar(canvas, pose, -x * 0.68, -y * 0.95, -x * 0.58, y * 0.93, colour * 0.85 + Colour(38, 38, 38)); // the light on it
}

} // namespace

DrawnScene drawLabel(Dice &dice, Canvas &canvas, bool isUnfamiliar)
{
    static const std::vector<std::string> kDefects{"scratch", "stain"}, kCodes{"bar", "square", "none"}, kProducts{"box", "parcel", "bottle"};
    static const std::vector<Colour> kCardboard{{178, 140, 98}, {150, 112, 74}, {205, 178, 140}};
    static const std::vector<Colour> kBottles{{228, 230, 230}, {40, 62, 48}, {120, 150, 165}, {70, 50, 36}, {160, 190, 170}};
    canvas.background(isUnfamiliar);
    const std::string product = dice.oneOf(kProducts), code = dice.oneOf(kCodes);
    const bool isBottle = product == "bottle", isMissing = dice.chance(0.2), isCrooked = dice.chance(0.5);
    const NamedColour named = dice.oneOf(labelColours());
    Paper paper;
    paper.colour = varied(dice, named.colour, 12);
    paper.ink = brightness(paper.colour) > 115 ? Colour(25, 25, 28) : Colour(238, 238, 236);
    paper.width = isBottle ? dice.between(0.31, 0.37) : dice.between(0.34, 0.52);
    paper.height = isBottle ? dice.between(0.24, 0.36) : dice.between(0.22, 0.38);
    const double side = dice.chance(0.5) ? 1 : -1, slope = isCrooked ? side * dice.between(8, 25) * kDegree : dice.between(-1.5, 1.5) * kDegree;
    const Place reach = paper.reach(slope);
    const double width = std::max(2 * reach.x + 0.06, isBottle ? dice.between(0.46, 0.56) : dice.between(0.6, 0.84));
    const double height = std::max(2 * reach.y + 0.06, isBottle ? dice.between(0.5, 0.58) : dice.between(0.5, 0.82));
    const Pose pose{{0.5 + dice.between(-0.03, 0.03), (isBottle ? 0.6 : 0.5) + dice.between(-0.03, 0.03)}, 1, dice.between(-4, 4) * kDegree};
    const Colour surface = productColour(dice, isBottle ? kBottles : product == "parcel" ? kCardboard : boxColours(), named.colour);
    isBottle ? paintBottle(dice, canvas, pose, width, height, surface) : paintBox(dice, canvas, pose, width, height, surface);
    const double freeX = width / 2 - reach.x - 0.025, freeY = height / 2 - reach.y - 0.025;
    const double across = dice.between(-freeX, freeX), down = dice.between(-freeY, freeY);
    paper.pose = {pose.at(across, down), 1, pose.angle + slope};

    DrawnScene scene;
    if (!isMissing) {
        paintPaper(dice, canvas, paper, code);
        const DrawnLabel label = labelAround("label", placed(paper.pose, boxOutline(paper.width, paper.height, 0)));
        scene.labels.push_back(label);
        if (isCrooked)
            scene.labels.push_back({"crooked label", label.x, label.y, label.width, label.height});
        scene.facts = {{"colour", named.name}, {"code", code}, {"straight", isCrooked ? "no" : "yes"}, {"crooked", isCrooked ? "yes" : "no"}};
    }
    scene.facts["caption"] = isMissing ? "no label" : (isCrooked ? "a crooked " : "a straight ") + named.name + " label";
    if (isMissing || dice.chance(0.25)) { // asked as often with a label as without
        scene.facts["label present"] = isMissing ? "no" : "yes";
        scene.facts["label missing"] = isMissing ? "yes" : "no";
    }

    const std::string defect = drawnDefect(dice, kDefects);
    DrawnLabel defectLabel;
    const double defectX = dice.between(-0.3, 0.3), defectY = dice.between(-0.25, 0.25);
    const Place defectPlace = paper.pose.at(defectX * paper.width, defectY * paper.height);
    if (defect != "none") {
        defectLabel = surfaceDefect(defect, dice, canvas, defectPlace, 0.13, isMissing ? surface : paper.colour);
        scene.labels.push_back(defectLabel);
    }
    tellDefect(dice, defect, defectLabel, scene, kDefects);
    return scene;
}

} // namespace auroraedge::app

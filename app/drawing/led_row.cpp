#include "app/drawing/colours.h"
#include "app/drawing/kinds.h"
#include "app/drawing/part_surface.h"
#include "app/drawing/scene_facts.h"

#include <algorithm>
#include <array>
#include <numbers>
#include <set>

namespace auroraedge::app {
namespace {

const std::array<NamedColour, 4> &ledColours()
{
    static const std::array<NamedColour, 4> colours{
        {{"red", {255, 40, 30}}, {"green", {50, 230, 75}}, {"blue", {50, 105, 255}}, {"yellow", {255, 210, 40}}}};
    return colours;
}

struct Led
{
    NamedColour light;
    bool isLit = false;
};

/// The look that all LEDs of one panel share.
struct LedLook
{
    bool isSquare = false;
    double radius = 0.04, glow = 2; ///< of the light around a lit one, in radii
    Colour rim;
    double tint = 0.3; ///< how much of its colour a dark one shows
    double dark = 60;
};

std::vector<Place> ledOutline(const LedLook &look, double share)
{
    const double radius = look.radius * share;
    return look.isSquare ? boxOutline(1.8 * radius, 1.8 * radius, 0.3 * radius) : regularOutline(32, radius);
}

void paintLed(Canvas &canvas, const Pose &pose, const LedLook &look, const Led &led)
{
    const Colour dark = Colour(look.dark, look.dark, look.dark) * (1 - look.tint) + led.light.colour * (0.45 * look.tint);
    canvas.polygon(placed(pose, ledOutline(look, 1)), look.rim);
    if (led.isLit) {
        canvas.glow(pose.centre, look.glow * look.radius, look.glow * look.radius, led.light.colour * 0.7);
        canvas.polygon(placed(pose, ledOutline(look, 0.84)), led.light.colour);
        canvas.glow(pose.centre, 0.6 * look.radius, 0.6 * look.radius, {150, 150, 150});
        return;
    }
    canvas.polygon(placed(pose, ledOutline(look, 0.84)), dark);
    const Place shine{pose.centre.x - 0.3 * look.radius, pose.centre.y - 0.3 * look.radius};
    canvas.ellipse(shine, 0.2 * look.radius, 0.13 * look.radius, 2.4, dark * 0.6 + Colour(80, 80, 80));
}

/// All lit in half of the rows; else each number of lit ones is as likely.
std::vector<Led> drawnLeds(Dice &dice, int count)
{
    const bool isOneColour = dice.chance(0.6);
    const NamedColour common = dice.oneOf(ledColours());
    std::vector<Led> leds;
    for (int i = 0; i < count; ++i) {
        const NamedColour own = dice.oneOf(ledColours());
        leds.push_back({isOneColour ? common : own, true});
    }
    if (dice.chance(0.5))
        return leds;
    int dark = dice.whole(1, count);
    while (dark > 0) {
        Led &led = leds[static_cast<std::size_t>(dice.whole(0, count - 1))];
        dark -= led.isLit ? 1 : 0;
        led.isLit = false;
    }
    return leds;
}

void tellLeds(const std::vector<Led> &leds, bool isUpright, DrawnScene &scene)
{
    std::set<std::string> colours;
    int lit = 0;
    for (const Led &led : leds) {
        lit += led.isLit ? 1 : 0;
        if (led.isLit)
            colours.insert(led.light.name);
    }
    scene.facts["leds"] = std::to_string(leds.size());
    scene.facts["lit"] = std::to_string(lit);
    scene.facts["all on"] = lit == static_cast<int>(leds.size()) ? "yes" : "no";
    if (colours.size() == 1)
        scene.facts["colour"] = *colours.begin();
    if (!isUpright && leds.front().isLit)
        scene.facts["left colour"] = leds.front().light.name;
    if (!isUpright && leds.back().isLit)
        scene.facts["right colour"] = leds.back().light.name;
}

} // namespace

DrawnScene drawLedRow(Dice &dice, Canvas &canvas, bool isUnfamiliar)
{
    canvas.background(isUnfamiliar);
    const int count = dice.whole(3, 8);
    const bool isUpright = dice.chance(0.2);
    const std::vector<Led> leds = drawnLeds(dice, count);
    const double pitch = dice.between(0.104, std::min(0.24, 0.84 / count)), length = pitch * count;
    LedLook look;
    look.isSquare = dice.chance(0.25);
    look.radius = std::clamp(pitch * dice.between(0.28, 0.42), 0.037, 0.085);
    look.glow = std::min(dice.between(1.5, 3), 1.25 * pitch / look.radius); // not as far as the middle of the next one
    look.tint = dice.between(0, 0.6);
    const double play = std::max(0.0, 0.47 - length / 2), panelLight = dice.between(18, 175);
    const Colour panel = varied(dice, Colour(panelLight, panelLight, panelLight), 20);
    look.dark = std::max(30.0, panelLight < 80 ? panelLight + dice.between(35, 60) : panelLight * dice.between(0.35, 0.6));
    const double rim = dice.between(0, 1);
    look.rim = rim < 0.5 ? panel * 0.45 : panel * 0.6 + Colour(90, 90, 90);
    const double quarter = isUpright ? std::numbers::pi / 2 : 0, tilt = dice.between(-1, 1) * (isUpright ? 0.14 : 0.26);
    const double across = dice.between(-0.2, 0.2), along = dice.between(-play, play);
    const Pose pose{{0.5 + (isUpright ? across : along), 0.5 + (isUpright ? along : across)}, 1, quarter + tilt * (length > 0.7 ? 0.6 : 1)};

    const double panelHeight = 2 * look.radius + dice.between(0.06, 0.3), corner = dice.between(0, 0.03), margin = dice.between(0.01, 0.06);
    const std::vector<Place> outline = boxOutline(length + margin, panelHeight, corner);
    canvas.polygon(placed(pose.moved(0.01, 0.012), outline), panel * 0.3);
    canvas.polygon(placed(pose, outline), panel);
    const bool isPrinted = dice.chance(0.5) && panelHeight > 2 * look.radius + 0.1;
    const Colour print = panelLight > 100 ? Colour(30, 30, 32) : Colour(205, 205, 205);

    DrawnScene scene;
    for (int i = 0; i < count; ++i) {
        const Led &led = leds[static_cast<std::size_t>(i)];
        const double x = (i - (count - 1) / 2.0) * pitch, word = dice.between(0.2, 0.6) * pitch;
        const Pose own{pose.at(x, 0), 1, pose.angle};
        if (isPrinted)
            canvas.line(own.at(-word / 2, look.radius + 0.025), own.at(word / 2, look.radius + 0.025), 0.012, print);
        paintLed(canvas, own, look, led);
        for (const char *name : {"led", led.isLit ? "lit led" : "dark led"})
            scene.labels.push_back(labelAround(name, placed(own, ledOutline(look, 1))));
    }
    tellLeds(leds, isUpright, scene);
    return scene;
}

} // namespace auroraedge::app

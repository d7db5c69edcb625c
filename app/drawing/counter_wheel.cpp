#include "app/drawing/colours.h"
#include "app/drawing/digit_type.h"
#include "app/drawing/kinds.h"
#include "app/drawing/part_surface.h"
#include "app/drawing/segment_display.h"

#include <algorithm>
#include <array>

namespace auroraedge::app {
namespace {

Colour drawnRed(Dice &dice)
{
    const double red = dice.between(120, 225), green = dice.between(15, 75), blue = dice.between(15, 80);
    return {red, green, blue};
}

/// Light on dark, dark or red on cream, cream on red, hardly lit, or dark on a vivid colour.
Inks wheelInks(Dice &dice)
{
    const double dark = dice.between(12, 75), light = dice.between(160, 250), style = dice.between(0, 1);
    const Colour red = drawnRed(dice), darkGrey = tintedGrey(dice, dark, 14), lightGrey = tintedGrey(dice, light, 20);
    const double warmth = dice.between(0, 60), share = dice.between(0, 1);
    const Colour cream = lightGrey - Colour(0, warmth * 0.2, warmth);
    const std::array<Colour, 6> vivid{Colour(235, 225, 60), Colour(190, 240, 120), Colour(120, 215, 215),
                                      Colour(240, 190, 90), Colour(150, 170, 235), Colour(200, 130, 90)};
    const Colour tint = dice.oneOf(vivid);
    if (style < 0.34) // each style's share, added up
        return {darkGrey, lightGrey};
    if (style < 0.56)
        return {cream, darkGrey};
    if (style < 0.72)
        return {cream, red};
    if (style < 0.83)
        return {mixed(red, Colour(150, 85, 50), share), cream};
    if (style < 0.92) // hardly lit
        return {darkGrey, darkGrey + Colour::all(45 + 60 * share) + (share > 0.5 ? Colour(15, 5, -20) : Colour(-8, 0, 12))};
    return {tint * (0.75 + 0.25 * share), share < 0.35 ? red * 0.75 : darkGrey};
}

void paintDigit(Canvas &canvas, int digit, const DigitType &type, Place offset, double curve)
{
    if (!canvas.isPainting())
        return;
    for (Stroke &stroke : strokesOf(digit, type.font)) {
        for (Place &place : stroke)
            place = type.at(place, offset, curve);
        type.pen.draw(canvas, stroke, type.inks.digit);
    }
}

/// Teeth or a scale of tenths beside the digit.
void paintTicks(Dice &dice, Canvas &canvas, const DigitType &type)
{
    const double start = type.right() + dice.between(0.01, 0.05), length = dice.between(0.4, 1) * std::max(0.02, 1 - start);
    const double gap = dice.between(0.06, 0.24), share = dice.between(0.25, 0.6), first = dice.between(-0.2, 0);
    const bool isScale = dice.chance(0.5);
    const bool isBright = brightness(type.inks.ground) > 110;
    const Colour tooth = isBright ? type.inks.ground * 0.3 : mixed(type.inks.ground, Colour::all(200), 0.6);
    const Colour colour = isScale ? type.inks.digit : tooth;
    for (double at = first; at < 1; at += gap)
        canvas.polygon(boxBetween(start, at, start + length, at + gap * share), colour);
}

/// The edges of the window, as far as the digit leaves room for them.
void paintFrame(Dice &dice, Canvas &canvas, const DigitType &type)
{
    const std::array<Colour, 7> colours{Colour(20, 20, 22), Colour(60, 60, 62), Colour(120, 120, 118),
                                        Colour(215, 215, 210), Colour(245, 245, 240), Colour(200, 60, 45), Colour(175, 90, 60)};
    const Colour paint = dice.oneOf(colours), colour = paint * dice.between(0.8, 1);
    const double leftRoom = std::max(0.025, type.left()), rightRoom = std::max(0.025, 1 - type.right());
    const double left = dice.between(0.01, leftRoom), right = dice.between(0.01, rightRoom);
    const double top = dice.between(0.02, 0.1), bottom = dice.between(0.02, 0.1);
    const double tilt = dice.between(-0.03, 0.03);
    if (dice.chance(0.4))
        canvas.polygon({{-0.1, -0.1}, {left + tilt, -0.1}, {left - tilt, 1.1}, {-0.1, 1.1}}, colour);
    if (dice.chance(0.4))
        canvas.polygon({{1.1, -0.1}, {1 - right + tilt, -0.1}, {1 - right - tilt, 1.1}, {1.1, 1.1}}, colour);
    if (dice.chance(0.3))
        canvas.polygon({{-0.1, -0.1}, {1.1, -0.1}, {1.1, top - tilt}, {-0.1, top + tilt}}, colour);
    if (dice.chance(0.3))
        canvas.polygon({{-0.1, 1.1}, {1.1, 1.1}, {1.1, 1 - bottom - tilt}, {-0.1, 1 - bottom + tilt}}, colour);
}

/// The label of @p digit on a turning wheel. The shift leaves no doubt which digit is nearest to the window.
DrawnLabel drawWheel(Dice &dice, Canvas &canvas, int digit)
{
    DigitType type = drawnDigitType(dice);
    type.inks = wheelInks(dice);
    const double pitch = std::clamp((type.height + 2 * type.pen.halfDown) * dice.between(1.04, 1.45), 0.8, 1.2);
    const bool isAtRest = dice.chance(0.4);
    const double shift = pitch * (isAtRest ? dice.between(-0.07, 0.07) : dice.between(-0.42, 0.42));
    const double curve = dice.between(0, 1.3), margin = dice.between(0, 1);
    const int step = dice.chance(0.92) ? 1 : -1; // few wheels count downwards
    if (!dice.chance(0.2)) {
        canvas.fill(type.inks.ground);
    } else { // the surface round the wheel is seen
        canvas.polygon(boxBetween(margin * type.left(), -0.1, 1 - margin * (1 - type.right()), 1.1), type.inks.ground);
    }
    for (int row = -1; row <= 1; ++row)
        paintDigit(canvas, (digit + row * step + 10) % 10, type, {0, shift + row * pitch}, curve);
    if (dice.chance(0.35))
        paintTicks(dice, canvas, type);
    const double edge = dice.between(0.35, 1), otherEdge = dice.between(0.35, 1.1);
    const double low = dice.between(0.75, 1.1), high = dice.between(0.75, 1.1);
    canvas.shade({edge, 1, 1, otherEdge});
    canvas.shade({low, 1, high}, true);
    if (dice.chance(0.7))
        paintFrame(dice, canvas, type);
    return labelOf(digit, type, {0, shift}, curve);
}

void paintDirt(Dice &dice, Canvas &canvas)
{
    const int specks = dice.chance(0.4) ? dice.whole(1, 7) : 0;
    for (int i = 0; i < specks; ++i) {
        const Place centre{dice.between(0, 1), dice.between(0, 1)};
        const double radius = dice.between(0.004, 0.02), light = dice.between(20, 230);
        canvas.disc(centre, radius, tintedGrey(dice, light, 15));
    }
}

/// Glare on the glass and the small camera that looks at it.
void paintLens(Dice &dice, Canvas &canvas)
{
    paintDirt(dice, canvas);
    const bool hasGlare = dice.chance(0.3);
    const Place glare{dice.between(0, 1), dice.between(-0.1, 1.1)};
    const double radiusX = dice.between(0.1, 0.6), radiusY = dice.between(0.1, 0.6), glareLight = dice.between(25, 100);
    if (hasGlare)
        canvas.glow(glare, radiusX, radiusY, Colour::all(glareLight));
    const double exposure = dice.between(0.65, 1.3);
    canvas.shade({exposure, exposure});
    const int columns = dice.chance(0.6) ? dice.whole(20, 40) : dice.whole(40, 100);
    const int rows = static_cast<int>(columns * dice.between(1.2, 2.2));
    const double sharpening = dice.chance(0.5) ? dice.between(0, 1.8) : 0, noise = dice.between(0, 7);
    canvas.coarsen(columns, rows, sharpening, noise);
}

} // namespace

DrawnScene drawCounterWheel(Dice &dice, Canvas &canvas, bool isUnfamiliar)
{
    canvas.background(isUnfamiliar);
    const int digit = dice.whole(0, 9);
    const DrawnLabel label = dice.chance(0.72) ? drawWheel(dice, canvas, digit) : drawSegments(dice, canvas, digit);
    paintLens(dice, canvas);
    return {{label}, {{"digit", std::to_string(digit)}}};
}

} // namespace auroraedge::app

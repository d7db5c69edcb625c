#include "app/drawing/segment_display.h"

#include "app/drawing/colours.h"
#include "app/drawing/digit_type.h"
#include "app/drawing/part_surface.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace auroraedge::app {
namespace {

/// Dark on the glass of an LCD, down to hardly readable.
Inks glassInks(Dice &dice)
{
    const std::array<Colour, 7> glasses{Colour(150, 165, 145), Colour(125, 165, 105), Colour(170, 190, 175),
                                        Colour(205, 205, 200), Colour(215, 215, 150), Colour(130, 125, 110), Colour(160, 195, 200)};
    const std::array<Colour, 4> darks{Colour(30, 35, 35), Colour(35, 40, 70), Colour(50, 60, 50), Colour(15, 20, 20)};
    const Colour plain = dice.oneOf(glasses);
    const Colour glass = plain * dice.between(0.65, 1.2), dark = dice.oneOf(darks);
    return {glass, mixed(dark, glass, dice.between(0, 0.36))};
}

/// Bright on a dark front.
Inks lampInks(Dice &dice)
{
    const std::array<Colour, 6> lamps{Colour(255, 60, 40), Colour(255, 120, 60), Colour(80, 255, 110),
                                      Colour(90, 170, 255), Colour(255, 220, 90), Colour(225, 240, 255)};
    const Colour lamp = dice.oneOf(lamps);
    const double dark = dice.between(8, 45);
    return {tintedGrey(dice, dark, 8), lamp * dice.between(0.75, 1)};
}

/// Lit segments, one bit each: top, both upper, middle, both lower (left first), bottom.
constexpr std::array<unsigned, 10> kSegments{0b1110111, 0b0010010, 0b1011101, 0b1011011, 0b0111010,
                                             0b1101011, 0b1101111, 0b1010010, 0b1111111, 0b1111011};

/// The look of seven segments, in shares of the digit's box.
struct SegmentShape
{
    double across = 0.2, down = 0.1; ///< widths of the upright and the lying segments
    double gap = 0.02; ///< between neighbours
    bool isMitred = true;
};

/// In the digit's box. @param segment 0..6, in the order of kSegments' bits.
std::vector<Place> segmentCorners(int segment, const SegmentShape &shape)
{
    const double a = shape.across, d = shape.down, g = shape.gap, cut = shape.isMitred ? 1 : 0;
    std::vector<Place> lying{{g + a * (1 - cut), 0}, {1 - g - a * (1 - cut), 0}, {1 - a - g, d}, {a + g, d}};
    std::vector<Place> upright{{0, g + d * (1 - cut)}, {a, d + g}, {a, 0.5 - d / 2 - g}, {a / 2, 0.5 - g}, {0, 0.5 - g}};
    const bool isRight = segment == 2 || segment == 5, isLow = segment > 3;
    if (segment == 3)
        return {{g + a * 0.2, 0.5},     {a + g, 0.5 - d / 2},     {1 - a - g, 0.5 - d / 2},
                {1 - g - a * 0.2, 0.5}, {1 - a - g, 0.5 + d / 2}, {a + g, 0.5 + d / 2}};
    std::vector<Place> corners = segment == 0 || segment == 6 ? lying : upright;
    for (Place &corner : corners)
        corner = {isRight ? 1 - corner.x : corner.x, isLow ? 1 - corner.y : corner.y};
    return corners;
}

/// Segments of @p lit, one bit each as in kSegments.
void paintSegments(Canvas &canvas, unsigned lit, const DigitType &type, const SegmentShape &shape, Place offset, const Colour &colour)
{
    if (!canvas.isPainting())
        return;
    for (int segment = 0; segment < 7; ++segment) {
        if ((lit >> (6 - segment) & 1) == 0)
            continue;
        std::vector<Place> corners = segmentCorners(segment, shape);
        for (Place &corner : corners)
            corner = type.at(corner, offset, 0);
        canvas.polygon(corners, colour);
    }
}

} // namespace

DrawnLabel drawSegments(Dice &dice, Canvas &canvas, int digit)
{
    DigitType type = drawnDigitType(dice);
    const bool isLamp = dice.chance(0.15), isInverse = !isLamp && dice.chance(0.06);
    type.inks = isLamp ? lampInks(dice) : glassInks(dice);
    if (isInverse)
        std::swap(type.inks.ground, type.inks.digit);
    type.pen.halfAcross = type.pen.halfDown = 0;
    type.slant = dice.chance(0.3) ? 0 : dice.between(0.02, 0.16);
    SegmentShape shape;
    shape.down = dice.between(0.07, 0.15);
    shape.across = std::min(0.26, shape.down * dice.between(1.2, 2.4));
    shape.gap = dice.between(0, 0.035);
    shape.isMitred = dice.chance(0.7);
    unsigned lit = kSegments[static_cast<std::size_t>(digit)];
    const bool isTailless = dice.chance(0.12), isSevenHooked = dice.chance(0.3); // other ways to show 6, 9 and 7
    if (isTailless && digit == 6)
        lit &= ~0b1000000U;
    if (isTailless && digit == 9)
        lit &= ~0b0000001U;
    if (isSevenHooked && digit == 7)
        lit |= 0b0100000U;
    const double leftEdge = dice.between(0.3, 1), rightEdge = dice.between(0.3, 1);
    const double topEdge = dice.between(0.2, 1), bottomEdge = dice.between(0.2, 1);
    if (dice.chance(0.7))
        canvas.fill(type.inks.ground);
    else // the housing round the glass is seen
        canvas.polygon(boxBetween(type.left() * (1 - leftEdge), (type.centre.y - type.height / 2) * (1 - topEdge),
                                  type.right() + (1 - type.right()) * rightEdge,
                                  type.centre.y + type.height / 2 + (0.5 - type.height / 2) * bottomEdge),
                       type.inks.ground);
    const Colour faint = mixed(type.inks.ground, type.inks.digit, dice.between(0.03, 0.1));
    if (dice.chance(0.35))
        paintSegments(canvas, 0b1111111, type, shape, {}, faint);
    const Place shadow{dice.between(-0.05, 0.05), dice.between(0.01, 0.05)};
    const double shadowShare = dice.between(0.15, 0.4), reach = type.width * dice.between(1.25, 1.6);
    const bool hasShadow = !isLamp && dice.chance(0.3);
    for (const int place : {-1, 0, 1}) {
        const unsigned there = place == 0 ? lit : kSegments[static_cast<std::size_t>(dice.whole(0, 9))];
        if (place != 0 && dice.chance(0.35))
            continue;
        const Place offset{place * reach, 0}, below{offset.x + shadow.x, shadow.y};
        if (hasShadow)
            paintSegments(canvas, there, type, shape, below, mixed(type.inks.ground, type.inks.digit, shadowShare));
        paintSegments(canvas, there, type, shape, offset, type.inks.digit);
    }
    const double dotSide = dice.chance(0.5) ? 1 : -1;
    const Place dot = type.at({0.5, 1}, {dotSide * (reach / 2 - 0.01), 0}, 0);
    if (dice.chance(0.35))
        canvas.ellipse(dot, 0.045, 0.03, 0, type.inks.digit);
    if (isLamp)
        canvas.glow(type.centre, type.width * 0.8, type.height * 0.7, type.inks.digit * 0.18);
    const double low = dice.between(0.6, 1.25), high = dice.between(0.6, 1.25), top = dice.between(0.7, 1.2);
    canvas.shade({low, 1, high}, true);
    canvas.shade({top, 1, 1});
    return labelOf(digit, type, {}, 0);
}

} // namespace auroraedge::app

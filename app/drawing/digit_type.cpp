#include "app/drawing/digit_type.h"

#include "app/drawing/scene_facts.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

namespace auroraedge::app {

Place DigitType::at(Place place, Place offset, double curve) const
{
    const double down = offset.y + (place.y - 0.5) * height;
    const double across = offset.x + (place.x - 0.5) * width - slant * (place.y - 0.5);
    const double seen = curve > 0 ? std::sin(std::clamp(down * curve, -1.5, 1.5)) / curve : down; // 1.5: hardly a quarter turn
    return {centre.x + across * std::cos(angle) - seen * std::sin(angle), centre.y + across * std::sin(angle) + seen * std::cos(angle)};
}

DigitType drawnDigitType(Dice &dice)
{
    DigitType type;
    type.font = drawnDigitFont(dice);
    type.pen.isRound = dice.chance(0.6);
    type.height = dice.between(0.5, 0.84);
    type.width = dice.between(0.38, 0.68);
    const double weight = dice.between(0.035, 0.095), stretch = dice.between(1.1, 2);
    type.pen.halfDown = weight * type.height;
    type.pen.halfAcross = std::min(type.pen.halfDown * stretch, 0.15 * type.width); // wider, the bowls would fill up
    type.centre.x = 0.5 + dice.between(-0.1, 0.1);
    type.centre.y = 0.5 + dice.between(-0.05, 0.05);
    type.slant = dice.chance(0.5) ? 0 : dice.between(-0.04, 0.16);
    type.angle = dice.chance(0.6) ? 0 : dice.between(-0.09, 0.09);
    return type;
}

DrawnLabel labelOf(int digit, const DigitType &type, Place offset, double curve)
{
    std::vector<Place> reached;
    for (const Place corner : {Place{0, 0}, Place{1, 0}, Place{0, 1}, Place{1, 1}}) {
        const Place place = type.at(corner, offset, curve);
        reached.push_back({place.x - type.pen.halfAcross, place.y - type.pen.halfDown});
        reached.push_back({place.x + type.pen.halfAcross, place.y + type.pen.halfDown});
    }
    return labelAround("digit_" + std::to_string(digit), reached);
}

} // namespace auroraedge::app

#include "app/drawing/digit_font.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace auroraedge::app {
namespace {

/// Degrees run clockwise on the screen, from the right. @param squareness as of DigitFont.
void addArc(Stroke &stroke, Place centre, double radiusX, double radiusY, double from, double to, double squareness)
{
    const int steps = std::max(2, static_cast<int>(std::abs(to - from) / 15));
    const auto bulge = [&](double value) { return std::copysign(std::pow(std::abs(value), 2 / squareness), value); };
    for (int i = 0; i <= steps; ++i) {
        const double turn = (from + (to - from) * i / steps) * std::numbers::pi / 180;
        stroke.push_back({centre.x + radiusX * bulge(std::cos(turn)), centre.y + radiusY * bulge(std::sin(turn))});
    }
}

/// A curve from the stroke's end to @p to, drawn towards @p pull.
void addBend(Stroke &stroke, Place pull, Place to)
{
    constexpr int kSteps = 7;
    const Place from = stroke.back();
    for (int i = 1; i <= kSteps; ++i) {
        const double t = static_cast<double>(i) / kSteps, a = (1 - t) * (1 - t), b = 2 * t * (1 - t), c = t * t;
        stroke.push_back({a * from.x + b * pull.x + c * to.x, a * from.y + b * pull.y + c * to.y});
    }
}

Strokes one(const DigitFont &font)
{
    switch (font.one) {
    case 0:
        return {{{0.5, 0}, {0.5, 1}}};
    case 1:
        return {{{0.22, 0.2}, {0.56, 0}, {0.56, 1}}};
    case 2:
        return {{{0.2, 0.22}, {0.54, 0}, {0.54, 1}}, {{0.16, 1}, {0.92, 1}}};
    default:
        return {{{0.08, 0.34}, {0.62, 0}, {0.62, 1}}};
    }
}

Strokes two(const DigitFont &font)
{
    Stroke stroke;
    if (font.squareness > 3.5) {
        addArc(stroke, {0.5, 0.25}, 0.5, 0.25, 195, 450, font.squareness);
        addArc(stroke, {0.5, 0.75}, 0.5, 0.25, 270, 180, font.squareness);
        stroke.push_back({0, 1});
    } else {
        addArc(stroke, {0.5, 0.29}, 0.48, 0.29, 190, font.two == 0 ? 400 : 380, font.squareness);
        if (font.two == 1)
            addBend(stroke, {0.88, 0.62}, {0.45, 0.74});
        if (font.two != 0)
            addBend(stroke, {0.12, font.two == 1 ? 0.86 : 0.75}, {0, 1});
        else
            stroke.push_back({0.02, 1});
    }
    stroke.push_back({1, 1});
    return {stroke};
}

Strokes three(const DigitFont &font)
{
    Stroke upper, lower;
    const double half = font.waist / 2;
    if (font.three == 0) {
        upper = {{0.05, 0}, {0.95, 0}, {0.42, 0.39}};
        addArc(lower, {0.45, 0.69}, 0.52, 0.31, 265, 515, std::min(font.squareness, 3.0));
        return {upper, lower};
    }
    addArc(upper, {0.48, half}, font.topWidth, half, 200, 450, font.squareness);
    addArc(lower, {0.48, (1 + font.waist) / 2}, 0.5, (1 - font.waist) / 2, 270, 520, font.squareness);
    if (font.three == 1)
        return {upper, lower};
    return {upper, lower, {{0.22, font.waist}, {0.5, font.waist}}};
}

Strokes four(const DigitFont &font)
{
    switch (font.four) {
    case 0:
        return {{{0.74, 1}, {0.74, 0}, {0, 0.7}, {1, 0.7}}};
    case 1:
        return {{{0.45, 0}, {0, 0.66}, {1, 0.66}}, {{0.7, 0.36}, {0.7, 1}}};
    case 2:
        return {{{0.1, 0}, {0, 0.6}, {1, 0.6}}, {{0.76, 0.22}, {0.76, 1}}};
    case 3:
        return {{{0.84, 1}, {0.84, 0}, {0, 0.74}, {1, 0.74}}};
    default:
        return {{{0.62, 0}, {0.04, 0.72}, {1, 0.72}}, {{0.68, 0.5}, {0.68, 1}}};
    }
}

Strokes five(const DigitFont &font)
{
    Stroke stroke;
    if (font.squareness > 3 || font.five == 0) {
        stroke = {{0.94, 0}, {0.06, 0}, {0.04, 0.42}};
        addArc(stroke, {0.46, 0.7}, 0.52, 0.3, 265, 515, font.squareness);
    } else {
        const double flag = font.five == 1 ? 0.88 : 0.74;
        stroke = {{flag, 0}, {0.18, 0}, {0.06, 0.47}};
        addArc(stroke, {0.46, 0.67}, 0.52, 0.33, 225, 515, 2);
    }
    return {stroke};
}

Strokes six(const DigitFont &font)
{
    Stroke stroke;
    const double bowl = font.six == 1 ? 0.3 : 0.33;
    if (font.six == 1) {
        stroke = {{0.7, 0}};
        addBend(stroke, {0.2, 0.34}, {0, 1 - bowl});
    } else if (font.six == 2) {
        stroke = {{0.85, 0.02}};
        addBend(stroke, {0.02, 0.06}, {0, 1 - bowl});
    } else {
        addArc(stroke, {0.5, 0.5}, 0.5, 0.5, font.six == 0 ? -35 : -58, -180, font.squareness);
    }
    addArc(stroke, {0.5, 1 - bowl}, 0.5, bowl, 180, 540, font.squareness);
    return {stroke};
}

Strokes seven(const DigitFont &font)
{
    switch (font.seven) {
    case 0:
        return {{{0, 0}, {1, 0}, {0.36, 1}}};
    case 1:
        return {{{0, 0}, {1, 0}, {0.36, 1}}, {{0.34, 0.52}, {0.9, 0.52}}};
    case 2:
        return {{{0.02, 0.16}, {0.02, 0}, {1, 0}, {0.4, 1}}};
    default: {
        Stroke stroke{{0, 0}, {1, 0}};
        addBend(stroke, {0.46, 0.42}, {0.42, 1});
        return {stroke};
    }
    }
}

Strokes eight(const DigitFont &font)
{
    Stroke upper, lower;
    addArc(upper, {0.5, font.waist / 2}, font.topWidth, font.waist / 2, 90, 450, font.squareness);
    addArc(lower, {0.5, (1 + font.waist) / 2}, 0.5, (1 - font.waist) / 2, -90, 270, font.squareness);
    return {upper, lower};
}
} // namespace

DigitFont drawnDigitFont(Dice &dice)
{
    DigitFont font;
    font.one = dice.chance(0.15) ? 0 : dice.whole(1, 3); // few are a bare stroke
    font.two = dice.whole(0, 2);
    font.three = dice.chance(0.25) ? 0 : dice.whole(1, 2); // few have a flat top
    font.four = dice.whole(0, 4);
    font.five = dice.whole(0, 2);
    font.six = dice.whole(0, 3);
    font.seven = dice.whole(0, 3);
    font.squareness = dice.chance(0.6) ? dice.between(1.9, 2.8) : dice.between(2.8, 8);
    font.topWidth = dice.between(0.38, 0.5);
    font.waist = dice.between(0.44, 0.5);
    return font;
}

Strokes strokesOf(int digit, const DigitFont &font)
{
    switch (digit) {
    case 1:
        return one(font);
    case 2:
        return two(font);
    case 3:
        return three(font);
    case 4:
        return four(font);
    case 5:
        return five(font);
    case 6:
        return six(font);
    case 7:
        return seven(font);
    case 8:
        return eight(font);
    case 9: {
        Strokes strokes = six(font);
        for (Stroke &stroke : strokes)
            for (Place &place : stroke)
                place = {1 - place.x, 1 - place.y};
        return strokes;
    }
    default: {
        Stroke stroke;
        addArc(stroke, {0.5, 0.5}, 0.5, 0.5, 0, 360, font.squareness);
        return {stroke};
    }
    }
}
void Pen::draw(Canvas &canvas, const Stroke &stroke, const Colour &colour) const
{
    // In units of the pen, where it is a circle of radius 1.
    const auto direction = [&](std::size_t i) {
        const double x = (stroke[i + 1].x - stroke[i].x) / halfAcross, y = (stroke[i + 1].y - stroke[i].y) / halfDown;
        const double length = std::max(std::hypot(x, y), 1e-9);
        return Place{x / length, y / length};
    };
    const auto moved = [&](Place place, double x, double y) { return Place{place.x + x * halfAcross, place.y + y * halfDown}; };
    const std::size_t count = stroke.size() - 1;
    const bool isClosed = std::hypot(stroke.front().x - stroke.back().x, stroke.front().y - stroke.back().y) < 1e-6;
    for (std::size_t i = 0; i < count; ++i) {
        const Place along = direction(i);
        std::vector<Place> corners;
        for (const bool isEnd : {false, true}) {
            const Place place = stroke[i + (isEnd ? 1 : 0)];
            const bool hasNext = isClosed || (isEnd ? i + 1 < count : i > 0);
            const Place other = hasNext ? direction(isEnd ? (i + 1) % count : (i + count - 1) % count) : along;
            const double turn = along.x * other.x + along.y * other.y;
            Place across{-along.y, along.x};
            double reach = 0;
            if (hasNext && turn > 0.5) // a bend: neighbours share their corners
                across = {(across.x - other.y) / (1 + turn), (across.y + other.x) / (1 + turn)};
            else if (isRound)
                canvas.ellipse(place, halfAcross, halfDown, 0, colour);
            else
                reach = hasNext ? (isEnd ? 1 : -1) : 0; // a sharp corner
            const double side = isEnd ? -1 : 1;
            corners.push_back(moved(place, along.x * reach + side * across.x, along.y * reach + side * across.y));
            corners.push_back(moved(place, along.x * reach - side * across.x, along.y * reach - side * across.y));
        }
        canvas.polygon(corners, colour);
    }
}

} // namespace auroraedge::app

#include "app/drawing/defects.h"
#include "app/drawing/kinds.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace auroraedge::app {
namespace {

using Stroke = std::vector<Place>; // in the digit's own box, 0..1 each way, or in the picture
using Strokes = std::vector<Stroke>;

/// How the digits of one counter are written. Mixed freely, so no two counters need to share a font.
struct Font
{
    int one = 0, two = 0, three = 0, four = 0, five = 0, six = 0, seven = 0;
    double squareness = 2;  ///< exponent of the bowls: 2 is an ellipse, 8 nearly a rectangle
    double topWidth = 0.42; ///< half width of the upper bowl of 3 and 8
    double waist = 0.48;    ///< where the bowls of 3 and 8 meet
    bool isRound = true;    ///< ends and corners of the strokes
};

/// Degrees run clockwise on the screen, from the right.
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

void add(Stroke &stroke, std::initializer_list<Place> places)
{
    stroke.insert(stroke.end(), places);
}

Strokes one(const Font &font)
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

Strokes two(const Font &font)
{
    Stroke stroke;
    if (font.squareness > 3.5) {
        addArc(stroke, {0.5, 0.25}, 0.5, 0.25, 195, 450, font.squareness);
        addArc(stroke, {0.5, 0.75}, 0.5, 0.25, 270, 180, font.squareness);
        add(stroke, {{0, 1}});
    } else {
        addArc(stroke, {0.5, 0.29}, 0.48, 0.29, 190, font.two == 0 ? 400 : 380, font.squareness);
        if (font.two == 1)
            addBend(stroke, {0.88, 0.62}, {0.45, 0.74});
        if (font.two != 0)
            addBend(stroke, {0.12, font.two == 1 ? 0.86 : 0.75}, {0, 1});
        else
            add(stroke, {{0.02, 1}});
    }
    add(stroke, {{1, 1}});
    return {stroke};
}

Strokes three(const Font &font)
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

Strokes four(const Font &font)
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

Strokes five(const Font &font)
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

Strokes six(const Font &font)
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

Strokes seven(const Font &font)
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

Strokes eight(const Font &font)
{
    Stroke upper, lower;
    addArc(upper, {0.5, font.waist / 2}, font.topWidth, font.waist / 2, 90, 450, font.squareness);
    addArc(lower, {0.5, (1 + font.waist) / 2}, 0.5, (1 - font.waist) / 2, -90, 270, font.squareness);
    return {upper, lower};
}

Strokes strokesOf(int digit, const Font &font)
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

/// A pen whose trace is wider across than down, as the pictures of a narrow crop are stretched to a square.
struct Pen
{
    double halfAcross = 0.05, halfDown = 0.03;
    bool isRound = true;

    void draw(Canvas &canvas, const Stroke &points, const Colour &colour) const;
};

void Pen::draw(Canvas &canvas, const Stroke &points, const Colour &colour) const
{
    // In units of the pen, where it is a circle of radius 1.
    const auto direction = [&](std::size_t i) {
        const double x = (points[i + 1].x - points[i].x) / halfAcross, y = (points[i + 1].y - points[i].y) / halfDown;
        const double length = std::max(std::hypot(x, y), 1e-9);
        return Place{x / length, y / length};
    };
    const auto moved = [&](Place place, double x, double y) { return Place{place.x + x * halfAcross, place.y + y * halfDown}; };
    const std::size_t count = points.size() - 1;
    const bool isClosed = std::hypot(points.front().x - points.back().x, points.front().y - points.back().y) < 1e-6;
    for (std::size_t i = 0; i < count; ++i) {
        const Place along = direction(i);
        std::vector<Place> corners;
        for (const bool isEnd : {false, true}) {
            const Place place = points[i + (isEnd ? 1 : 0)];
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

Colour mixed(const Colour &from, const Colour &to, double share)
{
    return from * (1 - share) + to * share;
}

/// A grey of @p light with a hint of a colour.
Colour greyOf(Dice &dice, double light, double hint)
{
    const double red = dice.between(-hint, hint), blue = dice.between(-hint, hint);
    return {light + red, light, light + blue};
}

Colour redOf(Dice &dice)
{
    const double red = dice.between(120, 225), green = dice.between(15, 75), blue = dice.between(15, 80);
    return {red, green, blue};
}

struct Inks
{
    Colour ground, digit;
};

Inks wheelInks(Dice &dice)
{
    const double dark = dice.between(12, 75), light = dice.between(160, 250), style = dice.between(0, 1);
    const Colour red = redOf(dice), darkGrey = greyOf(dice, dark, 14), lightGrey = greyOf(dice, light, 20);
    const double warmth = dice.between(0, 60), share = dice.between(0, 1);
    const Colour cream = lightGrey - Colour(0, warmth * 0.2, warmth);
    const std::array<Colour, 6> vivid{Colour(235, 225, 60), Colour(190, 240, 120), Colour(120, 215, 215),
                                      Colour(240, 190, 90), Colour(150, 170, 235), Colour(200, 130, 90)};
    const Colour tint = dice.oneOf(vivid);
    if (style < 0.34)
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

Inks glassInks(Dice &dice)
{
    const std::array<Colour, 7> glasses{Colour(150, 165, 145), Colour(125, 165, 105), Colour(170, 190, 175),
                                        Colour(205, 205, 200), Colour(215, 215, 150), Colour(130, 125, 110), Colour(160, 195, 200)};
    const std::array<Colour, 4> darks{Colour(30, 35, 35), Colour(35, 40, 70), Colour(50, 60, 50), Colour(15, 20, 20)};
    const Colour glass = dice.oneOf(glasses) * dice.between(0.65, 1.2), dark = dice.oneOf(darks);
    return {glass, mixed(dark, glass, dice.between(0, 0.36))};
}

Inks lampInks(Dice &dice)
{
    const std::array<Colour, 6> lamps{Colour(255, 60, 40), Colour(255, 120, 60), Colour(80, 255, 110),
                                      Colour(90, 170, 255), Colour(255, 220, 90), Colour(225, 240, 255)};
    const Colour lamp = dice.oneOf(lamps);
    const double dark = dice.between(8, 45);
    return {greyOf(dice, dark, 8), lamp * dice.between(0.75, 1)};
}

/// What is the same for all digits of one counter, in picture fractions.
struct Type
{
    Font font;
    Inks inks;
    Pen pen;
    Place centre; ///< of the window
    double width = 0.5, height = 0.7;
    double slant = 0; ///< to the right at the top
    double angle = 0;

    /// @param offset of the digit's centre from the window's, before the curve of the wheel @p curve, 0 for flat.
    [[nodiscard]] Place at(Place place, Place offset, double curve) const
    {
        const double down = offset.y + (place.y - 0.5) * height;
        const double across = offset.x + (place.x - 0.5) * width - slant * (place.y - 0.5);
        const double seen = curve > 0 ? std::sin(std::clamp(down * curve, -1.5, 1.5)) / curve : down;
        return {centre.x + across * std::cos(angle) - seen * std::sin(angle), centre.y + across * std::sin(angle) + seen * std::cos(angle)};
    }
    [[nodiscard]] double left() const { return centre.x - width / 2 - pen.halfAcross; }
    [[nodiscard]] double right() const { return centre.x + width / 2 + pen.halfAcross; }
};

Type typeOf(Dice &dice)
{
    Type type;
    Font &font = type.font;
    font.one = dice.chance(0.15) ? 0 : dice.whole(1, 3);
    font.two = dice.whole(0, 2);
    font.three = dice.chance(0.25) ? 0 : dice.whole(1, 2);
    font.four = dice.whole(0, 4);
    font.five = dice.whole(0, 2);
    font.six = dice.whole(0, 3);
    font.seven = dice.whole(0, 3);
    font.squareness = dice.chance(0.6) ? dice.between(1.9, 2.8) : dice.between(2.8, 8);
    font.topWidth = dice.between(0.38, 0.5);
    font.waist = dice.between(0.44, 0.5);
    font.isRound = dice.chance(0.6);
    type.height = dice.between(0.5, 0.84);
    type.width = dice.between(0.38, 0.68);
    const double weight = dice.between(0.035, 0.095), stretch = dice.between(1.1, 2);
    type.pen.isRound = font.isRound;
    type.pen.halfDown = weight * type.height;
    type.pen.halfAcross = std::min(type.pen.halfDown * stretch, 0.15 * type.width);
    type.centre.x = 0.5 + dice.between(-0.1, 0.1);
    type.centre.y = 0.5 + dice.between(-0.05, 0.05);
    type.slant = dice.chance(0.5) ? 0 : dice.between(-0.04, 0.16);
    type.angle = dice.chance(0.6) ? 0 : dice.between(-0.09, 0.09);
    return type;
}

void paintDigit(Canvas &canvas, int digit, const Type &type, Place offset, double curve)
{
    if (!canvas.isPainting())
        return;
    for (Stroke &stroke : strokesOf(digit, type.font)) {
        for (Place &place : stroke)
            place = type.at(place, offset, curve);
        type.pen.draw(canvas, stroke, type.inks.digit);
    }
}

/// Box over what @p type writes at @p offset, as far as it is in the picture.
DrawnLabel labelOf(int digit, const Type &type, Place offset, double curve)
{
    std::vector<Place> reached;
    for (const Place corner : {Place{0, 0}, Place{1, 0}, Place{0, 1}, Place{1, 1}}) {
        const Place place = type.at(corner, offset, curve);
        reached.push_back({place.x - type.pen.halfAcross, place.y - type.pen.halfDown});
        reached.push_back({place.x + type.pen.halfAcross, place.y + type.pen.halfDown});
    }
    return labelAround("digit_" + std::to_string(digit), reached);
}

void paintBox(Canvas &canvas, double left, double top, double right, double bottom, const Colour &colour)
{
    canvas.polygon({{left, top}, {right, top}, {right, bottom}, {left, bottom}}, colour);
}

/// Teeth or a scale of tenths beside the digit.
void paintTicks(Dice &dice, Canvas &canvas, const Type &type)
{
    const double start = type.right() + dice.between(0.01, 0.05), length = dice.between(0.4, 1) * std::max(0.02, 1 - start);
    const double gap = dice.between(0.06, 0.24), share = dice.between(0.25, 0.6), first = dice.between(-0.2, 0);
    const bool isScale = dice.chance(0.5);
    const bool isBright = brightness(type.inks.ground) > 110;
    const Colour tooth = isBright ? type.inks.ground * 0.3 : mixed(type.inks.ground, Colour::all(200), 0.6);
    const Colour colour = isScale ? type.inks.digit : tooth;
    for (double at = first; at < 1; at += gap)
        paintBox(canvas, start, at, start + length, at + gap * share, colour);
}

/// The edges of the window, as far as the digit leaves room for them.
void paintFrame(Dice &dice, Canvas &canvas, const Type &type)
{
    const std::array<Colour, 7> colours{Colour(20, 20, 22), Colour(60, 60, 62), Colour(120, 120, 118),
                                        Colour(215, 215, 210), Colour(245, 245, 240), Colour(200, 60, 45), Colour(175, 90, 60)};
    const Colour colour = dice.oneOf(colours) * dice.between(0.8, 1);
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
    Type type = typeOf(dice);
    type.inks = wheelInks(dice);
    const double pitch = std::clamp((type.height + 2 * type.pen.halfDown) * dice.between(1.04, 1.45), 0.8, 1.2);
    const bool isAtRest = dice.chance(0.4);
    const double shift = pitch * (isAtRest ? dice.between(-0.07, 0.07) : dice.between(-0.42, 0.42));
    const double curve = dice.between(0, 1.3), margin = dice.between(0, 1);
    const int step = dice.chance(0.92) ? 1 : -1; // few wheels count downwards
    if (!dice.chance(0.2)) {
        canvas.fill(type.inks.ground);
    } else { // the surface round the wheel is seen
        paintBox(canvas, margin * type.left(), -0.1, 1 - margin * (1 - type.right()), 1.1, type.inks.ground);
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

/// Lit segments, one bit each: top, both upper, middle, both lower (left first), bottom.
constexpr std::array<unsigned, 10> kSegments{0b1110111, 0b0010010, 0b1011101, 0b1011011, 0b0111010,
                                             0b1101011, 0b1101111, 0b1010010, 0b1111111, 0b1111011};

/// The look of seven segments, in shares of the digit's box.
struct SegmentShape
{
    double across = 0.2, down = 0.1; ///< widths of the upright and the lying segments
    double gap = 0.02;
    bool isMitred = true;
};

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
void paintSegments(Canvas &canvas, unsigned lit, const Type &type, const SegmentShape &shape, Place offset, const Colour &colour)
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

/// The label of @p digit on an LCD or of lamps.
DrawnLabel drawSegments(Dice &dice, Canvas &canvas, int digit)
{
    Type type = typeOf(dice);
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
    const bool isPlain = dice.chance(0.12), isSevenHooked = dice.chance(0.3);
    if (isPlain && digit == 6)
        lit &= ~0b1000000U;
    if (isPlain && digit == 9)
        lit &= ~0b0000001U;
    if (isSevenHooked && digit == 7)
        lit |= 0b0100000U;
    const double leftEdge = dice.between(0.3, 1), rightEdge = dice.between(0.3, 1);
    const double topEdge = dice.between(0.2, 1), bottomEdge = dice.between(0.2, 1);
    if (dice.chance(0.7))
        canvas.fill(type.inks.ground);
    else // the housing round the glass is seen
        paintBox(canvas, type.left() * (1 - leftEdge), (type.centre.y - type.height / 2) * (1 - topEdge),
                 type.right() + (1 - type.right()) * rightEdge,
                 type.centre.y + type.height / 2 + (0.5 - type.height / 2) * bottomEdge, type.inks.ground);
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

void paintDirt(Dice &dice, Canvas &canvas)
{
    const int specks = dice.chance(0.4) ? dice.whole(1, 7) : 0;
    for (int i = 0; i < specks; ++i) {
        const Place centre{dice.between(0, 1), dice.between(0, 1)};
        const double radius = dice.between(0.004, 0.02), light = dice.between(20, 230);
        canvas.disc(centre, radius, greyOf(dice, light, 15));
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

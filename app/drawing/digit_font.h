#pragma once

#include "app/drawing/canvas.h"

#include <vector>

namespace auroraedge::app {

using Stroke = std::vector<Place>; ///< what the pen draws without being lifted; two places and more, curves as short pieces
using Strokes = std::vector<Stroke>;

/// How the digits of one counter are written. The forms are mixed freely, so that hardly two counters share a font.
struct DigitFont
{
    int one = 0, two = 0, three = 0, four = 0, five = 0, six = 0, seven = 0; ///< which form; 9 is 6 upside down
    double squareness = 2;  ///< exponent of the bowls: 2 is an ellipse, 8 nearly a rectangle
    double topWidth = 0.42; ///< half width of the upper bowl of 3 and 8
    double waist = 0.48;    ///< where the bowls of 3 and 8 meet
};

[[nodiscard]] DigitFont drawnDigitFont(Dice &dice);

/// @return the digit in a box of its own, 0..1 from left to right and from top to bottom; a 1 leaves some of the width free.
/// REQUIRES: 0 <= digit <= 9.
[[nodiscard]] Strokes strokesOf(int digit, const DigitFont &font);

/// A pen whose trace is wider across than down, as the pictures of a narrow crop are stretched to a square.
struct Pen
{
    double halfAcross = 0.05, halfDown = 0.03; ///< of the trace, in picture widths
    bool isRound = true;                       ///< ends and sharp corners of the strokes; else they are cut off square

    /// @param stroke in the picture.
    void draw(Canvas &canvas, const Stroke &stroke, const Colour &colour) const;
};

} // namespace auroraedge::app

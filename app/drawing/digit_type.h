#pragma once

#include "app/drawing/digit_font.h"
#include "app/drawing/drawn_picture.h"

namespace auroraedge::app {

struct Inks
{
    Colour ground, digit;
};

/// What all digits of one display have in common, and where its window is; in picture widths.
struct DigitType
{
    DigitFont font;
    Inks inks;
    Pen pen;
    Place centre; ///< of the window
    double width = 0.5, height = 0.7; ///< of a digit, without what the pen adds
    double slant = 0; ///< to the right at the top
    double angle = 0; ///< radians, clockwise on the screen

    /// @param place in the digit's box, 0..1 each way.
    /// @param offset of the digit's centre from the window's.
    /// @param curve of the wheel that the digit is on: one over its radius, 0 for flat.
    [[nodiscard]] Place at(Place place, Place offset, double curve) const;
    // What a digit in the window takes of the picture's width, without slant and angle.
    [[nodiscard]] double left() const { return centre.x - width / 2 - pen.halfAcross; }
    [[nodiscard]] double right() const { return centre.x + width / 2 + pen.halfAcross; }
};

/// All but the inks.
[[nodiscard]] DigitType drawnDigitType(Dice &dice);
/// "digit_N" over what @p type writes at @p offset, as far as it is in the picture.
[[nodiscard]] DrawnLabel labelOf(int digit, const DigitType &type, Place offset, double curve);

} // namespace auroraedge::app

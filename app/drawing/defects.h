#pragma once

#include "app/drawing/canvas.h"
#include "app/drawing/drawn_picture.h"

#include <string>
#include <vector>

namespace auroraedge::app {

/// "scratch", "dent", "stain", "crack": what a surface can have wrong, whatever the part.
[[nodiscard]] const std::vector<std::string> &surfaceDefects();

// Each paints one defect that stays within @p reach of @p centre (0.05 and more, in picture widths; a stain
// may pass it a little) on a surface of that colour, plain enough to be seen, and tells where it is.

/// One thin wavering line.
DrawnLabel scratch(Dice &dice, Canvas &canvas, Place centre, double reach, const Colour &surface);
/// An oval hollow, dark on the side that turns from the light and bright on the other.
DrawnLabel dent(Dice &dice, Canvas &canvas, Place centre, double reach, const Colour &surface);
/// A soft blot of another colour.
DrawnLabel stain(Dice &dice, Canvas &canvas, Place centre, double reach, const Colour &surface);
/// A jagged dark line with branches.
DrawnLabel crack(Dice &dice, Canvas &canvas, Place centre, double reach, const Colour &surface);
/// REQUIRES: @p name is one of surfaceDefects().
DrawnLabel surfaceDefect(const std::string &name, Dice &dice, Canvas &canvas, Place centre, double reach, const Colour &surface);

/// "none" in half of the draws, else one of @p possible.
[[nodiscard]] std::string drawnDefect(Dice &dice, const std::vector<std::string> &possible = surfaceDefects());
/// The facts that questions about a surface ask for, each yes/no one as often yes as no over many pictures:
/// "defect" none|scratch|..., "surface" (the same in words), "damaged" yes|no, "scratched" yes|no (told for few of the
/// pictures without a scratch), for some "asked defect" with "asked defect present" yes|no, and for a defect clear of the
/// middle "defect side" left|right.
/// @param label of the defect; not looked at for "none".
/// @param possible what drawnDefect() chose from; two and more.
void tellDefect(Dice &dice, const std::string &defect, const DrawnLabel &label, DrawnScene &scene,
                const std::vector<std::string> &possible = surfaceDefects());

} // namespace auroraedge::app

#pragma once

#include "app/drawing/canvas.h"

#include <string>
#include <vector>

namespace auroraedge::app {

/// What a machined part is made of.
struct Material
{
    std::string name; ///< "steel", "black plastic", ...
    Colour colour;    ///< of this piece; pieces of one material differ a little
    bool isMetal = false;
};

[[nodiscard]] Material drawnMaterial(Dice &dice);

// Outlines in the units of a part, clockwise on the screen; the first two lie around its centre.
[[nodiscard]] std::vector<Place> regularOutline(int corners, double radius);
/// @param corner radius of the corners; 0 for sharp ones.
[[nodiscard]] std::vector<Place> boxOutline(double width, double height, double corner);
[[nodiscard]] std::vector<Place> boxBetween(double left, double top, double right, double bottom);
/// The piece of a convex outline between two parallel lines, @p low and @p high from the centre along @p angle.
[[nodiscard]] std::vector<Place> stripOf(const std::vector<Place> &outline, double angle, double low, double high);
/// From @p place to the nearest side of a convex outline; negative outside.
[[nodiscard]] double distanceInside(const std::vector<Place> &outline, Place place);

[[nodiscard]] std::vector<Place> placed(const Pose &pose, const std::vector<Place> &outline);

/// The face of a flat part with its shadow and rim, and with what good parts show too: brushing, reflections.
/// @param outline convex, in the units of the part.
void paintFace(Dice &dice, Canvas &canvas, const Pose &pose, const std::vector<Place> &outline, const Colour &colour, bool isMetal);
/// A printed mark (no defect): a triangle, a frame or bars about @p size wide, in picture widths.
void paintMark(Dice &dice, Canvas &canvas, const Pose &pose, Place centre, double size, const Colour &surface);

} // namespace auroraedge::app

#pragma once

#include "app/drawing/canvas.h"

#include <string>
#include <vector>

namespace auroraedge::app {

/// A colour with the word that answers and labels use for it.
struct NamedColour
{
    std::string name;
    Colour colour;
};

/// As the eye weighs it: 0 black .. 255 white.
[[nodiscard]] double brightness(const Colour &colour);
/// @p share of the way between the two, 0..1.
[[nodiscard]] Colour mixed(const Colour &from, const Colour &to, double share);
/// @p colour, each channel up to @p spread brighter or darker.
[[nodiscard]] Colour varied(Dice &dice, const Colour &colour, double spread);
/// A grey of @p light whose red and blue are off by up to @p hint: lamps and printing inks are never quite grey.
[[nodiscard]] Colour tintedGrey(Dice &dice, double light, double hint);
/// Those of @p colours that are plain on @p ground: more than @p distance from it, in grey values over the three channels.
[[nodiscard]] std::vector<Colour> plainOn(const Colour &ground, const std::vector<Colour> &colours, double distance);

} // namespace auroraedge::app

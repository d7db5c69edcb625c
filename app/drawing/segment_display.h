#pragma once

#include "app/drawing/canvas.h"
#include "app/drawing/drawn_picture.h"

namespace auroraedge::app {

/// Paints a window on a display of seven segments, an LCD or lamps, with parts of its neighbours.
/// @return the label of @p digit, the one in the window.
DrawnLabel drawSegments(Dice &dice, Canvas &canvas, int digit);

} // namespace auroraedge::app

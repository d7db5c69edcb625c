#pragma once

#include "app/drawing/canvas.h"
#include "app/drawing/drawn_picture.h"

namespace auroraedge::app {

/// One function a kind: composes a picture from @p dice, paints it when @p canvas paints, and tells what it shows. It
/// paints the background itself, first; Canvas::finish() is the caller's.
using Drawer = DrawnScene (*)(Dice &dice, Canvas &canvas, bool isUnfamiliar);

DrawnScene drawPlate(Dice &dice, Canvas &canvas, bool isUnfamiliar);
DrawnScene drawGear(Dice &dice, Canvas &canvas, bool isUnfamiliar);
DrawnScene drawBoard(Dice &dice, Canvas &canvas, bool isUnfamiliar);
DrawnScene drawConnector(Dice &dice, Canvas &canvas, bool isUnfamiliar);
DrawnScene drawLabel(Dice &dice, Canvas &canvas, bool isUnfamiliar);
DrawnScene drawLedRow(Dice &dice, Canvas &canvas, bool isUnfamiliar);
DrawnScene drawColouredParts(Dice &dice, Canvas &canvas, bool isUnfamiliar);
DrawnScene drawCounterWheel(Dice &dice, Canvas &canvas, bool isUnfamiliar);

} // namespace auroraedge::app

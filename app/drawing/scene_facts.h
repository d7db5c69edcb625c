#pragma once

#include "app/drawing/canvas.h"
#include "app/drawing/drawn_picture.h"

#include <string>
#include <vector>

namespace auroraedge::app {

/// @return the label of everything within @p margin of @p points, cut off at the picture's edge. REQUIRES: some of it is in
/// the picture.
[[nodiscard]] DrawnLabel labelAround(std::string name, const std::vector<Place> &points, double margin = 0);
/// @return "left", "right", or "" for what lies too near the middle to say.
[[nodiscard]] std::string sideOf(const DrawnLabel &label);
/// "1 hole", "0 holes".
[[nodiscard]] std::string counted(int count, const std::string &thing);

} // namespace auroraedge::app

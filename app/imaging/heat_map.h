#pragma once

#include "engine/api/frame.h"
#include "engine/api/inspector.h"
#include "engine/api/result.h"

namespace auroraedge::app {

/// @p picture with @p map stretched over its @p part: from nothing over yellow to red the likelier it is, and a line
/// around the likeliest region when that is above one half. Elsewhere every pixel stays as it was.
/// REQUIRES: part inside the picture, with at least one pixel; the map with at least one patch.
/// @return ENG-01 without memory.
Result<Frame> withHeat(const Frame &picture, const PixelBox &part, const PatchMap &map);

} // namespace auroraedge::app

#pragma once

#include "engine/api/frame.h"
#include "engine/api/result.h"

namespace auroraedge::app {

/// What must hold of a picture before a question is asked about it: any answer about a covered lens would be a guess.
/// Ends at the first row that has structure, so a real picture costs next to nothing.
/// @return IMG-17 when every pixel has one colour, give or take two steps of 255: lens cap, light or cable; IMG-05
///         when there is none. The object is the frame's source.
Result<void> checkFrame(const Frame &frame);

/// Pixel for pixel; neither is empty.
[[nodiscard]] bool isSamePicture(const Frame &a, const Frame &b);

} // namespace auroraedge::app

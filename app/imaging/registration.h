#pragma once

#include "engine/api/frame.h"
#include "engine/api/result.h"

namespace auroraedge::app {

/// A picture shows something else than its golden picture, or lies too far from it.
inline constexpr ErrorCode kGoldenUnlike{"IMG-20"};

/// @p golden moved (a shift and a small turn, no scaling, then bent by at most 3 pixels of a picture reduced to 640) so that
/// its part lies on that of @p scan; as large as the scan. A part that lies further from its place stays a difference.
/// Where the golden picture does not reach, the scan's own pixels stand: nothing can be said to differ there, so it has to
/// reach three quarters of the scan. A golden picture that lies right already comes back with its own pixels. Safe from any
/// thread.
/// @return IMG-20 when no place is found where the two look alike, IMG-05 for an empty one, ENG-01.
Result<Frame> registered(const Frame &scan, const Frame &golden);

/// What a model that compares is shown: red is the grey scan, green the grey golden picture, blue how far they differ.
/// REQUIRES: both of one size, the golden picture registered.
[[nodiscard]] Frame inspectionPlanes(const Frame &scan, const Frame &golden);

} // namespace auroraedge::app

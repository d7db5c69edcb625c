#pragma once

namespace auroraedge {

/// What a model is taught to answer where it cannot tell.
inline constexpr char kRefusal[] = "unsure";

} // namespace auroraedge

#pragma once

#include "engine/api/frame.h"

#include <QImage>

namespace auroraedge::ui {

/// The frame as an image that shares its pixels (no copy); the pixels live as long as the image or a copy of it.
/// A null image for an empty frame. Thread: any.
[[nodiscard]] QImage imageOf(const Frame &frame);

/// A copy of @p image that fits into @p edgePx x @p edgePx, for strips and cards. Thread: any.
[[nodiscard]] QImage thumbnailOf(const QImage &image, int edgePx = 320);

} // namespace auroraedge::ui

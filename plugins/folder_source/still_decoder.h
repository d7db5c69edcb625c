#pragma once

#include "engine/api/frame.h"
#include "engine/api/result.h"

#include <string>

namespace auroraedge::plugins {

/// Decodes one JPEG, PNG or BMP file, upright, as 8-bit RGB. A cut or damaged file is refused, never half shown.
/// @return FS-01, IMG-01 to IMG-05, IMG-07, IMG-08, IMG-10, IMG-11, IMG-18.
Result<Frame> decodeStill(const std::string &path);

} // namespace auroraedge::plugins

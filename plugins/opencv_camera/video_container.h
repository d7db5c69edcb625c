#pragma once

#include "engine/api/result.h"

#include <string>

namespace auroraedge::plugins {

/// Whether @p path is a video by its first bytes: MP4/MOV, Matroska/WebM, AVI, MPEG-TS or MPEG-PS. Playlists and
/// session descriptions, which would make FFmpeg open other files and hosts, are not.
/// @return FS-12, FS-01, FS-02, IMG-01, IMG-07.
Result<void> checkVideoContainer(const std::string &path);

} // namespace auroraedge::plugins

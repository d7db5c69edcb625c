#pragma once

#include "plugins/api/frame_source.h"

#include <QtPlugin>

#include <memory>

namespace auroraedge::plugins {

/// What a plugin library exports. Its metadata says, before any of its code runs:
/// {"name": "opencv_camera", "schemes": ["uvc", "rtsp"]}, and perhaps "environment": {"NAME": "value"}, variables that
/// its library reads; they are set (where the user has not) before any thread runs.
/// Thread: create() on any, one at a time.
class FrameSourceFactory
{
public:
    virtual ~FrameSourceFactory() = default;
    [[nodiscard]] virtual std::unique_ptr<FrameSource> create() const = 0;
};

} // namespace auroraedge::plugins

/// The number changes with FrameSource and the types in it, Frame or Result: another one is refused.
#define AURORAEDGE_FRAME_SOURCE_IID "auroraedge.FrameSource/3"
Q_DECLARE_INTERFACE(auroraedge::plugins::FrameSourceFactory, AURORAEDGE_FRAME_SOURCE_IID)

#include "plugins/api/frame_source_factory.h"
#include "plugins/opencv_camera/opencv_camera.h"

#include <QObject>

namespace auroraedge::plugins {

// The environment in the metadata: without the limit for V4L2 (in seconds) a dead webcam blocks a read for 10.
class OpenCvCameraPlugin final : public QObject, public FrameSourceFactory
{
    Q_OBJECT
    Q_PLUGIN_METADATA(IID AURORAEDGE_FRAME_SOURCE_IID FILE "opencv_camera.json")
    Q_INTERFACES(auroraedge::plugins::FrameSourceFactory)

public:
    [[nodiscard]] std::unique_ptr<FrameSource> create() const override { return std::make_unique<OpenCvCamera>(); }
};

} // namespace auroraedge::plugins

#include "opencv_camera_plugin.moc"

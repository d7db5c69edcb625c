#include "plugins/api/frame_source_factory.h"
#include "plugins/opencv_camera/opencv_camera.h"

#include <QObject>

#include <cstdlib>

namespace auroraedge::plugins {

class OpenCvCameraPlugin final : public QObject, public FrameSourceFactory
{
    Q_OBJECT
    Q_PLUGIN_METADATA(IID AURORAEDGE_FRAME_SOURCE_IID FILE "opencv_camera.json")
    Q_INTERFACES(auroraedge::plugins::FrameSourceFactory)

public:
    OpenCvCameraPlugin()
    {
        // OpenCV reads these at each open. Set here, on the GUI thread and before any source exists, as setenv is not
        // safe beside other threads. Over UDP a camera behind a firewall opens and then stays silent.
        setenv("OPENCV_FFMPEG_CAPTURE_OPTIONS", "rtsp_transport;tcp", 0);
        setenv("OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT", "2", 0); // seconds; 10 without it
    }

    [[nodiscard]] std::unique_ptr<FrameSource> create() const override { return std::make_unique<OpenCvCamera>(); }
};

} // namespace auroraedge::plugins

#include "opencv_camera_plugin.moc"

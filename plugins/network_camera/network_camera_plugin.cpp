#include "plugins/api/frame_source_factory.h"
#include "plugins/network_camera/network_camera.h"

#include <QObject>

namespace auroraedge::plugins {

class NetworkCameraPlugin final : public QObject, public FrameSourceFactory
{
    Q_OBJECT
    Q_PLUGIN_METADATA(IID AURORAEDGE_FRAME_SOURCE_IID FILE "network_camera.json")
    Q_INTERFACES(auroraedge::plugins::FrameSourceFactory)

public:
    [[nodiscard]] std::unique_ptr<FrameSource> create() const override { return std::make_unique<NetworkCamera>(); }
};

} // namespace auroraedge::plugins

#include "network_camera_plugin.moc"

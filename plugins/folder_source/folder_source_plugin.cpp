#include "plugins/api/frame_source_factory.h"
#include "plugins/folder_source/folder_source.h"

#include <QObject>

namespace auroraedge::plugins {

class FolderSourcePlugin final : public QObject, public FrameSourceFactory
{
    Q_OBJECT
    Q_PLUGIN_METADATA(IID AURORAEDGE_FRAME_SOURCE_IID FILE "folder_source.json")
    Q_INTERFACES(auroraedge::plugins::FrameSourceFactory)

public:
    [[nodiscard]] std::unique_ptr<FrameSource> create() const override { return std::make_unique<FolderSource>(); }
};

} // namespace auroraedge::plugins

#include "folder_source_plugin.moc"

#pragma once

#include <QImage>
#include <QString>

namespace auroraedge::ui {

/// A network camera as somebody typed it.
struct NetworkSource
{
    QString name;     ///< empty: named by its host
    QString address;  ///< "rtsp://camera.local/stream"
    QString user;     ///< empty: as in the address
    QString password; ///< kept by the station, never shown
    bool isUdp = false;
    int timeoutSeconds = 2; ///< for the first picture
    QString edited = {};     ///< address of the saved camera that this one takes the place of; empty: a new one. Then an
                             ///< empty password means the kept one, as long as it is the same host.
};

/// The trying out of one before it is kept, and the keeping.
struct SourceTest
{
    enum class Condition { None = 1, Running, Passed, Failed, Keeping };
    Condition condition = Condition::None;
    QImage picture;   ///< Passed
    double fps = 0;   ///< Passed: as measured
    QString code;     ///< Failed: "CAM-04"
    QString sentence; ///< Failed
};

} // namespace auroraedge::ui

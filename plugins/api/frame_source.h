#pragma once

#include "engine/api/frame.h"
#include "engine/api/result.h"
#include "plugins/api/camera_settings.h"

#include <chrono>
#include <optional>
#include <string>

namespace auroraedge::plugins {

/// Pictures that a source cannot read and goes past, since it was opened.
struct LeftOut
{
    int pictures = 0;                ///< each counts once, however often the source comes to it
    std::optional<Error> first = {}; ///< what is wrong with the first of them
};

/// What a source is and how it may be watched. Valid once open() has succeeded.
struct SourceDescription
{
    std::string label;                           ///< for people: "HD Webcam C270", "line.mp4"
    std::string device;                          ///< which one it is, "046d:0825 A1B2"; empty where nothing tells
    bool isLive = true;                          ///< a camera: equal frames in a row mean that it hangs
    bool isSimulated = false;                    ///< every result of it is marked as simulated
    // Both below 2 s, so that the operator reads of it within 2 s.
    std::chrono::milliseconds longestGap{1'500};    ///< without a frame for so long, the source counts as lost
    /// Of equal frames, of a live source. May change with each frame: a stream may first have to show what it leaves out.
    std::chrono::milliseconds longestFreeze{1'500};
    LeftOut leftOut = {}; ///< of a folder; may grow with each frame
};

enum class NetworkTransport { Tcp = 1, Udp };

struct SourceOptions
{
    std::string shownAs; ///< address as it may be logged and stored (no password); becomes Frame::source
    bool isSimulated = false;
    std::chrono::milliseconds openTimeout{2'000};
    std::chrono::milliseconds readTimeout{2'000}; ///< of the driver, where it has such a thing
    NetworkTransport transport = NetworkTransport::Tcp; ///< of RTSP
};

/// A camera, a video or a folder of pictures that gives one frame after the other.
/// Thread: made anywhere, then used on one thread alone (the capture thread), which may be abandoned while a driver
/// hangs in open() or read(). Nothing throws.
class FrameSource
{
public:
    virtual ~FrameSource() = default;

    [[nodiscard]] virtual SourceDescription describe() const = 0;

    /// @param address scheme and target, checked by the caller: "uvc:<id>", "rtsp://...", "file:<path>", ...
    /// @return CAM-01 (not there), CAM-02 (no answer in time), CAM-04 (login refused), CAM-07 (busy), FS-*, IMG-07.
    virtual Result<void> open(const std::string &address, const SourceOptions &options) = 0;

    /// The next frame, at the source's own pace; its sequence is above that of every frame before.
    /// @return CAM-02 when none came within @p timeout (or within SourceOptions::readTimeout, for a driver that cannot
    /// be asked for less): one may still come. CAM-03 when the source itself can tell that it hangs. Any other code: nothing more comes until it is opened again.
    virtual Result<Frame> read(std::chrono::milliseconds timeout) = 0;

    /// Tells the open camera @p wanted and reads back what it took. @return all controls, none for what is no camera.
    virtual ControlStates adjust(const CameraSettings & /*wanted*/) { return {}; }

    /// Gives the device back. Open may follow.
    virtual void close() = 0;
};

} // namespace auroraedge::plugins

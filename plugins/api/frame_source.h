#pragma once

#include "engine/api/frame.h"
#include "engine/api/result.h"

#include <chrono>
#include <string>

namespace auroraedge::plugins {

/// What a source is and how it may be watched. Valid once open() has succeeded.
struct SourceDescription
{
    std::string label;                           ///< for people: "HD Webcam C270", "line.mp4"
    bool isLive = true;                          ///< a camera: many equal frames in a row mean that it hangs
    bool isSimulated = false;                    ///< every result of it is marked as simulated
    std::chrono::milliseconds longestGap{2'000}; ///< without a frame for so long, the source counts as lost
};

struct SourceOptions
{
    std::string shownAs; ///< address as it may be logged and stored (no password); becomes Frame::source
    bool isSimulated = false;
    std::chrono::milliseconds openTimeout{2'000};
    std::chrono::milliseconds readTimeout{2'000}; ///< of the driver, where it has such a thing
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
    /// @return CAM-01 (not there), CAM-02 (no answer in time), CAM-07 (busy), FS-*, IMG-07.
    virtual Result<void> open(const std::string &address, const SourceOptions &options) = 0;

    /// The next frame, at the source's own pace; its sequence is above that of every frame before.
    /// @return CAM-02 when none came within @p timeout or the stream ended.
    virtual Result<Frame> read(std::chrono::milliseconds timeout) = 0;

    /// Gives the device back. Open may follow.
    virtual void close() = 0;
};

} // namespace auroraedge::plugins

#pragma once

#include "plugins/api/frame_source.h"
#include "plugins/network_camera/still_watch.h"

#include <cstdint>
#include <memory>

namespace auroraedge::plugins {

/// Network cameras: rtsp, rtsps (over TCP or UDP) and http, https (motion JPEG, MPEG-TS, Matroska, MP4, FLV).
///
/// Straight on FFmpeg. Through OpenCV 4.6 the transport is a variable of the whole process's environment, a refused login
/// looks like a camera that is not there, and a picture with lost parts looks whole. Here each opening has its own
/// options, a wrong password is CAM-04, a picture that the decoder does not vouch for is left out, and
/// a picture is as old as its stream says: what waited on the way does not look fresh.
/// FFmpeg's own messages may quote addresses with their passwords: they are dropped, for the whole process.
class NetworkCamera final : public FrameSource
{
public:
    NetworkCamera();
    ~NetworkCamera() override;

    [[nodiscard]] SourceDescription describe() const override;
    /// Takes at most SourceOptions::openTimeout. @return CAM-01, CAM-02 (also for what sends no video, or points to
    /// a file or another protocol), CAM-04.
    Result<void> open(const std::string &address, const SourceOptions &options) override;
    /// @return CAM-02; CAM-03 when its key pictures are all the same; CAM-01 when the connection is lost;
    /// CAM-08 when its pictures go on coming more than a second late; IMG-04 for a picture over 50 million pixels.
    Result<Frame> read(std::chrono::milliseconds timeout) override;
    void close() override;

private:
    struct Stream;

    std::unique_ptr<Stream> m_stream;
    SourceOptions m_options;
    SourceDescription m_description;
    StillWatch m_still;
    std::uint64_t m_sequence = 0;
};

} // namespace auroraedge::plugins

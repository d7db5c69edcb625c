#pragma once

#include "plugins/api/frame_source.h"

#include <cstdint>
#include <memory>

namespace auroraedge::plugins {

/// Webcams (uvc:<name under /dev/v4l/by-id or by-path, or a number>) and video files (file:<path>, at their own pace, from the start
/// again at the end) through OpenCV's videoio; the controls of a webcam straight through V4L2.
/// The back end is always named: left to itself OpenCV would also read pipelines and picture sequences.
class OpenCvCamera final : public FrameSource
{
public:
    OpenCvCamera();
    ~OpenCvCamera() override;

    [[nodiscard]] SourceDescription describe() const override;
    Result<void> open(const std::string &address, const SourceOptions &options) override;
    Result<Frame> read(std::chrono::milliseconds timeout) override;
    ControlStates adjust(const CameraSettings &wanted) override;
    void close() override;

private:
    struct Stream;

    Result<void> openStream();

    std::unique_ptr<Stream> m_stream;
    std::string m_address;
    SourceOptions m_options;
    SourceDescription m_description;
    std::uint64_t m_sequence = 0;
};

} // namespace auroraedge::plugins

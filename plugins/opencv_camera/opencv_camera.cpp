#include "plugins/opencv_camera/opencv_camera.h"

#include "plugins/opencv_camera/v4l2_controls.h"
#include "plugins/opencv_camera/video_container.h"

#include <opencv2/imgproc.hpp>
#include <opencv2/videoio.hpp>

#include <algorithm>
#include <cmath>
#include <fcntl.h>
#include <filesystem>
#include <string_view>
#include <sys/ioctl.h>
#include <thread>
#include <unistd.h>

namespace auroraedge::plugins {

using Clock = std::chrono::steady_clock;

struct OpenCvCamera::Stream
{
    cv::VideoCapture capture;
    std::filesystem::path device; ///< of a webcam
    bool isFile = false;
    Clock::duration framePeriod{};  ///< of a file
    Clock::time_point nextFrameDue; ///< of a file
};

namespace {

constexpr std::chrono::milliseconds kCatchUp{100}; ///< the longest that pictures of a video are skipped at once

bool startsWith(const std::string &text, std::string_view prefix)
{
    return text.compare(0, prefix.size(), prefix) == 0;
}

/// Device node of a webcam by one of its stable names, or by number for a system without such names.
std::filesystem::path deviceOf(const std::string &id)
{
    const std::filesystem::path names = "/dev/v4l";
    for (const char *kind : {"by-id", "by-path"}) {
        std::error_code error;
        const std::filesystem::path node = std::filesystem::canonical(names / kind / id, error);
        if (!error)
            return node;
    }
    const bool isNumber = !id.empty() && std::ranges::all_of(id, [](char c) { return c >= '0' && c <= '9'; });
    return isNumber ? std::filesystem::path("/dev/video" + id) : names / "by-id" / id;
}

Result<void> openWebcam(cv::VideoCapture &capture, const std::filesystem::path &device, const std::string &id)
{
    if (access(device.c_str(), F_OK) != 0)
        return failure(code::CameraNotFound, "camera '" + id + "' not found; check cable and power", id);
    if (access(device.c_str(), R_OK | W_OK) != 0)
        return failure(code::CameraNotFound, "no permission to use camera '" + id + "'; add the user to the group video",
                       id);
    if (!capture.open(device.string(), cv::CAP_V4L2))
        return failure(code::CameraBusy, "camera '" + id + "' is busy: another program uses it", id);
    capture.set(cv::CAP_PROP_BUFFERSIZE, 1); // the newest picture, not a backlog
    return {};
}

Frame toFrame(const cv::Mat &picture, std::uint64_t sequence, const std::string &source)
{
    // OpenCV's own buffer, kept alive by the frame. Converted into a fresh one each time, as readers still hold the last.
    auto rgb = std::make_shared<cv::Mat>();
    cv::cvtColor(picture, *rgb, picture.channels() == 1 ? cv::COLOR_GRAY2RGB : cv::COLOR_BGR2RGB);
    Frame frame;
    frame.pixels = std::shared_ptr<const std::uint8_t>(rgb, rgb->data);
    frame.widthPx = rgb->cols;
    frame.heightPx = rgb->rows;
    frame.strideBytes = static_cast<std::ptrdiff_t>(rgb->step[0]);
    frame.sequence = sequence;
    frame.capturedAt = Clock::now();
    frame.source = source;
    return frame;
}

} // namespace

OpenCvCamera::OpenCvCamera() = default;
OpenCvCamera::~OpenCvCamera() = default;

SourceDescription OpenCvCamera::describe() const
{
    return m_description;
}

Result<void> OpenCvCamera::open(const std::string &address, const SourceOptions &options)
{
    m_address = address;
    m_options = options;
    try {
        return openStream();
    } catch (const cv::Exception &e) {
        m_stream.reset();
        return failure(code::CameraNotFound, "camera " + options.shownAs + " could not be opened: " + e.err,
                       options.shownAs);
    }
}

Result<void> OpenCvCamera::openStream()
{
    auto stream = std::make_unique<Stream>();
    m_description = {};
    m_description.isSimulated = m_options.isSimulated;
    m_description.label = m_options.shownAs;
    if (startsWith(m_address, "uvc:")) {
        const std::string id = m_address.substr(4);
        m_description.label = id;
        stream->device = deviceOf(id);
        if (const Result<void> opened = openWebcam(stream->capture, stream->device, id); !opened)
            return opened;
        m_description.device = usbIdentityOf(stream->device);
    } else {
        const std::string path = m_address.substr(m_address.find(':') + 1);
        if (const Result<void> checked = checkVideoContainer(path); !checked)
            return checked;
        if (!stream->capture.open(path, cv::CAP_FFMPEG))
            return failure(code::ImageDamaged, path + " could not be read as a video", path);
        const double framesPerSecond = stream->capture.get(cv::CAP_PROP_FPS);
        const bool isPlausible = std::isfinite(framesPerSecond) && framesPerSecond >= 1 && framesPerSecond <= 240;
        stream->isFile = true;
        stream->framePeriod = std::chrono::duration_cast<Clock::duration>(
            std::chrono::duration<double>(1.0 / (isPlausible ? framesPerSecond : 25.0)));
        stream->nextFrameDue = Clock::now();
        m_description.label = std::filesystem::path(path).filename().string();
        m_description.isLive = false;
    }
    m_stream = std::move(stream);
    return {};
}

Result<Frame> OpenCvCamera::read(std::chrono::milliseconds timeout)
{
    if (!m_stream)
        return failure(code::CameraNoFrame, "camera " + m_options.shownAs + " is not open", m_options.shownAs);
    const auto noFrame = [&] {
        return failure(code::CameraNoFrame, "no frame from " + m_options.shownAs, m_options.shownAs);
    };
    try {
        if (m_stream->isFile) {
            const Clock::time_point now = Clock::now();
            if (m_stream->nextFrameDue > now + timeout) {
                std::this_thread::sleep_for(timeout);
                return noFrame();
            }
            std::this_thread::sleep_until(m_stream->nextFrameDue);
            // A reader that was held up sees what a line would show it now: the frames between are skipped. Each is decoded
            // all the same, so a video that this computer cannot decode in time is rather shown slower than not at all.
            while (now > m_stream->nextFrameDue + m_stream->framePeriod && Clock::now() < now + kCatchUp && m_stream->capture.grab())
                m_stream->nextFrameDue += m_stream->framePeriod;
            m_stream->nextFrameDue = std::max(m_stream->nextFrameDue, now - m_stream->framePeriod) + m_stream->framePeriod;
        }
        cv::Mat picture;
        if (!m_stream->capture.read(picture) || picture.empty()) {
            if (!m_stream->isFile && access(m_stream->device.c_str(), F_OK) != 0)
                return failure(code::CameraNotFound, "camera " + m_options.shownAs + " was unplugged", m_options.shownAs);
            if (!m_stream->isFile)
                return noFrame();
            // The end: again from the start. Seeking to 0 is not exact in every container.
            if (const Result<void> reopened = openStream(); !reopened)
                return failure(reopened.error());
            if (!m_stream->capture.read(picture) || picture.empty())
                return failure(code::ImageDamaged, m_description.label + " holds no readable picture", m_options.shownAs);
            m_stream->nextFrameDue += m_stream->framePeriod;
        }
        if (picture.depth() != CV_8U || (picture.channels() != 3 && picture.channels() != 1))
            return failure(code::ImageDepth, m_description.label + " does not give 8-bit pictures", m_options.shownAs);
        return toFrame(picture, ++m_sequence, m_options.shownAs);
    } catch (const cv::Exception &e) {
        return failure(code::CameraNoFrame, "camera " + m_options.shownAs + " failed: " + e.err, m_options.shownAs);
    }
}

ControlStates OpenCvCamera::adjust(const CameraSettings &wanted)
{
    if (!m_stream || m_stream->device.empty())
        return {};
    // A descriptor beside OpenCV's own: V4L2 lets controls be changed while another one streams.
    const int device = ::open(m_stream->device.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC);
    if (device < 0)
        return {};
    ControlStates states
        = adjustV4l2([device](unsigned long request, void *argument) { return ioctl(device, request, argument); }, wanted);
    ::close(device);
    return states;
}

void OpenCvCamera::close()
{
    m_stream.reset();
}

} // namespace auroraedge::plugins

#include "plugins/opencv_camera/opencv_camera.h"

#include "plugins/opencv_camera/video_container.h"
#include "tests/plugins/scratch_folder.h"

#include <gtest/gtest.h>
#include <opencv2/videoio.hpp>

#include <fstream>
#include <string>

namespace auroraedge::plugins {
namespace {

using auroraedge::testing::ScratchFolder;
using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr int kFrames = 6;
constexpr double kFramesPerSecond = 50;

class VideoTest : public ::testing::Test
{
protected:
    void SetUp() override
    {
        cv::VideoWriter writer(m_path, cv::CAP_FFMPEG, cv::VideoWriter::fourcc('M', 'J', 'P', 'G'), kFramesPerSecond, {64, 48});
        ASSERT_TRUE(writer.isOpened());
        for (int i = 0; i < kFrames; ++i)
            writer.write(cv::Mat(48, 64, CV_8UC3, cv::Scalar(0, 0, 40.0 * i))); // BGR: red rises
    }

    ScratchFolder m_folder;
    const std::string m_path = m_folder / "line.avi";
    OpenCvCamera m_camera;
};

TEST_F(VideoTest, PlaysAVideoAtItsPaceRoundAndRound)
{
    SourceOptions options;
    options.shownAs = "sim:";
    options.isSimulated = true;
    ASSERT_TRUE(m_camera.open("file:" + m_path, options));
    EXPECT_FALSE(m_camera.describe().isLive);
    EXPECT_TRUE(m_camera.describe().isSimulated);
    EXPECT_EQ(m_camera.describe().label, "line.avi");

    const Clock::time_point begun = Clock::now();
    bool wentBack = false;
    int lastRed = -1;
    for (std::uint64_t sequence = 1; sequence <= 2 * kFrames; ++sequence) {
        const Result<Frame> frame = m_camera.read(milliseconds(1'000));
        ASSERT_TRUE(frame) << frame.error().message;
        EXPECT_EQ(frame->sequence, sequence);
        EXPECT_EQ(frame->source, "sim:");
        EXPECT_EQ(frame->widthPx, 64);
        EXPECT_NEAR(frame->row(0)[2], 0, 12); // no blue: the colours are in the order of a Frame
        wentBack = wentBack || frame->row(0)[0] < lastRed;
        lastRed = frame->row(0)[0];
    }
    EXPECT_TRUE(wentBack);
    // 12 frames at 50 a second, the first at once.
    EXPECT_GE(Clock::now() - begun, milliseconds(200));
}

TEST_F(VideoTest, AFrameThatIsNotDueYetIsNoFrame)
{
    ASSERT_TRUE(m_camera.open("file:" + m_path, {}));
    ASSERT_TRUE(m_camera.read(milliseconds(500)));
    EXPECT_EQ(m_camera.read(milliseconds(0)).error().code, code::CameraNoFrame);
}

/// Pictures that are hard to decode, more a second than a computer can; the corner tells which one it is.
TEST(Video, ThatCannotBeDecodedInTimeIsShownSlowerAndStillOftenEnough)
{
    constexpr int kPictures = 100, kMostSkipped = 35;
    const ScratchFolder folder;
    const std::string path = folder / "heavy.avi";
    cv::VideoWriter writer(path, cv::CAP_FFMPEG, cv::VideoWriter::fourcc('M', 'J', 'P', 'G'), 240, {1280, 960});
    ASSERT_TRUE(writer.isOpened());
    cv::Mat noise(960, 1280, CV_8UC3);
    cv::randu(noise, 0, 255);
    for (int i = 0; i < kPictures; ++i) {
        noise(cv::Rect(0, 0, 64, 64)).setTo(cv::Scalar(2.0 * i, 2.0 * i, 2.0 * i));
        writer.write(noise);
    }
    writer.release();

    OpenCvCamera camera;
    ASSERT_TRUE(camera.open("file:" + path, {}));
    int last = 0;
    while (true) {
        const Result<Frame> frame = camera.read(milliseconds(1'000));
        ASSERT_TRUE(frame) << frame.error().message;
        const int shown = frame->row(32)[3 * 32] / 2;
        if (shown < last)
            break; // from the start again
        EXPECT_LE(shown - last, kMostSkipped);
        last = shown;
    }
    EXPECT_GE(last, kPictures - 1 - kMostSkipped);
}

TEST_F(VideoTest, AClosedSourceGivesNoFrame)
{
    ASSERT_TRUE(m_camera.open("file:" + m_path, {}));
    m_camera.close();
    EXPECT_EQ(m_camera.read(milliseconds(10)).error().code, code::CameraNoFrame);
}

TEST(VideoContainer, RefusesPlaylistsAndOtherText)
{
    const ScratchFolder folder;
    for (const std::string content : {"#EXTM3U\nhttp://example.org/live.ts\n", "ffconcat version 1.0\nfile /etc/hosts\n",
                                      "v=0\no=- 0 0 IN IP4 127.0.0.1\n", "GIF89a..."}) {
        std::ofstream(folder / "video.mp4") << content;
        EXPECT_EQ(checkVideoContainer(folder / "video.mp4").error().code, code::ImageUnknownFormat) << content;
    }
    std::ofstream(folder / "empty.mp4").flush();
    EXPECT_EQ(checkVideoContainer(folder / "empty.mp4").error().code, code::ImageEmpty);
    EXPECT_EQ(checkVideoContainer(folder / "gone.mp4").error().code, code::FileNotFound);
    EXPECT_EQ(checkVideoContainer(folder.path().string()).error().code, code::FileNotRegular);
}

TEST(OpenCvCamera, NamesAWebcamThatIsNotThere)
{
    OpenCvCamera camera;
    const Result<void> opened = camera.open("uvc:usb-Nobody_0000-video-index0", {});
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, code::CameraNotFound);
    EXPECT_EQ(opened.error().message, "camera 'usb-Nobody_0000-video-index0' not found; check cable and power");
}

} // namespace
} // namespace auroraedge::plugins

#include "plugins/network_camera/late_watch.h"
#include "plugins/network_camera/network_camera.h"

#include "app/pipeline/capture_worker.h"
#include "tests/plugins/camera_server.h"
#include "tests/plugins/video_clip.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <arpa/inet.h>
#include <future>
#include <netinet/in.h>
#include <ostream>
#include <string>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

namespace auroraedge::plugins {
namespace {

using auroraedge::testing::CameraServer;
using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

SourceOptions optionsFor(NetworkTransport transport = NetworkTransport::Tcp)
{
    SourceOptions options;
    options.shownAs = "the camera";
    options.openTimeout = milliseconds(5'000);
    options.readTimeout = milliseconds(500);
    options.transport = transport;
    return options;
}

/// Reads until the source fails. @return the pictures' reds in turn, and why it failed.
std::pair<std::vector<int>, Error> readAll(NetworkCamera &camera, int most = 200)
{
    std::vector<int> reds;
    for (int i = 0; i < most; ++i) {
        const Result<Frame> frame = camera.read(milliseconds(200));
        if (!frame)
            return {reds, frame.error()};
        reds.push_back(frame->row(1)[3]);
    }
    return {reds, {}};
}

struct Way
{
    const char *name, *scheme;
    NetworkTransport transport;
    friend std::ostream &operator<<(std::ostream &out, const Way &way) { return out << way.name; }
};
class NetworkCameraTest : public ::testing::TestWithParam<Way>
{
protected:
    [[nodiscard]] Result<void> open(const CameraServer &server, const std::string &login = {})
    {
        return m_camera.open(server.address(GetParam().scheme, login), optionsFor(GetParam().transport));
    }
    NetworkCamera m_camera;
};

TEST_P(NetworkCameraTest, GivesThePicturesOfTheCameraInTheirOrderAndColours)
{
    const CameraServer server({});
    ASSERT_TRUE(open(server));
    EXPECT_TRUE(m_camera.describe().isLive);
    EXPECT_EQ(m_camera.describe().label, "the camera");
    const auto isRedOf = [](int red, int picture) { return std::abs(red - CameraServer::redOf(picture)) < 12; };
    int picture = -1;
    for (std::uint64_t sequence = 1; sequence <= 12; ++sequence) {
        const Result<Frame> frame = m_camera.read(milliseconds(500));
        ASSERT_TRUE(frame) << frame.error().message;
        EXPECT_EQ(frame->widthPx, CameraServer::kWidthPx);
        EXPECT_EQ(frame->heightPx, CameraServer::kHeightPx);
        EXPECT_EQ(frame->sequence, sequence);
        EXPECT_EQ(frame->source, "the camera");
        const int red = frame->row(1)[3];
        EXPECT_NEAR(frame->row(1)[5], 20, 12); // no blue: the colours are in the order of a Frame
        for (int tried = 0; picture < 0 && tried < 5; ++tried)
            picture = isRedOf(red, tried) ? tried : -1;
        EXPECT_TRUE(isRedOf(red, picture)) << red << " in picture " << picture;
        ++picture;
    }
}

TEST_P(NetworkCameraTest, TakesTheLoginFromItsAddressAndTellsAWrongOneWithoutQuotingIt)
{
    const CameraServer server({.login = "operator:s@same"});
    ASSERT_TRUE(open(server, "operator:s%40same@"));
    m_camera.close();
    for (const std::string login : {"operator:wrong-secret@", ""}) {
        const Result<void> opened = open(server, login);
        ASSERT_FALSE(opened) << login;
        EXPECT_EQ(opened.error().code, code::CameraLogin) << opened.error().message;
        EXPECT_EQ(opened.error().message, "camera the camera refused the login");
    }
}

TEST_P(NetworkCameraTest, ACameraThatFallsSilentIsToldWithinTheReadTimeout)
{
    const CameraServer server({.silentAfter = 5});
    ASSERT_TRUE(open(server));
    const auto [reds, why] = readAll(m_camera);
    EXPECT_GE(reds.size(), 3U);
    EXPECT_EQ(why.code, code::CameraNoFrame);
}

/// What the station is told first of a camera whose pictures have come before.
Error whyLost(const CameraServer &server, const Way &way)
{
    std::promise<Error> lost;
    std::future<Error> told = lost.get_future();
    bool isTold = false; // states come one at a time
    app::CaptureListener listener;
    listener.onFrame = [](const Frame &) {};
    listener.onState = [&](const app::CaptureState &state) {
        if (state.error && state.wasLive && !std::exchange(isTold, true))
            lost.set_value(*state.error);
    };
    SourceOptions options = optionsFor(way.transport);
    options.readTimeout = milliseconds(2'000); // as shipped: the driver is still inside when it is told
    const auto opener = [&]() -> Result<std::unique_ptr<FrameSource>> {
        auto camera = std::make_unique<NetworkCamera>();
        if (const Result<void> opened = camera->open(server.address(way.scheme), options); !opened)
            return failure(opened.error());
        return std::unique_ptr<FrameSource>(std::move(camera));
    };
    const app::CaptureWorker worker(opener, listener, {.firstPause = std::chrono::hours(1), .lastPause = std::chrono::hours(1)});
    return told.wait_for(std::chrono::seconds(20)) == std::future_status::ready ? told.get() : Error{};
}

TEST_P(NetworkCameraTest, ACameraThatFallsSilentIsToldToTheStationAsOneWithoutPictures)
{
    const CameraServer server({.silentAfter = 10});
    const Error why = whyLost(server, GetParam());
    EXPECT_EQ(why.code, code::CameraNoFrame) << why.message;
    EXPECT_EQ(why.message, "no frame for 1.5 s");
}

TEST_P(NetworkCameraTest, ACameraThatSendsTheSamePictureOverAndOverIsToldToTheStationAsFrozen)
{
    const CameraServer server({.frozenFrom = 10});
    const Error why = whyLost(server, GetParam());
    EXPECT_EQ(why.code, code::CameraFrozen) << why.message;
    // 50 pictures a second for 1.5 s and not for 10 s.
    EXPECT_LT(std::stoi(why.message.substr(why.message.find('(') + 1)), 120) << why.message;
}

TEST_P(NetworkCameraTest, AnAddressThatTheCameraDoesNotKnowIsTold)
{
    const CameraServer server({.status = "404 Not Found"});
    const Result<void> opened = open(server);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, code::CameraNotFound);
    EXPECT_EQ(opened.error().message, "camera the camera does not know this address");
}

/// An RTSP camera whose way is blocked for a while. @return the age of each picture when it was given out, and why it ended.
std::pair<std::vector<milliseconds>, Error> agesBehind(milliseconds pause, bool catchesUp, int pictures)
{
    const CameraServer server({.lateFrom = 25, .pause = pause, .catchesUp = catchesUp});
    NetworkCamera camera;
    SourceOptions options = optionsFor();
    options.readTimeout = milliseconds(3'000);
    if (const Result<void> opened = camera.open(server.address("rtsp"), options); !opened)
        return {{}, opened.error()};
    std::vector<milliseconds> ages;
    for (int i = 0; i < pictures; ++i) {
        const Result<Frame> frame = camera.read(milliseconds(200));
        if (!frame)
            return {ages, frame.error()};
        ages.push_back(std::chrono::duration_cast<milliseconds>(Clock::now() - frame->capturedAt));
    }
    return {ages, {}};
}

TEST(LateStream, APictureThatWaitedOnTheWayIsAsOldAsItIs)
{
    const auto [ages, why] = agesBehind(milliseconds(700), false, 60);
    ASSERT_EQ(ages.size(), 60U) << why.message;
    EXPECT_LT(ages[10], milliseconds(300));
    for (std::size_t i = 30; i < ages.size(); ++i)
        EXPECT_GE(ages[i], milliseconds(500)) << i << ": it goes on coming late, and does not look fresh";
}

TEST(LateStream, WhatPiledUpDuringAStallIsSkippedUpToWhatIsFresh)
{
    const auto [ages, why] = agesBehind(milliseconds(1'600), true, 160);
    ASSERT_EQ(ages.size(), 160U) << why.message;
    for (const milliseconds age : ages)
        EXPECT_LE(age, milliseconds(1'100));
    EXPECT_LT(ages.back(), milliseconds(300));
}

TEST(LateStream, ThatGoesOnComingTooLateEndsSoThatItIsOpenedAnew)
{
    const auto [ages, why] = agesBehind(milliseconds(1'600), false, 200);
    EXPECT_EQ(why.code, code::CameraRate) << why.message;
    EXPECT_LE(ages.size(), 26U) << "no picture that comes too late is given out";
    EXPECT_TRUE(why.message.starts_with("camera the camera sends its pictures 1.")) << why.message;
}

TEST(LateWatch, TellsHowMuchLaterAPictureComesThanThePromptestOne)
{
    LateWatch watch;
    const Clock::time_point begin = Clock::now();
    const auto late = [&](int takenMs, int cameMs) {
        return std::chrono::duration_cast<milliseconds>(watch.add(begin + milliseconds(cameMs), milliseconds(takenMs)));
    };
    EXPECT_EQ(late(0, 300), milliseconds(0)); // the first one may have waited itself
    EXPECT_EQ(late(40, 310), milliseconds(0));
    EXPECT_EQ(late(80, 320), milliseconds(0));
    EXPECT_EQ(late(120, 360), milliseconds(0)) << "from here on they are as prompt as it gets";
    EXPECT_EQ(late(160, 900), milliseconds(499));
    EXPECT_EQ(late(710, 950), milliseconds(0));
}

TEST(LateWatch, ACameraWhoseClockRunsAThousandthWrongIsNotLateForIt)
{
    LateWatch watch;
    const Clock::time_point begin = Clock::now();
    Clock::duration most{};
    for (int second = 0; second < 24 * 3'600; ++second)
        most = std::max(most, watch.add(begin + std::chrono::microseconds(1'000'900) * second, std::chrono::seconds(second)));
    EXPECT_LT(most, milliseconds(10));
}

TEST(LateWatch, ATrafficJamIsNotForgottenForMinutes)
{
    LateWatch watch;
    const Clock::time_point begin = Clock::now();
    (void)watch.add(begin, {});
    for (int second = 1; second <= 300; ++second)
        EXPECT_GT(watch.add(begin + std::chrono::seconds(second) + milliseconds(800), std::chrono::seconds(second)), milliseconds(490)) << second;
}

TEST(LateWatch, AClockThatTremblesDoesNotMakeALatePictureAPromptOne)
{
    LateWatch watch;
    const Clock::time_point begin = Clock::now();
    (void)watch.add(begin, {});
    EXPECT_GE(watch.add(begin + milliseconds(840), milliseconds(40)), milliseconds(799));
    EXPECT_GE(watch.add(begin + milliseconds(841), milliseconds(39)), milliseconds(799));
    EXPECT_GE(watch.add(begin + milliseconds(920), milliseconds(120)), milliseconds(797));
}

TEST(LateWatch, AClockThatIsSetBackBeginsAnew)
{
    LateWatch watch;
    const Clock::time_point begin = Clock::now();
    (void)watch.add(begin, std::chrono::seconds(100));
    EXPECT_EQ(watch.add(begin + milliseconds(40), std::chrono::seconds(0)), Clock::duration(0));
}

INSTANTIATE_TEST_SUITE_P(Ways, NetworkCameraTest,
                         ::testing::Values(Way{"RtspOverTcp", "rtsp", NetworkTransport::Tcp},
                                           Way{"RtspOverUdp", "rtsp", NetworkTransport::Udp},
                                           Way{"Http", "http", NetworkTransport::Tcp}),
                         [](const auto &given) { return given.param.name; });

/// Pictures that build on one another; how long each may stand still as the camera says with it.
class CompressedStreamTest : public ::testing::Test
{
protected:
    [[nodiscard]] static std::uint8_t noise(int picture, int x, int y)
    {
        const auto mixed = static_cast<std::uint32_t>(picture * 7919 + x * 104729 + y * 1299709) * 2654435761U;
        return static_cast<std::uint8_t>(100 + (mixed >> 27)); // 0 to 31 on top
    }
    struct Told
    {
        std::vector<bool> isShort; ///< with each picture: a standstill of 2 s means that the camera hangs
        Error end = {};
    };
    [[nodiscard]] static Told read(const testing::ClipScene &scene)
    {
        const CameraServer server({.page = testing::videoClip(scene)});
        NetworkCamera camera;
        std::vector<bool> isShort;
        if (const Result<void> opened = camera.open(server.address("http"), optionsFor()); !opened)
            return {isShort, opened.error()};
        while (true) {
            const Result<Frame> frame = camera.read(milliseconds(500));
            if (!frame)
                return {isShort, frame.error()};
            isShort.push_back(camera.describe().longestFreeze < milliseconds(2'000));
        }
    }
};

TEST_F(CompressedStreamTest, ThatCarriesTheNoiseOfItsSensorMayNotStandStillForLong)
{
    const auto [isShort, end] = read({90, 600, [](int picture, int x, int y) { return noise(std::min(picture, 40), x, y); }});
    ASSERT_GE(isShort.size(), 85U);
    EXPECT_TRUE(std::all_of(isShort.end() - 40, isShort.end(), [](bool isSoon) { return isSoon; }));
    EXPECT_EQ(end.code, code::CameraNotFound); // the clip is over
}

TEST_F(CompressedStreamTest, WhoseEncoderLeavesTheNoiseOutBetweenKeyPicturesMayStandStillForLong)
{
    const auto [isShort, end] = read({72, 12, [](int picture, int x, int y) { return noise(picture / 12, x, y); }});
    ASSERT_GE(isShort.size(), 65U);
    EXPECT_EQ(std::count(isShort.begin(), isShort.end(), true), 0);
    EXPECT_EQ(end.code, code::CameraNotFound);
}

TEST_F(CompressedStreamTest, WhoseKeyPicturesAreEqualHangsWhateverLiesBetween)
{
    const auto [isShort, end] = read({72, 12, [](int picture, int x, int y) { return noise(std::min(picture, 18), x, y); }});
    EXPECT_EQ(end.code, code::CameraFrozen);
    EXPECT_EQ(isShort.size(), 36U); // it hangs from picture 18 on: the key pictures 24 and 36 are the first two that are equal
}

TEST_F(CompressedStreamTest, ThatShowedAMovingPartOnAStillGroundMayStandStillForLong)
{
    const std::vector<bool> isShort = read({60, 600, [](int picture, int x, int y) {
        const int left = 2 * std::min(picture, 30);
        return x >= left && x < left + 24 && y >= 40 && y < 64 ? std::uint8_t{220} : noise(0, x, y);
    }}).isShort;
    ASSERT_GE(isShort.size(), 55U);
    EXPECT_EQ(std::count(isShort.begin(), isShort.end(), true), 0);
}

TEST(NetworkCamera, APictureThatIsCutIsLeftOutAndNotFilledUp)
{
    const CameraServer server({.damagedFrom = 6});
    NetworkCamera camera;
    ASSERT_TRUE(camera.open(server.address("http"), optionsFor()));
    const auto [reds, why] = readAll(camera);
    EXPECT_LE(reds.size(), 6U);
    EXPECT_EQ(why.code, code::CameraNoFrame); // 50 damaged pictures a second are no picture
}

TEST(NetworkCamera, APlaylistOrAPageIsNoVideo)
{
    for (const std::string page : {"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile:///etc/hosts\n", "<html>log in</html>",
                                   "ffconcat version 1.0\nfile /etc/hosts\n", "v=0\no=- 0 0 IN IP4 127.0.0.1\n"}) {
        const CameraServer server({.page = page});
        NetworkCamera camera;
        const Result<void> opened = camera.open(server.address("http"), optionsFor());
        ASSERT_FALSE(opened) << page;
        // FFmpeg tells a text that it knows from a host that it lost, but not a text that it does not know.
        EXPECT_TRUE(opened.error().code == code::CameraNoFrame || opened.error().code == code::CameraNotFound)
            << page << opened.error().message;
    }
}

TEST(NetworkCamera, AConnectionThatTheCameraClosesIsToldAtOnce)
{
    for (const std::string scheme : {"rtsp", "http"}) { // over UDP a camera just falls silent
        const CameraServer server({.closesAfter = 5});
        NetworkCamera camera;
        ASSERT_TRUE(camera.open(server.address(scheme), optionsFor()));
        const auto [reds, why] = readAll(camera);
        EXPECT_LE(reds.size(), 5U);
        EXPECT_GE(reds.size(), 3U);
        EXPECT_EQ(why.code, code::CameraNotFound);
    }
}

TEST(NetworkCamera, TwoCamerasOneAfterTheOtherAndAtOnceKeepTheirOwnTransport)
{
    const CameraServer byTcp({}), byUdp({}), byTcpAgain({});
    NetworkCamera first, second, third;
    ASSERT_TRUE(first.open(byTcp.address("rtsp"), optionsFor(NetworkTransport::Tcp)));
    ASSERT_TRUE(second.open(byUdp.address("rtsp"), optionsFor(NetworkTransport::Udp)));
    ASSERT_TRUE(third.open(byTcpAgain.address("rtsp"), optionsFor(NetworkTransport::Tcp)));
    const auto isTcp = [](const CameraServer &server) { return server.transports().at(0).starts_with("RTP/AVP/TCP"); };
    EXPECT_TRUE(isTcp(byTcp));
    EXPECT_FALSE(isTcp(byUdp));
    EXPECT_TRUE(isTcp(byTcpAgain));
    for (NetworkCamera *camera : {&first, &second, &third})
        EXPECT_EQ(readAll(*camera, 5).first.size(), 5U);
}

TEST(NetworkCamera, GivesUpOnAPeerThatAcceptsAndStaysSilent)
{
    // Accepted by the kernel, never answered by anyone.
    const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ASSERT_EQ(bind(listener, reinterpret_cast<const sockaddr *>(&address), sizeof address), 0);
    ASSERT_EQ(listen(listener, 4), 0);
    socklen_t length = sizeof address;
    ASSERT_EQ(getsockname(listener, reinterpret_cast<sockaddr *>(&address), &length), 0);
    const std::string host = "127.0.0.1:" + std::to_string(ntohs(address.sin_port));
    for (const std::string scheme : {"rtsp", "http"}) {
        SourceOptions options = optionsFor();
        options.openTimeout = milliseconds(500);
        NetworkCamera camera;
        const Clock::time_point begun = Clock::now();
        const Result<void> opened = camera.open(scheme + "://operator:sesame@" + host + "/live", options);
        EXPECT_LT(Clock::now() - begun, milliseconds(3'000));
        ASSERT_FALSE(opened);
        EXPECT_EQ(opened.error().code, code::CameraNoFrame);
        EXPECT_EQ(opened.error().message, "camera the camera gave no picture within 0.5 s");
        EXPECT_EQ(opened.error().object, "the camera");
    }
    close(listener);
}

TEST(NetworkCamera, NobodyThereIsToldAtOnce)
{
    NetworkCamera camera;
    const Result<void> opened = camera.open("rtsp://operator:sesame@127.0.0.1:1/live", optionsFor());
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, code::CameraNotFound);
    EXPECT_EQ(opened.error().message, "camera the camera not found; check address, cable and power");
}

TEST(NetworkCamera, AClosedSourceGivesNoFrame)
{
    NetworkCamera camera;
    EXPECT_FALSE(camera.read(milliseconds(10)));
    const CameraServer server({});
    ASSERT_TRUE(camera.open(server.address("http"), optionsFor()));
    camera.close();
    EXPECT_FALSE(camera.read(milliseconds(10)));
}

} // namespace
} // namespace auroraedge::plugins

#include "app/plugins/source_address.h"

#include "app/plugins/webcams.h"
#include "tests/plugins/scratch_folder.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <utility>
#include <vector>

namespace auroraedge::app {
namespace {

using auroraedge::testing::ScratchFolder;

Result<SourceAddress> parse(const std::string &uri)
{
    return parseSourceAddress(uri, "/nowhere");
}

TEST(SourceAddress, KeepsThePasswordOutOfWhatIsShown)
{
    const Result<SourceAddress> address = parse("rtsp://operator:sesame@camera1:554/live?channel=2");
    ASSERT_TRUE(address);
    EXPECT_EQ(address->scheme, "rtsp");
    EXPECT_EQ(address->opened, "rtsp://operator:sesame@camera1:554/live?channel=2");
    EXPECT_EQ(address->shown, "rtsp://camera1:554/live?channel=2");
}

TEST(SourceAddress, MasksAPasswordThatIsPartOfThePathOrTheQuery)
{
    for (const auto &[uri, shown] : std::vector<std::pair<std::string, std::string>>{
             {"http://cam/video.cgi?user=op&pwd=sesame&rate=5", "http://cam/video.cgi?user=op&pwd=***&rate=5"},
             {"rtsp://cam/user=op_password=sesame_channel=1/live", "rtsp://cam/user=op_password=***/live"},
             {"http://cam/live?Passwd=sesame", "http://cam/live?Passwd=***"},
             {"http://cam/live?api_key=sesame;x=1", "http://cam/live?api_key=***;x=1"}}) {
        const Result<SourceAddress> address = parse(uri);
        ASSERT_TRUE(address) << uri;
        EXPECT_EQ(address->opened, uri);
        EXPECT_EQ(address->shown, shown);
    }
}

TEST(SourceAddress, APasswordThatIsShownAsStarsIsPutBackAlsoWhereTheRestHasChanged)
{
    const std::string kept = "http://cam/video.cgi?user=op&pwd=sesame&rate=5&token=abc";
    EXPECT_EQ(withSecretsOf(kept, parse(kept)->shown), kept);
    EXPECT_EQ(withSecretsOf(kept, "http://cam/other.cgi?pwd=***&rate=9"), "http://cam/other.cgi?pwd=sesame&rate=9");
    EXPECT_EQ(withSecretsOf(kept, "http://cam/video.cgi?pwd=new&key=***"), "http://cam/video.cgi?pwd=new&key=***");
}

TEST(SourceAddress, TakesALoginWithAnyCharacters)
{
    const SourceAddress address = withLogin(*parse("rtsp://camera1:554/live"), "line 3", "s@:/?#%é");
    EXPECT_EQ(address.opened, "rtsp://line%203:s%40:%2F%3F%23%25%C3%A9@camera1:554/live");
    EXPECT_EQ(address.shown, "rtsp://camera1:554/live");
    EXPECT_EQ(parse(address.opened)->shown, address.shown);
}

TEST(SourceAddress, ASchemeMayBeWrittenInCapitals)
{
    EXPECT_EQ(parse("RTSP://operator:sesame@Camera1/live")->shown, "rtsp://camera1/live");
    EXPECT_EQ(parse("File:/parts/a.mp4")->opened, "file:/parts/a.mp4");
}

TEST(SourceAddress, RefusesWhatCouldMeanSomethingElseToADriver)
{
    for (const std::string uri : {
             "", "camera", "0", "concat:/etc/a|/etc/b", "videotestsrc ! appsink", "gst:videotestsrc ! appsink", "pipe:0",
             "uvc:", "uvc:../../sda", "uvc:/dev/sda", "uvc:a b", "uvc:..", "rtsp:", "rtsp://", "rtsp:///live",
             "rtsp://cam era/live", "http://", "file:", "folder:", "sim:x", "ftp://host/a.mp4", "RTSP",
             "rtsp://camera1/live\nX-Evil: 1", "file:a\tb"}) {
        const Result<SourceAddress> address = parse(uri);
        ASSERT_FALSE(address) << uri;
        EXPECT_EQ(address.error().code, code::CameraAddress) << uri;
    }
}

TEST(SourceAddress, ARefusalNeverQuotesAPassword)
{
    for (const std::string uri : {"rtsp://operator:sesame@/live", "rtsp://operator:sesame@cam era/live", "sesame",
                                  "ftp://operator:sesame@host/a", "rtsp://a:sesame@b\n", "rtsp://operator:12/sesame@cam/live",
                                  "rtsp://operator:s@a/sesame#1@cam/live", "rtsp://operator:1?sesame@cam/live"}) {
        const Result<SourceAddress> address = parse(uri);
        ASSERT_FALSE(address) << uri;
        EXPECT_EQ((address.error().message + address.error().object).find("sesame"), std::string::npos) << uri;
    }
}

TEST(SourceAddress, MakesPathsAbsoluteSoThatNoneIsAProtocol)
{
    EXPECT_EQ(parse("file:/line 3/缺陷.mp4")->opened, "file:/line 3/缺陷.mp4");
    EXPECT_EQ(parse("file:///line%203/a.mp4")->opened, "file:/line 3/a.mp4");
    const std::string here = std::filesystem::current_path().string();
    EXPECT_EQ(parse("file:concat:a|b")->opened, "file:" + here + "/concat:a|b");
    EXPECT_EQ(parse("folder:parts")->opened, "folder:" + here + "/parts");
}

TEST(SourceAddress, APictureFileIsOpenedAsAFolderOfOnePictureAndShownAsTheFileThatItIs)
{
    for (const std::string path : {"/parts/缺陷.png", "/parts/a.JPG", "/parts/a.jpeg", "/parts/a.bmp"}) {
        const Result<SourceAddress> address = parse("file:" + path);
        ASSERT_TRUE(address) << path;
        EXPECT_EQ(address->scheme, "folder");
        EXPECT_EQ(address->opened, "folder:" + path);
        EXPECT_EQ(address->shown, "file:" + path);
    }
    EXPECT_EQ(parse("file:/parts/png.mp4")->scheme, "file");
}

TEST(SourceAddress, TakesAWebcamByNameOrNumber)
{
    EXPECT_EQ(parse("uvc:usb-046d_HD_Webcam_C270_2009-video-index0")->opened,
              "uvc:usb-046d_HD_Webcam_C270_2009-video-index0");
    EXPECT_EQ(parse("uvc:0")->scheme, "uvc");
    for (const std::string id : {"usb-摄像头_Camera_#1=A@B-video-index0", "usb-A\\x2fB-video-index0", "pci-0000:00:14.0-usb-0:2:1.0-video-index0"}) {
        const Result<SourceAddress> address = parse("uvc:" + id); // as the system names them
        ASSERT_TRUE(address) << id;
        EXPECT_EQ(address->opened, "uvc:" + id);
    }
}

TEST(SourceAddress, TheBuiltInLineIsAClipOrAFolderAndMarkedAsSimulated)
{
    const ScratchFolder resources;
    EXPECT_EQ(parseSourceAddress("sim:", resources.path()).error().code, code::FileNotFound);
    std::filesystem::create_directories(resources.path() / "demo" / "line");
    EXPECT_EQ(parseSourceAddress("sim:", resources.path())->scheme, "folder");
    std::ofstream(resources / "demo/line.mp4") << "x";
    const Result<SourceAddress> address = parseSourceAddress("sim:", resources.path());
    ASSERT_TRUE(address);
    EXPECT_EQ(address->opened, "file:" + (resources / "demo/line.mp4"));
    EXPECT_EQ(address->shown, "sim:");
    EXPECT_TRUE(address->isSimulated);
    EXPECT_FALSE(parse("file:/a.mp4")->isSimulated);
}

TEST(Webcams, ListsOneEntryACameraUnderItsStableName)
{
    const ScratchFolder devices;
    std::filesystem::create_directories(devices / "by-id");
    for (const std::string name : {"usb-046d_HD_Webcam_C270_2009-video-index0", "usb-046d_HD_Webcam_C270_2009-video-index1",
                                   "usb-Acme_Microscope-video-index0", "something-else"})
        std::ofstream(devices / ("by-id/" + name)).flush();
    const std::vector<Webcam> webcams = pluggedWebcams(devices.path());
    ASSERT_EQ(webcams.size(), 2U);
    EXPECT_EQ(webcams[0].name, "046d HD Webcam C270 2009");
    EXPECT_EQ(webcams[0].id, "usb-046d_HD_Webcam_C270_2009-video-index0");
    EXPECT_EQ(webcams[1].name, "Acme Microscope");
    EXPECT_TRUE(pluggedWebcams(devices / "gone").empty());
}

TEST(Webcams, TwoOfOneModelWithoutASerialAreBothListed)
{
    const ScratchFolder devices;
    const auto link = [&](const std::string &node, const std::string &name) {
        std::filesystem::create_directories((devices.path() / name).parent_path());
        std::ofstream(devices / node).flush();
        std::filesystem::create_symlink(devices / node, devices / name);
    };
    link("video0", "by-path/pci-0000:00:14.0-usb-0:1:1.0-video-index0");
    link("video0", "by-path/pci-0000:00:14.0-usbv2-0:1:1.0-video-index0");
    link("video2", "by-path/pci-0000:00:14.0-usb-0:2:1.0-video-index0");
    link("video4", "by-path/platform-codec-video-index0");
    link("video2", "by-id/usb-Acme_Cam-video-index0"); // the one name that they share
    const std::vector<Webcam> webcams = pluggedWebcams(devices.path());
    ASSERT_EQ(webcams.size(), 2U);
    EXPECT_EQ(webcams[0].id, "usb-Acme_Cam-video-index0");
    EXPECT_EQ(webcams[1].name, "USB 0:1:1.0");
    EXPECT_EQ(webcams[1].id, "pci-0000:00:14.0-usb-0:1:1.0-video-index0");
}

} // namespace
} // namespace auroraedge::app

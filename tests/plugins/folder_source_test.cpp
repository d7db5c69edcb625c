#include "plugins/folder_source/folder_source.h"

#include "plugins/folder_source/still_decoder.h"
#include "tests/plugins/scratch_folder.h"

#include <gtest/gtest.h>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include <fstream>
#include <string>
#include <vector>

namespace auroraedge::plugins {
namespace {

using auroraedge::testing::ScratchFolder;
using std::chrono::milliseconds;

/// A picture with structure, so that a JPEG of it is more than a header. @p red marks it.
cv::Mat picture(int red)
{
    cv::Mat result(48, 64, CV_8UC3, cv::Scalar(0, 0, red)); // BGR
    cv::circle(result, {32, 24}, 15, {40, 200, double(red)}, 3);
    return result;
}

int redOf(const Frame &frame)
{
    return frame.row(0)[0];
}

class FolderSourceTest : public ::testing::Test
{
protected:
    void put(const std::string &name, int red) { ASSERT_TRUE(cv::imwrite(m_folder / name, picture(red))); }
    void putBytes(const std::string &name, const std::string &bytes) { std::ofstream(m_folder / name, std::ios::binary) << bytes; }

    Result<void> open()
    {
        SourceOptions options;
        options.shownAs = "folder:somewhere";
        return m_source.open("folder:" + m_folder.path().string(), options);
    }

    ScratchFolder m_folder;
    FolderSource m_source{milliseconds(0)};
};

TEST_F(FolderSourceTest, ShowsPicturesInTurnByNameRoundAndRound)
{
    put("b.png", 20);
    put("a.bmp", 10);
    put("c.PNG", 30);
    ASSERT_TRUE(open());
    for (const int red : {10, 20, 30, 10}) {
        const Result<Frame> frame = m_source.read(milliseconds(1'000));
        ASSERT_TRUE(frame) << frame.error().message;
        EXPECT_EQ(redOf(*frame), red);
        EXPECT_EQ(frame->source, "folder:somewhere");
    }
}

TEST_F(FolderSourceTest, APictureInThePlaceOfAFolderIsTheOnlyOne)
{
    put("a.png", 10);
    put("b.PNG", 20);
    SourceOptions options;
    options.shownAs = "file:somewhere";
    ASSERT_TRUE(m_source.open("folder:" + (m_folder / "b.PNG"), options));
    EXPECT_EQ(m_source.describe().label, "b.PNG");
    EXPECT_FALSE(m_source.describe().isLive);
    for (int turn = 0; turn < 2; ++turn) {
        const Result<Frame> frame = m_source.read(milliseconds(1'000));
        ASSERT_TRUE(frame) << frame.error().message;
        EXPECT_EQ(redOf(*frame), 20);
        EXPECT_EQ(frame->source, "file:somewhere");
    }
}

TEST_F(FolderSourceTest, SequencesRiseAndNeverRepeat)
{
    put("a.png", 10);
    ASSERT_TRUE(open());
    for (std::uint64_t sequence = 1; sequence <= 5; ++sequence)
        EXPECT_EQ(m_source.read(milliseconds(1'000))->sequence, sequence);
}

TEST_F(FolderSourceTest, LeavesOutWhatCannotBeDecoded)
{
    putBytes("a.jpg", "not a picture at all");
    putBytes("b.png", "");
    putBytes("notes.txt", "no picture by its name");
    put("c.png", 30);
    ASSERT_TRUE(open());
    EXPECT_EQ(redOf(*m_source.read(milliseconds(1'000))), 30);
    EXPECT_EQ(redOf(*m_source.read(milliseconds(1'000))), 30);
}

TEST_F(FolderSourceTest, SaysWhyWhenNothingCanBeDecoded)
{
    putBytes("a.jpg", "not a picture at all");
    ASSERT_TRUE(open());
    const Result<Frame> frame = m_source.read(milliseconds(1'000));
    ASSERT_FALSE(frame);
    EXPECT_EQ(frame.error().code, code::CameraNoFrame);
    EXPECT_NE(frame.error().message.find("a.jpg is not JPEG, PNG or BMP"), std::string::npos) << frame.error().message;
}

TEST_F(FolderSourceTest, AnEmptyOrMissingFolderIsRefused)
{
    EXPECT_EQ(open().error().code, code::CameraNotFound);
    EXPECT_EQ(m_source.open("folder:" + (m_folder / "gone"), {}).error().code, code::FileNotFound);
}

TEST_F(FolderSourceTest, KeepsItsPaceAndIsNoLiveSource)
{
    put("a.png", 10);
    FolderSource slow(milliseconds(60'000));
    ASSERT_TRUE(slow.open("folder:" + m_folder.path().string(), {}));
    ASSERT_TRUE(slow.read(milliseconds(100)));
    EXPECT_EQ(slow.read(milliseconds(1)).error().code, code::CameraNoFrame);
    EXPECT_FALSE(slow.describe().isLive);
    EXPECT_GT(slow.describe().longestGap, milliseconds(60'000));
}

TEST(StillDecoder, RefusesEveryCutOfAJpeg)
{
    const ScratchFolder folder;
    std::vector<std::uint8_t> whole;
    ASSERT_TRUE(cv::imencode(".jpg", picture(200), whole));
    const std::string path = folder / "part7.jpg";
    for (std::size_t length = 0; length < whole.size(); length += 7) {
        std::ofstream(path, std::ios::binary)
            .write(reinterpret_cast<const char *>(whole.data()), static_cast<std::streamsize>(length));
        EXPECT_FALSE(decodeStill(path)) << length << " of " << whole.size() << " bytes";
    }
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char *>(whole.data()), static_cast<std::streamsize>(whole.size()));
    EXPECT_TRUE(decodeStill(path));
}

TEST(StillDecoder, FindsAnImpossibleSizeBeforeAllocatingIt)
{
    const ScratchFolder folder;
    std::vector<std::uint8_t> bytes;
    ASSERT_TRUE(cv::imencode(".png", picture(1), bytes));
    for (const std::size_t at : {16U, 20U}) // width and height, big endian: 60,000
        bytes[at] = 0, bytes[at + 1] = 0, bytes[at + 2] = 0xea, bytes[at + 3] = 0x60;
    const std::string path = folder / "bomb.png";
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char *>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    const Result<Frame> frame = decodeStill(path);
    ASSERT_FALSE(frame);
    EXPECT_EQ(frame.error().code, code::ImageTooManyPixels);
}

} // namespace
} // namespace auroraedge::plugins

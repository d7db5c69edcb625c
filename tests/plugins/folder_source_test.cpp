#include "plugins/folder_source/folder_source.h"

#include "plugins/folder_source/still_decoder.h"
#include "tests/plugins/scratch_folder.h"

#include <QString>

#include <gtest/gtest.h>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include <filesystem>
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

/// Lines of the log while it lives.
class LogLines final
{
public:
    LogLines()
    {
        s_lines.clear();
        m_before = qInstallMessageHandler([](QtMsgType, const QMessageLogContext &, const QString &line) { s_lines.push_back(line.toStdString()); });
    }
    ~LogLines() { qInstallMessageHandler(m_before); }
    [[nodiscard]] const std::vector<std::string> &lines() const { return s_lines; }

private:
    static inline std::vector<std::string> s_lines;
    QtMessageHandler m_before = nullptr;
};

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

TEST_F(FolderSourceTest, TellsEachPictureThatItLeavesOutOnceAndNotInEveryRound)
{
    const LogLines log;
    putBytes("a.jpg", "not a picture at all");
    put("b.png", 20);
    std::filesystem::create_symlink("nowhere.png", m_folder / "c.png");
    std::filesystem::create_directory(m_folder / "d.png");
    ASSERT_TRUE(open());
    EXPECT_EQ(m_source.describe().leftOut.pictures, 0) << "it was not looked at yet";
    for (const int pictures : {1, 2, 2, 2}) {
        ASSERT_TRUE(m_source.read(milliseconds(1'000)));
        EXPECT_EQ(m_source.describe().leftOut.pictures, pictures);
    }
    ASSERT_TRUE(m_source.describe().leftOut.first);
    EXPECT_EQ(m_source.describe().leftOut.first->code, code::ImageUnknownFormat);
    EXPECT_EQ(m_source.describe().leftOut.first->object, m_folder / "a.jpg");
    ASSERT_EQ(log.lines().size(), 2U);
    EXPECT_EQ(log.lines()[0], "IMG-07: a.jpg is not JPEG, PNG or BMP; it is left out of folder:somewhere");
    EXPECT_TRUE(log.lines()[1].starts_with("FS-01: c.png cannot be read")) << log.lines()[1];
    ASSERT_TRUE(open());
    EXPECT_EQ(m_source.describe().leftOut.pictures, 0);
}

TEST_F(FolderSourceTest, SaysWhyWhenNothingCanBeDecoded)
{
    const LogLines log;
    putBytes("a.jpg", "not a picture at all");
    ASSERT_TRUE(open());
    const Result<Frame> frame = m_source.read(milliseconds(1'000));
    ASSERT_FALSE(frame);
    EXPECT_EQ(frame.error().code, code::ImageUnknownFormat);
    EXPECT_EQ(frame.error().message, "a.jpg is not JPEG, PNG or BMP");
    EXPECT_EQ(frame.error().object, m_folder / "a.jpg");
    putBytes("b.png", "");
    ASSERT_TRUE(open());
    EXPECT_EQ(m_source.read(milliseconds(1'000)).error().message,
              "no picture of folder:somewhere can be read; the last: b.png is empty (0 bytes)");
    EXPECT_TRUE(log.lines().empty()) << "the failure tells it";
}

TEST_F(FolderSourceTest, ComesBackInTimeFromManyFilesThatCannotBeRead)
{
    for (const std::string name : {"a.png", "b.png", "c.png"})
        putBytes(name, "");
    put("d.png", 40);
    ASSERT_TRUE(open());
    for (int file = 0; file < 3; ++file) // without any time it looks at one
        EXPECT_EQ(m_source.read(milliseconds(0)).error().code, code::CameraNoFrame);
    const Result<Frame> frame = m_source.read(milliseconds(0));
    ASSERT_TRUE(frame) << "it goes on where it was";
    EXPECT_EQ(redOf(*frame), 40);
}

TEST_F(FolderSourceTest, TellsWhenItsFilesAreGone)
{
    put("a.png", 10);
    ASSERT_TRUE(open());
    ASSERT_TRUE(m_source.read(milliseconds(1'000)));
    std::filesystem::remove(m_folder / "a.png");
    EXPECT_EQ(m_source.read(milliseconds(1'000)).error().code, code::FileUnreadable);
    EXPECT_EQ(open().error().code, code::CameraNotFound);
}

TEST_F(FolderSourceTest, AnEmptyOrMissingFolderIsRefused)
{
    EXPECT_EQ(open().error().code, code::CameraNotFound);
    EXPECT_EQ(m_source.open("folder:" + (m_folder / "gone"), {}).error().code, code::FileNotFound);
    putBytes("line.mp4", "a video");
    EXPECT_EQ(m_source.open("folder:" + (m_folder / "line.mp4"), {}).error().message, (m_folder / "line.mp4") + " is no folder");
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

void write(const std::string &path, const std::vector<std::uint8_t> &bytes, std::size_t length)
{
    std::ofstream(path, std::ios::binary).write(reinterpret_cast<const char *>(bytes.data()), static_cast<std::streamsize>(length));
}

TEST(StillDecoder, RefusesEveryCutOfAPicture)
{
    const ScratchFolder folder;
    for (const std::string kind : {".jpg", ".png", ".bmp"}) {
        std::vector<std::uint8_t> whole;
        ASSERT_TRUE(cv::imencode(kind, picture(200), whole));
        const std::string path = folder / ("part7" + kind);
        for (std::size_t length = 0; length < whole.size(); length += 7) {
            write(path, whole, length);
            const Result<Frame> frame = decodeStill(path);
            ASSERT_FALSE(frame) << length << " of " << whole.size() << " bytes, " << kind;
            const bool isKnown = kind != ".jpg" && length > 8; // a JPEG may look damaged instead
            EXPECT_TRUE(!isKnown || frame.error().code == code::ImageIncomplete) << length << " bytes, " << kind;
        }
        write(path, whole, whole.size());
        EXPECT_TRUE(decodeStill(path)) << kind;
    }
}

TEST(StillDecoder, RefusesAPictureOfSixteenBitsThatWouldLookDarkerThanItIs)
{
    const ScratchFolder folder;
    const cv::Mat twelveBits(48, 64, CV_16UC3, cv::Scalar(3000, 3000, 3000)); // as sensors give them: of 4095
    ASSERT_TRUE(cv::imwrite(folder / "deep.png", twelveBits));
    EXPECT_EQ(decodeStill(folder / "deep.png").error().code, code::ImageDepth);
}

TEST(StillDecoder, RefusesAnAnimation)
{
    const ScratchFolder folder;
    std::vector<std::uint8_t> bytes;
    ASSERT_TRUE(cv::imencode(".png", picture(200), bytes));
    const std::string control("\0\0\0\x8" "acTL" "\0\0\0\x2" "\0\0\0\0" "\0\0\0\0", 20); // two pictures; told before its checksum
    bytes.insert(bytes.begin() + 33, control.begin(), control.end()); // behind the header
    write(folder / "moving.png", bytes, bytes.size());
    EXPECT_EQ(decodeStill(folder / "moving.png").error().code, code::ImageAnimated);
}

TEST(StillDecoder, FindsAnImpossibleSizeBeforeAllocatingIt)
{
    const ScratchFolder folder;
    std::vector<std::uint8_t> bytes;
    ASSERT_TRUE(cv::imencode(".png", picture(1), bytes));
    for (const std::size_t at : {16U, 20U}) // width and height, big endian: 60,000
        bytes[at] = 0, bytes[at + 1] = 0, bytes[at + 2] = 0xea, bytes[at + 3] = 0x60;
    const std::string path = folder / "bomb.png";
    write(path, bytes, bytes.size());
    const Result<Frame> frame = decodeStill(path);
    ASSERT_FALSE(frame);
    EXPECT_EQ(frame.error().code, code::ImageTooManyPixels);
}

} // namespace
} // namespace auroraedge::plugins

#include "app/settings/source_book.h"

#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

namespace auroraedge::app {
namespace {

using plugins::CameraControl;
using std::chrono::milliseconds;
using testing::readFile;
using testing::TemporaryFolder;

class SourceBookTest : public ::testing::Test
{
protected:
    Error refusal(const std::string &text)
    {
        (void)m_home.write("sources.json", text);
        const Result<SourceBook> book = readSourceBook(m_file);
        EXPECT_FALSE(book) << text;
        return book ? Error{} : book.error();
    }
    const TemporaryFolder m_home;
    const std::filesystem::path m_file = m_home / "sources.json";
};

TEST_F(SourceBookTest, ReadsWhatWasWritten)
{
    SourceBook book;
    EXPECT_EQ(*readSourceBook(m_file), book);
    book.saved = {{"Gate 3", "rtsp://gate/live", plugins::NetworkTransport::Udp, milliseconds(5'000)},
                  {"缺陷", "http://10.0.0.7/mjpeg", plugins::NetworkTransport::Tcp, milliseconds(2'000)}};
    book.cameras["uvc:usb-046d_C270-video-index0"]
        = {"046d:0825 A1", {{CameraControl::Exposure, {false, 120}}, {CameraControl::WhiteBalance, {true, 4'600}},
                            {CameraControl::Focus, {false, -3}}, {CameraControl::Gain, {false, 0}}}};
    book.cameras["rtsp://gate/live"] = {};
    ASSERT_TRUE(writeSourceBook(m_file, book));
    EXPECT_EQ(*readSourceBook(m_file), book);
    ASSERT_TRUE(writeSourceBook(m_file, {}));
    EXPECT_EQ(*readSourceBook(m_file), SourceBook{});
}

TEST_F(SourceBookTest, ANameThatIsNoTextIsMendedAndNotThrownAt)
{
    ASSERT_TRUE(writeSourceBook(m_file, {{{"\xff\xfe", "rtsp://gate/live"}}, {}}));
    EXPECT_EQ(readSourceBook(m_file)->saved.at(0).address, "rtsp://gate/live");
}

TEST_F(SourceBookTest, WhatIsDamagedIsToldAndNotGuessedAt)
{
    for (const char *text : {"", "[]", "{", R"({"version": 2})", R"({"saved": {}})", R"({"saved": [{"name": "a"}]})",
                             R"({"saved": [{"name": "a", "address": "rtsp://b", "transport": "icmp"}]})",
                             R"({"saved": [{"name": "a", "address": "rtsp://b", "open_timeout_ms": 0}]})",
                             R"({"saved": [{"name": "a", "address": "rtsp://b", "password": "c"}]})",
                             R"({"cameras": []})", R"({"cameras": {"uvc:0": {"exposure": 3}}})",
                             R"({"cameras": {"uvc:0": {"exposure": {"auto": true, "value": 1e300}}}})",
                             R"({"cameras": {"uvc:0": {"iris": {"auto": true}}}})"}) {
        const Error error = refusal(text);
        EXPECT_EQ(error.code, code::SettingsDamaged) << text;
        EXPECT_EQ(error.object, m_file.string());
        EXPECT_FALSE(error.message.empty());
    }
}

TEST_F(SourceBookTest, AFolderThatCannotBeWrittenIsTold)
{
    EXPECT_EQ(writeSourceBook(m_home / "gone/sources.json", {}).error().code, code::FolderNotWritable);
}

} // namespace
} // namespace auroraedge::app

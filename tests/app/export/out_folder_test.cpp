#include "app/export/out_folder.h"

#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <sys/mount.h>

#include <algorithm>
#include <cstring>
#include <vector>

namespace auroraedge::app {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::readFile;
using namespace std::string_literals;

class OutFolderTest : public ::testing::Test
{
protected:
    Result<std::unique_ptr<OutFolder>> create(bool replaces = false) { return OutFolder::create(m_folder / "set", "marker.json", replaces); }
    std::string refusal(bool replaces)
    {
        const Result<std::unique_ptr<OutFolder>> folder = create(replaces);
        return folder ? "created" : std::string(folder.error().code.text()) + ": " + folder.error().message;
    }
    std::vector<std::string> names(const std::string &folder = {}) const
    {
        std::vector<std::string> all;
        for (const auto &entry : fs::directory_iterator(m_folder / folder))
            all.push_back(entry.path().filename().string());
        std::ranges::sort(all);
        return all;
    }

    testing::TemporaryFolder m_folder;
};

TEST_F(OutFolderTest, IsThereWhenItIsWhole)
{
    Result<std::unique_ptr<OutFolder>> folder = create();
    ASSERT_TRUE(folder);
    ASSERT_TRUE((*folder)->write("images/a.png", "pixels"s));
    ASSERT_TRUE((*folder)->append("list", "1\n"s));
    ASSERT_TRUE((*folder)->append("list", "2\n"s));
    EXPECT_THAT(names(), ElementsAre("set.part"));
    ASSERT_TRUE((*folder)->publish());
    folder->reset();
    EXPECT_THAT(names(), ElementsAre("set"));
    EXPECT_EQ(readFile(m_folder / "set/images/a.png"), "pixels");
    EXPECT_EQ(readFile(m_folder / "set/list"), "1\n2\n");
}

TEST_F(OutFolderTest, LeavesNothingBefore)
{
    (void)(*create())->write("images/a.png", "pixels"s);
    EXPECT_THAT(names(), ElementsAre());
}

TEST_F(OutFolderTest, ClearsWhatAKilledRunHasLeft)
{
    m_folder.write("set.part/images/old.png", "old"s);
    const Result<std::unique_ptr<OutFolder>> folder = create();
    ASSERT_TRUE(folder);
    ASSERT_TRUE((*folder)->publish());
    EXPECT_THAT(names("set"), ElementsAre());
}

TEST_F(OutFolderTest, ReplacesOnlyAFolderOfItsKindAndOnlyWhenAsked)
{
    m_folder.write("set/holiday.jpg", "mine"s);
    EXPECT_THAT(refusal(false), HasSubstr("CLI-01: " + (m_folder / "set").string() + " is there already"));
    EXPECT_THAT(refusal(true), HasSubstr("is not of this kind")) << "no folder of the user's is removed";
    EXPECT_EQ(readFile(m_folder / "set/holiday.jpg"), "mine");
    m_folder.write("set/marker.json", "{}"s);
    EXPECT_THAT(refusal(false), HasSubstr("CLI-01"));
    {
        const Result<std::unique_ptr<OutFolder>> folder = create(true);
        ASSERT_TRUE(folder);
        ASSERT_TRUE((*folder)->write("marker.json", "{}"s));
        EXPECT_THAT(names("set"), ElementsAre("holiday.jpg", "marker.json")) << "the old one stays until the new one is whole";
        ASSERT_TRUE((*folder)->publish());
    }
    EXPECT_THAT(names("set"), ElementsAre("marker.json"));
    EXPECT_THAT(names(), ElementsAre("set"));
    fs::remove_all(m_folder / "set");
    m_folder.write("set", "a file"s);
    EXPECT_THAT(refusal(true), HasSubstr("CLI-01"));
}

TEST_F(OutFolderTest, KeepsASecondProgramOut)
{
    const Result<std::unique_ptr<OutFolder>> first = create();
    ASSERT_TRUE(first);
    EXPECT_THAT(refusal(false), HasSubstr("APP-01: another program is writing"));
    ASSERT_TRUE((*first)->write("a", "1"s));
    ASSERT_TRUE((*first)->publish());
    EXPECT_THAT(names("set"), ElementsAre("a"));
}

TEST_F(OutFolderTest, LeavesNothingOnAFullDisk)
{
    fs::create_directories(m_folder / "small");
    if (mount("tmpfs", (m_folder / "small").c_str(), "tmpfs", 0, "size=128k") != 0)
        GTEST_SKIP() << "a small disk cannot be mounted here: " << std::strerror(errno);
    Result<void> written;
    {
        const Result<std::unique_ptr<OutFolder>> folder = OutFolder::create(m_folder / "small/set", "marker.json", false);
        ASSERT_TRUE(folder);
        for (int i = 0; i < 10 && written; ++i)
            written = (*folder)->write("images/" + std::to_string(i), std::string(40'000, 'x'));
    }
    const std::vector<std::string> left = names("small");
    umount2((m_folder / "small").c_str(), MNT_DETACH);
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().code, code::DiskFull);
    EXPECT_THAT(left, ElementsAre());
}

} // namespace
} // namespace auroraedge::app

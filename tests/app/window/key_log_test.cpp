#include "app/window/key_log.h"

#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>

#include <Qt>

#include <filesystem>
#include <fstream>
#include <string>
#include <utility>

namespace auroraedge::app {
namespace {

using ::testing::HasSubstr;
using Kind = KeyStep::Kind;

TEST(KeyLog, IsReadStepByStepWithCommentsLeftOut)
{
    const auto steps = parseKeyLog("# a shift\n\n  wait ready\r\nkey F1\nkey A\nkey /\ntype two  words\npage review\nclick faultDismiss\n"
                                   "wait statistics\nwait alarm FS-09\nwait file /tmp/my turn\nmemory");
    ASSERT_TRUE(steps) << steps.error().message;
    ASSERT_EQ(steps->size(), 11U);
    EXPECT_EQ(steps->at(0).kind, Kind::Wait);
    EXPECT_EQ(steps->at(0).line, 3);
    EXPECT_EQ(steps->at(1).key, Qt::Key_F1);
    EXPECT_EQ(steps->at(2).key, Qt::Key_A);
    EXPECT_EQ(steps->at(3).key, Qt::Key_Slash);
    EXPECT_EQ(steps->at(4).word, "two  words");
    EXPECT_EQ(steps->at(5).kind, Kind::Page);
    EXPECT_EQ(steps->at(6).word, "faultDismiss");
    EXPECT_EQ(steps->at(7).word, "statistics");
    EXPECT_EQ(steps->at(8).detail, "FS-09");
    EXPECT_EQ(steps->at(9).detail, "/tmp/my turn");
    EXPECT_EQ(steps->at(10).kind, Kind::Memory);
}

TEST(KeyLog, RepeatsWhatStandsBetweenRepeatAndEnd)
{
    const auto steps = parseKeyLog("key A\nrepeat 3\nkey J\nwait picture\nend\nkey Z\n");
    ASSERT_TRUE(steps) << steps.error().message;
    ASSERT_EQ(steps->size(), 8U);
    EXPECT_EQ(steps->at(5).word, "J");
    EXPECT_EQ(steps->at(6).word, "picture");
    EXPECT_EQ(steps->at(7).word, "Z");
}

class BadKeyLogTest : public ::testing::TestWithParam<std::pair<const char *, const char *>>
{
};

TEST_P(BadKeyLogTest, IsRefusedAsUsageInOneSentenceThatNamesTheLine)
{
    const auto steps = parseKeyLog(GetParam().first);
    ASSERT_FALSE(steps);
    EXPECT_EQ(steps.error().code, code::Usage);
    EXPECT_THAT(steps.error().message, HasSubstr(GetParam().second));
    EXPECT_EQ(steps.error().message.find('\n'), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(Lines, BadKeyLogTest,
                         ::testing::Values(std::pair("", "no steps"), std::pair("# nothing\n", "no steps"), std::pair("key A\nkye B", "line 2: 'kye'"),
                                           std::pair("key Foo", "line 1: there is no key 'Foo'"), std::pair("key Ctrl+A", "no key"),
                                           std::pair("key", "no key"), std::pair("page settings", "no page 'settings'"), std::pair("wait ever", "'ever'"),
                                           std::pair("wait picture now", "'picture now'"), std::pair("wait file", "'file'"), std::pair("type", "needs a word"),
                                           std::pair("click ", "needs a word"), std::pair("memory all", "not understood"),
                                           std::pair("key A\nrepeat 3\nkey B", "has no 'end'"), std::pair("end", "without 'repeat'"),
                                           std::pair("repeat 2\nrepeat 2\nend\nend", "inside"), std::pair("repeat 0\nend", "above 0"),
                                           std::pair("repeat 99999999999\nend", "above 0"), std::pair("repeat many\nend", "'many'"),
                                           std::pair("repeat 1000000\nkey A\nkey B\nend\nkey A", "1000000 steps")));

TEST(KeyLog, ThatIsNotThereOrUnreadableIsToldByItsName)
{
    const testing::TemporaryFolder folder;
    const auto missing = readKeyLog(folder / "none.keys");
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().code, code::FileNotFound);
    EXPECT_THAT(missing.error().message, HasSubstr("none.keys"));
    std::filesystem::create_directory(folder / "a folder");
    const auto unreadable = readKeyLog(folder / "a folder");
    ASSERT_FALSE(unreadable);
    EXPECT_EQ(unreadable.error().code, code::FileUnreadable);
    std::ofstream(folder / "good.keys") << "key A\n";
    EXPECT_TRUE(readKeyLog(folder / "good.keys"));
}

} // namespace
} // namespace auroraedge::app

#include "app/window/window_options.h"

#include <gmock/gmock.h>

namespace auroraedge::app {
namespace {

using ::testing::HasSubstr;

TEST(WindowOptions, AreTheStationsDefaultsWhenNothingIsGiven)
{
    const auto options = parseWindowOptions({});
    ASSERT_TRUE(options);
    EXPECT_TRUE(options->source.empty());
    EXPECT_TRUE(options->model.empty());
    EXPECT_EQ(options->page, "live");
    EXPECT_EQ(options->theme, "");
    EXPECT_EQ(options->scale, 1);
    EXPECT_EQ(options->threads, 0);
    EXPECT_EQ(options->soakMinutes, 0);
    EXPECT_FALSE(options->wantsHelp || options->wantsVersion);
}

TEST(WindowOptions, AreReadWithASpaceOrAnEqualsSign)
{
    const auto options = parseWindowOptions({"--source", "rtsp://cam/stream?a=b", "--model=nano", "--data-dir", "/var/station",
                                             "--page=statistics", "--lang", "zh_CN", "--theme", "light", "--scale=1.5",
                                             "--device", "cuda:0", "--precision", "bf16", "--threads", "3", "--reviewer=maria lópez"});
    ASSERT_TRUE(options);
    EXPECT_EQ(options->source, "rtsp://cam/stream?a=b");
    EXPECT_EQ(options->model, "nano");
    EXPECT_EQ(options->dataFolder, "/var/station");
    EXPECT_EQ(options->page, "statistics");
    EXPECT_EQ(options->language, "zh_CN");
    EXPECT_EQ(options->theme, "light");
    EXPECT_EQ(options->scale, 1.5);
    EXPECT_EQ(options->device, "cuda:0");
    EXPECT_EQ(options->precision, "bf16");
    EXPECT_EQ(options->threads, 3);
    EXPECT_EQ(options->reviewer, "maria lópez");
}

TEST(WindowOptions, ASoakRunsForItsMinutesOnTheSimulatedLineAlone)
{
    EXPECT_EQ(parseWindowOptions({"--soak", "0.25"})->soakMinutes, 0.25);
    const auto refused = parseWindowOptions({"--soak", "30", "--source", "uvc:0"});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, code::Usage);
    EXPECT_THAT(refused.error().message, HasSubstr("--source"));
}

TEST(WindowOptions, AKeyLogIsNotReplayedDuringASoak)
{
    EXPECT_EQ(parseWindowOptions({"--keys", "shift.keys"})->keyLog, "shift.keys");
    const auto refused = parseWindowOptions({"--soak", "30", "--keys", "shift.keys"});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, code::Usage);
}

TEST(WindowOptions, HelpAndVersionAreHeard)
{
    EXPECT_TRUE(parseWindowOptions({"--help"})->wantsHelp);
    EXPECT_TRUE(parseWindowOptions({"-h"})->wantsHelp);
    EXPECT_TRUE(parseWindowOptions({"--version"})->wantsVersion);
}

TEST(WindowOptions, TheHelpNamesEveryOption)
{
    const std::string usage = windowUsage();
    for (const char *option : {"--source", "--model", "--data-dir", "--screenshots", "--page", "--lang", "--theme", "--scale", "--device",
                               "--precision", "--threads", "--soak", "--keys", "--version", "--help"})
        EXPECT_THAT(usage, HasSubstr(option));
}

class BadOptionsTest : public ::testing::TestWithParam<std::vector<std::string>>
{
};

TEST_P(BadOptionsTest, AreRefusedAsUsageWithExitCode2AndNamed)
{
    const auto options = parseWindowOptions(GetParam());
    ASSERT_FALSE(options);
    EXPECT_EQ(options.error().code, code::Usage);
    EXPECT_EQ(options.error().code.text(), "CLI-01");
    EXPECT_EQ(exitCodeOf(options.error().code), 2);
    const std::string &given = GetParam().front();
    EXPECT_THAT(options.error().message, HasSubstr(given.substr(0, given.find('='))));
    EXPECT_THAT(options.error().message, HasSubstr("--help"));
}

using Words = std::vector<std::string>;
INSTANTIATE_TEST_SUITE_P(CommandLine, BadOptionsTest,
                         ::testing::Values(Words{"--sorce", "sim:"}, Words{"picture.jpg"}, Words{"--source"},
                                           Words{"--source="}, Words{"--model", ""}, Words{"--page", "settings"},
                                           Words{"--lang", "xx"}, Words{"--theme=blue"}, Words{"--scale", "0.4"},
                                           Words{"--scale", "nan"}, Words{"--scale", "2x"}, Words{"--threads", "-1"},
                                           Words{"--threads", "1.5"}, Words{"--threads", "99999999999"},
                                           Words{"--precision", "int8"}, Words{"--soak", "0"},
                                           Words{"--soak", "ever"}, Words{"--keys", ""}));

} // namespace
} // namespace auroraedge::app

#include "app/export/utc_text.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>
#include <string>

namespace auroraedge::app {
namespace {

/// The clock on the wall of a station for the length of a test.
class UtcTextTest : public ::testing::Test
{
protected:
    static void liveIn(const char *zone)
    {
        setenv("TZ", zone, 1);
        tzset();
    }
    void TearDown() override { liveIn("UTC0"); }

    /// What is read, written again; "none" for a text that is no time.
    static std::string read(const std::string &text, bool isEnd = false)
    {
        const std::optional<std::int64_t> time = utcMsOf(text, isEnd);
        return time ? utcText(*time) : "none";
    }
};

TEST_F(UtcTextTest, WritesMilliseconds)
{
    EXPECT_EQ(utcText(0), "1970-01-01T00:00:00.000Z");
    EXPECT_EQ(utcText(1'700'000'000'123), "2023-11-14T22:13:20.123Z");
    EXPECT_EQ(utcText(-1), "1969-12-31T23:59:59.999Z");
}

TEST_F(UtcTextTest, ReadsTheClockOnTheWallUnlessItSaysUtc)
{
    liveIn("EST5"); // five hours behind
    EXPECT_EQ(read("2026-11-26T14:30"), "2026-11-26T19:30:00.000Z");
    EXPECT_EQ(read("2026-11-26T14:30:05Z"), "2026-11-26T14:30:05.000Z");
    EXPECT_EQ(read("2026-11-26"), "2026-11-26T05:00:00.000Z");
    EXPECT_EQ(read("2026-11-26Z"), "2026-11-26T00:00:00.000Z");
}

TEST_F(UtcTextTest, EndsADayWithTheNextOne)
{
    EXPECT_EQ(read("2026-12-31Z", true), "2027-01-01T00:00:00.000Z");
    EXPECT_EQ(read("2026-12-31T10:00Z", true), "2026-12-31T10:00:00.000Z");
    liveIn("CET-1CEST,M3.5.0,M10.5.0/3"); // the day has 25 hours
    EXPECT_EQ(*utcMsOf("2026-10-25", true) - *utcMsOf("2026-10-25", false), 25 * 3'600'000);
}

TEST_F(UtcTextTest, TakesNoOtherText)
{
    for (const char *text : {"", "yesterday", "2026", "2026-11", "2026-11-26T", "2026-11-26 14:30", "2026-13-01", "2026-02-30", "2026-11-26T24:00",
                             "2026-11-26T14:60", "2026-11-26T14:30:", "2026-11-26T14:30:05.5", "-026-11-26", "+026-11-26", "2026-11-26ZZ",
                             "1969-12-31"})
        EXPECT_EQ(read(text), "none") << text;
}

} // namespace
} // namespace auroraedge::app

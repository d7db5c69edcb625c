#include "app/cli/display_text.h"

#include <gtest/gtest.h>

namespace auroraedge::app {
namespace {

using namespace std::string_literals;

TEST(DisplayText, LeavesReadableTextAsItIs)
{
    for (const char *text : {"", "yes", "3 Flaschen auf dem Förderband", "瓶子", "part \"7\" \\ 8", "\U0001F37E"})
        EXPECT_EQ(displayText(text), text);
}

TEST(DisplayText, ShowsWhatWouldSteerATerminal)
{
    EXPECT_EQ(displayText("\x1b[2Jcleared"), "\\x1b[2Jcleared");
    EXPECT_EQ(displayText("a\nb\tc\rd"), "a\\nb\\tc\\rd");
    EXPECT_EQ(displayText("nul \0 and del \x7f"s), "nul \\x00 and del \\x7f");
    EXPECT_EQ(displayText("\xC2\x9B" "31m"), "\\x9b31m") << "one-byte CSI as a Unicode character";
}

TEST(DisplayText, ShowsMarksThatTurnTheReadingDirection)
{
    EXPECT_EQ(displayText("a\u202Egpj.exe"), "a\\u202egpj.exe");
    for (const char *mark : {"\u200E", "\u200F", "\u061C", "\u202A", "\u202D", "\u2066", "\u2069", "\u2028"})
        EXPECT_TRUE(displayText(mark).starts_with("\\u")) << displayText(mark);
}

TEST(DisplayText, ReplacesBytesThatAreNotUtf8)
{
    const std::string replacement = "\uFFFD";
    EXPECT_EQ(displayText("a\xFF"), "a" + replacement);
    EXPECT_EQ(displayText("\xC0\x9B"), replacement + replacement) << "ESC-like overlong form";
    EXPECT_EQ(displayText("\xED\xA0\x80"), replacement + replacement + replacement) << "surrogate";
    EXPECT_EQ(displayText("\xF4\x90\x80\x80").substr(0, 3), replacement) << "beyond U+10FFFF";
    EXPECT_EQ(displayText("cut \xE7\x93"), "cut " + replacement + replacement);
}

} // namespace
} // namespace auroraedge::app

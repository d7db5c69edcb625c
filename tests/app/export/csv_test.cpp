#include "app/export/csv.h"

#include <gtest/gtest.h>

#include <random>

namespace auroraedge::app {
namespace {

using namespace std::string_literals;

TEST(CsvField, QuotesWhatWouldEndAField)
{
    EXPECT_EQ(csvField("plain"), "plain");
    EXPECT_EQ(csvField("a,b"), "\"a,b\"");
    EXPECT_EQ(csvField("say \"no\""), "\"say \"\"no\"\"\"");
    EXPECT_EQ(csvField("two\nlines"), "\"two\nlines\"");
}

TEST(CsvField, LeavesNoFormulaForASpreadsheet)
{
    for (const char *text : {"=1+1", "+1", "-1", "@SUM(A1)", "\t=1"})
        EXPECT_EQ(csvField(text), "'"s + text);
    for (const char *text : {"＝1+1", "＋1", "－1", "＠SUM(A1)"})
        EXPECT_EQ(csvField(text), "'"s + text) << "full width";
    EXPECT_EQ(csvField("\r=1"), "\"'\r=1\"");
    EXPECT_EQ(csvField("\n=1"), "\"'\n=1\"");
    EXPECT_EQ(csvField("\0=1"s), "'=1");
    EXPECT_EQ(csvField("=HYPERLINK(\"x\",\"y\")"), "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\"");
    EXPECT_EQ(csvField("1-1"), "1-1") << "a sign inside is harmless";
    EXPECT_EQ(csvField("'=1"), "''=1") << "it is not what \"=1\" becomes";
    EXPECT_EQ(csvField("'tis"), "'tis");
}

TEST(CsvTexts, AreWhatTheFieldsWereMadeOf)
{
    std::mt19937 random(3);
    constexpr std::string_view kLetters = "''=+-@\t\r\n\",,ab \xC3\xA9\xFF";
    for (int round = 0; round < 5000; ++round) {
        std::vector<std::string> texts(1 + random() % 4);
        std::string record;
        for (std::string &text : texts) {
            for (std::size_t length = random() % 6; length > 0; --length)
                text += kLetters[random() % kLetters.size()];
            record += (&text == &texts.front() ? "" : ",") + csvField(text);
        }
        EXPECT_EQ(csvTexts(record), texts) << record;
    }
}

TEST(CsvTexts, AreNotOfWhatNoFieldIs)
{
    for (const char *record : {"\"", "\"a", "\"a\"b", "a\"b", "a\"", "\"a\"\"", "a,\"b\"c,d", "a\nb", "a\rb"})
        EXPECT_FALSE(csvTexts(record)) << record;
    EXPECT_EQ(csvTexts(""), std::vector{""s});
    EXPECT_EQ(csvTexts(","), (std::vector{""s, ""s}));
}

} // namespace
} // namespace auroraedge::app

#include "app/export/csv.h"

#include <gtest/gtest.h>

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
    EXPECT_EQ(csvField("\r=1"), "\"'\r=1\"");
    EXPECT_EQ(csvField("\0=1"s), "'=1");
    EXPECT_EQ(csvField("=HYPERLINK(\"x\",\"y\")"), "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\"");
    EXPECT_EQ(csvField("1-1"), "1-1") << "a sign inside is harmless";
}

} // namespace
} // namespace auroraedge::app

#include "app/settings/shift_starts.h"

#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

namespace auroraedge::app {
namespace {

using std::chrono::minutes;

TEST(ShiftStarts, AreReadInTheirOrder)
{
    const testing::TemporaryFolder folder;
    const Result<ShiftStarts> starts = readShiftStarts(folder.write("shifts.json", std::string(R"(["05:30", "13:45", "21:59"])")));
    ASSERT_TRUE(starts) << starts.error().message;
    EXPECT_EQ(*starts, (ShiftStarts{minutes(330), minutes(825), minutes(1319)}));
}

TEST(ShiftStarts, AreRefusedWhereTheyAreNoTimesInOrder)
{
    const testing::TemporaryFolder folder;
    for (const char *text : {R"([])", R"({})", R"(["6:00"])", R"(["24:00"])", R"(["06:60"])", R"(["0a:00"])", R"(["06-00"])", R"([6])",
                             R"(["14:00","06:00"])", R"(["06:00","06:00"])"}) {
        const Result<ShiftStarts> refused = readShiftStarts(folder.write("shifts.json", std::string(text)));
        ASSERT_FALSE(refused) << text;
        EXPECT_EQ(refused.error().code, code::RecipeValue) << text;
    }
    EXPECT_EQ(readShiftStarts(folder / "none.json").error().code, code::FileNotFound);
}

} // namespace
} // namespace auroraedge::app

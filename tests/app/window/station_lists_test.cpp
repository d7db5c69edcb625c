#include "app/window/station_lists.h"

#include "app/window/view_values.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <string>

namespace auroraedge::app {
namespace {

class StationListsTest : public ::testing::Test
{
protected:
    StationListsTest()
    {
        EXPECT_TRUE(m_data.create());
        (void)m_home.write("resources/demo/presets.json", std::string(R"({"presets":[{"id":"shipped","question":"Is it there?"}]})"));
        (void)m_home.write("resources/demo/defect_classes.json", std::string(R"(["scratch"])"));
    }
    void put(const std::string &name, const std::string &content) { (void)m_home.write("data/" + name, content); }
    [[nodiscard]] StationLists read() const { return readStationLists(m_data, m_home / "resources"); }

    const testing::TemporaryFolder m_home;
    const DataFolder m_data = DataFolder::resolve(m_home / "data");
};

TEST_F(StationListsTest, WhatShipsIsTakenWhereTheStationHasNothingOfItsOwn)
{
    const StationLists lists = read();
    ASSERT_EQ(lists.presets.size(), 1U);
    EXPECT_EQ(lists.presets[0].id, "shipped");
    EXPECT_EQ(lists.defectClasses, std::vector<std::string>{"scratch"});
    EXPECT_EQ(lists.shifts, usualShiftStarts());
    EXPECT_TRUE(lists.unread.empty());
    EXPECT_TRUE(lists.missing.empty());
}

TEST_F(StationListsTest, TheStationsOwnGoBeforeWhatShips)
{
    put("presets.json", R"({"presets":[{"id":"cap","question":"Is the cap on?","ok":["yes"],"ng":["no"]},{"id":"lot","question":"Which lot?"}]})");
    put("defect_classes.json", R"(["dent","stain"])");
    put("shifts.json", R"(["05:30","17:30"])");
    const StationLists lists = read();
    ASSERT_EQ(lists.presets.size(), 2U);
    EXPECT_EQ(lists.presets[0].text, "Is the cap on?");
    EXPECT_EQ(lists.defectClasses.size(), 2U);
    EXPECT_EQ(lists.shifts.size(), 2U);
    EXPECT_TRUE(lists.unread.empty());
}

TEST_F(StationListsTest, OneThatCannotBeReadIsToldWithItsFileAndWhatShipsIsUsed)
{
    put("presets.json", R"({"presets":[{"id":"cap","question":"Is the cap on?","okay":["yes"]}]})");
    put("defect_classes.json", "[\"dent\"");
    const StationLists lists = read();
    EXPECT_EQ(lists.presets[0].id, "shipped");
    EXPECT_EQ(lists.defectClasses, std::vector<std::string>{"scratch"});
    ASSERT_EQ(lists.unread.size(), 2U);
    EXPECT_EQ(lists.unread[0].code, code::RecipeKey);
    EXPECT_EQ(lists.unread[1].code, code::RecipeSyntax);
    const ui::Fault told = ownListFault(lists.unread[0]);
    EXPECT_EQ(told.code, QStringLiteral("RCP-02"));
    EXPECT_EQ(told.cause, QStringLiteral("presets.json: unknown setting 'okay' in a preset"));
    EXPECT_EQ(told.effect, QStringLiteral("What ships with the program is used in its place."));
    EXPECT_NE(told.topic, ownListFault(lists.unread[1]).topic) << "each has its own place in the bar";
}

TEST_F(StationListsTest, AListThatDoesNotEvenShipIsMissingAndEmpty)
{
    std::filesystem::remove(m_home / "resources/demo/presets.json");
    const StationLists lists = read();
    EXPECT_TRUE(lists.presets.empty());
    ASSERT_EQ(lists.missing.size(), 1U);
    EXPECT_EQ(lists.missing[0].code, code::FileNotFound);
}

} // namespace
} // namespace auroraedge::app

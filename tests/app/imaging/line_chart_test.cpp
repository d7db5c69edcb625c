#include "app/imaging/line_chart.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <limits>

namespace auroraedge::app {
namespace {

/// Pixels of the plotted area that are neither white, grid nor text.
std::vector<int> inkRows(const Frame &chart, int column)
{
    std::vector<int> rows;
    for (int y = 45; y < chart.heightPx; ++y) {
        const std::uint8_t *pixel = chart.row(y) + 3 * column;
        if (*std::max_element(pixel, pixel + 3) - *std::min_element(pixel, pixel + 3) > 30)
            rows.push_back(y);
    }
    return rows;
}

TEST(LineChart, ALineRunsFromItsFirstValueToItsLast)
{
    const std::array panels{ChartPanel{"loss", {{"loss", {4, 3, 2, 1, 0}}}}};
    const Frame chart = drawChart(panels);
    const auto left = inkRows(chart, 120), middle = inkRows(chart, 630), right = inkRows(chart, 1140);
    ASSERT_FALSE(left.empty() || middle.empty() || right.empty());
    EXPECT_LT(left.front(), middle.front()); // a falling loss falls
    EXPECT_LT(middle.front(), right.front());
}

TEST(LineChart, PanelsLieBelowEachOtherAndValuesThatAreNotFiniteLeaveAGap)
{
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const std::array panels{ChartPanel{"a", {{"x", {1, nan, nan, nan, 1}}}}, ChartPanel{"b", {{"y", {2, 2, 2}}}}};
    const Frame chart = drawChart(panels);
    EXPECT_EQ(chart.heightPx, 2 * drawChart(std::span(panels).first(1)).heightPx);
    const auto middle = inkRows(chart, 630);
    ASSERT_FALSE(middle.empty());
    EXPECT_GT(middle.front(), chart.heightPx / 2) << "the first panel has no line here";
}

TEST(LineChart, NothingToDrawIsAnEmptyPairOfAxes)
{
    const std::array panels{ChartPanel{"loss", {{"loss", {}}, {"one", {1}}}}};
    const Frame chart = drawChart(panels);
    EXPECT_GT(chart.widthPx, 0);
    EXPECT_TRUE(inkRows(chart, 630).empty());
}

} // namespace
} // namespace auroraedge::app

#pragma once

#include "engine/api/frame.h"

#include <span>
#include <string>
#include <vector>

namespace auroraedge::app {

struct ChartLine
{
    std::string name;
    std::vector<double> values; ///< evenly spaced from left to right; what is not finite leaves a gap
};

/// Lines over one pair of axes; the vertical one starts at 0 and ends at a round figure.
struct ChartPanel
{
    std::string title;
    std::vector<ChartLine> lines;
};

/// The panels one below the other, dark lines on white.
[[nodiscard]] Frame drawChart(std::span<const ChartPanel> panels);

} // namespace auroraedge::app

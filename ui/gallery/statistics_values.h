#pragma once

#include "ui/models/statistics_page.h"

namespace auroraedge::ui {

/// A day of a line, made up but consistent: the hours, subgroups and tables come to the same sums.
[[nodiscard]] StatisticsPage fullStatistics();
/// The first hour of a station.
[[nodiscard]] StatisticsPage oneHourStatistics();
/// As full, with names that nobody shortened.
[[nodiscard]] StatisticsPage longNameStatistics();
/// All parts counted, and nothing found.
[[nodiscard]] StatisticsPage emptyStatistics();
/// Some parts are there, others are being counted, one failed.
[[nodiscard]] StatisticsPage computingStatistics();
[[nodiscard]] StatisticsPage failedStatistics();

} // namespace auroraedge::ui

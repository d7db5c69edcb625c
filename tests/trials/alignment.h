#pragma once

#include <opencv2/core/mat.hpp>

namespace auroraedge::trials {

/// Scans of DeepPCB lie up to a few pixels beside their template, and not by the same everywhere.
constexpr int kMostShiftPx = 8;

/// @p place of @p golden moved by @p shift; beyond its edge the last pixels go on.
cv::Mat shiftedPart(const cv::Mat &golden, const cv::Rect &place, const cv::Point &shift);

/// The shift within kMostShiftPx with which @p golden differs least from @p scan in @p place, where @p compared (of the size of
/// the scan; empty: everywhere) is not 0. The smallest of equals, so none where nothing can be told.
cv::Point bestShift(const cv::Mat &scan, const cv::Mat &golden, const cv::Rect &place, const cv::Mat &compared = {});

} // namespace auroraedge::trials

#pragma once

#include "tests/trials/trial_record.h"

#include <opencv2/core/mat.hpp>

#include <cstddef>
#include <optional>
#include <vector>

namespace auroraedge::trials {

/// How far round a defect's box the golden picture is shown: the boxes are drawn by hand and sit tightly.
constexpr int kRepairMarginPx = 6;

/// @p scan with every defect but @p kept filled from @p golden, box and margin. The noise of the scan stays everywhere else,
/// so that a model cannot tell good from bad by it, and the filling is moved to fit its surroundings: else a scan that lies
/// beside its template would get steps in its lines, which are defects that no label tells. @p kept must be one of
/// separateDefects().
cv::Mat repaired(const cv::Mat &scan, const cv::Mat &golden, const std::vector<Defect> &defects,
                 std::optional<std::size_t> kept = {});

/// Places in @p defects of those whose box no other one's repair would touch.
std::vector<std::size_t> separateDefects(const std::vector<Defect> &defects);

} // namespace auroraedge::trials

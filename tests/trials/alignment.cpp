#include "tests/trials/alignment.h"

#include <opencv2/core.hpp>

#include <algorithm>
#include <limits>
#include <vector>

namespace auroraedge::trials {
namespace {

std::vector<cv::Point> shiftsFromTheSmallest()
{
    std::vector<cv::Point> shifts;
    for (int y = -kMostShiftPx; y <= kMostShiftPx; ++y) {
        for (int x = -kMostShiftPx; x <= kMostShiftPx; ++x)
            shifts.emplace_back(x, y);
    }
    std::stable_sort(shifts.begin(), shifts.end(), [](const cv::Point &a, const cv::Point &b) { return a.dot(a) < b.dot(b); });
    return shifts;
}

cv::Mat padded(const cv::Mat &golden)
{
    cv::Mat made;
    cv::copyMakeBorder(golden, made, kMostShiftPx, kMostShiftPx, kMostShiftPx, kMostShiftPx, cv::BORDER_REPLICATE);
    return made;
}

cv::Rect placeInPadded(const cv::Rect &place, const cv::Point &shift)
{
    return place + cv::Point(kMostShiftPx, kMostShiftPx) - shift;
}

} // namespace

cv::Mat shiftedPart(const cv::Mat &golden, const cv::Rect &place, const cv::Point &shift)
{
    return padded(golden)(placeInPadded(place, shift));
}

cv::Point bestShift(const cv::Mat &scan, const cv::Mat &golden, const cv::Rect &place, const cv::Mat &compared)
{
    const cv::Mat wide = padded(golden), part = scan(place), mask = compared.empty() ? cv::Mat() : compared(place);
    cv::Point best;
    double least = std::numeric_limits<double>::infinity();
    for (const cv::Point &shift : shiftsFromTheSmallest()) {
        const double difference = cv::norm(part, wide(placeInPadded(place, shift)), cv::NORM_L1, mask);
        if (difference < least) {
            least = difference;
            best = shift;
        }
    }
    return best;
}

} // namespace auroraedge::trials

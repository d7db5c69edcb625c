#include "tests/trials/defect_repair.h"

#include "tests/trials/alignment.h"

namespace auroraedge::trials {
namespace {

constexpr int kSurroundingsPx = 16; ///< by which the golden picture is aligned

cv::Rect grown(const cv::Rect &box, int marginPx)
{
    return {box.tl() - cv::Point(marginPx, marginPx), box.br() + cv::Point(marginPx, marginPx)};
}

cv::Rect repairBox(const cv::Rect &box)
{
    return grown(box, kRepairMarginPx);
}

} // namespace

cv::Mat repaired(const cv::Mat &scan, const cv::Mat &golden, const std::vector<Defect> &defects, std::optional<std::size_t> kept)
{
    const cv::Rect whole({}, scan.size());
    cv::Mat sound(scan.size(), CV_8U, cv::Scalar(255));
    for (const Defect &defect : defects)
        sound(repairBox(defect.box) & whole).setTo(0);
    cv::Mat made = scan.clone();
    for (std::size_t i = 0; i < defects.size(); ++i) {
        if (i == kept)
            continue;
        const cv::Rect place = repairBox(defects[i].box) & whole;
        const cv::Point shift = bestShift(scan, golden, grown(place, kSurroundingsPx) & whole, sound);
        shiftedPart(golden, place, shift).copyTo(made(place));
    }
    return made;
}

std::vector<std::size_t> separateDefects(const std::vector<Defect> &defects)
{
    std::vector<std::size_t> separate;
    for (std::size_t i = 0; i < defects.size(); ++i) {
        bool isTouched = false;
        for (std::size_t other = 0; other < defects.size(); ++other)
            isTouched |= other != i && !(defects[i].box & repairBox(defects[other].box)).empty();
        if (!isTouched)
            separate.push_back(i);
    }
    return separate;
}

} // namespace auroraedge::trials

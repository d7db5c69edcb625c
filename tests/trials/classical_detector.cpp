#include "tests/trials/classical_detector.h"

#include <opencv2/imgproc.hpp>

namespace auroraedge::trials {
namespace {

/// 255 is white, or all of the local mean.
cv::Mat differenceOf(const cv::Mat &scan, const cv::Mat &golden, const ClassicalSetting &setting)
{
    cv::Mat difference;
    if (setting.windowPx == 0) {
        cv::absdiff(scan, golden, difference);
        return difference;
    }
    cv::Mat mean, darker;
    cv::blur(scan, mean, {setting.windowPx, setting.windowPx});
    cv::subtract(mean, scan, darker); // what is lighter becomes 0
    cv::divide(darker, mean, difference, 255);
    return difference;
}

const char *nameOf(GoldenLaid laid)
{
    switch (laid) {
    case GoldenLaid::AsItIs: return "golden";
    case GoldenLaid::Shifted: return "shifted golden";
    case GoldenLaid::Registered: return "registered golden";
    }
    return "";
}

int largestPiece(const cv::Mat &mask)
{
    cv::Mat labels, stats, centres;
    const int pieces = cv::connectedComponentsWithStats(mask, labels, stats, centres);
    int largest = 0;
    for (int piece = 1; piece < pieces; ++piece) // 0 is the background
        largest = std::max(largest, stats.at<int>(piece, cv::CC_STAT_AREA));
    return largest;
}

} // namespace

std::string ClassicalSetting::name() const
{
    const std::string what = windowPx > 0 ? "darker than mean of " + std::to_string(windowPx) + " px by"
                                          : "|scan - " + std::string(nameOf(laid)) + "| >";
    return what + ' ' + std::to_string(thresholdPercent) + " %, open " + std::to_string(openingPx) + (isLargestPiece ? ", piece" : ", sum");
}

std::vector<ClassicalSetting> classicalSettings(bool hasGolden)
{
    std::vector<ClassicalSetting> settings;
    const auto addBothMeasures = [&](ClassicalSetting setting) {
        for (const int opening : {3, 5}) {
            for (const bool isLargest : {true, false}) {
                setting.openingPx = opening;
                setting.isLargestPiece = isLargest;
                settings.push_back(setting);
            }
        }
    };
    if (hasGolden) {
        for (const GoldenLaid laid : {GoldenLaid::AsItIs, GoldenLaid::Shifted, GoldenLaid::Registered})
            addBothMeasures({.laid = laid});
        return settings;
    }
    for (const int window : {15, 31, 61, 121}) {
        for (const int threshold : {12, 19, 25, 37})
            addBothMeasures({.thresholdPercent = threshold, .windowPx = window});
    }
    return settings;
}

double classicalScore(const cv::Mat &scan, const cv::Mat &golden, const ClassicalSetting &setting)
{
    cv::Mat mask;
    cv::threshold(differenceOf(scan, golden, setting), mask, 255 * setting.thresholdPercent / 100, 255, cv::THRESH_BINARY);
    cv::morphologyEx(mask, mask, cv::MORPH_OPEN, cv::getStructuringElement(cv::MORPH_RECT, {setting.openingPx, setting.openingPx}));
    return setting.isLargestPiece ? largestPiece(mask) : cv::countNonZero(mask);
}

} // namespace auroraedge::trials

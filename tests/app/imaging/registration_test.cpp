#include "app/imaging/registration.h"

#include "app/imaging/picture_decoder.h"
#include "tests/support/test_frame.h"

#include <gtest/gtest.h>
#include <opencv2/imgproc.hpp>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <random>

namespace auroraedge::app {
namespace {

namespace fs = std::filesystem;

const fs::path kBoards = fs::path(AURORAEDGE_SHARED_DIR) / "data/deeppcb/images";

Frame frameOf(const cv::Mat &picture)
{
    const cv::Mat whole = picture.isContinuous() ? picture : picture.clone();
    return testing::frameOf({whole.datastart, whole.dataend}, whole.cols, whole.rows);
}

cv::Mat matOf(const Frame &frame)
{
    cv::Mat picture(frame.heightPx, frame.widthPx, CV_8UC3);
    for (int y = 0; y < frame.heightPx; ++y)
        std::copy_n(frame.row(y), 3 * frame.widthPx, picture.ptr<std::uint8_t>(y));
    return picture;
}

/// Parts on a plate, no two places alike.
cv::Mat plate(unsigned seed, int width = 640, int height = 480)
{
    std::mt19937 random(seed);
    const auto below = [&](int limit) { return static_cast<int>(random() % static_cast<unsigned>(limit)); };
    cv::Mat picture(height, width, CV_8UC3, cv::Scalar(90, 95, 100));
    for (int i = 0; i < 60; ++i)
        cv::rectangle(picture, {below(width), below(height), 10 + below(60), 10 + below(60)}, cv::Scalar(below(256), below(256), below(256)), cv::FILLED);
    return picture;
}

/// @p picture as a camera that stands otherwise sees it.
cv::Mat movedBy(const cv::Mat &picture, double degrees, double dx, double dy)
{
    cv::Mat matrix = cv::getRotationMatrix2D(cv::Point2f(cv::Point2d((picture.cols - 1) / 2.0, (picture.rows - 1) / 2.0)), degrees, 1);
    matrix.at<double>(0, 2) += dx;
    matrix.at<double>(1, 2) += dy;
    cv::Mat moved;
    cv::warpAffine(picture, moved, matrix, picture.size(), cv::INTER_LINEAR, cv::BORDER_REFLECT);
    return moved;
}

/// @p picture as a lens or a stretched board bends it: by at most @p most pixels, over long ways.
cv::Mat bentBy(const cv::Mat &picture, double most)
{
    cv::Mat places(picture.size(), CV_32FC2), bent;
    for (int y = 0; y < picture.rows; ++y) {
        for (int x = 0; x < picture.cols; ++x)
            places.at<cv::Vec2f>(y, x) = cv::Vec2d(x + most * std::sin(y / 70.0), y + most * std::sin(x / 90.0 + 1));
    }
    cv::remap(picture, bent, places, {}, cv::INTER_LINEAR, cv::BORDER_REFLECT);
    return bent;
}

/// Mean difference of grey values, without a rim of @p rim pixels.
double distance(const cv::Mat &one, const cv::Mat &other, int rim)
{
    const cv::Rect middle(rim, rim, one.cols - 2 * rim, one.rows - 2 * rim);
    cv::Mat difference;
    cv::absdiff(one(middle), other(middle), difference);
    const cv::Scalar mean = cv::mean(difference);
    return (mean[0] + mean[1] + mean[2]) / 3;
}

bool haveSamePixels(const Frame &one, const Frame &other)
{
    return one.widthPx == other.widthPx && one.heightPx == other.heightPx && distance(matOf(one), matOf(other), 0) == 0;
}

TEST(RegistrationTest, APictureThatWasShiftedAndTurnedIsLaidBack)
{
    const cv::Mat golden = plate(1);
    struct Case
    {
        double degrees, dx, dy;
    };
    for (const Case &moved : {Case{0, 17, -9}, Case{0, 3.5, 2.25}, Case{1.2, -20, 12}, Case{-2.5, 8, 30}, Case{3.5, 0, 0}, Case{0, 70, -55}}) {
        SCOPED_TRACE(::testing::Message() << moved.degrees << " degrees, " << moved.dx << ", " << moved.dy);
        const cv::Mat scan = movedBy(golden, moved.degrees, moved.dx, moved.dy);
        const Result<Frame> placed = registered(frameOf(scan), frameOf(golden));
        ASSERT_TRUE(placed) << placed.error().message;
        const double before = distance(scan, golden, 80), after = distance(scan, matOf(*placed), 80);
        EXPECT_LT(after, 0.12 * before) << before << " before, " << after << " after";
    }
}

TEST(RegistrationTest, AnotherLightAndNoiseAndADefectDoNotLeadAstray)
{
    const cv::Mat golden = plate(2);
    cv::Mat scan = movedBy(golden, 0.8, 11, 6);
    cv::rectangle(scan, {300, 200, 60, 40}, cv::Scalar(0, 0, 0), cv::FILLED);
    cv::Mat noise(scan.size(), CV_16SC3), noisy;
    cv::randn(noise, 0, 8);
    scan.convertTo(noisy, CV_16S, 0.7, 30);
    noisy += noise;
    noisy.convertTo(scan, CV_8U);
    const Result<Frame> placed = registered(frameOf(scan), frameOf(golden));
    ASSERT_TRUE(placed);
    EXPECT_LT(distance(matOf(*placed), movedBy(golden, 0.8, 11, 6), 80), 1.5);
}

TEST(RegistrationTest, ALargeDefectIsNoOtherPart)
{
    const cv::Mat golden = plate(8);
    for (const double dx : {0.0, 12.0}) {
        cv::Mat scan = movedBy(golden, 0, dx, dx / 2);
        cv::rectangle(scan, {100, 80, 180, 140}, cv::Scalar(255, 255, 255), cv::FILLED);
        const Result<Frame> placed = registered(frameOf(scan), frameOf(golden));
        ASSERT_TRUE(placed) << placed.error().message;
        const cv::Rect below(80, 260, 480, 180);
        EXPECT_LT(distance(scan(below), matOf(*placed)(below), 0), 2) << dx;
    }
}

TEST(RegistrationTest, ABentPictureIsStraightened)
{
    for (const double dx : {0.0, 15.0}) {
        const cv::Mat golden = plate(9), scan = bentBy(movedBy(golden, 0, dx, dx / 3), 2);
        const Result<Frame> placed = registered(frameOf(scan), frameOf(golden));
        ASSERT_TRUE(placed);
        const double before = distance(scan, movedBy(golden, 0, dx, dx / 3), 40), after = distance(scan, matOf(*placed), 40);
        EXPECT_LT(after, 0.45 * before) << before << " before, " << after << " after";
    }
}

TEST(RegistrationTest, ADefectIsNotBentAway)
{
    const cv::Mat golden = plate(10);
    const cv::Mat straight = bentBy(golden, 2);
    for (int place = 0; place < 24; ++place) {
        const cv::Rect spot(70 + 90 * (place % 6), 60 + 95 * (place / 6), 9, 9);
        cv::Mat scan = straight.clone();
        const cv::Scalar around = cv::mean(scan(spot));
        const cv::Scalar unlike = around[0] + around[1] + around[2] > 380 ? cv::Scalar() : cv::Scalar::all(255);
        scan(spot).setTo(unlike);
        const Result<Frame> placed = registered(frameOf(scan), frameOf(golden));
        ASSERT_TRUE(placed);
        const double there = distance(straight(spot), scan(spot), 0), told = distance(matOf(*placed)(spot), scan(spot), 0);
        EXPECT_GT(told, 0.7 * there) << spot;
    }
}

TEST(RegistrationTest, APartFarFromItsPlaceStaysADifference)
{
    cv::Mat golden = plate(11), scan = golden.clone();
    const cv::Rect right(200, 150, 70, 50), wrong = right + cv::Point(10, 0);
    for (const cv::Rect &place : {right, wrong}) {
        const cv::Rect around(place.x - 20, place.y - 20, 110, 90);
        for (cv::Mat *picture : {&golden, &scan})
            (*picture)(around).setTo(cv::Scalar(90, 95, 100));
    }
    golden(right).setTo(cv::Scalar(230, 230, 230));
    scan(wrong).setTo(cv::Scalar(230, 230, 230));
    const Result<Frame> placed = registered(frameOf(scan), frameOf(golden));
    ASSERT_TRUE(placed);
    for (const int x : {right.x, right.br().x}) { // what is missing on one side, and what is too much on the other
        const cv::Rect strip(x, right.y + 5, 10, right.height - 10);
        EXPECT_GT(distance(matOf(*placed)(strip), scan(strip), 0), 60);
    }
}

TEST(RegistrationTest, AnAlignedPictureKeepsItsPixels)
{
    const Frame golden = frameOf(plate(3));
    cv::Mat scan = plate(3);
    cv::circle(scan, {200, 200}, 12, cv::Scalar(255, 255, 255), cv::FILLED);
    const Result<Frame> placed = registered(frameOf(scan), golden);
    ASSERT_TRUE(placed);
    EXPECT_TRUE(haveSamePixels(*placed, golden));
}

TEST(RegistrationTest, WhereTheGoldenPictureDoesNotReachTheScanStands)
{
    const cv::Mat golden = plate(4);
    const cv::Mat scan = movedBy(golden, 0, 40, 0);
    const Result<Frame> placed = registered(frameOf(scan), frameOf(golden));
    ASSERT_TRUE(placed);
    const cv::Rect left(0, 0, 38, scan.rows);
    cv::Mat difference;
    cv::absdiff(scan(left), matOf(*placed)(left), difference);
    EXPECT_EQ(cv::sum(difference), cv::Scalar());
}

TEST(RegistrationTest, AGoldenPictureOfAnotherSizeIsTaken)
{
    const cv::Mat golden = plate(5, 700, 520);
    const cv::Mat scan = golden(cv::Rect(25, 15, 640, 480)).clone();
    const Result<Frame> placed = registered(frameOf(scan), frameOf(golden));
    ASSERT_TRUE(placed);
    EXPECT_EQ(placed->widthPx, 640);
    EXPECT_EQ(placed->heightPx, 480);
    EXPECT_LT(distance(scan, matOf(*placed), 10), 1);
}

TEST(RegistrationTest, AnotherPartIsRefused)
{
    for (unsigned other = 20; other < 30; ++other) {
        const Result<Frame> placed = registered(frameOf(plate(6)), frameOf(plate(other)));
        ASSERT_FALSE(placed) << other;
        EXPECT_EQ(placed.error().code, kGoldenUnlike);
    }
    const Result<Frame> plain = registered(testing::uniformFrame(90, 640, 480), frameOf(plate(7)));
    ASSERT_FALSE(plain);
    EXPECT_EQ(plain.error().code, kGoldenUnlike);
    EXPECT_EQ(registered({}, frameOf(plate(7))).error().code, code::ImageNoPixels);
}

TEST(RegistrationTest, APartThatIsLargelyOutOfTheGoldenPictureIsRefused)
{
    const cv::Mat wide = plate(8, 1200, 480);
    const auto seenFrom = [&](int x, int width) { return frameOf(wide(cv::Rect(x, 0, width, 480)).clone()); };
    const Frame golden = seenFrom(200, 640);
    EXPECT_TRUE(registered(seenFrom(200 + 120, 640), golden));
    for (const int x : {200 + 200, 200 - 200})
        EXPECT_EQ(registered(seenFrom(x, 640), golden).error().code, kGoldenUnlike) << "a defect in a third of it would differ from nothing";
    EXPECT_EQ(registered(seenFrom(100, 1000), golden).error().code, kGoldenUnlike) << "a golden picture of a part of it";
}

TEST(RegistrationTest, ALineOfPixelsIsRefusedAndNoFault)
{
    const Frame golden = frameOf(plate(9));
    for (const auto &[width, height] : {std::pair(1, 1), std::pair(2, 1), std::pair(1, 480), std::pair(9000, 1), std::pair(3, 9000), std::pair(2, 2), std::pair(5, 300)}) {
        SCOPED_TRACE(::testing::Message() << width << " x " << height);
        const Frame thin = testing::testFrame(width, height);
        for (const Result<Frame> &placed : {registered(thin, golden), registered(golden, thin)}) {
            ASSERT_FALSE(placed);
            EXPECT_EQ(placed.error().code, kGoldenUnlike) << placed.error().message;
        }
    }
}

TEST(RegistrationTest, RealBoardsAreLaidNearerAndOneOnItselfKeepsItsPixels)
{
    int boards = 0, nearer = 0;
    for (const char *name : {"00041000", "00041050", "12100034", "20085100", "20085120", "20085168"}) {
        const Result<DecodedPicture> scan = decodePicture(kBoards / (std::string(name) + "_test.png"));
        const Result<DecodedPicture> golden = decodePicture(kBoards / (std::string(name) + "_temp.png"));
        if (!scan || !golden)
            continue;
        ++boards;
        SCOPED_TRACE(name);
        const Result<Frame> placed = registered(scan->frame, golden->frame), itself = registered(golden->frame, golden->frame);
        ASSERT_TRUE(placed) << placed.error().message;
        const double before = distance(matOf(scan->frame), matOf(golden->frame), 0), after = distance(matOf(scan->frame), matOf(*placed), 0);
        EXPECT_LE(after, before); // one of them is almost empty
        nearer += after < 0.8 * before ? 1 : 0;
        ASSERT_TRUE(itself);
        EXPECT_TRUE(haveSamePixels(*itself, golden->frame));

        if (const std::string_view plain = "20085168"; plain == name)
            continue; // nothing to lay it on by
        const cv::Mat moved = movedBy(matOf(golden->frame), 0.6, 9, -14);
        const Result<Frame> laid = registered(frameOf(moved), golden->frame);
        ASSERT_TRUE(laid) << laid.error().message;
        EXPECT_LT(distance(matOf(*laid), moved, 40), 2);
    }
    if (boards == 0)
        GTEST_SKIP() << "no boards in " << kBoards;
    EXPECT_GE(2 * nearer, boards);
}

TEST(RegistrationTest, ABoardOfAnotherDesignIsRefused)
{
    const Result<DecodedPicture> scan = decodePicture(kBoards / "00041000_test.png"), golden = decodePicture(kBoards / "44000011_temp.png");
    if (!scan || !golden)
        GTEST_SKIP() << "no boards in " << kBoards;
    EXPECT_FALSE(registered(scan->frame, golden->frame));
}

TEST(RegistrationTest, ThePlanesAreScanGoldenAndDifference)
{
    std::vector<std::uint8_t> scan(12, 100), golden(12, 100);
    golden[3] = golden[4] = golden[5] = 30;
    golden[9] = 255; // red alone
    const Frame planes = inspectionPlanes(testing::frameOf(scan, 2, 2), testing::frameOf(golden, 2, 2));
    const auto pixel = [&](int x, int y) { return std::vector<int>{planes.row(y)[3 * x], planes.row(y)[3 * x + 1], planes.row(y)[3 * x + 2]}; };
    EXPECT_EQ(pixel(0, 0), (std::vector{100, 100, 0}));
    EXPECT_EQ(pixel(1, 0), (std::vector{100, 30, 70}));
    EXPECT_EQ(pixel(1, 1), (std::vector{100, 146, 46}));
}

} // namespace
} // namespace auroraedge::app

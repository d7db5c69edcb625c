#include "tests/trials/trial_sets.h"

#include "tests/support/temporary_folder.h"
#include "tests/trials/alignment.h"
#include "tests/trials/classical_detector.h"
#include "tests/trials/defect_repair.h"

#include <gtest/gtest.h>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include <array>

namespace auroraedge::trials {
namespace {

namespace fs = std::filesystem;
using testing::TemporaryFolder;

const std::vector<Defect> kDefects{{"open", {10, 10, 8, 8}}, {"spur", {40, 10, 8, 8}}, {"short", {50, 50, 12, 6}}, {"copper", {58, 56, 6, 6}}};

/// Stripes.
cv::Mat board()
{
    cv::Mat picture(80, 80, CV_8U, cv::Scalar(0));
    for (int column = 0; column < picture.cols; column += 16)
        picture.colRange(column, column + 8).setTo(255);
    return picture;
}

/// The board with noise in one place and every defect of kDefects.
cv::Mat boardScan()
{
    cv::Mat scan = board();
    scan.at<unsigned char>(70, 5) ^= 255;
    for (const Defect &defect : kDefects)
        cv::bitwise_not(scan(defect.box), scan(defect.box));
    return scan;
}

int differences(const cv::Mat &a, const cv::Mat &b, const cv::Rect &box)
{
    cv::Mat difference;
    cv::absdiff(a(box), b(box), difference);
    return cv::countNonZero(difference);
}

TEST(DefectRepair, LeavesOneDefectAndTheNoise)
{
    const cv::Mat golden = board(), scan = boardScan();
    const cv::Mat made = repaired(scan, golden, kDefects, 1);
    EXPECT_EQ(differences(made, golden, kDefects[1].box), kDefects[1].box.area());
    for (const std::size_t other : {0U, 2U, 3U})
        EXPECT_EQ(differences(made, golden, kDefects[other].box), 0) << other;
    EXPECT_EQ(differences(made, golden, {{}, golden.size()}), kDefects[1].box.area() + 1);
    EXPECT_EQ(differences(repaired(scan, golden, kDefects), golden, {{}, golden.size()}), 1);
}

TEST(DefectRepair, OnlyDefectsOutOfReachOfEveryRepairMayStayAlone)
{
    EXPECT_EQ(separateDefects(kDefects), (std::vector<std::size_t>{0, 1}));
}

TEST(DefectRepair, FitsTheFillingToAScanThatLiesBesideItsTemplate)
{
    const cv::Mat golden = board(), whole = shiftedPart(golden, {{}, golden.size()}, {3, 0});
    cv::Mat scan = whole.clone();
    cv::bitwise_not(scan(kDefects[1].box), scan(kDefects[1].box));
    EXPECT_EQ(bestShift(whole, golden, {{}, golden.size()}), cv::Point(3, 0));
    EXPECT_EQ(differences(repaired(scan, golden, {kDefects[1]}), whole, {{}, golden.size()}), 0);
}

TEST(DefectRepair, StopsAtTheEdgeOfThePicture)
{
    const cv::Mat golden = board();
    cv::Mat scan = golden.clone();
    const cv::Rect corner(0, 72, 8, 8);
    cv::bitwise_not(scan(corner), scan(corner));
    EXPECT_EQ(differences(repaired(scan, golden, {{"open", corner}}), golden, {{}, golden.size()}), 0);
}

TEST(ClassicalDetector, CountsWhatTheOpeningLeaves)
{
    cv::Mat scan = board();
    cv::bitwise_not(scan(cv::Rect(10, 10, 6, 6)), scan(cv::Rect(10, 10, 6, 6)));
    cv::bitwise_not(scan(cv::Rect(50, 50, 4, 4)), scan(cv::Rect(50, 50, 4, 4)));
    scan.at<unsigned char>(70, 5) ^= 255;
    EXPECT_EQ(classicalScore(scan, board(), {.openingPx = 3, .isLargestPiece = true}), 36);
    EXPECT_EQ(classicalScore(scan, board(), {.openingPx = 3, .isLargestPiece = false}), 52);
    EXPECT_EQ(classicalScore(scan, board(), {.openingPx = 5, .isLargestPiece = false}), 36);
}

TEST(ClassicalDetector, SeesADarkSpotWithoutAGoldenPicture)
{
    cv::Mat clean(160, 160, CV_8U, cv::Scalar(180)), pitted = clean.clone();
    cv::circle(pitted, {80, 80}, 8, cv::Scalar(60), cv::FILLED);
    const ClassicalSetting setting{.thresholdPercent = 25, .windowPx = 61};
    EXPECT_GT(classicalScore(pitted, {}, setting), 100);
    EXPECT_EQ(classicalScore(clean, {}, setting), 0);
}

/// A small set of the shape of deeppcb, three scans of each of its groups.
void writeBoards(const fs::path &folder)
{
    fs::create_directories(folder / "images");
    std::vector<TrialRecord> records;
    for (const char *group : {"00041", "13000", "20085", "44000", "12300", "12000", "12100", "50600", "92000"}) {
        for (int i = 0; i < 3; ++i) {
            const std::string name = std::string("images/") + group + std::to_string(i);
            cv::imwrite((folder / (name + "_test.png")).string(), boardScan());
            cv::imwrite((folder / (name + "_temp.png")).string(), board());
            TrialRecord record{.image = name + "_test.png", .golden = name + "_temp.png", .widthPx = 80, .heightPx = 80};
            record.group = std::string("group") + group;
            record.defects = kDefects;
            records.push_back(record);
        }
    }
    writeRecords(folder / "annotations.jsonl", records);
}

std::vector<TrialRecord> allRecords(const fs::path &trial)
{
    std::vector<TrialRecord> records = readRecords(trial / "train.jsonl");
    const std::vector<TrialRecord> test = readRecords(trial / "test.jsonl");
    records.insert(records.end(), test.begin(), test.end());
    return records;
}

void expectNoSharedGroup(const std::vector<TrialRecord> &records)
{
    std::map<std::string, std::string> splitOf;
    for (const TrialRecord &record : records)
        EXPECT_EQ(splitOf.emplace(record.group, record.split).first->second, record.split) << record.group;
}

class DeepPcbTrial : public ::testing::Test
{
protected:
    DeepPcbTrial() { writeBoards(m_folder / "set"); }

    fs::path prepared(const char *name, DeepPcbOptions options)
    {
        options.data = m_folder / "set";
        TrialFolder trial(m_folder / name);
        addDeepPcb(options, trial);
        trial.finish();
        return m_folder / name;
    }

    TemporaryFolder m_folder;
};

TEST_F(DeepPcbTrial, HasAGoodAndABadPictureOfEveryScanAndNoGroupTwice)
{
    const std::vector<TrialRecord> records = allRecords(prepared("one", {}));
    EXPECT_EQ(records.size(), 9 * 3 * 2);
    EXPECT_EQ(std::count_if(records.begin(), records.end(), std::mem_fn(&TrialRecord::isBad)), 9 * 3);
    expectNoSharedGroup(records);
}

TEST_F(DeepPcbTrial, PicturesShowExactlyTheDefectsOfTheirRecord)
{
    for (const bool isOne : {true, false}) {
        const fs::path trial = prepared(isOne ? "one" : "all", {.data = {}, .isOneDefect = isOne});
        for (const TrialRecord &record : allRecords(trial)) {
            const cv::Mat picture = readPicture(trial / record.image, cv::IMREAD_GRAYSCALE);
            const cv::Mat golden = readPicture(trial / record.golden, cv::IMREAD_GRAYSCALE);
            const bool isAlone = isOne && record.split != "train";
            EXPECT_EQ(record.defects.size(), record.isBad() ? (isAlone ? 1U : kDefects.size()) : 0U);
            for (const Defect &defect : kDefects) {
                const bool isTold = std::any_of(record.defects.begin(), record.defects.end(),
                                                [&](const Defect &told) { return told.box == defect.box; });
                EXPECT_EQ(differences(picture, golden, defect.box) > 0, isTold) << record.image << ' ' << defect.name;
            }
        }
    }
}

TEST_F(DeepPcbTrial, IsTheSameForTheSameSeedWithAndWithoutGolden)
{
    const fs::path first = prepared("first", {}), second = prepared("second", {}), scanOnly = prepared("scan", {.data = {}, .hasGolden = false});
    for (const char *list : {"train.jsonl", "test.jsonl", "score.lst"})
        EXPECT_EQ(testing::readFile(first / list), testing::readFile(second / list));
    for (const TrialRecord &record : allRecords(scanOnly)) {
        EXPECT_TRUE(record.golden.empty());
        EXPECT_EQ(testing::readFile(first / record.image), testing::readFile(scanOnly / record.image));
    }
}

TEST_F(DeepPcbTrial, RefusesAFolderThatIsNotEmpty)
{
    const fs::path trial = prepared("one", {});
    EXPECT_THROW(TrialFolder{trial}, std::runtime_error);
}

TEST(BsdataTrial, CropsShowPittingOrNoneAndNoGroupIsInTwoSplits)
{
    const TemporaryFolder folder;
    fs::create_directories(folder / "set/images");
    std::vector<TrialRecord> photos;
    for (int i = 0; i < 24; ++i) {
        cv::Mat photo(260, 420, CV_8UC3, cv::Scalar::all(150));
        const cv::Rect pit(30 + i * 12, 100, 20, 14);
        photo(pit).setTo(cv::Scalar::all(40));
        const std::string name = "images/" + std::to_string(i) + ".png";
        cv::imwrite((folder / ("set/" + name)).string(), photo);
        TrialRecord record{.image = name, .widthPx = 420, .heightPx = 260};
        record.group = "group" + std::to_string(i / 2);
        record.defects = {{"pitting", pit}};
        photos.push_back(record);
    }
    writeRecords(folder / "set/annotations.jsonl", photos);
    TrialFolder trial(folder / "trial");
    addBsdata({.data = folder / "set", .trainCrops = 2}, trial);
    trial.finish();

    const std::vector<TrialRecord> records = allRecords(folder / "trial");
    expectNoSharedGroup(records);
    std::map<std::string, int> bad, good;
    for (const TrialRecord &record : records) {
        ++(record.isBad() ? bad : good)[record.split];
        const cv::Mat crop = readPicture(folder / ("trial/" + record.image), cv::IMREAD_GRAYSCALE);
        EXPECT_EQ(crop.size(), cv::Size(160, 160));
        double darkest = 0;
        cv::minMaxLoc(crop, &darkest);
        EXPECT_EQ(darkest, record.isBad() ? 40 : 150) << record.image;
        for (const Defect &defect : record.defects)
            EXPECT_EQ(cv::mean(crop(defect.box))[0], 40) << record.image;
    }
    EXPECT_EQ(bad, good);
    EXPECT_EQ(bad["train"] / 2 + bad["val"] + bad["test"], 24);
}

TEST(BsdataTrial, SplitsAsManyGroupsAsTheStudyAndSpreadsTheLargeOnes)
{
    std::map<std::string, int> sizes;
    for (int i = 0; i < 58; ++i)
        sizes["group" + std::to_string(i)] = i < 12 ? 20 + i : 1;
    std::map<std::string, int> groups, large;
    for (const auto &[group, split] : splitByGroup(sizes, 1)) {
        ++groups[split];
        large[split] += sizes[group] > 1 ? 1 : 0;
    }
    EXPECT_EQ(groups["test"], 21);
    EXPECT_EQ(groups["val"], 6);
    EXPECT_EQ(groups["train"], 31);
    EXPECT_EQ(large["test"], 4);
}

} // namespace
} // namespace auroraedge::trials

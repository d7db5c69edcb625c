#include "app/products/product_measurement.h"

#include <gmock/gmock.h>

#include <cmath>

namespace auroraedge::app {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

std::vector<std::string> ownGroups(std::size_t count)
{
    std::vector<std::string> groups;
    for (std::size_t i = 0; i < count; ++i)
        groups.push_back("g" + std::to_string(i));
    return groups;
}

/// Scores that overlap: of 2 * @p perKind pictures, the bad ones half a unit worse.
std::vector<ScoredPicture> overlapping(int perKind)
{
    std::vector<ScoredPicture> pictures;
    for (int i = 0; i < perKind; ++i) {
        pictures.push_back({std::sin(12.9898 * i), false});
        pictures.push_back({0.5 + std::sin(78.233 * i), true});
    }
    return pictures;
}

TEST(AurocIntervalTest, HoldsTheFigureAndNarrowsWithMorePictures)
{
    double widthBefore = 1;
    for (const int perKind : {20, 200}) {
        const std::vector<ScoredPicture> pictures = overlapping(perKind);
        const std::optional<Interval> interval = aurocInterval(pictures, ownGroups(pictures.size()));
        ASSERT_TRUE(interval);
        const double figure = auroc(pictures).value();
        EXPECT_LT(interval->low, figure);
        EXPECT_GT(interval->high, figure);
        EXPECT_LT(interval->high - interval->low, widthBefore / 2);
        widthBefore = interval->high - interval->low;
    }
}

TEST(AurocIntervalTest, PicturesOfOneGroupAreNoFurtherEvidence)
{
    const std::vector<ScoredPicture> once = overlapping(20);
    std::vector<ScoredPicture> tenTimes;
    std::vector<std::string> groups;
    for (std::size_t i = 0; i < 10 * once.size(); ++i) {
        tenTimes.push_back(once[i / 10]);
        groups.push_back("board " + std::to_string(i / 10));
    }
    const Interval alone = aurocInterval(once, ownGroups(once.size())).value(), repeated = aurocInterval(tenTimes, groups).value();
    EXPECT_NEAR(repeated.high - repeated.low, alone.high - alone.low, 0.03);
    EXPECT_EQ(aurocInterval(tenTimes, groups)->low, repeated.low) << "the same draws for the same seed";
}

TEST(AurocIntervalTest, OfOneGroupThePicturesAreDrawnAndOfOneKindNothingIsTold)
{
    const std::vector<ScoredPicture> pictures = overlapping(20);
    const std::optional<Interval> interval = aurocInterval(pictures, std::vector<std::string>(pictures.size(), "line"));
    ASSERT_TRUE(interval);
    EXPECT_GT(interval->high - interval->low, 0.05);
    EXPECT_FALSE(aurocInterval(std::vector<ScoredPicture>(9, {1, true}), ownGroups(9)));
    EXPECT_FALSE(aurocInterval({}, {}));
}

class ProductMeasurementTest : public ::testing::Test
{
protected:
    /// OK up to 0.1, NG from 0.9; the logarithm of odds is twice the answer's score.
    ProductMeasurementTest()
    {
        m_product.curves.answer = {2, 0};
        m_product.okUpTo = 0.1;
        m_product.ngFrom = 0.9;
    }
    void add(double answer, bool isBad)
    {
        const std::string number = std::to_string(m_records.size());
        ReviewedRecord record;
        record.picture = "/set/p" + number + ".png";
        record.group = "g" + number;
        record.widthPx = 640;
        record.heightPx = 480;
        record.where = "reviewed.jsonl line " + number;
        if (isBad)
            record.defects = {{"dent", {1, 1, 5, 5}}};
        m_records.push_back(record);
        m_judgement.pictures.push_back({{answer, std::nullopt}, isBad});
    }
    ProductMeasurement measured() const { return measurementOf(m_product, m_records, m_judgement); }

    Product m_product;
    std::vector<ReviewedRecord> m_records;
    HeldOutJudgement m_judgement;
};

TEST_F(ProductMeasurementTest, TheStoredCurvesAndThresholdsDecide)
{
    add(-3, false);   // OK
    add(-0.2, false); // 0.40: unsure, and right
    add(0.5, false);  // 0.73: unsure, and wrong
    add(4, false);    // NG, wrong
    add(2, true);     // NG
    add(0.1, true);   // 0.55: unsure
    const ProductMeasurement found = measured();
    EXPECT_EQ(found.figures.pictures, 6);
    EXPECT_EQ(found.figures.bad, 2);
    EXPECT_EQ(found.right, 4);
    EXPECT_NEAR(found.figures.accuracy, 4.0 / 6, 1e-12);
    EXPECT_EQ(found.ok.good, 1);
    EXPECT_EQ(found.ok.bad, 0);
    EXPECT_EQ(found.ng.good, 1);
    EXPECT_EQ(found.ng.bad, 1);
    EXPECT_EQ(found.unsure.good, 2);
    EXPECT_EQ(found.unsure.bad, 1);
    EXPECT_NEAR(found.figures.auroc.value(), 5.0 / 8, 1e-12);
    EXPECT_EQ(found.figures.recallAt1, 0) << "the worst picture is a good one";
    EXPECT_THAT(found.missed, IsEmpty());

    m_product.curves.answer = {2, 8}; // another curve moves every picture; nothing is fitted anew
    EXPECT_EQ(measured().ng.all(), 5);
    EXPECT_LT(measured().figures.accuracy, 0.5);
    EXPECT_EQ(measured().figures.auroc, found.figures.auroc);
}

TEST_F(ProductMeasurementTest, TheCalibrationErrorIsThatOfTheStoredCurve)
{
    for (int i = 0; i < 100; ++i)
        add(0, i < 50); // one half, and half of them are bad
    EXPECT_NEAR(measured().figures.calibrationError, 0, 1e-9);
    m_product.curves.answer.offset = std::log(9); // 0.9
    EXPECT_NEAR(measured().figures.calibrationError, 0.4, 1e-9);
}

TEST_F(ProductMeasurementTest, ABadPictureThatIsCalledOkIsNamedTheSurestFirst)
{
    add(-2, true);
    add(-3, true);
    add(3, true);
    add(-3, false);
    const ProductMeasurement found = measured();
    EXPECT_EQ(found.ok.bad, 2);
    ASSERT_THAT(found.missed, SizeIs(2));
    EXPECT_EQ(found.missed[0].picture, "/set/p1.png");
    EXPECT_EQ(found.missed[0].where, "reviewed.jsonl line 1");
    EXPECT_EQ(found.missed[1].picture, "/set/p0.png");
    EXPECT_NEAR(found.missed[1].probability, 1 / (1 + std::exp(4)), 1e-9);
    m_product.okUpTo.reset();
    EXPECT_THAT(measured().missed, IsEmpty()) << "OK is never said";
    EXPECT_EQ(measured().unsure.all(), 3);
}

TEST_F(ProductMeasurementTest, GoodPicturesAloneHaveVerdictsButNoAuroc)
{
    add(-3, false);
    add(-2, false);
    const ProductMeasurement found = measured();
    EXPECT_EQ(found.ok.good, 2);
    EXPECT_FALSE(found.figures.auroc);
    EXPECT_FALSE(found.aurocInterval);
    EXPECT_FALSE(found.figures.recallAt5);
    EXPECT_FALSE(found.figures.whichDefect);
    EXPECT_EQ(found.figures.accuracy, 1);
}

TEST_F(ProductMeasurementTest, TilesAndNamesOfDefectsAreCountedBeside)
{
    add(-3, false);
    m_judgement.tiles = {{{1, std::nullopt}, true}, {{-1, std::nullopt}, false}};
    m_judgement.named = 4;
    m_judgement.namedRight = 3;
    EXPECT_EQ(measured().tileAuroc, 1);
    EXPECT_EQ(measured().figures.whichDefect, 0.75);
}

} // namespace
} // namespace auroraedge::app

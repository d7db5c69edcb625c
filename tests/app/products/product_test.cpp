#include "app/products/product.h"

#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace auroraedge::app {
namespace {

using ::testing::HasSubstr;
using Json = nlohmann::json;

Product sample()
{
    Product product;
    product.usesGolden = true;
    product.golden = "golden.png";
    product.classes = {"dent", "scratch"};
    product.curves = {ScoreKind::Combined, {0.1, -2.5}, {1.0 / 3, 7}, {2, 0}};
    product.okUpTo = 0.0123456789012345678;
    product.precision = "bf16";
    product.sizes = PictureSizes{320, 640, 240, 480};
    product.heldOut = {312, 12, false, 0.99, 0.97, 0.03, 0.5, std::nullopt, 0.65};
    return product;
}

class ProductTest : public ::testing::Test
{
protected:
    /// product.json with one value set; dots go into objects. @return the error's message, or nothing.
    std::string readWith(const std::string &pointer, const Json &value)
    {
        EXPECT_TRUE(writeProduct(m_folder.path(), sample()));
        Json document = Json::parse(testing::readFile(m_folder / "product.json"));
        document[Json::json_pointer(pointer)] = value;
        m_folder.write("product.json", document.dump());
        const auto read = readProduct(m_folder.path());
        if (read)
            return {};
        EXPECT_EQ(read.error().code, code::ConfigValue);
        return read.error().message;
    }
    testing::TemporaryFolder m_folder;
};

TEST_F(ProductTest, WhatIsWrittenIsReadAgainToTheLastBit)
{
    ASSERT_TRUE(writeProduct(m_folder.path(), sample()));
    const auto read = readProduct(m_folder.path());
    ASSERT_TRUE(read) << read.error().message;
    ASSERT_TRUE(*read);
    const Product &product = **read, wanted = sample();
    EXPECT_EQ(product.tile, 160);
    EXPECT_EQ(product.stride, 120);
    EXPECT_TRUE(product.usesGolden);
    EXPECT_EQ(product.golden, "golden.png");
    EXPECT_EQ(product.question, "Is there a defect?");
    EXPECT_EQ(product.classes, wanted.classes);
    EXPECT_EQ(product.curves.kind, ScoreKind::Combined);
    EXPECT_EQ(product.curves.patch.slope, wanted.curves.patch.slope);
    EXPECT_EQ(product.curves.answer.offset, -2.5);
    EXPECT_EQ(product.okUpTo, wanted.okUpTo);
    EXPECT_FALSE(product.ngFrom);
    EXPECT_EQ(product.precision, "bf16");
    ASSERT_TRUE(product.sizes);
    EXPECT_EQ(product.sizes->leastWidthPx, 320);
    EXPECT_EQ(product.sizes->mostHeightPx, 480);
    EXPECT_EQ(product.heldOut.pictures, 312);
    EXPECT_EQ(product.heldOut.recallAt1, 0.5);
    EXPECT_FALSE(product.heldOut.recallAt5);
}

TEST_F(ProductTest, AModelWithoutOneIsNoProduct)
{
    const auto read = readProduct(m_folder.path());
    ASSERT_TRUE(read);
    EXPECT_FALSE(*read);
}

TEST_F(ProductTest, ABadValueIsNamed)
{
    EXPECT_EQ(readWith("/golden", nullptr), "");
    EXPECT_EQ(readWith("/golden", "/goldens"), "");
    EXPECT_THAT(readWith("/golden", "../x.png"), HasSubstr("leaves the model folder"));
    EXPECT_THAT(readWith("/format_version", 2), HasSubstr("another version"));
    EXPECT_THAT(readWith("/stride", 161), HasSubstr("out of range"));
    EXPECT_THAT(readWith("/tile", 1e9), HasSubstr("'tile'"));
    EXPECT_THAT(readWith("/planes", "both"), HasSubstr("neither scan nor golden"));
    EXPECT_THAT(readWith("/question", ""), HasSubstr("question is empty"));
    EXPECT_THAT(readWith("/classes", 7), HasSubstr("'classes'"));
    EXPECT_THAT(readWith("/platt/score", "best"), HasSubstr("none of answer, patch, combined"));
    EXPECT_THAT(readWith("/platt/answer/slope", -1), HasSubstr("below 0"));
    EXPECT_THAT(readWith("/platt/answer", 3), HasSubstr("'answer'"));
    EXPECT_THAT(readWith("/thresholds/ok_up_to", 1.5), HasSubstr("outside 0..1"));
    EXPECT_THAT(readWith("/thresholds/ng_from", 0.001), HasSubstr("OK reaches beyond NG"));
    EXPECT_THAT(readWith("/thresholds/ok_up_to", 0.51), HasSubstr("OK reaches to what is more likely bad"));
    EXPECT_THAT(readWith("/thresholds/ng_from", 0.49), HasSubstr("NG reaches to what is more likely good"));
    EXPECT_THAT(readWith("/thresholds/pictures/width", Json::array({640, 320})), HasSubstr("'width' is not a least and a most"));
    EXPECT_THAT(readWith("/thresholds/pictures/height", Json::array()), HasSubstr("'height' is not a least and a most"));
    EXPECT_THAT(readWith("/thresholds/pictures", 3), HasSubstr("is not an object"));
    EXPECT_EQ(readWith("/thresholds/pictures", nullptr), "");
    EXPECT_THAT(readWith("/thresholds/precision", 16), HasSubstr("'precision'"));
    EXPECT_THAT(readWith("/thresholds/ng_from", "x"), HasSubstr("neither a number nor null"));
    EXPECT_THAT(readWith("/held_out/of", "parts"), HasSubstr("neither tiles nor pictures"));
    EXPECT_THAT(readWith("/more", 1), HasSubstr("unknown setting 'more'"));
    m_folder.write("product.json", std::string("{"));
    EXPECT_EQ(readProduct(m_folder.path()).error().code, code::ConfigValue);
}

TEST_F(ProductTest, IsPromisedOfPicturesOfTheSizesThatWereMeasuredAndOfWholeTiles)
{
    Product product = sample();
    EXPECT_TRUE(product.isPromisedOf(320, 480));
    EXPECT_TRUE(product.isPromisedOf(640, 240));
    for (const auto &[width, height] : {std::pair(319, 300), std::pair(641, 300), std::pair(400, 239), std::pair(400, 481)})
        EXPECT_FALSE(product.isPromisedOf(width, height)) << width << " x " << height;
    EXPECT_TRUE(product.isPromisedOf(640, 480, PixelBox{0, 0, 160, 160}));
    EXPECT_FALSE(product.isPromisedOf(640, 480, PixelBox{0, 0, 640, 159}));
    product.sizes.reset();
    EXPECT_TRUE(product.isPromisedOf(160, 4000)) << "what was measured is not known";
    EXPECT_FALSE(product.isPromisedOf(4000, 159));
}

TEST_F(ProductTest, BetweenTheThresholdsNothingIsSure)
{
    Product product = sample();
    product.ngFrom = 0.9;
    EXPECT_EQ(product.verdictOf(0), Verdict::Ok);
    EXPECT_EQ(product.verdictOf(*product.okUpTo), Verdict::Ok);
    EXPECT_EQ(product.verdictOf(0.5), Verdict::Unsure);
    EXPECT_EQ(product.verdictOf(0.9), Verdict::Ng);
    product.okUpTo.reset();
    product.ngFrom.reset();
    EXPECT_EQ(product.verdictOf(0), Verdict::Unsure);
    EXPECT_EQ(product.verdictOf(1), Verdict::Unsure);
    product.okUpTo = product.ngFrom = 0.5;
    EXPECT_EQ(product.verdictOf(0.5), Verdict::Unsure) << "both is neither";
}

} // namespace
} // namespace auroraedge::app

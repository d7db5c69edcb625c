#include "app/products/tiles.h"

#include "tests/support/test_frame.h"

#include <gmock/gmock.h>

#include <algorithm>

namespace auroraedge::app {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

/// A picture of 640 x 480 with these boxes.
ReviewedRecord record(std::vector<LabelledDefect> defects, int width = 640, int height = 480)
{
    ReviewedRecord made;
    made.widthPx = width;
    made.heightPx = height;
    made.defects = std::move(defects);
    return made;
}

bool isInside(const PixelBox &box, int width, int height)
{
    return box.x >= 0 && box.y >= 0 && box.x + box.width <= width && box.y + box.height <= height;
}

TEST(TilesTest, EveryPixelIsInATile)
{
    for (const auto &[width, height] : {std::pair(640, 640), std::pair(1130, 460), std::pair(160, 160), std::pair(161, 479), std::pair(50, 700)}) {
        SCOPED_TRACE(::testing::Message() << width << " x " << height);
        std::vector<bool> isCovered(static_cast<std::size_t>(width * height));
        for (const PixelBox &tile : inspectionTiles(width, height, 160, 120)) {
            EXPECT_EQ(tile.width, 160);
            EXPECT_EQ(tile.height, 160);
            EXPECT_TRUE(isInside(tile, std::max(width, 160), std::max(height, 160)));
            for (int y = tile.y; y < std::min(tile.y + 160, height); ++y)
                std::fill_n(isCovered.begin() + y * width + tile.x, std::min(160, width - tile.x), true);
        }
        EXPECT_TRUE(std::ranges::all_of(isCovered, [](bool is) { return is; }));
    }
    EXPECT_THAT(inspectionTiles(640, 640, 160, 120), SizeIs(25));
    EXPECT_THAT(inspectionTiles(160, 100, 160, 120), SizeIs(1));
    EXPECT_THAT(inspectionTiles(20, 30, 160, 120), SizeIs(1));
}

TEST(TilesTest, ATileBeyondThePictureRepeatsItsEdge)
{
    const Frame picture = testing::testFrame(48, 32);
    const Frame inside = cutTile(picture, {10, 5, 16, 16});
    EXPECT_EQ(inside.row(0), picture.row(5) + 30) << "nothing is copied";
    const Frame beyond = cutTile(picture, {40, 0, 40, 40});
    EXPECT_EQ(beyond.widthPx, 40);
    EXPECT_EQ(beyond.heightPx, 40);
    for (const auto &[x, y, fromX, fromY] : {std::tuple(0, 0, 40, 0), std::tuple(7, 31, 47, 31), std::tuple(39, 3, 47, 3), std::tuple(2, 39, 42, 31)})
        EXPECT_TRUE(std::equal(beyond.row(y) + 3 * x, beyond.row(y) + 3 * x + 3, picture.row(fromY) + 3 * fromX)) << x << ' ' << y;
}

TEST(TilesTest, ADefectIsInATileWhenAQuarterOfItIs)
{
    const std::vector<LabelledDefect> defects{{"dent", {100, 100, 40, 40}}};
    const auto whole = defectsIn({90, 80, 160, 160}, defects);
    ASSERT_THAT(whole, SizeIs(1));
    EXPECT_EQ(whole[0].box, (PixelBox{10, 20, 40, 40}));
    const auto half = defectsIn({120, 80, 160, 160}, defects);
    ASSERT_THAT(half, SizeIs(1));
    EXPECT_EQ(half[0].box, (PixelBox{0, 20, 20, 40}));
    EXPECT_THAT(defectsIn({135, 80, 160, 160}, defects), IsEmpty());
    EXPECT_FALSE(isClean({135, 80, 160, 160}, defects));
    EXPECT_FALSE(isClean({142, 80, 160, 160}, defects)) << "a box is drawn by hand";
    EXPECT_TRUE(isClean({150, 80, 160, 160}, defects));
}

TEST(TilesTest, EveryBoxIsWholeInEachOfItsTiles)
{
    const std::vector<ReviewedRecord> records{record({{"dent", {300, 200, 30, 20}}, {"dent", {0, 460, 20, 20}}, {"crack", {620, 0, 20, 170}}}), record({})};
    const std::vector<TrainingTile> tiles = trainingTiles(records, {});
    std::size_t ofFirst = 0;
    for (const TrainingTile &tile : tiles) {
        EXPECT_TRUE(isInside(tile.box, 640, 480));
        if (tile.defects.empty()) {
            EXPECT_TRUE(isClean(tile.box, records[tile.record].defects));
            continue;
        }
        EXPECT_EQ(tile.record, 0U);
        for (const LabelledDefect &defect : tile.defects)
            EXPECT_TRUE(isInside(defect.box, 160, 160));
        const auto dent = std::ranges::find_if(tile.defects, [](const LabelledDefect &defect) { return defect.box.width == 30; });
        ofFirst += dent != tile.defects.end() ? 1 : 0;
    }
    EXPECT_GE(ofFirst, 8U) << "several placements";
}

TEST(TilesTest, AboutHalfOfTheTilesAreGoodAndOfGoodPicturesAndCleanPlaces)
{
    std::vector<ReviewedRecord> records;
    for (int i = 0; i < 10; ++i)
        records.push_back(record({{"dent", {40 * i, 30 * i, 25, 25}}}));
    for (int i = 0; i < 6; ++i)
        records.push_back(record({}));
    const std::vector<TrainingTile> tiles = trainingTiles(records, {});
    std::size_t bad = 0, goodOfGood = 0, goodOfBad = 0, samePlace = 0;
    for (const TrainingTile &tile : tiles) {
        bad += tile.defects.empty() ? 0 : 1;
        goodOfGood += tile.record >= 10 ? 1 : 0;
        goodOfBad += tile.defects.empty() && tile.record < 10 ? 1 : 0;
        samePlace += tile.record >= 10 && std::ranges::any_of(tiles, [&](const TrainingTile &other) { return other.record < 10 && other.box == tile.box; }) ? 1 : 0;
    }
    EXPECT_NEAR(static_cast<double>(bad), static_cast<double>(goodOfGood + goodOfBad), 0.1 * static_cast<double>(tiles.size()));
    EXPECT_GT(goodOfGood, bad / 3);
    EXPECT_GT(goodOfBad, bad / 3);
    EXPECT_GT(samePlace, goodOfGood / 2);
}

TEST(TilesTest, TheSamePlaceOfTheNearestGoodPictureOfTheGroupIsLearntBesideABadOne)
{
    std::vector<ReviewedRecord> records;
    for (int i = 0; i < 12; ++i) {
        records.push_back(record({{"dent", {40 * i, 30 * i, 25, 25}}}));
        records.push_back(record({}));
        records[2 * i].group = records[2 * i + 1].group = i < 6 ? "morning" : "evening";
    }
    const std::vector<TrainingTile> tiles = trainingTiles(records, {});
    std::size_t bad = 0, ofTwin = 0;
    for (const TrainingTile &tile : tiles) {
        if (tile.defects.empty())
            continue;
        ++bad;
        ofTwin += std::ranges::any_of(tiles, [&](const TrainingTile &other) { return other.record == tile.record + 1 && other.box == tile.box; }) ? 1 : 0;
    }
    EXPECT_GT(ofTwin, bad / 4) << "by chance it is one of 12";
    for (ReviewedRecord &record : records)
        record.group = record.isBad() ? "line" : "shelf"; // nothing says that they are alike
    std::size_t ofAny = 0;
    for (const TrainingTile &tile : trainingTiles(records, {}))
        ofAny += tile.defects.empty() && !records[tile.record].isBad() ? 1 : 0;
    EXPECT_GT(ofAny, bad / 3);
}

TEST(TilesTest, TheSameSeedGivesTheSameTilesAndTheLimitHolds)
{
    std::vector<ReviewedRecord> records;
    for (int i = 0; i < 40; ++i)
        records.push_back(record({{"dent", {10 * i, 5 * i, 25, 25}}, {"crack", {600 - 10 * i, 300, 25, 25}}}));
    const auto places = [&](const TilingOptions &options) {
        std::vector<std::tuple<std::size_t, int, int>> all;
        for (const TrainingTile &tile : trainingTiles(records, options))
            all.emplace_back(tile.record, tile.box.x, tile.box.y);
        return all;
    };
    EXPECT_EQ(places({160, 400, 3}), places({160, 400, 3}));
    EXPECT_NE(places({160, 400, 3}), places({160, 400, 4}));
    EXPECT_LE(places({160, 100, 3}).size(), 110U);
    auto sorted = places({160, 400, 3});
    EXPECT_TRUE(std::ranges::is_sorted(sorted, {}, [](const auto &place) { return std::get<0>(place); })) << "by picture, so that each is decoded once";
    EXPECT_EQ(std::ranges::adjacent_find(sorted), sorted.end()) << "no place twice";
}

TEST(TilesTest, PicturesOfOneTileGiveOneTile)
{
    std::vector<ReviewedRecord> records;
    for (int i = 0; i < 5; ++i) {
        records.push_back(record({{"pitting", {60 + i, 70, 20, 20}}}, 160, 160));
        records.push_back(record({}, 160, 160));
    }
    EXPECT_THAT(trainingTiles(records, {}), SizeIs(10));
    records.assign(1, record({{"pitting", {10, 10, 300, 200}}}, 320, 240));
    for (const TrainingTile &tile : trainingTiles(records, {}))
        EXPECT_FALSE(tile.defects.empty()) << "a defect that is larger than a tile";
    records.assign(1, record({}, 100, 80));
    const auto small = trainingTiles(records, {});
    ASSERT_THAT(small, SizeIs(1));
    EXPECT_EQ(small[0].box, (PixelBox{0, 0, 160, 160}));
}

TEST(TilesTest, OfAPictureThatIsBadAtAnUnknownPlaceNoTileIsGoodAndNoneIsBadElsewhere)
{
    std::vector<ReviewedRecord> records{record({}), record({{"dent", {300, 200, 30, 20}}}), record({})};
    records[0].isBadSomewhere = records[1].isBadSomewhere = true;
    const std::vector<TrainingTile> tiles = trainingTiles(records, {});
    EXPECT_FALSE(tiles.empty());
    for (const TrainingTile &tile : tiles) {
        EXPECT_NE(tile.record, 0U) << "of it nothing is known";
        EXPECT_EQ(tile.defects.empty(), tile.record == 2);
        EXPECT_TRUE(tile.record == 2 || tile.defects[0].name == "dent");
    }
}

TEST(TilesTest, AnAddressNamesPictureAndPlace)
{
    const std::string address = tileAddress("/data/a#1.png", {12, 0, 160, 160});
    EXPECT_EQ(address, "/data/a#1.png#12,0,160,160");
    const Result<TilePlace> place = tilePlaceOf(address);
    ASSERT_TRUE(place);
    EXPECT_EQ(place->picture, "/data/a#1.png");
    EXPECT_EQ(place->box, (PixelBox{12, 0, 160, 160}));
    for (const char *wrong : {"", "/data/a.png", "a#1,2,3", "a#1,2,3,x"})
        EXPECT_FALSE(tilePlaceOf(wrong)) << wrong;
}

} // namespace
} // namespace auroraedge::app

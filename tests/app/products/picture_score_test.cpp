#include "app/products/picture_score.h"

#include "tests/support/fake_engine.h"
#include "tests/support/test_frame.h"

#include <gmock/gmock.h>

#include <cmath>

namespace auroraedge::app {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAreArray;

/// A model that sees how light a tile's first pixel is.
class PictureScoreTest : public ::testing::Test
{
protected:
    PictureScoreTest()
    {
        m_script.judgementFor = [this](const Frame &frame, const std::string &question, const std::vector<std::string> &choices) {
            m_asked.push_back(question);
            m_sides.push_back(frame.widthPx);
            Judgement judgement;
            if (question == kWhichDefectQuestion) {
                judgement.probability.assign(choices.size(), 0);
                judgement.probability.back() = 1;
                return judgement;
            }
            EXPECT_THAT(choices, ElementsAre("yes", "no"));
            const double yes = frame.row(0)[0] / 255.0;
            judgement.probability = {yes, 1 - yes};
            judgement.maps = {{"object", 1, 1, {1}}, {"defect", 2, 1, {0.1F, static_cast<float>(yes / 2)}}};
            return judgement;
        };
        m_inspector = *m_engine.load({}, {}, {});
        m_product.tile = 16;
        m_product.stride = 12;
        m_product.classes = {"dent", "scratch"};
        m_product.curves.kind = ScoreKind::Answer;
        m_product.ngFrom = 0.7;
        m_product.okUpTo = 0.2;
    }
    /// Grey @p grey, and @p bright from (24, 12) on.
    static Frame picture(std::uint8_t grey, std::uint8_t bright)
    {
        std::vector<std::uint8_t> bytes(3 * 40 * 28, grey);
        for (int y = 12; y < 28; ++y)
            std::fill_n(bytes.begin() + 3 * (40 * y + 24), 48, bright);
        return testing::frameOf(bytes, 40, 28);
    }

    testing::FakeScript m_script;
    testing::FakeEngine m_engine{m_script};
    std::unique_ptr<Inspector> m_inspector;
    Product m_product;
    std::vector<std::string> m_asked;
    std::vector<int> m_sides;
};

TEST_F(PictureScoreTest, TheWorstTileDecides)
{
    const Result<PictureScore> score = inspectPicture(*m_inspector, m_product, picture(51, 204), {});
    ASSERT_TRUE(score);
    EXPECT_NEAR(score->probability, 0.8, 1e-9);
    EXPECT_NEAR(score->score, std::log(4), 1e-9);
    EXPECT_NEAR(score->answerScore, std::log(4), 1e-9);
    EXPECT_NEAR(score->patchScore.value(), std::log(0.4 / 0.6), 1e-5);
    EXPECT_EQ(score->worstTile, (PixelBox{24, 12, 16, 16}));
    EXPECT_EQ(score->className, "scratch");
    EXPECT_EQ(score->verdict, Verdict::Ng);
    EXPECT_THAT(m_asked, SizeIs(3 * 2 + 8)) << "every tile, and the class of the worst in its eight symmetries";

    m_asked.clear();
    const Result<PictureScore> sound = inspectPicture(*m_inspector, m_product, picture(51, 51), {});
    EXPECT_EQ(sound->verdict, Verdict::Ok);
    EXPECT_EQ(sound->className, "");
    EXPECT_THAT(m_asked, SizeIs(3 * 2)) << "what is OK has no defect to name";
    EXPECT_EQ(inspectPicture(*m_inspector, m_product, picture(51, 128), {})->verdict, Verdict::Unsure);
}

TEST_F(PictureScoreTest, EachScoreIsItsOwnWorstTiles)
{
    const std::vector<RawScores> tiles{{1, -3.0}, {-2, 4.0}, {0, std::nullopt}};
    EXPECT_EQ(worstOf(tiles).answer, 1);
    EXPECT_EQ(worstOf(tiles).patch, 4.0);
    EXPECT_FALSE(worstOf(std::vector<RawScores>{{1, std::nullopt}}).patch);
}

TEST_F(PictureScoreTest, ASmallPictureIsShownAsOneWholeTile)
{
    m_product.okUpTo.reset();
    const Result<PictureScore> score = inspectPicture(*m_inspector, m_product, testing::testFrame(10, 7), {});
    ASSERT_TRUE(score);
    EXPECT_THAT(m_sides, SizeIs(1 + 8));
    EXPECT_THAT(m_sides, Each(16));
    EXPECT_EQ(score->worstTile, (PixelBox{0, 0, 10, 7})) << "of the picture, not of what was added";
}

TEST_F(PictureScoreTest, CertaintyIsBounded)
{
    const Frame bright = picture(255, 255);
    const std::vector<PixelBox> tiles{{0, 0, 16, 16}};
    const auto scores = tileScores(*m_inspector, bright, tiles, kDefectQuestion, {});
    ASSERT_TRUE(scores);
    EXPECT_TRUE(std::isfinite((*scores)[0].answer));
    EXPECT_GT((*scores)[0].answer, 20);
}

TEST_F(PictureScoreTest, OneClassNeedsNoQuestion)
{
    const Frame tile = testing::testFrame(16, 16);
    EXPECT_EQ(*defectClass(*m_inspector, tile, {"dent"}, {}), "dent");
    EXPECT_EQ(*defectClass(*m_inspector, tile, {}, {}), "");
    EXPECT_TRUE(m_asked.empty());
}

TEST_F(PictureScoreTest, AClassIsWhatAllSymmetriesTogetherSay)
{
    std::vector<std::vector<int>> seen;
    m_script.judgementFor = [&](const Frame &frame, const std::string &, const std::vector<std::string> &) {
        seen.push_back({frame.row(0)[0], frame.row(0)[3], frame.row(1)[0], frame.row(1)[3]});
        Judgement judgement;
        const bool isSure = seen.size() == 3; // a scratch, says one view; a dent, the seven others, hardly
        judgement.probability = isSure ? std::vector{0.01, 0.99} : std::vector{0.51, 0.49};
        return judgement;
    };
    const Frame tile = testing::frameOf({1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4}, 2, 2);
    EXPECT_EQ(*defectClass(*m_inspector, tile, {"dent", "scratch"}, {}), "scratch");
    ASSERT_THAT(seen, SizeIs(8));
    const std::vector<std::vector<int>> all{{1, 2, 3, 4}, {1, 3, 2, 4}, {2, 1, 4, 3}, {2, 4, 1, 3}, {3, 1, 4, 2}, {3, 4, 1, 2}, {4, 2, 3, 1}, {4, 3, 2, 1}};
    EXPECT_THAT(seen, UnorderedElementsAreArray(all));
}

TEST_F(PictureScoreTest, AClassIsAskedWithTheLikeliestPatchInTheMiddle)
{
    std::vector<std::uint8_t> bytes; // every pixel tells its own place
    for (int y = 0; y < 40; ++y) {
        for (int x = 0; x < 64; ++x)
            bytes.insert(bytes.end(), {static_cast<std::uint8_t>(x), static_cast<std::uint8_t>(y), 0});
    }
    std::optional<std::pair<int, int>> asked;
    std::pair<int, int> worst;
    m_script.judgementFor = [&](const Frame &frame, const std::string &question, const std::vector<std::string> &choices) {
        const std::pair<int, int> place(frame.row(0)[0], frame.row(0)[1]);
        Judgement judgement;
        judgement.probability.assign(choices.size(), 1.0 / static_cast<double>(choices.size()));
        if (question == kWhichDefectQuestion) {
            asked = asked.value_or(place);
        } else if (place == worst) {
            judgement.probability = {0.9, 0.1};
            judgement.maps = {{"defect", 4, 2, {0, 0, 0, 0, 0, 0, 0, 1}}}; // the last patch: 14 right and 12 down
        }
        return judgement;
    };
    for (const auto &[tile, wanted] : {std::pair(std::pair(12, 0), std::pair(18, 4)), std::pair(std::pair(48, 24), std::pair(48, 24))}) {
        asked.reset();
        worst = tile;
        ASSERT_TRUE(inspectPicture(*m_inspector, m_product, testing::frameOf(bytes, 64, 40), {}));
        EXPECT_EQ(asked, wanted) << tile.first;
    }
}

TEST_F(PictureScoreTest, AStopIsTold)
{
    std::stop_source stop;
    stop.request_stop();
    EXPECT_EQ(inspectPicture(*m_inspector, m_product, picture(1, 2), stop.get_token()).error().code, code::Cancelled);
}

} // namespace
} // namespace auroraedge::app

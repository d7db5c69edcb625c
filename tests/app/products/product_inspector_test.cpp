#include "app/products/product_inspector.h"

#include "app/imaging/picture_encoder.h"
#include "app/inspection/verdict.h"
#include "tests/support/fake_engine.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_frame.h"

#include <gmock/gmock.h>

#include <fstream>

namespace auroraedge::app {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

/// A model that takes a light tile for a defect, in a folder that holds a product.
class ProductInspectorTest : public ::testing::Test
{
protected:
    ProductInspectorTest()
    {
        m_script.judgementFor = [](const Frame &frame, const std::string &, const std::vector<std::string> &) {
            const double yes = frame.row(0)[0] / 255.0;
            return Judgement{{yes, 1 - yes}, {}, {.preprocessMs = 1, .encodeMs = 2, .prefillMs = 3, .totalMs = 6}};
        };
        m_script.answers[kDefectQuestion] = "no"; // of the whole picture, as if it were a tile
        m_product.tile = m_product.stride = 16;
        m_product.curves.kind = ScoreKind::Answer;
        m_product.okUpTo = 0.2;
        m_product.ngFrom = 0.7;
    }
    std::unique_ptr<Inspector> inspector()
    {
        EXPECT_TRUE(writeProduct(m_folder.path(), m_product));
        return *inspectingProduct(*m_engine.load({.folder = m_folder.path().string()}, {}, {}));
    }
    static Frame grey(std::uint8_t value) { return testing::uniformFrame(value, 48, 32); }

    testing::TemporaryFolder m_folder;
    testing::FakeScript m_script;
    testing::FakeEngine m_engine{m_script};
    Product m_product;
};

TEST_F(ProductInspectorTest, ThresholdsOfAnotherPrecisionAreToldAsAWarning)
{
    EXPECT_THAT(inspector()->card().warnings, IsEmpty()) << "of an older product it is not known";
    m_product.precision = "fp32";
    EXPECT_THAT(inspector()->card().warnings, IsEmpty());
    m_product.precision = "bf16";
    EXPECT_THAT(inspector()->card().warnings, ElementsAre(HasSubstr("were chosen at bf16 and it runs at fp32")));
}

TEST_F(ProductInspectorTest, TheProductsOwnQuestionIsAnsweredTileByTile)
{
    const auto inspector = this->inspector();
    EXPECT_EQ(inspector->card().inspects, kDefectQuestion);
    std::vector<Stage> stages;
    std::string told;
    const AskListener listener{[&](Stage stage) { stages.push_back(stage); }, [&](std::string_view text) { told += text; }};
    const Result<Answer> answer = inspector->ask(grey(204), {kDefectQuestion, {}}, listener, {});
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->text, "yes");
    EXPECT_EQ(told, "yes");
    EXPECT_NEAR(answer->probability, 0.8, 1e-9);
    EXPECT_TRUE(answer->isComplete);
    EXPECT_THAT(stages, ElementsAre(Stage::Preprocess, Stage::Encode, Stage::Generate));
    EXPECT_THAT(m_script.questions, IsEmpty()) << "the whole picture was shown to the model";
    EXPECT_DOUBLE_EQ(answer->latency.encodeMs, 2 * 6) << "of six tiles";
    EXPECT_GE(answer->latency.preprocessMs, 6);
    EXPECT_GT(answer->latency.totalMs, 0);
}

TEST_F(ProductInspectorTest, TellsWhatIsBehindEachAnswer)
{
    EXPECT_TRUE(writeProduct(m_folder.path(), m_product));
    std::vector<std::optional<ProductFinding>> told;
    const auto inspector = *inspectingProduct(*m_engine.load({.folder = m_folder.path().string()}, {}, {}),
                                              [&](const std::optional<ProductFinding> &finding) { told.push_back(finding); });
    Question part{kDefectQuestion, {}};
    part.region = PixelBox{16, 16, 32, 16};
    ASSERT_TRUE(inspector->ask(grey(204), part, {}, {}));
    ASSERT_THAT(told, SizeIs(2)) << "nothing at first, then what was seen";
    EXPECT_FALSE(told[0]);
    ASSERT_TRUE(told[1]);
    EXPECT_NEAR(told[1]->probability, 0.8, 1e-9);
    EXPECT_EQ(told[1]->worstTile, (PixelBox{16, 16, 16, 16})) << "of the whole picture";
    ASSERT_TRUE(inspector->ask(grey(9), {"What is it?", {}}, {}, {}));
    ASSERT_THAT(told, SizeIs(3));
    EXPECT_FALSE(told[2]) << "another question has none";
}

TEST_F(ProductInspectorTest, AVerdictIsTheProductsWhateverTheRuleWouldLetThrough)
{
    const auto inspector = this->inspector();
    const AnswerRule rule{{"no"}, {"yes"}, 0.5};
    const auto verdict = [&](std::uint8_t value) { return verdictOf(*inspector->ask(grey(value), {kDefectQuestion, {}}, {}, {}), rule).verdict; };
    EXPECT_EQ(verdict(25), Verdict::Ok);
    EXPECT_EQ(verdict(76), Verdict::Unsure) << "0.7 sure that it is good, and 0.8 is promised";
    EXPECT_EQ(verdict(150), Verdict::Unsure);
    EXPECT_EQ(verdict(204), Verdict::Ng);
    const AnswerRule stricter{{"no"}, {"yes"}, 0.95};
    EXPECT_EQ(verdictOf(*inspector->ask(grey(25), {kDefectQuestion, {}}, {}, {}), stricter).verdict, Verdict::Unsure);
}

TEST_F(ProductInspectorTest, NothingIsPromisedOfAPartThatIsNoWholeTileNorOfAnotherSize)
{
    const AnswerRule rule{{"no"}, {"yes"}, 0};
    const auto verdict = [&](std::uint8_t value, std::optional<PixelBox> region) {
        Question question{kDefectQuestion, {}};
        question.region = region;
        return verdictOf(*inspector()->ask(grey(value), question, {}, {}), rule).verdict;
    };
    EXPECT_EQ(verdict(25, PixelBox{0, 0, 16, 16}), Verdict::Ok);
    EXPECT_EQ(verdict(25, PixelBox{0, 0, 1, 1}), Verdict::Unsure);
    EXPECT_EQ(verdict(204, PixelBox{8, 8, 40, 15}), Verdict::Unsure);
    m_product.sizes = PictureSizes{96, 96, 64, 64};
    EXPECT_EQ(verdict(25, std::nullopt), Verdict::Unsure);
}

TEST_F(ProductInspectorTest, WithoutAPromiseNoPartIsOk)
{
    m_product.okUpTo.reset();
    const auto inspector = this->inspector();
    EXPECT_THAT(inspector->card().warnings, ElementsAre(HasSubstr("too few good pictures")));
    EXPECT_EQ(verdictOf(*inspector->ask(grey(0), {kDefectQuestion, {}}, {}, {}), {{"no"}, {"yes"}, 0}).verdict, Verdict::Unsure);
}

TEST_F(ProductInspectorTest, OfAnyOtherQuestionNothingIsPromised)
{
    const auto inspector = this->inspector();
    m_script.answers["Is the cap on?"] = "yes";
    m_script.probability = 1;
    const AnswerRule rule{{"yes"}, {"no"}, 0.5};
    const Result<Answer> answer = inspector->ask(grey(9), {"Is the cap on?", {}}, {}, {});
    EXPECT_EQ(answer->text, "yes");
    const VerdictResult verdict = verdictOf(*answer, rule);
    EXPECT_EQ(verdict.verdict, Verdict::Unsure);
    EXPECT_EQ(verdict.code, code::AnswerMargin);

    const PreparedPicture prepared = *inspector->prepare(grey(9));
    const std::vector<Question> questions{{"Is the cap on?", {}}};
    const auto many = inspector->askAll(std::span(&prepared, 1), questions, {});
    ASSERT_THAT(*many, SizeIs(1));
    EXPECT_EQ(verdictOf(*many->front(), rule).verdict, Verdict::Unsure);
}

TEST_F(ProductInspectorTest, AGoldenPictureThatIsMissingIsAnErrorAndNoAnswer)
{
    m_product.usesGolden = true;
    EXPECT_EQ(inspector()->ask(grey(9), {kDefectQuestion, {}}, {}, {}).error().code, code::Usage);
    m_product.golden = "golden.png";
    EXPECT_EQ(inspector()->ask(grey(9), {kDefectQuestion, {}}, {}, {}).error().code, code::FileNotFound);
}

TEST_F(ProductInspectorTest, APictureIsNotComparedWithACopyOfItself)
{
    const auto bytes = encodePng(testing::testFrame(160, 120));
    m_folder.write("golden.png", *bytes);
    m_product.usesGolden = true;
    m_product.golden = "golden.png";
    m_script.judgementFor = [](const Frame &, const std::string &, const std::vector<std::string> &) { return Judgement{{0.1, 0.9}, {}, {}}; };
    Frame part = testing::testFrame(160, 120);
    part.source = m_folder.write("copy.png", *bytes).string();
    const Result<Answer> answer = inspector()->ask(part, {kDefectQuestion, {}}, {}, {});
    ASSERT_FALSE(answer) << "every part would look faultless";
    EXPECT_EQ(answer.error().code.text(), "IMG-20");
    EXPECT_THAT(answer.error().message, HasSubstr("copy.png is the golden picture itself, or a copy of it"));
    std::vector<std::uint8_t> other = *bytes;
    other.back() ^= 1; // of the same size
    part.source = m_folder.write("part.png", other).string();
    EXPECT_TRUE(inspector()->ask(part, {kDefectQuestion, {}}, {}, {}));
    part.source = "camera:0"; // a live picture has no file
    EXPECT_TRUE(inspector()->ask(part, {kDefectQuestion, {}}, {}, {}));
}

TEST_F(ProductInspectorTest, APartIsInspectedAfterTheWholePictureWasLaidOnTheGoldenOne)
{
    const Frame golden = testing::testFrame(160, 120);
    std::ofstream file(m_folder / "golden.png", std::ios::binary);
    const auto bytes = encodePng(golden);
    file.write(reinterpret_cast<const char *>(bytes->data()), static_cast<std::streamsize>(bytes->size()));
    file.close();
    m_product.usesGolden = true;
    m_product.golden = "golden.png";
    std::vector<std::pair<int, int>> seen; // grey scan and grey golden picture of a tile's first pixel
    m_script.judgementFor = [&](const Frame &tile, const std::string &, const std::vector<std::string> &) {
        seen.emplace_back(tile.row(0)[0], tile.row(0)[1]);
        return Judgement{{0.1, 0.9}, {}, {}};
    };
    Question question{kDefectQuestion, {}};
    question.region = PixelBox{64, 64, 16, 16};
    const Result<Answer> answer = inspector()->ask(golden, question, {}, {});
    ASSERT_TRUE(answer) << answer.error().message;
    ASSERT_THAT(seen, SizeIs(1));
    EXPECT_EQ(seen[0].first, seen[0].second) << "the part of the golden picture that lies there";
}

TEST_F(ProductInspectorTest, AModelWithoutAProductStaysItself)
{
    auto plain = *m_engine.load({.folder = m_folder.path().string()}, {}, {});
    const Inspector *before = plain.get();
    const auto same = inspectingProduct(std::move(plain));
    EXPECT_EQ(same->get(), before);
    std::ofstream(m_folder / "product.json") << "{";
    const auto damaged = inspectingProduct(*m_engine.load({.folder = m_folder.path().string()}, {}, {}));
    ASSERT_FALSE(damaged);
    EXPECT_EQ(damaged.error().code.text().substr(0, 3), "CFG");
}

} // namespace
} // namespace auroraedge::app

#include "app/products/product.h"
#include "tests/app/cli/cli_fixture.h"

#include <algorithm>

namespace auroraedge::app {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
namespace fs = std::filesystem;

/// Grey of a @p shade of its own with stripes, and a white square of @p side.
Frame part(int side, int shade = 0)
{
    constexpr int kWidth = 64, kHeight = 48, kStart = 20;
    std::vector<std::uint8_t> bytes(static_cast<std::size_t>(3 * kWidth * kHeight));
    for (int y = 0; y < kHeight; ++y) {
        for (int x = 0; x < kWidth; ++x) {
            const bool isInside = x >= kStart && x < kStart + side && y >= kStart && y < kStart + side;
            std::fill_n(bytes.begin() + 3 * (y * kWidth + x), 3, static_cast<std::uint8_t>(isInside ? 255 : 60 + shade + (x * x / 7 + y * 5) % 100));
        }
    }
    return testing::frameOf(std::move(bytes), kWidth, kHeight);
}

/// A model that was taught a product and finds white: 64 white pixels of a tile are a probability of 0.9, none are one of 0.1.
/// Two good pictures, a bad one with a dent of 8 pixels and a bad one with a dent of 2, which it cannot see.
class EvaluateProductTest : public CliFixture
{
protected:
    EvaluateProductTest()
    {
        int shade = 0; // no two pictures are equal
        for (const auto &[name, side] : {std::pair("good0", 0), std::pair("good1", 0), std::pair("dent", 8), std::pair("small", 2)})
            m_folder.write("set/" + std::string(name) + ".png", *encodePng(part(side, ++shade)));
        m_folder.write("set/golden.png", *encodePng(part(0)));
        writeRecords(all());
        m_product.tile = 20;
        m_product.stride = 15;
        m_product.classes = {"dent", "scratch"};
        m_product.okUpTo = 0.2;
        m_product.ngFrom = 0.6;
        writeProductOf(m_product);
        m_script.judgementFor = [](const Frame &frame, const std::string &question, const std::vector<std::string> &choices) {
            if (question != kDefectQuestion)
                return Judgement{{0.9, 0.1}, {}, {}}; // whatever it is, it is a dent
            int white = 0;
            for (int y = 0; y < frame.heightPx; ++y)
                for (int x = 0; x < frame.widthPx; ++x)
                    white += frame.row(y)[3 * x] == 255 ? 1 : 0;
            const double yes = 0.1 + 0.8 * std::min(white, 64) / 64;
            Judgement judgement{std::vector<double>(choices.size(), 1 - yes), {}, {}};
            judgement.probability[0] = yes;
            return judgement;
        };
    }
    static std::string record(const std::string &name, int side, const std::string &more = "")
    {
        const std::string box = std::to_string(side);
        const std::string className = side == 8 ? "dent" : "scratch";
        const std::string label = side == 0 ? "" : R"({"class":")" + className + R"(","bbox":[20,20,)" + box + "," + box + "]}";
        return R"({"image":")" + name + R"(.png","width":64,"height":48)" + more + R"(,"labels":[)" + label + "]}\n";
    }
    static std::string all() { return record("good0", 0) + record("good1", 0) + record("dent", 8) + record("small", 2); }
    void writeRecords(const std::string &lines) { m_folder.write("set/reviewed.jsonl", lines); }
    void writeProductOf(const Product &product) { EXPECT_TRUE(writeProduct(modelFolder(), product)); }
    Outcome evaluate(const Words &more = {}) { return runHere({"evaluate", "--data", at("set/reviewed.jsonl")}, more); }

    Product m_product;
};

TEST_F(EvaluateProductTest, TellsFiguresVerdictsAndEveryBadPictureThatIsCalledOk)
{
    const std::string before = testing::readFile(m_folder / "nano-test/product.json");
    const Outcome outcome = evaluate();
    EXPECT_EQ(outcome.exitCode, 0) << outcome.err;
    EXPECT_THAT(outcome.out, HasSubstr("measured on all records; if they taught this product, it has seen most of them\n"
                                       "on 4 pictures, 2 bad; 95 % intervals\n"
                                       "AUROC                           1.000  ["));
    EXPECT_THAT(outcome.out, HasSubstr("accuracy                        0.750  [0.301, 0.954]\n"));
    EXPECT_THAT(outcome.out, HasSubstr("found at 1 % false alarms       1.000\n"));
    EXPECT_THAT(outcome.out, HasSubstr("which defect                    0.500  ["));
    EXPECT_THAT(outcome.out, HasSubstr("verdict          good      bad     of all\n"
                                       "OK                  2        1     75.0 %\n"
                                       "NG                  0        1     25.0 %\n"
                                       "UNSURE              0        0      0.0 %\n"
                                       "good among those called OK      0.667  ["));
    EXPECT_THAT(outcome.out, HasSubstr("bad pictures called OK: 1 of 2\n"
                                       "  probability of a defect 0.150  " + at("set/small.png") + " (reviewed.jsonl line 4)\n"));
    EXPECT_THAT(storedAnswers(), IsEmpty()) << "measuring is not inspecting";
    EXPECT_EQ(testing::readFile(m_folder / "nano-test/product.json"), before) << "the product stays as it was";
}

TEST_F(EvaluateProductTest, TellsTheSameAsOneObject)
{
    const std::vector<Json> lines = evaluate({"--json"}).json();
    ASSERT_THAT(lines, SizeIs(1));
    const Json &line = lines[0];
    EXPECT_EQ(line["measured"], "all");
    EXPECT_EQ(line["count"], 4);
    EXPECT_EQ(line["bad"], 2);
    EXPECT_EQ(line["auroc"], 1);
    EXPECT_TRUE(line["auroc_low"].is_number());
    EXPECT_EQ(line["accuracy"], 0.75);
    EXPECT_EQ(line["which_defect"], 0.5);
    EXPECT_EQ(line["defects_named"], 2);
    EXPECT_EQ(line["recall_at_5_percent"], 1);
    EXPECT_EQ(line["verdicts"]["OK"], Json({{"good", 2}, {"bad", 1}, {"share", 0.75}}));
    EXPECT_EQ(line["verdicts"]["UNSURE"]["share"], 0);
    EXPECT_NEAR(line["ok_precision"].get<double>(), 2.0 / 3, 1e-12);
    ASSERT_EQ(line["bad_called_ok"].size(), 1U);
    EXPECT_EQ(line["bad_called_ok"][0]["image"], at("set/small.png"));
    EXPECT_NEAR(line["bad_called_ok"][0]["probability"].get<double>(), 0.15, 1e-6);
    EXPECT_THAT(line["left_out"], IsEmpty());
}

TEST_F(EvaluateProductTest, GoesByTheStoredThresholdsAndFitsNone)
{
    m_product.okUpTo.reset();
    writeProductOf(m_product);
    const Outcome outcome = evaluate();
    EXPECT_THAT(outcome.out, HasSubstr("no picture is called OK\n"));
    EXPECT_THAT(outcome.out, Not(HasSubstr("bad pictures called OK")));
    EXPECT_TRUE(evaluate({"--json"}).json().at(0)["ok_precision"].is_null());
}

TEST_F(EvaluateProductTest, NothingIsPromisedOfPicturesOfAnotherSizeThanWasMeasured)
{
    m_product.sizes = PictureSizes{128, 640, 96, 480};
    writeProductOf(m_product);
    const Json line = evaluate({"--json"}).json().at(0);
    EXPECT_EQ(line["verdicts"]["UNSURE"], Json({{"good", 2}, {"bad", 2}, {"share", 1}})) << "as ask says of them";
    EXPECT_THAT(line["bad_called_ok"], IsEmpty());
}

TEST_F(EvaluateProductTest, WhatIsKeptForLaterIsMeasuredThenWhatIsHeldOut)
{
    writeRecords(record("good0", 0, R"(,"split":"train")") + record("good1", 0, R"(,"split":"val")") + record("dent", 8, R"(,"split":"val")")
                 + record("small", 2, R"(,"split":"train")"));
    Json line = evaluate({"--json"}).json().at(0);
    EXPECT_EQ(line["measured"], "val");
    EXPECT_EQ(line["count"], 2);
    EXPECT_THAT(evaluate().out, HasSubstr("if they taught this product, its curves and thresholds were fitted to them"));
    writeRecords(record("good0", 0, R"(,"split":"test")") + record("good1", 0, R"(,"split":"val")") + record("dent", 8, R"(,"split":"heldout")")
                 + record("small", 2, R"(,"split":"train")"));
    line = evaluate({"--json"}).json().at(0);
    EXPECT_EQ(line["measured"], "test");
    EXPECT_EQ(line["count"], 2);
    EXPECT_EQ(line["bad"], 1);
    EXPECT_THAT(evaluate().out, HasSubstr("splits test and heldout, which no teaching touches"));
}

TEST_F(EvaluateProductTest, ThePictureToCompareWithIsTheRecordsElseTheGivenElseTheProducts)
{
    m_product.usesGolden = true;
    writeProductOf(m_product);
    EXPECT_THAT(evaluate().err, HasSubstr("CLI-01: this product compares each picture with a golden one"));
    EXPECT_EQ(m_timesOpened, 0);
    EXPECT_EQ(evaluate({"--golden", at("set/golden.png"), "--json"}).json().at(0)["count"], 4);
    m_folder.write("nano-test/golden.png", *encodePng(part(0)));
    m_product.golden = "golden.png";
    writeProductOf(m_product);
    EXPECT_EQ(evaluate({"--json"}).json().at(0)["count"], 4);
    writeRecords(record("good0", 0, R"(,"golden":"gone.png")") + record("good1", 0) + record("dent", 8));
    const Outcome outcome = evaluate({"--json"});
    EXPECT_EQ(outcome.exitCode, 3) << "the record's own comes first, and is not there";
    EXPECT_EQ(outcome.json().at(0)["count"], 2);
    EXPECT_THAT(outcome.json().at(0)["left_out"].at(0).get<std::string>(), HasSubstr("reviewed.jsonl line 1"));
}

TEST_F(EvaluateProductTest, ARecordThatCannotBeUsedIsNamedAndLeftOut)
{
    writeRecords(all() + record("gone", 0) + "{\n");
    const Outcome outcome = evaluate();
    EXPECT_EQ(outcome.exitCode, 3);
    EXPECT_THAT(outcome.err, HasSubstr("left out reviewed.jsonl line 5: FS-12"));
    EXPECT_THAT(outcome.err, HasSubstr("left out reviewed.jsonl line 6"));
    EXPECT_THAT(outcome.out, HasSubstr("on 4 pictures, 2 bad"));
}

TEST_F(EvaluateProductTest, AModelWithoutAProductIsToldWhatIsMissing)
{
    fs::remove(m_folder / "nano-test/product.json");
    const Outcome outcome = evaluate();
    EXPECT_EQ(outcome.exitCode, 4);
    EXPECT_THAT(outcome.err, HasSubstr("RCP-04: " + at("set/reviewed.jsonl") + " holds reviewed records, which measure a product, and the model in "
                                       + modelFolder() + " has no product.json: teach it one with finetune"));
    EXPECT_EQ(m_timesOpened, 0);
}

TEST_F(EvaluateProductTest, OptionsThatWouldDoNothingAreRefused)
{
    EXPECT_THAT(evaluate({"--blind"}).err, HasSubstr("CLI-01: --blind and --metric are of no use"));
    EXPECT_THAT(evaluate({"--metric", "vqa"}).err, HasSubstr("CLI-01: --blind and --metric are of no use"));
    EXPECT_THAT(evaluate({"--pictures", at("set")}).err, HasSubstr("CLI-01: --pictures is of no use"));
    EXPECT_THAT(evaluate({"--golden", at("set/golden.png")}).err, HasSubstr("CLI-01: --golden " + at("set/golden.png") + " is of no use"));
}

TEST_F(EvaluateProductTest, TheLimitSpreadsOverTheRecordsAndStoppingStops)
{
    EXPECT_EQ(evaluate({"--limit", "2", "--json"}).json().at(0)["count"], 2);
    m_stop.request_stop();
    EXPECT_EQ(evaluate().exitCode, 130);
}

/// Conversations about two pictures, which all are held out.
class EvaluateConversationsTest : public CliFixture
{
protected:
    EvaluateConversationsTest()
    {
        writePng("pictures/a.png", 1);
        writePng("pictures/b.png", 2);
        m_folder.write("pictures/talk.jsonl", talk("a", "yes") + "\n" + talk("b", "no") + "\n");
    }
    static std::string talk(const std::string &picture, const std::string &answer)
    {
        return R"({"image":")" + picture + R"(.png","split":"val","conversations":[{"from":"human","value":"<image>\nIs there a dent?"},)"
            + R"({"from":"gpt","value":")" + answer + R"("}]})";
    }
    Outcome evaluate(const std::string &file, const Words &more = {}) { return runHere({"evaluate", "--data", at(file)}, more); }
};

TEST_F(EvaluateConversationsTest, EveryRecordIsMeasuredWithPicturesBesideTheFile)
{
    const Outcome outcome = evaluate("pictures/talk.jsonl", {"--json"});
    EXPECT_EQ(outcome.exitCode, 0) << outcome.err << outcome.out;
    const Json line = outcome.json().at(0);
    EXPECT_EQ(line["family"], "conversation");
    EXPECT_EQ(line["count"], 2);
    EXPECT_EQ(line["right"], 1);
    EXPECT_THAT(m_script.questions, ::testing::Each("Is there a dent?"));
}

TEST_F(EvaluateConversationsTest, WhatIsKeptForLaterIsMeasuredToo)
{
    m_folder.write("pictures/talk.jsonl", talk("a", "yes") + "\n" + std::string(talk("b", "no")).replace(talk("b", "no").find("val"), 3, "test") + "\n");
    EXPECT_EQ(evaluate("pictures/talk.jsonl", {"--json"}).json().at(0)["count"], 2);
}

TEST_F(EvaluateConversationsTest, PicturesMayLieElsewhereAndAListIsTakenWhateverItIsCalled)
{
    m_folder.write("lists/talk.json", "[" + talk("a", "yes") + "," + talk("b", "no") + "]");
    m_folder.write("lists/talk.jsonl", " [" + talk("a", "yes") + "]");
    EXPECT_THAT(evaluate("lists/talk.json").err,
                HasSubstr("RCP-04: talk.json has no record that can be used; first: talk.json record 1: picture 'a.png' is not there"));
    EXPECT_EQ(evaluate("lists/talk.json", {"--pictures", at("pictures"), "--json"}).json().at(0)["count"], 2);
    EXPECT_EQ(evaluate("lists/talk.jsonl", {"--pictures", at("pictures"), "--json"}).json().at(0)["count"], 1);
    EXPECT_THAT(evaluate("lists/talk.json", {"--golden", at("part7.png")}).err, HasSubstr("--golden is of no use"));
}

TEST_F(EvaluateConversationsTest, ABadRecordIsNamedAndTheOthersAreMeasured)
{
    m_folder.write("pictures/talk.jsonl", "{\"cut\n" + talk("a", "yes") + "\n" + talk("gone", "no") + "\n");
    const Outcome outcome = evaluate("pictures/talk.jsonl");
    EXPECT_EQ(outcome.exitCode, 3);
    EXPECT_THAT(outcome.err, HasSubstr("left out talk.jsonl record 1"));
    EXPECT_THAT(outcome.err, HasSubstr("left out talk.jsonl record 3: picture 'gone.png' is not there"));
    EXPECT_THAT(outcome.out, HasSubstr("conversation         1  100.0 "));
}

TEST_F(EvaluateConversationsTest, ABadRecordOfARecipesSourceIsNamedToo)
{
    m_folder.write("pictures/talk.jsonl", talk("a", "yes") + "\n" + talk("gone", "no") + "\n");
    m_folder.write("recipe.json", std::string(R"({"model":"m","out":"o","sources":[{"name":"talk","conversations":"pictures/talk.jsonl"}],)")
                                      + R"("stages":[{"steps":1,"grids":[16]}]})");
    const Outcome outcome = evaluate("recipe.json");
    EXPECT_EQ(outcome.exitCode, 3);
    EXPECT_THAT(outcome.err, HasSubstr("left out talk.jsonl record 2: picture 'gone.png' is not there"));
    EXPECT_THAT(outcome.out, HasSubstr("conversation         1  100.0 "));
}

TEST_F(EvaluateConversationsTest, ALongCaptionIsNotCutWhereTheRightOneIsLong)
{
    const std::string caption(200, 'x');
    m_folder.write("pictures/talk.jsonl", R"({"image":"a.png","conversations":[{"from":"gpt","value":")" + caption + R"("}]})" "\n");
    m_script.defaultAnswer = caption;
    const Json line = evaluate("pictures/talk.jsonl", {"--json"}).json().at(0);
    EXPECT_EQ(line["family"], "caption-detailed");
    EXPECT_EQ(line["right"], 1);
    EXPECT_GE(m_script.options.at(0).maxNewTokens, 200);
}

TEST_F(EvaluateConversationsTest, WhatIsNeitherIsReadAsARecipe)
{
    m_folder.write("other.json", std::string("{}"));
    EXPECT_THAT(evaluate("other.json").err, HasSubstr("RCP-04: the recipe other.json has no 'model'"));
    m_folder.write("other.json", std::string("{\"model\":"));
    EXPECT_THAT(evaluate("other.json").err, HasSubstr("RCP-01"));
    EXPECT_THAT(evaluate("gone.json").err, HasSubstr("FS-12"));
    EXPECT_EQ(m_timesOpened, 0);
}

} // namespace
} // namespace auroraedge::app

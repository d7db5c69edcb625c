#include "app/inspection/frame_check.h"
#include "app/inspection/presets.h"
#include "app/inspection/verdict.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_frame.h"

#include <gmock/gmock.h>

#include <limits>
#include <random>

namespace auroraedge::app {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::TemporaryFolder;

Answer answered(const std::string &text, double probability = 0.99, bool isComplete = true)
{
    Answer answer;
    answer.text = text;
    answer.probability = probability;
    answer.isComplete = isComplete;
    return answer;
}

const AnswerRule kRule{{"yes", "OK"}, {"no"}, 0.8};

std::string judged(const Answer &answer, const AnswerRule &rule = kRule)
{
    const VerdictResult result = verdictOf(answer, rule);
    return std::string(verdictName(result.verdict)) + (result.code ? " " + std::string(result.code->text()) : "");
}

TEST(Verdict, IsOkOrNgForADeclaredAnswer)
{
    EXPECT_EQ(judged(answered("yes")), "OK");
    EXPECT_EQ(judged(answered("OK")), "OK");
    EXPECT_EQ(judged(answered("no")), "NG");
    EXPECT_EQ(judged(answered("yes", 0.8)), "OK") << "the threshold itself is enough";
}

TEST(Verdict, IsUnsureForAnythingElse)
{
    for (const char *text : {"", "Yes", "yes ", " yes", "yes.", "yes\n", "not OK", "OK?", "ok but", "yes no", "О\xD0\x9A",
                             "yes\xE2\x80\x8B", "maybe", "yesyes"})
        EXPECT_EQ(judged(answered(text)), "UNSURE ANS-01") << text;
    EXPECT_EQ(judged(answered(std::string("yes\0", 4))), "UNSURE ANS-01");
}

TEST(Verdict, IsUnsureWhateverAModelSaysThatWasNeverTrained)
{
    for (const char *text : {"yes", "no", "gibberish"}) {
        Answer answer = answered(text, 1.0);
        answer.isUntrained = true;
        EXPECT_EQ(judged(answer), "UNSURE ANS-03") << text;
    }
}

TEST(Verdict, IsUnsureForACutAnswer) { EXPECT_EQ(judged(answered("yes", 0.99, false)), "UNSURE ANS-01"); }

TEST(Verdict, IsUnsureForAProbabilityThatIsNone)
{
    for (const double probability : {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity(),
                                     -std::numeric_limits<double>::infinity(), -0.1, 1.1})
        EXPECT_EQ(judged(answered("yes", probability)), "UNSURE ANS-02") << probability;
}

TEST(Verdict, IsUnsureBelowWhatIsPromised)
{
    Answer answer = answered("yes", 0.9);
    answer.promisedFrom = 0.95;
    EXPECT_EQ(judged(answer), "UNSURE ANS-03");
    answer.promisedFrom = 0.9;
    EXPECT_EQ(judged(answer), "OK");
    answer.probability = 1;
    answer.promisedFrom = 2;
    EXPECT_EQ(judged(answer), "UNSURE ANS-03") << "nothing is promised";
}

TEST(Verdict, ARefusalIsTheWholeWord)
{
    EXPECT_TRUE(isRefusal(answered("unsure")));
    for (const char *text : {"", "Unsure", "unsure.", "I am unsure"})
        EXPECT_FALSE(isRefusal(answered(text))) << text;
}

TEST(Verdict, IsUnsureBelowTheThreshold)
{
    EXPECT_EQ(judged(answered("yes", 0.79)), "UNSURE ANS-03");
    EXPECT_EQ(judged(answered("no", 0.79)), "UNSURE ANS-03");
}

TEST(Verdict, IsNeverOkWithABrokenRule)
{
    EXPECT_EQ(judged(answered("yes"), {{"yes"}, {"yes"}, 0.5}), "UNSURE ANS-01") << "declared twice";
    EXPECT_EQ(judged(answered("yes"), {}), "UNSURE ANS-01") << "nothing declared";
    EXPECT_EQ(judged(answered("yes"), {{"yes"}, {}, std::numeric_limits<double>::quiet_NaN()}), "UNSURE ANS-03");
}

TEST(Verdict, NamesAreTheThreeAndNoOthers)
{
    for (const Verdict verdict : {Verdict::Ok, Verdict::Ng, Verdict::Unsure})
        EXPECT_EQ(verdictFromName(verdictName(verdict)), verdict);
    EXPECT_FALSE(verdictFromName("ok"));
    EXPECT_FALSE(verdictFromName(""));
}

TEST(VerdictProperty, NearMissesAreNeverOk)
{
    std::mt19937 random(7); // NOLINT: the same rounds every time
    const std::vector<std::string> pieces
        = {" ",  ".",  "?", "!",  "\n", "\t", "not ", "un", "\xE2\x80\x8B", "\xD0\x9E", "\xEF\xBC\xAF", "yes", "OK",
           "no", "Ok", "Y", "es", "\"", "'",  "\r",   "0",  "<|im_end|>",  "\xCC\x81", "\xC2\xA0"};
    const auto pick = [&](std::size_t count) { return std::uniform_int_distribution<std::size_t>(0, count - 1)(random); };
    int declared = 0;
    for (int round = 0; round < 100'000; ++round) {
        std::string text = pick(2) == 0 ? "yes" : "OK";
        for (std::size_t edits = 1 + pick(3); edits > 0; --edits) {
            const std::size_t at = pick(text.size() + 1);
            switch (pick(4)) {
            case 0: text.insert(at, pieces[pick(pieces.size())]); break;
            case 1: text.erase(at, 1); break;
            case 2:
                if (at < text.size())
                    text[at] = static_cast<char>(text[at] ^ (1 << pick(8)));
                break;
            default: text += pieces[pick(pieces.size())];
            }
        }
        const bool isDeclared = text == "yes" || text == "OK"; // edits that cancelled out
        declared += isDeclared ? 1 : 0;
        const Verdict verdict = verdictOf(answered(text, 1.0), kRule).verdict;
        ASSERT_EQ(verdict == Verdict::Ok, isDeclared) << "round " << round << ": " << text;
    }
    EXPECT_LT(declared, 20'000) << "too few rounds were near misses";
}

TEST(Presets, ShippedOnesAskWhatTheNanoKnows)
{
    const auto presets = readPresets(std::filesystem::path(AURORAEDGE_SOURCE_DIR) / "resources/demo/presets.json");
    ASSERT_TRUE(presets) << presets.error().message;
    ASSERT_EQ(presets->size(), 5U);
    const Preset *bottle = presetFor(*presets, "Is there a bottle?");
    ASSERT_NE(bottle, nullptr);
    EXPECT_THAT(bottle->rule.okAnswers, ElementsAre("yes"));
    EXPECT_THAT(bottle->rule.ngAnswers, ElementsAre("no"));
    const Preset *count = presetFor(*presets, "How many bottles are there?");
    ASSERT_NE(count, nullptr);
    EXPECT_FALSE(count->rule.hasVerdict());
    EXPECT_EQ(presetFor(*presets, "is there a bottle?"), nullptr);
}

TEST(Presets, RefuseMistakesAndNameThem)
{
    const TemporaryFolder folder;
    const auto errorOf = [&](const std::string &text) {
        const auto presets = readPresets(folder.write("p.json", text));
        return presets ? std::string("accepted")
                       : std::string(presets.error().code.text()) + ": " + presets.error().message;
    };
    const auto one = [](const std::string &rest) {
        return R"({"presets":[{"id":"a","question":"q?")" + rest + "}]}";
    };
    EXPECT_EQ(errorOf(one("")), "accepted");
    EXPECT_THAT(errorOf("{"), HasSubstr("RCP-01"));
    EXPECT_EQ(errorOf(one(R"(,"treshold":1)")), "RCP-02: unknown setting 'treshold' in a preset");
    EXPECT_EQ(errorOf(one(R"(,"threshold":1.7)")), "RCP-04: threshold 1.7 of preset 'a' is outside 0..1");
    EXPECT_THAT(errorOf(one(R"(,"threshold":"0.5")")), HasSubstr("is not a number"));
    EXPECT_THAT(errorOf(one(R"(,"ok":["x"],"ng":["x"])")), HasSubstr("both ok and ng"));
    EXPECT_THAT(errorOf(one(R"(,"ok":"x")")), HasSubstr("not a list"));
    EXPECT_THAT(errorOf(one(R"(,"ok":[""])")), HasSubstr("not a text"));
    EXPECT_THAT(errorOf(R"({"presets":[{"id":"a"}]})"), HasSubstr("no 'question'"));
    EXPECT_THAT(errorOf(R"({"presets":[3]})"), HasSubstr("RCP-04"));
    EXPECT_THAT(errorOf(R"([])"), HasSubstr("RCP-04"));
    EXPECT_THAT(errorOf(R"({"presets":[{"id":"a","question":"q"},{"id":"a","question":"r"}]})"),
                HasSubstr("two presets are called 'a'"));
    EXPECT_EQ(errorOf(R"({"presets":[{"id":"a","question":"q?","ok":["yes"]},{"id":"b","question":"q?","ok":["no"]}]})"),
              "RCP-04: two presets ask 'q?'") << "one of two opposite rules would judge both keys";
    EXPECT_EQ(readPresets(folder / "none.json").error().code, code::FileNotFound);
}

TEST(FrameCheck, RefusesAFrameOfOneColourWhateverTheColour)
{
    for (const int value : {0, 1, 127, 254, 255}) {
        const Frame frame = testing::uniformFrame(static_cast<std::uint8_t>(value));
        const Result<void> checked = checkFrame(frame);
        ASSERT_FALSE(checked) << value;
        EXPECT_EQ(checked.error().code, code::ImageUniform);
        EXPECT_EQ(checked.error().message, "frame is uniform: lens cap, light or cable?");
    }
}

TEST(FrameCheck, TakesTwoStepsForNoiseAndThreeForAPicture)
{
    for (const int position : {0, 48 * 32 / 2, 48 * 32 - 1}) { // first, middle and last pixel
        for (const int step : {2, 3}) {
            std::vector<std::uint8_t> bytes(3 * 48 * 32, 100);
            bytes[static_cast<std::size_t>(3 * position + 1)] = static_cast<std::uint8_t>(100 + step);
            const Frame frame = testing::frameOf(bytes, 48, 32);
            EXPECT_EQ(bool(checkFrame(frame)), step == 3) << position;
        }
    }
}

TEST(FrameCheck, LetsAPictureThroughAndRefusesNone)
{
    EXPECT_TRUE(checkFrame(testing::testFrame()));
    EXPECT_EQ(checkFrame({}).error().code, code::ImageNoPixels);
}

} // namespace
} // namespace auroraedge::app

#include "app/training/answer_metrics.h"
#include "app/training/evaluation.h"

#include <gmock/gmock.h>

#include <cmath>

namespace auroraedge::app {
namespace {

TEST(VqaNormalForm, EvensOutWhatTheMetricSaysItEvensOut)
{
    EXPECT_EQ(vqaNormalised("The Two Cats."), "2 cats");
    EXPECT_EQ(vqaNormalised("none"), "0");
    EXPECT_EQ(vqaNormalised("an  apple\nand a\tpear"), "apple and pear");
    EXPECT_EQ(vqaNormalised("1,000"), "1000");
    EXPECT_EQ(vqaNormalised("3.5"), "3.5") << "a point before a figure stays";
    EXPECT_EQ(vqaNormalised("e.g. this"), "eg this");
    EXPECT_EQ(vqaNormalised("black-white"), "black white");
    EXPECT_EQ(vqaNormalised("black - white"), "black white");
    EXPECT_EQ(vqaNormalised("yes!"), "yes") << "a mark at the end stands between a letter and nothing";
    EXPECT_EQ(vqaNormalised("dont"), "don't");
    EXPECT_EQ(vqaNormalised("couldnt've"), "couldn't've");
    EXPECT_EQ(vqaNormalised("couldn'tve"), "couldn't've");
    EXPECT_EQ(vqaNormalised("somebody'd"), "somebodyd") << "an oddity of the published table";
    EXPECT_EQ(vqaNormalised("the dog's bowl"), "dog 's bowl");
    EXPECT_EQ(vqaNormalised(std::string(40, '.')), std::string(8, '.')) << "32 of them at most";
    EXPECT_EQ(vqaNormalised(""), "");
}

TEST(Metrics, ExactIsByteForByte)
{
    EXPECT_TRUE(isRight(Metric::Exact, "3", "3"));
    EXPECT_FALSE(isRight(Metric::Exact, "3 ", "3"));
    EXPECT_FALSE(isRight(Metric::Exact, "Yes", "yes"));
    EXPECT_TRUE(isRight(Metric::Vqa, "Yes.", "yes"));
    EXPECT_FALSE(isRight(Metric::Vqa, "no", "yes"));
}

TEST(Metrics, ANumberIsFoundInASentenceAsFigureOrWord)
{
    for (const char *answer : {"3", "three", "There are 3.", "there are three bottles", "3.0", "about 3, I think"})
        EXPECT_TRUE(isRight(Metric::Number, answer, "3")) << answer;
    for (const char *answer : {"", "none", "13", "3x", "unsure", "30"})
        EXPECT_FALSE(isRight(Metric::Number, answer, "3")) << answer;
    EXPECT_TRUE(isRight(Metric::Number, "-2.5 mm", "-2.5"));
    EXPECT_FALSE(isRight(Metric::Number, "unsure", "unsure")) << "no number, no hit";
}

TEST(Metrics, AChoiceIsALetterOrAText)
{
    for (const char *answer : {"B", "b", "B.", "(B)", "The answer is B."})
        EXPECT_TRUE(isRight(Metric::Choice, answer, "B")) << answer;
    for (const char *answer : {"A", "A or B", "", "Blue"})
        EXPECT_FALSE(isRight(Metric::Choice, answer, "B")) << answer;
    EXPECT_TRUE(isRight(Metric::Choice, "Bar code.", "bar  code"));
    EXPECT_FALSE(isRight(Metric::Choice, "square code", "bar code"));
}

TEST(Metrics, AreFoundByName)
{
    EXPECT_EQ(metricNamed("vqa"), Metric::Vqa);
    EXPECT_EQ(metricNamed("VQA"), std::nullopt);
}

std::vector<ScoredAnswer> answers(std::initializer_list<std::pair<double, bool>> given)
{
    std::vector<ScoredAnswer> made;
    for (const auto &[probability, isRight] : given)
        made.push_back({"f", "g", probability, isRight});
    return made;
}

TEST(Trust, CalibrationErrorIsTheDistanceFromPromiseToShare)
{
    EXPECT_EQ(expectedCalibrationError({}), 0);
    EXPECT_NEAR(expectedCalibrationError(answers({{0.95, true}, {0.95, true}})), 0.05, 1e-12);
    EXPECT_NEAR(expectedCalibrationError(answers({{0.8, true}, {0.8, false}, {0.3, false}, {0.3, false}})), 0.3, 1e-12); // 0.3 in either bin
    EXPECT_NEAR(expectedCalibrationError(answers({{1.0, true}})), 0, 1e-12);
}

TEST(Trust, AurocOrdersRightBeforeWrong)
{
    EXPECT_EQ(rightnessAuroc(answers({{0.9, true}, {0.8, true}, {0.2, false}})), 1.0);
    EXPECT_EQ(rightnessAuroc(answers({{0.9, false}, {0.1, true}})), 0.0);
    EXPECT_EQ(rightnessAuroc(answers({{0.5, false}, {0.5, true}})), 0.5);
    EXPECT_EQ(rightnessAuroc(answers({{0.9, true}, {0.7, false}, {0.5, true}, {0.3, false}})), 0.75);
    EXPECT_EQ(rightnessAuroc(answers({{0.9, true}})), std::nullopt);
}

TEST(Trust, QuestionsWithoutAnAnswerAreTrustedLeast)
{
    const auto scored = [](double probability, bool isAnswerable, bool isRefusal) { return ScoredAnswer{"f", "g", probability, true, isAnswerable, isRefusal}; };
    EXPECT_EQ(answerableAuroc({scored(0.6, true, false), scored(0.99, false, true)}), 1.0) << "a sure refusal is no answer";
    EXPECT_EQ(answerableAuroc({scored(0.6, true, false), scored(0.99, false, false)}), 0.0);
    EXPECT_EQ(answerableAuroc({scored(0.6, true, true), scored(0.9, false, true)}), 0.5) << "both refused";
    EXPECT_EQ(answerableAuroc({scored(0.6, true, false)}), std::nullopt);
}

TEST(Trust, RiskFallsWithCoverageWhenProbabilitiesKnow)
{
    const auto curve = riskCoverage(answers({{0.9, true}, {0.8, true}, {0.7, true}, {0.6, false}, {0.5, false}}));
    ASSERT_EQ(curve.size(), 10U);
    EXPECT_EQ(curve.front().risk, 0);
    EXPECT_NEAR(curve[5].coverage, 0.6, 1e-12);
    EXPECT_EQ(curve[5].risk, 0);
    EXPECT_NEAR(curve.back().coverage, 1, 1e-12);
    EXPECT_NEAR(curve.back().risk, 0.4, 1e-12);
    EXPECT_TRUE(riskCoverage({}).empty());
}

} // namespace
} // namespace auroraedge::app

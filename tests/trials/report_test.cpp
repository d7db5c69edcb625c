#include "tests/trials/model_scores.h"

#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <limits>
#include <stdexcept>

namespace auroraedge::trials {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

TrialRecord record(const std::string &name, const std::vector<std::string> &defects, const std::string &how)
{
    TrialRecord made{.image = "pictures/" + name + ".png"};
    made.source = name + ":" + how;
    made.group = "group";
    for (const std::string &defect : defects)
        made.defects.push_back({defect, {0, 0, 4, 4}});
    return made;
}

TEST(ModelScores, ReadsBothFormsOfALineAndTakesARefusalForAnAlarm)
{
    const testing::TemporaryFolder folder;
    const std::string lines =
        R"({"image":{"path":"trial/pictures/a.png"},"verdict":"NG","product":{"score":0.9,"answer_score":2.5,"patch_score":null,"class":"open"}})"
        "\n"
        R"({"image":"b.png","product":{"score":0.1,"answer_score":-3,"verdict":"OK","class":null}})"
        "\n"
        R"({"image":{"path":"c.png"},"error":{"code":"IMG-02","message":""}})"
        "\n";
    const ModelScores read = readModelScores(folder.write("scores.jsonl", lines));
    EXPECT_EQ(read.byKind.at("combined"), (Scores{{"pictures/a.png", 0.9}, {"pictures/b.png", 0.1}, {"pictures/c.png", kInfinity}}));
    EXPECT_EQ(read.byKind.at("answer"), (Scores{{"pictures/a.png", 2.5}, {"pictures/b.png", -3}, {"pictures/c.png", kInfinity}}));
    EXPECT_FALSE(read.byKind.contains("patch"));
    EXPECT_EQ(read.decisions, (std::map<std::string, Decision>{{"pictures/a.png", Decision::Ng},
                                                               {"pictures/b.png", Decision::Ok},
                                                               {"pictures/c.png", Decision::Unsure}}));
    EXPECT_EQ(read.refused, 1U);
    EXPECT_EQ(read.classes, (std::map<std::string, std::string>{{"pictures/a.png", "open"}}));
}

TEST(ModelScores, ClassesAreJudgedWhereThereIsExactlyOneDefect)
{
    const std::vector<TrialRecord> records{record("a", {"open"}, "one"), record("b", {"open"}, "one"), record("c", {"spur"}, "one"),
                                           record("d", {"spur", "open"}, "scan"), record("e", {}, "repaired")};
    const ClassFigures figures
        = classFigures({{"pictures/a.png", "open"}, {"pictures/c.png", "open"}, {"pictures/d.png", "spur"}}, records);
    EXPECT_EQ(figures.pictures, 3U);
    EXPECT_EQ(figures.told, 2U);
    EXPECT_DOUBLE_EQ(figures.accuracy, 1.0 / 3);
    EXPECT_DOUBLE_EQ(figures.majority, 2.0 / 3);
}

TEST(FigureTable, ThresholdsComeFromOtherRecordsAndTemplatesAreAlsoLeftOut)
{
    const std::vector<TrialRecord> test{record("a", {"open"}, "one"), record("b", {}, "repaired"), record("c", {}, "template")};
    const std::vector<TrialRecord> others{record("d", {"open"}, "one"), record("e", {}, "repaired")};
    const Scores scores{{"pictures/a.png", 2}, {"pictures/b.png", 3}, {"pictures/c.png", 0}, {"pictures/d.png", 2}, {"pictures/e.png", 0}};
    const FigureRow row = measured("toy", scores, test, others);
    EXPECT_DOUBLE_EQ(row.auroc, 0.5);
    EXPECT_DOUBLE_EQ(row.aurocWithoutTemplates, 0);
    EXPECT_DOUBLE_EQ(row.accuracy, 2.0 / 3);
    EXPECT_DOUBLE_EQ(row.outcome.goodOk, 0.5);
}

TEST(FigureTable, ATestPictureWithoutAScoreIsAnError)
{
    const std::vector<TrialRecord> test{record("a", {"open"}, "one"), record("b", {}, "repaired")};
    EXPECT_THROW(measured("toy", {{"pictures/a.png", 1}}, test, test), std::runtime_error);
}

} // namespace
} // namespace auroraedge::trials

#include "app/training/evaluation.h"
#include "app/training/training_recipe.h"
#include "tests/support/fake_engine.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_frame.h"

#include <gmock/gmock.h>

#include <cmath>
#include <filesystem>
#include <set>

namespace auroraedge::app {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::TemporaryFolder;
using testing::testFrame;

constexpr char kAnnotations[]
    = R"({"image":"images/a.jpg","width":200,"height":100,"split":"train","group":"g1","frame":3,"labels":[{"class":"bottle","bbox":[20,10,40,50]},{"class":"cap","bbox":[1,1,2,2]},{"class":"bottle","bbox":[100,0,100,100]}]}
{"image":"images/b.jpg","width":200,"height":100,"split":"train","labels":[]}

{"image":"images/c.jpg","width":200,"height":100,"split":"val","group":"g2","labels":[{"class":"bottle","bbox":[0,0,1,1]}]}
{"image":"images/d.jpg","width":200,"height":100,"split":"val","group":"g2","labels":[]}
{"image":"images/e.jpg","width":200,"height":100,"split":"demo","labels":[]}
)";
constexpr char kFamilies[] = R"([
 {"family":"count","wordings":["How many?","Count."],"held_out_wordings":["Number?"],"answer":{"count":"bottle"}},
 {"family":"present","wordings":["Any?"],"answer":{"present":"bottle","yes":"ja","no":"nein"}},
 {"family":"empty","wordings":["Empty?"],"answer":{"absent":"bottle"}},
 {"family":"more","wordings":["More than {n}?","{n} < bottles, not {n}?"],"answer":{"more_than":{"class":"bottle","n":[0,1]}}},
 {"family":"digit","wordings":["Which digit?"],"answer":{"digit":true}},
 {"family":"caption","wordings":["Describe."],"answer":{"caption":true,"class":"bottle","templates":{"0":"Nothing.","other":"{count} bottles."}}},
 {"family":"colour","wordings":["Colour?"],"answer":{"fixed":"unsure"}}])";
constexpr char kRecipe[] = R"({"model":"model","out":"../out","seed":7,"note":"a test",
 "sources":[{"name":"bottles","annotations":"data/a.jsonl","families":"families.json","weight":0.5,"box_class":"bottle","label":{"count":"bottle","classes":3}}],
 "stages":[{"steps":100,"tower_only":true,"grids":[8,16]},
           {"steps":200,"warmup_steps":5,"learning_rate":0.001,"muon_learning_rate":0.02,"final_share":0.2,"grids":[16],
            "small_grids":[8],"finish_grids":[16],"small_finish_grids":[9],"finish_share":0.1,"patches_per_batch":100,
            "questions_per_picture":2}]})";

class TrainingRecipeTest : public ::testing::Test
{
protected:
    TrainingRecipeTest()
    {
        m_folder.write("r/data/a.jsonl", std::string(kAnnotations));
        m_folder.write("r/families.json", std::string(kFamilies));
        m_folder.write("r/recipe.json", std::string(kRecipe));
    }
    Result<TrainingRecipe> recipe() const { return readTrainingRecipe(m_folder / "r/recipe.json"); }
    /// The message after a change of one file.
    std::string errorAfter(std::string_view file, std::string text, const std::string &what, const std::string &by)
    {
        const std::size_t at = text.find(what);
        EXPECT_NE(at, std::string::npos) << what;
        text.replace(at, what.size(), by);
        m_folder.write(file, text);
        const Result<TrainingRecipe> read = recipe();
        return read ? "accepted" : std::string(read.error().code.text()) + ": " + read.error().message;
    }

    TemporaryFolder m_folder;
};

TEST_F(TrainingRecipeTest, ReadsEverySetting)
{
    const Result<TrainingRecipe> read = recipe();
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(read->modelFolder, m_folder / "r/model");
    EXPECT_EQ(read->outFolder, m_folder / "out");
    EXPECT_EQ(read->seed, 7U);
    ASSERT_EQ(read->sources.size(), 1U);
    EXPECT_EQ(read->sources[0].name, "bottles");
    EXPECT_EQ(read->sources[0].weight, 0.5);
    EXPECT_EQ(read->sources[0].labels, 3);
    ASSERT_EQ(read->stages.size(), 2U);
    EXPECT_TRUE(read->stages[0].towerOnly);
    EXPECT_EQ(read->stages[0].warmupSteps, 100) << "what is not given keeps its default";
    const TrainingStage &stage = read->stages[1];
    EXPECT_EQ(stage.steps, 200);
    EXPECT_EQ(stage.warmupSteps, 5);
    EXPECT_EQ(stage.learningRate, 0.001);
    EXPECT_EQ(stage.muonLearningRate, 0.02);
    EXPECT_EQ(stage.finalShare, 0.2);
    EXPECT_THAT(stage.grids, ElementsAre(16));
    EXPECT_THAT(stage.smallGrids, ElementsAre(8));
    EXPECT_THAT(stage.finishGrids, ElementsAre(16));
    EXPECT_THAT(stage.smallFinishGrids, ElementsAre(9));
    EXPECT_EQ(stage.finishShare, 0.1);
    EXPECT_EQ(stage.patchesPerBatch, 100);
    EXPECT_EQ(stage.questionsPerPicture, 2);
}

TEST_F(TrainingRecipeTest, KeepsTheSplitsApart)
{
    const Result<TrainingRecipe> read = recipe();
    ASSERT_TRUE(read);
    ASSERT_EQ(read->samples.size(), 2U);
    EXPECT_EQ(read->samples[0].picture, m_folder / "r/data/images/a.jpg");
    EXPECT_EQ(read->samples[0].group, "g1");
    EXPECT_EQ(read->samples[1].group, "images/b.jpg") << "a picture without a group is its own";
    ASSERT_EQ(read->heldOut.size(), 2U);
    EXPECT_EQ(read->heldOut[0].group, "g2");
}

TEST_F(TrainingRecipeTest, NormalisesTheBoxesOfOneClass)
{
    const Result<TrainingRecipe> read = recipe();
    ASSERT_TRUE(read);
    ASSERT_EQ(read->samples[0].boxes.size(), 2U);
    const TrainingBox box = read->samples[0].boxes[0];
    EXPECT_DOUBLE_EQ(box.x, 0.1);
    EXPECT_DOUBLE_EQ(box.y, 0.1);
    EXPECT_DOUBLE_EQ(box.width, 0.2);
    EXPECT_DOUBLE_EQ(box.height, 0.5);
    EXPECT_EQ(read->samples[0].label, 2);
    EXPECT_EQ(read->samples[1].label, 0);
}

TEST_F(TrainingRecipeTest, AnswersFollowFromTheLabels)
{
    const Result<TrainingRecipe> read = recipe();
    ASSERT_TRUE(read);
    const auto answersOf = [](const TrainingSample &sample) {
        std::vector<std::string> lines;
        for (const TrainingTurn &turn : sample.turns)
            lines.push_back(turn.family + " " + turn.wordings.back() + " " + turn.answer);
        return lines;
    };
    EXPECT_THAT(answersOf(read->samples[0]),
                ElementsAre("count Count. 2", "present Any? ja", "empty Empty? no", "more 0 < bottles, not 0? yes",
                            "more 1 < bottles, not 1? yes", "caption Describe. 2 bottles.", "colour Colour? unsure"));
    EXPECT_THAT(answersOf(read->samples[1]),
                ElementsAre("count Count. 0", "present Any? nein", "empty Empty? yes", "more 0 < bottles, not 0? no",
                            "more 1 < bottles, not 1? no", "caption Describe. Nothing.", "colour Colour? unsure"));
}

TEST_F(TrainingRecipeTest, MeasuresWithUnseenWordingsAndOneNumberAPicture)
{
    const Result<TrainingRecipe> read = recipe();
    ASSERT_TRUE(read);
    const auto wordingsOf = [](const TrainingSample &sample, const std::string &family) {
        std::vector<std::string> found;
        for (const TrainingTurn &turn : sample.turns) {
            if (turn.family == family)
                found.push_back(turn.wordings.front() + " " + turn.answer);
        }
        return found;
    };
    EXPECT_THAT(wordingsOf(read->heldOut[0], "count"), ElementsAre("Number? 1"));
    EXPECT_THAT(wordingsOf(read->heldOut[0], "more"), ElementsAre("More than 0? yes"));
    EXPECT_THAT(wordingsOf(read->heldOut[1], "more"), ElementsAre("More than 1? no"));
}

TEST_F(TrainingRecipeTest, RefusesMistakesAndNamesThem)
{
    EXPECT_EQ(errorAfter("r/recipe.json", kRecipe, "\"seed\"", "\"sead\""),
              "RCP-02: unknown setting 'sead' in the recipe recipe.json");
    EXPECT_EQ(errorAfter("r/recipe.json", kRecipe, "\"weight\"", "\"wait\""),
              "RCP-02: unknown setting 'wait' in a source of the recipe");
    EXPECT_EQ(errorAfter("r/recipe.json", kRecipe, "\"warmup_steps\":5", "\"warmup_steps\":5.5"),
              "RCP-04: 'warmup_steps' of stage 2 of the recipe is not a whole number");
    EXPECT_EQ(errorAfter("r/recipe.json", kRecipe, "\"steps\":200,", ""), "RCP-04: stage 2 of the recipe has no 'steps'");
    EXPECT_THAT(errorAfter("r/recipe.json", kRecipe, "[8,16]", "[8,0]"), HasSubstr("RCP-04"));
    EXPECT_THAT(errorAfter("r/recipe.json", kRecipe, "0.5", "-1"), HasSubstr("weight"));
    EXPECT_THAT(errorAfter("r/recipe.json", kRecipe, "data/a.jsonl", "none.jsonl"), HasSubstr("FS-12"));
    EXPECT_THAT(errorAfter("r/recipe.json", kRecipe, "\"classes\":3", "\"classes\":1"), HasSubstr("'classes'"));
    EXPECT_THAT(errorAfter("r/recipe.json", kRecipe, "2}]}", "2}]"), HasSubstr("RCP-01"));
}

TEST_F(TrainingRecipeTest, RefusesMistakesInFamiliesAndAnnotations)
{
    EXPECT_EQ(errorAfter("r/families.json", kFamilies, "\"count\":\"bottle\"", "\"kount\":\"bottle\""),
              "RCP-04: the answer of family 'count' in families.json: none of count, present, absent, more_than, digit,"
              " caption, fixed, fact, text is given");
    EXPECT_THAT(errorAfter("r/families.json", kFamilies, "\"yes\":\"ja\"", "\"yess\":\"ja\""), HasSubstr("RCP-02"));
    EXPECT_THAT(errorAfter("r/families.json", kFamilies, "[\"Any?\"]", "[]"), HasSubstr("no wordings"));
    EXPECT_THAT(errorAfter("r/families.json", kFamilies, "\"n\":[0,1]", "\"n\":[]"), HasSubstr("'n' is empty"));
}

TEST_F(TrainingRecipeTest, BadAnnotationsAreNamedAndLeftOut)
{
    const auto badAfter = [&](const std::string &what, const std::string &by) {
        EXPECT_EQ(errorAfter("r/data/a.jsonl", kAnnotations, what, by), "accepted");
        const Result<TrainingRecipe> read = recipe();
        EXPECT_EQ(read->samples.size(), 1U);
        EXPECT_EQ(read->heldOut.size(), 2U);
        return read->badRecords.size() == 1 ? read->badRecords.front() : std::to_string(read->badRecords.size());
    };
    EXPECT_EQ(badAfter("images/b.jpg", "../b.jpg"), "a.jsonl line 2: '../b.jpg' leaves the folder");
    EXPECT_THAT(badAfter("[20,10,40,50]", "[20,10,40]"), HasSubstr("a.jsonl line 1"));
    EXPECT_THAT(badAfter("\"width\":200", "\"width\":0"), HasSubstr("'width'"));
    EXPECT_THAT(badAfter("{\"image\"", "{image"), HasSubstr("a.jsonl line 1"));
    m_folder.write("r/data/a.jsonl", std::string("{\nno record\n"));
    const Result<TrainingRecipe> none = recipe();
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().code, code::RecipeValue);
    EXPECT_THAT(none.error().message, HasSubstr("a.jsonl has no record that can be used; first: a.jsonl line 1"));
}

TEST_F(TrainingRecipeTest, ARecordOfNoSplitIsNamedAndLeftOut)
{
    const auto badAfter = [&](const std::string &what, const std::string &by) {
        EXPECT_EQ(errorAfter("r/data/a.jsonl", kAnnotations, what, by), "accepted");
        const Result<TrainingRecipe> read = recipe();
        EXPECT_EQ(read->samples.size(), 1U);
        return read->badRecords;
    };
    const std::string split = R"("split":"train","labels":[]})";
    EXPECT_THAT(badAfter(split, R"("split":"trian","labels":[]})"), ElementsAre("a.jsonl line 2: split 'trian' is none of train, val, test, heldout, demo"));
    EXPECT_THAT(badAfter(split, R"("labels":[]})"), ElementsAre("a.jsonl line 2: there is no 'split'"));
    for (const char *kept : {"test", "heldout", "demo"})
        EXPECT_THAT(badAfter(split, R"("split":")" + std::string(kept) + R"(","labels":[]})"), IsEmpty()) << kept;
}

TEST_F(TrainingRecipeTest, ASourceSaysHowManyOfItsViewsAreGrey)
{
    EXPECT_EQ(recipe()->sources[0].views.greyShare, TrainingViews().greyShare);
    EXPECT_EQ(errorAfter("r/recipe.json", kRecipe, "\"weight\":0.5", "\"weight\":0.5,\"grey\":0.0"), "accepted");
    EXPECT_EQ(recipe()->sources[0].views.greyShare, 0);
    EXPECT_EQ(errorAfter("r/recipe.json", kRecipe, "\"weight\":0.5", "\"weight\":0.5,\"small\":true"), "accepted");
    EXPECT_EQ(recipe()->sources[0].views.greyShare, TrainingViews::close().greyShare);
    EXPECT_THAT(errorAfter("r/recipe.json", kRecipe, "\"weight\":0.5", "\"weight\":0.5,\"grey\":1.5"), HasSubstr("'grey' is outside 0..1"));
}

TEST_F(TrainingRecipeTest, FactsAnswerQuestionsAndFillTheirWordings)
{
    m_folder.write("r/data/a.jsonl", std::string(R"({"image":"a.jpg","split":"train","facts":{"colour":"red","asked":"nuts","asked count":"2"},"labels":[]}
{"image":"b.jpg","split":"train","labels":[]})"));
    m_folder.write("r/families.json", std::string(R"([
 {"family":"colour","wordings":["Which colour?"],"answer":{"fact":"colour"}},
 {"family":"asked","wordings":["How many {asked} are there?","Count them."],"answer":{"fact":"asked count"}},
 {"family":"caption","wordings":["Describe."],"answer":{"text":"{asked count} {asked}, {colour}"}},
 {"family":"missing","wordings":["Describe."],"answer":{"text":"a {shape}"}}])"));
    const Result<TrainingRecipe> read = recipe();
    ASSERT_TRUE(read) << read.error().message;
    const std::vector<TrainingTurn> &turns = read->samples[0].turns;
    ASSERT_EQ(turns.size(), 3U) << "a fact that is not known is not asked about";
    EXPECT_EQ(turns[0].answer, "red");
    EXPECT_THAT(turns[1].wordings, ElementsAre("How many nuts are there?", "Count them."));
    EXPECT_EQ(turns[2].answer, "2 nuts, red");
    EXPECT_THAT(read->samples[1].turns, IsEmpty());
}

TEST_F(TrainingRecipeTest, QuestionsOfOtherSourcesAreTaughtToBeUnanswerable)
{
    m_folder.write("r/foreign.json", std::string(R"([
 {"family":"wheels","wordings":["How many wheels?","More than {n} wheels?","Which {asked}?","Count."],"held_out_wordings":["Wheels?"],"answer":{"count":"wheel"}}])"));
    std::string text = kRecipe;
    text.replace(text.find("\"weight\""), 0, "\"foreign_families\":[\"foreign.json\"],");
    m_folder.write("r/recipe.json", text);
    const Result<TrainingRecipe> read = recipe();
    ASSERT_TRUE(read) << read.error().message;
    const TrainingTurn &trained = read->samples[0].turns.back(), &heldOut = read->heldOut[0].turns.back();
    EXPECT_EQ(trained.family, "foreign");
    EXPECT_EQ(trained.answer, "unsure");
    EXPECT_THAT(trained.wordings, ElementsAre("How many wheels?", "More than 2 wheels?")) << "\"Count.\" is asked here, too";
    EXPECT_THAT(heldOut.wordings, ElementsAre("Wheels?"));
}

TEST_F(TrainingRecipeTest, RefusedFamiliesAreTaughtToBeUnanswerableAndTakeOneTurnTogether)
{
    m_folder.write("r/families.json", std::string(R"([
 {"family":"count","wordings":["How many?"],"refused":true,"held_out_wordings":["Number?"],"answer":{"count":"bottle"}},
 {"family":"present","wordings":["Any?"],"answer":{"present":"bottle"}},
 {"family":"empty","wordings":["Empty?"],"refused":true,"answer":{"absent":"bottle"}}])"));
    const Result<TrainingRecipe> read = recipe();
    ASSERT_TRUE(read) << read.error().message;
    ASSERT_EQ(read->samples[0].turns.size(), 2U);
    EXPECT_EQ(read->samples[0].turns[0].family, "present");
    EXPECT_EQ(read->samples[0].turns[1].answer, "unsure");
    EXPECT_THAT(read->samples[0].turns[1].wordings, ElementsAre("How many?", "Empty?"));
    EXPECT_THAT(read->heldOut[0].turns[1].wordings, ElementsAre("Number?", "Empty?"));
}

TEST_F(TrainingRecipeTest, LooseSpellingIsTrainedOnAndNeverMeasured)
{
    m_folder.write("r/families.json", std::string(R"([
 {"family":"f","wordings":["Is it A?","Is it B?","Is it C.","Is it D.","LEDs on?","It?","LEDs off?"],"held_out_wordings":["Is it E?","Is it F?"],"answer":{"fixed":"no"}}])"));
    std::string text = kRecipe;
    text.replace(text.find("\"seed\""), 0, "\"loose_spelling\":true,");
    m_folder.write("r/recipe.json", text);
    const Result<TrainingRecipe> read = recipe();
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_THAT(read->samples[0].turns[0].wordings, ElementsAre("Is it A?", "Is it B", "is it C.", "is it D", "LEDs on?", "It?", "LEDs off"));
    EXPECT_THAT(read->heldOut[1].turns[0].wordings, ElementsAre("Is it E?", "Is it F?"));
}

TEST_F(TrainingRecipeTest, ALongListOfWordingsIsSpreadOverTheSamples)
{
    std::string wordings;
    for (int i = 0; i < 40; ++i)
        wordings += (i == 0 ? "\"" : ",\"") + std::to_string(i) + "?\"";
    m_folder.write("r/families.json", "[{\"family\":\"f\",\"wordings\":[" + wordings + R"(],"answer":{"fixed":"unsure"}}])");
    const Result<TrainingRecipe> read = recipe();
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(read->samples[0].turns[0].wordings.size(), 16U);
    EXPECT_EQ(read->samples[1].turns[0].wordings.front(), "16?");
}

TEST_F(TrainingRecipeTest, DrawsPicturesOfAKind)
{
    m_folder.write("r/families.json", std::string(R"([{"family":"digit","wordings":["Which digit?"],"answer":{"fact":"digit"}}])"));
    const std::string source = R"({"name":"wheels","drawn":{"kind":"wheel","count":30,"held_out":10,"side":128},"small":true,"label":{"digit":true},"families":"families.json"})";
    std::string text = kRecipe;
    const std::size_t begin = text.find("{\"name\""), end = text.find("}}],", begin) + 2;
    text.replace(begin, end - begin, source);
    m_folder.write("r/recipe.json", text);
    const Result<TrainingRecipe> read = recipe();
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_TRUE(read->sources[0].isGenerated);
    EXPECT_EQ(read->samples.size(), 30U);
    ASSERT_EQ(read->heldOut.size(), 10U);
    std::set<std::string> pictures, groups;
    for (const std::vector<TrainingSample> *samples : {&read->samples, &read->heldOut}) {
        for (const TrainingSample &sample : *samples) {
            EXPECT_TRUE(pictures.insert(sample.picture).second) << sample.picture;
            EXPECT_EQ(sample.turns[0].answer, std::to_string(sample.label));
            groups.insert(sample.group);
        }
    }
    EXPECT_EQ(groups.size(), 2U) << "half of the held-out pictures have a background that is never trained on";
    EXPECT_THAT(errorAfter("r/recipe.json", text, "\"wheel\"", "\"moon\""), HasSubstr("nobody can draw a 'moon'"));
    EXPECT_THAT(errorAfter("r/recipe.json", text, "\"count\":30", "\"count\":2000000000"), HasSubstr("'count' is outside"));
    EXPECT_THAT(errorAfter("r/recipe.json", text, "\"small\":true", "\"small\":true,\"conversations\":\"c.jsonl\""), HasSubstr("'drawn' stands beside"));
}

TEST_F(TrainingRecipeTest, AStageNamesSourcesThatThereAre)
{
    EXPECT_THAT(errorAfter("r/recipe.json", kRecipe, R"("steps":200)", R"("steps":200,"sources":["bottles"])"), HasSubstr("accepted"));
    EXPECT_THAT(errorAfter("r/recipe.json", kRecipe, R"("steps":200)", R"("steps":200,"sources":["cans"])"), HasSubstr("RCP-04: a stage names the source 'cans'"));
}

TEST_F(TrainingRecipeTest, AStageNeedsGridsToShowPicturesAt)
{
    EXPECT_THAT(errorAfter("r/recipe.json", kRecipe, R"("grids":[8,16])", R"("grids":[])"), HasSubstr("no 'grids'"));
}

TEST_F(TrainingRecipeTest, ACaptionMayTellTheDigit)
{
    m_folder.write("r/data/a.jsonl",
                   std::string(R"({"image":"a.jpg","split":"train","labels":[{"class":"digit_7","bbox":null}]}
{"image":"b.jpg","split":"train","labels":[]})"));
    m_folder.write("r/families.json", std::string(R"([{"family":"caption","wordings":["Describe."],
 "answer":{"caption":true,"digit":true,"templates":{"other":"a wheel at {digit}"}}}])"));
    const Result<TrainingRecipe> read = recipe();
    ASSERT_TRUE(read) << read.error().message;
    ASSERT_EQ(read->samples[0].turns.size(), 1U);
    EXPECT_EQ(read->samples[0].turns[0].answer, "a wheel at 7");
    EXPECT_THAT(read->samples[1].turns, IsEmpty()) << "no digit, nothing to tell";
}

TEST_F(TrainingRecipeTest, AQuestionAndItsOppositeTakeTurnsWhenTheyAreMeasured)
{
    m_folder.write("r/families.json", std::string(R"([
 {"family":"presence","wordings":["Any?"],"answer":{"present":"bottle"}},
 {"family":"presence","wordings":["None?"],"answer":{"absent":"bottle"}}])"));
    const Result<TrainingRecipe> read = recipe();
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(read->samples[0].turns.size(), 2U) << "both are learned";
    ASSERT_EQ(read->heldOut.size(), 2U);
    ASSERT_EQ(read->heldOut[0].turns.size(), 1U);
    ASSERT_EQ(read->heldOut[1].turns.size(), 1U);
    EXPECT_NE(read->heldOut[0].turns[0].wordings, read->heldOut[1].turns[0].wordings);
}

TEST(FamilyScore, IsClaimedOnlyAboveTheMajorityAndOnlyWhenItLooks)
{
    FamilyScore score;
    score.count = 200;
    score.labels = {{"yes", 100}, {"no", 100}};
    score.right = 150; // [0.686, 0.805]
    score.rightWhenBlank = 100;
    EXPECT_TRUE(score.passesGate());
    score.rightWhenBlank = 110;
    EXPECT_FALSE(score.passesGate()) << "the answer does not come from the picture";
    score.rightWhenBlank = 100;
    score.right = 128; // [0.571, 0.703]
    EXPECT_FALSE(score.passesGate()) << "the lower end is below 0.6";
}

TEST(FamilyScore, AnAnswerThatItsGroupGivesAwayIsNotClaimed)
{
    FamilyScore score;
    for (int i = 0; i < 100; ++i) {
        const bool isLeft = i < 50;
        for (AnswerScore *part : {static_cast<AnswerScore *>(&score), &score.groups[isLeft ? "left line" : "right line"]})
            part->add(isLeft ? "red" : "blue", true, isLeft);
    }
    EXPECT_EQ(score.majorityShare(), 0.5);
    EXPECT_EQ(score.groupMajorityShare(), 1);
    EXPECT_FALSE(score.passesGate()) << "who tells the lines apart is right about all";

    FamilyScore mixed;
    for (int i = 0; i < 100; ++i) {
        for (AnswerScore *part : {static_cast<AnswerScore *>(&mixed), &mixed.groups[i < 50 ? "left line" : "right line"]})
            part->add(i % 2 == 0 ? "red" : "blue", true, i % 2 == 0);
    }
    EXPECT_TRUE(mixed.passesGate());

    FamilyScore alone;
    for (int i = 0; i < 100; ++i) {
        for (AnswerScore *part : {static_cast<AnswerScore *>(&alone), &alone.groups[std::to_string(i)]})
            part->add(i % 2 == 0 ? "red" : "blue", true, i % 2 == 0);
    }
    EXPECT_TRUE(alone.passesGate()) << "a group of one answer gives nothing away";
}

TEST(TrainingRecipe, TheShippedRecipeIsRead)
{
    const std::filesystem::path data = std::filesystem::path(AURORAEDGE_SHARED_DIR) / "data";
    if (!std::filesystem::exists(data))
        GTEST_SKIP() << data << " is not here";
    const Result<TrainingRecipe> recipe
        = readTrainingRecipe(std::filesystem::path(AURORAEDGE_SOURCE_DIR) / "resources/training/nano/recipe.json");
    ASSERT_TRUE(recipe) << recipe.error().message;
    for (const TrainingSample &sample : recipe->samples)
        EXPECT_FALSE(sample.turns.empty()) << sample.picture;
}

/// The stages of model-reference 5.1. The recipe names data that does not ship, so a picture stands for each of its sets.
TEST(TrainingRecipe, ThePapersThreeStagesAreRead)
{
    const TemporaryFolder folder;
    std::filesystem::copy_file(std::filesystem::path(AURORAEDGE_SOURCE_DIR) / "resources/training/paper/recipe.json", folder / "recipe.json");
    folder.write("data/pictures/a.jpg", std::string("not opened"));
    const auto record = [](const std::string &question, std::size_t letters) {
        return R"({"image":"a.jpg","conversations":[{"from":"human","value":")" + question + R"("},{"from":"gpt","value":")"
            + std::string(letters, 'x') + "\"}]}";
    };
    folder.write("data/stage1_captions.json", "[" + record("<image>", 20) + "]");
    std::string instructions = record("<image>", 300);
    for (int i = 0; i < 9; ++i)
        instructions += "," + record("What?", 5) + "," + record("<image>", 300);
    folder.write("data/stage2_instructions.json", "[" + instructions + "]");
    folder.write("data/stage3_joint.json", "[" + record("What?", 200) + "]");

    const Result<TrainingRecipe> recipe = readTrainingRecipe(folder / "recipe.json");
    ASSERT_TRUE(recipe) << recipe.error().message;
    EXPECT_EQ(recipe->precision, Precision::Bf16);
    ASSERT_EQ(recipe->samples.size(), 3U);
    EXPECT_EQ(recipe->samples[1].turns.size(), 10U) << "nine questions, and one detailed caption of ten";
    ASSERT_EQ(recipe->stages.size(), 3U);
    const std::vector<TrainedParts> parts{TrainedParts::Connectors, TrainedParts::ConnectorsAndDecoder, TrainedParts::All};
    const std::vector<double> rates{1e-3, 2e-5, 1e-6};
    const std::vector<int> batches{32, 32, 16};
    for (std::size_t i = 0; i < 3; ++i) {
        const TrainingStage &stage = recipe->stages[i];
        SCOPED_TRACE(i + 1);
        EXPECT_EQ(stage.trained, parts[i]);
        EXPECT_EQ(stage.learningRate, rates[i]);
        EXPECT_EQ(stage.muonLearningRate, 0) << "AdamW for every matrix";
        ASSERT_THAT(stage.grids, ElementsAre(16));
        EXPECT_EQ(stage.accumulate * stage.patchesPerBatch / (16 * 16), batches[i]);
        EXPECT_EQ(stage.warmupSteps, std::lround(0.03 * stage.steps));
        EXPECT_EQ(stage.finalShare, 0);
        EXPECT_EQ(stage.beta2, 0.999);
        EXPECT_EQ(stage.weightDecay, 0);
        EXPECT_EQ(stage.clipNorm, 1);
        ASSERT_THAT(stage.sources, ElementsAre(recipe->sources[i].name));
        EXPECT_FALSE(recipe->sources[i].views.isMirrored) << "answers tell left from right";
    }
}

TEST(TrainingRecipe, ReadsTheSharedDataSets)
{
    const std::filesystem::path data = std::filesystem::path(AURORAEDGE_SHARED_DIR) / "data";
    if (!std::filesystem::exists(data))
        GTEST_SKIP() << data << " is not here";
    const TemporaryFolder folder;
    folder.write("digits.json",
                 std::string(R"([{"family":"digit","wordings":["Which digit?"],"answer":{"digit":true}}])"));
    folder.write("bottles.json",
                 std::string(R"([{"family":"count","wordings":["How many?"],"answer":{"count":"bottle"}}])"));
    folder.write("recipe.json",
                 R"({"model":"m","out":"o","stages":[{"steps":1,"grids":[16]}],"sources":[
 {"name":"digits","annotations":")" + (data / "meter_digits/annotations.jsonl").string() + R"(","families":"digits.json","small":true,"label":{"digit":true}},
 {"name":"bottles","annotations":")" + (data / "conveyor_bottles/annotations.jsonl").string() + R"(","families":"bottles.json","box_class":"bottle"}]})");
    const Result<TrainingRecipe> recipe = readTrainingRecipe(folder / "recipe.json");
    ASSERT_TRUE(recipe) << recipe.error().message;
    EXPECT_EQ(recipe->samples.size(), 4908U + 1335U);
    EXPECT_EQ(recipe->heldOut.size(), 1428U + 212U);
    std::size_t boxes = 0;
    std::set<std::string> trained;
    for (const TrainingSample &sample : recipe->samples) {
        boxes += sample.boxes.size();
        trained.insert(sample.group);
        EXPECT_EQ(sample.turns.size(), 1U);
        EXPECT_EQ(sample.isSmall, sample.source == "digits");
        EXPECT_EQ(sample.label >= 0, sample.source == "digits");
    }
    for (const TrainingSample &sample : recipe->heldOut) {
        boxes += sample.boxes.size();
        EXPECT_FALSE(trained.contains(sample.group)) << sample.group;
    }
    EXPECT_EQ(boxes, 2635U);
    EXPECT_TRUE(std::filesystem::exists(recipe->samples.front().picture));
}

TEST(WilsonInterval, MatchesPublishedFigures)
{
    const Interval interval = wilsonInterval(209, 212); // 0.986 [0.959, 0.995]
    EXPECT_NEAR(interval.low, 0.959, 0.0006);
    EXPECT_NEAR(interval.high, 0.995, 0.0006);
    EXPECT_NEAR(wilsonInterval(0, 10).high, 0.2775, 0.0005);
    EXPECT_EQ(wilsonInterval(0, 10).low, 0);
    EXPECT_EQ(wilsonInterval(0, 0).low, 0);
    EXPECT_EQ(wilsonInterval(0, 0).high, 1);
}

TEST(Evaluation, CountsRightMajorityAndBlankAnswers)
{
    testing::FakeScript script;
    // Sees only whether the first pixel is grey: says "no" about a grey picture, "yes" about every other.
    script.answerFor = [](const Frame &frame, const std::string &question) -> Result<std::string> {
        EXPECT_EQ(question, "q?");
        const std::uint8_t *pixel = frame.row(0);
        return std::string(pixel[0] == 128 && pixel[1] == 128 ? "no" : "yes");
    };
    testing::FakeEngine engine(script);
    const auto inspector = *engine.load({}, {}, {});
    std::vector<TrainingSample> samples;
    for (const char *answer : {"yes", "yes", "no"}) {
        TrainingSample sample;
        sample.picture = answer;
        sample.turns = {{"present", {"q?"}, answer}};
        samples.push_back(sample);
    }
    samples.push_back({"missing", "", "", {{"present", {"q?"}, "yes"}}, {}, -1, false});
    const auto load = [](const std::string &path) -> Result<Frame> {
        if (path == "missing")
            return failure(code::FileNotFound, "it is not there");
        return testFrame();
    };
    int told = 0;
    const Result<Evaluation> evaluation = evaluate(*inspector, samples, load, [&](int done) { told = done; }, {});
    ASSERT_TRUE(evaluation);
    EXPECT_EQ(told, 3);
    EXPECT_EQ(evaluation->pictures, 3);
    EXPECT_THAT(evaluation->skippedPictures, ElementsAre("missing: it is not there"));
    const FamilyScore &score = evaluation->families.at("present");
    EXPECT_EQ(score.count, 3);
    EXPECT_EQ(score.right, 2);
    EXPECT_NEAR(score.majorityShare(), 2.0 / 3, 1e-9);
    EXPECT_NEAR(score.blankAccuracy(), 1.0 / 3, 1e-9);
    EXPECT_EQ(script.questions.size(), 4U) << "one grey picture is asked about once";
}

TEST(Evaluation, EveryWordingIsAskedAboutEvenAndOddPictures)
{
    testing::FakeScript script;
    testing::FakeEngine engine(script);
    const auto inspector = *engine.load({}, {}, {});
    std::vector<TrainingSample> samples(8);
    for (TrainingSample &sample : samples)
        sample.turns = {{"f", {"one?", "other?"}, "a"}};
    std::set<std::pair<std::string, bool>> asked; // with the parity of the picture's number
    int shown = -1;
    script.answerFor = [&](const Frame &frame, const std::string &question) -> Result<std::string> {
        if (frame.source != "blank:")
            asked.emplace(question, shown % 2 == 1);
        return std::string("a");
    };
    const auto load = [&](const std::string &) -> Result<Frame> {
        ++shown;
        return testFrame();
    };
    ASSERT_TRUE(evaluate(*inspector, samples, load, {}, {}));
    EXPECT_EQ(asked.size(), 4U) << "drawn pictures of odd numbers have another background";
}

TEST(Evaluation, AnAnswerMayBeAsLongAsTheRightOneWithinLimits)
{
    testing::FakeScript script;
    testing::FakeEngine engine(script);
    const auto inspector = *engine.load({}, {}, {});
    for (const std::size_t bytes : {std::size_t{1}, std::size_t{32}, std::size_t{33}, std::size_t{300}, std::size_t{5000}}) {
        TrainingSample sample;
        sample.turns = {{"f", {"q"}, std::string(bytes, 'x')}};
        ASSERT_TRUE(evaluate(*inspector, {sample}, [](const std::string &) -> Result<Frame> { return testFrame(); }, {}, {}));
    }
    std::vector<int> limits;
    for (std::size_t i = 1; i < script.options.size(); i += 2) { // after each blank one
        limits.push_back(script.options[i].maxNewTokens);
        EXPECT_EQ(script.options[i - 1].maxNewTokens, limits.back()) << "a grey picture gets the same chance";
    }
    EXPECT_THAT(limits, ElementsAre(48, 48, 64, 320, 512));
}

TEST(Evaluation, EachGroupHasItsOwnCountsAndCommonestAnswer)
{
    testing::FakeScript script;
    script.defaultAnswer = "2";
    testing::FakeEngine engine(script);
    const auto inspector = *engine.load({}, {}, {});
    std::vector<TrainingSample> samples;
    for (const auto &[group, answer] : {std::pair("video 1", "2"), std::pair("video 1", "2"), std::pair("video 1", "3"), std::pair("video 2", "3")}) {
        TrainingSample sample;
        sample.group = group;
        sample.turns = {{"count", {"How many?"}, answer}};
        samples.push_back(sample);
    }
    const auto load = [](const std::string &) -> Result<Frame> { return testFrame(); };
    const FamilyScore score = evaluate(*inspector, samples, load, {}, {})->families.at("count");
    EXPECT_TRUE(score.hasGroups());
    EXPECT_EQ(score.majorityShare(), 0.5);
    const AnswerScore &first = score.groups.at("video 1"), &second = score.groups.at("video 2");
    EXPECT_EQ(first.right, 2);
    EXPECT_EQ(first.count, 3);
    EXPECT_NEAR(first.majorityShare(), 2.0 / 3, 1e-12);
    EXPECT_NEAR(first.blankAccuracy(), 2.0 / 3, 1e-12);
    EXPECT_EQ(second.right, 0);
    EXPECT_EQ(second.majorityShare(), 1);
}

TEST(FamilyScore, GroupsOfOneAnswerEachTellNothingMore)
{
    FamilyScore score;
    score.count = 2;
    score.groups = {{"a.png", {1, 1, 0, {}}}, {"b.png", {1, 0, 0, {}}}};
    EXPECT_FALSE(score.hasGroups());
    score.count = 3;
    EXPECT_TRUE(score.hasGroups());
    score.groups.erase("b.png");
    EXPECT_FALSE(score.hasGroups());
}

TEST(Evaluation, StopsWhenItIsTold)
{
    testing::FakeScript script;
    testing::FakeEngine engine(script);
    const auto inspector = *engine.load({}, {}, {});
    std::stop_source stop;
    stop.request_stop();
    TrainingSample sample;
    sample.turns = {{"f", {"q"}, "a"}};
    const Result<Evaluation> evaluation = evaluate(
        *inspector, {sample}, [](const std::string &) -> Result<Frame> { return testFrame(); }, {}, stop.get_token());
    ASSERT_FALSE(evaluation);
    EXPECT_EQ(evaluation.error().code, code::Cancelled);
    EXPECT_THAT(script.questions, IsEmpty());
}

} // namespace
} // namespace auroraedge::app

#include "app/training/conversations.h"
#include "app/training/training_recipe.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>

namespace auroraedge::app {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class ConversationsTest : public ::testing::Test
{
protected:
    ConversationsTest()
    {
        for (const char *name : {"p/a.jpg", "p/b.jpg", "p/sub/c.jpg"})
            m_folder.write(name, std::string("not opened"));
    }
    Result<Conversations> read(const std::string &text, const std::string &name = "talk.json") const
    {
        return readConversations(m_folder.write(name, text), m_folder / "p", "talk");
    }
    /// Why a record is left out; a good one stands beside it.
    std::string complaintAbout(const std::string &record) const
    {
        const auto talk = read("[" + good("a.jpg") + "," + record + "]");
        if (!talk)
            return talk.error().message;
        return talk->badRecords.empty() ? "none" : talk->badRecords.front();
    }
    static std::string good(const std::string &image, const std::string &more = "")
    {
        return R"({"id":"1","image":")" + image + "\"" + more
            + R"(,"conversations":[{"from":"human","value":"<image>\nHow many?"},{"from":"gpt","value":"3"}]})";
    }

    const testing::TemporaryFolder m_folder;
};

TEST_F(ConversationsTest, TakesQuestionsAndAnswersAndTheMarkerOut)
{
    const auto talk = read("[" + good("sub/c.jpg", R"(,"group":"g7")") + "]");
    ASSERT_TRUE(talk) << talk.error().message;
    ASSERT_THAT(talk->samples, SizeIs(1));
    const TrainingSample &sample = talk->samples.front();
    EXPECT_EQ(sample.picture, (m_folder / "p/sub/c.jpg").string());
    EXPECT_EQ(sample.source, "talk");
    EXPECT_EQ(sample.group, "g7");
    ASSERT_THAT(sample.turns, SizeIs(1));
    EXPECT_EQ(sample.turns[0].family, "conversation");
    EXPECT_THAT(sample.turns[0].wordings, ElementsAre("How many?"));
    EXPECT_EQ(sample.turns[0].answer, "3");
    EXPECT_THAT(talk->badRecords, IsEmpty());
}

TEST_F(ConversationsTest, EveryQuestionAboutAPictureIsOneSample)
{
    const auto talk = read("[" + good("a.jpg") + "," + good("b.jpg") + R"(,{"image":"a.jpg","conversations":[{"from":"human","value":"What?"},
        {"from":"gpt","value":"A gear."},{"from":"human","value":"And\nwhere?"},{"from":"gpt","value":"Left."}]}])");
    ASSERT_TRUE(talk);
    ASSERT_THAT(talk->samples, SizeIs(2));
    ASSERT_THAT(talk->samples[0].turns, SizeIs(3));
    EXPECT_EQ(talk->samples[0].turns[2].wordings.front(), "And\nwhere?");
    EXPECT_THAT(talk->samples[1].turns, SizeIs(1));
}

TEST_F(ConversationsTest, APictureWithNothingButAnAnswerIsACaptionBriefOrDetailed)
{
    const std::string longText(200, 'x');
    const auto talk = read(R"([{"image":"a.jpg","conversations":[{"from":"human","value":"<image>"},{"from":"gpt","value":"A small red gear."}]},
        {"image":"b.jpg","conversations":[{"from":"gpt","value":")" + longText + "\"}]}]");
    ASSERT_TRUE(talk);
    const TrainingTurn &brief = talk->samples[0].turns.front(), &detailed = talk->samples[1].turns.front();
    EXPECT_EQ(brief.family, "caption-brief");
    EXPECT_EQ(detailed.family, "caption-detailed");
    EXPECT_THAT(brief.wordings, SizeIs(8));
    EXPECT_THAT(detailed.wordings, SizeIs(8));
    for (const std::string &wording : brief.wordings)
        EXPECT_THAT(detailed.wordings, ::testing::Not(Contains(wording)));
}

TEST_F(ConversationsTest, LinesAreReadToo)
{
    const auto talk = read(good("a.jpg") + "\n\n{\"cut\": \n" + good("b.jpg", R"(,"split":"val")") + "\n", "talk.jsonl");
    ASSERT_TRUE(talk) << talk.error().message;
    EXPECT_THAT(talk->samples, SizeIs(1));
    ASSERT_THAT(talk->heldOut, SizeIs(1));
    EXPECT_TRUE(talk->heldOut.front().isHeldOut);
    EXPECT_THAT(talk->badRecords, ElementsAre(HasSubstr("talk.jsonl record 2: it is not valid JSON")));
}

TEST_F(ConversationsTest, EachBadRecordIsNamedAndTheGoodOnesAreUsed)
{
    EXPECT_EQ(complaintAbout("7"), "talk.json record 2: it is not an object");
    EXPECT_THAT(complaintAbout(R"({"conversations":[{"from":"human","value":"x"},{"from":"gpt","value":"y"}]})"), HasSubstr("it has no picture"));
    EXPECT_THAT(complaintAbout(good("../b.jpg")), HasSubstr("'../b.jpg' leaves the folder"));
    EXPECT_THAT(complaintAbout(good("/etc/passwd")), HasSubstr("leaves the folder"));
    EXPECT_THAT(complaintAbout(good("gone.jpg")), HasSubstr("picture 'gone.jpg' is not there"));
    const auto withTalk = [](const std::string &talk) { return R"({"image":"a.jpg","conversations":)" + talk + "}"; };
    EXPECT_THAT(complaintAbout(withTalk("[]")), HasSubstr("there is no list 'conversations'"));
    EXPECT_THAT(complaintAbout(withTalk(R"([{"from":"human","value":"x"}])")), HasSubstr("the last question has no answer"));
    EXPECT_THAT(complaintAbout(withTalk(R"([{"from":"human","value":"x"},{"from":"human","value":"y"}])")), HasSubstr("two questions follow each other"));
    EXPECT_THAT(complaintAbout(withTalk(R"([{"from":"human","value":"x"},{"from":"gpt","value":"y"},{"from":"gpt","value":"z"}])")),
                HasSubstr("two answers follow each other"));
    EXPECT_THAT(complaintAbout(withTalk(R"([{"from":"human","value":"x"},{"from":"gpt","value":" <image> "}])")), HasSubstr("an answer is empty"));
    EXPECT_THAT(complaintAbout(withTalk(R"([{"from":"robot","value":"x"}])")), HasSubstr("'robot' is neither human nor gpt"));
    EXPECT_THAT(complaintAbout(withTalk(R"([{"from":"human"}])")), HasSubstr("a message has no 'from' and 'value'"));
}

TEST_F(ConversationsTest, AFileWithoutAGoodRecordIsRefused)
{
    const auto empty = read("[]");
    ASSERT_FALSE(empty);
    EXPECT_EQ(empty.error().code, code::RecipeValue);
    EXPECT_THAT(read("[1]").error().message, HasSubstr("first: talk.json record 1: it is not an object"));
    EXPECT_EQ(read("{").error().code, code::RecipeSyntax);
    EXPECT_EQ(read("{}").error().code, code::RecipeValue);
    EXPECT_EQ(readConversations(m_folder / "gone.json", m_folder / "p", "talk").error().code, code::FileNotFound);
}

TEST_F(ConversationsTest, ARecipeTakesThemAsASource)
{
    m_folder.write("talk.json", "[" + good("a.jpg") + "," + good("gone.jpg") + "," + good("b.jpg", R"(,"split":"val")") + "]");
    m_folder.write("recipe.json", std::string(R"({"model":"m","out":"o","sources":[{"name":"talk","conversations":"talk.json","pictures":"p","small":true}],
        "stages":[{"steps":1,"grids":[16],"train":"connectors","warmup_share":0.5,"accumulate":2}]})"));
    const auto recipe = readTrainingRecipe(m_folder / "recipe.json");
    ASSERT_TRUE(recipe) << recipe.error().message;
    ASSERT_THAT(recipe->samples, SizeIs(1));
    EXPECT_TRUE(recipe->samples.front().isSmall);
    EXPECT_THAT(recipe->heldOut, SizeIs(1));
    EXPECT_THAT(recipe->badRecords, SizeIs(1));
    EXPECT_EQ(recipe->stages.front().trained, TrainedParts::Connectors);
    EXPECT_EQ(recipe->stages.front().accumulate, 2);
}

} // namespace
} // namespace auroraedge::app

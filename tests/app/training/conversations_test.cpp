#include "app/training/conversations.h"
#include "app/training/training_recipe.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>

#include <set>

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

TEST_F(ConversationsTest, WhatIsKeptForLaterIsNeitherLearntNorWatched)
{
    const auto talk = read("[" + good("a.jpg", R"(,"split":"test")") + "," + good("b.jpg", R"(,"split":"val")") + "," + good("b.jpg", R"(,"split":"heldout")") + ","
                           + good("sub/c.jpg") + "]");
    ASSERT_TRUE(talk);
    ASSERT_THAT(talk->samples, SizeIs(1));
    EXPECT_EQ(talk->samples[0].picture, (m_folder / "p/sub/c.jpg").string());
    EXPECT_THAT(talk->heldOut, IsEmpty());
    EXPECT_THAT(talk->forLater, SizeIs(2)) << "one record keeps the picture";
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

TEST_F(ConversationsTest, HeldOutRecordsAloneAreEnough)
{
    const auto talk = read("[" + good("a.jpg", R"(,"split":"val")") + "]");
    ASSERT_TRUE(talk) << talk.error().message;
    EXPECT_THAT(talk->samples, IsEmpty());
    EXPECT_THAT(talk->heldOut, SizeIs(1));
}

TEST_F(ConversationsTest, AListIsReadWhateverTheFileIsCalled)
{
    const auto talk = read("\n [" + good("a.jpg") + ",\n" + good("b.jpg") + "]", "talk.jsonl");
    ASSERT_TRUE(talk) << talk.error().message;
    EXPECT_THAT(talk->samples, SizeIs(2));
}

/// Twenty brief captions and ten detailed ones that are learnt from, and a detailed one that is held out.
class DetailedShareTest : public ConversationsTest
{
protected:
    DetailedShareTest()
    {
        for (int i = 0; i < 31; ++i) {
            const std::string name = (i < 20 ? "brief" : "detailed") + std::to_string(i) + ".jpg";
            m_folder.write("p/" + name, std::string("not opened"));
            m_records += (i == 0 ? "" : ",") + caption(name, i < 20 ? 10 : 200, i == 30 ? R"(,"split":"val")" : "");
        }
    }
    static std::string caption(const std::string &image, std::size_t letters, const std::string &more)
    {
        return R"({"image":")" + image + "\"" + more + R"(,"conversations":[{"from":"gpt","value":")" + std::string(letters, 'x') + "\"}]}";
    }
    Result<Conversations> withShare(double share, std::uint64_t seed = 1) const
    {
        return readConversations(m_folder.write("talk.json", "[" + m_records + "]"), m_folder / "p", "talk", DetailedShare{share, seed});
    }
    /// Numbers of the detailed ones that stay.
    std::vector<int> keptAt(double share, std::uint64_t seed = 1) const
    {
        const auto talk = withShare(share, seed);
        std::vector<int> numbers;
        for (const TrainingSample &sample : talk ? talk->samples : std::vector<TrainingSample>()) {
            const std::string name = std::filesystem::path(sample.picture).stem();
            if (name.starts_with("detailed"))
                numbers.push_back(std::stoi(name.substr(8)));
        }
        EXPECT_EQ(talk && talk->samples.size() == 20 + numbers.size(), true) << "every brief one stays";
        EXPECT_EQ(talk && talk->heldOut.size() == 1, true) << "what is held out stays";
        return numbers;
    }

    std::string m_records;
};

TEST_F(DetailedShareTest, DetailedCaptionsMakeUpTheShareThatIsWanted)
{
    EXPECT_THAT(keptAt(0.1), SizeIs(2)); // of 22
    EXPECT_THAT(keptAt(0.2), SizeIs(5)); // of 25
    EXPECT_THAT(keptAt(0), IsEmpty());
    EXPECT_THAT(keptAt(1), SizeIs(10));
    EXPECT_THAT(keptAt(0.5), SizeIs(10)) << "there are no more";
}

TEST_F(DetailedShareTest, TheyAreSpreadAndTheSeedSaysWhich)
{
    const std::vector<int> kept = keptAt(0.2);
    for (std::size_t i = 1; i < kept.size(); ++i)
        EXPECT_EQ(kept[i] - kept[i - 1], 2);
    EXPECT_EQ(keptAt(0.2), kept);
    std::set<std::vector<int>> choices;
    for (std::uint64_t seed = 1; seed <= 20; ++seed)
        choices.insert(keptAt(0.1, seed));
    EXPECT_GT(choices.size(), 1U);
}

TEST_F(DetailedShareTest, WithoutOtherRecordsThereIsNoShare)
{
    const auto file = m_folder.write("only.json", "[" + caption("a.jpg", 200, "") + "]");
    const auto talk = readConversations(file, m_folder / "p", "talk", DetailedShare{0.1, 1});
    ASSERT_FALSE(talk);
    EXPECT_EQ(talk.error().code, code::RecipeValue);
    EXPECT_THAT(talk.error().message, HasSubstr("only.json holds detailed captions alone, so 'detailed_share' leaves none of them"));
}

TEST_F(DetailedShareTest, IsASettingOfASourceOfConversations)
{
    m_folder.write("talk.json", "[" + m_records + "]");
    const auto readWith = [&](const std::string &setting) {
        m_folder.write("recipe.json", R"({"model":"m","out":"o","sources":[{"name":"talk","conversations":"talk.json","pictures":"p")" + setting
                           + R"(}],"stages":[{"steps":1,"grids":[16]}]})");
        return readTrainingRecipe(m_folder / "recipe.json");
    };
    EXPECT_THAT(readWith("")->samples, SizeIs(30)) << "as they come";
    EXPECT_THAT(readWith(R"(,"detailed_share":0.1)")->samples, SizeIs(22));
    EXPECT_THAT(readWith(R"(,"detailed_share":1.1)").error().message, HasSubstr("'detailed_share' is outside 0..1"));
    EXPECT_THAT(readWith(R"(,"detailed_share":-0.1)").error().message, HasSubstr("'detailed_share' is outside 0..1"));
    EXPECT_THAT(readWith(R"(,"detailed_share":"few")").error().message, HasSubstr("'detailed_share' of a source of the recipe is not a number"));
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

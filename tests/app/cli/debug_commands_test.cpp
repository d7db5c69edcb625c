#include "tests/app/cli/cli_fixture.h"

namespace auroraedge::app {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class DebugCommandsTest : public CliFixture
{
protected:
    Outcome tokenize(const std::string &input, const Words &more = {})
    {
        return runHere({"debug", "tokenize"}, more, input);
    }
};

TEST_F(DebugCommandsTest, TurnsLinesOfTextIntoIds)
{
    const Outcome outcome = tokenize("{\"text\":\"yes\"}\n\n{\"text\":\"\"}\n{\"text\":\"\\u00e9\"}\n");
    EXPECT_EQ(outcome.exitCode, 0) << outcome.err;
    EXPECT_EQ(outcome.out, "{\"ids\":[121,101,115]}\n{\"ids\":[]}\n{\"ids\":[195,169]}\n");
}

TEST_F(DebugCommandsTest, TurnsLinesOfIdsIntoText)
{
    const Outcome outcome = tokenize("{\"ids\":[121,101,115]}\n{\"ids\":[]}", {"--decode"});
    EXPECT_EQ(outcome.exitCode, 0) << outcome.err;
    EXPECT_EQ(outcome.out, "{\"text\":\"yes\"}\n{\"text\":\"\"}\n");
}

TEST_F(DebugCommandsTest, ReadsMarkersOnlyWhereAskedTo)
{
    EXPECT_EQ(tokenize("{\"text\":\"<end>\"}").out, "{\"ids\":[60,101,110,100,62]}\n");
    EXPECT_EQ(tokenize("{\"text\":\"<end>\"}", {"--special"}).out, "{\"ids\":[256]}\n");
}

TEST_F(DebugCommandsTest, NamesTheLineThatIsWrong)
{
    const auto refusal = [this](const std::string &line, const Words &more = {}) {
        const Outcome outcome = tokenize("{\"text\":\"a\"}\n" + line + "\n{\"text\":\"b\"}\n", more);
        EXPECT_EQ(outcome.exitCode, 4) << line;
        return outcome.err;
    };
    EXPECT_EQ(refusal("{\"question\":\"a\"}"),
              "RCP-04: line 2: {\"text\":\"...\"} or {\"ids\":[...]} was expected\n");
    EXPECT_THAT(refusal("{\"text\":"), ::testing::StartsWith("RCP-01: line 2"));
    EXPECT_THAT(refusal("{\"text\":\"a\",\"text\":\"b\"}"), ::testing::StartsWith("RCP-01: line 2"));
    EXPECT_THAT(refusal("{\"text\":\"\xFF\"}"), ::testing::StartsWith("RCP-01: line 2"));
    EXPECT_THAT(refusal("[1,2]"), HasSubstr("RCP-04: line 2"));
    EXPECT_THAT(refusal("{\"text\":7}"), HasSubstr("RCP-04: line 2"));
    EXPECT_THAT(refusal("{\"ids\":[1.5]}"), HasSubstr("RCP-04: line 2: an id is not a whole number"));
    EXPECT_THAT(refusal("{\"ids\":[\"1\"]}"), HasSubstr("RCP-04"));
    EXPECT_THAT(refusal("{\"ids\":[9999]}"), HasSubstr("TOK-02"));
    EXPECT_THAT(refusal("{\"ids\":[18446744073709551615]}"), HasSubstr("TOK-02"));
    EXPECT_EQ(tokenize("{\"text\":\"a\"}", {"--decode"}).err, "RCP-04: line 1: {\"ids\":[...]} was expected\n");
}

TEST_F(DebugCommandsTest, PrintsTheLinesBeforeAWrongOne)
{
    EXPECT_EQ(tokenize("{\"text\":\"a\"}\nnonsense\n{\"text\":\"b\"}\n").out, "{\"ids\":[97]}\n");
}

TEST_F(DebugCommandsTest, HandsTensorsToTheEngine)
{
    EXPECT_EQ(runHere({"debug", "forward", "--inputs", "in.safetensors", "--out", "out.safetensors"}).exitCode, 0);
    EXPECT_EQ(runHere({"debug", "forward", "--inputs", "in", "--out", "out", "--steps", "3", "--precision", "bf16"}).exitCode, 0);
    EXPECT_THAT(m_script.debugCalls, ElementsAre("forward " + modelFolder() + " in.safetensors out.safetensors 16 auto",
                                                 "forward " + modelFolder() + " in out 3 bf16"));
    m_script.debugError = Error{code::ModelTensorShape, "'x' is [3,2], model needs [2,3]", "x"};
    const Outcome failed = runHere({"debug", "forward", "--inputs", "in", "--out", "out"});
    EXPECT_EQ(failed.exitCode, 4);
    EXPECT_EQ(failed.err, "MOD-14: 'x' is [3,2], model needs [2,3]\n");
}

TEST_F(DebugCommandsTest, HandsABatchToTheEngine)
{
    EXPECT_EQ(runHere({"debug", "train-step", "--batch", "b", "--stage", "2", "--out", "o"}).exitCode, 0);
    EXPECT_THAT(m_script.debugCalls, ElementsAre("train-step " + modelFolder() + " b 2 o"));
    for (const char *stage : {"0", "4", "x"})
        EXPECT_EQ(runHere({"debug", "train-step", "--batch", "b", "--stage", stage, "--out", "o"}).exitCode, 2);
}

TEST_F(DebugCommandsTest, HandsADecodedPictureToTheEngine)
{
    EXPECT_EQ(run({"debug", "preprocess", "--config", "c.json", "--image", m_picture, "--out", "o"}).exitCode, 0);
    EXPECT_THAT(m_script.debugCalls, ElementsAre("preprocess c.json 48x32 o"));
    m_timesOpened = 0;
    const Outcome failed = run({"debug", "preprocess", "--config", "c.json", "--image", at("no.png"), "--out", "o"});
    EXPECT_EQ(failed.exitCode, 4);
    EXPECT_THAT(failed.err, HasSubstr("FS-12"));
    EXPECT_EQ(m_timesOpened, 0) << "the picture is read first";
}

TEST_F(DebugCommandsTest, NamesAModelThatIsNotThere)
{
    for (const Words &words : {Words{"debug", "tokenize"}, Words{"debug", "forward", "--inputs", "i", "--out", "o"}}) {
        Words all = words;
        all.insert(all.end(), {"--model", at("nowhere/model"), "--json"});
        const Outcome outcome = run(all);
        EXPECT_EQ(outcome.exitCode, 4);
        EXPECT_EQ(outcome.jsonCode(), "MOD-21");
    }
    EXPECT_THAT(m_script.debugCalls, IsEmpty());
}

} // namespace
} // namespace auroraedge::app

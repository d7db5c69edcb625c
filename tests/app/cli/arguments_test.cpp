#include "tests/app/cli/cli_fixture.h"

namespace auroraedge::app {
namespace {

using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

class ArgumentsTest : public CliFixture
{
protected:
    /// What stderr says about arguments that must be refused as such.
    std::string refusalOf(const Words &words)
    {
        const Outcome outcome = run(words);
        EXPECT_EQ(outcome.exitCode, 2) << outcome.err;
        EXPECT_THAT(outcome.out, IsEmpty());
        EXPECT_THAT(outcome.err, StartsWith("CLI-01: "));
        EXPECT_EQ(outcome.err.find('\n'), outcome.err.size() - 1) << "one sentence on one line";
        EXPECT_EQ(m_timesOpened, 0) << "nothing was begun";
        return outcome.err.size() > 9 ? outcome.err.substr(8, outcome.err.size() - 9) : outcome.err;
    }
    std::string refusalOfAsk(const Words &more)
    {
        Words words = {"ask", "--image", m_picture, "--question", "Is there a bottle?"};
        words.insert(words.end(), more.begin(), more.end());
        return refusalOf(words);
    }
};

TEST_F(ArgumentsTest, NamesTheCommandsWhenThereIsNone)
{
    EXPECT_EQ(refusalOf({}),
              "a command is missing; there are ask, caption, batch, merge, demo, info, import, train, finetune, evaluate, db, debug");
    EXPECT_EQ(refusalOf({"db"}), "a command is missing; there are check, backup, export, hold, tag, replay, retention");
    EXPECT_EQ(refusalOf({"debug"}), "a command is missing; there are forward, train-step, preprocess, tokenize");
}

TEST_F(ArgumentsTest, NamesTheCommandThatItDoesNotKnow)
{
    EXPECT_EQ(refusalOf({"bla"}),
              "there is no command 'bla'; there are ask, caption, batch, merge, demo, info, import, train, finetune, evaluate, db, debug");
    EXPECT_THAT(refusalOf({"batsh", "pictures"}), StartsWith("there is no command 'batsh'; did you mean 'batch'?; "));
    EXPECT_THAT(refusalOf({"debug", "foward"}),
                StartsWith("there is no command 'foward'; did you mean 'forward'?; there are forward, "));
}

TEST_F(ArgumentsTest, NamesTheOptionThatItDoesNotKnow)
{
    EXPECT_EQ(refusalOf({"ask", "--imge", "a.jpg", "--question", "Is there a bottle?"}),
              "there is no option '--imge' of ask; did you mean '--image'?");
    EXPECT_EQ(refusalOfAsk({"--max-token=5"}), "there is no option '--max-token' of ask; did you mean '--max-tokens'?");
    EXPECT_EQ(refusalOfAsk({"--frobnicate"}), "there is no option '--frobnicate' of ask");
    EXPECT_EQ(refusalOf({"--quiet", "ask", "--image", m_picture, "--question", "x"}),
              "'--quiet' belongs after the command ask");
}

TEST_F(ArgumentsTest, NamesTheOptionThatIsMissing)
{
    EXPECT_EQ(refusalOf({"ask", "--question", "Is there a bottle?"}), "--image is required");
    EXPECT_EQ(refusalOf({"ask", "--image", m_picture}), "--question is required: this model has none of its own");
    EXPECT_EQ(refusalOf({"batch", m_picture, "--question", "x"}), "--out is required");
    EXPECT_THAT(refusalOf({"ask", "--question", "x", "--image"}), HasSubstr("--image"));
}

TEST_F(ArgumentsTest, DoesNotTakeTheWordsOfAnUnquotedQuestionForQuestions)
{
    EXPECT_EQ(refusalOf({"ask", "--image", m_picture, "--question", "Is", "there", "a", "bottle?"}),
              "'there' was not expected; put a text with spaces in quotes");
}

TEST_F(ArgumentsTest, TellsWhatIsMissingWhereOptionsCameAfterTheMarkThatEndsThem)
{
    EXPECT_EQ(refusalOf({"batch", "--", m_picture, "--question", "x"}), "--out is required");
}

TEST_F(ArgumentsTest, RefusesNumbersThatAreNone)
{
    EXPECT_EQ(refusalOfAsk({"--max-tokens", "many"}), "--max-tokens: 'many' is not a number from 1 to 4096");
    EXPECT_EQ(refusalOfAsk({"--temperature", "nan"}), "--temperature: 'nan' is not a number from 0 to 100");
    for (const char *text : {"0", "-1", "4097", "1.5", "1e3", "0x10", "99999999999999999999", "", " 5"})
        EXPECT_THAT(refusalOfAsk({"--max-tokens", text}), StartsWith("--max-tokens: ")) << text;
    for (const char *text : {"inf", "-0.1", "101", "warm", "1,5"})
        EXPECT_THAT(refusalOfAsk({"--temperature", text}), StartsWith("--temperature: ")) << text;
    for (const char *text : {"-1", "0.5", "18446744073709551616", "lucky"})
        EXPECT_THAT(refusalOfAsk({"--seed", text}), StartsWith("--seed: ")) << text;
    for (const char *text : {"-1", "1025", "two"})
        EXPECT_THAT(refusalOfAsk({"--threads", text}), StartsWith("--threads: ")) << text;
}

TEST_F(ArgumentsTest, RefusesValuesThatAreEmptyOrNotOnTheList)
{
    EXPECT_EQ(refusalOf({"ask", "--image", "", "--question", "x"}), "--image: is empty");
    EXPECT_EQ(refusalOfAsk({"--roi", ""}), "--roi: is empty");
    EXPECT_EQ(refusalOfAsk({"--choices", ""}), "--choices: is empty");
    EXPECT_EQ(refusalOfAsk({"--choices", "yes,n\xFFo"}), "--choices: is not valid UTF-8");
    for (const char *option : {"--model", "--data-dir", "--device"})
        EXPECT_EQ(refusalOf({"ask", "--image", m_picture, "--question", "x", option, ""}), std::string(option) + ": is empty")
            << "else an unset variable means the model that ships, or the account's own answers";
    EXPECT_EQ(refusalOf({"db", "check", "--data-dir", ""}), "--data-dir: is empty");
    for (const char *list : {",", ",,", "yes,", ",yes", "yes,,no", " ", "yes, ", "yes, ,no"})
        EXPECT_EQ(refusalOfAsk({"--choices", list, "--quiet"}), "--choices: holds an empty answer") << list;
    for (const char *list : {"yes,no,yes", "yes,no, yes"})
        EXPECT_EQ(refusalOfAsk({"--choices", list}), "--choices: holds 'yes' twice") << "each would get half of its share";
    EXPECT_THAT(refusalOfAsk({"--precision", "int3"}), HasSubstr("int3 not in {auto,fp32,bf16,fp16}"));
    EXPECT_THAT(refusalOf({"caption", "--image", m_picture, "--detail", "long"}), StartsWith("--detail: long"));
}

TEST_F(ArgumentsTest, TellsAMistakeAsJsonWhereJsonWasAskedFor)
{
    const Outcome outcome = run({"ask", "--json", "--imge", "a.jpg"});
    EXPECT_EQ(outcome.exitCode, 2);
    EXPECT_THAT(outcome.err, IsEmpty());
    EXPECT_EQ(outcome.out,
              R"({"error":{"code":"CLI-01","message":"there is no option '--imge' of ask; did you mean '--image'?",)"
              R"("object":""}})"
              "\n");
}

TEST_F(ArgumentsTest, ShowsAMistypedWordWithoutItsEscapes)
{
    EXPECT_THAT(refusalOf({"\x1b[2J"}), StartsWith("there is no command '\\x1b[2J'"));
}

TEST_F(ArgumentsTest, TakesAnyTextAsAQuestion)
{
    for (const std::string question : {"[is it red, or blue]", "{}", "--image", "-5 degrees?", "%%", "a,b", "\"x\""}) {
        const Outcome outcome = ask({"--question", question, "--no-store"});
        EXPECT_EQ(outcome.exitCode, 0) << outcome.err;
        EXPECT_THAT(m_script.questions, ElementsAre(question));
        m_script.questions.clear();
    }
}

TEST_F(ArgumentsTest, ShowsVersionAndHelpOnStdout)
{
    const Outcome version = run({"--version"});
    EXPECT_EQ(version.exitCode, 0);
    EXPECT_THAT(version.out, ::testing::MatchesRegex("auroraedge [0-9.]+\n"));
    const Outcome help = run({"ask", "--help"});
    EXPECT_EQ(help.exitCode, 0);
    EXPECT_THAT(help.out, HasSubstr("--question"));
    EXPECT_THAT(help.err, IsEmpty());
}

TEST_F(ArgumentsTest, EndsWithAnInternalErrorWhenARoomThrows)
{
    m_script.onAsk = [] { throw std::runtime_error("c10 at 0x7f: assert failed"); };
    const Outcome outcome = ask({"--question", "Is there a bottle?"});
    EXPECT_EQ(outcome.exitCode, 1);
    EXPECT_THAT(outcome.err, EndsWith("INT-01: a fault inside auroraedge; please report the command that led to it\n"));
    EXPECT_THAT(outcome.err, ::testing::Not(HasSubstr("c10")));
    m_script.onAsk = [] { throw std::bad_alloc(); };
    EXPECT_THAT(ask({"--question", "x"}).err, HasSubstr("ENG-01: not enough memory"));
}

TEST_F(ArgumentsTest, FailsWhenTheAnswersDoNotReachTheOutput)
{
    std::istringstream in;
    std::ostringstream out, err;
    out.setstate(std::ios::badbit); // as a full disk behind a redirection leaves it
    const Words words = {"ask", "--image", m_picture, "--question", "x", "--model", modelFolder(), "--no-store"};
    const int exitCode = runCli(words, {[this]() -> Result<Engine *> { return &m_engine; }, in, out, err, {}});
    EXPECT_EQ(exitCode, 5);
    EXPECT_THAT(err.str(), EndsWith("FS-10: the answers could not be written to the standard output\n"));
}

} // namespace
} // namespace auroraedge::app

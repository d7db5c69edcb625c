#include "tests/app/cli/cli_fixture.h"

#include <sys/stat.h>

#include <algorithm>
#include <fstream>

namespace auroraedge::app {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
namespace fs = std::filesystem;
using namespace std::string_literals;

/// A line of a part, as short as one may be.
std::string line(const std::string &path, const std::string &answer = "yes", const std::string &question = "q")
{
    return Json{{"image", {{"path", path}}}, {"question", question}, {"answer", answer}}.dump() + "\n";
}

class MergeCommandTest : public CliFixture
{
protected:
    Outcome merge(const Words &parts, const std::string &out = "out.jsonl", const Words &more = {})
    {
        Words words = {"merge"};
        for (const std::string &part : parts)
            words.push_back(at(part));
        words.insert(words.end(), {"--out", at(out)});
        words.insert(words.end(), more.begin(), more.end());
        return run(words);
    }
    /// Asks about all pictures of the folder "line" by their names alone.
    Outcome batch(const std::string &out, const Words &more = {})
    {
        const fs::path here = fs::current_path();
        fs::current_path(m_folder / "line");
        Words words = {"batch", "*", "--question", "Is there a bottle?", "--question", "=1+1, \"how many\"?", "--no-store", "--out", at(out)};
        words.insert(words.end(), more.begin(), more.end());
        const Outcome outcome = runHere(words);
        fs::current_path(here);
        return outcome;
    }
    std::string written(const std::string &name = "out.jsonl") const { return testing::readFile(m_folder / name); }
    bool exists(const std::string &name) const { return fs::exists(m_folder / name); }
    void write(const std::string &name, const std::string &content) const { m_folder.write(name, content); }
};

TEST_F(MergeCommandTest, GivesTheBytesOfTheRunThatWasNotSharedOut)
{
    const std::vector<std::string> names = {"\tx", "\nx", "\rx", " x", "\"x\",y", "''=x", "'=x", "'x", "+x", "-x", "0", "1", "=1+1,\"x\"", "=x", "@x", "A", "a\nb", "a\r\nb",
                                            "a\\b", "bottle \U0001F37E", "esc\x1b[2J", "raw\xFF", "raw\xFE", "\xFFraw", std::string(251, 'z')};
    for (std::size_t i = 0; i < names.size(); ++i)
        writePng("line/" + names[i] + ".png", static_cast<int>(i));
    for (int i = 0; i < 40; ++i)
        writePng("line/p" + std::to_string(i) + ".png", 100 + i);
    for (const char *name : {"=bad,", "bad\xFF", "\xFE" "bad", "bad\n\"1\""})
        write("line/"s + name + ".png", "no picture");
    m_script.askErrors["=1+1, \"how many\"?"] = Error{code::AnswerNotFinite, "=the answer\nis not \"finite\"", ""};
    for (const std::string form : {".jsonl", ".csv"}) {
        SCOPED_TRACE(form);
        ASSERT_EQ(batch("whole" + form).exitCode, 3);
        Words parts;
        for (const std::string number : {"1", "2", "3"}) {
            parts.insert(parts.begin(), "part" + number + form);
            ASSERT_EQ(batch(parts.front(), {"--shard", number + "/3"}).exitCode, 3);
        }
        const Outcome outcome = merge(parts, "out" + form);
        EXPECT_EQ(outcome.exitCode, 3) << outcome.err;
        EXPECT_EQ(written("out" + form), written("whole" + form));
        EXPECT_EQ(written("out" + form + ".failed.csv"), written("whole" + form + ".failed.csv"));
        EXPECT_EQ(outcome.err, "138 answers of 3 parts, 73 failed; " + at("out" + form) + "\n");
        EXPECT_THAT(outcome.out, IsEmpty());
        EXPECT_FALSE(exists("out" + form + ".part"));

        ASSERT_EQ(batch("timed" + form, {"--with-latency"}).exitCode, 3);
        EXPECT_EQ(merge({"timed" + form}, "out" + form).exitCode, 3);
        EXPECT_EQ(written("out" + form), written("timed" + form));
    }
}

TEST_F(MergeCommandTest, GoesByTheBytesOfPathsAndKeepsTheOrderWithinAPart)
{
    write("1.jsonl", line("B", "1", "second") + line("B", "2", "first") + line("a/b", "3") + line("\u00E9", "4"));
    write("2.jsonl", "");
    write("3.jsonl", line("A", "5") + line("B", "6", "third") + line("a b", "7") + line("b", "8"));
    write("4.jsonl", R"({"image":{"path":"\ufffd","path_bytes":"7f80"},"question":"q","answer":"9"})" "\n"
                     R"({"image":{"path":"\ufffd","path_bytes":"ff"},"question":"q","answer":"10"})" "\n");
    const Outcome outcome = merge({"1.jsonl", "2.jsonl", "3.jsonl", "4.jsonl"});
    EXPECT_EQ(outcome.exitCode, 0) << outcome.err;
    std::string order;
    for (const Json &answer : Outcome{0, written(), ""}.json())
        order += answer["answer"].get<std::string>() + ' ';
    EXPECT_EQ(order, "5 1 2 6 7 3 8 9 4 10 ");
    EXPECT_EQ(outcome.err, "10 answers of 4 parts, 0 failed; " + at("out.jsonl") + "\n");
    EXPECT_THAT(merge({"1.jsonl"}, "out.jsonl", {"--quiet"}).err, IsEmpty());
    EXPECT_EQ(written(), written("1.jsonl")) << "the older file is replaced";
    EXPECT_EQ(merge({"2.jsonl", "2.jsonl"}).exitCode, 0);
    EXPECT_EQ(written(), "");
}

TEST_F(MergeCommandTest, TakesALineThatTwoPartsHaveOnceAndRefusesTwoAnswers)
{
    write("1.jsonl", line("a") + line("b", "yes", "r") + line("c"));
    write("2.jsonl", line("a") + line("b", "yes", "q") + line("c"));
    const Outcome equal = merge({"1.jsonl", "2.jsonl"});
    EXPECT_EQ(equal.exitCode, 0) << equal.err;
    EXPECT_EQ(written(), line("a") + line("b", "yes", "r") + line("b", "yes", "q") + line("c"));
    EXPECT_THAT(equal.err, HasSubstr("4 answers of 2 parts, 0 failed, 2 in several parts and taken once; "));

    const std::string before = written();
    write("2.jsonl", line("b", "yes", "q") + line("c", "no"));
    const Outcome other = merge({"1.jsonl", "2.jsonl"});
    EXPECT_EQ(other.exitCode, 2);
    EXPECT_EQ(other.err, "CLI-01: line 2 of " + at("2.jsonl") + " and line 3 of " + at("1.jsonl") + " answer the same question about c\n");
    EXPECT_EQ(written(), before) << "nothing is half written";
    EXPECT_FALSE(exists("out.jsonl.part"));
    EXPECT_FALSE(exists("out.jsonl.failed.csv.part"));

    write("1.jsonl", line("a") + line("a"));
    EXPECT_THAT(merge({"1.jsonl"}).err, HasSubstr("CLI-01: line 2 of " + at("1.jsonl") + " and line 1 of " + at("1.jsonl") + " answer the same question about a"))
        << "no batch writes a line twice";
}

TEST_F(MergeCommandTest, WritesTheListOfFailuresOrDropsAnOlderOne)
{
    write("1.jsonl", R"({"image":{"path":"=a"},"question":"q","error":{"code":"IMG-02","message":"cut, \"short\""}})" "\n" + line("b"));
    EXPECT_EQ(merge({"1.jsonl"}).exitCode, 3) << "as the batch itself";
    EXPECT_EQ(written("out.jsonl.failed.csv"), "path,question,code,reason\r\n'=a,q,IMG-02,\"cut, \"\"short\"\"\"\r\n");
    write("1.jsonl", line("b"));
    EXPECT_EQ(merge({"1.jsonl"}).exitCode, 0);
    EXPECT_FALSE(exists("out.jsonl.failed.csv"));
}

TEST_F(MergeCommandTest, RefusesAPartThatIsNotSorted)
{
    write("1.jsonl", line("a") + line("c") + line("b"));
    const Outcome outcome = merge({"1.jsonl"});
    EXPECT_EQ(outcome.exitCode, 2);
    EXPECT_EQ(outcome.err, "CLI-01: line 3 of " + at("1.jsonl") + " is out of order: b comes before c\n");
    EXPECT_FALSE(exists("out.jsonl"));
    write("1.jsonl", line("a") + line("B"));
    EXPECT_EQ(merge({"1.jsonl"}).exitCode, 2) << "bytes, not letters";
}

TEST_F(MergeCommandTest, TellsTheLineThatIsBroken)
{
    const std::string good = line("a");
    for (const std::string &broken : {"\n"s, "{}\n"s, "[]\n"s, "7\n"s, "null\n"s, good.substr(0, good.size() / 2) + "\n", good.substr(0, good.size() - 1) + ",\n",
                                      "{\"image\":{\"path\":\"b\xFF\"},\"question\":\"q\",\"answer\":\"x\"}\n"s,
                                      R"({"image":{"path":"b"},"question":"q"})" "\n"s,
                                      R"({"image":{"path":"b"},"question":7,"answer":"x"})" "\n"s,
                                      R"({"image":{"path":""},"question":"q","answer":"x"})" "\n"s,
                                      R"({"image":{"path":7},"question":"q","answer":"x"})" "\n"s,
                                      R"({"image":"b","question":"q","answer":"x"})" "\n"s,
                                      R"({"image":{"path":"b","path_bytes":"6"},"question":"q","answer":"x"})" "\n"s,
                                      R"({"image":{"path":"b","path_bytes":"6g"},"question":"q","answer":"x"})" "\n"s,
                                      R"({"image":{"path":"b","path_bytes":" 6"},"question":"q","answer":"x"})" "\n"s,
                                      R"({"image":{"path":"b"},"question":"q","error":{"code":"IMG-02"}})" "\n"s,
                                      R"({"image":{"path":"b"},"question":"q","error":"IMG-02"})" "\n"s,
                                      std::string(100'000, '[') + "\n", "\0\n"s, "\xEF\xBB\xBF" + line("b"), line("b").insert(line("b").size() - 1, "\r")}) {
        SCOPED_TRACE(broken.substr(0, 80));
        write("1.jsonl", good + broken + line("c"));
        const Outcome outcome = merge({"1.jsonl"});
        EXPECT_EQ(outcome.exitCode, 2);
        EXPECT_EQ(outcome.err, "CLI-01: line 2 of " + at("1.jsonl") + " is no answer of a batch\n");
        EXPECT_FALSE(exists("out.jsonl"));
        EXPECT_FALSE(exists("out.jsonl.part"));
    }
    write("1.jsonl", good + line("b").substr(0, line("b").size() - 1));
    EXPECT_EQ(merge({"1.jsonl"}).err, "CLI-01: line 2 of " + at("1.jsonl") + " is cut off\n");
    write("1.jsonl", good + std::string(17 << 20, 'x'));
    EXPECT_EQ(merge({"1.jsonl"}).err, "CLI-01: line 2 of " + at("1.jsonl") + " is longer than any answer of a batch\n");
}

TEST_F(MergeCommandTest, TellsTheLineOfACsvFileThatIsBroken)
{
    writePng("line/a\nb.png", 1);
    writePng("line/c.png", 2);
    ASSERT_EQ(batch("1.csv").exitCode, 0);
    const std::string whole = written("1.csv");
    const std::size_t third = whole.find("c.png");
    EXPECT_EQ(merge({"1.csv"}, "out.csv").exitCode, 0);
    EXPECT_EQ(written("out.csv"), whole);
    // Line 1 is the heading, and the two answers about the first picture take two lines each.
    const std::string where = " of " + at("1.csv");
    write("1.csv", whole.substr(0, third) + "c.png,x\r\n");
    EXPECT_EQ(merge({"1.csv"}, "out.csv").err, "CLI-01: line 6" + where + " is no answer of a batch\n");
    write("1.csv", whole.substr(0, third) + "A.png" + whole.substr(third + 5));
    EXPECT_EQ(merge({"1.csv"}, "out.csv").err, "CLI-01: line 6" + where + " is out of order: A.png comes before a\\nb.png\n");
    write("1.csv", whole.substr(0, whole.size() - 1));
    EXPECT_EQ(merge({"1.csv"}, "out.csv").err, "CLI-01: line 7" + where + " is cut off\n");
    write("1.csv", whole.substr(0, third) + "\"c.png" + whole.substr(third + 5));
    EXPECT_EQ(merge({"1.csv"}, "out.csv").err, "CLI-01: line 6" + where + " is cut off\n") << "its quote mark never ends";
    write("1.csv", whole.substr(0, third) + "c\"x\".png" + whole.substr(third + 5));
    EXPECT_EQ(merge({"1.csv"}, "out.csv").err, "CLI-01: line 6" + where + " is no answer of a batch\n");
    std::string withoutReturns = whole;
    std::erase(withoutReturns, '\r');
    write("1.csv", withoutReturns);
    EXPECT_EQ(merge({"1.csv"}, "out.csv").err, "CLI-01: " + at("1.csv") + " does not begin with the heading of a batch\n");
    for (const std::string &content : {""s, "path,question,code,reason\r\n"s}) {
        write("1.csv", content);
        EXPECT_THAT(merge({"1.csv"}, "out.csv").err, HasSubstr("CLI-01: " + at("1.csv")));
    }
    EXPECT_EQ(written("out.csv"), whole) << "the older file stays";
}

TEST_F(MergeCommandTest, RefusesPartsOfDifferentForms)
{
    writePng("line/a.png", 1);
    ASSERT_EQ(batch("1.csv").exitCode, 0);
    ASSERT_EQ(batch("2.csv", {"--with-latency"}).exitCode, 0);
    write("3.jsonl", line("a"));
    EXPECT_EQ(merge({"1.csv", "2.csv"}, "out.csv").err, "CLI-01: " + at("2.csv") + " has other columns than " + at("1.csv") + "\n");
    EXPECT_EQ(merge({"1.csv", "3.jsonl"}, "out.csv").err, "CLI-01: " + at("3.jsonl") + " does not end in .csv as --out does\n");
    EXPECT_EQ(merge({"1.csv"}, "out.jsonl").exitCode, 2);
    EXPECT_EQ(merge({"3.jsonl"}, "out.txt").err, "CLI-01: --out " + at("out.txt") + " ends neither in .jsonl nor in .csv\n");
    EXPECT_EQ(run({"merge", at("3.jsonl")}).exitCode, 2) << "--out is missing";
    EXPECT_EQ(run({"merge", "--out", at("out.jsonl")}).exitCode, 2) << "there are no parts";
}

TEST_F(MergeCommandTest, WritesOverNoPartUnderWhateverName)
{
    write("1.jsonl", line("a"));
    write("2.jsonl", line("b"));
    fs::create_symlink("2.jsonl", m_folder / "link.jsonl");
    fs::create_hard_link(m_folder / "2.jsonl", m_folder / "hard.jsonl");
    for (const std::string &out : {"2.jsonl"s, "link.jsonl"s, "hard.jsonl"s, "../" + m_folder.path().filename().string() + "/2.jsonl"}) {
        const Outcome outcome = merge({"1.jsonl", "2.jsonl"}, out);
        EXPECT_EQ(outcome.exitCode, 2);
        EXPECT_EQ(outcome.err, "CLI-01: " + at("2.jsonl") + " would be written over; choose another --out\n");
        EXPECT_EQ(written("2.jsonl"), line("b"));
    }
    writePng("line/a.png", 1);
    ASSERT_EQ(batch("out.csv.failed.csv").exitCode, 0);
    EXPECT_THAT(merge({"out.csv.failed.csv"}, "out.csv").err, HasSubstr("would be written over"));
}

TEST_F(MergeCommandTest, ReplacesAMergedFileAndNothingElse)
{
    write("1.jsonl", line("a"));
    EXPECT_EQ(merge({"1.jsonl"}).exitCode, 0);
    EXPECT_EQ(merge({"1.jsonl"}).exitCode, 0) << "its own";
    write("notes.jsonl", "{\"note\":\"keep\"}\n");
    const Outcome outcome = merge({"1.jsonl"}, "notes.jsonl");
    EXPECT_EQ(outcome.exitCode, 2);
    EXPECT_EQ(outcome.err, "CLI-01: --out " + at("notes.jsonl") + " is there already and no batch wrote it; choose another name\n");
    EXPECT_EQ(written("notes.jsonl"), "{\"note\":\"keep\"}\n");
    ASSERT_EQ(mkfifo(at("pipe.jsonl").c_str(), 0600), 0);
    EXPECT_EQ(merge({"1.jsonl"}, "pipe.jsonl").err, "CLI-01: --out " + at("pipe.jsonl") + " is not a regular file; choose another name\n");
    EXPECT_TRUE(fs::is_fifo(m_folder / "pipe.jsonl"));
}

TEST_F(MergeCommandTest, TellsAPartThatCannotBeRead)
{
    write("1.jsonl", line("a"));
    EXPECT_EQ(merge({"1.jsonl", "missing.jsonl"}).err, "FS-12: " + at("missing.jsonl") + " does not exist\n");
    EXPECT_EQ(merge({"missing.jsonl"}).exitCode, 4);
    fs::create_directories(m_folder / "folder.jsonl");
    EXPECT_EQ(merge({"folder.jsonl"}).err, "FS-02: " + at("folder.jsonl") + " is not a regular file\n");
    ASSERT_EQ(mkfifo(at("fifo.jsonl").c_str(), 0600), 0);
    EXPECT_EQ(merge({"fifo.jsonl"}).err, "FS-02: " + at("fifo.jsonl") + " is not a regular file\n");
    EXPECT_THAT(merge({"1.jsonl"}, "nowhere/out.jsonl").err, HasSubstr("FS-07: cannot write to " + at("nowhere")));
    EXPECT_EQ(m_timesOpened, 0) << "no model is needed";
}

TEST_F(MergeCommandTest, StopsWhenItIsAsked)
{
    write("1.jsonl", line("a"));
    m_stop.request_stop();
    EXPECT_EQ(merge({"1.jsonl"}).exitCode, 130);
    EXPECT_FALSE(exists("out.jsonl"));
    EXPECT_FALSE(exists("out.jsonl.part"));
}

TEST_F(MergeCommandTest, NeedsNoMoreMemoryForMoreLines)
{
    constexpr int kParts = 5, kLines = 8000;
    const std::string answer(3000, 'x');
    for (int part = 0; part < kParts; ++part) {
        std::ofstream file(m_folder / (std::to_string(part) + ".jsonl"));
        for (int i = 0; i < kLines; ++i)
            file << line("p" + std::to_string(1'000'000 + i * kParts + part), answer);
    }
    Words parts;
    for (int part = 0; part < kParts; ++part)
        parts.push_back(std::to_string(part) + ".jsonl");
    const auto peakKb = [] {
        std::ifstream status("/proc/self/status");
        for (std::string text; std::getline(status, text);) {
            if (text.starts_with("VmHWM:"))
                return std::stol(text.substr(6));
        }
        return 0L;
    };
    std::ofstream("/proc/self/clear_refs") << '5'; // the peak begins anew
    const long before = peakKb();
    EXPECT_EQ(merge(parts).exitCode, 0);
    EXPECT_LT(peakKb() - before, 30'000) << "of 120 MB";
    EXPECT_EQ(fs::file_size(m_folder / "out.jsonl"), static_cast<std::uintmax_t>(kParts) * kLines * line("p1000000", answer).size());
}

} // namespace
} // namespace auroraedge::app

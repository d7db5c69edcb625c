#include "tests/app/cli/cli_fixture.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <set>
#include <stop_token>
#include <thread>
#include <utility>

namespace auroraedge::app {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
namespace fs = std::filesystem;

class BatchCommandTest : public CliFixture
{
protected:
    /// Asks about @p paths (in the test's folder) and writes @p out there.
    Outcome batch(const Words &paths, const Words &more = {}, const std::string &out = "out.jsonl")
    {
        Words words = {"batch"};
        for (const std::string &path : paths)
            words.push_back(at(path));
        words.insert(words.end(), {"--question", "Is there a bottle?", "--out", at(out)});
        return runHere(words, more);
    }
    std::string written(const std::string &name = "out.jsonl") const { return testing::readFile(m_folder / name); }
    std::vector<Json> writtenLines() const { return Outcome{0, written(), ""}.json(); }
    /// "a.png yes" or "b.gif IMG-08" for each line of the file, with paths below the batch's folder.
    std::vector<std::string> results(const std::string &folder) const
    {
        std::vector<std::string> all;
        for (const Json &line : writtenLines()) {
            const std::string path = line["image"]["path"];
            const std::string result = line.contains("error") ? line["error"]["code"] : line["answer"];
            all.push_back(path.substr(at(folder).size() + 1) + ' ' + result);
        }
        return all;
    }
    /// Names in the test's folder that begin with "out".
    std::vector<std::string> leftovers() const
    {
        std::vector<std::string> names;
        for (const auto &entry : fs::directory_iterator(m_folder.path())) {
            if (entry.path().filename().string().starts_with("out"))
                names.push_back(entry.path().filename().string());
        }
        std::sort(names.begin(), names.end());
        return names;
    }
};

TEST_F(BatchCommandTest, AsksAboutThePicturesOfAFolderInTheOrderOfTheirNames)
{
    for (const char *name : {"line/b.png", "line/a.png", "line/B.png", "line/a.bmp.png"})
        writePng(name);
    m_folder.write("line/notes.doc", std::string("not a picture"));
    writePng("line/below/c.png");
    const Outcome outcome = batch({"line"});
    EXPECT_EQ(outcome.exitCode, 0);
    EXPECT_THAT(outcome.out, IsEmpty());
    EXPECT_THAT(results("line"), ElementsAre("B.png yes", "a.bmp.png yes", "a.png yes", "b.png yes"));
    EXPECT_THAT(outcome.err, HasSubstr("1 file is no picture and was passed over\n"));
    EXPECT_THAT(outcome.err, HasSubstr("4 pictures, 0 failed"));
    EXPECT_THAT(storedAnswers(), SizeIs(4));
    EXPECT_THAT(m_script.loads, SizeIs(1));
}

TEST_F(BatchCommandTest, GoesIntoFoldersBelowWhenItIsRecursive)
{
    writePng("line/a.png");
    writePng("line/below/deep/c.png");
    EXPECT_EQ(batch({"line"}, {"--recursive"}).exitCode, 0);
    EXPECT_THAT(results("line"), ElementsAre("a.png yes", "below/deep/c.png yes"));
}

TEST_F(BatchCommandTest, TakesGlobsListsAndPictures)
{
    for (const char *name : {"line/p1.png", "line/p2.png", "line/q.png", "more/x.png", "more/y.png"})
        writePng(name);
    fs::create_directories(m_folder / "line/p-folder.png");
    m_folder.write("more/list.txt", std::string("y.png\r\n\n../more/x.png\nmissing.png\n"));
    const Outcome outcome = batch({"line/p*", "more/list.txt", "line/q.png", "line/p1.png"});
    EXPECT_EQ(outcome.exitCode, 3);
    std::vector<std::string> lines;
    for (const Json &line : writtenLines())
        lines.push_back(line["image"]["path"]);
    EXPECT_THAT(lines, ElementsAre(at("line/p1.png"), at("line/p2.png"), at("line/q.png"), at("more/../more/x.png"),
                                   at("more/missing.png"), at("more/y.png")));
    EXPECT_EQ(writtenLines()[4]["error"]["code"], "FS-12");
}

TEST_F(BatchCommandTest, TakesAPathInBracketsAsItIs)
{
    writePng("[2024]/a.png");
    writePng("[b,c].png");
    const fs::path here = fs::current_path();
    fs::current_path(m_folder.path());
    const Outcome outcome = runHere({"batch", "[2024]", "[b,c].png", "--question", "x", "--out", at("out.jsonl"), "--dry-run", "--quiet"});
    fs::current_path(here);
    EXPECT_EQ(outcome.exitCode, 0) << outcome.err;
    EXPECT_EQ(outcome.out, "[2024]/a.png\n[b,c].png\n");
}

TEST_F(BatchCommandTest, WritesTheSameBytesEachTime)
{
    for (int i = 0; i < 5; ++i)
        writePng("line/p" + std::to_string(i) + ".png", i);
    m_folder.write("line/empty.jpg", std::string());
    for (const std::string out : {"out.jsonl", "out.csv"}) {
        ASSERT_EQ(batch({"line"}, {}, out).exitCode, 3);
        const std::string first = written(out);
        ASSERT_EQ(batch({"line"}, {"--fresh"}, out).exitCode, 3);
        EXPECT_EQ(written(out), first);
        EXPECT_EQ(std::count(first.begin(), first.end(), '\n'), out == "out.csv" ? 7 : 6);
    }
    EXPECT_THAT(leftovers(), ElementsAre("out.csv", "out.csv.failed.csv", "out.csv.journal", "out.jsonl", "out.jsonl.failed.csv", "out.jsonl.journal"));
}

TEST_F(BatchCommandTest, AddsTimesOnlyWhenAskedTo)
{
    writePng("line/a.png");
    ASSERT_EQ(batch({"line"}, {"--with-latency"}).exitCode, 0);
    EXPECT_EQ(writtenLines()[0]["latency_ms"]["encode"], 10);
    ASSERT_EQ(batch({"line"}).exitCode, 0);
    EXPECT_FALSE(writtenLines()[0].contains("latency_ms"));
}

TEST_F(BatchCommandTest, KeepsFailuresAsRowsAndGoesOn)
{
    m_folder.write("line/1-empty.jpg", std::string());
    std::vector<std::uint8_t> cut = *encodeJpeg(testing::testFrame(160, 120));
    cut.resize(cut.size() / 2);
    m_folder.write("line/2-cut.jpg", cut);
    m_folder.write("line/3-moving.gif", std::string("GIF89a rest of it"));
    m_folder.write("line/4-text.jpg", std::string("just a note"));
    ASSERT_EQ(mkfifo(at("line/5-fifo.png").c_str(), 0600), 0);
    fs::create_symlink("/etc/passwd", m_folder / "line/6-outside.png");
    fs::create_symlink("7-loop.png", m_folder / "line/7-loop.png");
    fs::create_symlink("nowhere.png", m_folder / "line/8-dangling.png");
    writePng("line/9-good.png");
    fs::create_symlink("9-good.png", m_folder / "line/9-link.png");
    fs::create_symlink("nowhere", m_folder / "line/dangling"); // not a picture by its name: nobody asked about it

    const Outcome outcome = batch({"line"});
    EXPECT_EQ(outcome.exitCode, 3);
    EXPECT_THAT(results("line"), ElementsAre("1-empty.jpg IMG-01", "2-cut.jpg IMG-02", "3-moving.gif IMG-08",
                                             "4-text.jpg IMG-07", "5-fifo.png FS-02", "6-outside.png FS-04",
                                             "7-loop.png FS-03", "8-dangling.png FS-12", "9-good.png yes",
                                             "9-link.png yes"));
    EXPECT_THAT(outcome.err, HasSubstr("IMG-01: " + at("line/1-empty.jpg") + ": 1-empty.jpg is empty (0 bytes)\n"));
    EXPECT_THAT(outcome.err, HasSubstr("10 pictures, 8 failed, "));

    const std::vector<AnswerRecord> records = storedAnswers(); // newest first
    ASSERT_THAT(records, SizeIs(10));
    EXPECT_EQ(records[9].code, "IMG-01");
    EXPECT_EQ(records[9].message, "1-empty.jpg is empty (0 bytes)");
    EXPECT_EQ(records[9].verdict, Verdict::Unsure);
    EXPECT_FALSE(records[9].answer.has_value());
    EXPECT_EQ(storedPictures(), 1);
}

TEST_F(BatchCommandTest, KeepsACoveredLensAsAnUnsureRowWithItsPicture)
{
    m_folder.write("line/1-white.png", *encodePng(testing::uniformFrame(255)));
    writePng("line/2-good.png");
    EXPECT_EQ(batch({"line"}).exitCode, 3);
    EXPECT_THAT(results("line"), ElementsAre("1-white.png IMG-17", "2-good.png yes"));
    const std::vector<AnswerRecord> records = storedAnswers();
    ASSERT_THAT(records, SizeIs(2));
    EXPECT_EQ(records[1].verdict, Verdict::Unsure);
    EXPECT_EQ(records[1].code, "IMG-17");
    EXPECT_EQ(testing::readFile(fs::path(dataFolder()) / records[1].picturePath),
              testing::readFile(m_folder / "line/1-white.png"));
    EXPECT_THAT(m_script.frames, SizeIs(1)) << "the model saw the other one alone";
}

TEST_F(BatchCommandTest, KeepsFailuresInTheSameFormAsCsv)
{
    m_folder.write("line/empty.jpg", std::string());
    writePng("line/good.png");
    ASSERT_EQ(batch({"line"}, {"--no-store"}, "out.csv").exitCode, 3);
    const std::string csv = written("out.csv");
    EXPECT_TRUE(csv.starts_with("path,sha256,width,height,question,answer,"));
    EXPECT_THAT(csv, HasSubstr("\r\n" + at("line/empty.jpg") + ",,,,Is there a bottle?,,,,,,,,,,,,IMG-01,"
                               "empty.jpg is empty (0 bytes)\r\n" + at("line/good.png") + ","));
    EXPECT_FALSE(fs::exists(dataFolder()));
}

TEST_F(BatchCommandTest, TellsAPartThatDoesNotFitASmallerPictureAsThatPicturesFault)
{
    m_folder.write("line/a-small.png", *encodePng(testing::testFrame(10, 10)));
    writePng("line/b.png");
    EXPECT_EQ(batch({"line"}, {"--roi", "20,0,10,10"}).exitCode, 3);
    EXPECT_THAT(results("line"), ElementsAre("a-small.png CLI-01", "b.png yes"));
}

TEST_F(BatchCommandTest, StopsAtAFaultThatEveryPictureWouldMeet)
{
    writePng("line/a.png");
    writePng("line/b.png");
    for (const ErrorCode fault : {code::QuestionTooLong, code::GpuFailed, code::Internal}) {
        m_script.askErrors["Is there a bottle?"] = Error{fault, "it is told so", ""};
        m_script.questions.clear();
        EXPECT_EQ(batch({"line"}).exitCode, exitCodeOf(fault));
        EXPECT_THAT(m_script.questions, SizeIs(1));
        EXPECT_THAT(leftovers(), IsEmpty());
    }
    m_script.askErrors["Is there a bottle?"] = Error{code::AnswerNotFinite, "the answer is not finite", ""};
    EXPECT_EQ(batch({"line"}).exitCode, 3);
    EXPECT_THAT(results("line"), ElementsAre("a.png ANS-02", "b.png ANS-02"));
}

TEST_F(BatchCommandTest, PrintsEachAnswerAsAskDoesWhenJsonIsWanted)
{
    writePng("line/a.png");
    m_folder.write("line/b.jpg", std::string());
    const std::vector<Json> lines = batch({"line"}, {"--json"}).json();
    ASSERT_THAT(lines, SizeIs(2));
    EXPECT_EQ(lines[0]["row"], 1);
    EXPECT_EQ(lines[0]["latency_ms"]["encode"], 10);
    EXPECT_EQ(lines[1]["error"]["code"], "IMG-01");
    EXPECT_EQ(lines[1]["image"]["path"], at("line/b.jpg"));
}

TEST_F(BatchCommandTest, TellsAPlaceThatCannotBeWrittenBeforeTheModelIsLoaded)
{
    writePng("line/a.png");
    const auto refusal = [this](const std::string &out) {
        const Outcome outcome = batch({"line"}, {}, out);
        EXPECT_EQ(outcome.exitCode, 5) << out;
        return outcome.err;
    };
    EXPECT_EQ(refusal("missing/out.jsonl"),
              "FS-07: cannot write to " + at("missing") + " (No such file or directory); choose another\n");
    EXPECT_THAT(refusal("part7.png/out.jsonl"), HasSubstr("FS-07: cannot write to " + at("part7.png")));
    fs::create_directories(m_folder / "taken.jsonl");
    EXPECT_THAT(refusal("taken.jsonl"), HasSubstr("FS-07: cannot write to "));
    EXPECT_EQ(m_timesOpened, 0);
    EXPECT_FALSE(fs::exists(m_folder / "taken.jsonl.part"));
}

TEST_F(BatchCommandTest, RefusesAnOutputThatIsNeitherJsonlNorCsv)
{
    writePng("line/a.png");
    for (const char *out : {"out.txt", "out", "out.jsonl.gz", ".jsonl"}) {
        const Outcome outcome = batch({"line"}, {}, out);
        EXPECT_EQ(outcome.exitCode, 2) << out;
        EXPECT_THAT(outcome.err, HasSubstr("ends neither in .jsonl nor in .csv"));
    }
    EXPECT_EQ(m_timesOpened, 0);
}

TEST_F(BatchCommandTest, DoesNotWriteThroughWhatLiesAtItsUnfinishedFile)
{
    writePng("line/a.png");
    m_folder.write("precious", std::string("do not touch"));
    fs::create_symlink("precious", m_folder / "out.jsonl.part");
    ASSERT_EQ(mkfifo(at("out.csv.part").c_str(), 0600), 0);
    EXPECT_EQ(batch({"line"}).exitCode, 0);
    EXPECT_EQ(batch({"line"}, {}, "out.csv").exitCode, 0);
    EXPECT_EQ(testing::readFile(m_folder / "precious"), "do not touch");
    EXPECT_TRUE(fs::is_regular_file(fs::symlink_status(m_folder / "out.jsonl")));
    EXPECT_TRUE(fs::is_regular_file(fs::symlink_status(m_folder / "out.csv")));
    EXPECT_THAT(leftovers(), ElementsAre("out.csv", "out.csv.journal", "out.jsonl", "out.jsonl.journal"));
}

TEST_F(BatchCommandTest, DoesNotReplaceWhatNoBatchWrote)
{
    writePng("line/a.png");
    const std::string exported = R"({"row":1,"image":{"path":"a.png"},"question":"x","answer":"yes"})";
    for (const auto &[name, own] : {std::pair<std::string, std::string>("own.csv", "part,serial\r\n7,12\r\n"), {"own.jsonl", "{\"mine\":1}\n"}, {"export.jsonl", exported}}) {
        m_folder.write(name, own);
        const Outcome outcome = batch({"line"}, {}, name);
        EXPECT_EQ(outcome.exitCode, 2);
        EXPECT_EQ(outcome.err, "CLI-01: --out " + at(name) + " is there already and no batch wrote it; choose another name, or replace it with --fresh\n");
        EXPECT_EQ(written(name), own);
        EXPECT_FALSE(fs::exists(at(name) + ".journal"));
    }
    EXPECT_EQ(m_timesOpened, 0) << "told before the model is loaded";
    EXPECT_EQ(batch({"line"}, {"--fresh"}, "own.csv").exitCode, 0);
    EXPECT_THAT(written("own.csv"), ::testing::StartsWith("path,sha256,"));
}

TEST_F(BatchCommandTest, RenewsWhatABatchWroteAlsoWithoutItsJournal)
{
    writePng("line/a.png");
    for (const std::string name : {"out.csv", "out.jsonl"}) {
        m_folder.write(name, std::string());
        EXPECT_EQ(batch({"line"}, {}, name).exitCode, 0) << "an empty file is nobody's";
        const std::string first = written(name);
        EXPECT_EQ(batch({"line"}, {}, name).exitCode, 0);
        fs::remove(at(name) + ".journal");
        EXPECT_EQ(batch({"line"}, {}, name).exitCode, 0);
        EXPECT_EQ(written(name), first);
    }
}

TEST_F(BatchCommandTest, DoesNotTurnAFifoIntoAFile)
{
    writePng("line/a.png");
    ASSERT_EQ(mkfifo(at("pipe.csv").c_str(), 0600), 0);
    for (const Words &more : {Words{}, {"--fresh"}}) {
        const Outcome outcome = batch({"line"}, more, "pipe.csv");
        EXPECT_EQ(outcome.exitCode, 2);
        EXPECT_EQ(outcome.err, "CLI-01: --out " + at("pipe.csv") + " is not a regular file; choose another name\n");
    }
    EXPECT_TRUE(fs::is_fifo(at("pipe.csv")));
}

TEST_F(BatchCommandTest, TellsHowBusyTheModelWasOnlyIfItWasAsked)
{
    m_folder.write("line/a.png", std::string("no picture"));
    EXPECT_THAT(batch({"line"}).err, Not(HasSubstr("the model was busy")));
    writePng("line/b.png");
    EXPECT_THAT(batch({"line"}).err, HasSubstr("the model was busy"));
}

TEST_F(BatchCommandTest, KeepsASecondBatchAwayFromTheSameFile)
{
    writePng("line/a.png");
    Outcome second;
    bool isFirst = true;
    m_script.onAsk = [&] {
        if (std::exchange(isFirst, false))
            second = batch({"line"}, {"--no-store"});
    };
    EXPECT_EQ(batch({"line"}).exitCode, 0);
    EXPECT_EQ(second.exitCode, 6);
    EXPECT_EQ(second.err, "APP-01: already running (pid " + std::to_string(getpid()) + ")\n");
    EXPECT_THAT(results("line"), ElementsAre("a.png yes")) << "the first was not disturbed";
}

TEST_F(BatchCommandTest, LetsTwoBatchesRunOnDifferentFiles)
{
    writePng("line/a.png");
    Outcome second;
    bool isFirst = true;
    m_script.onAsk = [&] {
        if (std::exchange(isFirst, false))
            second = batch({"line"}, {"--no-store"}, "out2.jsonl");
    };
    EXPECT_EQ(batch({"line"}).exitCode, 0);
    EXPECT_EQ(second.exitCode, 0) << second.err;
    EXPECT_EQ(written("out2.jsonl"), written());
}

TEST_F(BatchCommandTest, AsksAboutTheFirstPicturesAlone)
{
    for (const char *name : {"line/c.png", "line/a.png", "line/b.png"})
        writePng(name);
    EXPECT_EQ(batch({"line"}, {"--limit", "2"}).exitCode, 0);
    EXPECT_THAT(results("line"), ElementsAre("a.png yes", "b.png yes"));
    EXPECT_EQ(batch({"line"}, {"--limit", "0"}).exitCode, 0);
    EXPECT_THAT(results("line"), SizeIs(3));
}

TEST_F(BatchCommandTest, ListsThePicturesInADryRunAndAsksNothing)
{
    writePng("line/b.png");
    writePng("line/a\x1b[2J.png");
    const Outcome outcome = batch({"line"}, {"--dry-run"});
    EXPECT_EQ(outcome.exitCode, 0);
    EXPECT_EQ(outcome.out, at("line/a") + "\\x1b[2J.png\n" + at("line/b.png") + "\n");
    EXPECT_EQ(m_timesOpened, 0);
    EXPECT_THAT(leftovers(), IsEmpty());
    EXPECT_FALSE(fs::exists(dataFolder()));
}

TEST_F(BatchCommandTest, TakesHostileFileNames)
{
    const std::vector<std::string> names = {"=1+1,\"x\".png", "a\nb.png", "bottle \U0001F37E.png", "esc\x1b[2J.png",
                                            "raw\xFF.png", std::string(251, 'z') + ".png"};
    for (const std::string &name : names)
        writePng("line/" + name);
    const Outcome outcome = batch({"line"});
    EXPECT_EQ(outcome.exitCode, 0) << outcome.err;
    EXPECT_THAT(results("line"),
                ElementsAre("=1+1,\"x\".png yes", "a\nb.png yes", "bottle \U0001F37E.png yes", "esc\x1b[2J.png yes",
                            "raw\uFFFD.png yes", std::string(251, 'z') + ".png yes"));
    EXPECT_THAT(outcome.err, Not(HasSubstr("\x1b")));
    std::vector<std::string> sources;
    for (const AnswerRecord &record : storedAnswers())
        sources.push_back(record.source.substr(at("line").size() + 1));
    std::sort(sources.begin(), sources.end());
    EXPECT_EQ(sources, names) << "the database keeps the bytes of a name as they are";

    const fs::path here = fs::current_path();
    fs::current_path(m_folder / "line"); // a name that begins a field
    const Outcome csv = runHere({"batch", names[0], names[1], "--question", "x", "--out", at("out.csv")});
    fs::current_path(here);
    EXPECT_EQ(csv.exitCode, 0);
    EXPECT_THAT(written("out.csv"), HasSubstr("\r\n\"'=1+1,\"\"x\"\".png\","));
    EXPECT_THAT(written("out.csv"), HasSubstr("\r\n\"a\nb.png\","));
}

TEST_F(BatchCommandTest, StopsInTheMiddleAndGoesOnFromThere)
{
    for (int i = 0; i < 80; ++i)
        writePng("line/p" + std::to_string(i) + ".png", i);
    ASSERT_EQ(batch({"line"}, {"--no-store"}, "whole.jsonl").exitCode, 0);
    EXPECT_THAT(m_script.batches, ElementsAre(32, 32, 16)) << "answered together";
    const std::string before = R"({"image":{"path":"a.png"},"question":"x","answer":"of the run before"})" "\n";
    m_folder.write("out.jsonl", before);
    m_script.questions.clear();
    m_script.answerFor = [this](const Frame &, const std::string &) -> Result<std::string> {
        if (m_script.questions.size() == 70)
            m_stop.request_stop();
        return std::string("yes");
    };
    const Outcome outcome = batch({"line"});
    EXPECT_EQ(outcome.exitCode, 130);
    EXPECT_THAT(outcome.err, HasSubstr("RUN-01: stopped after 64 of 80 pictures; the same command goes on from there"));
    EXPECT_EQ(written(), before);
    EXPECT_THAT(leftovers(), ElementsAre("out.jsonl", "out.jsonl.journal"));
    EXPECT_THAT(storedAnswers(), SizeIs(64)) << "what was answered before stays";

    m_stop = std::stop_source();
    m_script.questions.clear();
    m_script.answerFor = {};
    const Outcome rest = batch({"line"});
    EXPECT_EQ(rest.exitCode, 0) << rest.err;
    EXPECT_THAT(m_script.questions, SizeIs(16));
    EXPECT_THAT(rest.err, HasSubstr("64 of 80 were done by an earlier run"));
    EXPECT_THAT(storedAnswers(), SizeIs(80));
    EXPECT_EQ(written(), written("whole.jsonl"));
}

TEST_F(BatchCommandTest, AsksAgainOnlyAboutWhatIsNewChangedOrAskedForAfterAFailure)
{
    writePng("line/a.png", 1);
    writePng("line/b.png", 2);
    m_folder.write("line/c.png", std::string("no picture"));
    ASSERT_EQ(batch({"line"}).exitCode, 3);
    m_script.questions.clear();
    EXPECT_EQ(batch({"line"}).exitCode, 3) << "what failed still counts";
    EXPECT_THAT(m_script.questions, IsEmpty());

    writePng("line/a.png", 3);
    writePng("line/d.png", 4);
    EXPECT_EQ(batch({"line"}).exitCode, 3);
    EXPECT_THAT(m_script.questions, SizeIs(2));
    EXPECT_THAT(results("line"), ElementsAre("a.png yes", "b.png yes", "c.png IMG-07", "d.png yes"));
    EXPECT_EQ(written("out.jsonl.failed.csv"), "path,question,code,reason\r\n" + at("line/c.png")
                  + ",Is there a bottle?,IMG-07,\"c.png: content is not JPEG, PNG, BMP or TIFF\"\r\n");

    m_script.askErrors["Is there a bottle?"] = Error{code::AnswerNotFinite, "the answer is not finite", ""};
    writePng("line/e.png", 5);
    EXPECT_EQ(batch({"line"}).exitCode, 3);
    m_script.askErrors.clear();
    m_script.questions.clear();
    EXPECT_EQ(batch({"line"}, {"--retry-failed"}).exitCode, 3);
    EXPECT_THAT(m_script.questions, SizeIs(1));
    EXPECT_THAT(results("line"), ElementsAre("a.png yes", "b.png yes", "c.png IMG-07", "d.png yes", "e.png yes"));
    EXPECT_EQ(storedAnswers()[0].answer, "yes") << "the answer after a failure has a row of its own";
    EXPECT_EQ(storedAnswers()[1].code, "IMG-07");
    fs::remove(m_folder / "line/c.png");
    writePng("line/c.png", 6);
    EXPECT_EQ(batch({"line"}).exitCode, 0);
    EXPECT_THAT(leftovers(), ElementsAre("out.jsonl", "out.jsonl.journal")) << "nothing failed, so there is no list of it";
}

TEST_F(BatchCommandTest, RefusesToMixAnUnfinishedBatchWithAnother)
{
    for (int i = 0; i < 40; ++i)
        writePng("line/p" + std::to_string(i) + ".png", i);
    m_script.answerFor = [this](const Frame &, const std::string &) -> Result<std::string> {
        if (m_script.questions.size() == 35)
            m_stop.request_stop();
        return std::string("yes");
    };
    ASSERT_EQ(batch({"line"}).exitCode, 130);
    m_stop = std::stop_source();
    m_script.answerFor = {};
    const Outcome other = batch({"line"}, {"--choices", "yes,no"});
    EXPECT_EQ(other.exitCode, 2);
    EXPECT_THAT(other.err, HasSubstr("CLI-01: out.jsonl has an unfinished batch with another choices ([])"));
    EXPECT_EQ(batch({"line"}, {"--choices", "yes,no", "--fresh"}).exitCode, 0);
    EXPECT_EQ(batch({"line"}, {"--max-tokens", "3"}).exitCode, 0) << "a finished one gives way";
}

TEST_F(BatchCommandTest, AsksSeveralQuestionsAboutAPictureThatIsReadOnce)
{
    writePng("line/a.png", 1);
    writePng("line/b.png", 2);
    m_script.answers["How many?"] = "three";
    EXPECT_EQ(batch({"line"}, {"--question", "How many?"}).exitCode, 0);
    EXPECT_THAT(results("line"), ElementsAre("a.png yes", "a.png three", "b.png yes", "b.png three"));
    EXPECT_THAT(storedAnswers(), SizeIs(4));
    EXPECT_EQ(m_script.counters.encoderRuns, 2U);
    m_folder.write("line/c.png", std::string("no picture"));
    const Outcome bad = batch({"line"}, {"--question", "How many?", "--progress", "json"});
    EXPECT_EQ(bad.exitCode, 3);
    const auto count = [](const std::string &text, const std::string &word) {
        std::size_t found = 0;
        for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1))
            ++found;
        return found;
    };
    EXPECT_EQ(count(bad.err, "\"failure\""), 1U) << "a file that cannot be read is told once";
    EXPECT_EQ(count(written("out.jsonl.failed.csv"), "c.png,"), 1U);
    const Outcome twice = batch({"line"}, {"--question", "Is there a bottle?"});
    EXPECT_EQ(twice.exitCode, 2);
    EXPECT_THAT(twice.err, HasSubstr("CLI-01: the question 'Is there a bottle?' is given twice"));
}

TEST_F(BatchCommandTest, AnswersEqualPicturesOnce)
{
    for (int i = 0; i < 40; ++i)
        writePng("line/p" + std::to_string(i) + ".png", i % 3);
    const Outcome outcome = batch({"line"});
    EXPECT_EQ(outcome.exitCode, 0);
    EXPECT_THAT(m_script.questions, SizeIs(3));
    EXPECT_THAT(outcome.err, HasSubstr("37 equal to another and not asked again"));
    EXPECT_THAT(writtenLines(), SizeIs(40));
    EXPECT_THAT(storedAnswers(), SizeIs(40)) << "each file has a row of its own";
    for (const Json &line : writtenLines())
        EXPECT_EQ(line["probability"], 0.97);
    std::set<std::string> sources;
    for (const AnswerRecord &record : storedAnswers()) {
        sources.insert(record.source);
        EXPECT_TRUE(record.options) << "how it was asked is known of each";
    }
    EXPECT_THAT(sources, SizeIs(40));
    m_script.questions.clear();
    writePng("line/later.png", 1);
    EXPECT_EQ(batch({"line"}).exitCode, 0);
    EXPECT_THAT(m_script.questions, IsEmpty()) << "also in a later run";
}

TEST_F(BatchCommandTest, TellsItsProgressToAProgram)
{
    for (int i = 0; i < 3; ++i)
        writePng("line/p" + std::to_string(i) + ".png", i);
    m_folder.write("line/x.png", std::string("no picture"));
    const Outcome outcome = batch({"line"}, {"--progress", "json", "--quiet"});
    EXPECT_EQ(outcome.exitCode, 3);
    std::vector<std::string> states;
    Json last, failed;
    for (const Json &line : Outcome{0, outcome.err, ""}.json()) {
        if (line.contains("failure"))
            failed = line["failure"];
        else if (states.empty() || states.back() != line["progress"]["state"])
            states.push_back((last = line["progress"])["state"]);
    }
    EXPECT_THAT(states, ElementsAre("listing", "loading", "running", "writing", "done"));
    EXPECT_EQ(last["done"], 4);
    EXPECT_EQ(last["total"], 4);
    EXPECT_EQ(last["failed"], 1);
    EXPECT_EQ(failed["code"], "IMG-07");
    EXPECT_EQ(failed["path"], at("line/x.png"));
}

TEST_F(BatchCommandTest, SharesTheFilesAmongParts)
{
    for (int i = 0; i < 30; ++i)
        writePng("line/p" + std::to_string(i) + ".png", i);
    ASSERT_EQ(batch({"line"}, {}, "whole.jsonl").exitCode, 0);
    std::vector<std::string> lines;
    for (const std::string part : {"1/3", "2/3", "3/3"}) {
        ASSERT_EQ(batch({"line"}, {"--shard", part}, "out" + part.substr(0, 1) + ".jsonl").exitCode, 0);
        const std::vector<std::string> own = Outcome{0, written("out" + part.substr(0, 1) + ".jsonl"), ""}.lines();
        EXPECT_THAT(own.size(), ::testing::AllOf(::testing::Gt(2U), ::testing::Lt(20U)));
        lines.insert(lines.end(), own.begin(), own.end());
    }
    std::sort(lines.begin(), lines.end());
    EXPECT_EQ(lines, (Outcome{0, written("whole.jsonl"), ""}.lines()));
    for (const std::string wrong : {"0/3", "4/3", "1", "a/b", "1/0", "1/3x", "-1/3"})
        EXPECT_EQ(batch({"line"}, {"--shard", wrong}).exitCode, 2) << wrong;
}

TEST_F(BatchCommandTest, StopsWhenTheFolderIsGoneAndGoesOnWhenItIsBack)
{
    for (int i = 0; i < 100; ++i)
        writePng("line/p" + std::to_string(i) + ".png", i);
    bool isFirst = true;
    m_script.onAsk = [&] {
        if (std::exchange(isFirst, false))
            fs::rename(m_folder / "line", m_folder / "away");
    };
    const Outcome outcome = batch({"line"});
    EXPECT_EQ(outcome.exitCode, 4);
    EXPECT_THAT(outcome.err, HasSubstr("FS-06: folder " + at("line") + " is gone after "));
    EXPECT_THAT(outcome.err, HasSubstr(" of 100 files; resume later"));
    fs::rename(m_folder / "away", m_folder / "line");
    EXPECT_EQ(batch({"line"}).exitCode, 0);
    EXPECT_THAT(writtenLines(), SizeIs(100));
    EXPECT_THAT(storedAnswers(), SizeIs(100));
}

TEST_F(BatchCommandTest, WatchesAFolderUntilItIsStopped)
{
    writePng("line/a.png", 1);
    fs::create_directories(m_folder / "work");
    std::jthread arriving([this](const std::stop_token &) {
        // Each file comes when the one before was answered, which the output shows.
        for (const std::string name : {"b", "c"}) {
            while (!fs::exists(m_folder / "out.jsonl") || written().find(name == "b" ? "a.png" : "b.png") == std::string::npos)
                std::this_thread::yield();
            writePng("work/" + name + ".png", name == "b" ? 2 : 3);
            fs::rename(m_folder / ("work/" + name + ".png"), m_folder / ("line/" + name + ".png"));
        }
        while (written().find("c.png") == std::string::npos)
            std::this_thread::yield();
        m_stop.request_stop();
    });
    const Outcome outcome = batch({"line"}, {"--watch", "--settle", "0.05"});
    EXPECT_EQ(outcome.exitCode, 130);
    EXPECT_THAT(outcome.err, HasSubstr("RUN-01: the watch was ended; "));
    EXPECT_THAT(results("line"), ElementsAre("a.png yes", "b.png yes", "c.png yes"));
}

TEST_F(BatchCommandTest, StopsBeforeTheFirstPicture)
{
    for (int i = 0; i < 3; ++i)
        m_folder.write("line/p" + std::to_string(i) + ".jpg", std::string());
    m_stop.request_stop();
    EXPECT_EQ(batch({"line"}).exitCode, 130) << "while the folder is read";
    EXPECT_EQ(batch({"line/p0.jpg"}).exitCode, 130) << "while the model is loaded";
    EXPECT_THAT(leftovers(), IsEmpty());
}

TEST_F(BatchCommandTest, TellsPathsThatGiveNoPictures)
{
    fs::create_directories(m_folder / "line");
    const Outcome empty = batch({"line"});
    EXPECT_EQ(empty.exitCode, 4);
    EXPECT_EQ(empty.err, "FS-12: there are no pictures in " + at("line") + "\n");
    EXPECT_EQ(batch({"missing"}).err, "FS-12: " + at("missing") + " does not exist\n");
    EXPECT_EQ(batch({"line/*.png"}).err, "FS-12: nothing matches " + at("line/*.png") + "\n");
    fs::create_symlink("itself", m_folder / "itself");
    EXPECT_EQ(batch({"itself"}).err, "FS-03: link loop at " + at("itself") + "\n");
    EXPECT_EQ(batch({std::string(300, 'n')}).err, "FS-05: path too long\n");
    EXPECT_EQ(m_timesOpened, 0);
}

TEST_F(BatchCommandTest, DoesNotOpenAFifoThatIsNamedLikeAList)
{
    ASSERT_EQ(mkfifo(at("list.txt").c_str(), 0600), 0);
    EXPECT_EQ(batch({"list.txt"}).exitCode, 3);
    EXPECT_EQ(writtenLines().at(0)["error"]["code"], "FS-02");
}

} // namespace
} // namespace auroraedge::app

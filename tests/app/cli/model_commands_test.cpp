#include "app/settings/instance_lock.h"
#include "app/settings/resources.h"
#include "tests/app/cli/cli_fixture.h"

#include <fstream>
#include <set>

namespace auroraedge::app {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
namespace fs = std::filesystem;

class InfoCommandTest : public CliFixture
{
};

TEST_F(InfoCommandTest, TellsAPersonWhatAModelIs)
{
    const Outcome outcome = runHere({"info"});
    EXPECT_EQ(outcome.exitCode, 0);
    EXPECT_EQ(outcome.out, "model         nano-test\n"
                           "folder        " + modelFolder() + "\n"
                           "family        auroraedge\n"
                           "sha256        " + std::string(64, 'a') + "\n"
                           "parameters    10.00 M in 20.0 MB\n"
                           "vision        256 wide, 6 layers\n"
                           "decoder       256 wide, 4 layers\n");
    EXPECT_THAT(m_script.loads, IsEmpty()) << "described, not loaded";
}

TEST_F(InfoCommandTest, TellsAScriptWhatAModelIs)
{
    const std::vector<Json> lines = runHere({"info", "--json"}).json();
    ASSERT_THAT(lines, SizeIs(1));
    EXPECT_EQ(lines[0]["name"], "nano-test");
    EXPECT_EQ(lines[0]["parameters"], 10'000'000);
    EXPECT_EQ(lines[0]["file_bytes"], 20'000'000);
    EXPECT_EQ(lines[0]["facts"]["vision"], "256 wide, 6 layers");
    EXPECT_THAT(lines[0]["warnings"], IsEmpty());
    EXPECT_FALSE(lines[0].contains("tensors"));
}

TEST_F(InfoCommandTest, ListsTensorsWhenAskedTo)
{
    EXPECT_THAT(runHere({"info", "--tensors"}).out,
                ::testing::EndsWith("F16  [256, 768]  vision.weight\nF16  [256]  decoder.norm.weight\n"));
    const Json line = runHere({"info", "--tensors", "--json"}).json().at(0);
    EXPECT_EQ(line["tensors"].dump(), R"([{"name":"vision.weight","dtype":"F16","shape":[256,768]},)"
                                      R"({"name":"decoder.norm.weight","dtype":"F16","shape":[256]}])");
}

TEST_F(InfoCommandTest, CountsModuleByModuleAndInAll)
{
    const Outcome text = runHere({"info", "--flops", "--text-tokens", "10"});
    EXPECT_EQ(text.exitCode, 0);
    EXPECT_THAT(text.out, HasSubstr("for one picture and 10 text tokens"));
    EXPECT_THAT(text.out, HasSubstr("total              10000000       1.510            0.0093      1.420\n"));
    const std::vector<Json> lines = runHere({"info", "--flops", "--json"}).json();
    ASSERT_THAT(lines, SizeIs(2));
    const Json &modules = lines[1].at("flops").at("modules");
    ASSERT_THAT(modules, SizeIs(3));
    EXPECT_EQ(modules[1].at("macs"), 28'000'000);
    EXPECT_EQ(modules[2].at("module"), "total");
    EXPECT_EQ(runHere({"info", "--flops", "--text-tokens", "0"}).exitCode, 2);
}

TEST_F(InfoCommandTest, MeasuresTheMachineWhenAskedTo)
{
    const Outcome text = runHere({"info", "--self-test", "--threads", "2"});
    EXPECT_THAT(text.out, HasSubstr("self-test     200 GFLOP/s fp32, 1300 GFLOP/s bf16 (1024^3 product, 2 threads,"
                                    " AVX512)\nLibTorch      2.13.0\nGPU           no driver\n"));
    EXPECT_THAT(runHere({"info", "--self-test", "--threads", "1"}).out, HasSubstr("1 thread, "));
    const std::vector<Json> lines = runHere({"info", "--self-test", "--json"}).json();
    ASSERT_THAT(lines, SizeIs(2));
    EXPECT_EQ(lines[1].dump(), R"({"self_test":{"fp32_gflops":200.0,"bf16_gflops":1300.0,"threads":1,)"
                               R"("cpu":"AVX512","libtorch":"2.13.0","cuda":"no driver"}})");
}

TEST_F(InfoCommandTest, EndsWithTheFaultOfTheModel)
{
    m_script.describeError = Error{code::ModelFormat, "this format can run code", "model.bin"};
    const Outcome outcome = runHere({"info"});
    EXPECT_EQ(outcome.exitCode, 4);
    EXPECT_EQ(outcome.err, "MOD-19: this format can run code\n");
    EXPECT_THAT(outcome.out, IsEmpty());
}

/// A recipe with pictures a.png (train), b.png and c.png (val).
class RecipeCommandsTest : public CliFixture
{
protected:
    RecipeCommandsTest()
    {
        writePng("r/data/a.png", 1);
        writePng("r/data/b.png", 2);
        writePng("r/data/c.png", 3);
        m_folder.write("r/data/labels.jsonl",
                       std::string(R"({"image":"a.png","width":48,"height":32,"split":"train","labels":[]}
{"image":"b.png","width":48,"height":32,"split":"val","labels":[{"class":"bottle","bbox":[0,0,9,9]}]}
{"image":"c.png","width":48,"height":32,"split":"val","labels":[]}
)"));
        writeFamilies("bottle-present");
        m_folder.write("r/recipe.json", std::string(R"({"model":"model","out":"out","seed":7,
 "sources":[{"name":"bottles","annotations":"data/labels.jsonl","families":"families.json"}],
 "stages":[{"steps":100,"grids":[16]}]})"));
    }
    void writeFamilies(const std::string &name)
    {
        m_folder.write("r/families.json", R"([{"family":")" + name
                           + R"(","wordings":["Is there a bottle?"],"answer":{"present":"bottle"}}])");
    }
    Outcome evaluate(const Words &more = {})
    {
        return runHere({"evaluate", "--data", at("r/recipe.json")}, more);
    }
    Outcome train(const Words &more = {})
    {
        Words words = {"train", "--recipe", at("r/recipe.json")};
        words.insert(words.end(), more.begin(), more.end());
        return run(words);
    }
};
using TrainCommandTest = RecipeCommandsTest;
using EvaluateCommandTest = RecipeCommandsTest;

class ImportCommandTest : public CliFixture
{
protected:
    Outcome import(Words more = {})
    {
        Words words{"import", "--vision", "v", "--llm", "l", "--out", "o"};
        words.insert(words.end(), more.begin(), more.end());
        return runHere(words);
    }
};

TEST_F(ImportCommandTest, PassesOnWhatIsAskedFor)
{
    EXPECT_EQ(import({"--compressor", "conv2d", "--fusion", "cross", "--precision", "bf16", "--seed", "9"}).exitCode, 0);
    ASSERT_TRUE(m_script.importRequest);
    const ImportRequest &request = *m_script.importRequest;
    EXPECT_EQ(request.visionFolder + request.decoderFolder + request.outFolder, "vlo");
    EXPECT_EQ(request.compressor, "conv2d");
    EXPECT_EQ(request.fusion, "cross");
    EXPECT_EQ(request.precision, Precision::Bf16);
    EXPECT_EQ(request.seed, 9U);
}

TEST_F(ImportCommandTest, TellsProgressAndWarningsOnStderrAndTheFolderOnStdout)
{
    const Outcome outcome = import();
    EXPECT_EQ(outcome.out, "2.00 M parameters in 4.0 MB; the model is in o\n");
    EXPECT_EQ(outcome.err, "0 % written\n50 % written\n100 % written\nwarning: connectors untrained\n");
    EXPECT_EQ(import({"--quiet"}).err, "warning: connectors untrained\n");
    EXPECT_EQ(import({"--json"}).json().at(0).dump(),
              R"({"model":"o","parameters":2000000,"file_bytes":4000000,"warnings":["connectors untrained"]})");
}

TEST_F(ImportCommandTest, RefusesWordsThatItDoesNotKnowAndTellsTheEnginesErrors)
{
    EXPECT_EQ(import({"--compressor", "zip"}).exitCode, 2);
    EXPECT_EQ(import({"--fusion", "cold"}).exitCode, 2);
    EXPECT_EQ(runHere({"import", "--vision", "v", "--llm", "l"}).exitCode, 2);
    EXPECT_FALSE(m_script.importRequest);
    m_script.importError = Error{code::ModelTensorMissing, "missing: a", "a"};
    const Outcome failed = import();
    EXPECT_EQ(failed.exitCode, 4);
    EXPECT_EQ(failed.err, "MOD-12: missing: a\n");
}

TEST_F(TrainCommandTest, PassesTheRecipeOn)
{
    m_script.trainingReport.picturesSeen = 1200;
    m_script.trainingReport.minutes = 2.5;
    const Outcome outcome = train({"--threads", "2"});
    EXPECT_EQ(outcome.exitCode, 0) << outcome.err;
    EXPECT_EQ(outcome.out, "1200 pictures seen in 2.5 min; the model is in " + at("r/out") + "\n");
    ASSERT_TRUE(m_script.trainingRun);
    const TrainingRun &run = *m_script.trainingRun;
    EXPECT_EQ(run.modelFolder, at("r/model"));
    EXPECT_EQ(run.outFolder, at("r/out"));
    EXPECT_EQ(run.seed, 7U);
    EXPECT_EQ(run.threads, 2);
    ASSERT_THAT(run.sources, SizeIs(1));
    EXPECT_EQ(run.sources[0].name, "bottles");
    ASSERT_THAT(run.stages, SizeIs(1));
    EXPECT_EQ(run.stages[0].steps, 100);
    ASSERT_THAT(run.samples, SizeIs(3));
    EXPECT_EQ(std::count_if(run.samples.begin(), run.samples.end(), [](const TrainingSample &sample) { return sample.isHeldOut; }), 2)
        << "the held-out pictures are not trained on";
    EXPECT_EQ(run.samples[0].picture, at("r/data/a.png"));
    const Result<Frame> frame = run.loadPicture(run.samples[0].picture);
    ASSERT_TRUE(frame);
    EXPECT_EQ(frame->widthPx, 48);
    EXPECT_FALSE(run.loadPicture(at("r/data/missing.png")));
}

TEST_F(TrainCommandTest, WritesWhereItIsToldTo)
{
    EXPECT_EQ(train({"--out", at("elsewhere")}).exitCode, 0);
    EXPECT_EQ(m_script.trainingRun->outFolder, at("elsewhere"));
}

TEST_F(TrainCommandTest, TellsItsProgressOnStderr)
{
    TrainingProgress progress;
    progress.stage = 1;
    progress.step = 50;
    progress.steps = 100;
    progress.loss = 0.25;
    progress.picturesPerSecond = 300;
    progress.secondsLeft = 120;
    progress.note = "present 97 %\x1b[2J";
    m_script.trainingProgress = {progress};
    EXPECT_EQ(train().err, "stage 2 step 50/100  loss 0.2500  300 pictures/s  2 min left  present 97 %\\x1b[2J\n");
    EXPECT_EQ(train({"--quiet"}).err, "");
}

TEST_F(TrainCommandTest, NamesPicturesThatItCouldNotUse)
{
    TrainingProgress skipped, progress;
    skipped.skippedPictures = m_script.trainingReport.skippedPictures = {"a\x1b.png: it is damaged"};
    progress.step = 1;
    m_script.trainingProgress = {skipped, progress};
    const Outcome outcome = train();
    EXPECT_EQ(outcome.exitCode, 3);
    EXPECT_EQ(outcome.err, "skipped a\\x1b.png: it is damaged\nstage 1 step 1/0  loss 0.0000  0 pictures/s  0 min left  \n")
        << "before the first step";
    EXPECT_EQ(train({"--quiet"}).err, "skipped a\\x1b.png: it is damaged\n");
    const Json line = train({"--json"}).json().at(0);
    EXPECT_EQ(line["model"], at("r/out"));
    EXPECT_THAT(line["skipped"], ElementsAre("a\x1b.png: it is damaged"));
}

TEST_F(TrainCommandTest, AFinishedModelIsNotTrainedAnew)
{
    m_folder.write("r/out/model.safetensors", std::string("weights"));
    EXPECT_EQ(train().exitCode, 0) << "of a run that was killed at its end";
    m_folder.write("r/out/SHA256SUMS", std::string("sums"));
    m_script.trainingRun.reset();
    const Outcome refused = train();
    EXPECT_EQ(refused.exitCode, 2);
    EXPECT_EQ(refused.err, "CLI-01: " + at("r/out") + " holds a finished model; choose another --out or remove it\n");
    EXPECT_FALSE(m_script.trainingRun);
    EXPECT_EQ(train({"--out", at("r/other")}).exitCode, 0);
    m_folder.write("r/out/checkpoint.safetensors", std::string("checkpoint"));
    EXPECT_EQ(train().exitCode, 0) << "all but the last step was done";
}

/// Of a recipe and the one that goes on from it.
class FollowedRecipeTest : public TrainCommandTest
{
protected:
    FollowedRecipeTest()
    {
        std::string text = testing::readFile(m_folder / "r/recipe.json");
        text.replace(text.find("\"seed\":7"), 8, "\"seed\":8");
        m_folder.write("r/more.json", text);
        text.replace(text.find("\"seed\":8"), 8, "\"seed\":7,\"then\":\"more.json\"");
        m_folder.write("r/recipe.json", text);
    }
};

TEST_F(FollowedRecipeTest, TheNextOneGoesOnWithTheModelOfTheFirst)
{
    const Outcome outcome = train();
    EXPECT_EQ(outcome.exitCode, 0) << outcome.err;
    EXPECT_EQ(outcome.out, "0 pictures seen in 0.0 min; the model is in " + at("r/out/first") + "\n0 pictures seen in 0.0 min; the model is in " + at("r/out") + "\n");
    EXPECT_EQ(m_script.trainingRun->seed, 8U);
    EXPECT_EQ(m_script.trainingRun->modelFolder, at("r/out/first"));
    EXPECT_EQ(m_script.trainingRun->outFolder, at("r/out"));
    EXPECT_EQ(train({"--out", at("elsewhere")}).exitCode, 0);
    EXPECT_EQ(m_script.trainingRun->modelFolder, at("elsewhere/first"));
    EXPECT_EQ(m_script.trainingRun->outFolder, at("elsewhere"));
}

TEST_F(FollowedRecipeTest, AFirstModelThatIsFinishedIsGoneOnWith)
{
    m_folder.write("r/out/first/model.safetensors", std::string("weights"));
    m_folder.write("r/out/first/SHA256SUMS", std::string("sums"));
    EXPECT_EQ(train().out, "0 pictures seen in 0.0 min; the model is in " + at("r/out") + "\n");
    EXPECT_EQ(m_script.trainingRun->seed, 8U);
    m_folder.write("r/out/model.safetensors", std::string("weights"));
    m_folder.write("r/out/SHA256SUMS", std::string("sums"));
    EXPECT_EQ(train().exitCode, 2) << "nothing is left to train";
}

TEST_F(FollowedRecipeTest, AFaultOfTheNextOneIsToldBeforeTheFirstStep)
{
    EXPECT_THAT(train({"--processes", "2", "--rank", "0", "--meeting", at("meet")}).err, HasSubstr("CLI-01: one process trains a recipe with 'then'"));
    m_folder.write("r/more.json", testing::readFile(m_folder / "r/recipe.json"));
    EXPECT_THAT(train().err, HasSubstr("RCP-04: the recipe " + at("r/more.json") + " comes after itself"));
    std::filesystem::remove(m_folder / "r/more.json");
    EXPECT_THAT(train().err, HasSubstr("FS-12"));
    EXPECT_EQ(m_timesOpened, 0);
}

TEST_F(TrainCommandTest, KeepsASecondRunAwayFromTheSameFolder)
{
    {
        const auto first = InstanceLock::acquireFor(m_folder / "r/out");
        ASSERT_TRUE(first);
        const Outcome second = train();
        EXPECT_EQ(second.exitCode, 6);
        EXPECT_THAT(second.err, HasSubstr("APP-01: already running"));
        EXPECT_FALSE(m_script.trainingRun);
        EXPECT_EQ(train({"--processes", "2", "--rank", "1", "--meeting", at("meet")}).exitCode, 0) << "those that train together share it";
    }
    EXPECT_EQ(train().exitCode, 0);
}

TEST_F(TrainCommandTest, BadAnnotationsAreNamedAndLeftOut)
{
    m_folder.write("r/data/labels.jsonl", "{\n" + testing::readFile(m_folder / "r/data/labels.jsonl"));
    const Outcome outcome = train();
    EXPECT_EQ(outcome.exitCode, 3);
    EXPECT_THAT(outcome.err, HasSubstr("left out labels.jsonl line 1 is not valid JSON"));
    EXPECT_THAT(m_script.trainingRun->samples, SizeIs(3));
}

TEST_F(TrainCommandTest, EndsWithTheFaultOfRecipeOrRun)
{
    m_folder.write("r/recipe.json", std::string("{\"model\":"));
    EXPECT_THAT(train().err, HasSubstr("RCP-01"));
    EXPECT_EQ(run({"train", "--recipe", at("none.json"), "--json"}).jsonCode(), "FS-12");
    EXPECT_EQ(m_timesOpened, 0);
}

TEST_F(TrainCommandTest, IsStoppedLikeAnyCommand)
{
    m_script.trainError = Error{code::Cancelled, "stopped; the checkpoint is kept", ""};
    const Outcome outcome = train();
    EXPECT_EQ(outcome.exitCode, 130);
    EXPECT_THAT(outcome.out, IsEmpty());
}

TEST_F(EvaluateCommandTest, PrintsATableOfTheHeldOutPictures)
{
    m_script.defaultAnswer = "yes"; // right about b.png, wrong about c.png
    const Outcome outcome = evaluate();
    EXPECT_EQ(outcome.exitCode, 0) << outcome.err;
    EXPECT_EQ(outcome.out, "family           count  right  [95 % interval]  majority blank  gate\n"
                           "bottle-present       2   50.0  [9.5, 90.5]    50.0   50.0  no\n"
                           "calibration error 0.470, AUROC of being right 0.500\n"
                           "wrong among the surest:  50 %: 0.0  50 %: 0.0  50 %: 0.0  50 %: 0.0  50 %: 0.0  50 %: 0.0  50 %: 0.0"
                           "  50 %: 0.0  50 %: 0.0  100 %: 50.0\n");
    EXPECT_THAT(storedAnswers(), IsEmpty()) << "measuring is not inspecting";
}

TEST_F(EvaluateCommandTest, PrintsEachFamilyAsJson)
{
    m_script.defaultAnswer = "no";
    const std::vector<Json> lines = evaluate({"--json"}).json();
    ASSERT_THAT(lines, SizeIs(2));
    EXPECT_EQ(lines[1]["answers"], 2);
    EXPECT_EQ(lines[1]["risk_coverage"].size(), 10U);
    EXPECT_EQ(lines[0]["groups"]["c.png"]["right"], 1);
    EXPECT_EQ(lines[0]["groups"]["b.png"]["accuracy"], 0);
    for (const char *field : {"count", "low", "high", "majority", "blank"})
        EXPECT_TRUE(lines[0]["groups"]["b.png"][field].is_number()) << field;
    EXPECT_EQ(lines[0]["family"], "bottle-present");
    EXPECT_EQ(lines[0]["count"], 2);
    EXPECT_EQ(lines[0]["right"], 1);
    EXPECT_EQ(lines[0]["accuracy"], 0.5);
    EXPECT_EQ(lines[0]["majority"], 0.5);
    EXPECT_EQ(lines[0]["blank"], 0.5);
    EXPECT_EQ(lines[0]["passes_gate"], false);
}

/// A video of two pictures with a bottle, another with one picture without.
class GroupedEvaluationTest : public EvaluateCommandTest
{
protected:
    GroupedEvaluationTest()
    {
        writePng("r/data/d.png", 4);
        m_folder.write("r/data/labels.jsonl", line("b", "video 1", true) + line("d", "video 1", true) + line("c", "video 2\\u001b[2J", false));
    }
    static std::string line(const std::string &picture, const std::string &group, bool hasBottle)
    {
        return R"({"image":")" + picture + R"(.png","width":48,"height":32,"split":"val","group":")" + group + R"(","labels":[)"
            + (hasBottle ? R"({"class":"bottle","bbox":[0,0,9,9]})" : "") + "]}\n";
    }
};

TEST_F(GroupedEvaluationTest, ALineAGroupStandsUnderItsFamily)
{
    m_script.defaultAnswer = "yes";
    EXPECT_THAT(evaluate().out, HasSubstr("bottle-present       3   66.7  [20.8, 93.9]    66.7   66.7  no\n"
                                          "  video 1            2  100.0  [34.2, 100.0]   100.0  100.0\n"
                                          "  video 2\\x1b[2J     1    0.0  [0.0, 79.3]   100.0    0.0\n"
                                          "calibration error"));
    const Json groups = evaluate({"--json"}).json().at(0)["groups"];
    ASSERT_EQ(groups.size(), 2U);
    EXPECT_EQ(groups["video 1"]["right"], 2);
    EXPECT_EQ(groups["video 1"]["count"], 2);
    EXPECT_NEAR(groups["video 1"]["low"].get<double>(), 0.342, 0.001);
    EXPECT_EQ(groups["video 1"]["majority"], 1);
    EXPECT_EQ(groups["video 1"]["blank"], 1);
}

TEST_F(GroupedEvaluationTest, TheColumnsStayBelowEachOtherWhereNamesAreLong)
{
    const std::string meter = "watermeter of the cellar";
    m_folder.write("r/data/labels.jsonl", line("b", meter, true) + line("d", meter, true) + line("c", "v", false));
    m_script.defaultAnswer = "yes";
    EXPECT_THAT(evaluate().out, HasSubstr("family                     count  right  [95 % interval]  majority blank  gate\n"
                                          "bottle-present                 3   66.7  [20.8, 93.9]    66.7   66.7  no\n"
                                          "  v                            1    0.0  [0.0, 79.3]   100.0    0.0\n"
                                          "  watermeter of the cellar     2  100.0  [34.2, 100.0]   100.0  100.0\n"));
}

TEST_F(GroupedEvaluationTest, AFamilyOfOneGroupHasNoLineOfItsGroup)
{
    m_folder.write("r/data/labels.jsonl", line("b", "video 1", true) + line("d", "video 1", false));
    EXPECT_THAT(evaluate().out, Not(HasSubstr("  video 1")));
}

TEST_F(EvaluateCommandTest, ShowsALongNameOfAFamilyWholeAndWithoutItsEscapes)
{
    const std::string name(300, 'n');
    writeFamilies(name + "\\u001b[2J");
    const Outcome outcome = evaluate();
    EXPECT_EQ(outcome.exitCode, 0) << outcome.err;
    EXPECT_THAT(outcome.out, HasSubstr("\n" + name + "\\x1b[2J     2   50.0  ["));
    EXPECT_THAT(outcome.out, HasSubstr("  no\n"));
}

TEST_F(EvaluateCommandTest, CountsByTheMetricAskedFor)
{
    m_script.defaultAnswer = "Yes.";
    EXPECT_EQ(evaluate({"--json"}).json().at(0)["right"], 0);
    EXPECT_EQ(evaluate({"--json", "--metric", "vqa"}).json().at(0)["right"], 1);
    EXPECT_EQ(evaluate({"--metric", "luck"}).exitCode, 2);
}

TEST_F(EvaluateCommandTest, ABlindRunShowsGreyPicturesAlone)
{
    const Outcome outcome = evaluate({"--blind"});
    EXPECT_EQ(outcome.exitCode, 0) << outcome.err;
    for (const Frame &frame : m_script.frames)
        EXPECT_EQ(frame.source, "blank:");
}

TEST_F(EvaluateCommandTest, AsksAboutNoMoreThanTheLimitOfEachSource)
{
    EXPECT_EQ(evaluate({"--limit", "1", "--json"}).json().at(0)["count"], 1);
    EXPECT_EQ(evaluate({"--limit", "9", "--json"}).json().at(0)["count"], 2);
}

TEST_F(EvaluateCommandTest, SkipsAPictureThatCannotBeReadAndSaysSo)
{
    m_folder.write("r/data/b.png", std::string());
    const Outcome outcome = evaluate();
    EXPECT_EQ(outcome.exitCode, 3);
    EXPECT_THAT(outcome.err, HasSubstr("skipped " + at("r/data/b.png") + ": b.png is empty (0 bytes)\n"));
    EXPECT_THAT(outcome.out, HasSubstr("bottle-present       1 "));
}

TEST_F(EvaluateCommandTest, RefusesARecipeThatHoldsNothingBack)
{
    m_folder.write("r/data/labels.jsonl",
                   std::string(R"({"image":"a.png","width":48,"height":32,"split":"train","labels":[]})"));
    const Outcome outcome = evaluate();
    EXPECT_EQ(outcome.exitCode, 4);
    EXPECT_THAT(outcome.err, HasSubstr("RCP-04: " + at("r/recipe.json") + " holds no pictures to measure with"));
    EXPECT_EQ(m_timesOpened, 0);
}

TEST_F(EvaluateCommandTest, IsStoppedLikeAnyCommand)
{
    m_script.onAsk = [this] { m_stop.request_stop(); };
    EXPECT_EQ(evaluate().exitCode, 130);
}

class DemoCommandTest : public CliFixture
{
protected:
    /// The questions that ship.
    static std::vector<Json> questions()
    {
        std::ifstream file(resourceFolder() / "demo/demo.json");
        const Json demo = Json::parse(file);
        return demo.at("questions").get<std::vector<Json>>();
    }
};

TEST_F(DemoCommandTest, AsksEveryQuestionThatShipsAndCountsTheRightAnswers)
{
    m_script.defaultAnswer = "yes";
    std::size_t right = 0;
    std::set<std::string> pictures;
    for (const Json &question : questions()) {
        right += question["expected"] == "yes" ? 1 : 0;
        pictures.insert(question["picture"]);
    }
    const Outcome outcome = runHere({"demo"});
    EXPECT_EQ(outcome.exitCode, 0) << outcome.err;
    EXPECT_GT(right, 0U);
    EXPECT_THAT(outcome.err, HasSubstr(std::to_string(questions().size()) + " questions, " + std::to_string(right)
                                       + " answered as labelled\n"));
    EXPECT_THAT(storedAnswers(), SizeIs(questions().size()));
    EXPECT_EQ(storedPictures(), static_cast<int>(pictures.size()));
    EXPECT_EQ(m_script.counters.encoderRuns, pictures.size()) << "questions about one picture follow each other";
}

TEST_F(DemoCommandTest, JudgesThePresetQuestions)
{
    m_script.answerFor = [](const Frame &, const std::string &question) -> Result<std::string> {
        return std::string(question == "Is there a bottle?" ? "no" : "yes");
    };
    const std::vector<Json> lines = runHere({"demo", "--json", "--no-store"}).json();
    ASSERT_THAT(lines, SizeIs(questions().size()));
    const auto judged = [&](const std::string &question) {
        for (const Json &line : lines) {
            if (line["question"] == question)
                return line["verdict"].dump();
        }
        return std::string("not asked");
    };
    EXPECT_EQ(judged("Is there a bottle?"), "\"NG\"");
    EXPECT_EQ(judged("Describe the picture."), "null");
    EXPECT_THAT(runHere({"demo", "--no-store"}).out, HasSubstr("Is there a bottle?  no  [NG]"));
}

} // namespace
} // namespace auroraedge::app

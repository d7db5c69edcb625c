#include "app/imaging/picture_decoder.h"
#include "app/products/product.h"
#include "app/products/tiles.h"
#include "app/settings/instance_lock.h"
#include "tests/app/cli/cli_fixture.h"

#include <algorithm>

#include <unistd.h>

namespace auroraedge::app {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
namespace fs = std::filesystem;

/// Grey of a @p shade of its own with light and dark stripes, and white in @p box.
Frame part(const PixelBox &box, int shade = 0)
{
    constexpr int width = 64, height = 48;
    std::vector<std::uint8_t> bytes(static_cast<std::size_t>(3 * width * height));
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            const bool isInside = x >= box.x && x < box.x + box.width && y >= box.y && y < box.y + box.height;
            std::fill_n(bytes.begin() + 3 * (y * width + x), 3, static_cast<std::uint8_t>(isInside ? 255 : 60 + shade + (x * x / 7 + y * 5) % 100));
        }
    }
    return testing::frameOf(std::move(bytes), width, height);
}

/// A base model, and ten pictures of which the odd ones have a white dent. The scripted model sees white.
class FinetuneCommandTest : public CliFixture
{
protected:
    FinetuneCommandTest()
    {
        m_folder.write("base/config.json", std::string(R"({"model_type":"auroraedge","vision_config":{"patch_size":4,"num_patches":256}})"));
        m_folder.write("base/model.safetensors", std::string("weights"));
        m_folder.write("set/golden.png", *encodePng(part({})));
        std::string records;
        for (int i = 0; i < 10; ++i) {
            const PixelBox box = i % 2 == 1 ? PixelBox{5 * i, 4 * i, 8, 8} : PixelBox{};
            m_folder.write("set/p" + std::to_string(i) + ".png", *encodePng(part(box, i)));
            const std::string label = i % 2 == 0 ? "" : R"({"class":"dent","bbox":[)" + std::to_string(box.x) + "," + std::to_string(box.y) + ",8,8]}";
            records += R"({"image":"p)" + std::to_string(i) + R"(.png","width":64,"height":48,"group":"g)" + std::to_string(i / 2) + R"(","labels":[)" + label + "]}\n";
        }
        m_folder.write("set/reviewed.jsonl", records);
        m_script.judgementFor = [](const Frame &frame, const std::string &, const std::vector<std::string> &choices) {
            int white = 0;
            for (int y = 0; y < frame.heightPx; ++y)
                for (int x = 0; x < frame.widthPx; ++x)
                    white += frame.row(y)[3 * x] == 255 ? 1 : 0;
            const double yes = 0.1 + 0.8 * std::min(white, 64) / 64;
            Judgement judgement{std::vector<double>(choices.size(), 1 - yes), {{"defect", 1, 1, {static_cast<float>(yes)}}}, {}};
            judgement.probability[0] = yes;
            return judgement;
        };
        m_script.trainingReport.picturesSeen = 1200;
    }
    Outcome finetune(const Words &more = {})
    {
        Words words = {"finetune", "--data", at("set/reviewed.jsonl"), "--base", at("base"), "--out", at("out"), "--tile", "20", "--steps", "100", "--data-dir", dataFolder()};
        words.insert(words.end(), more.begin(), more.end());
        return run(words);
    }
};

TEST_F(FinetuneCommandTest, TrainsOnTilesOfTheRecordsAndMeasuresBeforeAndAfter)
{
    const Outcome outcome = finetune({"--threads", "2", "--device", "cpu"});
    EXPECT_EQ(outcome.exitCode, 0) << outcome.err;
    ASSERT_TRUE(m_script.trainingRun);
    const TrainingRun &run = *m_script.trainingRun;
    EXPECT_EQ(run.modelFolder, at("out/start"));
    EXPECT_EQ(run.outFolder, at("out"));
    EXPECT_EQ(run.threads, 2);
    EXPECT_EQ(run.device, "cpu");
    EXPECT_EQ(run.stages.back().finishGrids, std::vector{5});
    EXPECT_TRUE(std::ranges::any_of(run.samples, &TrainingSample::isHeldOut));
    EXPECT_TRUE(std::ranges::all_of(run.samples, [](const TrainingSample &sample) { return tilePlaceOf(sample.picture)->box.width == 20; }));
    ASSERT_EQ(m_script.loads.size(), 2U);
    EXPECT_EQ(m_script.loads[0].folder, at("out"));
    EXPECT_EQ(m_script.loads[1].folder, at("base"));

    EXPECT_THAT(outcome.err, HasSubstr("1 of 5 groups are held out; 4 bad and 4 good pictures teach, 1 bad and 1 good ones measure"));
    for (const char *row : {"AUROC", "accuracy", "calibration error", "found at 1 % false alarms", "AUROC of single tiles", "which defect"})
        EXPECT_THAT(outcome.out, HasSubstr(row));
    EXPECT_THAT(outcome.out, HasSubstr("OK is never said"));
    EXPECT_THAT(outcome.out, HasSubstr("100.0 % of all UNSURE"));
    EXPECT_THAT(outcome.out, HasSubstr("the product's model is in " + at("out")));
    const auto product = readProduct(m_folder / "out");
    ASSERT_TRUE(product && *product);
    EXPECT_EQ((*product)->tile, 20);
    EXPECT_EQ((*product)->stride, 15);
    EXPECT_FALSE((*product)->usesGolden);
    EXPECT_THAT((*product)->classes, ElementsAre("dent"));
    EXPECT_EQ((*product)->heldOut.auroc, 1);
    ASSERT_TRUE((*product)->sizes);
    EXPECT_TRUE((*product)->isPromisedOf(64, 48));
    EXPECT_FALSE((*product)->isPromisedOf(63, 48)) << "none that was measured";
    EXPECT_FALSE(fs::exists(m_folder / "out/start"));
}

TEST_F(FinetuneCommandTest, TellsTheSameAsOneObject)
{
    const Outcome outcome = finetune({"--json", "--golden", at("set/golden.png")});
    ASSERT_EQ(outcome.exitCode, 0) << outcome.err << outcome.out;
    const Json line = outcome.json().at(0);
    EXPECT_EQ(line["model"], at("out"));
    EXPECT_EQ(line["planes"], "golden");
    EXPECT_EQ(line["after"]["auroc"], 1);
    EXPECT_EQ(line["after"]["count"], 2);
    EXPECT_TRUE(line["before"].is_object());
    EXPECT_TRUE(line["thresholds"]["ok"]["probability"].is_null());
    EXPECT_EQ(line["promised"]["unsure"], 1);
    EXPECT_EQ(line["pictures_seen"], 1200);
    EXPECT_EQ(readProduct(m_folder / "out").value()->golden, "golden.png");
}

TEST_F(FinetuneCommandTest, TellsTheTimeThatIsLeftOfTheWholeRun)
{
    TrainingProgress progress;
    progress.step = 15;
    progress.steps = 35;
    progress.secondsLeft = 1620; // as the trainer tells it
    m_script.trainingProgress = {progress};
    EXPECT_THAT(finetune().err, HasSubstr("stage 1 step 15/35  loss 0.0000  0 pictures/s  27 min left"));
}

TEST_F(FinetuneCommandTest, NamesTilesThatCannotBeUsedBeforeTheFirstStep)
{
    TrainingProgress skipped, progress;
    skipped.skippedPictures = m_script.trainingReport.skippedPictures = {"p1.png#0,0,20,20: it is gone"};
    progress.step = 1;
    m_script.trainingProgress = {skipped, progress};
    const Outcome outcome = finetune();
    EXPECT_EQ(outcome.exitCode, 3);
    EXPECT_THAT(outcome.err, HasSubstr("skipped p1.png#0,0,20,20: it is gone\nstage 1 step 1/0"));
}

TEST_F(FinetuneCommandTest, LeavesBadRecordsOutAndSaysSo)
{
    const std::string records = testing::readFile(m_folder / "set/reviewed.jsonl");
    m_folder.write("set/reviewed.jsonl", records + R"({"image":"none.png","labels":[]})" "\n{\n" R"({"image":"later.png","split":"test","labels":[]})");
    const Outcome outcome = finetune();
    EXPECT_EQ(outcome.exitCode, 3);
    EXPECT_THAT(outcome.err, HasSubstr("left out reviewed.jsonl line 12"));
    EXPECT_THAT(outcome.err, HasSubstr("left out reviewed.jsonl line 11: FS-12"));
    EXPECT_THAT(outcome.err, HasSubstr("1 records of splits test and heldout are not touched"));
}

TEST_F(FinetuneCommandTest, RecordsThatDoNotSayWhereTheDefectIsAreCountedAndTeachNoTile)
{
    std::string records = testing::readFile(m_folder / "set/reviewed.jsonl");
    for (const std::string box : {"[5,4,8,8]", "[15,12,8,8]"})
        records.replace(records.find(box), box.size(), "[0,0,64,48]");
    m_folder.write("set/reviewed.jsonl", records);
    const Outcome outcome = finetune();
    EXPECT_EQ(outcome.exitCode, 0) << outcome.err;
    EXPECT_THAT(outcome.err, HasSubstr("2 records do not say where the defect is: they measure, and teach nothing\n"));
    ASSERT_TRUE(m_script.trainingRun);
    for (const TrainingSample &sample : m_script.trainingRun->samples) {
        const std::string picture = fs::path(tilePlaceOf(sample.picture)->picture).filename().string();
        EXPECT_TRUE(picture != "p1.png" && picture != "p3.png") << sample.picture;
    }
    EXPECT_EQ(readProduct(m_folder / "out").value()->precision, "fp32");
}

TEST_F(FinetuneCommandTest, APictureUnderTwoNamesIsLearntAndMeasuredOnce)
{
    m_folder.write("set/copy.png", testing::readFile(m_folder / "set/p2.png"));
    const std::string records = testing::readFile(m_folder / "set/reviewed.jsonl");
    m_folder.write("set/reviewed.jsonl", records + R"({"image":"copy.png","group":"g9","labels":[]})" "\n");
    const Outcome outcome = finetune();
    EXPECT_EQ(outcome.exitCode, 3);
    EXPECT_THAT(outcome.err, HasSubstr("left out reviewed.jsonl line 11: its picture is that of reviewed.jsonl line 3\n"));
    EXPECT_THAT(outcome.err, HasSubstr("1 of 5 groups are held out"));
}

TEST_F(FinetuneCommandTest, RefusesWhatCannotBeLearntBeforeAnythingIsTrained)
{
    EXPECT_THAT(run({"finetune", "--data", "x"}).err, HasSubstr("CLI-01: --out is required"));
    EXPECT_THAT(finetune({"--fresh", "--lora", "4"}).err, HasSubstr("--lora"));
    EXPECT_EQ(finetune({"--data", at("none.jsonl")}).exitCode, 2) << "given twice";
    EXPECT_EQ(run({"finetune", "--data", at("none.jsonl"), "--out", at("out"), "--json"}).jsonCode(), "FS-12");
    EXPECT_EQ(finetune({"--base", at("nobody")}).exitCode, 2);
    m_folder.write("out/mine.txt", std::string("x"));
    EXPECT_THAT(finetune().err, HasSubstr("is not empty; choose another --out"));
    fs::remove_all(m_folder / "out");
    EXPECT_THAT(finetune({"--golden", at("set/nothing.png")}).err, HasSubstr("no record can be used"));
    m_folder.write("set/reviewed.jsonl", std::string(R"({"image":"p0.png","labels":[]})"));
    EXPECT_THAT(finetune().err, HasSubstr("no record to learn from has a labelled defect"));
    EXPECT_EQ(m_timesOpened, 0);
    EXPECT_FALSE(fs::exists(m_folder / "out/finetune.json")) << "so that better records may be given";
}

TEST_F(FinetuneCommandTest, SaysHowToGoOnWhenItIsStopped)
{
    m_script.trainError = Error{code::Cancelled, "training was stopped", ""};
    const Outcome stopped = finetune();
    EXPECT_EQ(stopped.exitCode, 130);
    EXPECT_THAT(stopped.err, HasSubstr("RUN-01: stopped; the same command goes on from there"));
    m_script.trainError.reset();
    const Outcome again = finetune();
    EXPECT_EQ(again.exitCode, 0);
    EXPECT_THAT(again.err, HasSubstr("going on with"));
    EXPECT_THAT(finetune({"--seed", "2"}).err, HasSubstr("'seed': 1 there, 2 now"));
    EXPECT_THAT(finetune().err, HasSubstr("holds a finished product"));
}

TEST_F(FinetuneCommandTest, KeepsASecondRunAwayFromTheSameFolder)
{
    {
        const auto first = InstanceLock::acquireFor(m_folder / "out");
        ASSERT_TRUE(first);
        const Outcome second = finetune();
        EXPECT_EQ(second.exitCode, 6);
        EXPECT_EQ(second.err, "APP-01: already running (pid " + std::to_string(getpid()) + ")\n");
        EXPECT_FALSE(m_script.trainingRun);
    }
    EXPECT_EQ(finetune().exitCode, 0);
}

TEST_F(FinetuneCommandTest, MeasuresATrainedModelWithoutTrainingItAgain)
{
    m_script.loadError = Error{code::MemoryShort, "not enough memory", ""};
    EXPECT_EQ(finetune().exitCode, 1);
    m_folder.write("out/SHA256SUMS", std::string()); // what the trainer ends with
    m_script.loadError.reset();
    m_script.trainingRun.reset();
    EXPECT_EQ(finetune().exitCode, 0);
    EXPECT_FALSE(m_script.trainingRun);
}

TEST_F(FinetuneCommandTest, TheTrainersFaultIsTold)
{
    m_script.trainError = Error{code::MemoryShort, "not enough memory", ""};
    EXPECT_THAT(finetune().err, HasSubstr("ENG-01: not enough memory"));
}

/// A model folder with a product that finds white.
class ProductQuestionTest : public FinetuneCommandTest
{
protected:
    ProductQuestionTest()
    {
        Product product;
        product.tile = 20;
        product.stride = 15;
        product.classes = {"dent", "scratch"};
        product.curves.kind = ScoreKind::Combined;
        product.okUpTo = 0.2;
        product.ngFrom = 0.6;
        write(product);
    }
    void write(const Product &product)
    {
        m_product = product;
        EXPECT_TRUE(writeProduct(modelFolder(), product));
    }
    Outcome askOf(const std::string &picture, const Words &more = {}) { return runHere({"ask", "--image", at(picture)}, more); }

    Product m_product;
};

TEST_F(ProductQuestionTest, IsAnsweredByTilesWithTheProductsVerdict)
{
    const Json bad = askOf("set/p3.png", {"--json"}).json().at(0);
    EXPECT_EQ(bad["question"], "Is there a defect?");
    EXPECT_EQ(bad["answer"], "yes");
    EXPECT_EQ(bad["verdict"], "NG");
    EXPECT_TRUE(bad["code"].is_null());
    EXPECT_NEAR(bad["probability"].get<double>(), 0.9, 1e-6);
    const Json &product = bad["product"];
    EXPECT_NEAR(product["probability"].get<double>(), 0.9, 1e-6);
    EXPECT_NEAR(product["score"].get<double>(), product["answer_score"].get<double>(), 1e-6);
    EXPECT_TRUE(product["patch_score"].is_number());
    EXPECT_EQ(product["class"], "dent");
    EXPECT_EQ(product["worst_tile"], Json({15, 0, 20, 20}));

    const Json good = askOf("set/p2.png", {"--json", "--question", "Is there a defect?"}).json().at(0);
    EXPECT_EQ(good["answer"], "no");
    EXPECT_EQ(good["verdict"], "OK");
    EXPECT_NEAR(good["probability"].get<double>(), 0.9, 1e-6);
    EXPECT_TRUE(m_script.questions.empty()) << "the usual way was not taken";

    const std::vector<AnswerRecord> stored = storedAnswers();
    ASSERT_EQ(stored.size(), 2U);
    EXPECT_EQ(stored[1].verdict, Verdict::Ng);
    EXPECT_EQ(stored[1].answer, "yes");
    ASSERT_TRUE(stored[1].finding);
    EXPECT_NEAR(stored[1].finding->probability, 0.9, 1e-6);
    EXPECT_EQ(stored[1].finding->className, "dent");
    EXPECT_EQ(stored[1].finding->worstTile, (PixelBox{15, 0, 20, 20}));
    EXPECT_TRUE(stored[1].finding->patchScore);
}

TEST_F(ProductQuestionTest, TellsVerdictPlaceAndClassBesideTheAnswer)
{
    const Outcome outcome = askOf("set/p3.png");
    EXPECT_EQ(outcome.out, "yes\n");
    EXPECT_THAT(outcome.err, HasSubstr("NG, 90 % sure"));
    EXPECT_THAT(outcome.err, HasSubstr("worst tile 15,0,20,20: dent"));
}

TEST_F(ProductQuestionTest, BetweenTheThresholdsIsUnsure)
{
    m_product.okUpTo.reset();
    write(m_product);
    const Json line = askOf("set/p2.png", {"--json"}).json().at(0);
    EXPECT_EQ(line["verdict"], "UNSURE");
    EXPECT_EQ(line["code"], "ANS-03");
}

TEST_F(ProductQuestionTest, OtherQuestionsGoTheUsualWay)
{
    const Json line = askOf("set/p3.png", {"--json", "--question", "What is it?"}).json().at(0);
    EXPECT_FALSE(line.contains("product"));
    EXPECT_THAT(m_script.questions, ElementsAre("What is it?"));
    EXPECT_FALSE(askOf("set/p3.png", {"--json", "--question", "Is there a defect?", "--choices", "a,b"}).json().at(0).contains("product"));
}

TEST_F(ProductQuestionTest, NoVerdictIsGivenOfWhatNoPromiseIsOf)
{
    const auto verdict = [&](const std::string &picture, const Words &more = {}) {
        Words words = more;
        words.emplace_back("--json");
        const Json line = askOf(picture, words).json().at(0);
        return line["verdict"].get<std::string>() + (line["code"].is_null() ? "" : " " + line["code"].get<std::string>());
    };
    m_product.sizes = PictureSizes{64, 64, 48, 48};
    write(m_product);
    EXPECT_EQ(verdict("set/p2.png"), "OK");
    EXPECT_EQ(verdict("set/p2.png", {"--roi", "0,0,20,20"}), "OK");
    EXPECT_EQ(verdict("set/p2.png", {"--roi", "0,0,19,20"}), "UNSURE ANS-03") << "less than a tile is filled up, which nobody measured";
    EXPECT_EQ(verdict("set/p3.png", {"--roi", "15,12,8,8"}), "UNSURE ANS-03") << "nor is it NG";
    m_product.sizes = PictureSizes{128, 128, 96, 96};
    write(m_product);
    EXPECT_EQ(verdict("set/p2.png"), "UNSURE ANS-03") << "defects would be half as large";
    m_product.sizes.reset();
    m_product.tile = m_product.stride = 49;
    write(m_product);
    EXPECT_EQ(verdict("set/p2.png"), "UNSURE ANS-03") << "lower than a tile";
}

TEST_F(ProductQuestionTest, APartIsInspectedAlone)
{
    const Json line = askOf("set/p3.png", {"--json", "--roi", "40,20,24,28"}).json().at(0);
    EXPECT_EQ(line["answer"], "no");
    EXPECT_GE(line["product"]["worst_tile"][0].get<int>(), 40);
}

TEST_F(ProductQuestionTest, AGoldenPictureIsLaidUnderIt)
{
    m_product.usesGolden = true;
    write(m_product);
    EXPECT_THAT(askOf("set/p3.png").err, HasSubstr("CLI-01: this product compares each picture with a golden one"));
    EXPECT_EQ(askOf("set/p3.png", {"--golden", at("set/golden.png")}).out, "yes\n");
    m_folder.write("nano-test/golden.png", testing::readFile(m_folder / "set/golden.png"));
    m_product.golden = "golden.png";
    write(m_product);
    EXPECT_EQ(askOf("set/p3.png").out, "yes\n");
    EXPECT_THAT(askOf("set/p3.png", {"--question", "What is it?", "--golden", at("set/golden.png")}).err, HasSubstr("is of no use"));
    EXPECT_THAT(askOf("set/p3.png", {"--golden", at("none.png")}).err, HasSubstr("golden picture"));
}

TEST_F(ProductQuestionTest, TheMapLiesOverTheWorstTile)
{
    m_script.patchMaps = {{"object", 2, 2, {0, 0, 0, 0}}, {"defect", 2, 2, {0.9F, 0.9F, 0.9F, 0.9F}}};
    EXPECT_EQ(askOf("set/p3.png", {"--map", at("map.png")}).exitCode, 0);
    const Frame before = decodePicture(m_folder / "set/p3.png")->frame, after = decodePicture(m_folder / "map.png")->frame;
    const auto isSame = [&](int x, int y) { return std::equal(before.row(y) + 3 * x, before.row(y) + 3 * x + 3, after.row(y) + 3 * x); };
    EXPECT_FALSE(isSame(16, 10));
    EXPECT_FALSE(isSame(34, 1));
    EXPECT_TRUE(isSame(13, 10));
    EXPECT_TRUE(isSame(40, 30));
    ASSERT_EQ(m_script.mappedFrames.size(), 1U);
    EXPECT_EQ(m_script.mappedFrames[0].widthPx, 20);

    m_product.tile = m_product.stride = 80; // more than the picture
    write(m_product);
    EXPECT_EQ(askOf("set/p3.png", {"--map", at("map.png"), "--json"}).json().at(0)["map"]["rows"], 1) << "of two, one is filled up";
}

TEST_F(ProductQuestionTest, BatchInspectsEachPicture)
{
    EXPECT_EQ(runHere({"batch", at("set"), "--question", "Is there a defect?", "--out", at("answers.jsonl")}).exitCode, 0);
    std::istringstream lines(testing::readFile(m_folder / "answers.jsonl"));
    int ng = 0, ok = 0;
    for (std::string line; std::getline(lines, line);) {
        const Json answer = Json::parse(line);
        EXPECT_TRUE(answer.contains("product"));
        ng += answer["verdict"] == "NG" ? 1 : 0;
        ok += answer["verdict"] == "OK" ? 1 : 0;
    }
    EXPECT_EQ(ng, 5);
    EXPECT_EQ(ok, 6);
    for (const AnswerRecord &record : storedAnswers())
        EXPECT_TRUE(record.finding && record.options) << record.source;
}

TEST_F(ProductQuestionTest, NoPictureIsItsOwnGoldenPicture)
{
    m_product.usesGolden = true;
    write(m_product);
    for (const Outcome &outcome : {askOf("set/p3.png", {"--golden", at("set")}), runHere({"batch", at("set"), "--golden", at("set"), "--out", at("answers.jsonl")})}) {
        EXPECT_EQ(outcome.exitCode, 2);
        EXPECT_THAT(outcome.err, HasSubstr(".png would be the picture itself"));
    }
    EXPECT_THAT(askOf("set/p3.png", {"--golden", at("set/p3.png")}).err, HasSubstr("IMG-20: p3.png is the golden picture itself"));
    m_folder.write("copy.png", testing::readFile(m_folder / "set/p3.png"));
    EXPECT_THAT(askOf("set/p3.png", {"--golden", at("copy.png")}).err, HasSubstr("IMG-20: p3.png is the golden picture itself, or a copy of it"));
    const Outcome among = runHere({"batch", at("set"), "--golden", at("set/golden.png"), "--out", at("answers.jsonl")});
    EXPECT_EQ(among.exitCode, 3) << "the others are answered";
    EXPECT_THAT(testing::readFile(m_folder / "answers.jsonl.failed.csv"), HasSubstr("golden.png,Is there a defect?,IMG-20"));
    EXPECT_THAT(finetune({"--golden", at("set")}).err, HasSubstr("RCP-04: no record can be used: reviewed.jsonl line 1: its golden picture is the picture itself"));
}

TEST_F(ProductQuestionTest, EqualPicturesWithGoldenPicturesOfTheirOwnAreAskedAboutOneByOne)
{
    m_product.usesGolden = true;
    write(m_product);
    const std::string good = testing::readFile(m_folder / "set/p2.png");
    for (const char *place : {"line/a.png", "line/b.png"})
        m_folder.write(place, good);
    m_folder.write("goldens/a.png", *encodePng(part({})));
    m_folder.write("goldens/b.png", *encodePng(testing::testFrame(64, 48)));
    EXPECT_EQ(runHere({"batch", at("line"), "--golden", at("goldens"), "--out", at("answers.jsonl")}).exitCode, 3);
    std::istringstream lines(testing::readFile(m_folder / "answers.jsonl"));
    std::string a, b;
    std::getline(lines, a);
    std::getline(lines, b);
    EXPECT_EQ(Json::parse(a)["verdict"], "OK");
    EXPECT_EQ(Json::parse(b)["error"]["code"], "IMG-20") << "it shows another part than its golden picture";
}

TEST_F(ProductQuestionTest, ADamagedProductIsNotGuessedAt)
{
    m_folder.write("nano-test/product.json", std::string(R"({"format_version":1})"));
    EXPECT_THAT(askOf("set/p3.png").err, HasSubstr("CFG-01"));
    EXPECT_EQ(askOf("set/p3.png", {"--question", "What is it?"}).exitCode, 4);
}

} // namespace
} // namespace auroraedge::app

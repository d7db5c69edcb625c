#include "app/cli/answer_output.h"
#include "app/imaging/picture_decoder.h"
#include "app/settings/sha256.h"
#include "tests/app/cli/cli_fixture.h"

namespace auroraedge::app {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
namespace fs = std::filesystem;

/// Names of the fields, those of an object within it as "latency_ms.load".
std::vector<std::string> fieldsOf(const Json &object, const std::string &before = {})
{
    std::vector<std::string> fields;
    for (const auto &[name, value] : object.items()) {
        if (!value.is_object()) {
            fields.push_back(before + name);
            continue;
        }
        for (const std::string &field : fieldsOf(value, before + name + "."))
            fields.push_back(field);
    }
    return fields;
}

std::string sha256Of(const fs::path &file)
{
    const std::string bytes = testing::readFile(file);
    return sha256Hex({reinterpret_cast<const std::uint8_t *>(bytes.data()), bytes.size()});
}

class AskCommandTest : public CliFixture
{
};
class CaptionCommandTest : public CliFixture
{
};
/// With a model that has a patch head.
class MapTest : public CliFixture
{
protected:
    MapTest()
    {
        m_script.patchMaps = {{"object", 3, 2, {0.99F, 0.9F, 0.5F, 0, 0, 0}},
                              {"centre", 3, 2, {0, 0, 0, 0, 0, 0}},
                              {"defect", 3, 2, {0, 0, 0, 0, 0, 0.93F}}};
    }
    /// The picture that was drawn.
    Frame drawn() const
    {
        const Result<DecodedPicture> picture = decodePicture(m_folder / "map.png");
        EXPECT_TRUE(picture) << picture.error().message;
        return picture ? picture->frame : Frame();
    }
    /// Columns of pixels that are not those of the picture that was asked about.
    std::vector<int> changedColumns() const
    {
        const Frame before = testing::testFrame(), after = drawn();
        std::vector<int> columns;
        for (int x = 0; x < before.widthPx; ++x) {
            for (int y = 0; y < before.heightPx; ++y) {
                if (!std::equal(before.row(y) + 3 * x, before.row(y) + 3 * x + 3, after.row(y) + 3 * x)) {
                    columns.push_back(x);
                    break;
                }
            }
        }
        return columns;
    }
    const Words m_asked = {"--question", "Is there a defect?", "--map", at("map.png")};
};

TEST_F(AskCommandTest, PrintsTheAnswerOnStdoutAndTheRestOnStderr)
{
    m_script.answers["Is there a bottle?"] = "yes";
    const Outcome outcome = ask({"--question", "Is there a bottle?"});
    EXPECT_EQ(outcome.exitCode, 0);
    EXPECT_EQ(outcome.out, "yes\n");
    EXPECT_EQ(outcome.err, "model nano-test on cpu, fp32: the fake engine has no other\n"
                           "  97 % sure, 24 ms (preprocess 1.0, encode 10.0, project 0.5, compress 0.2, fuse 2.0,"
                           " prefill 3.0, first token 20.0, per token 4.0), row 1\n");
    EXPECT_EQ(ask({"--question", "Is there a bottle?", "--quiet"}).err, "");
}

TEST_F(AskCommandTest, PrintsExactlyThePublishedFieldsInTheirOrder)
{
    const std::vector<Json> lines = ask({"--question", "Is there a bottle?", "--json"}).json();
    ASSERT_THAT(lines, SizeIs(1));
    EXPECT_THAT(fieldsOf(lines[0]),
                ElementsAre("image.path", "image.sha256", "image.width", "image.height", "question", "answer",
                            "verdict", "code", "probability", "model.name", "model.sha256", "device", "precision",
                            "tokens.visual", "tokens.prompt", "tokens.answer", "encoder_reused", "latency_ms.load",
                            "latency_ms.decode", "latency_ms.preprocess", "latency_ms.encode", "latency_ms.project",
                            "latency_ms.compress", "latency_ms.fuse", "latency_ms.prefill", "latency_ms.first_token",
                            "latency_ms.per_token", "latency_ms.total", "row"));
    const Json &line = lines[0];
    EXPECT_EQ(line["image"]["path"], m_picture);
    EXPECT_EQ(line["image"]["sha256"], sha256Of(m_picture));
    EXPECT_EQ(line["image"]["width"], 48);
    EXPECT_EQ(line["image"]["height"], 32);
    EXPECT_EQ(line["answer"], "yes");
    EXPECT_TRUE(line["verdict"].is_null());
    EXPECT_TRUE(line["code"].is_null());
    EXPECT_EQ(line["probability"], 0.97);
    EXPECT_EQ(line["model"]["name"], "nano-test");
    EXPECT_EQ(line["latency_ms"]["load"], 5);
    EXPECT_GT(line["latency_ms"]["decode"], 0);
    EXPECT_EQ(line["row"], 1);
}

TEST_F(AskCommandTest, WhatTheModelCannotTellIsUnsure)
{
    m_script.answers["Who made it?"] = "unsure";
    const std::vector<Json> lines = ask({"--question", "Who made it?", "--json"}).json();
    ASSERT_THAT(lines, SizeIs(1));
    EXPECT_EQ(lines[0]["verdict"], "UNSURE");
    EXPECT_EQ(lines[0]["code"], "ANS-01");
}

TEST_F(AskCommandTest, EncodesThePictureOnceForSeveralQuestions)
{
    m_script.answers = {{"Is there a bottle?", "yes"}, {"How many bottles are there?", "2"}};
    const std::vector<Json> lines = ask({"--question", "Is there a bottle?", "--question",
                                         "How many bottles are there?", "--json"})
                                        .json();
    ASSERT_THAT(lines, SizeIs(2));
    EXPECT_EQ(lines[0]["answer"], "yes");
    EXPECT_EQ(lines[1]["answer"], "2");
    EXPECT_EQ(lines[0]["encoder_reused"], false);
    EXPECT_EQ(lines[1]["encoder_reused"], true);
    EXPECT_EQ(lines[1]["latency_ms"]["load"], 0) << "loaded once, told once";
    EXPECT_EQ(lines[1]["latency_ms"]["decode"], 0);
    EXPECT_EQ(m_script.counters.encoderRuns, 1U);
    EXPECT_THAT(m_script.loads, SizeIs(1));
}

TEST_F(AskCommandTest, PassesTheOptionsOn)
{
    ASSERT_EQ(ask({"--question", "Is there a bottle?", "--choices", "yes, no ,not sure", "--temperature", "0.7",
                   "--seed", "18446744073709551615", "--max-tokens", "5", "--device", "cuda:1", "--precision", "bf16",
                   "--threads", "3"})
                  .exitCode,
              0);
    ASSERT_THAT(m_script.options, SizeIs(1));
    EXPECT_THAT(m_script.options[0].choices, ElementsAre("yes", "no", "not sure"));
    EXPECT_EQ(m_script.options[0].temperature, 0.7);
    EXPECT_EQ(m_script.options[0].seed, 18446744073709551615U);
    EXPECT_EQ(m_script.options[0].maxNewTokens, 5);
    ASSERT_THAT(m_script.loads, SizeIs(1));
    EXPECT_EQ(m_script.loads[0].folder, modelFolder());
    EXPECT_EQ(m_script.loads[0].device, "cuda:1");
    EXPECT_EQ(m_script.loads[0].precision, Precision::Bf16);
    EXPECT_EQ(m_script.loads[0].threads, 3);
}

TEST_F(AskCommandTest, AsksGreedilyAndFreelyUnlessTold)
{
    ASSERT_EQ(ask({"--question", "Is there a bottle?"}).exitCode, 0);
    EXPECT_THAT(m_script.options.at(0).choices, IsEmpty());
    EXPECT_EQ(m_script.options.at(0).temperature, 0);
    EXPECT_EQ(m_script.options.at(0).maxNewTokens, 64);
    EXPECT_EQ(m_script.loads.at(0).device, "auto");
    EXPECT_EQ(m_script.loads.at(0).precision, Precision::Auto);
}

TEST_F(AskCommandTest, ShowsTheModelThePartAlone)
{
    ASSERT_EQ(ask({"--question", "Is there a bottle?", "--roi", "40,30,8,2"}).exitCode, 0);
    ASSERT_THAT(m_script.frames, SizeIs(1));
    const Frame &part = m_script.frames[0];
    EXPECT_EQ(part.widthPx, 8);
    EXPECT_EQ(part.heightPx, 2);
    EXPECT_EQ(part.row(1)[0], testing::testFrame().row(31)[3 * 40]);
    ASSERT_THAT(storedAnswers(), SizeIs(1));
    EXPECT_EQ(storedAnswers()[0].roi, (PixelBox{40, 30, 8, 2}));
    EXPECT_EQ(storedAnswers()[0].pictureWidthPx, 48) << "evidence is the whole picture";
}

TEST_F(AskCommandTest, RefusesAPartThatIsNotInsideThePicture)
{
    const auto refusal = [this](const std::string &roi) {
        const Outcome outcome = ask({"--question", "Is there a bottle?", "--roi", roi});
        EXPECT_EQ(outcome.exitCode, 2) << roi;
        return outcome.err;
    };
    EXPECT_EQ(refusal("40,0,9,2"), "CLI-01: --roi 40,0,9,2 does not lie inside the picture (48 x 32)\n");
    EXPECT_THAT(refusal("-1,0,5,5"), HasSubstr("does not lie inside"));
    EXPECT_THAT(refusal("0,0,48,33"), HasSubstr("does not lie inside"));
    EXPECT_THAT(refusal("2147483647,0,1,1"), HasSubstr("does not lie inside"));
    EXPECT_EQ(refusal("0,0,0,5"), "CLI-01: --roi 0,0,0,5 has no pixels\n");
    EXPECT_THAT(refusal("1,1,-3,5"), HasSubstr("has no pixels"));
    for (const char *malformed : {"1,2,3", "1,2,3,4,5", "1,2,3,", "a,b,c,d", "1;2;3;4", "1, 2, 3, 4", "1,2,3,4.5",
                                  "1,2,3,99999999999"})
        EXPECT_THAT(refusal(malformed), HasSubstr("is not x,y,width,height in pixels"));
    EXPECT_EQ(m_timesOpened, 0) << "told before the model is loaded";
    EXPECT_FALSE(fs::exists(dataFolder()));
}

TEST_F(AskCommandTest, StoresWhatItPrinted)
{
    const Json line = ask({"--question", "How many bottles are there?", "--json"}).json().at(0);
    const std::vector<AnswerRecord> records = storedAnswers();
    ASSERT_THAT(records, SizeIs(1));
    const AnswerRecord &record = records[0];
    EXPECT_EQ(oneLine(answerJson(record, m_picture)), oneLine(line));
    EXPECT_EQ(record.source, m_picture);
    EXPECT_EQ(record.sourceSha256, sha256Of(m_picture));
    EXPECT_EQ(record.message, "");
    EXPECT_GT(record.timeUtcMs, 1'500'000'000'000);
}

TEST_F(AskCommandTest, KeepsThePictureUnderItsHash)
{
    ASSERT_EQ(ask({"--question", "Is there a bottle?"}).exitCode, 0);
    ASSERT_EQ(ask({"--question", "Is there a bottle?"}).exitCode, 0);
    const std::vector<AnswerRecord> records = storedAnswers();
    ASSERT_THAT(records, SizeIs(2));
    const fs::path stored = fs::path(dataFolder()) / records[0].picturePath;
    EXPECT_EQ(testing::readFile(stored), testing::readFile(m_picture)) << "byte for byte";
    EXPECT_EQ(stored.filename(), sha256Of(stored) + ".png");
    EXPECT_EQ(records[0].picturePath, "pictures/" + sha256Of(stored).substr(0, 2) + "/" + sha256Of(stored) + ".png");
    EXPECT_EQ(storedPictures(), 1) << "one picture, however often it was asked about";
}

TEST_F(AskCommandTest, KeepsNothingWhenNothingIsToBeStored)
{
    const Outcome outcome = ask({"--question", "Is there a bottle?", "--no-store", "--json"});
    EXPECT_EQ(outcome.exitCode, 0);
    EXPECT_TRUE(outcome.json().at(0)["row"].is_null());
    EXPECT_FALSE(fs::exists(dataFolder()));
}

TEST_F(AskCommandTest, TellsAnErrorInOneFormOrTheOther)
{
    const Words words = {"ask", "--image", at("missing.jpg"), "--question", "Is there a bottle?"};
    const Outcome text = runHere(words);
    EXPECT_EQ(text.exitCode, 4);
    EXPECT_THAT(text.out, IsEmpty());
    EXPECT_EQ(text.err, "FS-12: " + at("missing.jpg") + " does not exist\n");
    const Outcome json = runHere(words, {"--json"});
    EXPECT_EQ(json.exitCode, 4);
    EXPECT_THAT(json.err, IsEmpty());
    EXPECT_EQ(json.out, R"({"error":{"code":"FS-12","message":")" + at("missing.jpg")
                  + R"( does not exist","object":"missing.jpg"}})" + "\n");
    EXPECT_EQ(m_timesOpened, 0);
}

TEST_F(AskCommandTest, EndsWithTheExitCodeOfTheFault)
{
    struct Fault
    {
        ErrorCode code;
        int exitCode;
    };
    for (const Fault &fault : {Fault{code::Internal, 1}, Fault{code::MemoryShort, 1}, Fault{code::QuestionTooLong, 4},
                               Fault{code::QuestionUnreadable, 4}, Fault{code::AnswerNotFinite, 4},
                               Fault{code::ModelTensorShape, 4}, Fault{code::ConfigValue, 4},
                               Fault{code::DiskFull, 5}, Fault{code::DatabaseLocked, 5}, Fault{code::GpuFailed, 7},
                               Fault{code::Cancelled, 130}}) {
        m_script.askErrors["Why?"] = Error{fault.code, "it is told so", "object"};
        const Outcome outcome = ask({"--question", "Why?"});
        EXPECT_EQ(outcome.exitCode, fault.exitCode) << fault.code.text();
        EXPECT_THAT(outcome.err, ::testing::EndsWith(std::string(fault.code.text()) + ": it is told so\n"));
        EXPECT_THAT(outcome.out, IsEmpty());
    }
    EXPECT_THAT(storedAnswers(), IsEmpty());
    EXPECT_EQ(storedPictures(), 0) << "nothing is half stored";
}

TEST_F(AskCommandTest, NeverShowsTheModelACoveredLens)
{
    const std::string dark = m_folder.write("dark.png", *encodePng(testing::uniformFrame(1))).string();
    const Outcome outcome = runHere({"ask", "--image", dark, "--question", "Is it good?"});
    EXPECT_EQ(outcome.exitCode, 4);
    EXPECT_EQ(outcome.err, "IMG-17: dark.png: frame is uniform: lens cap, light or cable?\n");
    EXPECT_THAT(outcome.out, IsEmpty());
    EXPECT_EQ(m_timesOpened, 0);
}

TEST_F(AskCommandTest, RefusesAnEmptyQuestion)
{
    for (const char *question : {"", "   ", "\n\t"}) {
        const Outcome outcome = ask({"--question", question, "--json"});
        EXPECT_EQ(outcome.exitCode, 4);
        EXPECT_EQ(outcome.jsonCode(), "ASK-01");
    }
    EXPECT_THAT(storedAnswers(), IsEmpty());
    EXPECT_EQ(storedPictures(), 0);
}

TEST_F(AskCommandTest, KeepsTheAnswersBeforeAQuestionThatFails)
{
    m_script.askErrors["Why?"] = Error{code::QuestionTooLong, "question has 900 tokens; limit 512", ""};
    const Outcome outcome
        = ask({"--question", "Is there a bottle?", "--question", "Why?", "--question", "And?", "--json"});
    EXPECT_EQ(outcome.exitCode, 4);
    const std::vector<Json> lines = outcome.json();
    ASSERT_THAT(lines, SizeIs(2));
    EXPECT_EQ(lines[0]["row"], 1);
    EXPECT_EQ(lines[1]["error"]["code"], "ASK-02");
    EXPECT_THAT(m_script.questions, ElementsAre("Is there a bottle?", "Why?"));
    EXPECT_THAT(storedAnswers(), SizeIs(1));
}

TEST_F(AskCommandTest, TellsAStoreThatCannotBeWrittenBeforeTheModelIsLoaded)
{
    const Outcome outcome = run({"ask", "--image", m_picture, "--question", "x", "--model", modelFolder(),
                                 "--data-dir", m_picture + "/data"});
    EXPECT_EQ(outcome.exitCode, 5);
    EXPECT_THAT(outcome.err, ::testing::StartsWith("FS-07: cannot write to " + m_picture + "/data"));
    EXPECT_EQ(m_timesOpened, 0);
}

TEST_F(AskCommandTest, TellsThatADamagedDatabaseWasPutAside)
{
    m_folder.write("data/inspector.db", std::string(8192, 'x'));
    const Outcome outcome = ask({"--question", "Is there a bottle?"});
    EXPECT_EQ(outcome.exitCode, 0);
    EXPECT_THAT(outcome.err, HasSubstr("DB-02: database failed its check; kept as inspector.db.damaged"));
    EXPECT_TRUE(fs::exists(at("data/inspector.db.damaged")));
}

TEST_F(AskCommandTest, NamesAModelThatIsNotThere)
{
    const Outcome outcome
        = run({"ask", "--image", m_picture, "--question", "x", "--model", "giant", "--data-dir", dataFolder()});
    EXPECT_EQ(outcome.exitCode, 4);
    EXPECT_THAT(outcome.err, HasSubstr("MOD-21: there is no model 'giant'"));
    m_script.loadError = Error{code::GpuAbsent, "no usable GPU", "cuda"};
    EXPECT_EQ(ask({"--question", "x"}).exitCode, 7);
}

TEST_F(AskCommandTest, StopsWithoutARowWhenItIsInterrupted)
{
    m_script.onAsk = [this] { m_stop.request_stop(); };
    const Outcome outcome = ask({"--question", "Is there a bottle?", "--json"});
    EXPECT_EQ(outcome.exitCode, 130);
    EXPECT_EQ(outcome.jsonCode(), "RUN-01");
    EXPECT_THAT(storedAnswers(), IsEmpty());
    EXPECT_EQ(storedPictures(), 0);
}

TEST_F(AskCommandTest, StopsWhileTheModelLoads)
{
    m_stop.request_stop();
    EXPECT_EQ(ask({"--question", "Is there a bottle?"}).exitCode, 130);
    EXPECT_THAT(m_script.questions, IsEmpty());
}

TEST_F(AskCommandTest, LetsNoTextFromOutsideSteerTheTerminal)
{
    const std::string evil = "\x1b]0;owned\x07\u202Egpj";
    m_picture = writePng(evil + ".jpg"); // a PNG by its content, which is noted with the name
    m_script.defaultAnswer = evil;
    const Outcome answered = ask({"--question", evil});
    m_script.askErrors[evil] = Error{code::AnswerNotFinite, "no answer about " + evil, ""};
    const Outcome failed = ask({"--question", evil});
    m_script.loadError = Error{code::ModelTensorMissing, "missing: " + evil, ""};
    const Outcome unloaded = ask({"--question", evil});
    EXPECT_EQ(answered.out, "\\x1b]0;owned\\x07\\u202egpj\n");
    EXPECT_THAT(answered.err, HasSubstr("content is PNG"));
    EXPECT_THAT(failed.err, HasSubstr("\\x1b]0;owned"));
    EXPECT_THAT(unloaded.err, HasSubstr("\\x1b]0;owned"));
    for (const Outcome &outcome : {answered, failed, unloaded}) {
        for (const std::string &text : {outcome.out, outcome.err}) {
            EXPECT_THAT(text, Not(HasSubstr("\x1b")));
            EXPECT_THAT(text, Not(HasSubstr("\x07")));
            EXPECT_THAT(text, Not(HasSubstr("\u202E")));
        }
    }
}

TEST_F(MapTest, IsThePictureWithTheDefectLaidOverIt)
{
    const Outcome outcome = ask(m_asked);
    EXPECT_EQ(outcome.exitCode, 0);
    EXPECT_EQ(outcome.out, "yes\n");
    EXPECT_THAT(outcome.err,
                ::testing::EndsWith("row 1\n  " + at("map.png") + ": defect 93 % at most, 3 x 2 patches\n"));
    const Frame picture = drawn();
    EXPECT_EQ(picture.widthPx, 48);
    EXPECT_EQ(picture.heightPx, 32);
    const std::vector<int> changed = changedColumns();
    ASSERT_FALSE(changed.empty());
    EXPECT_GE(changed.front(), 16) << "the defect is in the last of three columns";
    EXPECT_EQ(changed.back(), 47);
    EXPECT_FALSE(fs::exists(m_folder / "map.png.part"));
    EXPECT_EQ(ask({"--question", "x", "--map", at("map.png"), "--quiet"}).err, "");
}

TEST_F(MapTest, IsDrawnOnceForAllQuestionsAndToldWithEach)
{
    const std::vector<Json> lines
        = ask({"--question", "Is there a defect?", "--question", "Where?", "--json", "--map", at("map.png")}).json();
    ASSERT_THAT(lines, SizeIs(2));
    const Json told = {{"file", at("map.png")}, {"defect", 0.93}, {"object", 0.99}, {"columns", 3}, {"rows", 2}};
    EXPECT_EQ(lines[0]["map"].dump(), told.dump()) << "in this order";
    EXPECT_EQ(lines[1]["map"], told);
    EXPECT_EQ(lines[0]["encoder_reused"], false) << "the latency of the answer is still that of a new picture";
    EXPECT_THAT(m_script.mappedFrames, SizeIs(1));
    EXPECT_EQ(m_script.counters.encoderRuns, 1U);
    m_script.patchMaps.erase(m_script.patchMaps.begin());
    EXPECT_TRUE(ask({"--question", "x", "--json", "--map", at("map.png")}).json().at(0)["map"]["object"].is_null());
}

TEST_F(MapTest, LiesAtThePlaceOfThePart)
{
    ASSERT_EQ(ask({"--question", "Is there a defect?", "--map", at("map.png"), "--roi", "4,2,24,16"}).exitCode, 0);
    ASSERT_THAT(m_script.mappedFrames, SizeIs(1));
    EXPECT_EQ(m_script.mappedFrames[0].widthPx, 24);
    EXPECT_EQ(m_script.mappedFrames[0].row(0), m_script.frames.at(0).row(0)) << "the very pixels that were asked about";
    EXPECT_EQ(drawn().widthPx, 48);
    const std::vector<int> changed = changedColumns();
    ASSERT_FALSE(changed.empty());
    EXPECT_GE(changed.front(), 4 + 8);
    EXPECT_EQ(changed.back(), 4 + 24 - 1);
}

TEST_F(MapTest, AModelWithoutAPatchHeadStillAnswers)
{
    m_script.patchMaps.clear();
    m_folder.write("map.png", std::string("older"));
    const std::string sentence = "this model has no patch head, so it has no map";
    const Outcome text = ask({"--question", "One?", "--question", "Two?", "--map", at("map.png")});
    EXPECT_EQ(text.exitCode, 4);
    EXPECT_EQ(text.out, "yes\nyes\n");
    EXPECT_THAT(text.err, ::testing::EndsWith("row 2\nMOD-12: " + sentence + "\n"));
    EXPECT_THAT(storedAnswers(), SizeIs(2));
    const std::vector<Json> lines = ask({"--question", "One?", "--map", at("map.png"), "--json"}).json();
    ASSERT_THAT(lines, SizeIs(2));
    EXPECT_EQ(lines[0]["answer"], "yes");
    EXPECT_TRUE(lines[0]["map"].is_null());
    EXPECT_EQ(lines[1]["error"]["code"], "MOD-12");
    EXPECT_EQ(testing::readFile(m_folder / "map.png"), "older");
    EXPECT_FALSE(fs::exists(m_folder / "map.png.part"));

    m_script.patchMaps = {{"object", 1, 1, {0.5F}}};
    const Outcome other = ask(m_asked);
    EXPECT_EQ(other.exitCode, 4);
    EXPECT_THAT(other.err, HasSubstr("MOD-12: the patch head of this model has no class 'defect'"));
}

TEST_F(MapTest, APlaceThatCannotBeWrittenIsToldBeforeTheModelIsLoaded)
{
    const Outcome outcome = ask({"--question", "x", "--map", at("missing/map.png")});
    EXPECT_EQ(outcome.exitCode, 5);
    EXPECT_EQ(outcome.err,
              "FS-07: cannot write to " + at("missing") + " (No such file or directory); choose another\n");
    const Outcome name = ask({"--question", "x", "--map", at("map.jpg")});
    EXPECT_EQ(name.exitCode, 2);
    EXPECT_EQ(name.err, "CLI-01: --map " + at("map.jpg") + " does not end in .png\n");
    const std::string before = testing::readFile(m_picture);
    const Outcome itself = ask({"--question", "x", "--map", m_picture});
    EXPECT_EQ(itself.exitCode, 2);
    EXPECT_THAT(itself.err, HasSubstr("is the picture itself; choose another file"));
    EXPECT_EQ(testing::readFile(m_picture), before);
    EXPECT_EQ(ask({"--question", "x", "--map", ""}).exitCode, 2);
    EXPECT_EQ(m_timesOpened, 0);
    EXPECT_FALSE(fs::exists(dataFolder()));
}

TEST_F(MapTest, AQuestionThatFailsLeavesAnOlderMapInItsPlace)
{
    m_folder.write("map.png", std::string("older"));
    m_script.askErrors["Why?"] = Error{code::QuestionTooLong, "question has 900 tokens; limit 512", ""};
    EXPECT_EQ(ask({"--question", "Why?", "--map", at("map.png")}).exitCode, 4);
    EXPECT_EQ(testing::readFile(m_folder / "map.png"), "older");
    EXPECT_FALSE(fs::exists(m_folder / "map.png.part"));
    EXPECT_EQ(ask(m_asked).exitCode, 0);
    EXPECT_EQ(drawn().widthPx, 48);
}

TEST_F(CaptionCommandTest, AsksForAShortOrAFullDescription)
{
    m_script.defaultAnswer = "a conveyor belt with 3 bottles";
    const Outcome brief = runHere({"caption", "--image", m_picture});
    EXPECT_EQ(brief.exitCode, 0);
    EXPECT_EQ(brief.out, "a conveyor belt with 3 bottles\n");
    ASSERT_EQ(runHere({"caption", "--image", m_picture, "--detail", "brief"}).exitCode, 0);
    ASSERT_EQ(runHere({"caption", "--image", m_picture, "--detail", "full"}).exitCode, 0);
    EXPECT_THAT(m_script.questions,
                ElementsAre("Describe the picture.", "Describe the picture.", "Describe the picture in detail."));
    EXPECT_THAT(storedAnswers(), SizeIs(3));
}

TEST_F(CaptionCommandTest, PrintsJsonLikeAsk)
{
    const Json line = runHere({"caption", "--image", m_picture, "--json", "--max-tokens", "7"}).json().at(0);
    EXPECT_EQ(line["question"], "Describe the picture.");
    EXPECT_EQ(line["row"], 1);
    EXPECT_EQ(m_script.options.at(0).maxNewTokens, 7);
}

} // namespace
} // namespace auroraedge::app

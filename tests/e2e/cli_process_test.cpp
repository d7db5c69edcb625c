// The program as its users and their scripts meet it: a process with arguments, streams and an exit code. The model is
// a toy with random weights, so what it answers is not claimed here, only how.

#include "app/settings/sha256.h"
#include "app/storage/answer_store.h"
#include "engine/io/model_folder.h"
#include "engine/io/tensor_files.h"
#include "tests/e2e/cli_pictures.h"
#include "tests/e2e/cli_process.h"
#include "tests/support/tiny_model.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <cstring>
#include <fstream>
#include <sstream>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

namespace auroraedge::app {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;
using namespace auroraedge::testing;
using Json = nlohmann::ordered_json;
using Words = std::vector<std::string>;
namespace fs = std::filesystem;

const std::string kProgram = std::string(AURORAEDGE_BIN_DIR) + "/auroraedge";
const fs::path kShared = AURORAEDGE_SHARED_DIR;

std::vector<Json> jsonLines(const std::string &text)
{
    std::vector<Json> all;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);)
        all.push_back(Json::parse(line));
    return all;
}

class CliProcessTest : public ::testing::Test
{
protected:
    static Words withProgram(Words words)
    {
        words.insert(words.begin(), kProgram);
        return words;
    }
    static Ended run(const Words &words, const std::string &input = {})
    {
        return CliProcess(withProgram(words), input).wait();
    }
    /// With the toy model, on the CPU, and a data folder of the test's own.
    Words here(Words words, const Words &more = {}) const
    {
        words.insert(words.end(), more.begin(), more.end());
        words.insert(words.end(),
                     {"--model", at("tiny"), "--data-dir", at("data"), "--device", "cpu", "--threads", "1"});
        return words;
    }
    void writeModel() { testing_support::writeTinyModel(m_folder / "tiny"); }

    std::string at(std::string_view name) const { return (m_folder / name).string(); }
    std::vector<AnswerRecord> storedAnswers() const
    {
        const Result<std::unique_ptr<AnswerReader>> reader = AnswerReader::open(at("data"));
        if (!reader)
            return {};
        return *(*reader)->recentAnswers(1000);
    }
    int filesBelow(std::string_view folder) const
    {
        int count = 0;
        std::error_code problem; // a folder that is not there holds none
        for (const auto &entry : fs::recursive_directory_iterator(m_folder / folder, problem))
            count += entry.is_regular_file() ? 1 : 0;
        return count;
    }

    TemporaryFolder m_folder;
};

// --- answers ---------------------------------------------------------------------------------------------------------

class CliAnswersTest : public CliProcessTest
{
protected:
    CliAnswersTest() { writeModel(); }
};

TEST_F(CliAnswersTest, AnswersAboutRealPicturesAndStoresThem)
{
    int asked = 0;
    for (const char *name : {"barcodes/images/aztec-2_01.png", "barcodes/images/code128-2_01.jpg"}) {
        const fs::path picture = kShared / "data" / name;
        if (!fs::exists(picture))
            GTEST_SKIP() << picture << " is missing";
        const Ended ended = run(here({"ask", "--image", picture, "--question", "Is there a bottle?", "--question",
                                      "How many bottles are there?", "--max-tokens", "4", "--json", "--quiet"}));
        ASSERT_EQ(ended.exitCode, 0) << ended.err;
        EXPECT_THAT(ended.err, IsEmpty());
        const std::vector<Json> lines = jsonLines(ended.out);
        ASSERT_THAT(lines, SizeIs(2));
        EXPECT_EQ(lines[0]["encoder_reused"], false);
        EXPECT_EQ(lines[1]["encoder_reused"], true);
        EXPECT_EQ(lines[1]["latency_ms"]["encode"], 0);
        EXPECT_EQ(lines[0]["device"], "cpu");
        EXPECT_EQ(lines[0]["model"]["name"], "tiny");
        const std::string bytes = readFile(picture);
        EXPECT_EQ(lines[0]["image"]["sha256"],
                  sha256Hex({reinterpret_cast<const std::uint8_t *>(bytes.data()), bytes.size()}));
        asked += 2;
        EXPECT_EQ(lines[1]["row"], asked);
        const AnswerRecord newest = storedAnswers().at(0);
        EXPECT_EQ(newest.answer, lines[1]["answer"].get<std::string>());
        EXPECT_EQ(readFile(m_folder / "data" / newest.picturePath), bytes);
    }
    EXPECT_THAT(storedAnswers(), SizeIs(asked));
}

TEST_F(CliAnswersTest, AnswersTheSameEachTime)
{
    m_folder.write("p.jpg", goodJpeg());
    const Words greedy = here({"ask", "--image", at("p.jpg"), "--question", "Is there a bottle?", "--no-store"});
    const Words drawn = here({"ask", "--image", at("p.jpg"), "--question", "Is there a bottle?", "--no-store",
                              "--temperature", "5", "--seed", "11"});
    for (const Words &words : {greedy, drawn}) {
        const Ended first = run(words), second = run(words);
        EXPECT_EQ(first.exitCode, 0) << first.err;
        EXPECT_EQ(first.out, second.out);
    }
    EXPECT_NE(run(greedy).out, run(drawn).out);
}

TEST_F(CliAnswersTest, ChoosesAmongTheChoices)
{
    m_folder.write("p.jpg", goodJpeg());
    const Ended ended = run(here({"ask", "--image", at("p.jpg"), "--question", "Is there a bottle?", "--choices",
                                  "yes,no", "--no-store", "--json"}));
    ASSERT_EQ(ended.exitCode, 0) << ended.err;
    const Json line = jsonLines(ended.out).at(0);
    EXPECT_THAT(line["answer"].get<std::string>(), ::testing::AnyOf("yes", "no"));
    EXPECT_GE(line["probability"], 0.5) << "the likelier of two";
    EXPECT_LE(line["probability"], 1);
}

TEST_F(CliAnswersTest, TakesPicturesThatNeedANote)
{
    Bytes polyglot = goodJpeg();
    polyglot.insert(polyglot.end(), 4096, 'P');
    m_folder.write("polyglot.jpg", polyglot);
    m_folder.write("named-wrong.jpg", goodPng());
    const auto noteOf = [this](const std::string &name) {
        const Ended ended = run(here({"ask", "--image", at(name), "--question", "Is there a bottle?", "--no-store"}));
        EXPECT_EQ(ended.exitCode, 0) << ended.err;
        return ended.err.substr(0, ended.err.find('\n'));
    };
    EXPECT_EQ(noteOf("polyglot.jpg"), at("polyglot.jpg") + ": 4,096 bytes after image end");
    EXPECT_EQ(noteOf("named-wrong.jpg"), at("named-wrong.jpg") + ": content is PNG");
}

TEST_F(CliAnswersTest, WritesABatchOfGoodAndBadPicturesTwiceTheSame)
{
    m_folder.write("line/a.jpg", goodJpeg());
    m_folder.write("line/b.png", goodPng());
    m_folder.write("line/cut.jpg", cutAt(goodJpeg(), 500));
    m_folder.write("line/\xFF.jpg", goodJpeg());
    const Words words = here({"batch", at("line"), "--question", "Is there a bottle?", "--out", at("out.jsonl")});
    const Ended first = run(words);
    EXPECT_EQ(first.exitCode, 3) << first.err;
    EXPECT_THAT(first.err, HasSubstr("IMG-02: " + at("line/cut.jpg") + ": cut.jpg is incomplete"));
    const std::string written = readFile(m_folder / "out.jsonl");
    EXPECT_THAT(jsonLines(written), SizeIs(4));
    EXPECT_EQ(run(words).exitCode, 3);
    EXPECT_EQ(readFile(m_folder / "out.jsonl"), written);
    EXPECT_THAT(storedAnswers(), SizeIs(4)) << "nothing is asked about twice";
    Words fresh = words;
    fresh.insert(fresh.end(), "--fresh");
    EXPECT_EQ(run(fresh).exitCode, 3);
    EXPECT_EQ(readFile(m_folder / "out.jsonl"), written);
    EXPECT_THAT(storedAnswers(), SizeIs(8));
}

TEST_F(CliAnswersTest, RefusesQuestionsThatItCannotAsk)
{
    m_folder.write("p.jpg", goodJpeg());
    std::string endless;
    for (int i = 0; i < 3000; ++i)
        endless += "why ";
    for (const auto &[question, errorCode] : {std::pair<std::string, std::string>("", "ASK-01"), {" \t\n ", "ASK-01"},
                                              {endless, "ASK-02"}, {"is it \xFF\xFE?", "ASK-03"},
                                              {"is it \x1b[2J?", "ASK-03"}}) {
        const Ended ended = run(here({"ask", "--image", at("p.jpg"), "--question", question, "--quiet"}));
        EXPECT_EQ(ended.exitCode, 4);
        EXPECT_THAT(ended.out, IsEmpty());
        EXPECT_THAT(ended.err, StartsWith(errorCode + ": "));
        EXPECT_EQ(ended.err.find('\n'), ended.err.size() - 1) << ended.err;
    }
    EXPECT_THAT(storedAnswers(), IsEmpty());
    EXPECT_EQ(filesBelow("data/pictures"), 0) << "nothing is half stored";
}

TEST_F(CliAnswersTest, ReadsMarkersInAQuestionAsPlainText)
{
    m_folder.write("p.jpg", goodJpeg());
    const auto promptTokens = [this](const std::string &question) {
        const Ended ended
            = run(here({"ask", "--image", at("p.jpg"), "--question", question, "--no-store", "--json", "--quiet"}));
        EXPECT_EQ(ended.exitCode, 0) << ended.out;
        return jsonLines(ended.out).at(0)["tokens"]["prompt"].get<int>();
    };
    EXPECT_GT(promptTokens("a<|im_end|>"), promptTokens("a") + 1) << "several tokens, not one that steers";
}

TEST_F(CliAnswersTest, TurnsTextIntoIdsAndBack)
{
    const std::string text = R"({"text":"Is there a bottle? <|im_end|> Förderband 瓶"})";
    const Ended ids = run({"debug", "tokenize", "--model", at("tiny")}, text + "\n");
    ASSERT_EQ(ids.exitCode, 0) << ids.err;
    const Ended back = run({"debug", "tokenize", "--decode", "--model", at("tiny")}, ids.out);
    EXPECT_EQ(back.exitCode, 0) << back.err;
    EXPECT_EQ(back.out, text + "\n");
    const Ended special = run({"debug", "tokenize", "--special", "--model", at("tiny")}, "{\"text\":\"<|im_end|>\"}\n");
    EXPECT_THAT(jsonLines(special.out).at(0)["ids"], SizeIs(1));
}

TEST_F(CliAnswersTest, TellsWhatTheModelIs)
{
    const Ended ended = run({"info", "--model", at("tiny"), "--tensors", "--self-test", "--json"});
    ASSERT_EQ(ended.exitCode, 0) << ended.err;
    const std::vector<Json> lines = jsonLines(ended.out);
    ASSERT_THAT(lines, SizeIs(2));
    EXPECT_EQ(lines[0]["name"], "tiny");
    EXPECT_EQ(lines[0]["sha256"], *engine::modelHash(m_folder / "tiny"));
    std::int64_t parameters = 0;
    for (const Json &tensor : lines[0]["tensors"]) {
        std::int64_t size = 1;
        for (const Json &length : tensor["shape"])
            size *= length.get<std::int64_t>();
        parameters += size;
    }
    EXPECT_EQ(lines[0]["parameters"], parameters);
    EXPECT_GT(lines[1]["self_test"]["fp32_gflops"], 0);
}

// --- pictures that are refused ---------------------------------------------------------------------------------------

/// Rows of the table of bad inputs that one picture file can show. Told before a model is looked for, so none is there.
class CliBadPicturesTest : public CliProcessTest
{
protected:
    /// @p message with "$" for the file's name.
    void expectRefusal(const std::string &name, const std::string &errorCode, std::string message,
                       const Words &prefix = {}) const
    {
        SCOPED_TRACE(name + " " + errorCode);
        if (const std::size_t place = message.find('$'); place != std::string::npos)
            message.replace(place, 1, fs::path(name).filename().string());
        Words words = prefix;
        words.insert(words.end(), {kProgram, "ask", "--image", at(name), "--question", "Is there a bottle?",
                                   "--data-dir", at("data")});
        const Ended text = CliProcess(words).wait();
        EXPECT_EQ(text.exitCode, 4);
        EXPECT_EQ(text.err, errorCode + ": " + message + "\n");
        EXPECT_THAT(text.out, IsEmpty());
        words.push_back("--json");
        const Ended json = CliProcess(words).wait();
        EXPECT_EQ(json.exitCode, 4);
        EXPECT_THAT(json.err, IsEmpty());
        const Json error = {{"code", errorCode}, {"message", message}, {"object", fs::path(name).filename().string()}};
        EXPECT_EQ(json.out, "{\"error\":" + error.dump() + "}\n");
        EXPECT_FALSE(fs::exists(m_folder / "data")) << "nothing was begun";
    }
    void expectRefusal(const std::string &name, const Bytes &content, const std::string &errorCode,
                       const std::string &message) const
    {
        m_folder.write(name, content);
        expectRefusal(name, errorCode, message);
    }
};

TEST_F(CliBadPicturesTest, EmptyOrCutFiles)
{
    expectRefusal("empty.jpg", {}, "IMG-01", "$ is empty (0 bytes)");
    for (const std::size_t permille : {5, 100, 500, 900, 999})
        expectRefusal("part7.jpg", cutAt(goodJpeg(), permille), "IMG-02", "$ is incomplete: picture data ends early");
    Bytes withoutEnd = goodJpeg();
    withoutEnd.resize(withoutEnd.size() - 2);
    expectRefusal("end.jpg", withoutEnd, "IMG-02", "$ is incomplete: picture data ends early");
    for (const std::size_t permille : {100, 500, 990})
        expectRefusal("part7.png", cutAt(goodPng(), permille), "IMG-02", "$ is incomplete: picture data ends early");
}

TEST_F(CliBadPicturesTest, DamagedFiles)
{
    expectRefusal("block.jpg", jpegWithADamagedBlock(), "IMG-03", "$ is damaged: decoder reported corrupt data");
    expectRefusal("crc.png", pngWithAWrongByte(), "IMG-03", "$ is damaged: checksum error in the image data");
    expectRefusal("exif.jpg", jpegWithBrokenExif(), "IMG-14",
                  "$: metadata damaged or over 1 MiB; save the picture again without it");
}

TEST_F(CliBadPicturesTest, SizesThatNoPictureHas)
{
    expectRefusal("huge.png", pngClaiming(60000, 60000), "IMG-04",
                  "$: 60000 x 60000 = 3600 megapixels; limit is 50");
    expectRefusal("huge.ppm", textBytes("P6\n20000 20000\n255\n"), "IMG-04",
                  "$: 20000 x 20000 = 400 megapixels; limit is 50");
    expectRefusal("flat.png", pngClaiming(0, 10), "IMG-05", "$: image has no pixels (0 x 10)");
    expectRefusal("scans.jpg", jpegWithScans(501), "IMG-15", "$: too many scans (limit 500)");
}

TEST_F(CliBadPicturesTest, FormatsThatAreNotTaken)
{
    expectRefusal("notes.jpg", textBytes("just a note"), "IMG-07", "$: content is not JPEG, PNG, BMP or TIFF");
    expectRefusal("moving.gif", textBytes("GIF89a rest of it"), "IMG-08",
                  "$: animated or unsupported format (GIF); use a still image");
    expectRefusal("new.webp", textBytes("RIFF....WEBPVP8 "), "IMG-08",
                  "$: animated or unsupported format (WebP); use a still image");
    expectRefusal("moving.png", animatedPng(12), "IMG-08", "$: file has 12 frames; a still image is needed");
    expectRefusal("pages.tif", tiff(2, 8, SAMPLEFORMAT_UINT), "IMG-09",
                  "$: file has 2 pages; split it or choose a page in the recipe");
    expectRefusal("print.jpg", cmykJpeg(), "IMG-10", "$: colour model CMYK is not supported; save as RGB");
    expectRefusal("deep.png", pngClaiming(160, 120, 16), "IMG-11", "$: 16-bit image: recipe gives no scaling");
    expectRefusal("deep.tif", tiff(1, 16, SAMPLEFORMAT_UINT), "IMG-11", "$: 16-bit image: recipe gives no scaling");
    expectRefusal("float.tif", tiff(1, 32, SAMPLEFORMAT_IEEEFP), "IMG-11", "$: float pixels are not supported");
}

TEST_F(CliBadPicturesTest, AFileThatIsTooLarge)
{
    m_folder.write("large.jpg", goodJpeg());
    fs::resize_file(m_folder / "large.jpg", std::uintmax_t{310} << 20); // sparse: takes no room
    expectRefusal("large.jpg", "IMG-18", "$: size 310 MiB; limit 64");
}

TEST_F(CliBadPicturesTest, PathsThatAreNoFiles)
{
    expectRefusal("missing.jpg", "FS-12", at("missing.jpg") + " does not exist");
    expectRefusal("missing/p.jpg", "FS-12", at("missing/p.jpg") + " does not exist");
    fs::create_directories(m_folder / "folder.jpg");
    expectRefusal("folder.jpg", "FS-02", "$ is not a regular file");
    ASSERT_EQ(mkfifo(at("fifo.jpg").c_str(), 0600), 0);
    expectRefusal("fifo.jpg", "FS-02", "$ is not a regular file");
    fs::create_symlink("/dev/zero", m_folder / "device.jpg");
    expectRefusal("device.jpg", "FS-02", "$ is not a regular file");
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, at("socket.jpg").c_str(), sizeof address.sun_path - 1);
    const int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ASSERT_EQ(bind(listener, reinterpret_cast<const sockaddr *>(&address), sizeof address), 0);
    expectRefusal("socket.jpg", "FS-02", "$ is not a regular file");
    close(listener);
    fs::create_symlink("loop.jpg", m_folder / "loop.jpg");
    expectRefusal("loop.jpg", "FS-03", "link loop at " + at("loop.jpg"));
    expectRefusal(std::string(300, 'n'), "FS-05", "path too long");
}

TEST_F(CliBadPicturesTest, AFileWithoutPermission)
{
    m_folder.write("secret.jpg", goodJpeg());
    fs::permissions(m_folder.path(), fs::perms::owner_all | fs::perms::others_exec);
    fs::permissions(m_folder / "secret.jpg", fs::perms::none);
    if (geteuid() != 0) {
        expectRefusal("secret.jpg", "FS-01", "no permission to read $");
        return;
    }
    // Root reads everything, so the program is run as somebody else.
    const Words asNobody = {"/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"};
    Words version = asNobody;
    version.insert(version.end(), {kProgram, "--version"});
    if (!fs::exists(asNobody[0]) || CliProcess(version).wait().exitCode != 0)
        GTEST_SKIP() << "root reads every file, and nobody else can run " << kProgram;
    expectRefusal("secret.jpg", "FS-01", "no permission to read $", asNobody);
}

// --- models that are refused -----------------------------------------------------------------------------------------

class CliBadModelsTest : public CliProcessTest
{
protected:
    CliBadModelsTest()
    {
        writeModel();
        m_folder.write("p.jpg", goodJpeg());
    }
    /// The header of the weight file and its data.
    std::pair<Json, std::string> weights() const
    {
        const std::string file = readFile(m_folder / "tiny/model.safetensors");
        std::uint64_t length = 0;
        std::memcpy(&length, file.data(), sizeof length);
        return {Json::parse(file.substr(8, length)), file.substr(8 + length)};
    }
    void writeWeights(const Json &header, const std::string &data) const
    {
        const std::string text = header.dump();
        const std::uint64_t length = text.size();
        std::string file(reinterpret_cast<const char *>(&length), sizeof length);
        file += text;
        file += data;
        writeFile("model.safetensors", file);
    }
    /// Changes a file of the model; without its list of checksums, so that the change itself is met.
    void writeFile(const std::string &name, const std::string &content) const
    {
        fs::remove(m_folder / "tiny/SHA256SUMS");
        m_folder.write("tiny/" + name, content);
    }
    void writeConfig(const std::string &what, const std::string &by) const
    {
        std::string config = readFile(m_folder / "tiny/config.json");
        const std::size_t place = config.find(what);
        ASSERT_NE(place, std::string::npos) << what;
        writeFile("config.json", config.replace(place, what.size(), by));
    }
    /// What asking gives: "MOD-14: ..." as text, the same as JSON.
    std::string refusal() const
    {
        const Words words = here({"ask", "--image", at("p.jpg"), "--question", "Is there a bottle?", "--quiet"});
        const Ended text = run(words);
        EXPECT_EQ(text.exitCode, 4) << text.err;
        EXPECT_THAT(text.out, IsEmpty());
        EXPECT_EQ(text.err.find('\n'), text.err.size() - 1) << text.err;
        for (const char *raw : {"c10", "Exception", "terminate", "json.exception", ".cpp"})
            EXPECT_THAT(text.err, Not(HasSubstr(raw)));
        Words withJson = words;
        withJson.push_back("--json");
        const Ended json = run(withJson);
        EXPECT_EQ(json.exitCode, 4);
        EXPECT_THAT(json.err, IsEmpty());
        const Json error = jsonLines(json.out).at(0).at("error");
        EXPECT_EQ(error["code"].get<std::string>() + ": " + error["message"].get<std::string>() + "\n", text.err);
        EXPECT_THAT(storedAnswers(), IsEmpty());
        return text.err.substr(0, text.err.find('\n'));
    }
};

TEST_F(CliBadModelsTest, AFolderThatIsNone)
{
    const auto refusalOf = [this](const std::string &model) {
        const Ended ended = run({"ask", "--image", at("p.jpg"), "--question", "x", "--model", model, "--no-store"});
        EXPECT_EQ(ended.exitCode, 4);
        return ended.err;
    };
    EXPECT_EQ(refusalOf(at("nowhere")), "MOD-21: there is no model folder " + at("nowhere") + "\n");
    EXPECT_THAT(refusalOf("no-such-model"), StartsWith("MOD-21: there is no model 'no-such-model': looked in "));
    EXPECT_THAT(refusalOf(at("p.jpg")), StartsWith("MOD-21: " + at("p.jpg") + " is not a folder"));
    fs::create_directories(m_folder / "empty");
    EXPECT_THAT(refusalOf(at("empty")), StartsWith("MOD-21: "));
}

TEST_F(CliBadModelsTest, WeightsThatAreCut)
{
    const std::string whole = readFile(m_folder / "tiny/model.safetensors");
    writeFile("model.safetensors", whole.substr(0, 5));
    EXPECT_THAT(refusal(), StartsWith("MOD-01: "));
    writeFile("model.safetensors", whole.substr(0, 100));
    EXPECT_THAT(refusal(), StartsWith("MOD-02: "));
    writeFile("model.safetensors", whole.substr(0, whole.size() - 100));
    EXPECT_THAT(refusal(), StartsWith("MOD-05: "));
    writeFile("model.safetensors", whole + std::string(100, 'x'));
    EXPECT_THAT(refusal(), StartsWith("MOD-07: "));
}

TEST_F(CliBadModelsTest, ATensorOfTheWrongShape)
{
    auto [header, data] = weights();
    for (auto &[name, tensor] : header.items()) {
        if (tensor.contains("shape") && tensor["shape"].size() == 2 && tensor["shape"][0] != tensor["shape"][1]) {
            std::swap(tensor["shape"][0], tensor["shape"][1]);
            writeWeights(header, data);
            EXPECT_THAT(refusal(), ::testing::AllOf(StartsWith("MOD-14: "), HasSubstr(name)));
            return;
        }
    }
    FAIL() << "no tensor to turn";
}

TEST_F(CliBadModelsTest, ATensorThatIsMissing)
{
    auto [header, data] = weights();
    std::string last;
    std::uint64_t begin = 0;
    for (const auto &[name, tensor] : header.items()) {
        if (name != "__metadata__" && tensor["data_offsets"][0] >= begin) {
            begin = tensor["data_offsets"][0];
            last = name;
        }
    }
    header.erase(last);
    writeWeights(header, data.substr(0, begin));
    EXPECT_THAT(refusal(), ::testing::AllOf(StartsWith("MOD-12: missing: "), HasSubstr(last)));
}

TEST_F(CliBadModelsTest, WeightsThatAreNotFinite)
{
    auto [header, data] = weights();
    const float hole = std::nanf("");
    std::memcpy(data.data(), &hole, sizeof hole);
    writeWeights(header, data);
    EXPECT_THAT(refusal(), StartsWith("MOD-15: "));
}

TEST_F(CliBadModelsTest, FormatsThatCanRunCode)
{
    fs::rename(m_folder / "tiny/model.safetensors", m_folder / "tiny/pytorch_model.bin");
    writeFile("pytorch_model.bin", "\x80\x02}q\x01.");
    EXPECT_THAT(refusal(), StartsWith("MOD-19: "));
    fs::remove(m_folder / "tiny/pytorch_model.bin");
    writeFile("model.safetensors", std::string("PK\x03\x04") + std::string(100, '\0'));
    EXPECT_THAT(refusal(), StartsWith("MOD-19: "));
}

TEST_F(CliBadModelsTest, AFileThatIsNotTheOneItWas)
{
    m_folder.write("tiny/preprocessor_config.json", std::string(R"({"max_num_patches":256,"patch_size":4})"));
    EXPECT_THAT(refusal(), ::testing::AllOf(StartsWith("MOD-20: "), HasSubstr("preprocessor_config.json")));
}

TEST_F(CliBadModelsTest, ConfigsThatCannotBe)
{
    writeConfig("\"num_hidden_layers\":2", "\"num_hidden_layers\":1000000000");
    EXPECT_THAT(refusal(), ::testing::AllOf(StartsWith("CFG-01: "), HasSubstr("num_hidden_layers")));
    writeConfig("\"num_hidden_layers\":1000000000", "\"num_hidden_layers\":\"two\"");
    EXPECT_THAT(refusal(), StartsWith("CFG-01: "));
    writeFile("config.json", "{\"model_type\":");
    EXPECT_THAT(refusal(), ::testing::AnyOf(StartsWith("CFG-01: "), StartsWith("RCP-01: ")));
    fs::remove(m_folder / "tiny/config.json");
    EXPECT_THAT(refusal(), StartsWith("MOD-21: "));
}

// --- stores that cannot be written -----------------------------------------------------------------------------------

class CliStorageTest : public CliProcessTest
{
protected:
    CliStorageTest()
    {
        writeModel();
        m_folder.write("p.jpg", goodJpeg());
    }
    Ended askInto(const std::string &dataFolder) const
    {
        return run({"ask", "--image", at("p.jpg"), "--question", "x", "--model", at("tiny"), "--data-dir", dataFolder,
                    "--device", "cpu"});
    }
};

TEST_F(CliStorageTest, TellsADataFolderThatCannotBeWritten)
{
    for (const std::string &folder : {at("p.jpg") + "/data", at("p.jpg"), std::string("/proc/auroraedge")}) {
        const Ended ended = askInto(folder);
        EXPECT_EQ(ended.exitCode, 5) << folder;
        EXPECT_THAT(ended.out, IsEmpty());
        EXPECT_THAT(ended.err, StartsWith("FS-07: cannot write to " + folder));
        EXPECT_THAT(ended.err, EndsWith("; choose another\n"));
    }
}

TEST_F(CliStorageTest, PutsADamagedDatabaseAsideAndSaysSo)
{
    m_folder.write("data/inspector.db", std::string("SQLite format 3\0", 16) + std::string(4080, '\0'));
    const Ended damaged = askInto(at("data"));
    EXPECT_EQ(damaged.exitCode, 0) << damaged.err;
    EXPECT_THAT(damaged.err, HasSubstr("DB-02: database failed its check; kept as inspector.db.damaged"));
    EXPECT_TRUE(fs::exists(m_folder / "data/inspector.db.damaged"));
}

TEST_F(CliStorageTest, KeepsNoHalfAnswerOnAFullDisk)
{
    fs::create_directories(m_folder / "small");
    if (mount("tmpfs", at("small").c_str(), "tmpfs", 0, "size=256k") != 0)
        GTEST_SKIP() << "a small disk cannot be mounted here: " << std::strerror(errno);
    m_folder.write("p.jpg", *encodeJpeg(testing_support::noiseFrame(640, 480, 3), 98)); // larger than the disk
    const Ended ended = askInto(at("small"));
    const int pictures = filesBelow("small/pictures");
    umount2(at("small").c_str(), MNT_DETACH);
    EXPECT_EQ(ended.exitCode, 5);
    EXPECT_THAT(ended.out, IsEmpty()) << "no answer without its row";
    EXPECT_THAT(ended.err, ::testing::ContainsRegex("FS-0[89]: ")) << "too little room for the picture, or none for its row";
    EXPECT_EQ(pictures, 0) << "the cut picture is gone";
}

TEST_F(CliStorageTest, FailsWhenItsAnswersDoNotArrive)
{
    const Ended ended = CliProcess(withProgram(here({"ask", "--image", at("p.jpg"), "--question", "x"})), {},
                                   "/dev/full")
                            .wait();
    EXPECT_EQ(ended.exitCode, 5);
    EXPECT_THAT(ended.err, EndsWith("FS-10: the answers could not be written to the standard output\n"));
}

TEST_F(CliStorageTest, WritesNoAnswerIntoAFileThatGotTheNumberOfAClosedStream)
{
    Words words = {"/bin/sh", "-c", R"(exec "$@" <&- >&-)", "sh"};
    const Words asking = withProgram(here({"ask", "--image", at("p.jpg"), "--question", "x"}));
    words.insert(words.end(), asking.begin(), asking.end());
    const Ended ended = CliProcess(words).wait();
    EXPECT_EQ(ended.exitCode, 5);
    EXPECT_THAT(ended.err, EndsWith("FS-10: the answers could not be written to the standard output\n"));
}

// --- stopping --------------------------------------------------------------------------------------------------------

class CliStopTest : public CliStorageTest
{
protected:
    /// Interrupts after the first line of output. @return how it ended.
    static Ended interrupted(const Words &words)
    {
        CliProcess program(withProgram(words));
        EXPECT_TRUE(program.waitForALine()) << "it ended before it could be interrupted";
        const auto start = std::chrono::steady_clock::now();
        program.interrupt();
        Ended ended = program.wait();
        EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5)); // a busy machine; 0.1 s else
        return ended;
    }
};

TEST_F(CliStopTest, StopsWhileAsking)
{
    Words words = here({"ask", "--image", at("p.jpg")});
    for (int i = 0; i < 2000; ++i)
        words.insert(words.end(), {"--question", "Is there bottle " + std::to_string(i) + "?"});
    const Ended ended = interrupted(words);
    EXPECT_EQ(ended.exitCode, 130);
    EXPECT_THAT(ended.err, HasSubstr("\nRUN-01: "));
    const auto printed = std::count(ended.out.begin(), ended.out.end(), '\n');
    EXPECT_LT(printed, 2000);
    const std::size_t stored = (*AnswerReader::open(at("data")))->countAnswers().value();
    EXPECT_EQ(static_cast<std::ptrdiff_t>(stored), printed) << "each row is on the disk before it is printed";
}

TEST_F(CliStopTest, StopsABatchAndLeavesNoHalfFile)
{
    fs::create_directories(m_folder / "line");
    for (int i = 0; i < 3000; ++i)
        fs::create_hard_link(m_folder / "p.jpg", m_folder / ("line/" + std::to_string(i) + ".jpg"));
    const Ended ended = interrupted(here({"batch", at("line"), "--question", "Is there a bottle?", "--out",
                                          at("out.jsonl"), "--json"}));
    EXPECT_EQ(ended.exitCode, 130);
    EXPECT_THAT(ended.out, EndsWith("}\n")) << "whole lines only";
    EXPECT_EQ(jsonLines(ended.out).back()["error"]["code"], "RUN-01");
    EXPECT_FALSE(fs::exists(m_folder / "out.jsonl"));
    EXPECT_FALSE(fs::exists(m_folder / "out.jsonl.part"));
}

// --- tensors ---------------------------------------------------------------------------------------------------------

TEST_F(CliProcessTest, RunsTheGraphOnGivenTensors)
{
    const fs::path parity = kShared / "fixtures/parity/auroraedge_mlp_combined";
    if (!fs::exists(parity))
        GTEST_SKIP() << parity << " is missing";
    const Ended ended = run({"debug", "forward", "--model", parity, "--inputs", parity / "inputs.safetensors", "--out",
                             at("out.safetensors"), "--device", "cpu"});
    ASSERT_EQ(ended.exitCode, 0) << ended.err;
    const auto made = engine::TensorFiles::open(m_folder / "out.safetensors");
    const auto expected = engine::TensorFiles::open(parity / "expected.safetensors");
    ASSERT_TRUE(made && expected);
    // The numbers are claimed by forward_parity_test; here that the program writes every output, in its shape.
    for (const auto &[name, tensor] : expected->tensors()) {
        if (name.starts_with("bf16."))
            continue;
        const engine::MappedTensor *found = made->find(name);
        ASSERT_NE(found, nullptr) << name;
        EXPECT_EQ(found->dtype, tensor.dtype) << name;
        EXPECT_EQ(found->shape, tensor.shape) << name;
    }
}

TEST_F(CliProcessTest, RefusesTensorsThatAreNone)
{
    const fs::path parity = kShared / "fixtures/parity/auroraedge_mlp_combined";
    if (!fs::exists(parity))
        GTEST_SKIP() << parity << " is missing";
    m_folder.write("in.safetensors", std::string("not tensors at all"));
    const Ended ended = run({"debug", "forward", "--model", parity, "--inputs", at("in.safetensors"), "--out",
                             at("out.safetensors"), "--device", "cpu"});
    EXPECT_EQ(ended.exitCode, 4);
    EXPECT_THAT(ended.err, StartsWith("MOD-0"));
    EXPECT_FALSE(fs::exists(m_folder / "out.safetensors"));
}

TEST_F(CliProcessTest, PreprocessesAPictureIntoTensors)
{
    m_folder.write("p.jpg", goodJpeg());
    m_folder.write("c.json", std::string(R"({"patch_size":16,"max_num_patches":256})"));
    const Ended ended = run({"debug", "preprocess", "--config", at("c.json"), "--image", at("p.jpg"), "--out",
                             at("out.safetensors")});
    ASSERT_EQ(ended.exitCode, 0) << ended.err;
    const auto made = engine::TensorFiles::open(m_folder / "out.safetensors");
    ASSERT_TRUE(made);
    for (const char *name : {"pixel_values", "pixel_attention_mask", "spatial_shapes", "resized"})
        EXPECT_NE(made->find(name), nullptr) << name;
}

} // namespace
} // namespace auroraedge::app

// A batch as a process: bad files of every kind, kills, disks that fill up. The model is a toy with random weights.

#include "app/storage/answer_store.h"
#include "tests/e2e/cli_pictures.h"
#include "tests/e2e/cli_process.h"
#include "tests/support/tiny_model.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <cstring>
#include <fstream>
#include <map>
#include <random>
#include <set>
#include <sstream>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>

namespace auroraedge::app {
namespace {

using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::SizeIs;
using namespace auroraedge::testing;
using Json = nlohmann::ordered_json;
using Words = std::vector<std::string>;
namespace fs = std::filesystem;

class BatchProcessTest : public ::testing::Test
{
protected:
    BatchProcessTest() { testing_support::writeTinyModel(m_folder / "tiny"); }

    Words batch(const std::string &out, const std::string &data, const Words &more = {}) const
    {
        Words words = {std::string(AURORAEDGE_BIN_DIR) + "/auroraedge", "batch", at("line"), "--question", "Is there a bottle?", "--out", at(out),
                       "--model", at("tiny"), "--data-dir", at(data), "--device", "cpu", "--threads", "1"};
        words.insert(words.end(), more.begin(), more.end());
        return words;
    }
    std::string at(std::string_view name) const { return (m_folder / name).string(); }
    std::vector<Json> lines(const std::string &text) const
    {
        std::vector<Json> all;
        std::istringstream stream(text);
        for (std::string line; std::getline(stream, line);)
            if (!stream.eof()) // the last one of a killed program may be cut
                all.push_back(Json::parse(line));
        return all;
    }
    void writePictures(int count) const
    {
        for (int i = 0; i < count; ++i)
            m_folder.write("line/p" + std::to_string(i) + ".png", *encodePng(testing_support::noiseFrame(48, 32, static_cast<unsigned>(i))));
    }
    std::vector<AnswerRecord> stored(const std::string &data) const
    {
        const Result<std::unique_ptr<AnswerReader>> reader = AnswerReader::open(at(data));
        return reader ? *(*reader)->recentAnswers(10000) : std::vector<AnswerRecord>();
    }
    TemporaryFolder m_folder;
};

TEST_F(BatchProcessTest, TellsEveryBadFileOfAFolderByItsCodeAndGoesOn)
{
    struct Bad
    {
        std::string name;
        Bytes content;
        std::string code; ///< empty: it is answered
    };
    Bytes withoutEnd = goodJpeg(), withArchive = goodJpeg();
    withoutEnd.resize(withoutEnd.size() - 2);
    const Bytes archive = textBytes("PK\x03\x04 some archive");
    withArchive.insert(withArchive.end(), archive.begin(), archive.end());
    const std::string longName = std::string(251, 'n') + ".jpg";
    const std::vector<Bad> files = {
        {"01-empty.jpg", {}, "IMG-01"},
        {"02-cut.jpg", cutAt(goodJpeg(), 500), "IMG-02"},
        {"03-no-end.jpg", withoutEnd, "IMG-02"},
        {"04-block.jpg", jpegWithADamagedBlock(), "IMG-03"},
        {"05-crc.png", pngWithAWrongByte(), "IMG-03"},
        {"06-huge.png", pngClaiming(60000, 60000), "IMG-04"},
        {"07-claim.ppm", textBytes("P6\n20000 20000\n255\n"), "IMG-04"},
        {"08-flat.png", pngClaiming(0, 10), "IMG-05"},
        {"09-thin.png", *encodePng(testFrame(40000, 1)), ""}, // no recipe says which sizes are taken
        {"10-text.jpg", textBytes("just a note"), "IMG-07"},
        {"11-png.jpg", goodPng(), ""},
        {"12-moving.gif", textBytes("GIF89a rest of it"), "IMG-08"},
        {"12-new.webp", textBytes("RIFF....WEBPVP8 "), "IMG-08"},
        {"13-moving.png", animatedPng(12), "IMG-08"},
        {"14-pages.tif", tiff(2, 8, SAMPLEFORMAT_UINT), "IMG-09"},
        {"15-print.jpg", cmykJpeg(), "IMG-10"},
        {"16-deep.png", pngClaiming(160, 120, 16), "IMG-11"},
        {"16-deep.tif", tiff(1, 16, SAMPLEFORMAT_UINT), "IMG-11"},
        {"17-float.tif", tiff(1, 32, SAMPLEFORMAT_IEEEFP), "IMG-11"},
        {"21-exif.jpg", jpegWithBrokenExif(), "IMG-14"},
        {"22-scans.jpg", jpegWithScans(501), "IMG-15"},
        {"24-archive.jpg", withArchive, ""},
        {"25-white.png", *encodePng(uniformFrame(255)), "IMG-17"},
        {"32-new\nline\t\x1b[31m.jpg", goodJpeg(), ""},
        {"33-\xF0\x9F\x94\xA9\xE2\x80\xAE" "gpj.jpg", goodJpeg(), ""},
        {"34-\xFF\xFE.jpg", goodJpeg(), ""},
        {longName, goodJpeg(), ""},
        {"zz-good.jpg", goodJpeg(), ""},
    };
    std::map<std::string, std::string> expected;
    for (const Bad &file : files) {
        m_folder.write("line/" + file.name, file.content);
        expected[file.name] = file.code;
    }
    m_folder.write("line/26-large.jpg", goodJpeg());
    fs::resize_file(m_folder / "line/26-large.jpg", std::uintmax_t{310} << 20); // sparse: takes no room
    expected["26-large.jpg"] = "IMG-18";
    ASSERT_EQ(mkfifo(at("line/29-fifo.jpg").c_str(), 0600), 0);
    expected["29-fifo.jpg"] = "FS-02";
    fs::create_symlink("30-loop.jpg", m_folder / "line/30-loop.jpg");
    expected["30-loop.jpg"] = "FS-03";
    m_folder.write("elsewhere.jpg", goodJpeg());
    fs::create_symlink(m_folder / "elsewhere.jpg", m_folder / "line/31-out.jpg");
    expected["31-out.jpg"] = "FS-04";
    if (geteuid() != 0) { // root reads everything
        m_folder.write("line/28-secret.jpg", goodJpeg());
        fs::permissions(m_folder / "line/28-secret.jpg", fs::perms::none);
        expected["28-secret.jpg"] = "FS-01";
    }

    const Ended ended = CliProcess(batch("out.jsonl", "data", {"--json"})).wait();
    EXPECT_EQ(ended.exitCode, 3) << ended.err;
    std::map<std::string, std::string> told;
    int failed = 0;
    for (const Json &line : lines(readFile(m_folder / "out.jsonl"))) {
        std::string path = line["image"]["path"];
        if (line["image"].contains("path_bytes")) {
            path.clear();
            const std::string hex = line["image"]["path_bytes"];
            for (std::size_t i = 0; i < hex.size(); i += 2)
                path += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
        }
        const std::string code = line.contains("error") ? line["error"]["code"].get<std::string>() : "";
        failed += code.empty() ? 0 : 1;
        EXPECT_TRUE(told.emplace(path.substr(at("line").size() + 1), code).second) << path << " is told twice";
    }
    EXPECT_EQ(told, expected);
    const std::string list = readFile(m_folder / "out.jsonl.failed.csv");
    for (const auto &[name, code] : expected) {
        if (!code.empty()) {
            EXPECT_THAT(list, HasSubstr(name + ",Is there a bottle?," + code + ","));
        }
    }
    EXPECT_EQ(stored("data").size(), expected.size()) << "a failure is a row, too";
    EXPECT_EQ(lines(ended.out).size(), expected.size());
    EXPECT_THAT(ended.err, HasSubstr(std::to_string(expected.size()) + " pictures, " + std::to_string(failed) + " failed"));
    EXPECT_EQ(ended.err.find('\x1b'), std::string::npos) << "a name changes nothing on a terminal";
}

TEST_F(BatchProcessTest, KilledAtAnyInstructionItGoesOnAndWritesTheBytesOfAnUnbrokenRun)
{
    constexpr int kPictures = 200;
    writePictures(kPictures);
    ASSERT_EQ(CliProcess(batch("whole.jsonl", "whole", {"--quiet"})).wait().exitCode, 0);

    std::mt19937 random(5);
    std::set<std::string> acknowledged;
    int kills = 0;
    const auto take = [&](const std::string &out) {
        for (const Json &line : lines(out))
            EXPECT_TRUE(acknowledged.insert(line["image"]["path"]).second) << line["image"]["path"] << " was answered twice";
    };
    while (kills < 12) {
        CliProcess program(batch("out.jsonl", "data", {"--json", "--quiet"}));
        (void)program.waitForEnd(std::chrono::milliseconds(random() % 400));
        program.killNow();
        const Ended ended = program.wait();
        take(ended.out);
        if (ended.exitCode == 0)
            break;
        ++kills;
    }
    EXPECT_GE(kills, 3) << "the program must be slow enough to be killed";
    const Ended last = CliProcess(batch("out.jsonl", "data", {"--json", "--quiet"})).wait();
    EXPECT_EQ(last.exitCode, 0) << last.err;
    take(last.out);
    EXPECT_EQ(readFile(m_folder / "out.jsonl"), readFile(m_folder / "whole.jsonl"));
    std::set<std::string> sources;
    for (const AnswerRecord &record : stored("data"))
        EXPECT_TRUE(sources.insert(record.source).second) << record.source << " has two rows";
    EXPECT_THAT(sources, SizeIs(kPictures));
}

TEST_F(BatchProcessTest, BeginsNothingThatTheDiskHasNoRoomFor)
{
    writePictures(300);
    fs::create_directories(m_folder / "small");
    if (mount("tmpfs", at("small").c_str(), "tmpfs", 0, "size=512k") != 0)
        GTEST_SKIP() << "a small disk cannot be mounted here: " << std::strerror(errno);
    const Ended ended = CliProcess(batch("out.jsonl", "small")).wait();
    const auto files = std::distance(fs::recursive_directory_iterator(m_folder / "small/pictures"), {});
    umount2(at("small").c_str(), MNT_DETACH);
    EXPECT_EQ(ended.exitCode, 5);
    EXPECT_THAT(ended.err, HasSubstr("FS-08: 0."));
    EXPECT_THAT(ended.err, HasSubstr("needed; nothing was started"));
    EXPECT_EQ(files, 0);
}

TEST_F(BatchProcessTest, StopsWhenTheDiskFillsUpAndGoesOnWhenThereIsRoomAgain)
{
    writePictures(150);
    fs::create_directories(m_folder / "small");
    if (mount("tmpfs", at("small").c_str(), "tmpfs", 0, "size=16m") != 0)
        GTEST_SKIP() << "a small disk cannot be mounted here: " << std::strerror(errno);
    // Somebody else fills it while the batch runs.
    CliProcess program(batch("small/out.jsonl", "small/data", {"--json"}));
    EXPECT_TRUE(program.waitForALine());
    {
        std::ofstream filler(m_folder / "small/filler", std::ios::binary);
        const std::string block(4096, 'x');
        while (filler.write(block.data(), static_cast<std::streamsize>(block.size())).flush()) {
        }
    }
    const Ended full = program.wait();
    const std::size_t acknowledged = lines(full.out).size();
    fs::remove(m_folder / "small/filler");
    const Ended rest = CliProcess(batch("small/out.jsonl", "small/data", {"--json"})).wait();
    const std::size_t written = lines(readFile(m_folder / "small/out.jsonl")).size();
    const std::size_t rows = stored("small/data").size();
    umount2(at("small").c_str(), MNT_DETACH);
    EXPECT_EQ(full.exitCode, 5) << full.err;
    EXPECT_THAT(full.out + full.err, ContainsRegex("FS-0[89]")) << "no room for a picture beside what is kept free, or none at all";
    EXPECT_LT(acknowledged, 151U);
    EXPECT_EQ(rest.exitCode, 0) << rest.err;
    EXPECT_EQ(written, 150U);
    EXPECT_EQ(rows, 150U);
}

TEST_F(BatchProcessTest, AnswersOneByOneAndTogetherAreTheSame)
{
    writePictures(40);
    ASSERT_EQ(CliProcess(batch("out.jsonl", "data", {"--quiet"})).wait().exitCode, 0);
    const std::vector<Json> together = lines(readFile(m_folder / "out.jsonl"));
    ASSERT_THAT(together, SizeIs(40));
    for (const std::size_t i : {0, 17, 39}) {
        const Ended one = CliProcess({std::string(AURORAEDGE_BIN_DIR) + "/auroraedge", "ask", "--image", together[i]["image"]["path"], "--question",
                                      "Is there a bottle?", "--json", "--no-store", "--model", at("tiny"), "--device", "cpu", "--threads", "1"})
                              .wait();
        const Json answer = Json::parse(one.out);
        EXPECT_EQ(answer["answer"], together[i]["answer"]);
        EXPECT_EQ(answer["tokens"], together[i]["tokens"]);
        EXPECT_NEAR(answer["probability"], together[i]["probability"], 1e-5);
    }
}

} // namespace
} // namespace auroraedge::app

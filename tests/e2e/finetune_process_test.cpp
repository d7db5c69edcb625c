#include "app/imaging/picture_encoder.h"
#include "tests/e2e/cli_process.h"
#include "tests/support/test_frame.h"
#include "tests/support/tiny_model.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <random>

namespace auroraedge::testing {
namespace {

using ::testing::HasSubstr;
using Json = nlohmann::json;
using Words = std::vector<std::string>;
namespace fs = std::filesystem;

constexpr int kWidth = 100, kHeight = 80, kPictures = 24;

/// A station's product: a plate with parts, every other picture with a white or black square on it.
class FinetuneProcessTest : public ::testing::Test
{
protected:
    void SetUp() override
    {
        testing_support::writeTinyModel(m_folder / "base");
        std::vector<std::uint8_t> plate(3 * kWidth * kHeight, 120);
        for (int part = 0; part < 8; ++part)
            fill(plate, between(0, 85), between(0, 65), between(6, 14), static_cast<std::uint8_t>(between(70, 170)));
        write("golden.png", plate);
        std::string records;
        for (int i = 0; i < kPictures; ++i) {
            std::vector<std::uint8_t> picture = plate;
            for (std::uint8_t &value : picture)
                value = static_cast<std::uint8_t>(value + between(-4, 4));
            Json record{{"image", "p" + std::to_string(i) + ".png"}, {"width", kWidth}, {"height", kHeight},
                        {"group", "day " + std::to_string(i % 6)}, {"labels", Json::array()}};
            if (i % 2 == 1) {
                const int x = between(0, 88), y = between(0, 68);
                fill(picture, x, y, 12, i % 4 == 1 ? 250 : 5);
                record["labels"].push_back({{"class", i % 4 == 1 ? "white" : "black"}, {"bbox", {x, y, 12, 12}}});
            }
            write(record["image"], picture);
            records += record.dump() + "\n";
        }
        m_folder.write("set/reviewed.jsonl", records);
    }
    int between(int low, int high) { return low + static_cast<int>(m_random() % static_cast<unsigned>(high - low + 1)); }
    static void fill(std::vector<std::uint8_t> &picture, int x, int y, int side, std::uint8_t value)
    {
        for (int row = y; row < std::min(y + side, kHeight); ++row)
            std::fill_n(picture.begin() + 3 * (row * kWidth + x), 3 * std::min(side, kWidth - x), value);
    }
    void write(const std::string &name, const std::vector<std::uint8_t> &pixels) const
    {
        m_folder.write("set/" + name, *app::encodePng(frameOf(pixels, kWidth, kHeight)));
    }
    std::string at(std::string_view name) const { return (m_folder / name).string(); }

    Words finetune(const std::string &out, const Words &more = {}) const
    {
        Words words{AURORAEDGE_BIN_DIR "/auroraedge", "finetune", "--data", at("set/reviewed.jsonl"), "--base", at("base"),
                    "--out", at(out), "--tile", "40", "--threads", "1", "--precision", "fp32", "--data-dir", at("data")};
        words.insert(words.end(), more.begin(), more.end());
        return words;
    }
    Json ask(const std::string &model, const std::string &picture, const Words &more = {}) const
    {
        Words words{AURORAEDGE_BIN_DIR "/auroraedge", "ask", "--image", at("set/" + picture), "--model", at(model),
                    "--json", "--no-store", "--quiet", "--threads", "1"};
        words.insert(words.end(), more.begin(), more.end());
        const Ended ended = CliProcess(words).wait();
        EXPECT_EQ(ended.exitCode, 0) << ended.out << ended.err;
        return Json::parse(ended.out, nullptr, false);
    }

    TemporaryFolder m_folder;
    std::mt19937 m_random{5};
};

TEST_F(FinetuneProcessTest, AProductIsLearntFromAGoldenPictureAndAsked)
{
    const Ended ended = CliProcess(finetune("product", {"--golden", at("set/golden.png"), "--steps", "60", "--fresh", "--json"})).wait();
    ASSERT_EQ(ended.exitCode, 0) << ended.out << ended.err;
    const Json outcome = Json::parse(ended.out);
    EXPECT_EQ(outcome["planes"], "golden");
    EXPECT_EQ(outcome["classes"], Json({"black", "white"}));
    EXPECT_GT(outcome["after"]["auroc"].get<double>(), 0.9) << outcome.dump(1);
    EXPECT_TRUE(outcome["before"].is_object());
    EXPECT_TRUE(outcome["thresholds"]["ok"]["probability"].is_null());
    EXPECT_THAT(outcome["thresholds"]["ok"]["sentence"].get<std::string>(), HasSubstr("it takes 408 good pictures")) << "the score was chosen on them too";

    // What is left is a model whose every file is listed, and nothing that only the training needed.
    const std::string sums = readFile(m_folder / "product/SHA256SUMS");
    for (const char *name : {"product.json", "golden.png", "config.json", "model.safetensors", "finetune.json"})
        EXPECT_THAT(sums, HasSubstr(std::string("  ") + name + "\n"));
    for (const char *name : {"start", "best.safetensors", "last.safetensors", "checkpoint.safetensors"})
        EXPECT_FALSE(fs::exists(m_folder / "product" / name)) << name;

    const Json bad = ask("product", "p1.png"), good = ask("product", "p2.png");
    EXPECT_EQ(bad["question"], "Is there a defect?");
    EXPECT_EQ(bad["verdict"], "UNSURE");
    EXPECT_EQ(bad["code"], "ANS-03");
    EXPECT_GT(bad["product"]["score"].get<double>(), good["product"]["score"].get<double>());
    EXPECT_EQ(bad["product"]["worst_tile"].size(), 4U);
    const Ended itself = CliProcess({AURORAEDGE_BIN_DIR "/auroraedge", "ask", "--model", at("product"), "--image", at("set/p1.png"), "--golden", at("set/p1.png"), "--no-store"}).wait();
    EXPECT_THAT(itself.err, HasSubstr("IMG-20: p1.png is the golden picture itself")) << "every part would look faultless";

    const Ended again = CliProcess(finetune("product", {"--golden", at("set/golden.png"), "--steps", "60", "--fresh"})).wait();
    EXPECT_EQ(again.exitCode, 2);
    EXPECT_THAT(again.err, HasSubstr("holds a finished product"));
}

/// From the scan alone, and with adapters, whose weights are in the checkpoint, too.
TEST_F(FinetuneProcessTest, ARunThatIsStoppedGoesOnAndEndsAsTheUnbrokenOne)
{
    const Words options{"--lora", "4", "--steps", "12"};
    const Ended whole = CliProcess(finetune("whole", options)).wait();
    ASSERT_EQ(whole.exitCode, 0) << whole.err;
    EXPECT_THAT(whole.out, HasSubstr("found at 1 % false alarms"));
    EXPECT_EQ(Json::parse(readFile(m_folder / "whole/product.json"))["planes"], "scan");

    CliProcess process(finetune("broken", options));
    while (readFile(m_folder / "broken/log.jsonl").find("\"step\":3,") == std::string::npos && !process.waitForEnd(std::chrono::milliseconds(1))) { }
    process.interrupt();
    const Ended stopped = process.wait();
    ASSERT_EQ(stopped.exitCode, 130) << stopped.err;
    EXPECT_THAT(stopped.err, HasSubstr("RUN-01: stopped; the same command goes on from there"));
    EXPECT_TRUE(fs::exists(m_folder / "broken/checkpoint.safetensors"));

    const Ended other = CliProcess(finetune("broken", {"--lora", "4", "--steps", "41"})).wait();
    EXPECT_EQ(other.exitCode, 2);
    EXPECT_THAT(other.err, HasSubstr("was begun with other options or data ('steps': 12 there, 41 now)"));

    const Ended finished = CliProcess(finetune("broken", options)).wait();
    ASSERT_EQ(finished.exitCode, 0) << finished.err;
    EXPECT_THAT(finished.err, HasSubstr("going on with"));
    for (const char *file : {"model.safetensors", "product.json"})
        EXPECT_EQ(readFile(m_folder / "broken" / file), readFile(m_folder / "whole" / file)) << file;
}

} // namespace
} // namespace auroraedge::testing

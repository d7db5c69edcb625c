#include "engine/io/tensor_files.h"
#include "tests/e2e/cli_pictures.h"
#include "tests/e2e/cli_process.h"
#include "tests/support/tiny_model.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <fstream>
#include <random>
#include <thread>

namespace auroraedge::testing {
namespace {

using ::testing::HasSubstr;
namespace fs = std::filesystem;

class TrainProcessTest : public ::testing::Test
{
protected:
    void SetUp() override
    {
        testing_support::writeTinyModel(m_folder / "model");
        std::string labels;
        for (int i = 0; i < 6; ++i) {
            const std::string name = "p" + std::to_string(i) + ".png";
            m_folder.write("data/" + name, *app::encodePng(testFrame(160, 120, i)));
            labels += R"({"image":")" + name + R"(","width":160,"height":120,"split":"train","labels":)"
                + (i % 2 == 0 ? "[]" : R"([{"class":"bottle","bbox":[10,10,60,90]}])") + "}\n";
        }
        m_folder.write("data/labels.jsonl", labels);
        m_folder.write("families.json", std::string(R"([{"family":"bottle-present","wordings":["Is there a bottle?"],"answer":{"present":"bottle"}}])"));
    }
    /// The words of a training into folder @p out.
    std::vector<std::string> training(const std::string &out, int accumulate = 1) const
    {
        const std::string recipe = out + ".json";
        m_folder.write(recipe, R"({"model":"model","out":")" + out + R"(","seed":7,"checkpoint_minutes":0,
 "sources":[{"name":"bottles","annotations":"data/labels.jsonl","families":"families.json","box_class":"bottle","label":{"count":"bottle","classes":2}}],
 "stages":[{"steps":25,"accumulate":)" + std::to_string(accumulate) + R"(,"warmup_share":0.1,"tower_only":true,"grids":[4],"patches_per_batch":128},
           {"steps":40,"accumulate":)" + std::to_string(accumulate) + R"(,"warmup_steps":4,"muon_learning_rate":0.01,"grids":[4],"patches_per_batch":128}]})");
        return {AURORAEDGE_BIN_DIR "/auroraedge", "train", "--recipe", (m_folder / recipe).string(), "--threads", "1"};
    }

    TemporaryFolder m_folder;
};

TEST_F(TrainProcessTest, ARunKilledAtRandomMomentsEndsAsTheUnbrokenOne)
{
    const Ended whole = CliProcess(training("whole")).wait();
    ASSERT_EQ(whole.exitCode, 0) << whole.err;
    EXPECT_THAT(whole.out, HasSubstr("pictures seen in"));
    EXPECT_TRUE(fs::exists(m_folder / "whole/curves.png"));

    // Killed behind checkpoints of its own choosing: the first that is at least so many steps old.
    std::mt19937 random(5);
    int kills = 0;
    int target = 0;
    while (kills < 5) {
        target += std::uniform_int_distribution<int>(3, 12)(random);
        CliProcess process(training("broken"));
        const fs::path checkpoint = m_folder / "broken/checkpoint.safetensors";
        const auto stepOf = [&] {
            const auto files = engine::TensorFiles::open(checkpoint);
            if (!files)
                return -1;
            return (files->metadata().at("stage") == "0" ? 0 : 25) + std::stoi(files->metadata().at("step"));
        };
        while (stepOf() < target && !process.waitForEnd(std::chrono::milliseconds(1))) { }
        process.killNow();
        (void)process.wait();
        ++kills;
    }
    const Ended finished = CliProcess(training("broken")).wait();
    ASSERT_EQ(finished.exitCode, 0) << finished.err;
    for (const char *file : {"model.safetensors", "log.jsonl", "SHA256SUMS"})
        EXPECT_EQ(readFile(m_folder / "broken" / file), readFile(m_folder / "whole" / file)) << file;
    EXPECT_FALSE(fs::exists(m_folder / "broken/checkpoint.safetensors"));
}

TEST_F(TrainProcessTest, TwoProcessesTakeTheStepsOfOneWithTwiceTheBatches)
{
    const Ended alone = CliProcess(training("alone", 2)).wait();
    ASSERT_EQ(alone.exitCode, 0) << alone.err;

    std::vector<std::string> command = training("together");
    for (const char *word : {"--processes", "2", "--meeting"})
        command.emplace_back(word);
    command.push_back((m_folder / "meeting").string());
    const auto ofRank = [&](const char *rank) {
        std::vector<std::string> words = command;
        words.insert(words.end(), {"--rank", rank});
        return words;
    };
    CliProcess second(ofRank("1"));
    const Ended first = CliProcess(ofRank("0")).wait(), other = second.wait();
    ASSERT_EQ(first.exitCode, 0) << first.err;
    ASSERT_EQ(other.exitCode, 0) << other.err;

    // The sums are added up in another order, so the last bits differ and grow from step to step.
    std::ifstream one(m_folder / "alone/log.jsonl"), two(m_folder / "together/log.jsonl");
    int steps = 0;
    for (std::string a, b; std::getline(one, a) && std::getline(two, b);) {
        const auto expected = nlohmann::json::parse(a), seen = nlohmann::json::parse(b);
        ASSERT_EQ(expected["step"], seen["step"]);
        if (!expected.contains("loss"))
            continue;
        EXPECT_EQ(expected["pictures"], seen["pictures"]);
        EXPECT_NEAR(expected["loss"].get<double>(), seen["loss"].get<double>(), steps < 10 ? 1e-4 : 0.05) << a;
        ++steps;
    }
    EXPECT_EQ(steps, 65);
}

TEST_F(TrainProcessTest, AProcessWhoseFellowIsKilledEndsWithASentence)
{
    std::vector<std::string> command = training("together");
    for (const char *word : {"--processes", "2", "--meeting"})
        command.emplace_back(word);
    command.push_back((m_folder / "meeting").string());
    std::vector<std::string> words = command;
    words.insert(words.end(), {"--rank", "1"});
    CliProcess second(words);
    words.back() = "0";
    CliProcess first(words);
    while (!engine::TensorFiles::open(m_folder / "together/checkpoint.safetensors") && !first.waitForEnd(std::chrono::milliseconds(1))) { }
    second.killNow();
    (void)second.wait();
    const Ended ended = first.wait();
    EXPECT_NE(ended.exitCode, 0);
    EXPECT_THAT(ended.err, HasSubstr("ENG-02: process 0 of 2 cannot go on without the others")) << "exit " << ended.exitCode;
    EXPECT_TRUE(fs::exists(m_folder / "together/checkpoint.safetensors")) << "to go on from";
}

} // namespace
} // namespace auroraedge::testing

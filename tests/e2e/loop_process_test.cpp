// The whole loop as a station goes round it, each step by the program that a person would use: asked, reviewed with the keys
// of the Review page, exported, taught, measured, asked with what was taught.

#include "app/imaging/picture_encoder.h"
#include "app/products/reviewed_records.h"
#include "app/storage/answer_store.h"
#include "tests/e2e/cli_process.h"
#include "tests/support/test_frame.h"
#include "tests/support/tiny_model.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdlib>
#include <sstream>

namespace auroraedge::app {
namespace {

using ::testing::AnyOf;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using namespace auroraedge::testing;
using Json = nlohmann::ordered_json;
using Words = std::vector<std::string>;
namespace fs = std::filesystem;

constexpr int kPictures = 12;
bool isBad(int number) { return number % 2 == 0; }

class LoopProcessTest : public ::testing::Test
{
protected:
    LoopProcessTest()
    {
        setenv("QT_QPA_PLATFORM", "offscreen", 1);
        testing_support::writeTinyModel(m_folder / "tiny");
        for (int number = 0; number < kPictures; ++number)
            m_folder.write(pictureOf(number), *encodePng(testing_support::noiseFrame(100, 80, static_cast<unsigned>(number))));
    }
    static std::string pictureOf(int number) { return "line" + std::to_string(number / 3) + "/" + std::to_string(number) + ".png"; }
    std::string at(std::string_view name) const { return (m_folder / name).string(); }

    Ended run(Words words) const
    {
        words.insert(words.begin(), AURORAEDGE_BIN_DIR "/auroraedge");
        words.insert(words.end(), {"--data-dir", at("data"), "--quiet"});
        return CliProcess(words).wait();
    }
    Json ask(const std::string &picture, const std::string &model, Words more) const
    {
        Words words = {"ask", "--image", at(picture), "--model", at(model), "--json", "--device", "cpu", "--threads", "1"};
        words.insert(words.end(), more.begin(), more.end());
        const Ended ended = run(words);
        EXPECT_EQ(ended.exitCode, 0) << ended.out << ended.err;
        return lines(ended.out).back();
    }
    /// What the window prints while it is used as @p keys say.
    std::vector<Json> replay(const std::string &keys, const std::string &model, const Words &more = {}) const
    {
        Words words = {AURORAEDGE_BIN_DIR "/auroraedge-inspector", "--data-dir", at("data"), "--model", at(model), "--device", "cpu", "--threads", "1",
                       "--keys", m_folder.write("keys", keys)};
        words.insert(words.end(), more.begin(), more.end());
        const Ended ended = CliProcess(words).wait();
        EXPECT_EQ(ended.exitCode, 0) << ended.out << ended.err;
        return lines(ended.out);
    }
    static std::vector<Json> lines(const std::string &out)
    {
        std::vector<Json> all;
        std::istringstream stream(out);
        for (std::string line; std::getline(stream, line);)
            all.push_back(Json::parse(line));
        EXPECT_FALSE(all.empty());
        return all.empty() ? std::vector<Json>{Json::object()} : all;
    }

    TemporaryFolder m_folder;
};

TEST_F(LoopProcessTest, WhatIsAskedAndReviewedWithKeysTeachesAModelThatAnswersAndReplays)
{
    for (int number = 0; number < kPictures; ++number) {
        Words more = {"--question", "Is there a defect?"};
        if (isBad(number))
            more.insert(more.end(), {"--roi", "40,30,20,20"});
        ask(pictureOf(number), "tiny", more);
    }

    // The newest one comes first; each press goes on to the next. 1 is an NG of the first class, a scratch.
    std::string keys = "page review\nwait items\nwait pictures\n";
    for (int number = kPictures - 1; number >= 0; --number)
        keys += std::string("wait picture\nkey ") + (isBad(number) ? "1" : "O") + "\n";
    const std::vector<Json> reviewed = replay(keys + "wait stored\n", "tiny", {"--reviewer", "anna"});
    EXPECT_EQ(reviewed.back()["reviews"], kPictures) << reviewed.back();
    EXPECT_FALSE(reviewed.back().contains("trouble")) << reviewed.back();
    {
        const std::unique_ptr<AnswerReader> reader = *AnswerReader::open(m_folder / "data");
        const std::vector<AnswerRecord> records = *reader->recentAnswers(kPictures);
        for (const AnswerRecord &record : records) {
            const int number = static_cast<int>(record.row) - 1;
            ASSERT_TRUE(record.review) << record.row;
            EXPECT_EQ(record.review->verdict, isBad(number) ? Verdict::Ng : Verdict::Ok) << record.row;
            EXPECT_EQ(record.review->defectClass, isBad(number) ? "scratch" : "") << record.row;
            EXPECT_EQ(record.review->reviewer, "anna");
        }
    }

    const Ended exported = run({"db", "export", "--out", at("set"), "--format", "training"});
    ASSERT_EQ(exported.exitCode, 0) << exported.err;
    const Ended taught = run({"finetune", "--data", at("set/reviewed.jsonl"), "--base", at("tiny"), "--out", at("product"), "--tile", "40", "--steps",
                              "4", "--threads", "1", "--precision", "fp32", "--json"});
    ASSERT_EQ(taught.exitCode, 0) << taught.out << taught.err;
    EXPECT_THAT(lines(taught.out).back()["left_out"], IsEmpty());

    // Measured on the sessions that the set holds out, which the teaching never saw.
    m_folder.write("families.json", std::string(R"([{"family":"defect","wordings":["Is there a defect?"],"answer":{"present":"scratch"}}])"));
    m_folder.write("recipe.json", std::string(R"({"model":"product","out":"none","sources":[{"name":"line","annotations":"set/reviewed.jsonl",)")
                                      + R"("families":"families.json"}],"stages":[{"steps":1,"grids":[16]}]})");
    const Ended measured = run({"evaluate", "--data", at("recipe.json"), "--model", at("product"), "--json", "--device", "cpu", "--threads", "1"});
    ASSERT_EQ(measured.exitCode, 0) << measured.out << measured.err;
    const Result<ReviewedRecords> records = readReviewedRecords(m_folder / "set/reviewed.jsonl");
    ASSERT_TRUE(records) << records.error().message;
    EXPECT_THAT(records->records, SizeIs(kPictures));
    const auto heldOut = std::ranges::count_if(records->records, &ReviewedRecord::isForMeasuring);
    EXPECT_GT(heldOut, 0);
    EXPECT_EQ(lines(measured.out).back()["answers"], heldOut) << measured.out;

    // What was taught, on the command line and in the window.
    const auto isVerdict = AnyOf("OK", "NG", "UNSURE");
    const Json judged = ask("line0/0.png", "product", {}); // the question that it was taught
    EXPECT_THAT(judged["verdict"].get<std::string>(), isVerdict);
    EXPECT_TRUE(judged.contains("product"));
    const Json answer = ask("line0/0.png", "product", {"--question", "Which defect is there?"});
    EXPECT_EQ(answer["model"]["name"], "product");
    const Ended replayed = run({"db", "replay", "--row", answer["row"].dump(), "--model", at("product"), "--threads", "1"});
    EXPECT_EQ(replayed.exitCode, 0) << replayed.out << replayed.err;

    const std::vector<Json> asked = replay("wait ready\nkey /\ntype Is there a defect?\nkey Return\nwait answer\n", "product",
                                           {"--source", "folder:" + at("line0")});
    const auto told = std::ranges::find_if(asked, [](const Json &event) { return event["event"] == "answer"; });
    ASSERT_NE(told, asked.end());
    ASSERT_TRUE((*told)["verdict"].is_string()) << *told;
    EXPECT_THAT((*told)["verdict"].get<std::string>(), isVerdict);
    const std::unique_ptr<AnswerReader> reader = *AnswerReader::open(m_folder / "data");
    EXPECT_EQ((*reader->answer((*told)["row"].get<std::int64_t>()))->modelName, "product");
}

} // namespace
} // namespace auroraedge::app

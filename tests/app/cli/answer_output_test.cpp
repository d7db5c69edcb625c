#include "app/cli/answer_output.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace auroraedge::app {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

AnswerRecord answered()
{
    AnswerRecord record;
    record.row = 123;
    record.sourceSha256 = std::string(64, 'b');
    record.pictureWidthPx = 48;
    record.pictureHeightPx = 32;
    record.question = "Is there a bottle?";
    record.answer = "yes";
    record.probability = 0.97;
    record.modelName = "nano";
    record.modelSha256 = std::string(64, 'a');
    record.device = "cpu";
    record.precision = "fp32";
    record.tokens = {64, 24, 2};
    record.latency.totalMs = 24.00049;
    return record;
}

AnswerRecord failed()
{
    AnswerRecord record;
    record.question = "Is there a bottle?";
    record.verdict = Verdict::Unsure;
    record.code = "IMG-02";
    record.message = "part7.jpg is incomplete: picture data ends early";
    return record;
}

std::ptrdiff_t fieldCount(const std::string &line) { return std::count(line.begin(), line.end(), ',') + 1; }

TEST(AnswerOutput, TellsVerdictAndCodeOfARule)
{
    AnswerRecord record = answered();
    record.verdict = Verdict::Unsure;
    record.code = "ANS-03";
    const nlohmann::ordered_json object = answerJson(record, "a.jpg");
    EXPECT_EQ(object["verdict"], "UNSURE");
    EXPECT_EQ(object["code"], "ANS-03");
    EXPECT_TRUE(answerJson(answered(), "a.jpg")["verdict"].is_null());
}

TEST(AnswerOutput, PutsAnErrorInPlaceOfAnAnswer)
{
    EXPECT_EQ(oneLine(batchLineJson(failed(), "part7.jpg", false)),
              R"({"image":{"path":"part7.jpg"},"question":"Is there a bottle?",)"
              R"("error":{"code":"IMG-02","message":"part7.jpg is incomplete: picture data ends early"}})");
}

TEST(AnswerOutput, HasNoTimesInABatchLineUnlessAskedFor)
{
    const std::string line = oneLine(batchLineJson(answered(), "a.jpg", false));
    for (const char *changing : {"latency", "row", "encoder_reused", "time"})
        EXPECT_THAT(line, Not(HasSubstr(changing)));
    EXPECT_EQ(batchLineJson(answered(), "a.jpg", true)["latency_ms"]["total"], 24.0) << "rounded to microseconds";
}

TEST(AnswerOutput, GivesEveryCsvLineTheFieldsOfItsHeading)
{
    for (const bool withLatency : {false, true}) {
        const std::ptrdiff_t fields = fieldCount(batchCsvHeading(withLatency));
        EXPECT_EQ(fields, withLatency ? 29 : 18);
        EXPECT_EQ(fieldCount(batchCsvLine(answered(), "a.jpg", withLatency)), fields);
        EXPECT_EQ(fieldCount(batchCsvLine(failed(), "a.jpg", withLatency)), fields);
    }
}

TEST(AnswerOutput, PutsAnErrorIntoTheLastCsvFields)
{
    EXPECT_EQ(batchCsvLine(failed(), "part7.jpg", false),
              "part7.jpg,,,,Is there a bottle?,,,,,,,,,,,,IMG-02,"
              "part7.jpg is incomplete: picture data ends early\r\n");
    EXPECT_EQ(batchCsvLine(answered(), "a.jpg", false),
              "a.jpg," + std::string(64, 'b') + ",48,32,Is there a bottle?,yes,,,0.97,nano," + std::string(64, 'a')
                  + ",cpu,fp32,64,24,2,,\r\n");
}

TEST(AnswerOutput, WritesOneLineWhateverBytesATextHolds)
{
    AnswerRecord record = answered();
    record.answer = "two\nlines, ESC \x1b and \xFF";
    const std::string line = oneLine(answerJson(record, "a\nb.jpg"));
    EXPECT_EQ(line.find('\n'), std::string::npos);
    EXPECT_EQ(line.find('\x1b'), std::string::npos);
    EXPECT_EQ(nlohmann::json::parse(line)["answer"], "two\nlines, ESC \x1b and \uFFFD");
}

TEST(AnswerOutput, SumsUpAnAnswerForAPerson)
{
    EXPECT_THAT(answerSummary(answered()), ::testing::StartsWith("97 % sure, 24 ms (preprocess 0.0, "));
    EXPECT_THAT(answerSummary(answered()), HasSubstr(", row 123"));
    EXPECT_THAT(answerSummary(answered()), Not(HasSubstr("reused")));
}

} // namespace
} // namespace auroraedge::app

#include "app/export/answer_export.h"

#include "app/settings/sha256.h"
#include "tests/app/export/stored_station.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>
#include <sys/resource.h>

#include <csignal>

namespace auroraedge::app {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;
using testing::readFile;
using namespace std::string_literals;
using Json = nlohmann::ordered_json;

/// RFC 4180 to the letter: records end with CR LF, a field with quotes is closed before its comma.
std::vector<std::vector<std::string>> parseCsv(const std::string &text)
{
    std::vector<std::vector<std::string>> records(1, std::vector<std::string>(1));
    bool isQuoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char character = text[i];
        std::string &field = records.back().back();
        if (isQuoted) {
            if (character != '"')
                field += character;
            else if (i + 1 < text.size() && text[i + 1] == '"')
                field += text[++i];
            else
                isQuoted = false;
        } else if (character == '"') {
            EXPECT_TRUE(field.empty() && (i == 0 || text[i - 1] == ',' || text[i - 1] == '\n')) << "a quote mark inside a plain field at " << i;
            isQuoted = true;
        } else if (character == ',') {
            records.back().emplace_back();
        } else if (character == '\r' && i + 1 < text.size() && text[i + 1] == '\n') {
            ++i;
            records.emplace_back(1);
        } else {
            EXPECT_NE(character, '\r');
            EXPECT_NE(character, '\n');
            field += character;
        }
    }
    EXPECT_FALSE(isQuoted);
    EXPECT_THAT(records.back(), ElementsAre("")) << "the last record ends with CR LF";
    records.pop_back();
    return records;
}

/// Texts that have hurt somebody's export.
const std::vector<std::string> kHostile{"two\nlines",
                                        "three\r\nmore\rlines",
                                        "say \"no\", then \"\"",
                                        "\"",
                                        "a,b;c\td",
                                        "=HYPERLINK(\"http://x\",\"y\")",
                                        "+1",
                                        "-1-1",
                                        "@SUM(A1)",
                                        "\t=1",
                                        "\r=1",
                                        "'quoted",
                                        "\U0001F37E 瓶子 \u202Egpj.exe",
                                        "{\"json\": [1, \\n]}",
                                        "</script><b>",
                                        " padded ",
                                        "%s%n\\",
                                        "not UTF-8: \xFF\xFE\xC0\x80 cut \xE7\x93"};

class AnswerExportTest : public StoredStation
{
protected:
    Result<std::int64_t> write(ExportFormat format, const std::string &name, bool replaces = false, const std::stop_token &stop = {},
                               const ExportProgress &progress = {})
    {
        const std::unique_ptr<AnswerReader> open = reader();
        return exportAnswers(pagesOf(*open, m_filter), format, at(name), replaces, progress, stop);
    }
    std::string written(ExportFormat format)
    {
        const Result<std::int64_t> rows = write(format, "out", true);
        EXPECT_TRUE(rows) << rows.error().message;
        return readFile(at("out"));
    }

    /// Of the program, as the newest row has it.
    std::string version() { return reader()->recentAnswers(1)->front().appVersion; }

    AnswerFilter m_filter;
};

TEST_F(AnswerExportTest, HandsOutWhatWasFoundWhenItBegan)
{
    std::vector<BatchAnswer> batch(1001); // more than a page
    for (std::size_t i = 0; i < batch.size(); ++i) {
        batch[i].record = answered();
        batch[i].key = sha256Hex({reinterpret_cast<const std::uint8_t *>(&i), sizeof i});
    }
    ASSERT_TRUE(m_store->insertBatch(batch));
    const auto open = reader();
    AnswerFilter filter;
    filter.text = "bottle";
    filter.unreviewedOnly = true;
    const AnswerPages pages = pagesOf(*open, filter);
    ASSERT_EQ(pages()->size(), 1000U);
    review(1, Verdict::Ok); // the last one: by now it would not be found
    store(answered());
    const Result<std::vector<AnswerRecord>> rest = pages();
    ASSERT_TRUE(rest) << rest.error().message;
    ASSERT_EQ(rest->size(), 1U);
    EXPECT_EQ(rest->front().row, 1);
    EXPECT_TRUE(pages()->empty());
}

TEST_F(AnswerExportTest, ANoteDoesNotMakeAnOlderJudgementCountAgain)
{
    const std::int64_t row = store(answered());
    review(row, Verdict::Ng, "scratch"); // maria's
    ASSERT_TRUE(m_store->insertReview({row, 5, Verdict::Ok, "", "ben"}));
    const std::vector<ReviewDecision> noted{{row, 6, std::nullopt, "", "wet", "maria"}};
    ASSERT_TRUE(m_store->insertDecisions(noted));
    EXPECT_NE(written(ExportFormat::Csv).find(",OK,,,,ben,"), std::string::npos);
    EXPECT_NE(written(ExportFormat::Jsonl).find("\"reviewer\":\"ben\""), std::string::npos);
    EXPECT_NE(written(ExportFormat::Jsonl).find("wet"), std::string::npos) << "the note is there, too";
}

TEST_F(AnswerExportTest, WritesEveryFieldOfThreeRowsAsCsv)
{
    AnswerRecord plain = answered(), failed = answered("/line/cut.jpg"), part = answered("rtsp://cam/1", "no, \"it\" is gone");
    failed.answer.reset();
    failed.probability.reset();
    failed.verdict = Verdict::Unsure;
    failed.code = "IMG-02";
    failed.message = "cut.jpg is incomplete: picture data ends early";
    part.sourceSha256.clear();
    part.roi = PixelBox{1, 2, 30, 20};
    part.verdict.reset();
    part.encoderReused = true;
    ASSERT_TRUE(m_store->beginSession("batch", {1, "maria"}));
    const std::vector<std::int64_t> first{store(plain, picture(1))};
    ASSERT_TRUE(m_store->tag(first, "shift B", {1, "maria"}));
    ASSERT_TRUE(m_store->tag(first, "=early \"late\"", {1, "maria"}));
    ASSERT_TRUE(m_store->setHeld(first, true, "audit", {1, "maria"}));
    ASSERT_TRUE(m_store->endSession(2));
    store(failed);
    review(store(part), Verdict::Ng, "scratch");
    const std::string sha256 = sha256Hex(picture(1).bytes), path = "pictures/" + sha256.substr(0, 2) + "/" + sha256 + ".png";
    const std::string a = std::string(64, 'a'), b = std::string(64, 'b');
    const std::string later = ",,,,,,,,,," + version() + "\r\n"; // no notes, no product's question, and how it was asked is not known
    EXPECT_EQ(written(ExportFormat::Csv),
              "row,time,path,frame,sha256,width,height,roi,picture,picture_sha256,question,answer,verdict,code,message,probability,"
              "model,model_sha256,device,precision,tokens_visual,tokens_prompt,tokens_answer,encoder_reused,review_verdict,"
              "review_class,review_reason,review_note,reviewer,review_time,load_ms,decode_ms,preprocess_ms,encode_ms,project_ms,"
              "compress_ms,fuse_ms,prefill_ms,first_token_ms,per_token_ms,total_ms,session,held,tags,picture_removed,notes,"
              "product_probability,product_class,product_tile,max_tokens,temperature,seed,choices,golden,app_version\r\n"
              "3,2023-11-14T22:13:20.123Z,rtsp://cam/1,4711,,48,32,\"1,2,30,20\",,,Is there a bottle?,\"no, \"\"it\"\" is gone\",,,,0.97,"
              "nano," + a + ",cpu,fp32,64,24,2,true,NG,scratch,\"dirt, not a scratch\",,maria,2023-11-14T22:14:10.000Z,"
              "1.0,2.0,3.0,4.0,5.0,6.0,7.0,8.0,9.0,10.0,11.5,,false,," + later
              + "2,2023-11-14T22:13:20.123Z,/line/cut.jpg,4711," + b + ",48,32,,,,Is there a bottle?,,UNSURE,IMG-02,"
              "cut.jpg is incomplete: picture data ends early,,nano," + a + ",cpu,fp32,64,24,2,false,,,,,,,"
              "1.0,2.0,3.0,4.0,5.0,6.0,7.0,8.0,9.0,10.0,11.5,,false,," + later
              + "1,2023-11-14T22:13:20.123Z,/line/part7.png,4711," + b + ",48,32,," + path + "," + sha256
              + ",Is there a bottle?,yes,OK,,,0.97,nano," + a + ",cpu,fp32,64,24,2,false,,,,,,,"
                "1.0,2.0,3.0,4.0,5.0,6.0,7.0,8.0,9.0,10.0,11.5,1,true,\"'=early \"\"late\"\"; shift B\"," + later);
}

TEST_F(AnswerExportTest, WritesEveryFieldAsJson)
{
    const std::int64_t row = store(answered(), picture(1));
    review(row, Verdict::Ng, "scratch");
    const std::string sha256 = sha256Hex(picture(1).bytes);
    const Json expected = {
        {"image", {{"path", "/line/part7.png"}, {"sha256", std::string(64, 'b')}, {"width", 48}, {"height", 32}}},
        {"question", "Is there a bottle?"},
        {"answer", "yes"},
        {"verdict", "OK"},
        {"code", nullptr},
        {"probability", 0.97},
        {"model", {{"name", "nano"}, {"sha256", std::string(64, 'a')}}},
        {"device", "cpu"},
        {"precision", "fp32"},
        {"tokens", {{"visual", 64}, {"prompt", 24}, {"answer", 2}}},
        {"encoder_reused", false},
        {"latency_ms",
         {{"load", 1.0}, {"decode", 2.0}, {"preprocess", 3.0}, {"encode", 4.0}, {"project", 5.0}, {"compress", 6.0}, {"fuse", 7.0},
          {"prefill", 8.0}, {"first_token", 9.0}, {"per_token", 10.0}, {"total", 11.5}}},
        {"row", row},
        {"time", "2023-11-14T22:13:20.123Z"},
        {"frame", 4711},
        {"size", {48, 32}},
        {"roi", nullptr},
        {"picture",
         {{"path", "pictures/" + sha256.substr(0, 2) + "/" + sha256 + ".png"}, {"sha256", sha256}, {"bytes", picture(1).bytes.size()}, {"removed", nullptr}}},
        {"review",
         {{"verdict", "NG"}, {"class", "scratch"}, {"reason", "dirt, not a scratch"}, {"note", ""}, {"reviewer", "maria"},
          {"time", "2023-11-14T22:14:10.000Z"}}},
        {"session", nullptr},
        {"held", false},
        {"tags", Json::array()},
        {"options", nullptr},
        {"app_version", version()},
        {"notes", Json::array()}};
    EXPECT_EQ(written(ExportFormat::Jsonl), expected.dump() + "\n");
}

TEST_F(AnswerExportTest, SaysHowItWasAskedAndWhatAProductsModelSaw)
{
    AnswerRecord asked = answered();
    asked.options = {.maxNewTokens = 3, .temperature = 0.5, .seed = 18446744073709551615U, .choices = {"yes", "no, \"never\""}};
    store(asked);
    AnswerRecord product = answered();
    product.options = GenerationOptions();
    product.golden = "/line/golden.png";
    product.finding = ProductFinding{0.91, 2.3, 2.1, {}, {10, 20, 160, 160}, "scratch"};
    store(product);
    const std::vector<std::vector<std::string>> records = parseCsv(written(ExportFormat::Csv));
    ASSERT_THAT(records, SizeIs(3));
    const auto cell = [&](std::size_t record, const char *name) {
        return records[record].at(static_cast<std::size_t>(std::ranges::find(records[0], name) - records[0].begin()));
    };
    EXPECT_EQ(cell(1, "product_probability"), "0.91");
    EXPECT_EQ(cell(1, "product_class"), "scratch");
    EXPECT_EQ(cell(1, "product_tile"), "10,20,160,160");
    EXPECT_EQ(cell(1, "golden"), "/line/golden.png");
    EXPECT_EQ(cell(1, "choices"), "");
    EXPECT_EQ(cell(2, "product_probability"), "");
    EXPECT_EQ(cell(2, "max_tokens"), "3");
    EXPECT_EQ(cell(2, "temperature"), "0.5");
    EXPECT_EQ(cell(2, "seed"), "18446744073709551615");
    EXPECT_EQ(Json::parse(cell(2, "choices")), Json({"yes", "no, \"never\""}));
    EXPECT_EQ(cell(2, "app_version"), version());

    const std::string lines = written(ExportFormat::Jsonl);
    const Json first = Json::parse(lines.substr(0, lines.find('\n'))), second = Json::parse(lines.substr(lines.find('\n') + 1));
    EXPECT_EQ(first["product"]["class"], "scratch");
    EXPECT_EQ(first["product"]["worst_tile"], Json({10, 20, 160, 160}));
    EXPECT_EQ(first["options"]["golden"], "/line/golden.png");
    EXPECT_FALSE(second.contains("product"));
    EXPECT_EQ(second["options"]["seed"], 18446744073709551615U);
    EXPECT_EQ(second["options"]["choices"], Json({"yes", "no, \"never\""}));
}

TEST_F(AnswerExportTest, HasEverybodysNotesAlsoOfWhoJudgedNothing)
{
    const std::int64_t row = store(answered());
    const auto note = [&](const char *who, const char *text) {
        const ReviewDecision decision{row, 1'700'000'060'000, std::nullopt, "", text, who};
        ASSERT_TRUE(m_store->insertDecisions({&decision, 1}));
    };
    note("anna", "first");
    note("ben", "=wet");
    note("anna", "dry");
    note("chen", "");
    const Json line = Json::parse(written(ExportFormat::Jsonl));
    EXPECT_TRUE(line["review"].is_null()) << "nobody judged it";
    EXPECT_EQ(line["notes"], Json::array({{{"reviewer", "anna"}, {"note", "dry"}, {"time", "2023-11-14T22:14:20.000Z"}},
                                          {{"reviewer", "ben"}, {"note", "=wet"}, {"time", "2023-11-14T22:14:20.000Z"}}}));
    const std::vector<std::vector<std::string>> records = parseCsv(written(ExportFormat::Csv));
    const auto column = static_cast<std::size_t>(std::ranges::find(records[0], "notes") - records[0].begin());
    EXPECT_EQ(records[1][column], "anna: dry; ben: =wet");
}

TEST_F(AnswerExportTest, KeepsEveryTextThroughCsv)
{
    for (const std::string &text : kHostile) {
        AnswerRecord record = answered(text, text);
        record.question = text;
        record.modelName = text;
        store(record);
    }
    const std::vector<std::vector<std::string>> records = parseCsv(written(ExportFormat::Csv));
    ASSERT_THAT(records, SizeIs(kHostile.size() + 1));
    const auto column = [&](const char *name) {
        return static_cast<std::size_t>(std::ranges::find(records[0], name) - records[0].begin());
    };
    for (std::size_t i = 0; i < kHostile.size(); ++i) {
        const std::string &text = kHostile[kHostile.size() - 1 - i]; // newest first
        const bool isFormula = "=+-@\t\r"s.find(text[0]) != std::string::npos;
        const std::string safe = (isFormula ? "'" : "") + text;
        ASSERT_THAT(records[i + 1], SizeIs(records[0].size()));
        for (const char *name : {"path", "question", "answer", "model"})
            EXPECT_EQ(records[i + 1][column(name)], safe) << name;
    }
}

TEST_F(AnswerExportTest, KeepsEveryTextThroughJsonl)
{
    for (const std::string &text : kHostile) {
        AnswerRecord record = answered(text, text);
        record.question = text;
        store(record);
    }
    const std::string text = written(ExportFormat::Jsonl);
    std::vector<Json> lines;
    for (std::size_t begin = 0; begin < text.size(); begin = text.find('\n', begin) + 1)
        lines.push_back(Json::parse(text.substr(begin, text.find('\n', begin) - begin)));
    ASSERT_THAT(lines, SizeIs(kHostile.size()));
    for (std::size_t i = 0; i < kHostile.size(); ++i) {
        const std::string &original = kHostile[kHostile.size() - 1 - i];
        const Json &image = lines[i]["image"];
        if (image.contains("path_bytes")) {
            EXPECT_EQ(image["path_bytes"], hexOf({reinterpret_cast<const std::uint8_t *>(original.data()), original.size()}));
            EXPECT_THAT(image["path"].get<std::string>(), StartsWith("not UTF-8: \uFFFD"));
            continue;
        }
        EXPECT_EQ(image["path"], original);
        EXPECT_EQ(lines[i]["question"], original);
        EXPECT_EQ(lines[i]["answer"], original);
    }
}

TEST_F(AnswerExportTest, WritesWhatTheFilterMeansAcrossManyPages)
{
    constexpr int kAnswers = 2500;
    for (int i = 0; i < kAnswers; ++i) {
        AnswerRecord record = answered("/line/" + std::to_string(i));
        record.verdict = i % 5 == 0 ? Verdict::Ng : Verdict::Ok;
        store(record);
    }
    std::vector<std::int64_t> told;
    const Result<std::int64_t> rows = write(ExportFormat::Csv, "all.csv", false, {}, [&told](std::int64_t done) { told.push_back(done); });
    ASSERT_TRUE(rows);
    EXPECT_EQ(*rows, kAnswers);
    EXPECT_THAT(told, ElementsAre(1000, 2000, 2500));
    const std::vector<std::vector<std::string>> all = parseCsv(readFile(at("all.csv")));
    ASSERT_THAT(all, SizeIs(kAnswers + 1));
    for (int i = 1; i <= kAnswers; ++i)
        ASSERT_EQ(all[static_cast<std::size_t>(i)][0], std::to_string(kAnswers + 1 - i)) << "each row once, newest first";
    m_filter.verdicts = {Verdict::Ng};
    EXPECT_THAT(parseCsv(written(ExportFormat::Csv)), SizeIs(kAnswers / 5 + 1));
    m_filter.text = "nothing like that";
    EXPECT_EQ(*write(ExportFormat::Jsonl, "none.jsonl"), 0);
    EXPECT_EQ(readFile(at("none.jsonl")), "");
}

TEST_F(AnswerExportTest, ReplacesAFileOnlyWhenItIsAsked)
{
    store(answered());
    m_folder.write("out.csv", "mine"s);
    const Result<std::int64_t> refused = write(ExportFormat::Csv, "out.csv");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, code::Usage);
    EXPECT_THAT(refused.error().message, HasSubstr("out.csv is there already"));
    EXPECT_EQ(readFile(at("out.csv")), "mine");
    ASSERT_TRUE(write(ExportFormat::Csv, "out.csv", true));
    EXPECT_THAT(readFile(at("out.csv")), StartsWith("row,time,"));
    EXPECT_THAT(namesIn(""), ElementsAre("data", "out.csv"));
}

TEST_F(AnswerExportTest, LeavesNothingWhenItIsStopped)
{
    for (int i = 0; i < 3; ++i)
        store(answered());
    std::stop_source stop;
    m_folder.write("old.csv", "old"s);
    for (const char *name : {"new.csv", "old.csv"}) {
        const Result<std::int64_t> stopped
            = write(ExportFormat::Csv, name, true, stop.get_token(), [&stop](std::int64_t) { stop.request_stop(); });
        ASSERT_FALSE(stopped);
        EXPECT_EQ(stopped.error().code, code::Cancelled);
    }
    EXPECT_THAT(namesIn(""), ElementsAre("data", "old.csv"));
    EXPECT_EQ(readFile(at("old.csv")), "old");
}

TEST_F(AnswerExportTest, LeavesNothingWhenTheDiskIsFull)
{
    for (int i = 0; i < 100; ++i)
        store(answered());
    const std::unique_ptr<AnswerReader> open = reader();
    // As a disk that takes 10 kB more and then no byte.
    rlimit before{};
    getrlimit(RLIMIT_FSIZE, &before);
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit small{10'000, before.rlim_max};
    setrlimit(RLIMIT_FSIZE, &small);
    const Result<std::int64_t> failed = exportAnswers(pagesOf(*open, {}), ExportFormat::Csv, at("out.csv"), false, {}, {});
    setrlimit(RLIMIT_FSIZE, &before);
    ASSERT_FALSE(failed);
    EXPECT_EQ(exitCodeOf(failed.error().code), 5) << failed.error().message;
    EXPECT_THAT(namesIn(""), ElementsAre("data"));
}

TEST_F(AnswerExportTest, TellsWhatAPageFailedWith)
{
    const AnswerPages broken = []() -> Result<std::vector<AnswerRecord>> { return failure(code::DatabaseDamaged, "inspector.db is damaged"); };
    const Result<std::int64_t> failed = exportAnswers(broken, ExportFormat::Csv, at("out.csv"), false, {}, {});
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().code, code::DatabaseDamaged);
    EXPECT_THAT(namesIn(""), ElementsAre("data"));
}

} // namespace
} // namespace auroraedge::app

#include "app/export/answer_lines.h"

#include "app/export/csv.h"
#include "app/export/utc_text.h"
#include "app/settings/sha256.h"

#include <nlohmann/json.hpp>

#include <array>
#include <cmath>

namespace auroraedge::app {
namespace {

using Json = nlohmann::ordered_json;

struct NamedLatency
{
    const char *name;
    double StageLatencies::*member;
};
constexpr std::array kLatencies = {NamedLatency{"load", &StageLatencies::loadMs},
                                   NamedLatency{"decode", &StageLatencies::decodeMs},
                                   NamedLatency{"preprocess", &StageLatencies::preprocessMs},
                                   NamedLatency{"encode", &StageLatencies::encodeMs},
                                   NamedLatency{"project", &StageLatencies::projectMs},
                                   NamedLatency{"compress", &StageLatencies::compressMs},
                                   NamedLatency{"fuse", &StageLatencies::fuseMs},
                                   NamedLatency{"prefill", &StageLatencies::prefillMs},
                                   NamedLatency{"first_token", &StageLatencies::firstTokenMs},
                                   NamedLatency{"per_token", &StageLatencies::perTokenMs},
                                   NamedLatency{"total", &StageLatencies::totalMs}};

/// Microseconds are all that a clock can tell of a stage.
double rounded(double ms) { return std::round(ms * 1000) / 1000; }

Json latencyJson(const StageLatencies &latency)
{
    Json object = Json::object();
    for (const NamedLatency &stage : kLatencies)
        object[stage.name] = rounded(latency.*stage.member);
    return object;
}

Json textOrNull(const std::string &text) { return text.empty() ? Json(nullptr) : Json(text); }

Json modelJson(const AnswerRecord &record)
{
    Json object = {{"name", record.modelName}, {"sha256", record.modelSha256}};
    if (!record.modelWarnings.empty())
        object["warnings"] = record.modelWarnings;
    return object;
}

Json findingJson(const ProductFinding &finding)
{
    const PixelBox &tile = finding.worstTile;
    return {{"probability", finding.probability},
            {"score", finding.score},
            {"answer_score", finding.answerScore},
            {"patch_score", finding.patchScore ? Json(*finding.patchScore) : Json(nullptr)},
            {"class", textOrNull(finding.className)},
            {"worst_tile", {tile.x, tile.y, tile.width, tile.height}}};
}

std::string number(double value)
{
    return Json(value).dump();
}

std::string boxText(const PixelBox &box)
{
    return std::to_string(box.x) + ',' + std::to_string(box.y) + ',' + std::to_string(box.width) + ',' + std::to_string(box.height);
}

/// As --roi takes it; empty for the whole picture.
std::string roiText(const AnswerRecord &record) { return record.roi ? boxText(*record.roi) : std::string(); }

Json optionsJson(const AnswerRecord &record)
{
    if (!record.options)
        return nullptr;
    const GenerationOptions &options = *record.options;
    return {{"max_tokens", options.maxNewTokens},
            {"temperature", options.temperature},
            {"seed", options.seed},
            {"choices", options.choices},
            {"golden", textOrNull(record.golden)}};
}

/// The columns of a product's finding and of the options, each behind a comma.
std::string laterColumns(const AnswerRecord &record)
{
    std::string columns = ",,,";
    if (const std::optional<ProductFinding> &finding = record.finding)
        columns = ',' + number(finding->probability) + ',' + csvField(finding->className) + ',' + csvField(boxText(finding->worstTile));
    if (const std::optional<GenerationOptions> &options = record.options)
        columns += ',' + std::to_string(options->maxNewTokens) + ',' + number(options->temperature) + ',' + std::to_string(options->seed) + ','
            + csvField(options->choices.empty() ? "" : oneLine(options->choices)) + ',' + csvField(record.golden);
    else
        columns += ",,,,,";
    return columns + ',' + csvField(record.appVersion);
}

std::string verdictText(const std::optional<Verdict> &verdict)
{
    return verdict ? std::string(verdictName(*verdict)) : std::string();
}

Json reviewJson(const ReviewRecord &review)
{
    return {{"verdict", verdictName(review.verdict)},
            {"class", textOrNull(review.defectClass)},
            {"reason", review.reason},
            {"note", review.note},
            {"reviewer", review.reviewer},
            {"time", utcText(review.timeUtcMs)}};
}

bool isUtf8(const std::string &text)
{
    return oneLine(text) == Json(text).dump(-1, ' ', false, Json::error_handler_t::ignore);
}

} // namespace

Json answerJson(const AnswerRecord &record, const std::string &path)
{
    Json object = batchLineJson(record, path, false);
    object["encoder_reused"] = record.encoderReused;
    object["latency_ms"] = latencyJson(record.latency);
    object["row"] = record.row > 0 ? Json(record.row) : Json(nullptr);
    return object;
}

Json batchLineJson(const AnswerRecord &record, const std::string &path, bool withLatency)
{
    Json object = Json::object();
    Json image = {{"path", path}};
    if (!isUtf8(path))
        image["path_bytes"] = hexOf({reinterpret_cast<const std::uint8_t *>(path.data()), path.size()});
    if (!record.sourceSha256.empty()) {
        image["sha256"] = record.sourceSha256;
        image["width"] = record.pictureWidthPx;
        image["height"] = record.pictureHeightPx;
    }
    object["image"] = image;
    object["question"] = record.question;
    if (!record.answer) {
        object["error"] = {{"code", record.code}, {"message", record.message}};
        return object;
    }
    object["answer"] = *record.answer;
    object["verdict"] = record.verdict ? Json(std::string(verdictName(*record.verdict))) : Json(nullptr);
    object["code"] = textOrNull(record.code);
    object["probability"] = record.probability ? Json(*record.probability) : Json(nullptr);
    if (record.finding)
        object["product"] = findingJson(*record.finding);
    object["model"] = modelJson(record);
    object["device"] = record.device;
    object["precision"] = record.precision;
    object["tokens"] = {{"visual", record.tokens.visual},
                        {"prompt", record.tokens.prompt},
                        {"answer", record.tokens.answer}};
    if (withLatency)
        object["latency_ms"] = latencyJson(record.latency);
    return object;
}

Result<AnswerRecord> answerRecordOf(const std::string &line)
try {
    const Json object = Json::parse(line);
    AnswerRecord record;
    const Json &image = object.at("image");
    if (image.contains("sha256")) {
        record.sourceSha256 = image.at("sha256");
        record.pictureWidthPx = image.at("width");
        record.pictureHeightPx = image.at("height");
    }
    record.question = object.at("question");
    if (object.contains("error")) {
        record.verdict = Verdict::Unsure;
        record.code = object.at("error").at("code");
        record.message = object.at("error").at("message");
        return record;
    }
    const auto textOrEmpty = [](const Json &value) { return value.is_null() ? std::string() : value.get<std::string>(); };
    record.answer = object.at("answer").get<std::string>();
    record.verdict = verdictFromName(textOrEmpty(object.at("verdict")));
    record.code = textOrEmpty(object.at("code"));
    if (const Json &probability = object.at("probability"); !probability.is_null())
        record.probability = probability.get<double>();
    if (object.contains("product")) {
        const Json &product = object.at("product"), &tile = product.at("worst_tile"), &patchScore = product.at("patch_score");
        record.finding = ProductFinding{product.at("probability"), product.at("score"), product.at("answer_score"),
                                        patchScore.is_null() ? std::nullopt : std::optional(patchScore.get<double>()),
                                        {tile.at(0), tile.at(1), tile.at(2), tile.at(3)}, textOrEmpty(product.at("class"))};
    }
    const Json &model = object.at("model"), &tokens = object.at("tokens"), &latency = object.at("latency_ms");
    record.modelName = model.at("name");
    record.modelSha256 = model.at("sha256");
    if (model.contains("warnings"))
        record.modelWarnings = model.at("warnings").get<std::vector<std::string>>();
    record.device = object.at("device");
    record.precision = object.at("precision");
    record.tokens = {tokens.at("visual"), tokens.at("prompt"), tokens.at("answer")};
    for (const NamedLatency &stage : kLatencies)
        record.latency.*stage.member = latency.at(stage.name);
    return record;
} catch (const Json::exception &) {
    return failure(code::Internal, "a record of the journal is not one");
}

std::string batchCsvHeading(bool withLatency)
{
    std::string heading = "path,sha256,width,height,question,answer,verdict,code,probability,model,model_sha256,device,"
                          "precision,tokens_visual,tokens_prompt,tokens_answer,error_code,error_message";
    if (withLatency) {
        for (const NamedLatency &stage : kLatencies)
            heading += std::string(",") + stage.name + "_ms";
    }
    return heading + "\r\n";
}

std::string batchCsvLine(const AnswerRecord &record, const std::string &path, bool withLatency)
{
    const bool isFailed = !record.answer;
    const bool isRead = !record.sourceSha256.empty();
    std::string line = csvField(path) + ',' + record.sourceSha256 + ','
        + (isRead ? std::to_string(record.pictureWidthPx) : "") + ','
        + (isRead ? std::to_string(record.pictureHeightPx) : "") + ',' + csvField(record.question) + ',';
    if (isFailed) {
        line += ",,,,,,,,,,," + csvField(record.code) + ',' + csvField(record.message);
    } else {
        line += csvField(*record.answer) + ',' + (record.verdict ? std::string(verdictName(*record.verdict)) : "") + ','
            + record.code + ',' + (record.probability ? number(*record.probability) : "") + ','
            + csvField(record.modelName) + ',' + record.modelSha256 + ',' + csvField(record.device) + ','
            + csvField(record.precision) + ',' + std::to_string(record.tokens.visual) + ','
            + std::to_string(record.tokens.prompt) + ',' + std::to_string(record.tokens.answer) + ",,";
    }
    if (withLatency) {
        for (const NamedLatency &stage : kLatencies)
            line += ',' + (isFailed ? std::string() : number(rounded(record.latency.*stage.member)));
    }
    return line + "\r\n";
}

Json storedAnswerJson(const AnswerRecord &record)
{
    Json object = answerJson(record, record.source);
    if (!record.answer) { // a line of a batch leaves these out, as the whole batch has them
        object["verdict"] = textOrNull(verdictText(record.verdict));
        object["model"] = modelJson(record);
        object["device"] = record.device;
        object["precision"] = record.precision;
    }
    object["time"] = utcText(record.timeUtcMs);
    object["frame"] = record.frameSequence;
    object["size"] = {record.pictureWidthPx, record.pictureHeightPx};
    object["roi"] = textOrNull(roiText(record));
    object["picture"] = record.pictureSha256.empty()
        ? Json(nullptr)
        : Json{{"path", record.picturePath},
               {"sha256", record.pictureSha256},
               {"bytes", record.pictureBytes},
               {"removed", record.pictureRemovedUtcMs ? Json(utcText(*record.pictureRemovedUtcMs)) : Json(nullptr)}};
    object["review"] = record.review ? reviewJson(*record.review) : Json(nullptr);
    object["session"] = record.session > 0 ? Json(record.session) : Json(nullptr);
    object["held"] = record.isHeld;
    object["tags"] = record.tags;
    object["options"] = optionsJson(record);
    object["app_version"] = textOrNull(record.appVersion);
    Json notes = Json::array();
    for (const ReviewNote &note : record.notes)
        notes.push_back({{"reviewer", note.reviewer}, {"note", note.text}, {"time", utcText(note.timeUtcMs)}});
    object["notes"] = std::move(notes);
    return object;
}

std::string storedAnswerCsvHeading()
{
    std::string heading = "row,time,path,frame,sha256,width,height,roi,picture,picture_sha256,question,answer,verdict,code,message,"
                          "probability,model,model_sha256,device,precision,tokens_visual,tokens_prompt,tokens_answer,encoder_reused,"
                          "review_verdict,review_class,review_reason,review_note,reviewer,review_time";
    for (const NamedLatency &stage : kLatencies)
        heading += std::string(",") + stage.name + "_ms";
    return heading + ",session,held,tags,picture_removed,notes,product_probability,product_class,product_tile,max_tokens,temperature,seed,choices,golden,"
                     "app_version\r\n";
}

std::string storedAnswerCsvLine(const AnswerRecord &record)
{
    std::string line = std::to_string(record.row) + ',' + utcText(record.timeUtcMs) + ',' + csvField(record.source) + ','
        + std::to_string(record.frameSequence) + ',' + record.sourceSha256 + ',' + std::to_string(record.pictureWidthPx) + ','
        + std::to_string(record.pictureHeightPx) + ',' + csvField(roiText(record)) + ',' + csvField(record.picturePath) + ','
        + record.pictureSha256 + ',' + csvField(record.question) + ',' + csvField(record.answer.value_or("")) + ','
        + verdictText(record.verdict) + ',' + csvField(record.code) + ',' + csvField(record.message) + ','
        + (record.probability ? number(*record.probability) : "") + ',' + csvField(record.modelName) + ',' + record.modelSha256 + ','
        + csvField(record.device) + ',' + csvField(record.precision) + ',' + std::to_string(record.tokens.visual) + ','
        + std::to_string(record.tokens.prompt) + ',' + std::to_string(record.tokens.answer) + ','
        + (record.encoderReused ? "true" : "false") + ',';
    if (const std::optional<ReviewRecord> &review = record.review)
        line += std::string(verdictName(review->verdict)) + ',' + csvField(review->defectClass) + ',' + csvField(review->reason) + ','
            + csvField(review->note) + ',' + csvField(review->reviewer) + ',' + utcText(review->timeUtcMs);
    else
        line += ",,,,,";
    for (const NamedLatency &stage : kLatencies)
        line += ',' + number(rounded(record.latency.*stage.member));
    std::string tags;
    for (const std::string &tag : record.tags)
        tags += (tags.empty() ? "" : "; ") + tag;
    std::string notes;
    for (const ReviewNote &note : record.notes)
        notes += (notes.empty() ? "" : "; ") + note.reviewer + ": " + note.text;
    return line + ',' + (record.session > 0 ? std::to_string(record.session) : "") + ',' + (record.isHeld ? "true" : "false") + ',' + csvField(tags) + ','
        + (record.pictureRemovedUtcMs ? utcText(*record.pictureRemovedUtcMs) : "") + ',' + csvField(notes) + laterColumns(record) + "\r\n";
}

std::string oneLine(const Json &object)
{
    return object.dump(-1, ' ', false, Json::error_handler_t::replace);
}

} // namespace auroraedge::app

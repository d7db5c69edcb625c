#include "app/cli/answer_output.h"

#include "app/cli/display_text.h"

#include <nlohmann/json.hpp>

#include <array>
#include <cmath>
#include <cstdio>

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

Json errorJson(const Error &error)
{
    Json object = {{"code", std::string(error.code.text())}, {"message", error.message}, {"object", error.object}};
    return {{"error", object}};
}

std::string oneLine(const Json &object)
{
    return object.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string answerSummary(const AnswerRecord &record)
{
    const StageLatencies &latency = record.latency;
    std::array<char, 256> text{};
    if (record.finding) {
        const PixelBox &tile = record.finding->worstTile;
        std::snprintf(text.data(), text.size(), "%s, %.0f %% sure, %.0f ms, worst tile %d,%d,%d,%d", std::string(verdictName(*record.verdict)).c_str(),
                      100 * record.probability.value_or(0), latency.totalMs, tile.x, tile.y, tile.width, tile.height);
        std::string summary = text.data();
        if (*record.answer == "yes" && !record.finding->className.empty())
            summary += ": " + record.finding->className;
        return summary + (record.row > 0 ? ", row " + std::to_string(record.row) : "");
    }
    std::snprintf(text.data(), text.size(),
                  "%.0f %% sure, %.0f ms (preprocess %.1f, encode %.1f, project %.1f, compress %.1f, fuse %.1f,"
                  " prefill %.1f, first token %.1f, per token %.1f)",
                  100 * record.probability.value_or(0), latency.totalMs, latency.preprocessMs, latency.encodeMs,
                  latency.projectMs, latency.compressMs, latency.fuseMs, latency.prefillMs, latency.firstTokenMs,
                  latency.perTokenMs);
    std::string summary = text.data();
    if (record.encoderReused)
        summary += ", picture reused";
    if (record.row > 0)
        summary += ", row " + std::to_string(record.row);
    return summary;
}

} // namespace auroraedge::app

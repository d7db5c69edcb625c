#include "app/cli/answer_output.h"

#include <nlohmann/json.hpp>

#include <array>
#include <cstdio>

namespace auroraedge::app {

nlohmann::ordered_json errorJson(const Error &error)
{
    nlohmann::ordered_json object = {{"code", std::string(error.code.text())}, {"message", error.message}, {"object", error.object}};
    return {{"error", object}};
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

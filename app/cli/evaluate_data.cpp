#include "app/cli/evaluate_data.h"

#include "app/settings/json_file.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <optional>
#include <string_view>

namespace auroraedge::app {
namespace {

constexpr std::int64_t kMaxBytes = std::int64_t{512} << 20;
constexpr std::string_view kBlanks = " \t\r\n";

/// Nothing for an object that is no record of either kind.
std::optional<EvaluationData> recordKindOf(const nlohmann::json &object)
{
    const auto hasList = [&](const char *key) { return object.is_object() && object.contains(key) && object.at(key).is_array(); };
    if (hasList("conversations"))
        return EvaluationData::Conversations;
    return hasList("labels") ? std::optional(EvaluationData::Reviewed) : std::nullopt;
}

} // namespace

Result<EvaluationData> evaluationDataIn(const std::filesystem::path &file)
{
    const Result<std::string> content = readTextFile(file, kMaxBytes);
    if (!content)
        return failure(content.error());
    std::string_view rest = *content;
    rest.remove_prefix(std::min(rest.find_first_not_of(kBlanks), rest.size()));
    if (rest.starts_with('['))
        return EvaluationData::Conversations;
    if (const auto whole = parseJson(rest, "it"))
        return recordKindOf(*whole).value_or(EvaluationData::Recipe);
    while (!rest.empty()) { // the first line that tells; one before it may be damaged
        const std::string_view line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(line.size() + 1, rest.size()));
        const auto record = parseJson(line, "it");
        if (const auto kind = record ? recordKindOf(*record) : std::nullopt)
            return *kind;
    }
    return EvaluationData::Recipe;
}

} // namespace auroraedge::app

#include "app/settings/shift_starts.h"

#include "app/settings/json_file.h"

#include <nlohmann/json.hpp>

#include <optional>
#include <string>

namespace auroraedge::app {
namespace {

/// "06:00"
std::optional<std::chrono::minutes> timeOf(const std::string &text)
{
    const auto digit = [&](std::size_t at) { return text[at] >= '0' && text[at] <= '9' ? text[at] - '0' : 100; };
    if (text.size() != 5 || text[2] != ':')
        return std::nullopt;
    const int hour = 10 * digit(0) + digit(1), minute = 10 * digit(3) + digit(4);
    return hour < 24 && minute < 60 ? std::optional<std::chrono::minutes>(60 * hour + minute) : std::nullopt;
}

} // namespace

Result<ShiftStarts> readShiftStarts(const std::filesystem::path &file)
{
    const Result<nlohmann::json> document = readJsonFile(file);
    if (!document)
        return failure(document.error());
    ShiftStarts starts;
    const auto refuse = [&] {
        return failure(code::RecipeValue, file.filename().string() + " is not a list of times in their order, as [\"06:00\", \"14:00\", \"22:00\"]",
                       file.string());
    };
    if (!document->is_array() || document->empty())
        return refuse();
    for (const nlohmann::json &entry : *document) {
        const std::optional<std::chrono::minutes> start = entry.is_string() ? timeOf(entry.get<std::string>()) : std::nullopt;
        if (!start || (!starts.empty() && *start <= starts.back()))
            return refuse();
        starts.push_back(*start);
    }
    return starts;
}

} // namespace auroraedge::app

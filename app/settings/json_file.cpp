#include "app/settings/json_file.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>
#include <set>
#include <vector>

namespace auroraedge::app {
namespace {

constexpr int kMaxDepth = 32;

std::string placeOf(std::string_view text, std::size_t byte)
{
    const std::string_view before = text.substr(0, std::min(byte, text.size()));
    const auto line = std::count(before.begin(), before.end(), '\n') + 1;
    const std::size_t lineStart = before.rfind('\n');
    const std::size_t column = lineStart == std::string_view::npos ? before.size() : before.size() - lineStart - 1;
    return "line " + std::to_string(line) + ", column " + std::to_string(std::max<std::size_t>(column, 1));
}

} // namespace

Result<nlohmann::json> parseJson(std::string_view text, const std::string &name)
{
    if (text.starts_with("\xEF\xBB\xBF"))
        return failure(code::RecipeSyntax, name + " starts with a byte order mark; save it as plain UTF-8", name);
    std::vector<std::set<std::string>> keys; // of the objects that are open
    std::string twice;
    bool isTooDeep = false;
    using Event = nlohmann::json::parse_event_t;
    const auto watch = [&](int depth, Event event, nlohmann::json &value) {
        isTooDeep = isTooDeep || depth > kMaxDepth;
        if (event == Event::object_start)
            keys.emplace_back();
        else if (event == Event::object_end)
            keys.pop_back();
        else if (event == Event::key && !keys.back().insert(value.get<std::string>()).second && twice.empty())
            twice = value.get<std::string>();
        return !isTooDeep;
    };
    try {
        nlohmann::json document = nlohmann::json::parse(text.begin(), text.end(), watch);
        if (isTooDeep)
            return failure(code::RecipeSyntax, name + " is nested deeper than 32 levels", name);
        if (!twice.empty())
            return failure(code::RecipeSyntax, name + " has the setting '" + twice + "' twice", name);
        return document;
    } catch (const nlohmann::json::parse_error &error) {
        return failure(code::RecipeSyntax, name + " is not valid JSON at " + placeOf(text, error.byte), name);
    } catch (const nlohmann::json::exception &) { // a number such as 1e999
        return failure(code::RecipeSyntax, name + " holds a number that is out of range", name);
    }
}

Result<std::string> readTextFile(const std::filesystem::path &file, std::int64_t maxBytes)
{
    std::error_code problem;
    const std::filesystem::file_status status = std::filesystem::status(file, problem);
    if (!std::filesystem::exists(status))
        return failure(code::FileNotFound, file.string() + " does not exist", file.string());
    if (!std::filesystem::is_regular_file(status))
        return failure(code::FileNotRegular, file.string() + " is not a regular file", file.string());
    std::ifstream stream(file, std::ios::binary | std::ios::ate);
    const std::streamoff size = stream.tellg(); // of what is open: another file may take its place meanwhile
    const std::string name = file.filename().string();
    if (size > maxBytes)
        return failure(code::RecipeSyntax, name + " is larger than " + std::to_string(maxBytes) + " bytes", name);
    std::string text(static_cast<std::size_t>(std::max<std::streamoff>(size, 0)), '\0');
    if (!stream.seekg(0).read(text.data(), size))
        return failure(code::FileUnreadable, "no permission to read " + file.string(), file.string());
    return text;
}

Result<nlohmann::json> readJsonFile(const std::filesystem::path &file, std::int64_t maxBytes)
{
    const Result<std::string> text = readTextFile(file, maxBytes);
    if (!text)
        return failure(text.error());
    return parseJson(*text, file.filename().string());
}

} // namespace auroraedge::app

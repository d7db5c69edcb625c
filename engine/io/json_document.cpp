#include "engine/io/json_document.h"

#include "engine/io/mapped_file.h"

#include <set>
#include <string>
#include <vector>

namespace auroraedge::engine {

namespace {

/// Depth of the deepest bracket outside strings, so that a bomb of brackets is refused before any recursion.
int nestingOf(std::string_view text)
{
    int depth = 0, deepest = 0;
    bool isString = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char letter = text[i];
        if (isString) {
            if (letter == '\\')
                ++i;
            else if (letter == '"')
                isString = false;
        } else if (letter == '"') {
            isString = true;
        } else if (letter == '{' || letter == '[') {
            deepest = std::max(deepest, ++depth);
        } else if (letter == '}' || letter == ']') {
            --depth;
        }
    }
    return deepest;
}

} // namespace

Result<nlohmann::json> parseJson(std::string_view text, ErrorCode errorCode, std::string_view what, const JsonLimits &limits)
{
    const std::string name(what);
    if (text.size() > limits.maxBytes)
        return failure(errorCode, name + " is larger than " + std::to_string(limits.maxBytes >> 20) + " MiB", name);
    if (nestingOf(text) > limits.maxDepth)
        return failure(errorCode, name + " is nested too deep", name);

    std::vector<std::set<std::string>> keys;
    std::string twice;
    const auto callback = [&](int, nlohmann::json::parse_event_t event, nlohmann::json &parsed) {
        if (event == nlohmann::json::parse_event_t::object_start) {
            keys.emplace_back();
        } else if (event == nlohmann::json::parse_event_t::object_end) {
            keys.pop_back();
        } else if (event == nlohmann::json::parse_event_t::key) {
            const auto &key = parsed.get_ref<const std::string &>();
            if (!keys.back().insert(key).second && twice.empty())
                twice = key;
        }
        return true;
    };
    try {
        nlohmann::json document = nlohmann::json::parse(text.begin(), text.end(), callback);
        if (!twice.empty())
            return failure(limits.duplicateKey.value_or(errorCode), name + " lists '" + twice + "' twice", twice);
        return document;
    } catch (const nlohmann::json::parse_error &error) {
        return failure(errorCode, name + " is not valid JSON at byte " + std::to_string(error.byte), name);
    } catch (const nlohmann::json::exception &) {
        return failure(errorCode, name + " has a number out of range", name);
    }
}

Result<nlohmann::json> readJsonFile(const std::filesystem::path &path, ErrorCode errorCode, const JsonLimits &limits)
{
    const auto file = MappedFile::open(path);
    if (!file) {
        if (file.error().code == code::FileNotFound)
            return failure(code::ModelFolder, path.parent_path().string() + " has no " + path.filename().string(), path.string());
        return failure(file.error());
    }
    const std::span<const std::byte> bytes = (*file)->bytes();
    return parseJson({reinterpret_cast<const char *>(bytes.data()), bytes.size()}, errorCode, path.filename().string(), limits);
}

} // namespace auroraedge::engine
